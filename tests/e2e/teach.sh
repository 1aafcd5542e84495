# Do the lessons ask, wait, and reveal, at a terminal and elsewhere?
. "$(dirname "$0")/lib.sh"
lessons=$source_dir/scenarios/lessons
first=$lessons/1-which-name.yaml

run 'the list' 0 "$lyncsim" teach
silent 'the list' err
[ "$(wc -l <"$work/out")" -eq "$(ls "$lessons" | wc -l)" ] ||
    fail 'the list: a line a lesson was wanted'
says 'the list' out '1-which-name             Lesson 1: which name'
run 'the list as JSON' 0 "$lyncsim" teach --json
says 'the list as JSON' out '"title":"Lesson 2: who refuses whom?"}'

for lesson in 1-which-name 1 which-name "$first"; do
    run "the lesson $lesson" 0 "$lyncsim" teach "$lesson"
    silent "the lesson $lesson" err
    says "the lesson $lesson" out 'will appear when the service becomes'
    grep -qF '[Enter]' "$work/out" && fail "the lesson $lesson waits in a pipe"
done
for lesson in "$lessons"/*; do
    run "$lesson" 0 "$lyncsim" teach -q "$lesson"
    silent "$lesson" out
done

if python3 -c 'import os; os.openpty()' 2>/dev/null; then
    run 'at a terminal' 0 python3 "$source_dir/tests/e2e/at_a_terminal.py" \
        "$lyncsim" teach --color=never 1
    asked=$(grep -c '^  - ask:' "$first")
    [ "$(grep -cF '[Enter] goes on. <Enter>' "$work/out")" -eq "$asked" ] ||
        fail "at a terminal: $asked keys were wanted"
    sed '/<Enter>/,$d' "$work/out" >"$work/before"
    says 'before the first key' before 'Will a user who signs in to OWA'
    grep -qF 'unknown-server' "$work/before" &&
        fail 'the answer is told before the question is thought about'
else
    echo 'no terminals on this machine: waiting for keys is left out'
fi

run 'as HTML' 0 "$lyncsim" teach --html "$work/html" mutual-trust
silent 'as HTML' out
says 'as HTML' html '<!DOCTYPE html>'
says 'as HTML' html 'Lesson 2: who refuses whom?'
run 'as JSON' 0 "$lyncsim" teach --json 1
says 'as JSON' out '"passed":1,"failed":0'

sed 's/verdict: refused/verdict: accepted/' "$first" >"$work/wrong.yaml"
run 'a lesson that is wrong' 1 "$lyncsim" teach "$work/wrong.yaml"
says 'a lesson that is wrong' out 'expected  accepted'
run 'no such lesson' 2 "$lyncsim" teach mutual-rust
says 'no such lesson' err 'did you mean "2-mutual-trust"?'
run 'nothing like it' 2 "$lyncsim" teach xyzzy
says 'nothing like it' err 'lyncsim teach lists them'
run 'no such file' 3 "$lyncsim" teach ./xyzzy.yaml
run 'two lessons' 2 "$lyncsim" teach 1 2
run 'HTML that cannot be written' 3 "$lyncsim" teach --html "$work/no/x" 1

# Installed, it has its lessons with it wherever it stands and is called from.
cmake --install "$(dirname "$lyncsim")" --prefix "$work/opt" \
    >"$work/installed" 2>&1 || fail "install: $(cat "$work/installed")"
cd / || exit 1
run 'installed' 0 "$work/opt/bin/lyncsim" teach
says 'installed' out '3-change-without-outage'
run 'installed: where from' 0 "$work/opt/bin/lyncsim" teach --json
says 'installed: where from' out \
    "$work/opt/share/lyncsim/scenarios/lessons/1-which-name.yaml"
run 'installed: a lesson' 0 "$work/opt/bin/lyncsim" teach -q 2
grep -q '^.TH LYNCSIM 1' "$work/opt/share/man/man1/lyncsim.1" ||
    fail 'installed: no manual page'
mv "$work/opt" "$work/moved"
run 'moved' 0 "$work/moved/bin/lyncsim" teach --json
says 'moved' out "$work/moved/share/lyncsim/scenarios/lessons"
run 'moved: the library' 0 "$work/moved/bin/lyncsim" run --list \
    "$work/moved/share/lyncsim/scenarios"

finish
