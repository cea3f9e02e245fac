//! The integration tests of the product under its own name, as one program.
#![cfg(unix)]

mod command_name;
mod completions;
mod steps;
mod tutorial;
