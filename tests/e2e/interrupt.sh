# Is a run that is interrupted told as far as it came, with nothing left behind,
# and does a terminal see how far it is?
. "$(dirname "$0")/lib.sh"

run 'interruption' 0 python3 "$source_dir/tests/e2e/interrupt.py" "$lyncsim" \
    "$source_dir"
finish
