//! Generated code that lags behind the API types that it is made from.

use crate::go::{DeclKind, GoFile};
use crate::survey::Survey;

/// The OpenAPI definitions, which have every field of every type.
const DEFINITIONS: &str = "staging/src/kubevirt.io/client-go/api/openapi_generated.go";
const API: &str = "staging/src/kubevirt.io/api/";

/// The fields of a file with API types that the generated code does not have yet, `DomainSpec.rebootPolicy`: `make
/// generate` has not run since.
pub(crate) fn lacks(survey: &Survey<'_>, path: &str) -> Vec<String> {
    let Some(folder) = path.strip_prefix(API).and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder) else {
        return Vec::new();
    };
    let by_hand = path.ends_with(".go") && !path.ends_with("_test.go") && !path.contains("generated");
    let (Ok(Some(types)), Ok(Some(definitions))) = (survey.text(path), survey.text(DEFINITIONS)) else {
        return Vec::new();
    };
    let Some(file) = GoFile::parse(&types).ok().filter(|_| by_hand) else { return Vec::new() };
    let package = folder.replace('/', "_");
    let mut lacking = Vec::new();
    for decl in file.decls.iter().filter(|decl| decl.kind == DeclKind::Type) {
        let name = decl.name();
        let head = format!("func schema_kubevirtio_api_{package}_{name}(");
        // A type without a definition has none on purpose, or is as new as the fields that have it.
        let Some((_, rest)) = definitions.split_once(&head) else { continue };
        let definition = rest.split_once("\n}").map_or(rest, |(definition, _)| definition);
        let fields = json_names(decl.span.of(&types));
        let is_new = |field: &&str| !definition.contains(&format!("\"{field}\": {{"));
        lacking.extend(fields.filter(is_new).map(|field| format!("{name}.{field}")));
    }
    lacking
}

/// The JSON names of a struct's fields.
fn json_names(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let tags = lines.filter_map(|line| line.split_once("json:\"").map(|(_, tag)| tag));
    let names = tags.filter_map(|tag| tag.split(['"', ',']).next());
    names.filter(|name| !name.is_empty() && *name != "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn a_field_that_no_definition_has_is_named() {
        let types = "package v1\n\ntype Clock struct {\n\tZone string `json:\"zone,omitempty\"`\n\t// Old was `json:\"old\"`.\n\tNoise *Noise `json:\"noise,omitempty\"`\n\tmetav1.ObjectMeta `json:\",inline\"`\n}\n\ntype Noise struct {\n\tLevel int `json:\"level\"`\n}\n";
        let definitions = "package api\n\nfunc schema_kubevirtio_api_core_v1_Clock(ref x) y {\n\treturn y{\n\t\t\"zone\": {\n\t\t},\n\t}\n}\n\nfunc schema_kubevirtio_api_core_v1_Other(ref x) y {\n\treturn y{\n\t\t\"noise\": {\n\t\t},\n\t}\n}\n";
        let tree = MemoryTree::new([
            ("go.mod", "module kubevirt.io/kubevirt\n"),
            ("staging/src/kubevirt.io/api/core/v1/types.go", types),
            (DEFINITIONS, definitions),
            ("pkg/virt-config/x.go", "package virtconfig\n"),
        ]);
        let survey = Survey::new(&tree).unwrap();
        assert_eq!(lacks(&survey, "staging/src/kubevirt.io/api/core/v1/types.go"), ["Clock.noise"]);
        assert!(lacks(&survey, "pkg/virt-config/x.go").is_empty());
    }
}
