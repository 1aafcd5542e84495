# Does judge answer for certificates made elsewhere, and exit as it should?
. "$(dirname "$0")/lib.sh"

cd "$work" || exit 1
openssl ecparam -name prime256v1 -genkey -noout -out key.pem 2>/dev/null
make() { # FILE SUBJECT [OPENSSL OPTION...]
    file=$1 subject=$2
    shift 2
    openssl req -x509 -key key.pem -days 30 -out "$file" -subj "$subject" \
        "$@" 2>/dev/null || fail "cannot make $file"
}
make iis.pem /CN=deitterick.com -addext \
    subjectAltName=DNS:deitterick.com,DNS:mail.deitterick.com
make good.pem /CN=mail.deitterick.com
make wild.pem '/CN=*.deitterick.com'
make code.pem /CN=mail.deitterick.com -addext extendedKeyUsage=codeSigning
make nobody.pem /O=Contoso
openssl x509 -in good.pem -outform DER -out good.der
openssl pkcs12 -export -in good.pem -inkey key.pem -passout pass:secret \
    -out good.pfx
echo secret >password
cat >table.yaml <<'END'
topology:
  pools:
  - fqdn: mail.deitterick.com
    computers: [LAB-EX2010.lab.deitterick.com]
END
cat >tables.yaml <<'END'
topologies:
  right: {pools: [{fqdn: deitterick.com}]}
  empty: {pools: []}
  found: {autodiscovered: [mail.deitterick.com]}
END

judge() {
    "$lyncsim" judge "$@"
}

run 'the article' 1 judge iis.pem --topology table.yaml
says 'the article' out 'refused, unknown-server'
says 'the article' out 'saw subject.cn = "deitterick.com"'
says 'the article' out 'one of 2 known servers'
says 'the article' out 'mail.deitterick.com (in-san-not-in-cn)'
says 'the article' out "Remove-CsTrustedApplicationPool -Identity"
says 'the article' out 'Set-OwaVirtualDirectory'
[ "$(tail -n 1 "$work/out")" = 'iis.pem: refused, unknown-server' ] ||
    fail 'the article: the last line is not the verdict'
run 'the pool name' 0 judge good.pem --topology table.yaml
run 'DER' 0 judge good.der --topology table.yaml -q
says 'DER' out 'good.der: accepted'
for order in UTF-16 UTF-16BE; do
    { [ $order = UTF-16 ] || printf '\376\377'; iconv -t $order good.pem; } >wide.pem
    run "PEM in $order" 0 judge wide.pem --topology table.yaml -q
done
openssl ecparam -name prime256v1 -param_enc explicit -genkey -noout \
    -out curve.key 2>/dev/null
openssl req -x509 -key curve.key -days 30 -out curve.pem \
    -subj /CN=mail.deitterick.com 2>/dev/null || fail 'cannot make curve.pem'
run 'a curve of its own' 1 judge curve.pem --topology table.yaml -q
says 'a curve of its own' out 'curve.pem: refused, weak-key'
run 'PKCS#12' 0 judge good.pfx --password-file password --topology table.yaml
run 'standard input' 0 sh -c "'$lyncsim' judge - --topology table.yaml <good.pem"
run 'standard input twice' 2 sh -c \
    "'$lyncsim' judge - --topology - <table.yaml"
says 'standard input twice' err 'named twice'
run 'an unset variable' 3 judge '' --topology table.yaml
says 'an unset variable' err '"" cannot be read'
run 'by name' 0 judge iis.pem --topology tables.yaml#right
run 'found by Exchange UM routing' 0 judge good.pem --topology tables.yaml#found
says 'found by Exchange UM routing' out 'a known server: an autodiscovered'
says 'found by Exchange UM routing' out '                Exchange server.'
run 'an empty table' 1 judge iis.pem --topology tables.yaml#empty
says 'an empty table' out 'the table is empty'
run 'a wildcard' 1 judge wild.pem --topology table.yaml
says 'a wildcard' out 'refused, wildcard-name'
run 'no name' 1 judge nobody.pem --topology table.yaml
says 'no name' out 'refused, no-name'
run 'wrong usage' 1 judge code.pem --topology table.yaml -q
says 'wrong usage' out 'refused, wrong-usage'
run 'expired' 1 judge good.pem --topology table.yaml --at 2099-01-01 -q
says 'expired' out 'refused, expired'
run 'not yet' 1 judge good.pem --topology table.yaml --at 2001-01-01 -q
says 'not yet' out 'refused, not-yet-valid'
run 'a trusted root' 0 judge good.pem --topology table.yaml --ca good.pem
run 'another root' 1 judge good.pem --topology table.yaml --ca iis.pem -q
says 'another root' out 'refused, untrusted-root'
run 'another interface' 1 judge good.pem --topology table.yaml \
    --interface external -q
