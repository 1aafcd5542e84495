# Does the mock Front End serve strangers? openssl s_client is the stranger,
# with certificates that the openssl command made.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serving.sh"

# judged NAME TEXT...: the next verdict must hold every text.
judged() {
    name=$1
    shift
    until_told '"event":"verdict"' || return
    for text in "$@"; do
        case $line in
        *"$text"*) ;;
        *) fail "$name: no $text in $line" ;;
        esac
    done
}

# --- a lab of the openssl command ------------------------------------------

lab=$work/openssl
mkdir "$lab"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
    -out "$1" 2>/dev/null; }
key "$lab/ca.key"
openssl req -x509 -new -key "$lab/ca.key" -subj /CN=Stranger-CA -days 30 \
    -addext basicConstraints=critical,CA:TRUE -out "$lab/ca.pem" 2>/dev/null
key "$lab/peer.key"

# certificate NAME [SAN] <<subject lines>>: the subject as a section of a
# request's configuration, read from standard input.
certificate() {
    {
        echo '[req]'
        echo 'prompt = no'
        echo 'utf8 = yes'
        echo "string_mask = ${mask:-utf8only}"
        echo 'distinguished_name = name'
        echo '[name]'
        cat
        echo '[ext]'
        echo 'basicConstraints = CA:FALSE'
        echo 'extendedKeyUsage = serverAuth, clientAuth'
        [ -z "${2:-}" ] || echo "subjectAltName = $2"
    } >"$lab/$1.cnf"
    openssl req -new -key "$lab/peer.key" -config "$lab/$1.cnf" \
        -out "$lab/$1.csr" 2>"$work/openssl.err" &&
        openssl x509 -req -in "$lab/$1.csr" -CA "$lab/ca.pem" \
            -CAkey "$lab/ca.key" -CAcreateserial -days 20 \
            -extfile "$lab/$1.cnf" -extensions ext -out "$lab/$1.pem" \
            2>>"$work/openssl.err" || {
        fail "openssl cannot make $1"
        cat "$work/openssl.err" >&2
    }
}

echo 'CN = fe.contoso.com' | certificate front-end DNS:fe.contoso.com
echo 'CN = cas.contoso.com' | certificate trusted
echo 'CN = other.contoso.com' | certificate unknown DNS:cas.contoso.com
echo 'O = Contoso' | certificate no-name
printf '0.CN = cas.contoso.com\n1.CN = other.contoso.com\n' |
    certificate two-names
printf '0.CN = other.contoso.com\n1.CN = cas.contoso.com\n' |
    certificate two-names-reversed
echo 'CN = mü.contoso.com' | certificate utf8
echo 'CN = cas.contoso.com' | mask=MASK:0x800 certificate bmp
echo 'O = Contoso' | certificate san-only DNS:cas.contoso.com
echo 'CN = *.contoso.com' | certificate wildcard 'DNS:*.contoso.com'
echo 'CN = cas.contoso.com@evil.example' | certificate placeholder
openssl req -x509 -new -key "$lab/peer.key" -subj /CN=cas.contoso.com \
    -days 20 -out "$lab/self-signed.pem" 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
    -pkeyopt ec_param_enc:explicit -out "$lab/own-curve.key" 2>/dev/null
openssl req -x509 -new -key "$lab/own-curve.key" -subj /CN=cas.contoso.com \
    -days 20 -out "$lab/own-curve.pem" 2>/dev/null ||
    fail 'openssl cannot make own-curve'
# A day before it was made it ended.
openssl x509 -req -in "$lab/trusted.csr" -CA "$lab/ca.pem" \
    -CAkey "$lab/ca.key" -days -1 -extfile "$lab/trusted.cnf" \
    -extensions ext -out "$lab/expired.pem" 2>/dev/null ||
    fail 'openssl cannot make expired'

# The command puts no NUL into a name: what was signed is taken out of a
# certificate, a byte of it changed, signed again, and put together.
octet() { printf "\\$(printf %03o "$1")"; }
head_of() { # TAG LENGTH, a length of two octets
    octet "$1" && octet 130 && octet $(($2 / 256)) && octet $(($2 % 256))
}
openssl x509 -in "$lab/placeholder.pem" -outform DER >"$lab/whole"
openssl asn1parse -inform DER -in "$lab/whole" -strparse 4 -noout \
    -out "$lab/signed"
