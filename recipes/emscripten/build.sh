#!/bin/sh
# Puts Emscripten 6.0.5 into a folder of its own, out of Debian's packages; installs nothing into the system.
#
#   build.sh [OPTION]...
#
# Options:
#   --mirror URL   take the packages from this mirror of Debian instead of from apt's own
#   --print        print the output directory and do nothing
#   --help         print this and do nothing
#
# The output is ${ADDER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/adder}/emscripten-6.0.5, and is printed. A second run does
# nothing unless this directory's files have changed. In it:
#   bin/emcc, bin/em++, ...   run the compiler in a mount namespace of its own whose root is the folder `root`
#   bin/in-root               runs any command there
# The machine's folders that hold no system (/tmp, /home, /root ...) are there by the same paths, so file names mean
# the same inside and outside; the system's folders (/usr, /etc ...) are those of `root`. That needs root or unprivileged
# user namespaces.
#
# It takes 180 MB of downloads, 0.9 GB of disk and three minutes on two cores: Debian's package has no compiled system
# libraries, so the usual ones are compiled here, with those for exceptions. Others (threads, -O0) are compiled when a
# program first needs them.
set -eu

recipe_directory=$(cd "$(dirname "$0")" && pwd)
cache=${ADDER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/adder}
mkdir -p "$cache"
# The compiler's commands are given whole paths.
cache=$(cd "$cache" && pwd)
folder=$cache/emscripten-6.0.5
root=$folder/root
emcc=$folder/bin/emcc

# The version this script is written for, and Debian's suite that has it. The suite goes on: then the script ends and says
# so. packages.sha256 pins the packages that decide what is compiled.
version=6.0.5+dfsg+~1.41.5-2
suite=sid
# `emscripten` brings its compilers, Python and node. The others are what its scripts take for granted.
packages="emscripten base-files bash dash coreutils sed grep make"
# Libraries that programs link to. What is missing here is compiled when a program first needs it.
libraries="libc libclang_rt.builtins libdlmalloc libstubs libnoexit libsockets libal libhtml5 libGL-getprocaddr crt1 \
crt1_reactor libc++-noexcept libc++abi-noexcept libc++-legacyexcept libc++abi-legacyexcept libunwind-legacyexcept \
libclang_rt.builtins-legacysjlj libc++-wasmexcept libc++abi-wasmexcept libunwind-wasmexcept libclang_rt.builtins-wasmsjlj"

say() { printf 'build.sh: %s\n' "$*" >&2; }
fail() {
    say "error: $1"
    shift
    for hint in "$@"; do printf 'hint: %s\n' "$hint" >&2; done
    exit 1
}
print_help() { awk 'NR == 1 { next } !/^#/ { exit } { sub(/^# ?/, ""); print }' "$0"; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- Command line ------------------------------------------------------------------------------------------------

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

# --- Is it there already? ----------------------------------------------------------------------------------------

# The digest of everything that decides the output: this script and the pinned packages.
recipe_key=$(cat "$recipe_directory/build.sh" "$recipe_directory/packages.sha256" | sha256sum | cut -d ' ' -f 1)

mkdir -p "$folder"
# Tests run in parallel, and each may ask for this.
exec 9>"$cache/emscripten-6.0.5.lock"
flock 9
if [ "$(cat "$folder/.recipe-key" 2>/dev/null)" = "$recipe_key" ]; then
    printf '%s\n' "$folder"
    exit 0
fi

# --- Packages ----------------------------------------------------------------------------------------------------

for tool in apt-get dpkg-deb unshare chroot; do
    have $tool || fail "there is no $tool" "this script needs Debian, or a system made from it"
done
[ "$(dpkg --print-architecture)" = amd64 ] || fail "this script is for amd64"

# The first mirror of Debian itself among the package lists that apt is configured with.
debian_mirror() {
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }'
}
[ -n "$mirror" ] || mirror=$(debian_mirror)
[ -n "$mirror" ] || fail "apt has no package list of a Debian mirror" "apt-get update" "or name a mirror with --mirror"

log=$folder/log
: >"$log"

# The compilers are those that this script is written for. What is around them, Python and the C library, may be newer.
verify_packages() {
    (cd "$1" && sha256sum --check --status "$recipe_directory/packages.sha256") 2>/dev/null ||
        fail "$suite has other packages than those of packages.sha256" \
            "name an archive of Debian that has kept them: --mirror URL" \
            "or try the new ones: the digests are in packages.sha256"
}

