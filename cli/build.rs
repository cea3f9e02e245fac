//! Makes cargo notice when the built-in sample changes: the macro that embeds it cannot.

fn main() {
    println!("cargo::rerun-if-changed=../tests/sample");
}
