#!/bin/sh
# Puts CPython's own tests of 3.14 into a folder, out of Debian's packages; installs nothing into the system.
#
#   tests.sh [OPTION]...
#
# Options:
#   --mirror URL   take the packages from this mirror of Debian instead of from apt's own
#   --print        print the output directory and do nothing
#   --help         print this and do nothing
#
# The output is ${ADDER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/adder}/python-3.14-tests, and is printed: the folder `test`
# in it is the package `test`. A second run does nothing unless a file of this directory has changed. It downloads 18 MB,
# most of them package lists, in ten seconds.
set -eu

recipe_directory=$(cd "$(dirname "$0")" && pwd)
cache=${ADDER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/adder}
mkdir -p "$cache"
# apt is given whole paths.
cache=$(cd "$cache" && pwd)
folder=$cache/python-3.14-tests

# Debian's suite that has it, and the oldest version that a suite has: the nearest to the 3.14.2 of Pyodide. The suite goes
# on: then the script ends and says so. packages.sha256 pins the packages.
version=3.14.8-1
suite=forky
# The second has the package's frame: test.support and test.libregrtest.
packages="libpython3.14-testsuite libpython3.14-stdlib"

say() { printf 'tests.sh: %s\n' "$*" >&2; }
fail() {
    say "error: $1"
    shift
    for hint in "$@"; do printf 'hint: %s\n' "$hint" >&2; done
    exit 1
}
print_help() { awk 'NR == 1 { next } !/^#/ { exit } { sub(/^# ?/, ""); print }' "$0"; }

print_only=no
mirror=
while [ $# -gt 0 ]; do
    case $1 in
        --mirror) mirror=${2:?--mirror needs a value}; shift ;;
        --print) print_only=yes ;;
        --help | -h) print_help; exit 0 ;;
        *) fail "unknown argument '$1'" "$0 --help lists the options" ;;
    esac
    shift
done

[ $print_only = no ] || { printf '%s\n' "$folder"; exit 0; }

# The digest of everything that decides the output.
recipe_key=$(cat "$recipe_directory/tests.sh" "$recipe_directory/packages.sha256" | sha256sum | cut -d ' ' -f 1)
mkdir -p "$folder"
exec 9>"$folder.lock"
flock 9
if [ "$(cat "$folder/.recipe-key" 2>/dev/null)" = "$recipe_key" ]; then
    printf '%s\n' "$folder"
    exit 0
fi

for tool in apt-get dpkg-deb; do
    command -v $tool >/dev/null 2>&1 || fail "there is no $tool" "this script needs Debian, or a system made from it"
done

# The first mirror of Debian itself among the package lists that apt is configured with.
debian_mirror() {
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }'
}
[ -n "$mirror" ] || mirror=$(debian_mirror)
[ -n "$mirror" ] || fail "apt has no package list of a Debian mirror" "apt-get update" "or name a mirror with --mirror"

# An apt of its own: its list of sources, its package lists, and a machine on which nothing is installed.
log=$folder/log
apt=$folder/apt
rm -rf "$apt" "$folder/test"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
: >"$log"
: >"$apt/status"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ -e $keyring ]; then
    echo "deb [signed-by=$keyring] $mirror $suite main"
else
    echo "deb $mirror $suite main"
fi >"$apt/sources.list"
set -- -q -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null \
    -o Dir::Etc::PreferencesParts=/dev/null -o "Dir::State::Lists=$apt/lists" -o "Dir::State::status=$apt/status" \
    -o "Dir::Cache=$apt/cache" -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User= -o Acquire::Languages=none \
    -o APT::Architecture=amd64 -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false

say "reading the package lists of $suite"
apt-get "$@" update >>"$log" 2>&1 || fail "apt-get could not read the package lists of $suite" "the log is $log"
cd "$apt/packages"
for package in $packages; do
    apt-get "$@" download "$package=$version" >>"$log" 2>&1 ||
        fail "$suite has no $package $version" "the log is $log" "name an archive of Debian that has kept it: --mirror URL"
done
sha256sum --check --status "$recipe_directory/packages.sha256" 2>/dev/null ||
    fail "$suite has other packages than those of packages.sha256"
for package in ./*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -f - -C "$apt" --no-same-owner ./usr/lib/python3.14/test
done
mv "$apt/usr/lib/python3.14/test" "$folder/test"
cd "$folder"
rm -rf "$apt" "$log"
printf '%s\n' "$recipe_key" >"$folder/.recipe-key"
printf '%s\n' "$folder"
