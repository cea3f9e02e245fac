use super::*;

#[test]
fn a_value_is_never_guessed() {
    let read = |item| value("Mode", item);
    let of = |constant: &str, string: &str, said: Option<&str>| {
        Some((Some(constant.to_owned()), string.to_owned(), said.map(str::to_owned)))
    };
    assert_eq!(read("`ModeOn` = \"On\" (it runs, all day)"), of("ModeOn", "On", Some("it runs, all day")));
    assert_eq!(read("`ModeOn`: `On`"), of("ModeOn", "On", None));
    assert_eq!(read("`ModeOn Mode = \"On\"`"), of("ModeOn", "On", None));
    assert_eq!(read("`On`"), Some((None, "On".to_owned(), None)));
    for item in ["`ModeOn`", "`ModeOn` (`On`, `Off`)", "On", "`ModeOn` = \"On\" (like `ModeOff`)"] {
        assert_eq!(read(item), None, "{item}");
    }
}

#[test]
fn a_member_is_a_field_with_what_is_said_of_it() {
    let read = |item| {
        let (fact, said) = member(item)?;
        Some((fact.plain(None)?.remove(0).1, said))
    };
    let text = "`Rpm *int32` (optional, json `rpm`)".to_owned();
    assert_eq!(
        read("`Rpm *int32` (json rpm, optional) - how fast it is"),
        Some((text.clone(), Some("how fast it is".to_owned())))
    );
    assert_eq!(read("`Rpm *int32` (json rpm, optional)"), Some((text, None)));
    assert_eq!(read("`Rpm *int32` (json rpm, at most 5)"), None);
}
