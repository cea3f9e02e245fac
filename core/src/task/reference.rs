//! Mentions of tasks in prose: `T001`, `T006-T009`, `T001-005`, `T004 to T009`.

use std::collections::BTreeMap;

use super::Task;
use super::id::{self, number, stem};
use crate::text::Span;

/// A mention of a task, or of a range of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// The ID, or the first of the range, as written.
    pub first: String,
    /// The last of the range, with its `T`.
    pub last: Option<String>,
    /// From the first ID to the end of the range.
    pub span: Span,
}

/// The mentions in a part of a text, in order.
pub fn references(source: &str, span: Span) -> Vec<Reference> {
    let text = span.of(source);
    let bytes = text.as_bytes();
    let mut found: Vec<Reference> = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'T', &bytes[at..]) {
        let start = at + next;
        at = start + 1;
        // `T001/T002` are two.
        let listed = || found.last().is_some_and(|last| last.span.end + 1 == start + span.start);
        let glued = text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') || c == '/' && !listed());
        let Some(length) = id_length(&text[start..]).filter(|_| !glued) else { continue };
        let first = &text[start..start + length];
        let mut end = start + length;
        let last = range_end(&text[end..], first).map(|(last, length)| {
            end += length;
            last
        });
        found.push(Reference { first: first.to_owned(), last, span: Span::new(start, end).shifted(span.start) });
        while let Some((number, behind)) = listed_number(&text[end..], first) {
            let span = Span::new(behind.start, behind.end).shifted(end + span.start);
            found.push(Reference { first: number, last: None, span });
            end += behind.end;
        }
        at = end;
    }
    found
}

/// The length of the ID that a text begins with, in prose.
fn id_length(text: &str) -> Option<usize> {
    id::length(text)
}

/// The text with a small letter in what looks like an ID of one digit, `T1`, where no task has one: that is a type
/// parameter or a tier as often as a task. Nothing if there is nothing to change.
pub(super) fn without_short_ids(text: &str, tasks: &[Task]) -> Option<String> {
    let is_short = |id: &str| id::digits(id).len() == 1;
    if tasks.iter().any(|task| task.id_written && is_short(&task.id)) {
        return None;
    }
    let short = references(text, Span::new(0, text.len())).into_iter().filter(|found| is_short(&found.first));
    let short: Vec<Span> = short.map(|found| found.span).collect();
    if short.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for span in short {
        bytes[span.start..span.end].iter_mut().filter(|byte| **byte == b'T').for_each(|byte| *byte = b't');
    }
    String::from_utf8(bytes).ok()
}

/// The end of a range, with a `T`, and its length with the dash.
fn range_end(rest: &str, first: &str) -> Option<(String, usize)> {
    const DASHES: &[&str] =
        &[" through ", " to ", " until ", "...", "..", "…", " … ", " - ", " – ", " — ", "-", "–", "—", "~", "→→"];
    let dash = DASHES.iter().find(|dash| rest.starts_with(**dash))?;
    let behind = &rest[dash.len()..];
    if behind.starts_with('T') {
        let length = id_length(behind)?;
        // "Hold T002 until T001 is there" is no range.
        if *dash == " until " && number(&behind[..length]) <= number(first) {
            return None;
        }
        return Some((behind[..length].to_owned(), dash.len() + length));
    }
    // `T001-005`: as many digits as on the left.
    let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let letters = id::prefix(first).unwrap_or(0);
    let width = first.len() - letters;
    let ends = !behind[digits..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '%'));
    (digits == width && digits > 0 && ends && !dash.contains(' '))
        .then(|| (format!("{}{}", &first[..letters], &behind[..digits]), dash.len() + digits))
}