unpack_packages() {
    # An apt of its own: its list of sources, its package lists, and a machine on which nothing is installed, so that
    # everything down to the C library comes along.
    apt=$folder/apt
    rm -rf "$apt"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    : >"$apt/status"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    if [ -e $keyring ]; then
        echo "deb [signed-by=$keyring] $mirror $suite main"
    else
        echo "deb $mirror $suite main"
    fi >"$apt/sources.list"
    set -- -q -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
        -o "Dir::State::Lists=$apt/lists" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache" \
        -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User= -o APT::Install-Recommends=false -o Acquire::Languages=none \
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false

    say "reading the package lists of $suite"
    apt-get "$@" update >>"$log" 2>&1 || fail "apt-get could not read the package lists of $suite" "the log is $log"
    candidate=$(apt-cache "$@" policy emscripten 2>>"$log" | awk '$1 == "Candidate:" { print $2 }')
    [ "$candidate" = "$version" ] ||
        fail "$suite has Emscripten ${candidate:-(none)}; this script is for $version" \
            "name an archive of Debian that has kept it: --mirror URL"

    say "downloading Emscripten $version and what it needs"
    # shellcheck disable=SC2086 # a list of words
    apt-get "$@" -y install --download-only $packages >>"$log" 2>&1 ||
        fail "apt-get could not download the packages" "the log is $log"

    verify_packages "$apt/cache/archives"
    say "unpacking $(ls "$apt"/cache/archives/*.deb | wc -l) packages"
    rm -rf "$root"
    # Debian's merged layout first: packages that ship /lib/... must land in /usr/lib.
    mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64" "$root/proc" "$root/dev" "$root/tmp"
    for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
    for package in "$apt"/cache/archives/*.deb; do
        # Through tar, not `dpkg-deb -x`: that replaces a link to a directory by the directory.
        dpkg-deb --fsys-tarfile "$package" | tar -x -f - -C "$root" --keep-directory-symlink --no-same-owner
    done
    # What the packages' installation scripts would have made.
    [ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
    [ -e "$root/usr/bin/python3" ] || fail "the packages have no python3"
    # Which packages it is made from, for whoever wants to know.
    (cd "$apt/cache/archives" && sha256sum ./*.deb) >"$folder/packages.sha256"
    rm -rf "$apt"
    printf '%s\n' "$version $packages" >"$folder/.unpacked"
}

[ "$(cat "$folder/.unpacked" 2>/dev/null)" = "$version $packages" ] || unpack_packages

# --- The commands ------------------------------------------------------------------------------------------------

mkdir -p "$folder/bin"
cat >"$folder/bin/in-root" <<'SCRIPT'
#!/bin/sh
# in-root COMMAND [ARGUMENT]...: runs a command of the root beside this folder, with the machine's files.
set -eu
root=$(cd "$(dirname "$(readlink -f "$0")")/../root" && pwd)
export PATH="$PATH:/usr/sbin:/sbin" EM_CACHE=/var/cache/emscripten PYTHONDONTWRITEBYTECODE=1
unset NODE_PATH LD_LIBRARY_PATH LD_PRELOAD PYTHONHOME PYTHONPATH EMSDK_PYTHON EM_CONFIG
[ "$(id -u)" = 0 ] && user= || user=--map-root-user
# shellcheck disable=SC2086 # nothing or one word
exec unshare $user --mount --propagation private /bin/sh -eu -c '
    root=$1 directory=$2
    shift 2
    for host in /*; do
        case $host in
            /bin | /boot | /etc | /lib* | /lost+found | /sbin | /sys | /usr | /var) continue ;;
        esac
        [ -d "$host" ] && [ ! -L "$host" ] || continue
        [ -d "$root$host" ] || mkdir -p "$root$host"
        mount --rbind "$host" "$root$host"
    done
    exec chroot "$root" /bin/sh -eu -c "PATH=/usr/bin:/bin; cd \"\$1\"; shift; exec \"\$@\"" sh "$directory" "$@"
' sh "$root" "$PWD" "$@"
SCRIPT
chmod +x "$folder/bin/in-root"
for command in emcc em++ emar emranlib emnm emconfigure emmake emcmake embuilder em-config; do
    path=/usr/bin/$command
    [ -e "$root$path" ] || path=/usr/share/emscripten/$command
    [ -e "$root$path" ] || path=/usr/share/emscripten/$command.py
    [ -e "$root$path" ] || continue
    printf '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/in-root" %s "$@"\n' "$path" >"$folder/bin/$command"
    chmod +x "$folder/bin/$command"
done

# --- The system libraries ----------------------------------------------------------------------------------------

say "compiling the system libraries (log: $log)"
mkdir -p "$root/var/cache/emscripten"
[ -x "$folder/bin/embuilder" ] || fail "the package has no embuilder"
# shellcheck disable=SC2086 # a list of words
"$folder/bin/embuilder" build $libraries >>"$log" 2>&1 ||
    fail "the system libraries could not be compiled" "the log is $log"
"$emcc" --version >>"$log" 2>&1 || fail "emcc does not run" "the log is $log"

printf '%s\n' "$recipe_key" >"$folder/.recipe-key"
printf '%s\n' "$folder"
