//! Review pages: no text of a document becomes markup, and links lead somewhere.

use kubevirt_scaffold_core::page::{View, page};
use kubevirt_scaffold_core::pipeline::{Hook, propose};
use kubevirt_scaffold_core::plan::Options;
use kubevirt_scaffold_core::survey::Survey;
use kubevirt_scaffold_core::text::Source;
use kubevirt_scaffold_core::tree::MemoryTree;
use proptest::prelude::*;

/// What stands in an element that is there once.
fn inside<'a>(page: &'a str, name: &str) -> &'a str {
    let open = format!("<{name}>");
    let (start, end) = (page.rfind(&open).unwrap() + open.len(), page.rfind(&format!("</{name}>")).unwrap());
    &page[start..end]
}

/// The tags of a document, without their texts.
fn tags(page: &str) -> Vec<String> {
    let body = page.replace(inside(page, "style"), "").replace(inside(page, "script"), "");
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
    page(&proposal, &View { checkout: piece, command: Some(piece), chosen: piece, hooks: &[Hook::make(piece, piece)] })
}

/// The elements and attributes that the page is made of. How many there are depends on the plan.
const OURS: &str = "strong /strong em /em kbd /kbd colgroup /colgroup col tbody /tbody !doctype html !-- kubevirt-scaffold review page -- /html head /head body /body meta title /title style /style \
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
        is_ours(piece, &known);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn no_text_adds_a_tag_or_an_attribute(piece in "([<>\"'`&;=/! \\-\\[\\]()*#a-z\\\\]|<script>|</style>|<!--|-->|\" on|javascript:|\u{202e}|\u{0}){0,24}") {
        is_ours(&piece, &OURS.split_whitespace().collect::<Vec<_>>());
    }
}

/// That a page is made of our elements and attributes alone, whatever the documents say.
fn is_ours(piece: &str, known: &[&str]) {
    let page = page_of(piece);
    let tags = tags(&page);
    assert!(tags.len() > 40, "{piece}: {tags:?}");
    assert_eq!(tags.iter().filter(|tag| *tag == "script").count(), 1, "{piece}");
    let odd = tags.iter().flat_map(|tag| tag.split_whitespace()).find(|word| !known.contains(word));
    assert_eq!(odd, None, "{piece}");
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"), "{piece}");
    assert!(page.contains("base-uri 'none'; form-action 'none'\""), "{piece}");
}

/// The places that links lead to are there, and what a task asked for leads back to it.
#[test]
fn links_lead_both_ways() {
    let page = page_of("clockwork");
    let after = |mark: &str| page.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>();
    let ids = after(" id=\"");
    for link in after(" href=\"#") {
        assert!(ids.contains(&link), "{link}");
    }
    // T001's `Content:` line, and the heading that is made of it.
    let line = page.lines().find(|line| line.contains("  - Content: D clockwork")).unwrap_or_default();
    let place = line.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let row = page.lines().find(|line| line.contains(&format!("id=\"{place}\""))).unwrap_or_default();
    assert!(row.contains("## D clockwork") && row.contains("href=\"#L7\""), "{line}\n{row}");
}
