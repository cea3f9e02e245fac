//! Build constraints: on which platforms a Go file is compiled.

use std::collections::BTreeSet;

/// Operating systems and processors that rules_go knows, as gazelle lists them.
const PLATFORMS: &[(&str, &[&str])] = &[
    ("aix", &["ppc64"]),
    ("android", &["386", "amd64", "arm", "arm64"]),
    ("darwin", &["386", "amd64", "arm", "arm64"]),
    ("dragonfly", &["amd64"]),
    ("freebsd", &["386", "amd64", "arm", "arm64"]),
    ("illumos", &["amd64"]),
    ("ios", &["amd64", "arm64"]),
    ("js", &["wasm"]),
    (
        "linux",
        &[
            "386", "amd64", "arm", "arm64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64",
            "s390x",
        ],
    ),
    ("netbsd", &["386", "amd64", "arm", "arm64"]),
    ("openbsd", &["386", "amd64", "arm", "arm64"]),
    ("osx", &["386", "amd64", "arm", "arm64"]),
    ("plan9", &["386", "amd64", "arm"]),
    ("qnx", &["386", "amd64", "arm", "arm64"]),
    ("solaris", &["amd64"]),
    ("windows", &["386", "amd64", "arm", "arm64"]),
];

/// What Go takes for an operating system or a processor in a file's name besides those: its lists
/// of known ones (`internal/syslist`) also hold what it does not build for.
const ONLY_GO: &[&str] = &[
    "hurd",
    "nacl",
    "wasip1",
    "zos",
    "amd64p32",
    "arm64be",
    "armbe",
    "loong64",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "riscv",
    "s390",
    "sparc",
    "sparc64",
];

/// What gazelle knows and Go does not: a file that ends in one is compiled everywhere.
const ONLY_GAZELLE: &[&str] = &["osx", "qnx"];

/// Tags that are on: `gc` always, `selinux` because KubeVirt's targets say so.
const TAGS: &[&str] = &["gc", "selinux"];

/// Where a file is compiled. Names are those of rules_go's conditions: `linux`, `amd64`,
/// `linux_amd64`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Platforms {
    /// On every platform.
    All,
    /// On some operating systems.
    Os(BTreeSet<String>),
    /// On some processors, whatever the system.
    Arch(BTreeSet<String>),
    /// On some pairs of both.
    Pairs(BTreeSet<String>),
}

impl Platforms {
    /// Where something is needed that is needed here and there.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::Os(a), Self::Os(b)) => Self::Os(&a | &b),
            (Self::Arch(a), Self::Arch(b)) => Self::Arch(&a | &b),
            (a, b) => Self::Pairs(&a.pairs() | &b.pairs()),
        }
    }

    fn pairs(&self) -> BTreeSet<String> {
        let holds = |os: &str, arch: &str| match self {
            Self::All => true,
            Self::Os(set) => set.contains(os),
            Self::Arch(set) => set.contains(arch),
            Self::Pairs(set) => set.contains(&format!("{os}_{arch}")),
        };
        all_pairs().filter(|(os, arch)| holds(os, arch)).map(|(os, arch)| format!("{os}_{arch}")).collect()
    }

    /// The set of conditions that a set of names is.
    pub fn of_conditions(names: BTreeSet<String>) -> Option<Self> {
        let is_os = |name: &String| PLATFORMS.iter().any(|(os, _)| os == name);
        let is_arch = |name: &String| is_processor(name);
        let is_pair = |name: &String| name.split_once('_').is_some_and(|(os, _)| is_os(&os.to_owned()));
        if names.iter().all(is_os) {
            Some(Self::Os(names))
        } else if names.iter().all(is_arch) {
            Some(Self::Arch(names))
        } else {
            names.iter().all(is_pair).then_some(Self::Pairs(names))
        }
    }
}

fn all_pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLATFORMS.iter().flat_map(|(os, archs)| archs.iter().map(move |arch| (*os, *arch)))
}

fn is_system(name: &str) -> bool {
    name == "unix" || PLATFORMS.iter().any(|(os, _)| *os == name)
}

fn is_processor(name: &str) -> bool {
    PLATFORMS.iter().any(|(_, archs)| archs.contains(&name))
}

/// Whether Go compiles a file whose name ends in `_word.go` on some platforms only.
pub fn is_platform(word: &str) -> bool {
    let known = is_processor(word) || PLATFORMS.iter().any(|(os, _)| *os == word);
    known && !ONLY_GAZELLE.contains(&word) || ONLY_GO.contains(&word)
}

