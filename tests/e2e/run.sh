# Do scenarios play out over real sockets, twice the same to the byte?
. "$(dirname "$0")/lib.sh"
cd "$source_dir" || exit 1

story=scenarios/owa-subject-name.yaml

run 'the story' 0 "$lyncsim" run "$story"
silent 'the story' err
says 'the story' out 'Instant Messaging isn'
says 'the story' out 'refused, unknown-server'
says 'the story' out 'mail.deitterick.com (in-san-not-in-cn)'
says 'the story' out '1 scenario: 1 passed, 0 failed'
says 'the story' out 'Data: fqdn="deitterick.com"'
grep -q "$(printf '\033')" "$work/out" && fail 'colour in a pipe'
cp "$work/out" "$work/first"
run 'the story again' 0 "$lyncsim" run "$story"
cmp "$work/first" "$work/out" || fail 'two stories differ'
run 'the story in colour' 0 "$lyncsim" run --color=always "$story"
grep -q "$(printf '\033')" "$work/out" || fail 'no colour when told so'

run 'all three' 0 "$lyncsim" run scenarios/owa-subject-name.yaml \
    scenarios/mutual-trust.yaml scenarios/one-certificate-many-tables.yaml
says 'all three' out '3 scenarios: 3 passed, 0 failed'
says 'all three' out "passed  $story: OWA has no instant messaging"

run 'the trace' 0 "$lyncsim" run -q --trace "$work/trace.1" "$story"
silent 'the trace' out
run 'the trace again' 0 "$lyncsim" run -q --trace "$work/trace.2" "$story"
cmp "$work/trace.1" "$work/trace.2" || fail 'two traces differ'
cat >"$work/record" <<'RECORD'
TL_ERROR(TF_CONNECTION) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca (SIPStack,SIPAdminLog::TraceConnectionRecord:SIPAdminLog.cpp(160))$$begin_record
LogType: connection
Severity: error
Text: The peer is not a configured server on this network interface
Transport: TLS
Data: fqdn="deitterick.com"
RECORD
head -n 6 "$work/trace.1" | cmp - "$work/record" ||
    fail 'the record is not that of the article'
run 'the trace on standard output' 0 "$lyncsim" run -q --trace - "$story"
cmp "$work/trace.1" "$work/out" || fail 'standard output has another trace'
run 'event log in JSON' 0 "$lyncsim" run --json --events "$work/events" "$story"
says 'event log in JSON' events '"id":14492,"source":"LS Protocol Stack"'
python3 -c 'import json, sys
for line in open(sys.argv[1]): json.loads(line)' "$work/events" ||
    fail 'event log in JSON: a line is none'
run 'event log' 0 "$lyncsim" run -q --events "$work/events" "$story"
says 'event log' events '14492'
run 'later fields' 0 "$lyncsim" run -q --trace "$work/full" \
    --trace-fields full "$story"

run 'JSON' 0 "$lyncsim" run --json scenarios
cp "$work/out" "$work/json.1"
says 'JSON' json.1 '"failed":0,"scenarios":[{"file":'
says 'JSON' json.1 '"reason":"unknown-server"'
says 'JSON' json.1 '"identity":{"name":"deitterick.com","source":"subject.cn"}'
[ "$(wc -l <"$work/json.1")" -eq 1 ] || fail 'JSON is one object on one line'
run 'JSON, in parallel' 0 "$lyncsim" run --json -j 4 scenarios
cmp "$work/json.1" "$work/out" || fail 'parallel play differs'
run 'repeated' 0 "$lyncsim" run --repeat 3 --json scenarios
cmp "$work/json.1" "$work/out" || fail 'repeated play differs'

run 'standard input' 0 sh -c "'$lyncsim' run --list - <$story"
says 'standard input' out '<standard input>: OWA'
sed 's/reason: unknown-server/reason: untrusted-root/' "$story" \
    >"$work/wrong.yaml"
