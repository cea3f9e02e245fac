//! The group of a file that a constant goes into, and the place in it.

use super::Wanted;
use crate::go::{Decl, Target};
use crate::name::Name;
use crate::survey::GoSource;

/// The last name of the longest stretch of labels; for a SIG, of the one that holds those.
pub(super) fn longest(source: &GoSource, groups: &[&Decl], name: &str) -> Option<String> {
    let target = &source.target();
    let prefix = ["Sig", "Wg"].iter().find(|prefix| name.starts_with(**prefix));
    let runs =
        groups.iter().flat_map(|group| group.names.iter().map(move |known| target.run_names(group, &known.text)));
    let fits = |run: &Vec<&str>| prefix.is_none_or(|prefix| run.iter().any(|known| known.starts_with(*prefix)));
    let runs: Vec<Vec<&str>> = runs.filter(fits).collect();
    let most = runs.iter().map(Vec::len).max()?;
    runs.into_iter().find(|run| run.len() == most)?.last().map(|known| (*known).to_owned())
}

/// The last name of the only group of constants, or of the only one in which names end or begin with the same word.
pub(super) fn alike(source: &GoSource, groups: &[&Decl], wanted: &Wanted) -> Option<String> {
    let (first, last) = ends(&wanted.name);
    let score = |group: &&Decl| {
        let names = group.names.iter().filter(|known| known.text != wanted.name).map(|known| ends(&known.text));
        let same = names.map(|(begin, end)| usize::from(end == last) + usize::from(begin == first));
        same.sum::<usize>()
    };
    let best = groups.iter().map(score).max().filter(|best| *best > 0 || groups.len() == 1)?;
    let mut found = groups.iter().filter(|group| score(group) == best);
    let group = found.next().filter(|_| found.next().is_none())?;
    let target = source.target();
    // Where names like it are, the new one stands behind them.
    let like = |known: &str| is_like(known, &wanted.name) && known != wanted.name;
    let alike = group.names.iter().filter(|known| like(&known.text));
    // A stretch most of whose names end with the same word takes none that ends with another one.
    let fits = |known: &str| {
        let (run, (_, own)) = (target.run_names(group, known), ends(known));
        own == last || run.iter().filter(|other| ends(other).1 == own).count() * 2 <= run.len().max(2)
    };
    // "ImageEnvName" tells a kind; one word more may tell something else.
    let key = |known: &str| (kinship(known, &wanted.name).min(3), fits(known));
    let known = alike.max_by_key(|known| key(&known.text)).or_else(|| group.names.last())?;
    (!target.run_names(group, &known.text).is_empty()).then(|| known.text.clone())
}

/// The last name like another one in the group that holds a name.
pub(super) fn like_in(target: &Target<'_>, beside: &str, name: &str) -> Option<String> {
    let holds = |decl: &&Decl| decl.body.is_some() && decl.names.iter().any(|known| known.text == beside);
    let group = target.file.decls.iter().find(holds)?;
    group.names.iter().rfind(|known| is_like(&known.text, name)).map(|known| known.text.clone())
}

/// Whether two names begin or end with the same word.
pub(super) fn is_like(one: &str, other: &str) -> bool {
    let ((first, last), (begin, end)) = (ends(one), ends(other));
    first == begin || last == end
}

/// How many words two names end with in common.
pub(super) fn kinship(one: &str, other: &str) -> usize {
    let words =
        |name: &str| Name::parse(name).title().to_lowercase().split(' ').rev().map(str::to_owned).collect::<Vec<_>>();
    words(one).iter().zip(words(other)).take_while(|(one, other)| *one == other).count()
}

/// The first and the last word of a name.
fn ends(name: &str) -> (String, String) {
    let title = Name::parse(name).title();
    let mut words = title.split(' ');
    let first = words.next().unwrap_or_default().to_lowercase();
    let last = words.next_back().map_or_else(|| first.clone(), str::to_lowercase);
    (first, last)
}
