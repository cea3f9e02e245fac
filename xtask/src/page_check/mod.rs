//! `cargo xtask page-check`: review pages in a real browser, without a window.
//!
//! Each page is opened light and dark: its links, its keys, its filters, what it looks like without a script and on
//! paper, that nothing is fetched and nothing complains; and what axe finds, where axe is.

mod browser;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use browser::Browser;
use kubevirt_scaffold::exit::ExitStatus;
use kubevirt_scaffold::process::Runner;

use crate::flags;
use crate::test::case::{Case, root, temporary};

/// A page of a usual feature is at most so large.
const SIZE: usize = 1 << 20;
/// And is open after this.
const OPEN: Duration = Duration::from_secs(1);

/// A tasks.md, and what is expected of its page.
struct Trial {
    name: String,
    /// The command line behind `scaffold`.
    words: Vec<String>,
    case: Option<Case>,
    /// Whether somebody may write such a file by hand.
    is_usual: bool,
}

/// Checks every page.
pub fn run(args: &flags::PageCheck) -> Result<ExitStatus> {
    let Some(program) = browser::program() else {
        println!("skipped: there is no Chromium on PATH");
        return Ok(ExitStatus::Done);
    };
    let axe = args.axe.as_ref().map(|path| fs::read_to_string(path).with_context(|| path.display().to_string()));
    let axe = axe.transpose()?;
    if axe.is_none() {
        println!("skipped: axe, which --axe FILE names (axe.min.js of the package axe-core)");
    }
    let folder = temporary()?;
    let mut browser = Browser::start(program, &folder.path().join("profile"))?;
    let mut failed = false;
    for trial in trials(args) {
        let page = folder.path().join(format!("{}.html", trial.name));
        make(&trial, &page, args.kubevirt.as_deref())?;
        let mut seen =
            Seen { browser: &mut browser, axe: axe.as_deref(), pictures: args.pictures.as_deref(), wrong: Vec::new() };
        let line = seen.page(&trial, &page)?;
        println!("{}: {line}", trial.name);
        for wrong in &seen.wrong {
            println!("  {wrong}");
        }
        failed |= !seen.wrong.is_empty();
    }
    Ok(if failed { ExitStatus::Found } else { ExitStatus::Done })
}

fn trials(args: &flags::PageCheck) -> Vec<Trial> {
    let case = |name: &str| {
        let case = Case::new(&root().join("tests/cases").join(name));
        let words = std::iter::once("tasks.md".to_owned()).chain(case.flags().to_vec()).collect();
        Trial { name: name.to_owned(), words, case: Some(case), is_usual: true }
    };
    let mut trials: Vec<Trial> =
        ["template", "hostile-texts", "compliance-held", "path-escapes"].into_iter().map(case).collect();
    let words = vec!["tasks.md".to_owned()];
    trials.push(Trial { name: "2000-tasks".to_owned(), words, case: None, is_usual: false });
    if let Some(tasks) = &args.tasks {
        let set = args.set.iter().flat_map(|pair| ["--set".to_owned(), pair.clone()]);
        let words = std::iter::once(tasks.display().to_string()).chain(set).collect();
        trials = vec![Trial { name: "page".to_owned(), words, case: None, is_usual: true }];
    }
    trials.retain(|trial| args.only.as_ref().is_none_or(|only| trial.name.contains(only.as_str())));
    trials
}

/// Two thousand tasks in twenty phases, each with a page of its own, each waiting for one before.
fn many() -> String {
    let mut text = String::from("# Tasks: Many pages of KubeVirt\n\n**Feature ID**: 900\n");
    for at in 1..=2_000 {
        if at % 100 == 1 {
            let _ = write!(text, "\n## Phase {}: Part {}\n\n", at / 100 + 1, at / 100 + 1);
        }
        let after = if at % 10 == 1 { String::new() } else { format!(" (depends on T{:04})", at - 1) };
        let _ = write!(
            text,
            "- [ ] T{at:04} **Write page {at}**{after}\n  - File: `docs/many/page{at}.md`\n  - Content: What page {at} says\n"
        );
    }
    text
}

