# What the end-to-end tests share: a folder of their own, the program under
# test in $lyncsim, and checks that say what was wanted and what was there.
# Sourced with the program as $1 and the source folder as $2.

set -u
lyncsim=$1
source_dir=$2
failures=0
work=$(mktemp -d) || exit 1
servers=
unset NO_COLOR XDG_STATE_HOME
export XDG_STATE_HOME="$work/state" LC_ALL=C PYTHONDONTWRITEBYTECODE=1

clean_up() {
    for server in $servers; do
        kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# run NAME CODE COMMAND...: the exit code must be CODE; output is left in
# $work/out and $work/err.
run() {
    name=$1 wanted=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err" </dev/null
    code=$?
    [ "$code" -eq "$wanted" ] && return
    fail "$name: exit code $code, wanted $wanted"
    cat "$work/out" "$work/err" >&2
}

# says NAME FILE TEXT: the file holds that text, which may be lines.
says() {
    case $(cat "$work/$2") in
    *"$3"*) return ;;
    esac
    fail "$1: \"$3\" is not in its $2:"
    head -c 2000 "$work/$2" >&2
}

# await FILE TEXT: read on in the file until a line holds it, at most 20 s.
await() {
    mkfifo "$work/lines" || exit 1
    timeout 20 tail -n +1 -F "$work/$1" >"$work/lines" 2>/dev/null &
    reader=$!
    while IFS= read -r line; do
        case $line in *"$2"*)
            kill "$reader"
            rm "$work/lines"
            return
            ;;
        esac
    done <"$work/lines"
    fail "$2 never stood in $1"
    cat "$work/$1" "$work/$1.err" >&2
    exit 1
}

silent() {
    [ ! -s "$work/$2" ] && return
    fail "$1: nothing was wanted in its $2:"
    head -c 2000 "$work/$2" >&2
}

finish() {
    [ "$failures" -eq 0 ] || echo "$failures failed" >&2
    [ "$failures" -eq 0 ]
    exit
}
