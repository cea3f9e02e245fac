//! Tags of fields, as lines have them.

/// A tag in backticks inside of code in backticks: ``A int `xml:"a"` `` is read with its backticks left out.
pub(super) fn quoted_tags(line: &str) -> String {
    let mut text = line.to_owned();
    let mut from = 0;
    while let Some(at) =
        ["xml", "json"].iter().filter_map(|key| Some(from + text[from..].find(&format!(" `{key}:\""))?)).min()
    {
        from = at + 2;
        let Some(open) = text[..at].rfind('`') else { continue };
        let code = &text[open + 1..at];
        let Some(close) = text[from..].find("\"`").map(|close| from + close) else { continue };
        if code.starts_with(' ') || code.split_whitespace().count() < 2 {
            continue;
        }
        let rest = &text[close + 2..];
        let rest = [" ``", "``", " `", "`"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
        let start = text[..=open].strip_suffix("``").unwrap_or(&text[..open]);
        let read = format!("{start}`{code} {}\"`", &text[from..close]);
        text = format!("{read}{rest}");
        from = read.len();
    }
    text
}

/// Where the tag begins behind a type: at its first key, `xml:"`.
pub(super) fn tag_at(text: &str) -> Option<usize> {
    let at = text.find(":\"")?;
    let key = text[..at].bytes().rev().take_while(u8::is_ascii_lowercase).count();
    (key > 0 && (key == at || text[..at - key].ends_with([' ', '`']))).then_some(at - key)
}

/// `xml:"a,attr" json:"a"`, and nothing else.
pub(super) fn whole_tag(text: &str) -> Option<String> {
    let text = text.trim().trim_matches('`');
    let mut rest = text;
    while !rest.is_empty() {
        let (key, after) = rest.split_once(":\"")?;
        let (value, after) = after.split_once('"')?;
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ',' | ':' | '.' | '>' | ' ');
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_lowercase()) || !value.chars().all(sound) {
            return None;
        }
        rest = after.trim_start();
    }
    (!text.is_empty()).then(|| text.to_owned())
}
