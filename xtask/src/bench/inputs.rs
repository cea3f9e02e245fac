//! Inputs that grow: texts that nobody writes by hand, and a program or a mischief-maker may.

use std::fmt::Write as _;

/// A command, and the files that it is measured with.
pub(super) struct Input {
    pub(super) name: &'static str,
    pub(super) command: &'static [&'static str],
    /// The n of the table.
    pub(super) size: usize,
    /// The files for a size, by their paths.
    pub(super) files: fn(usize) -> Vec<(String, String)>,
}

const SCAFFOLD: &[&str] = &["scaffold", "tasks.md", "--dry-run"];
const CHECK: &[&str] = &["check", "tasks.md"];
const GRAPH: &[&str] = &["graph", "tasks.md"];
const STATUS: &[&str] = &["status", "tasks.md"];

/// Every input, in the order of the table.
pub(super) fn inputs() -> Vec<Input> {
    let input = |name, command, size, files| Input { name, command, size, files };
    vec![
        input("scaffold, paths on one line", SCAFFOLD, 500, |n| tasks(&on_one_line(n))),
        input("scaffold, too many paths on one line", SCAFFOLD, 4_000, |n| tasks(&on_one_line(n))),
        input("check, phases", CHECK, 5_000, |n| tasks(&phases(n))),
        input("check, duplicate IDs", CHECK, 5_000, |n| tasks(&each(n, |_| "- [ ] T001 Work\n".to_owned()))),
        input("graph, `File:` lines", GRAPH, 40_000, |n| tasks(&file_lines(n))),
        input("graph, a cycle", GRAPH, 5_000, |n| tasks(&cycle(n))),
        input("check, a cycle", CHECK, 5_000, |n| tasks(&cycle(n))),
        input("check, everything waits for everything", CHECK, 1_000, |n| tasks(&ranges(n))),
        input("graph, everything waits for everything", GRAPH, 1_000, |n| tasks(&ranges(n))),
        input("tasks, tasks there", &["tasks", "."], 5_000, drafted),
        input("check, contracts of 4 MiB", CHECK, 4, contracts),
        input("check, contracts of 4 MiB, too many", CHECK, 100, contracts),
        input("check, tasks", CHECK, 5_000, |n| tasks(&plain(n))),
        input("graph, tasks", GRAPH, 5_000, |n| tasks(&plain(n))),
        input("status, tasks", STATUS, 5_000, |n| tasks(&plain(n))),
        input("scaffold, tasks", SCAFFOLD, 5_000, |n| tasks(&plain(n))),
        input("graph, headings", GRAPH, 20_000, |n| tasks(&format!("- [ ] T001 Work\n{}", headings(n)))),
        input("check, dependencies", CHECK, 5_000, |n| tasks(&dependencies(n))),
        input("check, allowances", CHECK, 4_000, |n| {
            tasks(&each(n, |at| format!("- [ ] T{at:05} Work <!-- allow: path-none -->\n")))
        }),
        input("graph, paths in one title", GRAPH, 5_000, |n| tasks(&in_one_title(n))),
        input("check, totals in phases", CHECK, 5_000, |n| tasks(&totals(n))),
        input("status, lines below one task", STATUS, 450, |n| tasks(&below_one(n))),
        input("scaffold, Go files in one title", SCAFFOLD, 100, |n| tasks(&code_in_one_title(n))),
        input("scaffold, files of one task with lines of their own", SCAFFOLD, 100, |n| tasks(&with_lines(n))),
        input("scaffold, functions of one task", SCAFFOLD, 200, |n| tasks(&functions(n))),
        input("scaffold, fields of one struct", SCAFFOLD, 100, |n| tasks(&fields(n))),
        input("check, values of one type", CHECK, 5_000, |n| tasks(&values(n))),
        input("scaffold, values of one type", SCAFFOLD, 1_000, |n| tasks(&values(n))),
        input("scaffold, fields on one line", SCAFFOLD, 500, |n| tasks(&fields_on_one_line(n))),
        input("scaffold, blocks of code below one task", SCAFFOLD, 1_000, |n| tasks(&blocks(n))),
        input("tasks, a VEP", &["tasks", "vep.md"], 500, vep),
        input("check, a VEP", &["check", "vep.md"], 500, vep),
        input("status, a VEP", &["status", "vep.md"], 500, vep),
        input("status, files", STATUS, 500, |n| tasks(&with_files(n))),
        input("scaffold, files", SCAFFOLD, 500, |n| tasks(&with_files(n))),
    ]
}

/// A tasks.md with some lines, for KubeVirt.
fn tasks(lines: &str) -> Vec<(String, String)> {
    vec![("tasks.md".to_owned(), format!("# Tasks: Growth of KubeVirt\n\n**Feature ID**: 900\n\n{lines}"))]
}

fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (1..=count).map(line).collect()
}

/// Phases of one task.
fn phases(count: usize) -> String {
    each(count, |at| format!("\n## Phase {at}: Part {at}\n\n- [ ] T{at:05} Work\n"))
}

fn on_one_line(count: usize) -> String {
    let paths: Vec<String> = (1..=count).map(|at| format!("docs/page{at}.md")).collect();
    format!("## Phase 1: All\n\n- [ ] T001 Work\n  - File: {}\n", paths.join(", "))
}

fn file_lines(count: usize) -> String {
    format!("- [ ] T001 Work\n{}", each(count, |at| format!("  - File: docs/p{at}.md\n")))
}

fn headings(count: usize) -> String {
    each(count, |at| format!("{} Part {at}\n", "#".repeat(at % 6 + 1)))
}