/// Writes the page.
fn make(trial: &Trial, page: &Path, kubevirt: Option<&Path>) -> Result<()> {
    let program = std::env::current_exe()?;
    let (program, page) = (program.to_string_lossy().into_owned(), page.display().to_string());
    let mut words = vec!["scaffold"];
    words.extend(trial.words.iter().map(String::as_str));
    words.extend(["--dry-run", "--html", &page]);
    let sample = Case::new(&root().join("tests/cases/template"));
    let checkout = trial.case.as_ref().unwrap_or(&sample).checkout()?;
    let desk = match &trial.case {
        Some(case) => case.desk()?,
        None => temporary()?,
    };
    let here = std::env::current_dir()?;
    let is_named = trial.case.is_none() && trial.words[0] != "tasks.md";
    if trial.case.is_none() && !is_named {
        fs::write(desk.path().join("tasks.md"), many())?;
    }
    let tree = kubevirt.filter(|_| is_named).unwrap_or(checkout.path());
    let runner = Runner::new(if is_named { &here } else { desk.path() }).with("KUBEVIRT_DIR", tree);
    let output = runner.run(&program, &words)?;
    anyhow::ensure!(Path::new(&page).exists(), "no page: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// A page that is looked at.
struct Seen<'a> {
    browser: &'a mut Browser,
    axe: Option<&'a str>,
    pictures: Option<&'a Path>,
    wrong: Vec<String>,
}

impl Seen<'_> {
    fn check(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.wrong.push(what.into());
        }
    }

    /// Looks at all of it; a line about its size.
    fn page(&mut self, trial: &Trial, page: &Path) -> Result<String> {
        let size = fs::read(page)?.len();
        let url = format!("file://{}", page.display());
        let mut slowest = Duration::ZERO;
        let mut found = String::new();
        for scheme in ["light", "dark"] {
            self.window(1400, 900, scheme, "")?;
            let took = self.browser.open(&url, true)?;
            slowest = slowest.max(took);
            for wrong in self.list(include_str!("check.js"))? {
                self.check(false, format!("{scheme}: {wrong}"));
            }
            self.picture(&format!("{}-{scheme}", trial.name))?;
            found = self.axe(scheme)?;
        }
        self.links(&trial.name)?;
        self.keys()?;
        self.quiet(&url);
        self.on_paper_and_without_script(&trial.name, &url)?;
        self.check(!trial.is_usual || size <= SIZE, format!("it is too large: {size} bytes"));
        self.check(!trial.is_usual || slowest <= OPEN, format!("it opens in {} ms", slowest.as_millis()));
        let kilobytes = size / 1000;
        Ok(format!("{kilobytes} kB, opens in {} ms, {found}{} wrong", slowest.as_millis(), self.wrong.len()))
    }

    fn window(&mut self, width: u32, height: u32, scheme: &str, media: &str) -> Result<()> {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.browser.call("Emulation.setDeviceMetricsOverride", &size)?;
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.browser.call("Emulation.setEmulatedMedia", &json!({ "media": media, "features": features }))?;
        Ok(())
    }

    fn picture(&mut self, name: &str) -> Result<()> {
        if let Some(folder) = self.pictures {
            fs::create_dir_all(folder)?;
            self.browser.picture(&folder.join(format!("{name}.png")))?;
        }
        Ok(())
    }

    fn list(&mut self, script: &str) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.browser.evaluate(script)?)?)
    }

    /// What axe finds.
    fn axe(&mut self, scheme: &str) -> Result<String> {
        let Some(axe) = self.axe else { return Ok(String::new()) };
        self.browser.evaluate(&format!("{axe};0"))?;
        let script = "axe.run().then((found) => found.violations.map((it) => it.id + ': ' + it.help + ', ' + it.nodes.length + ' times, such as '\
            + it.nodes[0].html.slice(0, 200) + ' ' + it.nodes[0].failureSummary))";
        let found = self.list(script)?;
        let shown = format!("axe finds {}, ", found.len());
        self.wrong.extend(found.into_iter().map(|found| format!("{scheme}: axe: {found}")));
        Ok(shown)
    }

    /// Follows a link into the code, and back.
    fn links(&mut self, name: &str) -> Result<()> {
        let is_seen = "(() => { const it = document.querySelector(':target'); if (!it) return 'nothing'; const box = it.getBoundingClientRect(), \
            pane = it.closest('#tasks, #changes').getBoundingClientRect(); return box.bottom > pane.top && box.top < pane.bottom ? '' : it.id; })()";
        for query in [
            ".lines a[href*=L]",
            ".lines li:nth-last-child(-n+40) a[href*=L]",
            "td.t a",
            "#overview a",
            "[data-file] a",
            "svg a",
        ] {
            let click = format!(
                "(() => {{ const it = document.querySelectorAll({query:?}); const last = it[it.length - 1]; if (last) last.dispatchEvent(new MouseEvent('click', {{ bubbles: true, cancelable: true }})); return !!last; }})()"
            );
            if self.browser.evaluate(&click)? == true {
                // Scrolling thousands of lines takes a busy machine a while.
                let settled = format!(
                    "(async () => {{ let lost; for (let tries = 0; tries < 20; tries++) {{ await new Promise((done) => setTimeout(done, 100)); lost = {is_seen}; if (!lost) break; }} return lost; }})()"
                );
                let lost = self.browser.evaluate(&settled)?;
                self.check(lost == "", format!("after a click on {query}, {lost} is out of sight"));
                if query == "td.t a" || query == ".lines a[href*=L]" {
                    let shown = if query == "td.t a" { "back" } else { "linked" };
                    self.picture(&format!("{name}-{shown}"))?;
                }
            }
        }
        Ok(())
    }

    /// Goes through it by keys.
    fn keys(&mut self) -> Result<()> {
        let state = "({ files: document.querySelectorAll('.file').length, shown: document.querySelectorAll('.file:not([hidden])').length, \
            lines: document.querySelectorAll('.lines li:not([hidden])').length, boxes: document.querySelectorAll('input[data-id]:not([hidden])').length, \
            current: (document.querySelector('.current') || {}).id || '', focus: document.activeElement.localName, \
            command: (document.getElementById('command') || {}).textContent || '', first: (document.querySelector('input[data-id]') || { dataset: {} }).dataset.id || '' })";
        let start = self.browser.evaluate(state)?;
        let number = |state: &Value, key: &str| state[key].as_u64().unwrap_or(0);
        if number(&start, "files") > 0 {
            for (keys, place) in [(&["j"][..], "F0"), (&["j"], "F1"), (&["k"], "F0")] {
                for key in keys {
                    self.browser.press(key)?;
                }
                let now = self.browser.evaluate(state)?;
                let holds = now["current"] == place || number(&start, "files") == 1;
                self.check(holds, format!("{keys:?} leads to {} and not to {place}", now["current"]));
                self.check(now["focus"] == "h2", format!("{keys:?} puts the focus on {}", now["focus"]));
            }
        }
        if number(&start, "boxes") > 0 {
            self.browser.press("n")?;
            self.browser.press("x")?;
            let now = self.browser.evaluate(state)?;
            let command = now["command"].as_str().unwrap_or_default();
            let first = start["first"].as_str().unwrap_or_default();
            let wanted = now["command"] == "" || command.contains(" --only ") && command.contains(first);
            self.check(wanted, format!("a ticked {first} makes the command {command}"));
            self.check(now["focus"] == "input", format!("n puts the focus on {}", now["focus"]));
            self.browser.press("x")?;
            let now = self.browser.evaluate(state)?;
            self.check(now["command"] == start["command"], "unticking does not bring the command back");
        }
        self.browser.press("/")?;
        self.browser.call("Input.insertText", &json!({ "text": start["first"] }))?;
        let now = self.browser.evaluate(state)?;
        let fewer = number(&start, "boxes") < 2 || number(&now, "lines") < number(&start, "lines");
        self.check(fewer, format!("a filter by task shows {} of {} lines", now["lines"], start["lines"]));
        self.browser.evaluate("(() => { const it = document.getElementById('words'); it.value = ''; it.dispatchEvent(new Event('input')); })()")?;
        self.browser.press("Escape")?;
        let now = self.browser.evaluate(state)?;
        self.check(now["focus"] == "body", format!("Escape leaves the focus on {}", now["focus"]));
        let phases = "(() => { const it = document.getElementById('phase'); const last = it.options[it.options.length - 1]; it.value = last.value; it.dispatchEvent(new Event('change')); return it.options.length; })()";
        if self.browser.evaluate(phases)?.as_u64().unwrap_or(0) > 2 {
            let now = self.browser.evaluate(state)?;
            let fewer = number(&now, "lines") < number(&start, "lines");
            self.check(fewer, format!("a filter by phase shows {} of {} lines", now["lines"], start["lines"]));
        }
        self.browser.evaluate("(() => { const it = document.getElementById('phase'); it.value = ''; it.dispatchEvent(new Event('change')); })()")?;
        let now = self.browser.evaluate(state)?;
        self.check(now["shown"] == start["shown"], "without a filter, files are missing");
        Ok(())
    }

    /// Nothing complained, and nothing was fetched but the page.
    fn quiet(&mut self, url: &str) {
        for event in self.browser.events() {
            let said = &event["params"];
            let odd = match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => true,
                "Runtime.consoleAPICalled" => said["type"] == "error" || said["type"] == "warning",
                "Log.entryAdded" => said["entry"]["level"] == "error" || said["entry"]["level"] == "warning",
                "Network.requestWillBeSent" => {
                    let asked = said["request"]["url"].as_str().unwrap_or_default();
                    !asked.starts_with(url)
                }
                _ => false,
            };
            self.check(!odd, format!("{}: {said:.300}", event["method"]));
        }
    }

    fn on_paper_and_without_script(&mut self, name: &str, url: &str) -> Result<()> {
        self.window(900, 1200, "light", "print")?;
        self.picture(&format!("{name}-print"))?;
        let hidden = "[...document.querySelectorAll('.file')].filter((it) => !it.getClientRects().length).length";
        let lost = self.browser.evaluate(hidden)?;
        self.check(lost == 0, format!("on paper, {lost} files are missing"));
        self.window(500, 900, "light", "")?;
        self.picture(&format!("{name}-narrow"))?;
        let wide = self.browser.evaluate("document.documentElement.scrollWidth - innerWidth")?;
        self.check(wide.as_i64().unwrap_or(0) <= 0, format!("a narrow window is {wide} pixels too narrow"));
        self.window(1400, 900, "light", "")?;
        self.browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": true }))?;
        self.browser.open(url, false)?;
        self.picture(&format!("{name}-no-script"))?;
        self.browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": false }))?;
        let empty = "[...document.querySelectorAll('#filter, input[data-id]')].filter((it) => it.getClientRects().length).length";
        let shown = self.browser.evaluate(empty)?;
        self.check(shown == 0, format!("without a script, {shown} boxes do nothing"));
        self.browser.events();
        Ok(())
    }
}
