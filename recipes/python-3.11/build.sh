#!/bin/sh
# Builds CPython 3.11.2 from Debian's source packages, for WASI, for Emscripten and for this machine.
#
#   build.sh [OPTION]... [TARGET]...
#
# Targets (default: wasi):
#   wasi         python.wasm (-O3, upstream's own configuration for WASI) and its standard library
#   wasi-tuned   the same with pymalloc, as the native configuration has it, and with LTO
#   emscripten   python.wasm for Emscripten 3.1.6 (-O3, upstream's configuration for browsers, with the names of
#                functions), its standard library, and python.js and python.data, with which JavaScript runs it
#   native       the native -O3 build: the baseline of the benchmarks
#
# Options:
#   --build-python PYTHON   the Python 3.11 that the WASI build runs while it builds (default: the first of the
#                           `native` target if it is there already, python3.11 and python3 whose version is
#                           3.11; if there is none, `native` is built first)
#   --sources DIR           take the source archives from DIR instead of from apt
#   --install-packages      install the missing packages with apt-get (needs root)
#   --print                 print the output directories and build nothing
#   --jobs N                parallel compiles (default: the number of processors)
#   --help                  print this and build nothing
#
# Everything is kept in ${ADDER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/adder}. A target is built again only when
# this directory's files have changed. On success, the directory of each target is printed, one a line:
#   python-3.11.2-wasi/python.wasm, python-3.11.2-wasi/lib/python3.11, python-3.11.2-wasi/test-suite
#   python-3.11.2-emscripten/python.wasm, .../lib/python3.11, .../test-suite, .../python.js, .../python.data
#   python-3.11.2-native/bin/python3.11
set -eu

recipe_directory=$(cd "$(dirname "$0")" && pwd)
cache=${ADDER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/adder}
downloads=$cache/sources
version=3.11.2
# Debian's WASI toolchain keeps its headers and libraries here.
wasi_include=/usr/include/wasm32-wasi
wasi_library=/usr/lib/wasm32-wasi

# Steps are said to whoever runs this, also where the output of a step goes to the log.
exec 3>&2
say() { printf 'build.sh: %s\n' "$*" >&3; }
fail() {
    say "error: $1"
    shift
    for hint in "$@"; do printf 'hint: %s\n' "$hint" >&2; done
    exit 1
}

# The comment at the head of this script.
print_help() { awk 'NR == 1 { next } !/^#/ { exit } { sub(/^# ?/, ""); print }' "$0"; }

# --- Command line ------------------------------------------------------------------------------------------------

build_python=
sources=
install_packages=no
print_only=no
jobs=$(nproc 2>/dev/null || echo 1)
targets=
while [ $# -gt 0 ]; do
    case $1 in
        --build-python) build_python=${2:?--build-python needs a value}; shift ;;
        --sources) sources=${2:?--sources needs a value}; shift ;;
        --jobs) jobs=${2:?--jobs needs a value}; shift ;;
        --install-packages) install_packages=yes ;;
        --print) print_only=yes ;;
        --help | -h) print_help; exit 0 ;;
        wasi | wasi-tuned | emscripten | native) targets="$targets $1" ;;
        *) fail "unknown argument '$1'" "$0 --help lists targets and options" ;;
    esac
    shift
done
targets=${targets:-wasi}

output_of() { printf '%s/python-%s-%s' "$cache" "$version" "$1"; }

if [ $print_only = yes ]; then
    for target in $targets; do printf '%s\n' "$(output_of "$target")"; done
    exit 0
fi

# --- Is it built already? ----------------------------------------------------------------------------------------

# The digest of everything that decides the output: this script and the pinned sources.
recipe_key=$(cat "$recipe_directory/build.sh" "$recipe_directory/sources.sha256" | sha256sum | cut -d ' ' -f 1)

is_current() { [ "$(cat "$(output_of "$1")/.recipe-key" 2>/dev/null)" = "$recipe_key" ]; }

# --- Packages ----------------------------------------------------------------------------------------------------

have() { command -v "$1" >/dev/null 2>&1; }

