//! Why a function is not written as a task names it.

use crate::plan::Planner;

/// Why a function cannot be written as a task names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::kinds) struct Fault {
    /// The rule that it breaks.
    pub code: &'static str,
    /// What is wrong, in one sentence.
    pub why: String,
}

impl Fault {
    /// The name is one that Go keeps for itself.
    pub(in crate::kinds) fn reserved(name: &str) -> Self {
        Self { code: "name-reserved", why: format!("Go keeps the name `{name}` for itself") }
    }

    /// What to do about it.
    pub(in crate::kinds) fn help(&self) -> &'static str {
        match self.code {
            "signature-wrong" => "write one head without a body: `check(vmi *v1.VirtualMachineInstance) error`",
            "function-moved" => "move it by hand; what is new beside it can be a line of its own",
            "receiver-unknown" => {
                "write it with its receiver: `(c *Controller) check(vmi *v1.VirtualMachineInstance) error`"
            }
            "signature-unknown" => "name types that the checkout has, or that another task adds",
            _ => "give the function another name",
        }
    }
}

/// Leaves a task to people because of what one of its lines says, and shows the line.
pub(in crate::kinds) fn leave(planner: &mut Planner<'_, '_>, tasks: &[usize], line: usize, fault: &Fault) {
    planner.leave_line(tasks, line, fault.code, &fault.why, fault.help());
}
