//! Stubs that lost their mark and got nothing in its place: a function that returns nil, a spec that skips, a section
//! that says TBD. Whether something is one is told from what the templates made of it.

/// A stub that this tool has made: what it begins with, and its mark.
struct Stub<'a> {
    opener: &'a str,
    mark: &'a str,
}

/// The marks of the stubs in what the templates made whose bodies still do nothing in the present text. What still
/// has its mark is not among them: `mark` finds it in a line.
pub fn hollow<'a>(emitted: &'a str, text: &str, mark: fn(&str) -> Option<&str>) -> Vec<&'a str> {
    let made: Vec<&str> = emitted.lines().collect();
    let now: Vec<&str> = text.lines().collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (at, line) in made.iter().enumerate() {
        let Some(stub) = mark(line).and_then(|mark| Some(Stub { opener: opener(&made[..at])?, mark })) else {
            continue;
        };
        // One stub may have several marks.
        if seen.last() == Some(&stub.opener) {
            continue;
        }
        seen.push(stub.opener);
        let key = key(stub.opener);
        let Some(place) =
            now.iter().position(|line| line.trim_start_matches(['P', 'F', 'X']).trim_start().contains(key))
        else {
            continue;
        };
        let body = body(&now[place..]);
        if body.iter().any(|line| mark(line).is_some()) {
            continue;
        }
        let is_page = stub.opener.starts_with('#');
        if is_page && says_nothing(body) || !is_page && does_nothing(body, &made) {
            found.push(stub.mark);
        }
    }
    found
}

/// The function, spec or heading that a line stands in.
fn opener<'a>(above: &[&'a str]) -> Option<&'a str> {
    above.iter().rev().map(|line| line.trim()).find(|line| is_opener(line))
}

fn is_opener(line: &str) -> bool {
    line.starts_with("func ") || line.starts_with("It(") || line.starts_with('#')
}

/// What tells one opener from another: the name of a function, the text of a spec, the title of a heading.
fn key(opener: &str) -> &str {
    if let Some(rest) = opener.strip_prefix("func ") {
        // `func (r *Reader) Read(`, `func Read(`
        let from = if rest.starts_with('(') { rest.find(')').map_or(0, |at| at + 1) } else { 0 };
        let name = rest[from..].find(['(', '[']).map_or(rest.len(), |at| from + at);
        return &opener[..5 + name];
    }
    if opener.starts_with("It(") {
        let close = opener.rfind("\", ").map_or(opener.len(), |at| at + 1);
        return &opener[..close];
    }
    opener
}

/// The lines below an opener: what is indented further, or up to the next heading.
fn body<'a, 't>(lines: &'a [&'t str]) -> &'a [&'t str] {
    let Some((first, rest)) = lines.split_first() else { return &[] };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let end = if first.starts_with('#') {
        rest.iter().position(|line| line.starts_with('#'))
    } else if first.trim_end().ends_with('}') {
        Some(0)
    } else {
        rest.iter().position(|line| !line.trim().is_empty() && indent(line) <= indent(first))
    };
    &rest[..end.unwrap_or(rest.len())]
}

/// Whether Go code does nothing but what its stub did.
fn does_nothing(body: &[&str], made: &[&str]) -> bool {
    let nothing = |line: &&str| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//") || made.iter().any(|made| made.trim() == line) || is_nothing(line)
    };
    body.iter().any(|line| is_later(line)) || body.iter().all(nothing)
}

/// Whether a line of Go says that something is still to be done.
fn is_later(line: &str) -> bool {
    const MARKS: &[&str] = &["TODO", "FIXME", "XXX"];
    #[rustfmt::skip]
    const SAID: &[&str] = &[
        "not implemented", "not yet implemented", "notimplemented", "notyetimplemented", "unimplemented",
        "not there yet", "errunsupported", "work in progress", "\"todo", "\"wip", "implement me",
    ];
    let lower = line.to_lowercase();
    // `"not " + "implemented"`
    let joined = lower.replace("\" + \"", "");
    MARKS.iter().any(|mark| line.contains(mark)) || SAID.iter().any(|said| joined.contains(said))
}

/// Whether a statement does nothing that anybody asked for.
fn is_nothing(line: &str) -> bool {
    const NOTHING: &[&str] = &["_ = ", "panic(", "Skip(", "Fail(", "Expect(true)", "By(", "if "];
    let is_zero = |value: &str| {
        let value = value.trim();
        matches!(value, "" | "nil" | "0" | "false" | "\"\"" | "err") || value.ends_with("{}") || is_error(value)
    };
    let returned = line.strip_prefix("return");
    returned.is_some_and(|values| values.split(',').all(is_zero))
        || matches!(line, "}" | "})" | ")")
        || NOTHING.iter().any(|start| line.starts_with(start))
}

