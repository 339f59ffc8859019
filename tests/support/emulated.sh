#!/bin/sh
# Runs a command that is about another architecture: tests/support/emulated.sh aarch64-linux cargo test ... It sets
# ADDER_TEST_TARGET, and has the kernel start programs for that architecture by qemu, because they start themselves anew (a cold
# start, execve). That is known in namespaces of its own alone (binfmt_misc, Linux 6.7), so nothing else on the machine changes.
set -eu
target=$1
shift
export ADDER_TEST_TARGET="$target"
case $target in
aarch64-linux) emulator=qemu-aarch64 machine='\xb7\x00' ;;
x86_64-linux) emulator=qemu-x86_64 machine='\x3e\x00' ;;
*) echo "$0: no emulator is known for $target" >&2 && exit 2 ;;
esac
emulator=$(command -v "$emulator")
# The head of an ELF file: 64 bits, little-endian, executable or position-independent (2 or 3), for that machine.
magic="\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00$machine"
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
export ADDER_BINFMT_RULE=":adder-$target:M::$magic:$mask:$emulator:PF"
# shellcheck disable=SC2016
register='mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && printf %s "$ADDER_BINFMT_RULE" >/proc/sys/fs/binfmt_misc/register'
if ! unshare -rm sh -c "$register" 2>/dev/null; then
    echo "$0: this machine has no binfmt_misc in namespaces of a process's own: what starts itself anew fails" >&2
    exec "$@"
fi
# shellcheck disable=SC2016
run="$register"' && unset ADDER_BINFMT_RULE && exec "$@"'
# Tests give up rights by becoming another user. Only root can let a namespace know others, from outside; it stays itself there.
if [ "$(id -u)" != 0 ]; then
    exec unshare -rm sh -c "$run" emulated "$@"
fi
users=$(awk '{ print $1, $1, $3 }' /proc/self/uid_map)
groups=$(awk '{ print $1, $1, $3 }' /proc/self/gid_map)
(
    # This process becomes that of the command below, which has no child that it does not know.
    {
        while [ "$(readlink /proc/$$/ns/user)" = "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
        printf '%s\n' "$groups" >"/proc/$$/gid_map"
        printf '%s\n' "$users" >"/proc/$$/uid_map"
    } &
)
exec unshare --user --keep-caps --mount sh -c 'while [ -z "$(cat /proc/self/uid_map)" ]; do sleep 0.01; done; '"$run" emulated "$@"
