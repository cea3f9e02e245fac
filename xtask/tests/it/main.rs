//! The integration tests, as one program: it is linked once. A file that is no module here would not run;
//! `tidy` sees to it that there is none.

#[cfg(unix)]
mod care;
#[cfg(unix)]
mod cases;
#[cfg(unix)]
mod choosing;
#[cfg(unix)]
mod command_line;
#[cfg(unix)]
mod commits;
#[cfg(unix)]
mod configuration;
#[cfg(unix)]
mod faults;
mod field_texts;
mod fields;
#[cfg(unix)]
mod generated;
#[cfg(unix)]
mod generators;
mod heads;
#[cfg(unix)]
mod hostile;
mod laws;
#[cfg(unix)]
mod model;
#[cfg(unix)]
mod newcomer;
mod pages;
mod picture;
mod rerun;
#[cfg(unix)]
mod screen;
#[cfg(unix)]
mod shown;
#[cfg(unix)]
mod spec_kit;
mod streams;
#[cfg(unix)]
mod support;
#[cfg(unix)]
mod tampered_plans;
mod tasks;
mod texts;
mod tidy;
#[cfg(unix)]
mod trust;
#[cfg(unix)]
mod watching;