run 'an expectation fails' 1 "$lyncsim" run "$work/wrong.yaml"
says 'an expectation fails' out 'expected  untrusted-root'
says 'an expectation fails' out 'actual    unknown-server'
says 'an expectation fails' out "wrong.yaml:41:7: reason"
cat >"$work/written" <<'WRITTEN'
       - name: OWA signs in with the certificate that is bound to IIS
     ...
           reason: untrusted-root
           ^~~~~~
WRITTEN
grep -F -A 4 'wrong.yaml:41:7: reason' "$work/out" | tail -n +2 |
    cmp - "$work/written" || fail 'the step is not shown as it is written'
printf '\357\273\277title: A mark of order, and \342\202\254\r\nsteps:\r\n' \
    >"$work/one-line.yaml"
printf -- '- {topology: [publish], expect: {topology: refused}}\r\n' \
    >>"$work/one-line.yaml"
run 'a step of one line fails' 1 "$lyncsim" run "$work/one-line.yaml"
says 'a step of one line fails' out \
    "     - {topology: [publish], expect: {topology: refused}}
                                      ^~~~~~~~
                expected  refused"
run 'a failure, quietly' 1 "$lyncsim" run -q "$work/wrong.yaml" "$story"
says 'a failure, quietly' out 'expected  untrusted-root'
run 'the first failure ends it' 1 "$lyncsim" run --fail-fast \
    "$work/wrong.yaml" "$story"
says 'the first failure ends it' out '1 not played'
run 'a command line that contradicts the file' 1 "$lyncsim" run \
    --rule cn-then-san "$story"
run 'a filter' 0 "$lyncsim" run --filter 'Both sides must trust' scenarios
says 'a filter' out '1 scenario: 1 passed'
run 'a filter on nothing' 2 "$lyncsim" run --filter 'xyzzy' scenarios
run 'a list' 0 "$lyncsim" run --list scenarios
says 'a list' out "$story: OWA has no"

sed 's/identity.name/identity.nme/' "$story" >"$work/typo.yaml"
run 'a typo' 2 "$lyncsim" run "$work/typo.yaml" "$work/typo.yaml"
says 'a typo' err 'typo.yaml:42:7:'
says 'a typo' err 'identity.name'
silent 'a typo' out
run 'a typo, checked' 2 "$lyncsim" check "$work/typo.yaml"
says 'a typo, checked' err 'typo.yaml:42:7:'
cat >"$work/wide.yaml" <<'END'
title: a computer
certificates: {cas: {subject: CN=a-long-name-01.contoso.com}}
topology:
  pools:
  - {fqdn: mail.contoso.com, computers: [a-long-name-01.contoso.com]}
steps: [{connect: {certificate: cas}, expect: {verdict: accepted}}]
END
run 'a sentence of two names' 0 "$lyncsim" run "$work/wide.yaml"
says 'a sentence of two names' out 'a computer of the'
[ "$(awk 'length > 80' "$work/out")" = '' ] ||
    fail 'a sentence of two names runs on beyond the others'

run 'no such file' 3 "$lyncsim" run "$work/none.yaml"
says 'no such file' err 'No such file'
mkdir "$work/empty"
run 'an empty folder' 2 "$lyncsim" run "$work/empty"
run 'a report that cannot be written' 3 "$lyncsim" run \
    --trace /nonexistent/file "$story"
says 'a report that cannot be written' err '/nonexistent/file'

run 'check' 0 "$lyncsim" check scenarios
says 'check' out "$story: a well-formed scenario"
printf 'topology:\n  pools: [{fqdn: a.contoso.com}]\n' >"$work/table.yaml"
run 'check a topology' 0 "$lyncsim" check "$work/table.yaml"
says 'check a topology' out 'a well-formed topology'
printf 'topology:\n  pool: [{fqdn: a.contoso.com}]\n' >"$work/table.yaml"
run 'check a wrong topology' 2 "$lyncsim" check "$work/table.yaml"
says 'check a wrong topology' err 'table.yaml:2:3:'

# Traces that changed on purpose.
sed -e 's/Severity: error/Severity: warning/' -e '/Transport: TLS/d' "$story" \
    >"$work/golden.yaml"
