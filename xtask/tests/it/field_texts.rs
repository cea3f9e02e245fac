//! The fields of a tasks.md, and texts for them that try to be more than text.

/// The fields, each with the plain text that stands in it otherwise.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("feature", "Clock"),
    ("phase", "Foundation"),
    ("title", "Write it"),
    ("title of a test", "Keep time"),
    ("description", "Keeps the time."),
    ("gate", "GuestClock"),
    ("constant", "GuestClockGate"),
    ("accessor", "GuestClockEnabled"),
    ("owner", "sig-compute"),
    ("release", "v1.8.0"),
    ("configuration", "Alpha"),
    ("test", "keeps the time"),
    ("verify", "shows the time"),
    ("function", "tick(vmi *v1.VirtualMachineInstance) error"),
    ("second function", "tock()"),
    ("purpose", "moves the hand"),
    ("task", "move the hand"),
    ("method", "(c *VirtualMachineController) tack() error"),
    ("validation", "validateClock()"),
    ("content", "Known limits"),
    ("message", "use the other clock"),
    ("state release", "v1.9.0"),
    ("metric", "kubevirt_vmi_clock_info"),
    ("labels", "namespace"),
    ("help", "How late it is."),
    ("constants", "ClockKind constants (kvm, tsc)"),
    ("field", "guestClock *bool"),
    ("json", "guestClock"),
    ("parts", "Start int32"),
    ("values", "Fast, slow"),
    ("path", "pkg/virt-handler/clock/clock.go"),
    ("set", "handler"),
];

/// Pieces that mean something to Go, to a generator, to a drawing, to a terminal, or to a reader of tasks.
const PIECES: &[&str] = &[
    "PWNED",
    "func init() { PWNED() }",
    "func main()",
    "var PWNED = 1",
    "import \"os\"",
    "import . \"os\"",
    "package PWNED",
    "type PWNED struct{}",
    "const PWNED = 1",
    "init",
    "main",
    "init()",
    "main()",
    "len",
    "nil",
    "error",
    "string",
    "_",
    "func",
    "select",
    "{",
    "}",
    "{{",
    "}}",
    "{{{",
    "{}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ";",
    ",",
    ".",
    ":",
    ":=",
    "=",
    "*",
    "...",
    "\"",
    "'",
    "`",
    "\\",
    "\\\"",
    "//",
    "/*",
    "*/",
    "//go:build PWNED",
    "//go:generate PWNED",
    "//export PWNED",
    "#cgo",
    "+build PWNED",
    "+optional",
    "+k8s:deepcopy-gen=false",
    "//nolint",
    "nolint:all",
    "Deprecated:",
    "%s",
    "%%",
    "%%{init: {}}%%",
    "${PWNED}",
    "$(PWNED)",
    "<script>PWNED</script>",
    "<!--",
    "-->",
    "|",
    "#",
    "##",
    "[x](y)",
    "&lt;",
    "&",
    "\u{0}",
    "\u{1b}[2J",
    "\u{7}",
    "\r",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{9b}31m",
    "\u{ad}",
    "\u{61c}",
    "\u{180e}",
    "\u{200b}",
    "\u{200d}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{3164}",
    "\u{feff}",
    "\u{fff9}",
    "\u{fffd}",
    "\u{e0041}",
    "\u{e007f}",
    "\u{10ffff}",
    "é",
    "日本",
    "😀",
    "²",
    "Ⅷ",
    "vіrt",
    "x\u{301}",
    "a",
    "b int",
    "c string",
    "x",
    "0",
    "1",
    "007",
    "T001",
    "T002",
    "Clock",
    "clock",
    "*v1.VirtualMachineInstance",
    "v1.X",
    "os.File",
    "errors",
    "v1",
    "virtconfig",
    "interface{ PWNED() }",
    "struct{ PWNED int }",
    "map[string]int",
    "[]byte",
    "[PWNED]int",
    "chan int",
    "<-chan int",
    "func(int) error",
    "() error",
    "(int, error)",
    "-",
    "in pkg/x/y.go",
    "pkg/x/y.go",
    "../",
    "../../x",
    "/etc/passwd",
    "~",
    "$HOME",
    "# gazelle:exclude PWNED",
    "load(\"x\")",
    "- [ ] T009 x",
];