sed 's/cas.contoso.com@evil/cas.contoso.com\x00evil/' "$lab/signed" \
    >"$lab/changed"
openssl dgst -sha256 -sign "$lab/ca.key" -out "$lab/signature" "$lab/changed"
{
    printf '\060\012\006\010\052\206\110\316\075\004\003\002'
    octet 3 && octet $(($(wc -c <"$lab/signature") + 1)) && octet 0
    cat "$lab/signature"
} >"$lab/rest"
{
    head_of 48 $(($(wc -c <"$lab/changed") + $(wc -c <"$lab/rest")))
    cat "$lab/changed" "$lab/rest"
} | openssl x509 -inform DER -out "$lab/nul.pem" ||
    fail 'no certificate with a NUL can be made'
cat >"$lab/table.yaml" <<'TABLE'
topology:
  pools:
    - {fqdn: cas.contoso.com}
    - {fqdn: mü.contoso.com}
TABLE

# --- who is let in ----------------------------------------------------------

for version in 1.2 1.3; do
    flag=-tls1_$(expr "$version" : '1\.\(.\)')
    start --json --tls 1.0-1.3 --topology "$lab/table.yaml" \
        --certificate "$lab/front-end.pem" --key "$lab/peer.key" \
        --ca "$lab/ca.pem" --trace "$work/trace"

    peer() { connect "$1" "$flag" -cert "$lab/$1.pem" -key "$lab/peer.key"; }
    peer trusted
    judged "trusted over $version" '"verdict":"accepted"' \
        '"identity":{"name":"cas.contoso.com","source":"subject.cn"}' \
        "\"TLSv$version\""
    [ "$stranger" -eq 0 ] || fail "a trusted stranger sees an error"
    peer unknown
    judged "unknown over $version" '"reason":"unknown-server"' \
        '"name":"other.contoso.com"' '"kind":"in-san-not-in-cn"'
    peer no-name
    judged "no CN over $version" '"reason":"no-name"' '"identity":null'
    peer two-names
    judged "two CNs over $version" '"verdict":"accepted"'
    peer two-names-reversed
    judged "two CNs, reversed, over $version" '"reason":"unknown-server"'
    peer utf8
    judged "UTF-8 over $version" '"verdict":"accepted"' \
        '"name":"mü.contoso.com"'
    peer bmp
    judged "BMPString over $version" '"verdict":"accepted"' \
        '"name":"cas.contoso.com"'
    peer nul
    judged "NUL over $version" '"reason":"bad-name"' \
        'cas.contoso.com\u0000evil.example'
    connect own-curve "$flag" -cert "$lab/own-curve.pem" \
        -key "$lab/own-curve.key"
    judged "a curve of its own over $version" '"reason":"protocol"' \
        'on a curve, that is not taken here'
    peer san-only
    judged "SAN only over $version" '"verdict":"accepted"' \
        '"source":"san.dns"'
    peer wildcard
    judged "wildcard over $version" '"reason":"wildcard-name"'
    peer self-signed
    judged "self-signed over $version" '"reason":"untrusted-root"'
    peer expired
    judged "expired over $version" '"reason":"expired"'
    connect none "$flag"
    judged "no certificate over $version" '"verdict":"client"'
    stop
    grep -cF 'Data: fqdn="' "$work/trace" >"$work/count"
    [ "$(cat "$work/count")" -eq 5 ] ||
        fail "$(cat "$work/count") connection records over $version, not 5"
    says 'the trace' trace 'Data: fqdn="cas.contoso.com\x00evil.example"'
done

# --- how refusals look from outside -----------------------------------------

for refuse in handshake:alert after-handshake:close after-handshake:reset \
    handshake:reset first-request:close; do
    start --json --refuse "$refuse" --topology "$lab/table.yaml" \
        --certificate "$lab/front-end.pem" --key "$lab/peer.key" \
        --ca "$lab/ca.pem"
    connect "$refuse" -cert "$lab/unknown.pem" -key "$lab/peer.key" -ign_eof
    judged "$refuse" '"reason":"unknown-server"'
    [ "$refuse" != handshake:alert ] ||
        says "$refuse" stranger 'alert'
    stop INT
