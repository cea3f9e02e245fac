//! Tests of the configuration.

use super::*;

fn read_as(text: &str, scope: Scope) -> Result<Config, Vec<Diagnostic>> {
    parse(&Source::new("c.toml", text), scope)
}

fn refused(text: &str, scope: Scope) -> Vec<String> {
    let found = read_as(text, scope).unwrap_err();
    let shown = |found: Diagnostic| {
        let (source, span) = found.place.unwrap();
        let place = source.line_column(span.start);
        format!("{} {}:{} {}", found.code, place.line, place.column, found.help.unwrap_or_default())
    };
    found.into_iter().map(shown).collect()
}

#[test]
fn every_key_is_read_with_its_place() {
    let text = "# Mine.\ncheckout = '/src/kubevirt'\nhooks = \"none\"\nowner = \"sig-network / @me\"\nrelease = \"v1.9.0\"\n\
                components = [\"handler\", \"virt-api\"]\n\n[set]\nfeature = \"clock\"\n\"arch-name\" = \"s390x\"\n";
    let config = read_as(text, Scope::User).unwrap();
    let checkout = config.checkout.unwrap();
    assert_eq!((checkout.value.to_str().unwrap(), checkout.line()), ("/src/kubevirt", 2));
    assert_eq!((config.hooks.unwrap().value, config.owner.unwrap().line()), (Hooks::None, 4));
    assert_eq!(config.release.unwrap().value, "v1.9.0");
    let set: Vec<_> = config.set.iter().map(|(key, set)| (key.as_str(), set.value.as_str(), set.line())).collect();
    assert_eq!(
        set,
        [
            ("arch_name", "s390x", 10),
            ("component", "handler", 6),
            ("component2", "virt-api", 6),
            ("feature", "clock", 9)
        ]
    );
    assert!(read_as("", Scope::Feature).unwrap().set.is_empty());
}

#[test]
fn what_is_not_understood_is_refused_at_its_place() {
    for (text, scope, expected) in [
        ("ownr = \"x\"\n", Scope::User, "config-key 1:1 did you mean `owner`?"),
        ("\ncomponent = [\"x\"]\n", Scope::Checkout, "config-key 2:1 did you mean `components`?"),
        ("feature = \"x\"\n", Scope::Feature, "config-key 1:1 put the value of a placeholder under [set]"),
        ("Release = \"v1.2.0\"\n", Scope::Feature, "config-key 1:1 did you mean `release`?"),
        ("[placeholders]\nx = \"y\"\n", Scope::Feature, "config-key 1:2 put placeholders under [set]"),
        ("xyzzy = 1\n", Scope::User, "config-key 1:1 there are: checkout, hooks"),
        ("owner = 5\n", Scope::User, "config-type 1:9 such as owner"),
        ("owner = [\"a\"]\n", Scope::User, "config-type 1:9"),
        ("release = 1.10\n", Scope::User, "config-type 1:11"),
        ("release = \"1.10\"\n", Scope::Checkout, "config-value 1:11 such as release"),
        ("components = \"handler\"\n", Scope::User, "config-type 1:14 such as components"),
        ("components = [\"a\", 2]\n", Scope::User, "config-type 1:20"),
        ("set = \"feature=x\"\n", Scope::User, "config-type 1:7 such as [set]"),
        ("[set]\ncomponent = true\n", Scope::Feature, "config-type 2:13"),
        ("[set]\ncomponent = \"../x\"\n", Scope::Feature, "config-value 2:13"),
        ("[set]\ncomponent = \"\"\n", Scope::Feature, "config-value 2:13"),
        ("components = [\"a\"]\nset.component = \"b\"\n", Scope::User, "config-value 2:17 leave one"),
        ("owner = \"a\\nb\"\n", Scope::User, "config-value 1:9"),
        ("checkout = \"src/kubevirt\"\n", Scope::User, "config-value 1:12"),
        ("hooks = \"autom\"\n", Scope::User, "config-value 1:9 did you mean `auto`?"),
        ("hooks = \"none\"\n", Scope::Checkout, "config-scope 1:1"),
        ("checkout = \"/x\"\n", Scope::Feature, "config-scope 1:1"),
        ("owner = \n", Scope::User, "config-syntax 1:"),
        ("owner = \"a\"\nowner = \"b\"\n", Scope::User, "config-syntax 2:1"),
    ] {
        let found = refused(text, scope);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{text:?}: {found:?}");
    }
    assert_eq!(refused("relase = \"v1.9.0\"\nowner = 1\n", Scope::User).len(), 2);
}

#[test]
fn answers_are_added_and_nothing_else_changes() {
    let values = BTreeMap::from([("component".to_owned(), "a \"b\" \\c".to_owned())]);
    let line = "component = \"a \\\"b\\\" \\\\c\"\n";
    for (text, expected) in [
        ("", format!("[set]\n{line}")),
        ("owner = \"x\"", format!("owner = \"x\"\n\n[set]\n{line}")),
        ("owner = \"x\"\n", format!("owner = \"x\"\n\n[set]\n{line}")),
        ("[set] # mine\nfeature = \"y\"\n", format!("[set] # mine\n{line}feature = \"y\"\n")),
        ("owner = \"x\"\n[set]", format!("owner = \"x\"\n[set]\n{line}")),
    ] {
        assert_eq!(with_values(text, &values).as_deref(), Some(expected.as_str()), "{text:?}");
    }
    // No place for them, or one value already.
    for text in [
        "set.feature = \"y\"\n",
        "set = { feature = \"y\" }\n",
        "[set]\ncomponent = \"z\"\n",
        "a = '''\n[set]\n'''\nset = {}\n",
    ] {
        assert_eq!(with_values(text, &values), None, "{text:?}");
    }
}