# The Debian packages that `$1` (a target) needs and this machine lacks.
missing_packages() {
    have make || echo make
    have bzip2 || echo bzip2
    if [ "$1" = native ]; then
        have gcc || echo gcc libc6-dev
        return
    fi
    if [ "$1" = emscripten ]; then
        # With this Emscripten comes clang; other versions have other interfaces.
        [ -e /usr/share/emscripten/emcc.py ] || echo emscripten
        return
    fi
    have clang || echo clang
    have wasm-ld || echo lld
    have llvm-ar && have llvm-ranlib || echo llvm
    [ -e $wasi_library/libc.a ] || echo wasi-libc
    have clang && [ -e "$(clang --target=wasm32-wasi -rtlib=compiler-rt -print-libgcc-file-name)" ] ||
        echo libclang-rt-dev-wasm32
}

require_packages() {
    missing=$(missing_packages "$1" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    [ $install_packages = yes ] || fail "packages are missing to build '$1': $missing" \
        "apt-get install --no-install-recommends $missing" "or run this script with --install-packages"
    say "installing $missing"
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >&2 ||
        fail "apt-get could not install $missing" "apt-get update"
}

# --- Sources -----------------------------------------------------------------------------------------------------

verify_sources() { (cd "$1" && sha256sum --check --status "$recipe_directory/sources.sha256") 2>/dev/null; }

# The first mirror of Debian itself among the package lists that apt is configured with.
debian_mirror() {
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }'
}

# Downloads the source archives with apt, from the machine's own mirror, without touching apt's configuration: the
# one list of sources is a temporary file, and so are the package lists that are made from it.
download_sources() {
    have apt-get || fail "there is no apt-get to download the sources with" \
        "give a directory that holds the files of sources.sha256: --sources DIR"
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || fail "apt has no package list of a Debian mirror" "apt-get update" \
        "or give a directory that holds the files of sources.sha256: --sources DIR"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    apt_state=$(mktemp -d)
    mkdir -p "$apt_state/lists/partial" "$apt_state/cache/archives/partial"
    # 3.11.2 is the version of Debian 12, whatever release this machine runs.
    if [ -e $keyring ]; then
        echo "deb-src [signed-by=$keyring] $mirror bookworm main"
    else
        echo "deb-src $mirror bookworm main"
    fi >"$apt_state/sources.list"
    set -- -q -o "Dir::Etc::SourceList=$apt_state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$apt_state/lists" -o "Dir::Cache=$apt_state/cache" -o APT::Sandbox::User=
    say "downloading the sources from $mirror"
    mkdir -p "$downloads"
    # --tar-only: the upstream archives are what is needed; a security revision's own files may be gone already.
    apt-get "$@" update >&2 &&
        (cd "$downloads" && apt-get "$@" source --download-only --tar-only python3.11 zlib bzip2 >&2) ||
        { rm -rf "$apt_state"; fail "apt-get could not download the source archives"; }
    rm -rf "$apt_state"
}

require_sources() {
    if [ -n "$sources" ]; then
        verify_sources "$sources" || fail "the files of $sources are not those of sources.sha256"
        downloads=$(cd "$sources" && pwd)
        return
    fi
    verify_sources "$downloads" && return
    download_sources
    verify_sources "$downloads" || fail "the downloaded source archives are not those of sources.sha256"
}

# unpack ARCHIVE DIRECTORY
unpack() {
    mkdir -p "$2"
    tar -x -f "$downloads/$1" -C "$2" --strip-components=1
}

# --- Compiling ---------------------------------------------------------------------------------------------------

# compile_library NAME SOURCE_DIRECTORY FILE...: an archive libNAME.a next to the sources, by $CC and $AR.
compile_library() {
    name=$1 directory=$2
    shift 2
    objects=
    for file in "$@"; do
        # shellcheck disable=SC2086 # $CC has arguments
        $CC -O3 -w -c "$directory/$file.c" -o "$directory/$file.o"
        objects="$objects $directory/$file.o"
    done
    # shellcheck disable=SC2086 # a list of words
    $AR rcs "$directory/lib$name.a" $objects
}

