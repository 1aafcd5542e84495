# Does the event log tell which servers are known, at start and after a reload?
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serving.sh"

cd "$work" || exit 1

# before, after: the table at start, and what it becomes. um is there twice.
before() {
    cat >table.yaml <<'END'
topology:
  pools:
  - {fqdn: any.contoso.com, version: 0}
  - {fqdn: mail.contoso.com, version: 6, computers: [cas1.contoso.com]}
  - {fqdn: um.contoso.com}
  autodiscovered: [um.contoso.com]
END
}
after() {
    cat >table.yaml <<'END'
topology:
  pools:
  - {fqdn: any.contoso.com, version: 8}
  - {fqdn: mail.contoso.com, version: 6, computers: [cas2.contoso.com]}
  autodiscovered: [um.contoso.com, um2.contoso.com]
END
}

# events OPTION...: what is logged of one and the other.
events() {
    before
    start --topology table.yaml --events events "$@"
    after
    kill -HUP "$server"
    until_told 'read again: 5 known servers'
    stop TERM
}

# ids: each event's number, in order.
ids() {
    sed -n 's/^Event ID:  *//p; s/^.*"id":\([0-9]*\).*/\1/p' events |
        tr '\n' ' '
}
expected='14492 44024 14495 14495 14495 14493 14493 14493 44024 '

events
[ "$(ids)" = "$expected" ] || fail "events in text: $(ids)"
says 'in text' events '  any.contoso.com (pool, version 0, primary interface)'
says 'in text' events '  any.contoso.com (pool, version 8, primary interface)'
says 'in text' events '  um.contoso.com (pool, version 5, primary interface)'
says 'in text' events '  um.contoso.com (autodiscovered, version 0, primary'
says 'in text' events '  cas2.contoso.com (computer of mail.contoso.com,'
[ "$(grep -c 'um.contoso.com (autodiscovered' events)" -eq 2 ] ||
    fail 'um.contoso.com was found once and told again'

rm events
before
start --json --topology table.yaml --events events
after
kill -HUP "$server"
until_told '"reloaded"'
stop TERM
[ "$(ids)" = "$expected" ] || fail "events in JSON: $(ids)"
says 'in JSON' events '"id":14495,"source":"LS Protocol Stack"'
says 'in JSON' events '[{"fqdn":"um2.contoso.com","kind":"autodiscovered"'

finish