says 'another interface' out 'refused, wrong-interface'
run 'another rule' 0 judge iis.pem --topology table.yaml --rule cn-then-san

run 'every rule' 1 judge iis.pem --topology table.yaml --rule all
says 'every rule' out 'lync-2013     unknown'
says 'every rule' out 'any-name      accepted'
says 'every rule' out 'cn-only       the strictest reading: the subject CN'
says 'every rule' out 'lync-2013     assumed: the subject CN'
run 'every rule, in short' 1 judge iis.pem --topology table.yaml --rule all -q
says 'every rule, in short' out 'iis.pem: refused, unknown-server
iis.pem: refused, unknown-server by lync-2010
iis.pem: unknown by lync-2013'
[ "$(wc -l <"$work/out")" -eq 8 ] || fail 'every rule, in short: not 8 lines'
run 'every rule, agreed' 0 judge good.pem --topology table.yaml --rule all
says 'every rule, agreed' out 'lync-2013     accepted'

run 'two rules' 1 judge iis.pem --topology table.yaml --rule any-name \
    --rule lync-2013 --rule any-name
says 'two rules' out 'Front End    accepted'
says 'two rules' out 'lync-2013     unknown-server'
[ "$(grep -c '^   any-name .*accepted' "$work/out")" = 1 ] ||
    fail 'a rule answers twice'
run 'two rules that let it in' 0 judge iis.pem --topology table.yaml \
    --rule any-name --rule cn-then-san
run 'rules in a matrix' 1 judge iis.pem good.pem --topology table.yaml \
    --topology tables.yaml#right --rule cn-only --rule any-name
says 'rules in a matrix' out 'Each row is by cn-only, and below it by each rule.'
says 'rules in a matrix' out 'would let everything in by cn-only'

run 'a set a rule' 1 judge iis.pem nobody.pem --topology table.yaml --rule all
says 'a set a rule' out 'let most in by lync-2010, lync-2013,'
says 'a set a rule' out '1 refusal cannot be mended by names alone: nobody.pem.'
says 'a set a rule' out 'alone by cn-then-san, any-name and'
run 'a set a rule in JSON' 1 judge iis.pem nobody.pem --topology table.yaml \
    --rule all --json
says 'a set a rule in JSON' out '"changes":[],"unsolved":true}'

run 'every rule where one is needed' 2 "$lyncsim" topology diff table.yaml \
    table.yaml --rule all
says 'every rule where one is needed' err '--rule all is for judge'

run 'a matrix' 1 judge iis.pem good.pem wild.pem --topology table.yaml \
    --topology tables.yaml#right
says 'a matrix' out 'B = tables.yaml#right'
says 'a matrix' out 'iis.pem   unknown-server      accepted'
says 'a matrix' out 'The smallest set of changes'
says 'a matrix' out 'wild.pem: reissue it'
says 'a matrix' out 'a name that is in neither is'

run 'a matrix in JSON' 1 judge iis.pem good.pem --topology table.yaml --json
says 'a matrix in JSON' out '[{"verdict":"refused","reason":"unknown-server"'
says 'a matrix in JSON' out '"certificate":"good.pem"'
says 'a matrix in JSON' out \
    '"changes":[{"change":"topology","text":"table.yaml: '
run 'JSON' 0 judge good.pem --topology table.yaml --json
says 'JSON' out '{"verdict":"accepted","reason":null'
silent 'JSON' err

run 'show' 0 "$lyncsim" topology show table.yaml
says 'show' out '2 known servers:'
says 'show' out 'of mail.deitterick.com'
run 'show in JSON' 0 "$lyncsim" topology show tables.yaml#right --json
says 'show in JSON' out '{"known":[{"fqdn":"deitterick.com","kind":"pool"'
run 'show nothing' 0 "$lyncsim" topology show tables.yaml#empty
says 'show nothing' out '0 known servers.'
run 'show without a name' 2 "$lyncsim" topology show tables.yaml
says 'show without a name' err 'FILE#NAME'
run 'show another name' 2 "$lyncsim" topology show tables.yaml#rihgt
says 'show another name' err 'right'
run 'show a missing file' 3 "$lyncsim" topology show missing.yaml
run 'diff' 1 "$lyncsim" topology diff table.yaml tables.yaml#right \
    --certificate iis.pem --certificate good.pem
says 'diff' out '- mail.deitterick.com  pool'
says 'diff' out '+ deitterick.com  pool'
says 'diff' out 'iis.pem: unknown-server -> accepted'
says 'diff' out 'good.pem: accepted -> unknown-server'
run 'diff that lets in' 0 "$lyncsim" topology diff table.yaml \
    tables.yaml#right --certificate iis.pem
