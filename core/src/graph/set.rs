//! Sets of tasks. Statements name ranges, phases and groups: whole stretches of the file.

use std::sync::Arc;

/// A set of tasks, by their indices: stretches from the first task to the one behind the last, sorted,
/// disjoint, and not side by side. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskSet(Arc<[(usize, usize)]>);

impl TaskSet {
    /// The set of some stretches, in any order; they may overlap.
    pub fn of_stretches(mut stretches: Vec<(usize, usize)>) -> Self {
        stretches.retain(|(start, end)| start < end);
        stretches.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::with_capacity(stretches.len());
        for (start, end) in stretches {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self(merged.into())
    }

    /// The set of some tasks.
    pub fn of(tasks: impl IntoIterator<Item = usize>) -> Self {
        Self::of_stretches(tasks.into_iter().map(|task| (task, task + 1)).collect())
    }

    /// The stretches, in order.
    pub fn stretches(&self) -> &[(usize, usize)] {
        &self.0
    }

    /// The tasks, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().flat_map(|&(start, end)| start..end)
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first task.
    pub fn first(&self) -> Option<usize> {
        self.0.first().map(|&(start, _)| start)
    }

    /// The last task.
    pub fn last(&self) -> Option<usize> {
        self.0.last().map(|&(_, end)| end - 1)
    }

    /// The tasks in both sets.
    pub fn and(&self, other: &Self) -> Self {
        let (mut at, mut with, mut both) = (0, 0, Vec::new());
        while let (Some(a), Some(b)) = (self.0.get(at), other.0.get(with)) {
            let (start, end) = (a.0.max(b.0), a.1.min(b.1));
            if start < end {
                both.push((start, end));
            }
            if a.1 <= b.1 { at += 1 } else { with += 1 }
        }
        Self::of_stretches(both)
    }

    /// The tasks that are not in another set.
    pub fn without(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        let gaps = other.0.windows(2).map(|pair| (pair[0].1, pair[1].0));
        let ends = [(0, other.0[0].0), (other.0[other.0.len() - 1].1, usize::MAX)];
        let outside = Self::of_stretches(gaps.chain(ends).collect());
        self.and(&outside)
    }
}

/// The stretches of a line of tasks as nodes of a binary tree over it: each stretch is a few of them, and a
/// task lies in a few.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segments {
    /// How many leaves there are: a power of two. Node 1 is the root, the nodes from here on are leaves.
    pub(super) leaves: usize,
}

impl Segments {
    pub(super) fn new(count: usize) -> Self {
        Self { leaves: count.next_power_of_two() }
    }

    /// The nodes that make up a stretch.
    pub(super) fn cover(self, (start, end): (usize, usize), mut node: impl FnMut(usize)) {
        let (mut low, mut high) = (start + self.leaves, end + self.leaves);
        while low < high {
            if low % 2 == 1 {
                node(low);
                low += 1;
            }
            if high % 2 == 1 {
                high -= 1;
                node(high);
            }
            low /= 2;
            high /= 2;
        }
    }

    /// The nodes that a task lies in, from the task itself to the root.
    pub(super) fn above(self, task: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(task + self.leaves), |node| Some(node / 2).filter(|&node| node > 0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn samples() -> Vec<(TaskSet, BTreeSet<usize>)> {
        let lists: [&[usize]; 6] = [&[], &[3], &[0, 1, 2], &[2, 3, 5, 6, 7], &[0, 4, 8], &[0, 1, 2, 3, 4, 5, 6, 7, 8]];
        lists.iter().map(|list| (TaskSet::of(list.iter().copied()), list.iter().copied().collect())).collect()
    }

    #[test]
    fn sets_of_stretches_are_sets_of_tasks() {
        for (set, list) in samples() {
            assert_eq!(set.iter().collect::<BTreeSet<_>>(), list);
            assert_eq!((set.len(), set.first(), set.last()), (list.len(), list.first().copied(), list.last().copied()));
            for (other, others) in samples() {
                assert_eq!(set.and(&other).iter().collect::<BTreeSet<_>>(), &list & &others);
                assert_eq!(set.without(&other).iter().collect::<BTreeSet<_>>(), &list - &others);
            }
        }
        assert_eq!(TaskSet::of_stretches(vec![(4, 6), (0, 2), (2, 4), (9, 9)]).stretches(), [(0, 6)]);
    }

    #[test]
    fn every_task_of_a_stretch_lies_in_one_of_its_nodes() {
        let segments = Segments::new(11);
        for start in 0..11 {
            for end in start..=11 {
                let mut nodes = Vec::new();
                segments.cover((start, end), |node| nodes.push(node));
                for task in 0..11 {
                    let inside = segments.above(task).filter(|node| nodes.contains(node)).count();
                    assert_eq!(inside, usize::from((start..end).contains(&task)), "{task} of {start}..{end}");
                }
            }
        }
    }
}
