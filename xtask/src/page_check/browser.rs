//! A headless Chromium that is talked to over a pipe, in its DevTools protocol: messages in JSON, each ended by a zero.

use std::fs;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use kubevirt_scaffold::process::{Runner, Talk};

/// The programs that may be there.
const PROGRAMS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Browser {
    talk: Talk,
    next: u64,
    session: Option<String>,
    /// What happened and nobody asked for.
    events: Vec<Value>,
}

/// The Chromium of this machine.
pub(super) fn program() -> Option<&'static str> {
    let here = Runner::new(Path::new("."));
    PROGRAMS
        .iter()
        .copied()
        .find(|program| here.run_silently(program, &["--version"]).is_ok_and(|ended| ended.success()))
}

impl Browser {
    /// Starts one, with a profile of its own in a folder.
    pub(super) fn start(program: &str, profile: &Path) -> Result<Self> {
        // The protocol's pipes are 3 and 4; a shell puts ours there. Containers have no sandbox to offer, and the pages
        // are our own.
        let script = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
        let profile = format!("--user-data-dir={}", profile.display());
        let words = ["-c", script, "sh", program, "--headless=new", "--no-sandbox", "--remote-debugging-pipe"];
        let more = [&*profile, "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars=false"];
        let talk = Runner::new(Path::new(".")).talk("sh", &[&words[..], &more].concat())?;
        let mut browser = Self { talk, next: 0, session: None, events: Vec::new() };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }))?;
        let attached =
            browser.call("Target.attachToTarget", &json!({ "targetId": target["targetId"], "flatten": true }))?;
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.call(domain, &json!({}))?;
        }
        Ok(browser)
    }

    /// Calls a method, and waits for its result.
    pub(super) fn call(&mut self, method: &str, parameters: &Value) -> Result<Value> {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.talk.input.write_all(format!("{message}\0").as_bytes()).context("writing to the browser")?;
        self.talk.input.flush()?;
        loop {
            let mut said = self.read()?;
            if said["id"] == self.next {
                if !said["error"].is_null() {
                    bail!("{method}: {}", said["error"]["message"]);
                }
                return Ok(said["result"].take());
            }
            self.events.push(said);
        }
    }

    fn read(&mut self) -> Result<Value> {
        let mut bytes = Vec::new();
        self.talk.output.read_until(0, &mut bytes).context("reading from the browser")?;
        if bytes.pop() != Some(0) {
            bail!("the browser has ended");
        }
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// What happened since this was last asked.
    pub(super) fn events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    /// Opens a page; how long that takes until it is on the screen, if scripts can tell.
    pub(super) fn open(&mut self, url: &str, has_scripts: bool) -> Result<Duration> {
        let (started, earlier) = (Instant::now(), self.events.len());
        self.call("Page.navigate", &json!({ "url": url }))?;
        while !self.events[earlier..].iter().any(|event| event["method"] == "Page.loadEventFired") {
            let said = self.read()?;
            self.events.push(said);
            if started.elapsed() > PATIENCE {
                bail!("{url} does not open");
            }
        }
        // Two frames later it has been painted.
        if has_scripts {
            let painted = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))";
            self.evaluate(painted)?;
        }
        Ok(started.elapsed())
    }

    /// The value of an expression, which may be a promise.
    pub(super) fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut said = self.call("Runtime.evaluate", &asked)?;
        if !said["exceptionDetails"].is_null() {
            bail!("{expression:.60}: {}", said["exceptionDetails"]["exception"]["description"]);
        }
        Ok(said["result"]["value"].take())
    }

    /// Presses a key.
    pub(super) fn press(&mut self, key: &str) -> Result<()> {
        let text = if key.chars().count() == 1 { key } else { "" };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let code = if key == "Escape" { 27 } else { 0 };
        let mut down = json!({ "type": down, "key": key, "windowsVirtualKeyCode": code });
        if !text.is_empty() {
            down["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", &down)?;
        self.call("Input.dispatchKeyEvent", &json!({ "type": "keyUp", "key": key }))?;
        Ok(())
    }

    /// What the window shows, or the paper it is printed on, as a file.
    pub(super) fn picture(&mut self, path: &Path) -> Result<()> {
        let said = self.call("Page.captureScreenshot", &json!({ "format": "png" }))?;
        fs::write(path, decoded(said["data"].as_str().unwrap_or_default()))?;
        Ok(())
    }
}

/// Base 64.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u32> = text.bytes().filter_map(digit).collect();
    let mut bytes = Vec::new();
    for part in digits.chunks(4) {
        let bits = part.iter().enumerate().fold(0, |bits, (at, digit)| bits | digit << (18 - 6 * at));
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(part.len() - 1));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn base_64_is_read() {
        for (text, bytes) in [("", ""), ("TQ==", "M"), ("TWE=", "Ma"), ("TWFu", "Man"), ("TWFuTQ==", "ManM")] {
            assert_eq!(decoded(text), bytes.as_bytes());
        }
    }
}