done

# --- SIP, typed in ----------------------------------------------------------

start
demo=$XDG_STATE_HOME/lyncsim/lab
until_told 'kill -HUP'
[ "$(stat -c %a "$demo")" = 700 ] || fail 'others can read the lab'
[ "$(stat -c %a "$demo/root.key")" = 600 ] || fail 'others can read its keys'
mkfifo "$work/typed" "$work/answered"
timeout 30 openssl s_client -connect "$address" -quiet -crlf \
    -CAfile "$demo/root.pem" -cert "$demo/pool.pem" -key "$demo/pool.key" \
    <"$work/typed" >"$work/answered" 2>"$work/stranger" &
stranger=$!
exec 4>"$work/typed" 5<"$work/answered"
cat "$demo/options.sip" >&4
IFS= read -r answer <&5
[ "$answer" = "$(printf 'SIP/2.0 200 OK\r')" ] ||
    fail "OPTIONS is answered with $answer"
until_told 'mail.deitterick.com (subject.cn)'
until_told 'accepted'
until_told '<-- SIP/2.0 200 OK'

# --- reload, with that connection open --------------------------------------

sed -i 's/fqdn: mail.deitterick.com/fqdn: deitterick.com/' \
    "$demo/topology.yaml"
kill -HUP "$server"
until_told 'read again: 2 known servers'
demo_peer() {
    lab=$demo
    timeout 20 openssl s_client -connect "$address" -no_ign_eof \
        -CAfile "$demo/root.pem" -cert "$demo/$1.pem" -key "$demo/$1.key" \
        >"$work/stranger" 2>&1 </dev/null
}
demo_peer iis
until_told 'deitterick.com (subject.cn)'
until_told 'Front End    accepted'
demo_peer pool
until_told 'refused, unknown-server'
until_told 'removed'
echo 'topology: {pool: []}' >"$demo/topology.yaml"
kill -HUP "$server"
while ! grep -q 'not read again' "$work/serve.err"; do
    # Any answer proves that the signal before it was looked at.
    demo_peer iis
    until_told 'Front End    accepted' || break
done
says 'a broken table' serve.err 'topology.yaml:1:12:'
says 'a broken table' serve.err 'not read again: all stays as it was'
cat "$demo/options.sip" >&4
while IFS= read -r answer <&5; do
    [ "$answer" != "$(printf 'SIP/2.0 200 OK\r')" ] || break
done
[ "$answer" = "$(printf 'SIP/2.0 200 OK\r')" ] ||
    fail 'the open connection did not outlive the reload'

# --- the end, with that connection open -------------------------------------

before=$(date +%s)
stop INT
[ $(($(date +%s) - before)) -le 5 ] || fail 'it took more than 5 s to end'
exec 4>&-
cat <&5 >/dev/null
wait "$stranger"
says 'the end' told 'has gone'

# --- the other peers of the demo lab ----------------------------------------

rm -r "$XDG_STATE_HOME"
start --json
for expected in 'pool "verdict":"accepted"' 'computer "kind":"computer"' \
    'iis "reason":"unknown-server"' 'wildcard "reason":"wildcard-name"' \
    'expired "reason":"expired"' 'stranger "reason":"untrusted-root"'; do
    demo_peer "${expected%% *}"
    judged "demo ${expected%% *}" "${expected#* }"
done

# --- what cannot be ----------------------------------------------------------

run 'a port that is taken' 3 "$lyncsim" serve --listen "$address"
says 'a port that is taken' err 'in use'
stop
lab=$work/openssl
run 'no address' 2 "$lyncsim" serve --listen nonsense
run 'no key' 2 "$lyncsim" serve --certificate "$lab/trusted.pem" \
    --topology "$lab/table.yaml"
says 'no key' err '--key'
start --certificate "$lab/expired.pem" --key "$lab/peer.key" \
    --topology "$lab/table.yaml"
