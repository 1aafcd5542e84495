# Do SIP clients that know nothing of us get along with the mock Front End?
# sipsak and SIPp, through a TLS tunnel with the certificate of a trusted
# server, since what Debian has of them speaks no TLS.
. "$(dirname "$0")/lib.sh"

e2e=$source_dir/tests/e2e
lab=$XDG_STATE_HOME/lyncsim/lab

# tunnel NAME CERTIFICATE: its port is in $port.
tunnel() {
    mkfifo "$work/$1.in"
    python3 "$e2e/tls_tunnel.py" "$address" "$lab/root.pem" "$lab/$2.pem" \
        "$lab/$2.key" <"$work/$1.in" >"$work/$1" 2>"$work/$1.err" &
    servers="$servers $!"
    exec 4>"$work/$1.in"
    await "$1" ": listening"
    port=$(cut -d: -f1 "$work/$1")
}

"$lyncsim" serve --listen 127.0.0.1:0 --product sfb-2015 --json >"$work/told" 2>"$work/serve.err" &
serve=$!
servers=$serve
await told '"listening"'
address=$(sed -n 's/.*"\(127\.0\.0\.1:[0-9]*\)".*/\1/p' "$work/told" | head -1)

tunnel trusted pool
if command -v sipsak >/dev/null; then
    run "sipsak asks OPTIONS" 0 \
        sipsak -vv -E tcp -s "sip:lync@127.0.0.1:$port"
    says "sipsak asks OPTIONS" out "SIP/2.0 200 OK"
    says "sipsak asks OPTIONS" out "Server: RTC/6.0"
    run "sipsak signs in" 0 \
        sipsak -vv -E tcp -U -C "sip:ann@127.0.0.1:9" \
        -s "sip:ann@127.0.0.1:$port"
    says "sipsak signs in" out "completed successful"
else
    echo "sipsak is not installed: left out"
fi

mkfifo "$work/peer.in"
python3 "$e2e/answering_peer.py" "$port" sip:service@127.0.0.1 \
    <"$work/peer.in" >"$work/peer" 2>"$work/peer.err" &
servers="$servers $!"
exec 5>"$work/peer.in"
await peer "signed in"
if command -v sipp >/dev/null; then
    run "SIPp calls a user twenty times" 0 env TERM=dumb \
        sipp "127.0.0.1:$port" -sn uac -s service -t t1 -m 20 -r 50 -d 0 \
        -nostdin -timeout 30s -timeout_error
    for method in INVITE ACK BYE; do
        [ "$(grep -c "^$method$" "$work/peer")" -eq 20 ] ||
            fail "SIPp: not 20 $method went through"
    done
else
    echo "sipp is not installed: left out"
fi

kill -TERM "$serve"
wait "$serve"
code=$?
[ "$code" -eq 0 ] || fail "serve ended with $code"
finish