run 'diff of who was out before' 0 "$lyncsim" topology diff \
    tables.yaml#empty table.yaml --certificate nobody.pem
run 'diff that shuts out, in JSON' 1 "$lyncsim" topology diff table.yaml \
    tables.yaml#empty --certificate good.pem --json
run 'diff of the same' 0 "$lyncsim" topology diff table.yaml table.yaml
says 'diff of the same' out 'Both know the same servers.'
run 'diff in JSON' 0 "$lyncsim" topology diff table.yaml tables.yaml#right \
    --json --certificate iis.pem
says 'diff in JSON' out '"verdicts":[{"certificate":"iis.pem","changes":true'
cat >moved.yaml <<'END'
topology:
  pools:
  - fqdn: mail.deitterick.com
    site: LAB
    computers: [LAB-EX2010.lab.deitterick.com]
    applications: [{id: owa, port: 5199}]
END
run 'diff of what decides nothing' 0 "$lyncsim" topology diff table.yaml \
    moved.yaml
says 'diff of what decides nothing' out 'Both know the same servers.'
says 'diff of what decides nothing' out 'site: not stated -> LAB'
says 'diff of what decides nothing' out 'urn:application:owa: none -> port 5199'
run 'the same in JSON' 0 "$lyncsim" topology diff table.yaml moved.yaml --json
says 'the same in JSON' out \
    '"what":"urn:application:owa","before":null,"after":"port 5199"'
run 'diff of one' 2 "$lyncsim" topology diff table.yaml

# --- revocation: an authority of openssl's, and its lists --------------------

cat >ca.cnf <<'END'
[ca]
default_ca = own
[own]
database = index.txt
default_md = sha256
default_crl_days = 30
END
: >index.txt
echo basicConstraints=CA:false >leaf.ext
make ca.pem '/CN=A root' -addext keyUsage=critical,keyCertSign,cRLSign
openssl req -new -key key.pem -subj /CN=mail.deitterick.com -out leaf.csr \
    2>/dev/null
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey key.pem -days 20 \
    -CAcreateserial -extfile leaf.ext -out leaf.pem 2>/dev/null
ca() {
    openssl ca -config ca.cnf -keyfile key.pem -cert ca.pem "$@" 2>ca.err ||
        fail "openssl ca $*: $(cat ca.err)"
}
ca -gencrl -out before.crl
ca -revoke leaf.pem
ca -gencrl -out after.crl
openssl crl -in after.crl -outform DER -out after.der
with_ca() {
    judge leaf.pem --topology table.yaml --ca ca.pem "$@"
}
run 'lists are not asked for' 0 with_ca
says 'lists are not asked for' out 'skip  revocation-unknown'
run 'not on the list' 0 with_ca --crl before.crl
run 'on the list' 1 with_ca --crl after.crl
says 'on the list' out 'refused, revoked'
run 'on the list in DER' 1 with_ca --crl after.der
says 'on the list in DER' out 'refused, revoked'
run 'told to ignore it' 0 with_ca --crl after.crl --revocation ignore
run 'no list at hand' 1 with_ca --revocation check
says 'no list at hand' out 'refused, revocation-unknown'
run 'an old list' 1 with_ca --crl before.crl \
    --at "$(date -u -d '+31 days' +%Y-%m-%dT%H:%M:%SZ)"
says 'an old list' out 'fail  revocation-unknown'
run 'a list that is none' 2 with_ca --crl ca.pem
says 'a list that is none' err 'ca.pem: there is no revocation list in it'
run 'a list without a root' 2 judge leaf.pem --topology table.yaml \
    --crl after.crl
says 'a list without a root' err '--crl needs --ca'
run 'an authority that is no root' 1 judge leaf.pem --topology table.yaml \
    --ca leaf.pem -q
says 'an authority that is no root' err 'no root in what --ca names'
run 'a root' 0 judge leaf.pem --topology table.yaml --ca ca.pem -q
silent 'a root' err
run 'the letter of the law' 1 with_ca --strict
says 'the letter of the law' out 'refused, bad-chain'
run 'weak keys refused' 0 with_ca --weak refuse

run 'no table' 2 judge good.pem
says 'no table' err '--topology'
run 'no such file' 3 judge missing.pem --topology table.yaml
run 'no certificate in it' 2 judge table.yaml --topology table.yaml
run 'no table in it' 2 judge good.pem --topology good.pem
run 'no such rule' 2 judge good.pem --topology table.yaml --rule lync-2011
says 'no such rule' err 'it is lync-2010, lync-2013'
run 'a misspelt rule' 2 judge iis.pem --topology table.yaml --rule lync2010
says 'a misspelt rule' err 'did you mean lync-2010?'
run 'no certificate named' 2 judge --topology table.yaml
finish
