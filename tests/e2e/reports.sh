# Do the reports of a run reach their ordinary readers, whatever happened in
# it: the schema of JUnit, prove, a JSON parser?
. "$(dirname "$0")/lib.sh"
cd "$source_dir" || exit 1

story=scenarios/owa-subject-name.yaml
sed 's/reason: unknown-server/reason: untrusted-root/' "$story" \
    >"$work/wrong.yaml"
sed 's/identity.name/identity.nme/' "$story" >"$work/typo.yaml"

cat >"$work/twice.yaml" <<'TWICE'
title: the same once more
certificates: {cas: {subject: CN=cas.contoso.com}}
steps:
  - connect: {certificate: cas}
  - connect: {certificate: cas}
TWICE

# report NAME CODE FILE...: every kind of it, each taken by its reader; prove
# must be of the same opinion as we.
report() {
    name=$1 wanted=$2
    shift 2
    run "$name" "$wanted" "$lyncsim" run -q --junit "$work/junit.xml" \
        --tap "$work/tap" --html "$work/report.html" "$@"
    xmllint --noout --schema tests/data/junit.xsd "$work/junit.xml" \
        2>"$work/lint" || fail "$name: JUnit: $(cat "$work/lint")"
    prove --exec cat "$work/tap" >"$work/proved" 2>&1
    proved=$?
    [ "$((proved > 0))" -eq "$((wanted > 0))" ] ||
        fail "$name: prove: $(cat "$work/proved")"
    grep -q 'Parse errors' "$work/proved" &&
        fail "$name: TAP: $(cat "$work/proved")"
    run "$name, JSON" "$wanted" "$lyncsim" run --json "$@"
    python3 -m json.tool "$work/out" >"$work/json" ||
        fail "$name: JSON"
}

report 'a failure' 1 "$work/wrong.yaml" scenarios/mutual-trust.yaml
says 'JUnit' junit.xml 'failures="1" errors="0"'
says 'JUnit' junit.xml 'expected untrusted-root, actual unknown-server'
says 'JUnit' junit.xml "wrong.yaml:41:7: reason
       - name: OWA signs in with the certificate that is bound to IIS
     ...
           reason: untrusted-root
           ^~~~~~"
says 'JUnit' junit.xml 'classname="scenarios.mutual-trust"'
run 'one name, two cases' 0 "$lyncsim" run -q --junit "$work/junit.xml" \
    "$work/twice.yaml"
says 'one name, two cases' junit.xml \
    'name="A peer connects with the certificate &quot;cas&quot;. (2)"'
says 'TAP' tap 'TAP version 14'
says 'TAP' tap 'not ok 1 - OWA has no instant messaging'
says 'TAP' tap 'ok 2 - Both sides must trust'
says 'HTML' report.html '<h1>1 of 2 scenarios passed</h1>'
says 'HTML' report.html '<svg viewBox='
says 'HTML' report.html '<strong>speaks</strong>'
says 'HTML' report.html 'Not as expected'
! grep -qE '<script|https?://[^ ]*\.(js|css|png)' "$work/report.html" ||
    fail 'the HTML needs more than itself'
run 'TAP on standard output' 1 "$lyncsim" run --tap - "$work/wrong.yaml" \
    scenarios/mutual-trust.yaml
cmp "$work/tap" "$work/out" || fail 'standard output has more than TAP'

report 'all is well' 0 scenarios
[ "$(grep -c '^ok ' "$work/tap")" -eq \
    "$(find scenarios -name '*.yaml' | wc -l)" ] ||
    fail 'all is well: a test a scenario was wanted'

# A file with faults is told with its line and caret, and nothing is played.
report 'a faulty file' 3 "$work/typo.yaml" "$work/none.yaml" "$story"
says 'a faulty file' err "none.yaml cannot be read: No such file"
says 'JUnit of it' junit.xml 'tests="3" failures="0" errors="2"'
says 'JUnit of it' junit.xml 'message="The file has 1 fault."'
says 'JUnit of it' junit.xml 'typo.yaml:42:7: nothing called'
says 'JUnit of it' junit.xml '      identity.nme: deitterick.com
        ^~~~~~~~~~~~
  Did you mean &quot;identity.name&quot;?'
says 'JUnit of it' junit.xml '<skipped>Another file has faults'
says 'TAP of it' tap "not ok 1 - $work/typo.yaml"
says 'TAP of it' tap '          identity.nme: deitterick.com
            ^~~~~~~~~~~~
      Did you mean "identity.name"?'
says 'TAP of it' tap '# SKIP Another file has faults'
says 'HTML of it' report.html '<h1>0 of 3 scenarios passed</h1>'
says 'HTML of it' report.html '        ^~~~~~~~~~~~
  Did you mean'
says 'HTML of it' report.html 'none.yaml cannot be read'
says 'JSON of it' json '"failed": 2'
says 'JSON of it' json '"line": 42'
says 'JSON of it' json '"hint": "Did you mean'
says 'JSON of it' json '"outcome": "error"'
run 'nothing is played' 2 "$lyncsim" run --tap - --trace "$work/trace" \
    "$work/typo.yaml" "$story"
silent 'nothing is played' trace
report 'the first failure ends it' 1 --fail-fast "$work/wrong.yaml" "$story"
says 'the first failure ends it' junit.xml \
    '<skipped>Another scenario had failed before.</skipped>'

# What only YAML can write, and what only a file system can.
hostile=$work/$(printf '<b>\033[2J\302\233\342\200\256.yaml')
cat >"$hostile" <<'HOSTILE'
title: "<script>alert(1)</script> ]]> # SKIP \e[2J \u202E \u009B \\"
certificates: {cas: {subject: "CN=cas.contoso.com"}}
steps:
  - name: "</testcase> \" & \e]0;x\a\n  ---\nok 99"
    connect: {certificate: cas}
    expect: {identity.name: "\u2066<img src=x onerror=alert(1)>"}
HOSTILE
report 'hostile names' 1 "$hostile" "$story"
says 'hostile names' tap 'not ok 1 - <script>alert(1)'
for file in junit.xml tap report.html out; do
    [ "$file" = out ] && run 'hostile names' 1 "$lyncsim" run "$hostile" "$story"
    LC_ALL=C.UTF-8 grep -qP '\x1B|\x07|\x{9B}|\x{202E}|\x{2066}' \
        "$work/$file" && fail "hostile names: they act in $file"
done
grep -qE '<(script|img|b)\b' "$work/report.html" "$work/junit.xml" &&
    fail 'hostile names: they are marks'
run 'hostile names, listed' 0 "$lyncsim" run --list "$hostile" "$story"
LC_ALL=C.UTF-8 grep -qP '\x1B|\x{202E}' "$work/out" &&
    fail 'hostile names: they act in the list'
echo 'titel: x' >"$hostile"
run 'a hostile name of a faulty file' 2 "$lyncsim" run "$hostile"
LC_ALL=C.UTF-8 grep -qP '\x1B|\x{202E}' "$work/err" &&
    fail 'a hostile name of a faulty file acts'

finish