/// Numbers that look random and are the same in each run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    /// A text: pieces alone, or somewhere in the plain one.
    pub(crate) fn text(&mut self, plain: &str) -> String {
        let mut text = if self.roll(3) == 0 { String::new() } else { plain.to_owned() };
        for _ in 0..=self.roll(4).min(self.roll(5)) {
            let piece = match self.roll(12) {
                0 => char::from_u32(u32::try_from(self.roll(0x2_0000)).unwrap()).unwrap_or('x').to_string(),
                1 => "x".repeat(1 + self.roll(300)),
                _ => self.pick(PIECES).to_owned(),
            };
            let at = text.floor_char_boundary(self.roll(text.len() + 1));
            let at = if self.roll(3) == 0 { text.len() } else { at };
            let gap = if self.roll(2) == 0 { " " } else { "" };
            text.insert_str(at, &format!("{gap}{piece}{gap}"));
        }
        // A line is a line; what stands on the next one is another field.
        text.replace('\n', " ")
    }
}

pub(crate) fn tasks(field: &str, text: &str) -> String {
    let of = |name: &str| if name == field { text } else { FIELDS.iter().find(|(known, _)| *known == name).unwrap().1 };
    format!(
        "# Tasks: {feature}\n\n**Owner**: {owner}\n\n## Phase 1: {phase}\n\n\
         - [ ] T001 **Feature gate registration**\n  - Gate: `{gate}`\n  - Constant: `{constant}`\n  - Accessor: `{accessor}`\n  - Owner: {owner}\n  - Release: {release}\n  - Configuration: {configuration}\n  - Description: {description}\n\
         - [ ] T002 **{test_title}**\n  - File: `tests/clock_test.go`\n  - Test: {test}\n  - Test: strikes the hour\n\
         - [ ] T003 **Test it**\n  - File: `pkg/virt-handler/clock/clock_test.go`\n  - Test: {test}\n  - Verify: {verify}\n\
         - [ ] T004 **{title}**\n  - File: `{path}`\n  - Function: `{function}` - {purpose}\n  - Function: `{second}`\n  - Task: {task}\n\
         - [ ] T005 **Say it**\n  - File: `docs/clock.md`\n  - Content: {content}\n\
         - [ ] T006 **Validate it**\n  - File: `pkg/virt-api/webhooks/validating-webhook/admitters/clock.go`\n  - Function: `{validation}`\n  - Validation: {description}\n\
         - [ ] T007 **Discontinue the feature gate `Root`**\n  - Gate: `Root`\n  - Message: {message}\n  - Release: {state_release}\n\
         - [ ] T008 **Measure it**\n  - File: `pkg/monitoring/metrics/virt-handler/clock_metrics.go`\n  - Metric: Define `{metric}` metric\n  - Labels: {labels}\n  - Help: {help}\n\
         - [ ] T010 **{title}**\n  - File: `pkg/virt-[component]/kinds.go`\n  - Task: Define {constants}\n\
         - [ ] T011 **Turn it**\n  - File: `pkg/virt-handler/turn.go`\n  - Function: `{method}`\n\
         - [ ] T012 **API**\n  - File: `staging/src/kubevirt.io/api/core/v1/types.go`\n  - Task: Add optional field `{api}` to `VirtualMachineInstanceSpec` (json `{json}`)\n  - Task: Add struct `ClockTicks` with the fields `{parts}`\n  - Task: Add type ClockSpeed ({values})\n\
         - [ ] T013 **{title}**\n  - File: `pkg/virt-handler/clock/more.go`\n  - Task: {task}\n",
        feature = of("feature"),
        owner = of("owner"),
        phase = of("phase"),
        gate = of("gate"),
        constant = of("constant"),
        accessor = of("accessor"),
        release = of("release"),
        configuration = of("configuration"),
        description = of("description"),
        test_title = of("title of a test"),
        test = of("test"),
        verify = of("verify"),
        title = of("title"),
        path = of("path"),
        function = of("function"),
        purpose = of("purpose"),
        second = of("second function"),
        task = of("task"),
        content = of("content"),
        validation = of("validation"),
        message = of("message"),
        state_release = of("state release"),
        metric = of("metric"),
        labels = of("labels"),
        help = of("help"),
        constants = of("constants"),
        method = of("method"),
        api = of("field"),
        json = of("json"),
        parts = of("parts"),
        values = of("values"),
    )
}
