//! The one line that calls a validation function: in which function, at which place, with what.

mod arguments;
mod callers;
mod line;

use std::rc::Rc;

use callers::{callers_of, stated_callers};
pub(super) use callers::{is_called, is_gates};

use crate::demand;
use crate::go::scope::{Block as ScopeBlock, CallText, FunctionScope, Statement, StatementKind};
use crate::go::{Decl, DeclKind, FuncName, FunctionHead, ImportSpec, add_imports};
use crate::name::lower_first;
use crate::pending::{PendingFiles, Refusal};
use crate::plan::Planner;
use crate::repo_path::RepoPath;
use crate::survey::{GoSource, InScope, Meaning, PATH, TypedField};
use crate::text::TextEdit;
use crate::tree::{join, parent};

/// A list of causes.
pub(super) const CAUSES: &str = "[]\"k8s.io/apimachinery/pkg/apis/meta/v1\".StatusCause";
/// A whole answer.
pub(super) const RESPONSE: &str = "*\"k8s.io/api/admission/v1\".AdmissionResponse";
/// What answers are made with.
const WEBHOOKS: &str = "pkg/util/webhooks";
/// What paths to fields are made with.
const FIELD: &str = "k8s.io/apimachinery/pkg/util/validation/field";
/// How far below a variable a value is looked for.
const DEPTH: usize = 4;

/// A function that is to be called, with every type in it resolved.
#[derive(Clone, Debug)]
pub(super) struct Callee {
    /// Its name.
    pub(super) name: String,
    /// The type of its receiver, without a star.
    pub(super) receiver: Option<String>,
    /// The folder of its package.
    pub(super) folder: String,
    /// Its parameters: name and type.
    pub(super) parameters: Vec<(String, String)>,
    /// Its results.
    pub(super) results: Vec<String>,
}

impl Callee {
    /// A function from its head, whose types stand in `types` in order: parameters, then results.
    pub(super) fn new(head: &FunctionHead, folder: &str, qualified: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let mut parameters = Vec::new();
        for parameter in &head.parameters {
            let dots = if parameter.variadic { "[]" } else { "" };
            let ty = qualified(&format!("{dots}{}", parameter.ty.text))?;
            match parameter.names.as_slice() {
                [] => parameters.push((String::new(), ty)),
                names => parameters.extend(names.iter().map(|name| (name.clone(), ty.clone()))),
            }
        }
        let mut results = Vec::new();
        for result in &head.results {
            let ty = qualified(&result.ty.text)?;
            results.extend(std::iter::repeat_n(ty, result.names.len().max(1)));
        }
        let receiver = head.receiver.as_ref().map(|receiver| receiver.ty.text.trim_start_matches('*').to_owned());
        Some(Self { name: head.name.clone(), receiver, folder: folder.to_owned(), parameters, results })
    }
}

/// Where a function is called, and how.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The file of the caller.
    pub(super) file: RepoPath,
    /// The type of the caller's receiver.
    receiver: Option<String>,
    /// The caller.
    function: String,
    /// The name of what is called.
    callee: String,
    /// The statement beside which the call goes.
    anchor: String,
    /// It goes before the statement.
    before: bool,
    /// The call and what is made of its answer, with a blank line where one belongs.
    code: String,
    /// What the caller's file needs for it.
    imports: Vec<ImportSpec>,
}

/// A function that might call it.
struct Caller<'a> {
    source: Rc<GoSource>,
    receiver: Option<String>,
    name: String,
    callee: &'a Callee,
}

/// A place in a caller.
struct Spot<'s> {
    known: Vec<InScope>,
    anchor: &'s Statement,
    before: bool,
    how: How,
}

/// What is made of what the function gives back.
enum How {
    Append(String),
    AppendIf(String, String),
    /// Causes that are assigned, and the statement that returns them.
    Assign(String, String),
    /// A block that returns.
    Block,
}

