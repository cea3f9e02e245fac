//! The page of `replay --veps`.

use std::fmt::Write as _;

use super::veps::Judged;

const HEAD: &str = "# VEPs, replayed

For each implemented VEP, the tool generates the tasks.md from the text that the VEP had when its implementation began, on the tree
before the first pull request, and compares it with what the authors did. *Right* and *wrong* count facts about the gate, the API,
admission and the SIG of the specs. *Asked* counts facts that the tasks.md turns into a question or marks as to be confirmed. Admission
is one fact for each VEP, however many webhooks it touches. The files are those that a task names or that its scaffold changes, without
tests. The tasks.md asks about a field that only an example shows, unless a Go block declares a type of its name. *Compiles* says
whether every package that the scaffold touches passes `go vet` on the tree of that time.

This page is what `cargo xtask replay --veps DIR --key FILE` prints.

";

pub(super) fn page(all: &[Judged]) -> String {
    let mut page = String::from(HEAD);
    page.push_str(
        "| VEP | tasks | questions | right | asked | wrong | files named | truly touched | of | compiles |\n",
    );
    page.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
    let mut sums = [0; 8];
    for one in all {
        let hit = one.named.iter().filter(|path| one.touched.contains(path)).count();
        let row = [
            one.tasks,
            one.questions,
            one.right.len(),
            one.asked.len(),
            one.wrong.len(),
            one.named.len(),
            hit,
            one.touched.len(),
        ];
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        let cells: Vec<String> = row.iter().map(usize::to_string).collect();
        let compiles = match one.compiles.as_deref() {
            None => "not tried",
            Some("") => "yes",
            Some(_) => "no",
        };
        let _ = writeln!(page, "| {} | {} | {compiles} |", one.number, cells.join(" | "));
    }
    let cells: Vec<String> = sums.iter().map(usize::to_string).collect();
    let _ = writeln!(page, "| all | {} | |", cells.join(" | "));
    let count = |is: &dyn Fn(&Judged) -> bool| all.iter().filter(|one| is(one)).count();
    let _ = writeln!(
        page,
        "\nOf {}: {} end in a tasks.md, {} without an error of `check`, {} accepted by `scaffold`, {} the same on a second run.",
        all.len(),
        count(&|one| one.refused.is_none()),
        count(&|one| one.refused.is_none() && one.checked.is_empty()),
        count(&|one| one.refused.is_none() && one.scaffold.is_none()),
        count(&|one| one.stable)
    );
    let tried = count(&|one| one.compiles.is_some());
    let questions: usize = all.iter().map(|one| one.questions).sum();
    let _ = writeln!(
        page,
        "{questions} questions in all. {}",
        match tried {
            0 => "Nothing was compiled.".to_owned(),
            _ => format!("{} of {tried} compile.", count(&|one| one.compiles.as_deref() == Some(""))),
        }
    );
    by_fact(&mut page, all);
    for (title, lines) in [
        ("Wrong", all.iter().flat_map(|one| one.wrong.iter().map(move |what| (one, what.clone()))).collect::<Vec<_>>()),
        ("Asked", all.iter().flat_map(|one| one.asked.iter().map(move |what| (one, what.clone()))).collect()),
        ("Refused", all.iter().flat_map(|one| one.refused.iter().map(move |what| (one, what.clone()))).collect()),
        (
            "What check says",
            all.iter().flat_map(|one| one.checked.iter().map(move |what| (one, what.clone()))).collect(),
        ),
        (
            "What scaffold says",
            all.iter().flat_map(|one| one.scaffold.iter().map(move |what| (one, what.clone()))).collect(),
        ),
        (
            "What the compiler says",
            all.iter()
                .flat_map(|one| {
                    one.compiles.iter().filter(|said| !said.is_empty()).map(move |what| (one, what.replace('\n', " ")))
                })
                .collect(),
        ),
        (
            "Named and not touched",
            all.iter()
                .flat_map(|one| {
                    one.named.iter().filter(|path| !one.touched.contains(path)).map(move |what| (one, what.clone()))
                })
                .collect(),
        ),
    ] {
        if !lines.is_empty() {
            let _ = writeln!(page, "\n## {title}\n");
            for (one, what) in lines {
                let _ = writeln!(page, "- {}: {what}", one.number);
            }
        }
    }
    page
}

/// The kinds of facts: the first word of each, and its name.
const KINDS: &[(&str, &str)] = &[
    ("gate", "feature gate"),
    ("state", "its state"),
    ("release", "its release"),
    ("owner", "its owner"),
    ("admission", "admission file"),
    ("label", "SIG of the functional specs"),
    ("", "field of the API"),
];

/// How many facts of each kind are right.
fn by_fact(page: &mut String, all: &[Judged]) {
    page.push_str("\n## By fact\n\n| fact | right | asked | wrong |\n|---|---|---|---|\n");
    let kind = |what: &String| KINDS.iter().position(|(word, _)| what.split(' ').next() == Some(word)).unwrap_or(6);
    let facts: [Vec<usize>; 3] = [
        all.iter().flat_map(|one| one.right.iter().map(kind)).collect(),
        all.iter().flat_map(|one| one.asked.iter().map(kind)).collect(),
        all.iter().flat_map(|one| one.wrong.iter().map(kind)).collect(),
    ];
    for (at, (_, name)) in KINDS.iter().enumerate() {
        let counts = facts.iter().map(|kinds| kinds.iter().filter(|kind| **kind == at).count().to_string());
        let _ = writeln!(page, "| {name} | {} |", counts.collect::<Vec<_>>().join(" | "));
    }
    let named: usize = all.iter().map(|one| one.named.len()).sum();
    let hit = |one: &Judged| one.named.iter().filter(|path| one.touched.contains(path)).count();
    let (hits, touched) = (all.iter().map(hit).sum::<usize>(), all.iter().map(|one| one.touched.len()).sum::<usize>());
    let percent = |part: usize, of: usize| {
        let tenths = part * 1000 / of.max(1);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    let _ = writeln!(
        page,
        "\nFiles: {}% of those that are named were touched, and {}% of those that were touched are named.",
        percent(hits, named),
        percent(hits, touched)
    );
}
