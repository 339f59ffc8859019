#!/bin/sh
# adder as tests use it in a run that is about another architecture (ADDER_TEST_TARGET): what it builds is for that, and is started
# by an emulator. Variables: ADDER_REAL, ADDER_TEST_TARGET, ADDER_TEST_EMULATOR (empty where the kernel knows which).
command=$1
shift
case $command in
build | python)
    [ -n "$ADDER_TEST_EMULATOR" ] || exec "$ADDER_REAL" "$command" --target "$ADDER_TEST_TARGET" "$@"
    output=
    previous=
    for word; do
        # What is not started stays as it is.
        [ "$previous" != --emit ] || exec "$ADDER_REAL" "$command" --target "$ADDER_TEST_TARGET" "$@"
        [ "$previous" != -o ] || output=$word
        previous=$word
    done
    "$ADDER_REAL" "$command" --target "$ADDER_TEST_TARGET" "$@" || exit
    [ -n "$output" ] && [ "$(head -c 4 "$output" | tail -c 3)" = ELF ] || exit 0
    mv "$output" "$output.elf"
    elf=$(realpath "$output.elf")
    printf '#!/bin/sh\nexec %s -0 "$0" "%s" "$@"\n' "$ADDER_TEST_EMULATOR" "$elf" >"$output"
    chmod +x "$output"
    ;;
inspect)
    for word; do
        shift
        [ -z "$ADDER_TEST_EMULATOR" ] || [ ! -e "$word.elf" ] || word=$word.elf
        set -- "$@" "$word"
    done
    exec "$ADDER_REAL" inspect "$@"
    ;;
run) exec "$ADDER_REAL" run --target "$ADDER_TEST_TARGET" "$@" ;;
*) exec "$ADDER_REAL" "$command" "$@" ;;
esac