/// Where a function is called from: as a task says, or from the only place that makes sense. Otherwise why it cannot be
/// told, in words that go behind "nothing calls it yet:".
pub(super) fn site(
    planner: &Planner<'_, '_>,
    file: &RepoPath,
    callee: &Callee,
    stated: Option<&demand::Call>,
) -> Result<Site, String> {
    let callers = match stated {
        Some(call) => {
            let is_beside = !matches!(call.place, demand::Place::Open | demand::Place::Start | demand::Place::End);
            let is_list = callee.results == [CAUSES];
            if !(matches!(call.place, demand::Place::Open | demand::Place::End) || is_beside && is_list) {
                return Err("the task says where in the caller".to_owned());
            }
            // What is not given the configuration cannot ask for the gate.
            let asks = callee.parameters.iter().any(|(_, ty)| ty.contains("Config"));
            if let Some(condition) = call.condition.as_ref().filter(|condition| !asks || !is_gates(planner, condition))
            {
                let callers = stated_callers(planner, file, callee, call)?;
                let place = callers.first().map(Caller::place).unwrap_or_default();
                return Err(format!("the task makes a condition, \"{condition}\"; see {place}"));
            }
            stated_callers(planner, file, callee, call)?
        }
        None => callers_of(planner, file, callee),
    };
    let places: Vec<String> = callers.iter().map(Caller::place).collect();
    let planned = super::facts::planned_fields(planner);
    let mut found: Vec<(usize, Site)> = Vec::new();
    let mut why = None;
    for caller in &callers {
        match caller.site(planner, &planned, stated) {
            Ok(site) => found.push(site),
            Err(error) => why = Some(error),
        }
    }
    let least = found.iter().map(|(cost, _)| *cost).min();
    let mut best = found.into_iter().filter(|(cost, _)| Some(*cost) == least).map(|(_, site)| site);
    match (best.next(), best.next()) {
        (Some(site), None) => Ok(site),
        (Some(_), Some(_)) => Err(format!("several functions could: {}", places.join(", "))),
        (None, _) if callers.len() == 1 => Err(why.unwrap_or_default()),
        (None, _) if callers.is_empty() => Err(format!("{file} has no function that collects what others find")),
        (None, _) => Err(format!("none of {} has all of its arguments", places.join(", "))),
    }
}

/// Whether a block puts what calls give back into a list.
fn lists(block: &ScopeBlock) -> bool {
    let mut kinds = block.statements.iter().map(|statement| &statement.kind);
    kinds.any(|kind| matches!(kind, StatementKind::Append { .. } | StatementKind::AppendIf { .. }))
}

/// What can be named before a statement of a block.
fn known_at(meaning: &Meaning<'_, '_>, block: &ScopeBlock, outer: &[InScope], at: usize) -> Vec<InScope> {
    let mut known = outer.to_vec();
    meaning.declare(&mut known, &block.declares);
    for statement in &block.statements[..at] {
        meaning.declare(&mut known, &statement.declares);
    }
    known
}