stop
says 'its own certificate has expired' serve.err 'expired.pem expired on'
start --topology "$lab/table.yaml"
stop
says 'the lab before a table that is not its own' told '# CN=deitterick.com'
echo 'topology: {pools: [{fqdn: one.contoso.com}]}' >"$work/one.yaml"
start --topology "$work/one.yaml"
kill -HUP "$server"
until_told 'read again: 1 known server'
! grep -q '1 known servers' "$work/told" || fail 'one server is told as several'
stop
for option in --key --password-file; do
    run "$option alone" 2 "$lyncsim" serve "$option" "$lab/peer.key"
    says "$option alone" err "$option goes with --certificate"
    run "$option alone" 2 "$lyncsim" connect 127.0.0.1:1 "$option" "$lab/peer.key"
done
run 'no certificate' 2 "$lyncsim" serve --certificate "$lab/peer.key"
run 'no such file' 3 "$lyncsim" serve --certificate "$work/none"
: >"$work/empty.key"
run 'an empty key' 2 "$lyncsim" serve --certificate "$lab/trusted.pem" \
    --key "$work/empty.key"
says 'an empty key' err 'empty.key (for '
says 'an empty key' err 'trusted.pem): the file is empty'
run 'no key in the file' 2 "$lyncsim" serve --certificate "$lab/trusted.pem" \
    --key "$lab/ca.pem"
says 'no key in the file' err 'ca.pem (for '
run 'no certificate beside a key' 2 "$lyncsim" serve \
    --certificate "$lab/ca.key" --key "$lab/peer.key"
says 'no certificate beside a key' err '/ca.key: the file holds a private key'
run 'no table' 2 "$lyncsim" serve --topology "$lab/ca.pem"
run 'no table of that name' 2 "$lyncsim" serve \
    --topology "$lab/table.yaml#other"
says 'no table of that name' err '"other"'
run 'two in one file' 2 "$lyncsim" serve --trace "$work/one" \
    --events "$work/one"
says 'two in one file' err '--trace and --events would both write'
start --certificate "$lab/trusted.pem" --key "$lab/peer.key" --keylog -
stop
says 'no table of its own' serve.err 'no --topology: the table is that of the lab'
says 'keys to standard output' serve.err 'who reads standard output can read'
# It waits for a reader of its trace, and listens to nobody yet.
mkfifo "$work/late"
"$lyncsim" serve --listen 127.0.0.1:0 --trace "$work/late" \
    >"$work/late.out" 2>"$work/late.err" &
server=$!
servers=$server
await "late.err" 'nobody reads yet'
kill -HUP "$server"
kill -USR1 "$server"
cat "$work/late" >"$work/late.trace" &
servers="$server $!"
await "late.out" 'read again: 2 known servers'
await "late.out" 'limits reached: none'
stop
# Nobody writes into any of these pipes, and nobody waits for that.
again=$work/again
mkdir "$again"
cp "$lab/table.yaml" "$lab/ca.pem" "$lab/front-end.pem" "$lab/peer.key" "$again"
echo 'no answer at all' >"$again/staple"
start --topology "$again/table.yaml" --certificate "$again/front-end.pem" \
    --key "$again/peer.key" --ca "$again/ca.pem" --staple "$again/staple" \
    --password-file /dev/null
for file in table.yaml ca.pem front-end.pem peer.key staple; do
    mv "$again/$file" "$again/kept"
    mkfifo "$again/$file"
    kill -HUP "$server"
    await serve.err "$again/$file is no ordinary file"
    mv "$again/kept" "$again/$file"
done
says 'a pipe in place of a file' serve.err 'all stays as it was'
kill -HUP "$server"
until_told 'read again: 2 known servers'
stop
rm "$demo/front-end.key"
run 'a lab that is not whole' 3 "$lyncsim" serve --listen 127.0.0.1:0
says 'a lab that is not whole' err 'has lost its front-end.key: remove that folder'
rm -r "$demo" && : >"$demo"
run 'a lab that is a file' 3 "$lyncsim" serve --listen 127.0.0.1:0
says 'a lab that is a file' err '/lab is no folder'
rm "$demo"
run 'no place for a lab' 3 env -u HOME -u XDG_STATE_HOME "$lyncsim" serve
run 'no such way to refuse' 2 "$lyncsim" serve --refuse after-handshake:alert
says 'no such way to refuse' err '--refuse cannot be'

finish