/// The next ID of `T001, 002 and 003`, and where it stands: as many digits as before, of which there are at least three.
fn listed_number(rest: &str, first: &str) -> Option<(String, Span)> {
    const JOINS: &[&str] = &[", and ", ", ", ",", "/", " and ", " & ", " + "];
    let letters = id::prefix(first).unwrap_or(0);
    let width = first.len() - letters;
    let is_plain = width >= 3 && first[letters..].bytes().all(|byte| byte.is_ascii_digit());
    let join = JOINS.iter().find(|join| rest.starts_with(**join)).filter(|_| is_plain)?;
    let behind = &rest[join.len()..];
    let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let ends = !behind[digits..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '%' | '.'));
    let is_last = behind[digits..].trim_end() == ".";
    (digits == width && (ends || is_last))
        .then(|| (format!("{}{}", &first[..letters], &behind[..digits]), Span::new(join.len(), join.len() + digits)))
}

/// The tasks of a document by their IDs.
#[derive(Debug)]
pub struct Register<'a> {
    by_id: BTreeMap<&'a str, Vec<usize>>,
    /// `T054` may stand for `T054a` and `T054b`.
    by_stem: BTreeMap<&'a str, Vec<usize>>,
    numbers: Vec<Option<usize>>,
    /// Where stretches end whose numbers do not fall.
    falls: Vec<usize>,
}

impl<'a> Register<'a> {
    /// The register of some tasks.
    pub fn new(tasks: &'a [Task]) -> Self {
        let (mut by_id, mut by_stem) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for (index, task) in tasks.iter().enumerate() {
            by_id.entry(task.id.as_str()).or_default().push(index);
            let stem = stem(&task.id);
            if stem != task.id {
                by_stem.entry(stem).or_default().push(index);
            }
        }
        let numbers: Vec<Option<usize>> = tasks.iter().map(|task| number(&task.id)).collect();
        let falls = |pair: &[Option<usize>]| pair[0].is_none() || pair[1] < pair[0];
        let falls = numbers.windows(2).enumerate().filter(|(_, pair)| falls(pair)).map(|(at, _)| at + 1).collect();
        Self { by_id, by_stem, numbers, falls }
    }

    /// The tasks with an ID.
    pub fn get(&self, id: &str) -> &[usize] {
        let exact = self.by_id.get(id).map_or(&[][..], Vec::as_slice);
        if exact.is_empty() { self.by_stem.get(id).map_or(&[], Vec::as_slice) } else { exact }
    }

