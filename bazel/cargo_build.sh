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

. "$(dirname "$0")/environment.sh"

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

# Beside the output, unless `--action_env=CARGO_TARGET_DIR=` names a folder that holds something already.
target=${CARGO_TARGET_DIR:-$work/target}
CARGO_TARGET_DIR=$target cargo build --quiet --release --locked --package "$package" \
    --manifest-path "$copy/Cargo.toml"
cp "$target/release/$package" "$output"
