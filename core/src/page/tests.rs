use super::*;
use crate::pipeline::propose;
use crate::plan::Options;
use crate::survey::Survey;
use crate::text::Source;
use crate::tree::MemoryTree;

#[test]
fn nothing_of_a_text_is_markup() {
    let odd = "<script>\"'&\u{202e}\u{0}</script><!--";
    let shown = escape(odd);
    assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
    let mut code = String::new();
    for language in [code::Language::Go, code::Language::Hash, code::Language::Plain] {
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

/// The tags of a document, without their texts.
fn tags(page: &str) -> Vec<String> {
    let body = page.replace(STYLE, "").replace(SCRIPT, "");
    let tag = |part: &str| part.split('>').next().unwrap_or_default().split(['"']).step_by(2).collect::<String>();
    body.split('<').skip(1).map(tag).collect()
}

fn page_of(piece: &str) -> String {
    let text = format!(
        "# Tasks: A {piece}\n\n## Phase 1: B {piece}\n\n- [ ] T001 **C {piece}**\n  - File: `docs/x.md`\n  - Content: D {piece}\n- [ ] T002 Decide {piece} (depends on T001)\n"
    );
    let tree = MemoryTree::new([
        (
            "go.mod",
            "module kubevirt.io/kubevirt
",
        ),
        (
            "docs/x.md",
            "# X
",
        ),
        (
            "pkg/virt-config/featuregate/active.go",
            "package featuregate
",
        ),
        (
            "staging/src/kubevirt.io/api/core/v1/types.go",
            "package v1
",
        ),
    ]);
    let Ok(survey) = Survey::new(&tree) else { panic!("the tree is not a checkout") };
    let proposal = propose(&Source::new(format!("{piece}/tasks.md"), text), &survey, &Options::default());
    page(&proposal, &View { checkout: piece, command: piece, hooks: &[] })
}

/// The elements and attributes that the page is made of. How many there are depends on the plan.
const OURS: &str = "!doctype html !-- kubevirt-scaffold review page -- /html head /head body /body meta title /title style /style \
    script /script header /header h1 /h1 h2 /h2 h3 /h3 p /p ins /ins del /del nav /nav a /a form /form label /label input select \
    /select option /option span /span code /code div /div section /section main /main ol /ol ul /ul li /li pre /pre \
    details /details summary /summary table /table tr /tr td /td svg /svg path path/ rect / text /text \
    lang= charset= http-equiv= content= name= aria-label= aria-labelledby= href= hidden id= type= value= role= class= \
    data-chosen= data-n= data-file= data-task= data-phase= data-id= data-path= data-tasks= title= open tabindex= colspan= width= height= viewBox= \
    d= d=/ x= y= rx= rx=/";

#[test]
fn no_document_adds_a_tag_or_an_attribute() {
    let known: Vec<&str> = OURS.split_whitespace().collect();
    let pieces = [
        "plain",
        "<b>",
        "\" onload=\"x",
        "' onclick='x",
        "</title><script>x</script>",
        "]]> --> <!--",
        "&lt;img&gt;",
        "<svg/onload=x>",
        "`<i>` \" autofocus onfocus=\"x",
    ];
    for piece in pieces {
        let tags = tags(&page_of(piece));
        assert!(tags.len() > 40, "{piece}: {tags:?}");
        assert_eq!(tags.iter().filter(|tag| *tag == "script").count(), 1, "{piece}");
        let odd = tags.iter().flat_map(|tag| tag.split_whitespace()).find(|word| !known.contains(word));
        assert_eq!(odd, None, "{piece}");
    }
}
