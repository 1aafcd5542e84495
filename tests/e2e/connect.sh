# Does connect say what a server does with a certificate? The server is serve,
# and openssl s_server as a stranger.
. "$(dirname "$0")/lib.sh"

mkfifo "$work/told"
"$lyncsim" serve --json --listen 127.0.0.1:0 >"$work/told" 2>"$work/serve.err" &
servers=$!
exec 3<"$work/told"
IFS= read -r line <&3
address=$(expr "$line" : '.*"address":"\([^"]*\)"')
cat <&3 >"$work/events" &
lab=$XDG_STATE_HOME/lyncsim/lab

# peer NAME CODE CERTIFICATE ARGUMENT...
peer() {
    run "$1" "$2" "$lyncsim" connect "$address" --ca "$lab/root.pem" \
        --certificate "$lab/$3.pem" --key "$lab/$3.key" ${4:-}
}
peer 'a known server' 0 pool
says 'a known server' out "$address  accepted"
says 'a known server' out 'connected, TLSv1.2, SIP 200'
says 'a known server' out 'subject.cn=lync.lab.deitterick.com'
peer 'an unknown server' 1 iis
says 'an unknown server' out "$address  refused"
says 'an unknown server' out 'closed-after-handshake'
peer 'as expected' 0 iis '--expect refused'
peer 'not as expected' 1 pool '--expect refused'
peer 'as JSON' 1 iis --json
says 'as JSON' out '"answer":"refused","peer":{"outcome":"closed-after-handshake"'
says 'as JSON' out '"shown":[{"name":"deitterick.com","source":"subject.cn"}'
peer 'quietly' 0 pool --quiet
silent 'quietly' out
peer 'with its SIP' 0 computer -v
says 'with its SIP' out 'OPTIONS sip:'
says 'its own address' out 'Via: SIP/2.0/TLS 127.0.0.1:'
grep -F ':5061' "$work/out" && fail 'its own address: a made-up port'
peer 'a sign-in' 0 pool '--user sip:test@deitterick.com'
says 'a sign-in' out 'available'
peer 'another TLS' 1 pool '--tls 1.3'
says 'another TLS' out 'alert'

run 'without a certificate' 0 "$lyncsim" connect "$address"
says 'without a certificate' out "$address  client"
says 'without a certificate' out 'Without --ca'
says 'without a certificate' out 'asked for a certificate, got none'
openssl pkcs12 -export -in "$lab/pool.pem" -inkey "$lab/pool.key" \
    -passout pass:secret -out "$work/pool.pfx"
echo secret >"$work/password"
run 'a PKCS#12 file' 0 "$lyncsim" connect "$address" \
    --certificate "$work/pool.pfx" --password-file "$work/password"
says 'a PKCS#12 file' out 'subject.cn=mail.deitterick.com'
openssl pkcs12 -export -legacy -certpbe PBE-SHA1-RC2-40 -macalg sha1 \
    -keypbe PBE-SHA1-3DES -in "$lab/iis.pem" -inkey "$lab/iis.key" \
    -certfile "$lab/root.pem" -passout pass:secret -out "$work/iis.pfx"
run 'a PKCS#12 file as IIS exports it' 0 "$lyncsim" connect "$address" \
    --certificate "$work/iis.pfx" --password-file "$work/password" \
    --expect refused
says 'a PKCS#12 file as IIS exports it' out 'subject.cn=deitterick.com'
run 'a PKCS#12 file without its password' 2 "$lyncsim" connect "$address" \
    --certificate "$work/iis.pfx"
says 'a PKCS#12 file without its password' err 'protected by a password'
printf '\357\273\277secret\r\nmore\r\n' >"$work/password"
run 'a password from Notepad' 0 "$lyncsim" connect "$address" \
    --certificate "$work/pool.pfx" --password-file "$work/password"
echo wrong >"$work/password"
run 'a wrong password' 2 "$lyncsim" connect "$address" \
    --certificate "$work/pool.pfx" --password-file "$work/password"
run 'a server we do not trust' 3 "$lyncsim" connect "$address" \
    --ca "$lab/stranger.pem" --certificate "$lab/pool.pem" \
    --key "$lab/pool.key"
says 'a server we do not trust' out 'We hung up'

# careless NAME HOW CODE ARGUMENT...: a server that never looks at the
# certificate has neither taken nor refused it.
careless() {
    mkfifo "$work/$2"
    python3 "$source_dir/tests/e2e/careless_server.py" "$2" \
        "$lab/front-end.pem" "$lab/front-end.key" >"$work/$2" &
    servers="$servers $!"
    read -r stranger <"$work/$2"
    run "$1" "$3" "$lyncsim" connect "$stranger" --ca "$lab/root.pem" \
        --certificate "$lab/pool.pem" --key "$lab/pool.key" ${4:-}
}
careless 'a server that does not ask' answers 1 --json
says 'a server that does not ask' out '"answer":"client"'
says 'a server that does not ask' out '"asked":false'
careless 'one that drops everybody' drops 3 '--expect refused'
says 'one that drops everybody' out 'never asked for the'
careless 'a web server' web 1
says 'a web server' out 'what it sent cannot be read: Malformed'
says 'a web server' out 'cannot be read as SIP'
careless 'one that speaks no TLS' plain 3 '--expect refused'
says 'one that speaks no TLS' out 'before it showed a certificate'
grep -q 'it shows' "$work/out" && fail 'one that speaks no TLS shows nothing'
run 'no harm' 0 "$lyncsim" help connect
says 'no harm' out 'Nothing it sends does harm.'
run 'no key' 2 "$lyncsim" connect "$address" --certificate "$lab/pool.pem"
says 'no key' err '--key'
run 'nobody there' 3 "$lyncsim" connect 127.0.0.1:1
says 'nobody there' out 'unreachable'
for user in test test@contoso.com sip:@contoso.com sip:test@ 'sip:a b@c.d'; do
    run "the user $user" 2 "$lyncsim" connect 127.0.0.1:1 --user "$user"
    says "the user $user" err 'write a SIP address: sip:test@contoso.com'
done
for from in 'a b' "$(printf 'a\nVia: b')" sip:a.b a@b.c; do
    run "from $from" 2 "$lyncsim" connect 127.0.0.1:1 --from "$from"
    says "from $from" err 'write a host name: cas.contoso.com'
done
run 'no such host' 3 "$lyncsim" connect no.such.invalid
says 'no such host' out 'not found'
run 'no port' 2 "$lyncsim" connect 127.0.0.1:99999
says 'no port' err 'no host and port'
for nowhere in '' ':5061' '127.0.0.1:0' '::1' 'sip:a@b.c'; do
    run "no host in \"$nowhere\"" 2 "$lyncsim" connect "$nowhere"
    says "no host in \"$nowhere\"" err 'or [2001:db8::1]:5061'
done
run 'no host' 2 "$lyncsim" connect
run 'an expectation that does not exist' 2 "$lyncsim" connect "$address" \
    --expect refuse
says 'an expectation that does not exist' err 'did you mean refused?'

finish