impl Caller<'_> {
    /// The call, and how far what it is given had to be looked for.
    fn site(
        &self,
        planner: &Planner<'_, '_>,
        planned: &[(String, TypedField)],
        stated: Option<&demand::Call>,
    ) -> Result<(usize, Site), String> {
        let place = self.place();
        let scope = self.source.target().scope(self.func()).map_err(|error| error.to_string())?;
        let meaning = Meaning { survey: planner.survey, source: &self.source, planned };
        let spots = self.spots(&meaning, &scope, stated).map_err(|why| format!("{why} in {place}"))?;
        let mut lacking = None;
        let mut made = None;
        for group in spots {
            let mut found = Vec::new();
            for spot in group {
                match self.given(&meaning, &spot, &scope, stated) {
                    Ok((cost, arguments)) => found.push((cost, spot, arguments)),
                    Err(name) => lacking = lacking.or(Some(name)),
                }
            }
            let least = found.iter().map(|(cost, ..)| *cost).min();
            let mut best = found.into_iter().filter(|(cost, ..)| Some(*cost) == least);
            match (best.next(), best.next()) {
                (Some(one), None) => {
                    made = Some(one);
                    break;
                }
                (Some(_), Some(_)) => return Err(format!("several places in {place} could")),
                (None, _) => {}
            }
        }
        let Some((cost, spot, arguments)) = made else {
            return Err(match lacking {
                Some(_) if stated.is_some_and(|call| call.arguments.is_some()) => {
                    format!("the task states its arguments; see {place}")
                }
                Some(name) if self.names(&name) => {
                    format!("{place} has a `{name}`, and whether that is its `{name}` is not certain")
                }
                Some(name) => format!("{place} has nothing that is its `{name}`"),
                None => format!("{place} collects nothing that it could be added to"),
            });
        };
        // A list is a better place than a block of its own.
        let cost = if matches!(spot.how, How::Block) { cost + DEPTH } else { cost };
        self.finish(planner, &scope, &spot, &arguments).map(|site| (cost, site))
    }

    /// The places where the call may go, the better ones first.
    fn spots<'s>(
        &self,
        meaning: &Meaning<'_, '_>,
        scope: &'s FunctionScope,
        stated: Option<&demand::Call>,
    ) -> Result<Vec<Vec<Spot<'s>>>, String> {
        let outermost = meaning.outermost(scope);
        if let Some(demand::Place::After(other) | demand::Place::Before(other) | demand::Place::Between(other, _)) =
            stated.map(|call| &call.place)
        {
            let before = matches!(stated.map(|call| &call.place), Some(demand::Place::Before(_)));
            let mut found = Vec::new();
            beside_call(meaning, &scope.body, &outermost, (&other.name, before), &mut found);
            return match found.len() {
                1 => Ok(vec![found]),
                0 => Err(format!("no statement that collects what it finds calls {other}")),
                _ => Err(format!("more than one statement calls {other}")),
            };
        }
        let results: Vec<Option<String>> = scope
            .results
            .iter()
            .map(|result| meaning.survey.qualified(parent(self.source.path()), &self.source.file, &result.ty))
            .collect();
        let answers = matches!(results.as_slice(), [Some(one)] if one == RESPONSE);
        let causes = self.callee.results == [CAUSES];
        let mut groups = Vec::new();
        let body = &scope.body;
        let by_operation = |statement: &Statement| {
            statement.kind == StatementKind::Switch
                && statement.span.of(self.source.source.text()).lines().next().is_some_and(|l| l.contains(".Operation"))
        };
        if body.statements.iter().any(by_operation) {
            return Err("which operations it is for is to be decided: there is a `switch` over them".to_owned());
        }
        if causes {
            groups.extend(self.in_block(meaning, body, &outermost).map(|spot| vec![spot]));
            if stated.is_some() {
                let mut nested = Vec::new();
                self.nested(meaning, body, &outermost, &mut nested);
                groups.push(nested);
            }
        }
        // Before the answer.
        let last = body.statements.last();
        if let Some(last) = last.filter(|last| matches!(last.kind, StatementKind::Return { .. })) {
            let fits = answers || results.iter().any(|ty| ty.as_deref() == Some("error")) && !causes;
            if fits {
                let known = known_at(meaning, body, &outermost, body.statements.len() - 1);
                groups.push(vec![Spot { known, anchor: last, before: true, how: How::Block }]);
            }
        }
        Ok(groups)
    }

    /// The end of the list of calls in a block.
    fn in_block<'s>(&self, meaning: &Meaning<'_, '_>, block: &'s ScopeBlock, outer: &[InScope]) -> Option<Spot<'s>> {
        let text = self.source.source.text();
        let statements = &block.statements;
        let holds = |at: usize, list: &str| {
            let known = known_at(meaning, block, outer, at);
            known.iter().any(|variable| variable.expr == list && variable.ty == CAUSES)
        };
        // Behind the last answer that is made of a list, nothing more is collected.
        let sink = |at: &usize| match &statements[*at].kind {
            StatementKind::ReturnIf { list } => holds(*at, list),
            StatementKind::Return { value } => holds(*at, value),
            StatementKind::Other => statements[*at].span.of(text).contains("NewAdmissionResponse("),
            _ => false,
        };
        let sinks: Vec<usize> = (0..statements.len()).filter(sink).collect();
        let end = sinks.last().copied().unwrap_or(statements.len());
        let appended = (0..end).rev().find_map(|at| match &statements[at].kind {
            StatementKind::Append { list, .. } if holds(at, list) => Some((at, How::Append(list.clone()))),
            StatementKind::AppendIf { list, new, .. } if holds(at, list) => {
                Some((at, How::AppendIf(list.clone(), new.clone())))
            }
            _ => None,
        });
        if let Some((at, how)) = appended {
            let known = known_at(meaning, block, outer, at + 1);
            return Some(Spot { known, anchor: &statements[at], before: false, how });
        }
        let at = *sinks.last()?;
        let anchor = &statements[at];
        let known = known_at(meaning, block, outer, at);
        let returned = |at: &usize| matches!(statements[*at].kind, StatementKind::ReturnIf { .. });
        match &anchor.kind {
            StatementKind::ReturnIf { list } if sinks.iter().filter(|at| returned(at)).count() > 1 => {
                let how = How::Assign(list.clone(), anchor.span.of(text).to_owned());
                let known = known_at(meaning, block, outer, at + 1);
                Some(Spot { known, anchor, before: false, how })
            }
            StatementKind::ReturnIf { list } => {
                Some(Spot { known, anchor, before: true, how: How::Append(list.clone()) })
            }
            StatementKind::Return { value } => {
                Some(Spot { known, anchor, before: true, how: How::Append(value.clone()) })
            }
            _ => None,
        }
    }

    /// The ends of the lists of calls in the blocks of a block.
    fn nested<'s>(
        &self,
        meaning: &Meaning<'_, '_>,
        block: &'s ScopeBlock,
        outer: &[InScope],
        found: &mut Vec<Spot<'s>>,
    ) {
        for (at, statement) in block.statements.iter().enumerate().filter(|(_, statement)| !statement.blocks.is_empty())
        {
            let known = known_at(meaning, block, outer, at);
            for inner in &statement.blocks {
                let lists = |statement: &Statement| matches!(statement.kind, StatementKind::Append { .. });
                if inner.statements.iter().any(lists) {
                    found.extend(self.in_block(meaning, inner, &known).filter(|spot| !spot.before));
                }
                let mut deeper = known.clone();
                meaning.declare(&mut deeper, &inner.declares);
                self.nested(meaning, inner, &known, found);
            }
        }
    }
}

