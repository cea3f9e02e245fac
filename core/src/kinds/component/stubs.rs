//! The functions, constants and metrics that tasks ask for in a file.

use super::Wanted;
use super::apart::{also_in, is_elsewhere};
use super::calls::{self, Asked, asked};
use super::enumerations::enumerations;
use super::fault::Fault;
use super::functions::{Function, functions};
use super::like::like_others;
use super::listed::{object, spelled};
use super::methods::{Member, On};
use super::metric::{self, Metric, metrics};
use super::shape;
use super::signature::Types;
use crate::kinds::sentence::stated;
use crate::name::{is_free_name, letters};
use crate::plan::{ManualReason, PlannedTask, Planner, ResolvedPath, Use, asks, intent, stem};
use crate::text::Source;
use crate::tree::parent;

/// What comes of the tasks about one file.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The code, for the tasks that ask for some.
    pub(super) wanted: Wanted,
    /// Those tasks.
    pub(super) tasks: Vec<usize>,
    /// The other ones, and why nothing is made for them.
    pub(super) manual: Vec<(usize, ManualReason)>,
    /// Tasks with a line that no code can be made of: the line, and why.
    pub(super) faulty: Vec<(usize, usize, Fault)>,
    /// Lines that were used: task, number, and how.
    pub(super) used: Vec<(usize, usize, Use)>,
    /// Calls that tasks ask for.
    pub(super) calls: Vec<Asked>,
}

/// The code that tasks ask for in a file.
pub(super) fn outcome(planner: &Planner<'_, '_>, place: &ResolvedPath, tasks: &[usize], made: &[String]) -> Outcome {
    let folder = parent(&place.path);
    let mut maker =
        Maker { planner, place, folder, made, wanted: Wanted::default(), used: Vec::new(), left: Vec::new() };
    let mut outcome = Outcome::default();
    for &task in tasks {
        // What it takes the place of stands elsewhere.
        let own = intent::replacement(&planner.task(task).title).and_then(|(_, file)| file);
        if calls::is_callers_file(planner, task, &place.path) || own.is_some_and(|file| !place.path.ends_with(&*file)) {
            continue;
        }
        if calls::lists_command(planner, task, &place.path) {
            continue;
        }
        if calls::is_registry(planner, task, &place.path) {
            let why = format!("what the task adds is registered in {} by hand", place.path);
            outcome.manual.push((task, ManualReason::Inexact { why, places: Vec::new() }));
            continue;
        }
        if !maker.metrics(planner.task(task)).is_empty() && planner.survey.operator_metrics(folder).is_none() {
            outcome.manual.push((task, ManualReason::NoMetrics));
            continue;
        }
        if let Some((line, fault)) = maker.fault(task) {
            outcome.faulty.push((task, line, fault));
            continue;
        }
        match maker.task(task) {
            Ok(()) => outcome.tasks.push(task),
            Err(Some(reason)) => outcome.manual.push((task, reason)),
            Err(None) => {}
        }
        for left in maker.left.drain(..) {
            match left {
                Left::Fault(line, fault) => outcome.faulty.push((task, line, fault)),
                Left::Reason(reason) => outcome.manual.push((task, reason)),
            }
        }
    }
    outcome.wanted = maker.wanted;
    outcome.used = maker.used;
    outcome.calls = asked(planner, place, tasks, &outcome.wanted);
    outcome
}

/// A function of a task that is not written.
enum Left {
    /// Its line says what cannot be written.
    Fault(usize, Fault),
    /// It has no place.
    Reason(ManualReason),
}

pub(super) struct Maker<'a, 'p, 't> {
    pub(super) planner: &'a Planner<'p, 't>,
    pub(super) place: &'a ResolvedPath,
    pub(super) folder: &'a str,
    /// The names of functions that another kind has made.
    made: &'a [String],
    pub(super) wanted: Wanted,
    used: Vec<(usize, usize, Use)>,
    /// The functions of the task that are not written.
    left: Vec<Left>,
}

