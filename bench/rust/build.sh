#!/bin/sh
# Builds the two Rust drivers into ../build, with rustc alone and from what is
# on this machine: crossbeam's sources are those of Debian's package
# librust-crossbeam-channel-dev. What cannot be built is named as skipped.
set -eu
cd "$(dirname "$0")"
build=../build
crates=$build/rust
registry=${CARGO_REGISTRY:-/usr/share/cargo/registry}
externs="-L dependency=$crates"

# newest NAME: the folder of that crate's newest version, or nothing.
newest()
{
    find "$registry" -maxdepth 1 -name "$1-[0-9]*" 2>/dev/null |
        sort -V | tail -1
}

# compile NAME SOURCE [OPTION...]
compile()
{
    name=$1 source=$2
    shift 2
    rustc -C opt-level=3 -C codegen-units=1 --crate-name "$name" "$@" "$source"
}

# library NAME FOLDER: compiles a crate, for those that are compiled after it.
# shellcheck disable=SC2086 # $externs is a list of words
library()
{
    edition=$(sed -n 's/^edition = "\(.*\)"/\1/p' "$2/Cargo.toml")
    compile "$1" "$2/src/lib.rs" --edition "$edition" --crate-type lib \
        --cap-lints allow --cfg 'feature="std"' --out-dir "$crates" $externs
    externs="$externs --extern $1=$crates/lib$1.rlib"
}

# driver NAME SOURCE
# shellcheck disable=SC2086
driver()
{
    compile "$(echo "$1" | tr - _)" "$2" --edition 2021 $externs \
        -o "$build/$1"
}

if ! command -v rustc >/dev/null; then
    echo "skipped: rust-std, rust-crossbeam (no rustc)"
    exit 0
fi
mkdir -p "$crates"
driver rust-std std.rs

channel=$(newest crossbeam-channel)
utils=$(newest crossbeam-utils)
cfg_if=$(newest cfg-if)
if [ -z "$channel" ] || [ -z "$utils" ]; then
    echo "skipped: rust-crossbeam (no librust-crossbeam-channel-dev)"
    exit 0
fi
[ -z "$cfg_if" ] || library cfg_if "$cfg_if" # newer crossbeams do without
library crossbeam_utils "$utils"
library crossbeam_channel "$channel"
driver rust-crossbeam crossbeam.rs
