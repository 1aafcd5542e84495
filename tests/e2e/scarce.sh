# Does the program say so where the system has nothing to give, and is that told
# from a failure of what is played?
. "$(dirname "$0")/lib.sh"
cd "$source_dir" || exit 1

story=scenarios/owa-subject-name.yaml

# --- file descriptors ---------------------------------------------------------

# Whichever of them is the one that is not to be had: what cannot be played is
# told so, soon, and is no failure of the scenario's.
could_play=false
for count in 8 9 10 11 12 13 14 15 16; do
    (ulimit -n "$count" && exec timeout 60 "$lyncsim" run --timeout 1 "$story") \
        >"$work/out" 2>"$work/err" </dev/null
    case $? in
    0) could_play=true ;;
    3) says "$count descriptors" out '1 could not be played' ;;
    *) fail "$count descriptors: exit code $?" && cat "$work/err" >&2 ;;
    esac
done
$could_play || fail 'sixteen descriptors are not enough for a scenario'

# Loops and listeners, of which some are to be had and some are not.
for count in 12 16 24 28 32; do
    run "$count descriptors" 3 sh -c 'ulimit -n "$1"; shift; exec "$@"' - \
        "$count" "$lyncsim" serve --threads 4 --listen 127.0.0.1:0
    case $(cat "$work/err") in
    *'file descriptors to be had' | *'too many open files') ;;
    *) fail "$count descriptors: $(cat "$work/err")" ;;
    esac
done

# --- room for files -----------------------------------------------------------

run 'no room for a lab' 3 env XDG_STATE_HOME="$work/full" timeout 60 \
    python3 -c 'import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
os.execv(sys.argv[1], sys.argv[1:])' "$lyncsim" serve --listen 127.0.0.1:0
says 'no room for a lab' err 'root.pem cannot be written: File too large'
[ -z "$(ls "$work/full/lyncsim")" ] || fail 'half of a lab is left there'

# --- threads ------------------------------------------------------------------

# Nobody has room for a thread with a terabyte of stack.
if sh -c 'ulimit -s 1000000000' 2>/dev/null; then
    run 'no threads' 0 sh -c 'ulimit -s 1000000000 && exec "$@"' - \
        "$lyncsim" run -j 4 "$story" scenarios/mutual-trust.yaml
    says 'no threads' out '2 scenarios: 2 passed, 0 failed'
else
    echo 'left out: this shell may not have threads refused'
fi

finish
