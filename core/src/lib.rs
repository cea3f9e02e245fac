//! Plans KubeVirt files and edits from a tasks.md.
//!
//! Pure: everything here is a function of strings. Nothing touches the disk, the environment,
//! the clock or another process; `clippy.toml` sees to it. A module uses only those above it in
//! this list; a test sees to that.

pub mod text;

pub mod merge;

pub mod diagnostic;

pub mod name;

pub mod code;

pub mod tree;

pub mod repo_path;

pub mod task;

pub mod graph;

pub mod documents;

pub mod go;

pub mod demand;

pub mod build_file;

pub mod template;

pub mod origin;

pub mod pending;

pub mod survey;

pub mod gates;

mod generated;

pub mod plan;

pub mod kinds;

pub mod check;

pub mod pipeline;

pub mod page;

pub mod hollow;

pub mod status;

pub mod verify;

pub mod series;

pub mod pull_request;

pub mod draft;

pub mod generate;

pub mod vep;
