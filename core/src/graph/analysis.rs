//! Cycles, the critical path, and what can run side by side.

use super::{Graph, Link, Origin};
use crate::task::TaskFile;

/// What follows from a graph.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Tasks that wait for each other, by the statements that can be trusted: each a circle.
    pub cycles: Vec<Vec<usize>>,
    /// The longest chain of tasks that wait for each other, first to last.
    pub critical_path: Vec<usize>,
    /// The tasks by when they can start: those of a batch can run side by side once all earlier ones
    /// are done. In each, in order.
    pub batches: Vec<Vec<usize>>,
}

/// Everything that can be said about the order of tasks.
pub fn analyse(file: &TaskFile, graph: &Graph) -> Analysis {
    let count = file.tasks.len();
    let trusted: Vec<&Link> = graph.trusted().collect();
    let cycles = cycles(count, &trusted);
    let depth = depths(count, &graph.links);
    let deepest = depth.iter().max().map_or(0, |deepest| deepest + 1);
    let mut batches = vec![Vec::new(); deepest];
    for (task, &depth) in depth.iter().enumerate() {
        batches[depth].push(task);
    }
    Analysis { cycles, critical_path: critical_path(&depth, &graph.links), batches }
}

/// A link as nodes: many tasks on both sides meet in a joint, so that a thousand tasks before a
/// thousand others are two thousand edges and not a million.
struct Nodes {
    after: Vec<Vec<usize>>,
    waits: Vec<usize>,
}

fn nodes<'a>(count: usize, links: impl Iterator<Item = &'a Link>) -> Nodes {
    let mut nodes = Nodes { after: vec![Vec::new(); count], waits: vec![0; count] };
    for link in links {
        let joint = nodes.after.len();
        nodes.after.push(link.to.clone());
        nodes.waits.push(link.from.len());
        for &from in &link.from {
            nodes.after[from].push(joint);
        }
        for &to in &link.to {
            nodes.waits[to] += 1;
        }
    }
    nodes
}

/// How many tasks each task has to wait for, one after the other. Links that would close a circle
/// count as far as they can.
pub(super) fn depths(count: usize, links: &[Link]) -> Vec<usize> {
    // What is stated rules; what merely follows gives way.
    for weakest in [None, Some(Origin::File), Some(Origin::Phase), Some(Origin::Prose)] {
        let kept = links.iter().filter(|link| weakest.is_none_or(|weakest| link.origin < weakest));
        if let Some(depth) = layers(count, nodes(count, kept), false) {
            return depth;
        }
    }
    let stated = links.iter().filter(|link| link.origin == Origin::Stated);
    layers(count, nodes(count, stated), true).unwrap_or_else(|| vec![0; count])
}

/// The depth of each task; nothing if there is a circle, unless circles are to be overlooked.
fn layers(count: usize, mut nodes: Nodes, overlook: bool) -> Option<Vec<usize>> {
    let mut depth = vec![0; nodes.after.len()];
    let mut ready: Vec<usize> = (0..nodes.after.len()).filter(|&node| nodes.waits[node] == 0).collect();
    let mut seen = 0;
    while let Some(node) = ready.pop() {
        seen += 1;
        // A joint takes no time.
        let next = depth[node] + usize::from(node < count);
        for after in std::mem::take(&mut nodes.after[node]) {
            depth[after] = depth[after].max(next);
            nodes.waits[after] -= 1;
            if nodes.waits[after] == 0 {
                ready.push(after);
            }
        }
    }
    let whole = seen == depth.len();
    depth.truncate(count);
    (whole || overlook).then_some(depth)
}

/// The strongly connected parts with more than one task.
fn cycles(count: usize, links: &[&Link]) -> Vec<Vec<usize>> {
    let nodes = nodes(count, links.iter().copied());
    let total = nodes.after.len();
    // Tarjan's algorithm with a stack of its own: a chain of tasks may be long.
    let mut index = vec![usize::MAX; total];
    let mut low = vec![0; total];
    let mut on_stack = vec![false; total];
    let (mut stack, mut next, mut found) = (Vec::new(), 0, Vec::new());
    for root in 0..total {
        if index[root] != usize::MAX {
            continue;
        }
        let mut calls = vec![(root, 0)];
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                (index[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&after) = nodes.after[node].get(edge) {
                calls.push((node, edge + 1));
                if index[after] == usize::MAX {
                    calls.push((after, 0));
                } else if on_stack[after] {
                    low[node] = low[node].min(index[after]);
                }
                continue;
            }
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == index[node] {
                let start = stack.iter().rposition(|&member| member == node).unwrap_or(0);
                let part: Vec<usize> = stack.split_off(start);
                for &member in &part {
                    on_stack[member] = false;
                }
                let mut tasks: Vec<usize> = part.into_iter().filter(|&member| member < count).collect();
                tasks.sort_unstable();
                if tasks.len() > 1 {
                    found.push(tasks);
                }
            }
        }
    }
    found.sort();
    found
}

/// One of the longest chains: from the deepest task back over what it waited for last.
fn critical_path(depth: &[usize], links: &[Link]) -> Vec<usize> {
    let Some(mut at) = (0..depth.len()).max_by_key(|&task| (depth[task], std::cmp::Reverse(task))) else {
        return Vec::new();
    };
    let mut into = vec![Vec::new(); depth.len()];
    for (index, link) in links.iter().enumerate() {
        link.to.iter().for_each(|&to| into[to].push(index));
    }
    let mut path = vec![at];
    while depth[at] > 0 {
        let before = into[at].iter().flat_map(|&link| &links[link].from);
        let Some(&previous) = before.filter(|&&task| depth[task] + 1 == depth[at]).min() else { break };
        path.push(previous);
        at = previous;
    }
    path.reverse();
    path
}
