#!/bin/sh
# cargo_test.sh MANIFEST
#
# Runs the tests of the cargo workspace that MANIFEST, a link among the runfiles, leads to.
set -eu

. "$(dirname "$(readlink -f "$0")")/environment.sh"
cd "$(dirname "$(readlink -f "$1")")"
exec cargo test --workspace --release --locked
