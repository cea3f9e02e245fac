//! Tables of metrics, access rules and flags, as the lines that would ask for the same.

use crate::plan::{Key, TaskLine};
use crate::survey::ROLES;

/// What a row says in a column.
type Cells<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What a table is about.
struct Topic {
    /// The folders whose files it is about.
    folders: &'static [&'static str],
    /// The words above its columns, by what they hold; the first column is the one that each row must fill.
    columns: &'static [(&'static str, &'static [&'static str])],
    line: fn(&Cells<'_>) -> (Key, String),
}

const TOPICS: &[Topic] = &[
    Topic {
        folders: &["pkg/monitoring/metrics/"],
        columns: &[
            ("name", &["name", "metric", "metric name"]),
            ("type", &["type", "kind", "metric type"]),
            ("labels", &["labels", "label"]),
            ("help", &["help", "description", "help text", "meaning", "what", "what it tells"]),
            ("variable", &["variable", "var", "go variable"]),
            ("buckets", &["buckets"]),
        ],
        line: metric,
    },
    Topic {
        folders: &[ROLES],
        columns: &[
            ("resources", &["resource", "resources"]),
            ("verbs", &["verbs", "verb"]),
            ("group", &["api group", "group", "apigroup", "api groups", "apigroups"]),
            ("role", &["role", "cluster role", "clusterrole", "component", "who", "subject"]),
        ],
        line: rule,
    },
    Topic {
        folders: &["pkg/virtctl/", "cmd/", "pkg/virt-"],
        columns: &[
            ("flag", &["flag", "flags", "option", "name"]),
            ("type", &["type"]),
            ("default", &["default", "default value"]),
            ("constant", &["constant", "const"]),
            ("variable", &["variable", "var", "go variable", "bound to"]),
            ("short", &["shorthand", "short", "letter"]),
            ("help", &["help", "description", "meaning", "usage", "help text", "what it does"]),
        ],
        line: flag,
    },
];

/// What the rows of a table ask for below a task about a file; nothing if not all columns and rows are understood.
pub(super) fn lines(path: &str, heads: &[String], rows: &[(usize, Vec<String>)]) -> Option<Vec<TaskLine>> {
    let column = |topic: &Topic, head: &String| {
        let head = head.trim_matches(['*', '`', '_']).to_lowercase();
        topic.columns.iter().position(|(_, heads)| heads.contains(&head.as_str()))
    };
    TOPICS.iter().filter(|topic| topic.folders.iter().any(|folder| path.starts_with(folder))).find_map(|topic| {
        let columns: Vec<usize> = heads.iter().map(|head| column(topic, head)).collect::<Option<_>>()?;
        let twice = (0..columns.len()).any(|at| columns[..at].contains(&columns[at]));
        if twice || !columns.contains(&0) || columns.len() < 2 {
            return None;
        }
        let names_flags =
            heads.iter().any(|head| head.to_lowercase().contains("flag") || head.eq_ignore_ascii_case("option"));
        let row = |(line, cells): &(usize, Vec<String>)| {
            let cell = |name: &str| {
                let at = columns.iter().position(|column| topic.columns[*column].0 == name)?;
                let text = cells.get(at)?.replace('`', "");
                Some(text.trim().to_owned()).filter(|text| !matches!(text.as_str(), "" | "-" | "–" | "—"))
            };
            // A name is one of a flag if it has its dashes.
            cell(topic.columns[0].0)
                .filter(|name| names_flags || topic.columns[0].0 != "flag" || name.starts_with("--"))?;
            let (key, text) = (topic.line)(&cell);
            Some(TaskLine { key, text, line: *line, is_item: true })
        };
        rows.iter().map(row).collect()
    })
}

/// ``gauge `kubevirt_x` (variable `x`; labels a, b): what it tells``
fn metric(cell: &Cells<'_>) -> (Key, String) {
    let name = cell("name").unwrap_or_default();
    let beside = [
        cell("type"),
        cell("variable").map(|variable| format!("variable `{variable}`")),
        cell("labels").map(|labels| format!("labels {labels}")),
        cell("buckets").map(|buckets| format!("buckets {buckets}")),
    ];
    let beside: Vec<String> = beside.into_iter().flatten().collect();
    let help = cell("help").map(|help| format!(": {help}")).unwrap_or_default();
    (Key::Metric, format!("`{name}` ({}){help}", beside.join("; ")))
}

/// ``virt-x may `get`, `list` on `widgets` in group `w.io` ``
fn rule(cell: &Cells<'_>) -> (Key, String) {
    let coded = |name: &str| {
        let text = cell(name).unwrap_or_default();
        let names = text.split([',', ' ']).filter(|name| !name.is_empty() && *name != "and");
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let group = match cell("group").as_deref() {
        Some("core" | "\"\"" | "''") => " in the core group".to_owned(),
        Some(group) => format!(" in group `{}`", group.trim_matches('"')),
        None => String::new(),
    };
    let who = cell("role").map(|role| format!("{role} may ")).unwrap_or_default();
    (Key::Other("rule".to_owned()), format!("{who}{} on {}{group}", coded("verbs"), coded("resources")))
}

/// ``flag `--x` (int, default 1): what it does``
fn flag(cell: &Cells<'_>) -> (Key, String) {
    let name = cell("flag").unwrap_or_default();
    let default =
        cell("default").filter(|default| !matches!(default.to_lowercase().as_str(), "none" | "empty" | "nil"));
    let beside = [
        cell("type"),
        default.map(|default| format!("default {default}")),
        cell("short").map(|letter| format!("shorthand `{}`", letter.trim_start_matches('-'))),
    ];
    let beside: Vec<String> = beside.into_iter().flatten().collect();
    let beside = if beside.is_empty() { String::new() } else { format!(" ({})", beside.join(", ")) };
    let named = |column: &str| cell(column).map(|name| format!(", {column} `{name}`")).unwrap_or_default();
    let beside = format!("{beside}{}{}", named("constant"), named("variable"));
    let help = cell("help").map(|help| format!(": {help}")).unwrap_or_default();
    (Key::Other("flag".to_owned()), format!("`--{}`{beside}{help}", name.trim_start_matches('-')))
}
