//! The outside of kubevirt-scaffold: the command line, the disk, the processes.

pub mod apply;
pub mod bazel;
pub mod bench;
pub mod check;
pub mod checkout;
pub mod disk;
pub mod earlier;
pub mod flags;
pub mod gates;
pub mod go;
pub mod graph;
pub mod hooks;
pub mod input;
pub mod process;
pub mod report;
pub mod sample;
pub mod saved;
pub mod scaffold;
pub mod snapshot;
pub mod status;
pub mod tasks;
pub mod test;
pub mod undo;
pub mod verify;
pub mod write;