impl Maker<'_, '_, '_> {
    /// The metrics that a task defines.
    fn metrics(&self, planned: &PlannedTask) -> Vec<Metric> {
        if !self.folder.starts_with("pkg/monitoring/metrics") {
            return Vec::new();
        }
        let mut found = metrics(planned);
        found.retain(|metric| !self.made.contains(&metric.variable()));
        found
    }

    /// The first line of a task that no code can be made of, and why.
    fn fault(&self, index: usize) -> Option<(usize, Fault)> {
        let planned = self.planner.task(index);
        let variables: Vec<String> = self.metrics(planned).iter().map(Metric::variable).collect();
        let list = (!variables.is_empty()).then(|| self.metrics_list(&self.metrics(planned)));
        let name = variables.into_iter().chain(list).find(|name| !is_free_name(name));
        name.map(|name| (planned.line, Fault::reserved(&name)))
    }

    /// The functions that a task names, and those that are there.
    fn functions(&self, index: usize, planned: &PlannedTask) -> (Vec<Function>, Vec<String>) {
        let (mut wanted, existing) = functions(planned);
        wanted.retain(|function| {
            !self.made.contains(&function.name) && !is_elsewhere(self.planner, index, function, &self.place.path)
        });
        like_others(self.planner.survey, self.folder, planned, &mut wanted);
        for function in &mut wanted {
            function.follow(self.planner.survey, self.folder);
            self.own(function);
        }
        (wanted, existing)
    }

    /// Why a function cannot have its name here.
    fn name_fault(&self, function: &Function) -> Option<Fault> {
        let fault = function.fault().filter(|_| !self.is_main(function));
        fault.or_else(|| {
            // A name that the file, or a neighbour, has for a package.
            let taken =
                |name: &str| PACKAGES.contains(&name) || self.planner.survey.imported(self.folder, name).is_some();
            let is_free = function.receiver().is_none() && taken(&function.name);
            let why = || format!("`{}` is the name of a package here", function.name);
            is_free.then(|| Fault { code: "name-reserved", why: why() })
        })
    }

    /// Whether it is the entry of a command that has none.
    pub(super) fn is_main(&self, function: &Function) -> bool {
        let plain = function.head.as_ref().is_ok_and(|head| head.parameters.is_empty() && head.results.is_empty());
        let is_command = self.planner.survey.package_name(self.folder) == "main";
        let lacks =
            self.planner.survey.declares(self.folder, "main").is_none_or(|file| self.place.path.ends_with(&file));
        function.name == "main" && function.receiver().is_none() && plain && is_command && lacks
    }

    /// Notes what a task asks for. In an existing file a task that names nothing new is left to
    /// people, who are told of the places that it speaks of.
    fn task(&mut self, index: usize) -> Result<(), Option<ManualReason>> {
        let planned = self.planner.task(index);
        let (wanted, existing) = self.functions(index, planned);
        let enumerations = enumerations(planned);
        let metrics = self.metrics(planned);
        let defines_values = !enumerations.is_empty() || !metrics.is_empty();
        self.use_lines(index, enumerations.iter().map(|enumeration| enumeration.line));
        self.wanted.enumerations.extend(enumerations);
        for metric in metrics {
            self.wire_metrics(std::slice::from_ref(&metric));
            self.use_lines(index, metric.lines.clone());
            self.wanted.metrics.push((index, metric));
        }
        let asks = !wanted.is_empty();
        let mut done = defines_values;
        let mut elsewhere = Vec::new();
        let mut methods_of = None;
        for function in &wanted {
            if let Some(fault) = self.name_fault(function) {
                self.left.push(Left::Fault(function.line, fault));
                continue;
            }
            // Beside a constructor whose type is not there, a function may be meant as a method.
            if let Some(ty) = methods_of.as_ref().filter(|_| function.receiver().is_none()) {
                let why = format!(
                    "it is not stated whether `{}` is a method of {ty}, which does not exist yet",
                    function.name
                );
                self.left.push(Left::Fault(function.line, Fault { code: "signature-unknown", why }));
                continue;
            }
            methods_of = methods_of.or_else(|| self.constructs(function));
            match self.function(index, planned, function) {
                Ok(None) => done = true,
                Ok(Some(place)) => elsewhere.push(place),
                Err(left) => self.left.push(left),
            }
        }
        if done || metric::registers(self.planner, &self.place.path, planned) {
            if !elsewhere.is_empty() {
                let reason = self.nothing_new(elsewhere);
                self.left.push(Left::Reason(reason));
            }
            return Ok(());
        }
        if !elsewhere.is_empty() {
            return Err(Some(self.nothing_new(elsewhere)));
        }
        if asks {
            return Err(None);
        }
        // All functions are of other files.
        if !functions(planned).0.is_empty() && self.made.is_empty() {
            let why = format!("what line {} says of {} is done by hand", planned.line, self.place.path);
            return Err(Some(ManualReason::Inexact { why, places: Vec::new() }));
        }
        // What a task spells out, or does not ask for, is not replaced by something of ours.
        if planned.withholds() {
            let seams = if planned.unread.is_empty() { Vec::new() } else { self.seams(planned, &existing) };
            return Err((!seams.is_empty()).then(|| self.nothing_new(seams)));
        }
        if let Some(name) = spelled(planned).filter(|_| !self.place.exists) {
            let why = format!("it is unclear whether {name}, which the task spells out, is to be written");
            return Err(Some(ManualReason::Inexact { why, places: Vec::new() }));
        }
        let names_other = |name: &String| {
            let own = [Some(&self.planner.feature().name), self.planner.gate().map(|gate| &gate.name)];
            !self.place.exists && !own.into_iter().flatten().any(|own| letters(own) == letters(name))
        };
        if let Some(name) = planned.once("object", || object(&planned.title)).filter(names_other) {
            let why = format!("it is not stated what `{name}` is in Go");
            return Err(Some(ManualReason::Inexact { why, places: Vec::new() }));
        }
        let stub = self.unnamed(planned);
        // In a file that a former run made, the stub is there.
        if self.place.exists && self.declared_in(&stub).is_none() {
            return Err(Some(self.nothing_new(self.seams(planned, &existing))));
        }
        if let Some(reason) = self.invented(planned) {
            return Err(Some(reason));
        }
        let own = [self.place.path.to_string(), self.planner.feature().name.clone()];
        let unasked = || (!asks::for_code(planned, &own)).then_some("what may be no code");
        if let Some(what) = shape::no_function(planned, &self.place.path).or_else(unasked) {
            return Err(Some(ManualReason::NoFunction { file: self.place.path.to_string(), what }));
        }
        if let Some(place) = self.elsewhere(&stub).or_else(|| self.asked_for(&stub)) {
            return Err(Some(self.nothing_new(vec![place])));
        }
        self.use_lines(index, stub.lines.clone());
        self.wanted.stubs.push(stub);
        Ok(())
    }

    /// Notes a function that a task names. Something if it stands elsewhere already.
    fn function(&mut self, index: usize, planned: &PlannedTask, function: &Function) -> Result<Option<String>, Left> {
        if let Some(fault) = function.fault().filter(|_| function.is_moved) {
            return Err(Left::Fault(function.line, fault));
        }
        let on = On::find(&self.types(), function).map_err(Left::Reason)?;
        if let On::Interface(interface) = on {
            let member = Member::new(&self.types(), planned, function, &interface);
            let member = member.map_err(|fault| Left::Fault(function.line, fault))?;
            if let Some(reason) = member.otherwise(&self.types(), &interface) {
                return Err(Left::Reason(reason));
            }
            self.left.extend(member.left.iter().cloned().map(Left::Reason));
            self.use_lines(index, [function.line]);
            self.wanted.members.push((index, member));
            return Ok(None);
        }
        let mut stub = self.named(planned, function, &on).map_err(|fault| Left::Fault(function.line, fault))?;
        stub.position = self.position(planned, function);
        if let Some(reason) = self.otherwise(&stub, function) {
            return Err(Left::Reason(reason));
        }
        if let Some(changed) = self.changed(function, &stub) {
            return changed.map(Some).map_err(Left::Reason);
        }
        let there = self.elsewhere(&stub).or_else(|| self.turned(function, &stub)).or_else(|| self.asked_for(&stub));
        if let Some(place) = there {
            return Ok(Some(place));
        }
        let others = also_in(self.planner, index, function, &self.place.path);
        if let Some(other) = others.first() {
            let (path, name) = (&self.place.path, &stub.name);
            let (one, two) = if path < other { (path, other) } else { (other, path) };
            let why = format!("line {} does not say whether {one} or {two} gets {name}", function.line);
            return Err(Left::Reason(ManualReason::Inexact { why, places: Vec::new() }));
        }
        self.use_lines(index, std::iter::once(function.line).chain(stub.lines.clone()));
        if let Some((line, _)) = stated(planned, &function.name).filter(|_| functions(planned).0.len() == 1) {
            self.use_lines(index, [line]);
        }
        self.left.extend(self.beside(planned, function, &stub).map(Left::Reason));
        self.wanted.stubs.push(stub);
        Ok(None)
    }

    fn nothing_new(&self, seams: Vec<String>) -> ManualReason {
        ManualReason::NothingNew { file: self.place.path.to_string(), seams }
    }

    pub(super) fn types(&self) -> Types<'_, '_, '_> {
        Types { planner: self.planner, folder: self.folder, file: &self.place.path }
    }

    fn use_lines(&mut self, task: usize, lines: impl IntoIterator<Item = usize>) {
        self.used.extend(lines.into_iter().map(|line| (task, line, Use::Change)));
    }

    fn wire_metrics(&mut self, metrics: &[Metric]) {
        let is_stated = metrics.iter().any(|metric| metric.stated.list.is_some());
        if is_stated || self.wanted.metrics_list.is_empty() {
            self.wanted.metrics_list = self.metrics_list(metrics);
        }
        self.wanted.wiring = metric::wiring(self.planner.survey, self.folder);
    }

    /// The variable that lists the metrics of the file.
    fn metrics_list(&self, metrics: &[Metric]) -> String {
        let stated = metrics.iter().find_map(|metric| metric.stated.list.as_ref());
        // What a collector has is a list of another name.
        if let Some(list) = stated.filter(|list| !list.to_lowercase().ends_with("collector")) {
            return list.clone();
        }
        let words = stem(&self.place.path);
        let words = words.without_suffix(&["metrics"]).without_suffix(&["metric"]);
        format!("{}Metrics", words.camel())
    }

    /// Places in an existing file that the task speaks of.
    fn seams(&self, task: &PlannedTask, existing: &[String]) -> Vec<String> {
        let mut seams = Vec::new();
        if let Some(source) = self.planner.survey.go(&self.place.path).ok().flatten() {
            for name in existing {
                let decl = source.file.decls.iter().find(|decl| decl.names.iter().any(|known| known.text == *name));
                let place = decl.map(|decl| source.source.line(decl.span.start));
                seams.extend(place.map(|line| format!("{name} at {}:{line}", self.place.path)));
            }
            seams.extend(
                last_route(task, &source.source).map(|line| format!("the last route at {}:{line}", self.place.path)),
            );
        }
        let task = &self.planner.file.tasks[task.index];
        let lines = task.paths.iter().filter_map(|path| path.lines);
        seams.extend(lines.map(|(first, last)| format!("lines {first} to {last}, as the task says")));
        seams
    }
}

/// The line of a file's last route, for a task that asks for another one.
fn last_route(task: &PlannedTask, source: &Source) -> Option<usize> {
    let texts = task.details.iter().map(|line| line.text.as_str()).chain([task.title.as_str()]);
    let said = texts.collect::<Vec<_>>().join(" ").to_lowercase();
    let asks = ["route", "subresource", "endpoint"].iter().any(|word| said.contains(word));
    let is_route = |(_, line): &(usize, &str)| line.contains(".Route(");
    let is_like = |(_, line): &(usize, &str)| line.contains("SubResource") == said.contains("subresource");
    let routes = source.text().lines().enumerate().filter(is_route).filter(|_| asks);
    let (at, _) = routes.filter(is_like).last()?;
    Some(at + 1)
}

/// Packages that the files of stubs import.
const PACKAGES: &[&str] = &["errors", "v1", "virtconfig", "operatormetrics"];
