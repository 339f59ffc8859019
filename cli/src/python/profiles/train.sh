#!/bin/sh
# Makes the profile that `adder python FLAVOR` optimises by: runs the training programs with a python that counts.
#
#   cli/src/python/profiles/train.sh 3.11
#
# ADDER names another adder than the one in this repository.
set -eu
flavor=${1:?which flavor?}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
adder() {
    if [ -n "${ADDER:-}" ]; then
        "$ADDER" "$@"
    else
        cargo run --quiet --release --manifest-path "$root/Cargo.toml" --bin adder -- "$@"
    fi
}

adder python "$flavor" -o "$work/counting" --no-checkpoint --instrument
for program in "$root"/benches/training/*.py; do
    name=$(basename "$program" .py)
    echo "$name"
    # Hashes of texts decide how often dictionaries collide.
    (cd "$work" && PYTHONHASHSEED=0 ADDER_PROFILE="$name.profile" ./counting "$program" >/dev/null)
done
adder profile merge -o "$here/$flavor.profile" "$work"/*.profile
