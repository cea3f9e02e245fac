//! Phrases about a feature gate: which speak for its being a VEP's own, which against, which say that it was given up.

/// What a sentence says of the gate that it names.
pub(super) const FOR: &[(&[&str], i32)] = &[
    (&["new feature gate", "a new `", "new gate", "are new", "is new", "introduc"], 4),
    (OWNS, 3),
    (&["will be added", "is added", "add ", "adding", "named", "called", "registered"], 2),
    (&["only be available", "only available", "only with ", "only when ", "only while "], 3),
    (&["enable", "disable"], 1),
];

/// The feature stands behind the gate, or the gate goes on.
pub(super) const OWNS: &[&str] = &[
    "guarded",
    "gated",
    "behind",
    "protected by",
    "protects",
    "controlled by",
    "controls",
    "guards",
    "guard ",
    "covers",
    "promote",
    "promotion",
    "graduate",
    "graduation",
    "moves from",
    "moves to",
    "advances to",
];

/// What speaks against it, in the same clause: groups of phrases, and what one of a group counts.
pub(super) const AGAINST: &[(&[&[&str]], i32)] = &[
    (&[NEEDS, &["existing", "already", "other feature", "another feature"]], -4),
    (&[BESIDE, &["prerequisite"]], -6),
    (&[&["deprecated", "kubernetes feature gate", "k8s", "upstream kubernetes", "cdi feature gate"]], -5),
];

/// What puts what stands before it beside what stands behind it.
const BESIDE: &[&str] = &[
    "nothing to do with",
    "separate from",
    "independent of",
    "unrelated to",
    "unlike ",
    "similar to",
    "similarly to",
    "builds on",
    "build on",
    "on top of",
];

/// What makes what stands before it the user of what stands behind it.
const NEEDS: &[&str] = &["requires", "needs ", "depends on", "relies on"];

/// "`X` is separate from `Y`" speaks against `Y` alone.
pub(super) const RELATIONS: &[&[&str]] = &[BESIDE, NEEDS];

/// Projects that have gates of their own.
pub(super) const PROJECTS: &[&str] = &[
    "cdi",
    "kubernetes",
    "kubelet",
    "kube-apiserver",
    "kube-scheduler",
    "multus",
    "hco",
    "istio",
    "cnao",
    "openshift",
    "containerd",
    "cri-o",
];

/// What calls a gate the second one.
pub(super) const SECOND: &[&str] =
    &["a second ", "the second ", "another ", "an additional ", "one more ", "a further ", "a third "];

/// Which names of its clause a phrase rejects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    All,
    Before,
    After,
}

/// Phrases that say that a name was given up. What *is* rejected are requests; a name *was*.
pub(super) const REJECTS: &[(Side, &[&str])] = &[
    (
        Side::All,
        &[
            "first to be ",
            "was first ",
            "originally to be",
            "originally called",
            "originally named",
            "originally proposed",
            "originally planned",
            "originally guarded",
            "initially called",
            "initially named",
            "initially proposed",
            "initially to be",
            "was to be ",
            "was considered",
            "were considered",
            "we considered",
            "also considered",
            "was discussed",
            "was proposed",
            "was suggested",
            "earlier draft",
            "earlier version",
            "earlier iteration",
            "earlier revision",
            "earlier proposal",
            "earlier name",
            "first draft",
            "first iteration",
            "first revision",
            "first proposal",
            "initial draft",
            "initial revision",
            "initial proposal",
            "before review",
            "previous draft",
            "previous iteration",
            "previous revision",
            "previous name",
            "old name",
            "former name",
            "rejected name",
            "working title",
            "was called",
            "was named",
            "had been called",
            "had been named",
            "used to be",
            "once called",
            "once named",
            "decided against",
            "reviewers refused",
            "reviewers rejected",
        ],
    ),
    (
        Side::After,
        &[
            "formerly",
            "previously called",
            "previously named",
            "previously known",
            "(previously",
            "instead of",
            "rather than",
            "in place of",
            " over ",
            "renamed from",
            "replaces",
            "replacing",
            "supersedes",
            "not called",
            "not named",
            "not be called",
            "and not ",
            ", not ",
        ],
    ),
    (
        Side::Before,
        &[
            "renamed to",
            "was renamed",
            "replaced by",
            "replaced with",
            "superseded by",
            "in favor of",
            "in favour of",
            "was dropped",
            "was rejected",
            "was refused",
            "was discarded",
            "was abandoned",
            "were rejected",
            "been rejected",
            "turned down",
            "ruled out",
        ],
    ),
];

/// Where a clause ends: what is said of one gate is not said of the other one.
pub(super) const ENDS: &[&str] = &[
    "; ",
    " (formerly",
    " (previously",
    " (was ",
    " (not ",
    " (called ",
    " (named ",
    " but ",
    " instead of ",
    " rather than ",
    " – ",
    " — ",
    " - ",
    ", which ",
    ", it ",
    ", and not ",
    ", not ",
    ", while ",
    ", because ",
    ", since ",
    ", and it ",
    ", the ",
    " and depends ",
    " and requires ",
    " and needs ",
    " and builds ",
];
