//! Plans KubeVirt files and edits from a tasks.md.
//!
//! Pure: everything here is a function of strings. Nothing touches the disk, the environment,
//! the clock or another process; `clippy.toml` sees to it.

pub mod text;

pub mod diagnostic;
pub mod name;
pub mod task;
pub mod tree;

pub mod build_file;
pub mod go;
pub mod survey;
pub mod template;

pub mod change;
pub mod plan;
pub mod preview;