/// The places beside the statements that add to a list what another function finds.
fn beside_call<'s>(
    meaning: &Meaning<'_, '_>,
    block: &'s ScopeBlock,
    outer: &[InScope],
    (other, before): (&str, bool),
    found: &mut Vec<Spot<'s>>,
) {
    for (at, anchor) in block.statements.iter().enumerate() {
        let how = match &anchor.kind {
            StatementKind::Append { list, call, .. } => Some((call, How::Append(list.clone()))),
            StatementKind::AppendIf { list, new, call, .. } => Some((call, How::AppendIf(list.clone(), new.clone()))),
            _ => None,
        };
        if let Some((_, how)) = how.filter(|(call, _)| call.callee.rsplit('.').next() == Some(other)) {
            let known = known_at(meaning, block, outer, at + usize::from(!before));
            found.push(Spot { known, anchor, before, how });
        }
        let known = known_at(meaning, block, outer, at);
        for inner in &anchor.blocks {
            beside_call(meaning, inner, &known, (other, before), found);
        }
    }
}

/// The calls of the list that a statement belongs to; all of the function's if it is none of a list.
fn beside<'s>(block: &'s ScopeBlock, anchor: &Statement) -> Vec<&'s CallText> {
    fn call(statement: &Statement) -> Option<&CallText> {
        match &statement.kind {
            StatementKind::Append { call, .. } | StatementKind::AppendIf { call, .. } => Some(call),
            _ => None,
        }
    }
    fn owner<'s>(block: &'s ScopeBlock, anchor: &Statement) -> Option<&'s ScopeBlock> {
        if block.statements.iter().any(|statement| statement.span == anchor.span) {
            return Some(block);
        }
        block.statements.iter().flat_map(|statement| &statement.blocks).find_map(|inner| owner(inner, anchor))
    }
    owner(block, anchor).map(|block| block.statements.iter().filter_map(call).collect()).unwrap_or_default()
}

impl Site {
    /// Whether a function is the caller.
    pub(super) fn is_in(&self, function: &str) -> bool {
        self.function == function
    }

    /// Puts the call there.
    pub(super) fn render(&self, pending: &mut PendingFiles<'_>) -> Result<(), Refusal> {
        let module = pending.module();
        pending.anchor_go(&self.file, |target| {
            let caller = FuncName { receiver: self.receiver.as_deref(), name: &self.function };
            target.require(caller)?;
            let decl = target.file.method(caller.receiver, caller.name).map(|decl| decl.span);
            let is_called = target.file.tokens.iter().any(|token| {
                decl.is_some_and(|decl| decl.contains(token.span.start)) && token.span.of(target.text) == self.callee
            });
            if is_called {
                return Ok(Vec::new());
            }
            let mut edits: Vec<TextEdit> =
                vec![target.beside_statement(caller, &self.anchor, self.before, &self.code)?];
            edits.extend(add_imports(target.text, target.file, &self.imports, module));
            Ok(edits)
        })
    }
}
