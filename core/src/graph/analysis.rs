//! Cycles, the critical path, and what can run side by side.

use super::set::Segments;
use super::{Graph, Incoming, Link, Origin, TaskSet};
use crate::task::TaskFile;
use crate::text::Span;

/// What follows from a graph.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Tasks that wait for each other, by the statements that can be trusted: each a circle.
    pub cycles: Vec<Vec<usize>>,
    /// For each of them, where the statements stand that make it one.
    pub(crate) statements: Vec<Vec<Span>>,
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
    let (cycles, statements) = cycles(count, &trusted).into_iter().unzip();
    let depth = depths(count, &graph.links);
    let deepest = depth.iter().max().map_or(0, |deepest| deepest + 1);
    let mut batches = vec![Vec::new(); deepest];
    for (task, &depth) in depth.iter().enumerate() {
        batches[depth].push(task);
    }
    let critical_path = critical_path(&depth, &batches, &graph.links);
    Analysis { cycles, statements, critical_path, batches }
}

/// Links as nodes: many tasks on both sides meet in a joint, so that a thousand tasks before a thousand
/// others are two thousand edges and not a million. A long stretch of tasks is a few nodes as well, of two
/// trees over all tasks: one leads from the tasks to their stretches, one from stretches to their tasks.
struct Nodes {
    after: Vec<Vec<usize>>,
    waits: Vec<usize>,
    /// The node of the first joint: one for each link.
    joints: usize,
}

fn nodes<'a>(count: usize, links: impl Iterator<Item = &'a Link>) -> Nodes {
    let segments = Segments::new(count);
    let leaves = segments.leaves;
    let joints = count + 2 * leaves;
    let mut nodes = Nodes { after: vec![Vec::new(); joints], waits: vec![0; joints], joints };
    let from_tasks = |node: usize| if node < leaves { count + node } else { node - leaves };
    let to_tasks = |node: usize| to_tasks(count, leaves, node);
    for node in 2..leaves + count {
        nodes.edge(from_tasks(node), from_tasks(node / 2));
        nodes.edge(to_tasks(node / 2), to_tasks(node));
    }
    for link in links {
        let joint = nodes.after.len();
        nodes.after.push(Vec::new());
        nodes.waits.push(0);
        for &stretch in link.from.stretches() {
            segments.cover(stretch, |node| nodes.edge(from_tasks(node), joint));
        }
        for &stretch in link.to.stretches() {
            segments.cover(stretch, |node| nodes.edge(joint, to_tasks(node)));
        }
    }
    nodes
}

/// The node of the tree that leads to tasks: a task itself, or a stretch of them.
fn to_tasks(count: usize, leaves: usize, node: usize) -> usize {
    if node < leaves { count + leaves + node } else { node - leaves }
}

impl Nodes {
    fn edge(&mut self, before: usize, after: usize) {
        self.after[before].push(after);
        self.waits[after] += 1;
    }
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
    // What waits in vain for one link still waits for the others: a node of tasks hands on what it has.
    let leaves = Segments::new(count).leaves;
    for node in 2..leaves + count {
        let (above, below) = (to_tasks(count, leaves, node / 2), to_tasks(count, leaves, node));
        depth[below] = depth[below].max(depth[above]);
    }
    depth.truncate(count);
    (whole || overlook).then_some(depth)
}

/// The strongly connected parts with more than one task, each with the places of the links inside of it.
fn cycles(count: usize, links: &[&Link]) -> Vec<(Vec<usize>, Vec<Span>)> {
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
                let mut part: Vec<usize> = stack.split_off(start);
                part.sort_unstable();
                for &member in &part {
                    on_stack[member] = false;
                }
                let tasks: Vec<usize> = part.iter().copied().filter(|&member| member < count).collect();
                if tasks.len() > 1 {
                    // A joint is in the circle if tasks on both sides of its link are.
                    let inside = part.iter().filter(|&&member| member >= nodes.joints);
                    found.push((tasks, inside.filter_map(|joint| links[joint - nodes.joints].span).collect()));
                }
            }
        }
    }
    found.sort();
    found
}

/// One of the longest chains: from the deepest task back over what it waited for last.
fn critical_path(depth: &[usize], batches: &[Vec<usize>], links: &[Link]) -> Vec<usize> {
    let Some(mut at) = (0..depth.len()).max_by_key(|&task| (depth[task], std::cmp::Reverse(task))) else {
        return Vec::new();
    };
    let into = Incoming::new(depth.len(), links);
    let mut path = vec![at];
    while depth[at] > 0 {
        // Those that are done last of all that it can wait for, in order.
        let last = &batches[depth[at] - 1];
        let first_of = |tasks: &TaskSet| {
            tasks.stretches().iter().find_map(|&(start, end)| {
                last.get(last.partition_point(|&task| task < start)).copied().filter(|&task| task < end)
            })
        };
        let Some(previous) = into.of(at).filter_map(|link| first_of(&links[link].from)).min() else { break };
        path.push(previous);
        at = previous;
    }
    path.reverse();
    path
}
