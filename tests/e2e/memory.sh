# Does a lack of memory end the program, or change nothing? Each command is run
# with one allocation after another refused: what it says in the end is what it
# says with memory enough, or one sentence and exit code 4.
. "$(dirname "$0")/lib.sh"

cd "$work" || exit 1
"$lyncsim" cert mint -q cas cas.contoso.com -o cas || exit 1
cat >table.yaml <<'END'
topology: {pools: [{fqdn: cas.contoso.com}]}
END

# refused COMMAND...: some of its first thousand allocations, then here and
# there; those before main() are the loader's.
refused() {
    "$lyncsim" "$@" >whole
    whole=$?
    for number in $(seq 20 83 1000) $(seq 1000 1709 40000); do
        LD_PRELOAD=$LYNCSIM_MEMORY_SHIM MEMORY_REFUSED=$number \
            "$lyncsim" "$@" >out 2>err
        code=$?
        if [ "$code" -eq "$whole" ]; then
            cmp -s whole out || fail "$*: without number $number it says other"
        elif [ "$code" -eq 4 ]; then
            ended=$((ended + 1))
            says "$* without number $number" err 'lyncsim: out of memory'
        else
            fail "$* without number $number: exit code $code"
            cat out err >&2
        fi
    done
}

ended=0
refused cert show --json --at 2026-11-22T12:00:00Z cas.pem
refused judge --json --at 2026-11-22T12:00:00Z cas.pem --ca cas-root.pem \
    --topology table.yaml
refused topology import "$source_dir/tests/data/DefaultTopology_Skype.xml"
[ "$ended" -gt 30 ] || fail "only $ended ended for lack of memory"

finish