/// Whether a value is an error that says the same whatever happens, as that of a stub does.
fn is_error(value: &str) -> bool {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
    let last = value.rsplit('.').next().unwrap_or_default();
    let of_text = ["errors.New(\"", "fmt.Errorf(\""].iter().find_map(|call| value.strip_prefix(call));
    of_text.is_some_and(|text| text.ends_with("\")"))
        || is_name(value)
            && ["err", "Err"]
                .iter()
                .any(|start| last.strip_prefix(start).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
}

/// Whether a section of a page says nothing yet.
fn says_nothing(body: &[&str]) -> bool {
    #[rustfmt::skip]
    const LATER: &[&str] = &[
        "tbd", "tba", "todo", "fixme", "xxx", "wip", "coming soon", "to be ", "placeholder", "fill in", "later",
        "pending", "not yet", "work in progress", "n/a", "none yet", "to follow", "to come", "under construction",
        "lorem ipsum", "see above", "see below",
    ];
    /// In a short sentence: "This section will be written later."
    #[rustfmt::skip]
    const IN_SHORT: &[&str] = &[
        "will be written", "will be added", "will be documented", "will be filled", "will be described",
        "will follow", "to be written", "to be added", "to be done", "to be documented", "not written yet",
        "coming soon", "tbd", "todo",
        "details follow", "follow in a", "follow later", "follows later", "in a later",
    ];
    const SHORT: usize = 12;
    let mut said = body.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with("<!--"));
    said.all(|line| {
        let bare = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_short = bare.split_whitespace().count() <= SHORT;
        bare.is_empty()
            || is_placeholder(line)
            || LATER.iter().any(|word| bare.starts_with(word))
            || is_short && IN_SHORT.iter().any(|words| bare.contains(words))
    })
}

/// Whether a line is nothing but a gap to fill: `[Describe the usage here]`, `{{usage}}`, `<usage>`.
fn is_placeholder(line: &str) -> bool {
    let line = line.trim_matches(['*', '_', ' ', '-']);
    let within = |open: &str, close: &str| line.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let inner = within("[", "]").or_else(|| within("{", "}")).or_else(|| within("<", ">"));
    inner.is_some_and(|inner| !inner.contains([']', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(line: &str) -> Option<&str> {
        let at = line.find("T001: ")?;
        Some(&line[at..at + 4])
    }

    #[test]
    fn a_function_that_does_nothing_is_still_a_stub() {
        let emitted = "func (r *R) Read(x int) error {\n\tif !on() {\n\t\treturn nil\n\t}\n\n\t// T001: read it\n\treturn errors.New(\"T001: not implemented\")\n}\n";
        for (body, count) in [
            ("\treturn nil", 1),
            ("\tpanic(\"no\")", 1),
            ("\t_ = x\n\treturn nil", 1),
            ("\tif x == 0 {\n\t\treturn nil\n\t}\n\treturn nil", 1),
            ("\treturn errors.New(\"unimplemented\")", 1),
            ("\tr.x = x // TODO: check\n\treturn nil", 1),
            ("\treturn errors.New(\"read: not yet implemented\")", 1),
            ("\treturn errors.ErrUnsupported", 1),
            ("\treturn errRead", 1),
            ("\treturn errors.New(\"not \" + \"implemented\")", 1),
            ("\treturn errors.New(\"it cannot be read\")", 1),
            ("\tklog.Fatal(\"todo\")", 1),
            ("\treturn fmt.Errorf(\"read %d\", x)", 0),
            ("\tif x > 1 {\n\t\treturn r.read(x)\n\t}\n\treturn errors.New(\"it is too small\")", 0),
            ("\tr.x = x\n\treturn nil", 0),
            ("\treturn r.read(x)", 0),
            // It still has its mark.
            ("\treturn errors.New(\"T001: not implemented\")", 0),
        ] {
            let text = format!("func (r *R) Read(x int) error {{\n{body}\n}}\n\nfunc other() {{ run() }}\n");
            assert_eq!(hollow(emitted, &text, mark).len(), count, "{body}");
        }
    }

    #[test]
    fn a_spec_that_skips_and_a_section_that_says_tbd_are_still_stubs() {
        let emitted = "\t\tIt(\"reads\", func() {\n\t\t\tlaunch()\n\n\t\t\tFail(\"T001: not implemented\")\n\t\t})\n";
        for (body, count) in [
            ("", 1),
            ("\t\t\tSkip(\"later\")", 1),
            ("\t\t\tlaunch()", 1),
            ("\t\t\tExpect(true).To(BeTrue())", 1),
            ("\t\t\tExpect(read()).To(Succeed())", 0),
        ] {
            let text = format!("\t\tIt(\"reads\", func() {{\n{body}\n\t\t}})\n");
            assert_eq!(hollow(emitted, &text, mark).len(), count, "{body}");
        }
        let emitted = "# X\n\n## Usage\n\nT001: to be written.\n\n## Limits\n";
        for (body, count) in [
            ("TBD", 1),
            ("", 1),
            ("_Coming soon._", 1),
            ("<!-- x -->\n...", 1),
            ("Set it.", 0),
            ("[Describe the usage here]", 1),
            ("{{usage}}", 1),
            ("Lorem ipsum dolor sit amet.", 1),
            ("[The guide](guide.md) and [more](more.md)", 0),
            ("This will be written later.", 1),
            ("will be added in a follow-up", 1),
            ("Details follow in a later release.", 1),
        ] {
            let text = format!("# X\n\n## Usage\n\n{body}\n\n## Limits\n\nNone.\n");
            assert_eq!(hollow(emitted, &text, mark).len(), count, "{body}");
        }
    }
}
