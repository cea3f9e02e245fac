# Sourced: puts the host's cargo on PATH. Actions and tests of Bazel have no HOME.
if [ -z "${HOME:-}" ] || [ ! -d "${HOME:-}" ]; then
    HOME=$(eval echo "~$(id -un)")
    export HOME
fi
PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
export PATH
if ! command -v cargo >/dev/null 2>&1; then
    echo "error: cargo is not on PATH and not in ${CARGO_HOME:-$HOME/.cargo}/bin" >&2
    echo "help: install Rust from https://rustup.rs, or put cargo on the PATH that Bazel was started with" >&2
    exit 1
fi