    /// The ID in a reference that no task has.
    pub fn missing<'r>(&self, reference: &'r Reference) -> Option<&'r str> {
        let ends = [Some(&reference.first), reference.last.as_ref()];
        ends.into_iter().flatten().find(|id| self.get(id).is_empty()).map(String::as_str)
    }

    /// The tasks that a reference means, as stretches from the first task to the one behind the last; an error
    /// is the ID that no task has. The ends of a range must be there; what lies between them need not.
    pub fn resolve(&self, reference: &Reference) -> Result<Vec<(usize, usize)>, String> {
        let known = |id: &str| {
            let found = self.get(id);
            if found.is_empty() { Err(id.to_owned()) } else { Ok(found) }
        };
        let single = |&task: &usize| (task, task + 1);
        let first = known(&reference.first)?;
        let Some(last) = &reference.last else { return Ok(first.iter().map(single).collect()) };
        let last = known(last)?;
        let (from, to) = (first[0], last[last.len() - 1]);
        if from > to {
            return Ok(vec![single(&from), single(&to)]);
        }
        let (Some(lowest), Some(highest)) = (self.numbers[from], self.numbers[to]) else {
            return Ok(vec![(from, to + 1)]);
        };
        let mut found = Vec::new();
        let mut start = from;
        let next = self.falls.partition_point(|&fall| fall <= from);
        for end in self.falls[next..].iter().copied().take_while(|&fall| fall <= to).chain([to + 1]) {
            // IDs that lie outside the numbers were put between others by hand. What is too large to be a number
            // is a stretch of its own.
            let numbers = &self.numbers[start..end];
            if numbers[0].is_none() {
                found.push((start, end));
            } else {
                let low = numbers.partition_point(|number| *number < Some(lowest));
                let high = numbers.partition_point(|number| *number <= Some(highest));
                found.push((start + low, start + high));
            }
            start = end;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::parse;
    use crate::text::Source;

    fn read(text: &str) -> Vec<(String, Option<String>)> {
        references(text, Span::new(0, text.len())).into_iter().map(|r| (r.first, r.last)).collect()
    }

    fn one(first: &str, last: &str) -> Vec<(String, Option<String>)> {
        vec![(first.to_owned(), (!last.is_empty()).then(|| last.to_owned()))]
    }

    #[test]
    fn a_list_of_numbers_names_each_of_them() {
        let ids = |text: &str| read(text).into_iter().map(|(first, _)| first).collect::<Vec<_>>();
        for text in ["T002, 003 and 004 wait", "T002/003/004", "T002, 003, and 004.", "T002,T003,004"] {
            assert_eq!(ids(text), ["T002", "T003", "T004"], "{text}");
        }
        for text in ["T002, 404s are gone", "T002, 3 of them", "T002 and 100% more", "T002, 1000 VMs", "T002, 003.go"] {
            assert_eq!(ids(text), ["T002"], "{text}");
        }
    }

    #[test]
    fn every_form_of_a_range_is_read() {
        for (text, first, last) in [
            ("see T001.", "T001", ""),
            ("(T006-T009)", "T006", "T009"),
            ("T001-005", "T001", "T005"),
            ("T004–T009", "T004", "T009"),
            ("T004 to T009", "T004", "T009"),
            ("T004 - T009", "T004", "T009"),
            ("T054a and", "T054a", ""),
            ("T-12", "T-12", ""),
            ("任务T012完成", "T012", ""),
            ("T002.1 x", "T002.1", ""),
            ("T001…T003", "T001", "T003"),
        ] {
            assert_eq!(read(text), one(first, last), "{text}");
        }
    }

    #[test]
    fn ids_of_one_digit_are_read_where_tasks_have_them() {
        let ordered = |text: &str| parse(&Source::new("t", text)).ordered().to_owned();
        let text = "- [ ] T1 a\n- [ ] T2 b\n\nT1 → T2 → T9\n";
        assert_eq!(ordered(text), text);
        let long = ordered("- [ ] T001 a\n\nA Map[T1, T2] of T1 to T2\n");
        assert_eq!(long, "- [ ] T001 a\n\nA Map[t1, t2] of t1 to t2\n");
    }

    #[test]
    fn what_only_looks_like_an_id_is_none() {
        for text in ["GT001", "x-T001", "T001x2", "tests/T001.md", "UTF8", "Test"] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn the_ends_of_a_range_must_be_there_and_its_gaps_need_not() {
        let source = Source::new("t", "- [ ] T001 a\n- [ ] T003a b\n- [ ] T003b b\n- [ ] T009 c\n- [ ] T004 c\n");
        let file = parse(&source);
        let register = Register::new(&file.tasks);
        let resolve = |text: &str| {
            let stretches = register.resolve(&references(text, Span::new(0, text.len()))[0])?;
            Ok(stretches.into_iter().flat_map(|(start, end)| start..end).collect::<Vec<usize>>())
        };
        assert_eq!(resolve("T001-T004"), Ok(vec![0, 1, 2, 4]));
        assert_eq!(resolve("T003"), Ok(vec![1, 2]));
        assert_eq!(resolve("T001-T008"), Err("T008".to_owned()));
        let huge = "T99999999999999999999999999";
        let source =
            Source::new("t", format!("- [ ] T001 a\n- [ ] T007 b\n- [ ] {huge} c\n- [ ] T002 d\n- [ ] T003 e\n"));
        let file = parse(&source);
        let register = Register::new(&file.tasks);
        let resolve = |text: &str| register.resolve(&references(text, Span::new(0, text.len()))[0]);
        assert_eq!(resolve("T001-T003"), Ok(vec![(0, 1), (2, 3), (3, 5)]));
        assert_eq!(resolve("T002-T001"), Ok(vec![(3, 4), (0, 1)]));
        assert_eq!(resolve(&format!("T001-{huge}")), Ok(vec![(0, 3)]));
    }
}
