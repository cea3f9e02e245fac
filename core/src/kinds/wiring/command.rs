//! Commands of virtctl: what makes one stands in the list of those that are added to the root command.

use super::{Callee, Line, Wired, Wiring};
use crate::go::body::Spot;
use crate::go::{FunctionHead, ImportSpec};
use crate::pending::Refusal;
use crate::plan::{ManualReason, Planner};
use crate::repo_path::RepoPath;
use crate::tree::parent;

/// The package that commands are made of.
pub(in crate::kinds) const COBRA: &str = "github.com/spf13/cobra";

/// Whether a function makes a command.
pub(in crate::kinds) fn makes_command(head: &FunctionHead, imports: &[ImportSpec]) -> bool {
    let [only] = head.results.as_slice() else { return false };
    let package = only.ty.text.strip_prefix('*').and_then(|ty| ty.strip_suffix(".Command"));
    let is_cobra = |name: &str| imports.iter().any(|import| import.name() == name && import.path == COBRA);
    head.receiver.is_none() && package.is_some_and(is_cobra)
}

/// Whether a value makes a command of another package: `vm.NewStartCommand()`.
pub(super) fn is_constructor(value: &str) -> bool {
    let name = value.split('(').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, name)| name.starts_with("New") && name.ends_with("Command"))
}

/// Puts what makes a command into the list of a file.
pub(super) fn enlist(planner: &mut Planner<'_, '_>, callee: &Callee<'_>, path: &str) -> Result<Wired, Refusal> {
    let by_hand = |place: String| {
        let callee = callee.head.name.clone();
        Ok(Wired::Manual(ManualReason::BroughtInByHand { callee, place }))
    };
    let survey = planner.survey;
    let Some(source) = survey.go(path)? else { return by_hand(path.to_owned()) };
    let Some(list) = source.target().value_list(&is_constructor) else { return by_hand(path.to_owned()) };
    let folder = parent(callee.file);
    let own = survey.import_path(folder);
    let imports = &source.file.imports;
    let known = imports.iter().find(|import| import.path == own).map(|import| import.name().to_owned());
    let package = known.clone().unwrap_or_else(|| survey.package_name(folder));
    let is_taken = known.is_none() && imports.iter().any(|import| import.name() == package);
    let name = &callee.head.name;
    // Earlier releases hand each the configuration of the client.
    let arguments = match callee.head.parameters.as_slice() {
        [] => "()",
        [one] if one.ty.text == "clientcmd.ClientConfig" && one.names.len() < 2 => "(clientConfig)",
        _ => return by_hand(path.to_owned()),
    };
    let is_alike = |value: &&String| is_constructor(value) && value.ends_with(arguments);
    let is_exported = name.starts_with(|c: char| c.is_ascii_uppercase());
    if is_taken || !is_exported || folder == parent(path) || !list.values.iter().any(|value| is_alike(&value)) {
        return by_hand(path.to_owned());
    }
    let call = format!("{package}.{name}{arguments}");
    if list.values.contains(&call) {
        return Ok(Wired::There);
    }
    let file = RepoPath::known(path);
    planner.open(&file)?;
    let import = known.is_none().then(|| ImportSpec::plain(&own));
    let line = Line { list: None, returns: None, call };
    let spot = Spot::Value(format!("{package}."));
    Ok(Wired::Line(Wiring { file, callee: name.clone(), caller: (None, list.function), spot, line, import }))
}
