//! The outside of kubevirt-scaffold: the command line, the disk, the processes.

pub mod apply;
pub mod checkout;
pub mod disk;
pub mod flags;
pub mod hooks;
pub mod input;
pub mod report;
pub mod sample;
pub mod scaffold;