fn dependencies(count: usize) -> String {
    let line = |at: usize| format!("- T{at:05} depends on T{:05}\n", (at * 7) % count + 1);
    format!("{}\n## Dependencies\n\n{}", plain(count), each(count, line))
}

fn in_one_title(count: usize) -> String {
    format!("- [ ] T001 Work in {}\n", each(count, |at| format!("pkg/none/f{at}.go ")))
}

fn totals(count: usize) -> String {
    format!("- [ ] T001 Work\n{}", each(count, |at| format!("## Phase {at}: x\n\n- Total tasks: {}\n", at + 50_000)))
}

fn below_one(count: usize) -> String {
    format!("- [ ] T001 Write it\n{}", each(count, |at| format!("  - File: `docs/p{at}.md`\n")))
}

fn plain(count: usize) -> String {
    format!("## Phase 1: All\n\n{}", each(count, |at| format!("- [ ] T{at:05} Work\n")))
}

fn with_files(count: usize) -> String {
    let task = |at| format!("- [ ] T{at:05} Write the page {at}\n  - File: docs/page{at}.md\n  - Content: Part {at}\n");
    format!("## Phase 1: All\n\n{}", each(count, task))
}

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (1..=count).map(item).collect::<Vec<_>>().join(", ")
}

fn code_in_one_title(count: usize) -> String {
    let gate = "- [ ] T001 **Add the feature gate `Growth`**\n";
    format!("{gate}- [ ] T002 Add {}\n", list(count, |at| format!("`pkg/virt-handler/f{at}.go`")))
}

fn with_lines(count: usize) -> String {
    let file = |at| format!("  - File: `pkg/virt-handler/f{at}.go`\n  - Function: `f{at}(a int) error`\n");
    format!("- [ ] T001 **Parts**\n{}", each(count, file))
}

fn functions(count: usize) -> String {
    let lines = each(count, |at| format!("  - Function: `f{at}(a int) error`\n"));
    format!("- [ ] T001 **Parts**\n  - File: `pkg/virt-handler/parts.go`\n{lines}")
}

const API: &str = "- [ ] T001 **Parts**\n  - File: `staging/src/kubevirt.io/api/core/v1/types.go`\n";

fn fields(count: usize) -> String {
    let line = |at| format!("  - Add optional field `F{at} *string` to `VirtualMachineInstanceSpec`\n");
    format!("{API}{}", each(count, line))
}

fn values(count: usize) -> String {
    format!("{API}  - Add type `Part` ({})\n", list(count, |at| format!("V{at}")))
}

fn fields_on_one_line(count: usize) -> String {
    format!("{API}  - Add struct `Part` with fields {}\n", list(count, |at| format!("`F{at} *string`")))
}

/// Blocks that are no Go.
fn blocks(count: usize) -> String {
    format!("- [ ] T001 Work\n{}", each(count, |at| format!("  ```text\n  part {at}\n  ```\n")))
}

/// A VEP with as many goals, fields, tests and graduation criteria.
fn vep(count: usize) -> Vec<(String, String)> {
    let goals = each(count, |at| format!("- Let part {at} ring\n"));
    let fields = each(count, |at| format!("\t// Part{at} rings.\n\tPart{at} *string `json:\"part{at},omitempty\"`\n"));
    let tests = each(count, |at| format!("- Part {at} rings\n"));
    let criteria = each(count, |at| format!("- [ ] Part {at} rings behind the gate\n"));
    let text = format!(
        "# VEP #900: Growth\n\n## VEP Status Metadata\n\n### Target releases\n\n- This VEP targets alpha for version: v1.9\n\n\
         ## Overview\n\nParts ring.\n\n## Goals\n\n{goals}\n## Repos\n\nkubevirt/kubevirt\n\n\
         ## Design\n\nA new feature gate `PartBells` guards the fields.\n\n```go\ntype SoundDevice struct {{\n\t...\n{fields}}}\n```\n\n\
         ## Functional Testing Approach\n\n{tests}\n## Graduation Requirements\n\n### Alpha\n\n{criteria}"
    );
    vec![("vep.md".to_owned(), text)]
}

/// Each task before the next, and the last before the first.
fn cycle(count: usize) -> String {
    let line = |at: usize| format!("- T{at:05} before T{:05}\n", at % count + 1);
    format!("{}\n## Dependencies\n\n{}", plain(count), each(count, line))
}

/// Each task waits for all of them.
fn ranges(count: usize) -> String {
    each(count, |at| format!("- [ ] T{at:05} Work (depends on T00001-T{count:05})\n"))
}

/// A plan, and a tasks.md that has many others.
fn drafted(count: usize) -> Vec<(String, String)> {
    let mut plan = String::from("# Implementation Plan: Growth\n\n**Feature Gate**: Growth\n\n## Functions\n\n```go\n");
    for at in 1..=20 {
        let _ = writeln!(plan, "// pkg/virt-handler/growth.go\nfunc Part{at}(name string) error\n");
    }
    plan.push_str("```\n");
    let mut files = tasks(&phases(count));
    files.push(("plan.md".to_owned(), plan));
    files
}

/// A tasks.md, and contracts of 4 MiB each.
fn contracts(count: usize) -> Vec<(String, String)> {
    const LINE: &str = "The contract says that a virtual machine has what its specification asks for.\n";
    let text = format!("# Contract\n\n{}", LINE.repeat(((4 << 20) - 100) / LINE.len()));
    let mut files = tasks(&plain(10));
    files.extend((1..=count).map(|at| (format!("contracts/contract{at:03}.md"), text.clone())));
    files
}