/// Where a Go file is compiled, by its name and its `//go:build` line. None if it is nowhere.
pub fn platforms(file_name: &str, text: &str) -> Option<Platforms> {
    let (os, arch) = suffixes(file_name);
    let mut above = text.lines().take_while(|line| !line.starts_with("package "));
    let condition = above.find_map(|line| line.strip_prefix("//go:build ")).map(words).unwrap_or_default();
    let names = || condition.iter().map(String::as_str).chain(os).chain(arch);
    let holds = |on_os: &str, on_arch: &str| {
        let named = |tag: &str| match tag {
            "unix" => !matches!(on_os, "" | "js" | "plan9" | "windows"),
            tag if is_system(tag) => same_system(on_os, tag),
            tag if is_processor(tag) => on_arch == tag,
            tag => TAGS.contains(&tag),
        };
        os.is_none_or(named) && arch.is_none_or(named) && (condition.is_empty() || Reader::holds(&condition, &named))
    };
    let found = match (names().any(is_system), names().any(is_processor)) {
        (false, false) => return holds("", "").then_some(Platforms::All),
        (true, false) => {
            let systems = PLATFORMS.iter().map(|(os, _)| *os).filter(|os| holds(os, ""));
            Platforms::Os(systems.map(str::to_owned).collect())
        }
        (false, true) => {
            let processors = all_pairs().map(|(_, arch)| arch).filter(|arch| holds("", arch));
            Platforms::Arch(processors.map(str::to_owned).collect())
        }
        (true, true) => {
            let pairs = all_pairs().filter(|(os, arch)| holds(os, arch));
            Platforms::Pairs(pairs.map(|(os, arch)| format!("{os}_{arch}")).collect())
        }
    };
    let is_empty =
        matches!(&found, Platforms::Os(set) | Platforms::Arch(set) | Platforms::Pairs(set) if set.is_empty());
    (!is_empty).then_some(found)
}

/// Android counts as Linux, iOS as Darwin, illumos as Solaris.
fn same_system(on: &str, tag: &str) -> bool {
    on == tag || matches!((on, tag), ("android", "linux") | ("ios", "darwin") | ("illumos", "solaris"))
}

/// `x_linux_amd64_test.go` is for one platform.
fn suffixes(file_name: &str) -> (Option<&str>, Option<&str>) {
    let stem = file_name.trim_end_matches(".go").trim_end_matches("_test");
    let parts: Vec<&str> = stem.split('_').skip(1).collect();
    match parts[..] {
        [.., os, arch] if is_system(os) && os != "unix" && is_processor(arch) => (Some(os), Some(arch)),
        [.., os] if is_system(os) && os != "unix" => (Some(os), None),
        [.., arch] if is_processor(arch) => (None, Some(arch)),
        _ => (None, None),
    }
}

/// The names and operators of a condition.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '&' | '|' => 2.min(rest.len()),
            '(' | ')' | '!' => 1,
            _ => rest.find(|c: char| c.is_whitespace() || "&|()!".contains(c)).unwrap_or(rest.len()),
        };
        found.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    found
}

/// Reads a condition from left to right.
struct Reader<'a> {
    words: &'a [String],
    named: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn holds(words: &[String], named: &dyn Fn(&str) -> bool) -> bool {
        Reader { words, named }.either()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first().is_some_and(|first| first == word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }

    fn either(&mut self) -> bool {
        let mut value = self.both();
        while self.take("||") {
            value |= self.both();
        }
        value
    }

    fn both(&mut self) -> bool {
        let mut value = self.one();
        while self.take("&&") {
            value &= self.one();
        }
        value
    }

    fn one(&mut self) -> bool {
        if self.take("!") {
            return !self.one();
        }
        if self.take("(") {
            let value = self.either();
            self.take(")");
            return value;
        }
        let Some((name, rest)) = self.words.split_first() else { return false };
        self.words = rest;
        (self.named)(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn on(file: &str, condition: &str) -> Option<Platforms> {
        let line = if condition.is_empty() { String::new() } else { format!("//go:build {condition}\n\n") };
        platforms(file, &format!("// Copyright\n\n{line}package x\n"))
    }

    #[test]
    fn names_and_conditions_say_where_a_file_is_compiled() {
        assert_eq!(on("a.go", ""), Some(Platforms::All));
        assert_eq!(on("linux.go", ""), Some(Platforms::All));
        assert_eq!(on("a_linux.go", ""), Some(Platforms::Os(set(&["android", "linux"]))));
        assert_eq!(on("a_s390x_test.go", ""), Some(Platforms::Arch(set(&["s390x"]))));
        assert_eq!(on("a_linux_arm64.go", ""), Some(Platforms::Pairs(set(&["android_arm64", "linux_arm64"]))));
        assert_eq!(on("a.go", "amd64 || s390x"), Some(Platforms::Arch(set(&["amd64", "s390x"]))));
        assert_eq!(on("a.go", "selinux && !race"), Some(Platforms::All));
        assert_eq!(on("a.go", "race"), None);
        let pairs = on("a.go", "(linux && amd64) || (windows && !(386 || arm || arm64))");
        assert_eq!(pairs, Some(Platforms::Pairs(set(&["android_amd64", "linux_amd64", "windows_amd64"]))));
        let Some(Platforms::Arch(others)) = on("a.go", "!s390x") else { panic!("processors") };
        assert!(others.contains("wasm") && others.len() == 12, "{others:?}");
    }

    #[test]
    fn what_is_needed_in_two_places_is_needed_in_both() {
        let (linux, amd) = (Platforms::Os(set(&["linux"])), Platforms::Arch(set(&["wasm"])));
        assert_eq!(linux.clone().or(Platforms::All), Platforms::All);
        assert_eq!(linux.clone().or(Platforms::Os(set(&["ios"]))), Platforms::Os(set(&["ios", "linux"])));
        let Platforms::Pairs(pairs) = linux.or(amd) else { panic!("pairs") };
        assert!(pairs.contains("js_wasm") && pairs.contains("linux_s390x") && !pairs.contains("ios_arm64"));
        assert_eq!(Platforms::of_conditions(set(&["linux_arm"])), Some(Platforms::Pairs(set(&["linux_arm"]))));
        assert_eq!(Platforms::of_conditions(set(&["plain"])), None);
    }
}