# Unpacks everything into $work and compiles the two compression libraries that modules of CPython need.
prepare() {
    say "unpacking the sources, and compiling zlib and bzip2"
    rm -rf "$work" "$work.root"
    unpack python3.11_3.11.2.orig.tar.gz "$work/python"
    unpack zlib_1.2.13.dfsg.orig.tar.bz2 "$work/zlib"
    unpack bzip2_1.0.8.orig.tar.gz "$work/bzip2"
    # The date of upstream's release instead of that of this build: the same input gives the same program.
    sed -i 's/^#ifndef DATE/#define DATE "Feb  7 2023"\n#define TIME "00:00:00"\n&/' "$work/python/Modules/getbuildinfo.c"
    # Without zlib's gz* files: nobody calls them.
    compile_library z "$work/zlib" adler32 crc32 deflate infback inffast inflate inftrees trees zutil compress uncompr
    compile_library bz2 "$work/bzip2" blocksort huffman crctable randtable compress decompress bzlib
    export ZLIB_CFLAGS="-I$work/zlib" ZLIB_LIBS="-L$work/zlib -lz"
    export BZIP2_CFLAGS="-I$work/bzip2" BZIP2_LIBS="-L$work/bzip2 -lbz2"
    mkdir "$work/build"
}

build_native() {
    export CC=gcc AR=ar RANLIB=ranlib
    prepare
    # No PGO and no LTO: what `./configure && make` gives is the baseline. Nothing in the machine's pkg-config
    # path gets in: the same optional modules everywhere.
    (
        cd "$work/build"
        export PKG_CONFIG_LIBDIR="$work/none"
        say "configuring CPython"
        ../python/configure --prefix="$output" --with-ensurepip=no
        say "compiling CPython"
        make -j "$jobs"
        make install DESTDIR="$work.root"
    ) >"$work.log" 2>&1
    mv "$work.root$output" "$work/installed"
}

# build_wasi CONFIGURE_OPTION...: by clang with the further options $clang_options
build_wasi() {
    sysroot=$work.sysroot
    rm -rf "$sysroot"
    mkdir -p "$sysroot/lib"
    ln -s $wasi_include "$sysroot/include"
    ln -s $wasi_library "$sysroot/lib/wasm32-wasi"
    ln -s . "$sysroot/usr"
    # The names in debug information do not depend on where the cache is.
    export CC="clang${clang_options:+ $clang_options} --target=wasm32-wasi --sysroot=$sysroot -ffile-prefix-map=$cache/build=/build"
    export AR=llvm-ar RANLIB=llvm-ranlib
    prepare
    (
        cd "$work/build"
        export CPP="$CC -E" LDSHARED=wasm-ld PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR="$sysroot/lib/pkgconfig"
        export CONFIG_SITE="$work/python/Tools/wasm/config.site-wasm32-wasi"
        # Nothing of a cross build runs what it built; should something try, it must fail.
        export HOSTRUNNER=false
        say "configuring CPython"
        ../python/configure --host=wasm32-unknown-wasi --build="$(../python/config.guess)" \
            --with-build-python="$build_python" --with-ensurepip=no "$@"
        say "compiling CPython${clang_options:+; with $clang_options it takes a few minutes to link it, too}"
        make -j "$jobs"
    ) >"$work.log" 2>&1
    install_cross
}

build_wasi_tuned() {
    clang_options=-flto
    # What configure compiles to find that out is not machine code now.
    export ax_cv_c_float_words_bigendian=no
    build_wasi --with-pymalloc
}

build_emscripten() {
    emscripten=/usr/share/emscripten/emscripten-version.txt
    case $(cat $emscripten) in
        *3.1.6*) ;;
        *) fail "Emscripten is of version $(cat $emscripten)" "the recipe is for 3.1.6, Debian 12's" ;;
    esac
    # Debian's emcc looks for node-acorn there, and runs on the system's Python.
    export NODE_PATH=/usr/share/nodejs EMSDK_PYTHON=/usr/bin/python3
    export CC=emcc AR=emar RANLIB=emranlib
    prepare
    (
        cd "$work/build"
        export PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR="$work/none" HOSTRUNNER=false
        export CONFIG_SITE="$work/python/Tools/wasm/config.site-wasm32-emscripten"
        # Its clock_nanosleep takes every time for an interval: time.sleep would sleep for the machine's uptime.
        export ac_cv_func_clock_nanosleep=no ac_cv_lib_rt_clock_nanosleep=no
        say "configuring CPython"
        emconfigure ../python/configure --host=wasm32-unknown-emscripten --build="$(../python/config.guess)" \
            --with-emscripten-target=browser --with-build-python="$build_python" --with-ensurepip=no
        say "compiling CPython"
        # Behind configure's `-g0`: the names of functions stay.
        emmake make -j "$jobs" SYSLIBS=--profiling-funcs
    ) >"$work.log" 2>&1
    mkdir -p "$work/installed"
    cp "$work/build/python.js" "$work/build/python.data" "$work/installed/"
    install_cross
}