run 'an old trace' 1 "$lyncsim" run -q "$work/golden.yaml"
run 'a trace written anew' 0 "$lyncsim" run -q --update "$work/golden.yaml"
silent 'a trace written anew' err
says 'a trace written anew' out '- Severity: warning'
says 'a trace written anew' out '+ Severity: error'
says 'a trace written anew' out 'golden.yaml is written anew'
cmp "$work/golden.yaml" "$story" || fail 'more than the trace was written'
run 'nothing to write' 0 "$lyncsim" run -q --update "$work/golden.yaml"
silent 'nothing to write' out
sed -e 's/Severity: error/Severity: warning/' -e 's/$/\r/' "$story" \
    >"$work/golden.yaml"
run 'a trace of Windows' 0 "$lyncsim" run -q --update "$work/golden.yaml"
sed 's/$/\r/' "$story" | cmp - "$work/golden.yaml" ||
    fail 'the line ends are not those of the file'
sed -e 's/Severity: error/Severity: warning/' \
    -e 's/reason: unknown-server/reason: untrusted-root/' "$story" \
    >"$work/golden.yaml"
run 'another failure beside it' 1 "$lyncsim" run -q --update \
    "$work/golden.yaml"
says 'another failure beside it' err ':41: reason is left as it is: only traces'
sed 's/reason: unknown-server/reason: untrusted-root/' "$story" |
    cmp - "$work/golden.yaml" || fail 'the trace beside a failure'
sed -e 's/      trace: |/      trace: >-/' "$story" >"$work/golden.yaml"
cp "$work/golden.yaml" "$work/kept.yaml"
run 'a trace that is folded' 1 "$lyncsim" run -q --update "$work/golden.yaml"
says 'a trace that is folded' err 'only a trace that is written as a block'
cmp "$work/golden.yaml" "$work/kept.yaml" || fail 'what is refused is written'
sed -e 's/Severity: error/Severity: warning/' "$story" |
    "$lyncsim" run -q --update - >"$work/out" 2>"$work/err" &&
    fail 'standard input cannot be written'
says 'standard input' err '<standard input> cannot be written'
cat >"$work/golden.yaml" <<'ACCEPTED'
title: nobody is refused
certificates: {cas: {subject: CN=cas.contoso.com}}
topology: {pools: [{fqdn: cas.contoso.com}]}
steps:
  - connect: {certificate: cas}
    expect:
      trace: |
        Severity: error
ACCEPTED
run 'no trace any more' 1 "$lyncsim" run -q --update "$work/golden.yaml"
says 'no trace any more' err 'there is no trace any more'
cat >"$work/golden.yaml" <<'VARIABLE'
title: a variable in a trace
variables: {who: stranger.contoso.com}
certificates: {cas: {subject: CN=$who}}
topology: {pools: [{fqdn: cas.contoso.com}]}
steps:
  - connect: {certificate: cas}
    expect:
      trace: |
        Data: fqdn="$who"
VARIABLE
cp "$work/golden.yaml" "$work/kept.yaml"
run 'a variable in a trace' 1 "$lyncsim" run -q --update "$work/golden.yaml"
says 'a variable in a trace' err 'it has variables in it'
cmp "$work/golden.yaml" "$work/kept.yaml" || fail 'a variable is written over'
cat >"$work/golden.yaml" <<'MATRIX'
title: one trace for several
certificates: {a: {subject: CN=a.contoso.com}, b: {subject: CN=b.contoso.com}}
topology: {pools: [{fqdn: cas.contoso.com}]}
matrix: {certificate: [a, b]}
cases:
  - connect: {certificate: $certificate}
    expect:
      trace: |
        Severity: error
MATRIX
cp "$work/golden.yaml" "$work/kept.yaml"
run 'one trace for several' 1 "$lyncsim" run -q --update "$work/golden.yaml"
says 'one trace for several' err 'it stands for several steps'
cmp "$work/golden.yaml" "$work/kept.yaml" || fail 'a matrix is written over'

finish
