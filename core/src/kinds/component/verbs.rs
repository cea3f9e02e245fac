//! The verbs with which functions are spoken of.

/// The form of a verb behind a name, where a text begins with one.
pub(in crate::kinds) fn verb_form(first: &str, rest: &str) -> Option<String> {
    // "Deletes of pods" are no deed.
    const BEHIND_NOUNS: &[&str] = &["of", "are", "is", "was", "were", "must", "may", "can", "should"];
    let verb = first.to_lowercase();
    if rest.split(' ').next().is_some_and(|second| BEHIND_NOUNS.contains(&second)) {
        return None;
    }
    if VERBS.contains(&verb.as_str()) {
        return Some(third_person(&verb));
    }
    let is_one = VERBS.iter().any(|known| third_person(known) == verb) || is_third_person(first, rest);
    is_one.then_some(verb)
}

/// The form of any verb that an order begins with: "Raise an event", but not "With an event".
pub(in crate::kinds) fn order_form(first: &str, rest: &str) -> Option<String> {
    const OBJECTS: &[&str] = &["a", "an", "the", "all", "any", "each", "every", "it", "its", "whether", "what"];
    #[rustfmt::skip]
    const OTHERS: &[&str] = &[
        "about", "above", "after", "against", "all", "also", "and", "as", "at", "before", "behind", "below", "beside",
        "between", "both", "but", "by", "during", "for", "from", "has", "how", "if", "in", "inside", "into", "is",
        "just", "like", "not", "of", "on", "once", "only", "or", "outside", "over", "per", "so", "than", "that", "then",
        "through", "to", "under", "until", "upon", "via", "what", "when", "where", "which", "while", "who", "with",
        "within", "without", "are", "was", "be", "can", "may", "must", "should", "will", "now", "half", "such", "unless",
    ];
    let verb = first.to_lowercase();
    let second = rest.split(' ').next().unwrap_or_default();
    let is_bare = verb.len() > 1 && verb.chars().all(|c| c.is_ascii_lowercase());
    let is_other = OTHERS.contains(&verb.as_str()) || ["ed", "ly", "s"].iter().any(|end| verb.ends_with(end));
    // "Sing" is a verb, "counting" begins no order.
    let is_other = is_other || verb.len() > 5 && verb.ends_with("ing");
    // What becomes of its result is not what it does.
    let is_other = is_other || ["its result", "the result"].iter().any(|result| rest.starts_with(result));
    (is_bare && !is_other && OBJECTS.contains(&second)).then(|| third_person(&verb))
}

/// Whether a sentence says what a function does: "it resolves", "checks".
pub(super) fn is_said(text: &str) -> bool {
    is_does(["which ", "that ", "it ", "It "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text))
}

/// Whether words begin with a verb in the third person: "resolves it".
pub(super) fn is_does(text: &str) -> bool {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    VERBS.iter().any(|known| third_person(known) == first) || is_third_person(first, rest)
}

/// `forgets everything`, but not `details of it` or `VMs`.
pub(super) fn is_third_person(first: &str, rest: &str) -> bool {
    const BEHIND_NOUNS: &[&str] =
        &["of", "for", "in", "on", "and", "or", "to", "from", "with", "are", "is", "per", "must"];
    let verb = first.len() > 3 && first.ends_with('s') && !first.ends_with("ss");
    let second = rest.split(' ').next().unwrap_or_default();
    // "Mounters report it", "mocks included".
    let is_behind =
        BEHIND_NOUNS.contains(&second) || is_finite(second) || VERBS.contains(&second) || second.ends_with("ed");
    verb && first.chars().all(char::is_lowercase) && !second.is_empty() && !is_behind
}

/// Whether a word is a verb that makes a sentence of a noun.
pub(in crate::kinds) fn is_finite(word: &str) -> bool {
    #[rustfmt::skip]
    const VERBS: &[&str] = &[
        "is", "are", "was", "were", "has", "have", "had", "must", "may", "might", "can", "cannot", "could", "will",
        "would", "should", "shall", "does", "do", "did", "needs", "isn't", "can't", "won't", "doesn't",
    ];
    VERBS.contains(&word)
}

/// Whether a word is a verb that functions begin with.
pub(in crate::kinds) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// What functions are asked to do.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "add", "admit", "allocate", "annotate", "apply", "ask", "attach", "bind", "block", "build", "calculate", "cancel",
    "check", "choose", "clean", "clear", "close", "collect", "compare", "compute", "configure", "convert", "copy",
    "count", "create", "decide", "decode", "delegate", "delete", "detect", "determine", "disable", "drain", "drop",
    "emit", "enable", "encode", "enforce", "enqueue", "enrich", "ensure", "evaluate", "evict", "execute", "expand",
    "expose", "extract", "fail", "fall", "fetch", "fill", "filter", "find", "flush", "forget", "format", "gather",
    "generate", "get", "give", "guess", "handle", "hide", "ignore", "increase", "initialize", "inject", "insert",
    "inspect", "invalidate", "iterate", "join", "keep", "list", "load", "lock", "look", "make", "map", "mark",
    "measure", "merge", "migrate", "mount", "move", "normalize", "notify", "open", "parse", "patch", "pick", "prefer",
    "prepare", "prevent", "probe", "process", "propagate", "provide", "prune", "publish", "pull", "push", "put",
    "query", "raise", "read", "reconcile", "record", "recover", "refresh", "refuse", "register", "reject", "release",
    "remove", "render", "replace", "report", "request", "requeue", "reserve", "reset", "resolve", "restore", "retry",
    "return", "round", "save", "schedule", "select", "send", "serialize", "set", "show", "skip", "sort", "split",
    "start", "stop", "store", "strip", "sync", "take", "tell", "throttle", "track", "translate", "trim", "truncate",
    "try", "turn", "unlock", "unmount", "update", "use", "validate", "verify", "wait", "walk", "warn", "watch",
    "wrap", "write",
];

/// `checks`, `applies`, `watches`.
fn third_person(verb: &str) -> String {
    let vowel_before_y = verb.len() > 1 && verb[..verb.len() - 1].ends_with(['a', 'e', 'o', 'u']);
    if matches!(verb, "do" | "go") {
        return format!("{verb}es");
    }
    match verb.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if verb.ends_with("ch") || verb.ends_with("sh") || verb.ends_with(['s', 'x', 'z']) => format!("{verb}es"),
        _ => format!("{verb}s"),
    }
}
