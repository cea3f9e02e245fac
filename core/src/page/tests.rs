use super::*;
use crate::code::Language;

#[test]
fn nothing_of_a_text_is_markup() {
    let odd = "<script>\"'&\u{202e}\u{0}</script><!--";
    let shown = escape(odd);
    assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
    let mut code = String::new();
    for language in [Language::Go, Language::Hash, Language::Plain] {
        code::paint(&mut code, &format!("x := `{odd}` // {odd} \"{odd}"), language);
    }
    let ours =
        code.replace("<span class=\"k\">", "").replace("<span class=\"s\">", "").replace("<span class=\"m\">", "");
    assert!(!ours.replace("</span>", "").contains(['<', '>', '"', '\'']), "{code}");
}

#[test]
fn a_hash_is_what_browsers_compute() {
    assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}
