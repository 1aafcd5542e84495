# Is every command line understood or refused with the way out?
. "$(dirname "$0")/lib.sh"

run 'help' 0 "$lyncsim" help
says 'help' out 'usage: lyncsim COMMAND'
run 'help of a command' 0 "$lyncsim" help version
says 'help of a command' out 'usage: lyncsim version'
run '--help of a command' 0 "$lyncsim" version --help
says '--help of a command' out 'which release this is'
run '-h with nonsense beside it' 2 "$lyncsim" version -h --nonsense
run '--version' 0 "$lyncsim" --version
says '--version' out 'lyncsim '
silent '--version' err

run 'no command' 2 "$lyncsim"
says 'no command' err 'lyncsim help'
run 'a misspelt command' 2 "$lyncsim" verzion
says 'a misspelt command' err 'did you mean "version"?'
silent 'a misspelt command' out
run 'a misspelt word of two' 2 "$lyncsim" topolgy show table.yaml
says 'a misspelt word of two' err 'did you mean "topology show"?'
run 'a misspelt word of two, alone' 2 "$lyncsim" topolgy
says 'a misspelt word of two, alone' err 'did you mean "topology"?'
run 'no such command' 2 "$lyncsim" xyzzy
says 'no such command' err 'there is no command "xyzzy"'
run 'help of no such command' 2 "$lyncsim" help verzion
says 'help of no such command' err 'did you mean "version"?'
run 'a misspelt option' 2 "$lyncsim" version --jsno
says 'a misspelt option' err 'did you mean --json?'
run 'an option of another command' 2 "$lyncsim" version --listen :0
says 'an option of another command' err 'has no option --listen'
run 'an unknown letter' 2 "$lyncsim" version -z
says 'an unknown letter' err 'has no option -z'
run 'a misspelt value' 2 "$lyncsim" version --color=alwais
says 'a misspelt value' err 'did you mean always?'
run 'another number' 2 "$lyncsim" serve --tls 1.3-1.0
says 'another number' err '--tls cannot be "1.3-1.0"; it is 1.0, 1.1, 1.2'
run 'a comma for a point' 2 "$lyncsim" serve --tls 1,2
says 'a comma for a point' err 'did you mean 1.2?'
run 'a value out of the blue' 2 "$lyncsim" version --color=17
says 'a value out of the blue' err 'it is auto, always or never'
run 'a missing value' 2 "$lyncsim" version --color
says 'a missing value' err '--color needs a value'
run 'a value where there is none' 2 "$lyncsim" version --json=yes
says 'a value where there is none' err '--json takes no value'
run 'an option twice' 2 "$lyncsim" version --color auto --color never
says 'an option twice' err 'given twice'
run 'an option with an unset variable' 2 "$lyncsim" teach 1 --html ''
says 'an option with an unset variable' err '--html needs a value: --html FILE'
for output in trace junit tap html; do
    run "JSON and $output in one" 2 "$lyncsim" run --json "--$output" - x.yaml
    says "JSON and $output in one" err "--$output needs a file"
    silent "JSON and $output in one" out
done
run 'an argument too many' 2 "$lyncsim" version now
says 'an argument too many' err 'does not know what to do with "now"'
run 'an argument that looks like an option' 2 "$lyncsim" version -- --json
says 'an argument that looks like an option' err '"--json"'

"$lyncsim" help >/dev/full 2>"$work/err"
[ $? -eq 3 ] || fail 'a full disk is not noticed'
says 'a full disk' err 'standard output cannot be written'


# Nor does a report get the number, and the words, of one that is closed.
"$lyncsim" run "$source_dir/scenarios/owa-subject-name.yaml" \
    --junit "$work/report" >&- 2>"$work/err"
[ $? -eq 3 ] || fail 'a closed standard output is not noticed'
says 'a closed standard output' err 'standard output cannot be written'
case "$(head -c 5 "$work/report")" in
'<?xml') ;;
*) fail 'what is for the terminal stands in a report' ;;
esac

for topic in '' check scenario; do
    run "help $topic as JSON" 0 "$lyncsim" help $topic --json
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))["text"]' \
        "$work/out" || fail "help $topic as JSON"
done

# The manual page says what help says.
run 'the manual page' 0 "$lyncsim" help man
"$lyncsim" help | sed -n 's/^  \([a-z ]*[a-z]\)  .*/\1/p' | while read -r command; do
    grep -q "^.SS lyncsim $command " "$work/out" ||
        echo "no $command"
    "$lyncsim" help $command | sed -n 's/^ .*--\([a-z-]*\).*/\1/p' |
        while read -r option; do
            grep -qF -e "\\-\\-$(echo "$option" | sed 's/-/\\-/g')\\fR" \
                "$work/out" || echo "no --$option of $command"
        done
done >"$work/missing"
silent 'the manual page' missing
! grep -q '[^.]\.\.$' "$work/out" || fail 'a sentence of the manual page ends twice'
[ "$(grep -c '^\.SS' "$work/out")" -ge 15 ] || fail 'the manual page is short'
if command -v man >/dev/null && command -v groff >/dev/null; then
    LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$work/out" \
        >"$work/page" 2>"$work/warned"
    silent 'the manual page' warned
fi
finish
