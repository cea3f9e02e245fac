//! Which lines of a tasks.md belong to which lines of the changed files.

use std::collections::{BTreeMap, BTreeSet};

use crate::origin::Owner;
use crate::pipeline::{Change, Proposal, origins};
use crate::plan::{PlannedTask, Use};

/// How many places in one file a line leads to.
const PLACES: usize = 6;
/// A text that is shorter stands in many lines by chance.
const TELLING: usize = 8;

/// A task, and the line of the tasks.md that asked.
pub(super) type Asked = (usize, usize);

/// The links, both ways. Lines of files count from 0, those of the tasks.md from 1.
#[derive(Default)]
pub(super) struct Links {
    /// For each line of the tasks.md: changes by their number, and lines in them.
    pub(super) of_tasks: BTreeMap<usize, BTreeMap<usize, BTreeSet<usize>>>,
    /// For each change: its lines that begin something, and who asked for it.
    pub(super) of_changes: Vec<BTreeMap<usize, BTreeSet<Asked>>>,
}

impl Links {
    pub(super) fn new(proposal: &Proposal, changes: &[&Change]) -> Self {
        if changes.is_empty() {
            return Self::default();
        }
        let origins = origins(proposal);
        let mut links = Self { of_changes: vec![BTreeMap::new(); changes.len()], ..Self::default() };
        for (at, change) in changes.iter().enumerate() {
            let owned = Owned::new(origins.of(&change.path));
            let lines: Vec<String> = change.after.lines().map(str::to_lowercase).collect();
            for &index in &change.tasks {
                let task = &proposal.plan.tasks[index];
                links.task(at, change, index, task, &owned, &lines);
            }
        }
        links
    }

    fn task(&mut self, at: usize, change: &Change, index: usize, task: &PlannedTask, owned: &Owned, lines: &[String]) {
        let none = (Vec::new(), Vec::new());
        let (starts, all) = owned.of.get(&index).unwrap_or(&none);
        let first: Vec<usize> = starts.iter().copied().take(PLACES).collect();
        let mut add = |line: usize, places: &[usize]| {
            self.of_tasks.entry(line).or_default().entry(at).or_default().extend(places);
            for &place in places {
                self.of_changes[at].entry(place).or_default().insert((index, line));
            }
        };
        add(task.line, &first);
        for used in task.lines.iter().filter(|used| used.line != task.line && used.paths.contains(&change.path)) {
            if used.used != Use::Change {
                continue;
            }
            // What it says stands there word for word; else it is somewhere in what the task makes.
            let text = task
                .details
                .iter()
                .find(|detail| detail.line == used.line)
                .map(|detail| detail.text.trim().to_lowercase());
            let text = text.filter(|text| text.len() >= TELLING);
            let says = |line: &usize, text: &str| lines.get(*line).is_some_and(|line| line.contains(text));
            let place = text.and_then(|text| all.iter().copied().find(|line| says(line, &text)));
            match place {
                Some(place) => add(used.line, &[place]),
                None => add(used.line, &first),
            }
        }
    }
}

/// The lines of a file that each task has: where stretches begin, and all of them.
struct Owned {
    of: BTreeMap<usize, (Vec<usize>, Vec<usize>)>,
}

impl Owned {
    fn new(owners: &[Owner]) -> Self {
        let mut of: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        let mut before: &Owner = &None;
        for (line, owner) in owners.iter().enumerate() {
            for &task in owner.iter().flat_map(|tasks| tasks.iter()) {
                let (starts, all) = of.entry(task).or_default();
                if before != owner {
                    starts.push(line);
                }
                all.push(line);
            }
            before = owner;
        }
        Self { of }
    }
}