# Puts the program and its library into $work/installed, laid out as the program looks for them below /usr/local.
install_cross() {
    say "compiling its library to bytecode"
    installed=$work/installed
    library=$installed/lib/python3.11
    mkdir -p "$library/lib-dynload" "$installed/test-suite"
    cp "$work/build/python.wasm" "$work/python/LICENSE" "$installed/"
    cp -R "$work/python/Lib/." "$library/"
    cp "$work/build/$(cat "$work/build/pybuilddir.txt")"/_sysconfigdata_*.py "$library/"
    # CPython's own tests, and what only they need, are beside the library, not in it: to be laid over it.
    for tests in test unittest/test ctypes/test distutils/tests lib2to3/tests ensurepip/_bundled; do
        mkdir -p "$installed/test-suite/$(dirname $tests)"
        mv "$library/$tests" "$installed/test-suite/$tests"
    done
    # What cannot work without Tk.
    rm -rf "$library/idlelib" "$library/tkinter" "$library/turtledemo" "$library/turtle.py"
    find "$installed" -name __pycache__ -prune -exec rm -rf {} +
    # `unchecked-hash`: valid whatever the file times are in an image made from this directory.
    compile() {
        "$build_python" -m compileall -q -j "$jobs" --invalidation-mode unchecked-hash "$@"
    }
    compile -s "$installed" -p /usr/local "$library"
    # Without what is not meant to compile.
    compile -s "$installed/test-suite" -p /usr/local/lib/python3.11 -x '/bad_?coding|/badsyntax|/lib2to3/tests/data/' \
        "$installed/test-suite"
}

# The Python that runs during the WASI build.
choose_build_python() {
    [ -z "$build_python" ] || return 0
    for candidate in "$(output_of native)/bin/python3.11" python3.11 python3; do
        if [ "$("$candidate" -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null)" = "3 11" ]; then
            # The program itself rather than a version manager's front end, which depends on the directory.
            build_python=$("$candidate" -c 'import sys; print(sys.executable)')
            return 0
        fi
    done
    say "there is no Python 3.11 to build with: building one"
    build native
    build_python=$(output_of native)/bin/python3.11
}

# Builds one target, unless it is there already.
build() {
    if is_current "$1"; then
        return 0
    fi
    case $1 in wasi* | emscripten) choose_build_python ;; esac
    require_packages "$1"
    require_sources
    output=$(output_of "$1")
    work=$cache/build/python-$version-$1
    mkdir -p "$cache/build"
    say "building '$1' (log: $work.log)"
    rm -rf "$work.log"
    # A subshell by itself, not a part of a condition: there `set -e` would be without effect.
    set +e
    case $1 in
        native) (set -e; build_native) ;;
        wasi) (set -e; clang_options=''; build_wasi) ;;
        wasi-tuned) (set -e; build_wasi_tuned) ;;
        emscripten) (set -e; build_emscripten) ;;
    esac
    status=$?
    set -e
    if [ $status -ne 0 ]; then
        [ ! -e "$work.log" ] || tail -n 20 "$work.log" >&2
        fail "building '$1' failed" "the whole log is $work.log"
    fi
    printf '%s\n' "$recipe_key" >"$work/installed/.recipe-key"
    # What was there before stays in use until now; from here on there is the new one or none.
    rm -rf "$output"
    mv "$work/installed" "$output"
    rm -rf "$work" "$work.sysroot" "$work.root"
}

mkdir -p "$cache"
# Tests run in parallel, and each may ask for this.
exec 9>"$cache/python-$version.lock"
flock 9
for target in $targets; do build "$target"; done
for target in $targets; do printf '%s\n' "$(output_of "$target")"; done
