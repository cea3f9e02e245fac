#!/bin/sh
# cargo_build.sh ROOT SOURCES PACKAGE OUTPUT
#
# Builds PACKAGE of the cargo workspace in ROOT from the files that SOURCES lists, and from no
# others: they are copied first, each only when its content is new. So a file that nobody declared
# is missed at once, and cargo, which goes by time stamps, sees what Bazel sees, which goes by
# content.
set -eu

root=$1
sources=$2
package=$3
output=$4

# Actions of Bazel have no HOME.
if [ -z "${HOME:-}" ]; then
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

work=$PWD/$output.cargo
copy=$work/workspace
mkdir -p "$copy"

wanted=$work/wanted
: >"$wanted"
while read -r source; do
    if [ "$root" = . ]; then file=$source; else file=${source#"$root"/}; fi
    echo "./$file" >>"$wanted"
    if ! cmp -s "$source" "$copy/$file"; then
        mkdir -p "$(dirname "$copy/$file")"
        rm -f "$copy/$file"
        cat "$source" >"$copy/$file"
    fi
done <"$sources"
(cd "$copy" && find . -type f) | sort >"$work/present"
sort "$wanted" | comm -13 - "$work/present" | while read -r gone; do rm -f "$copy/$gone"; done

CARGO_TARGET_DIR=$work/target cargo build --quiet --release --locked --package "$package" \
    --manifest-path "$copy/Cargo.toml"
cp "$work/target/release/$package" "$output"
