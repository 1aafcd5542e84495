# Does the Front End reach applications that know nothing of us? It dials a
# port of Python's TLS, one of openssl s_server, and ports that do not answer;
# the sender hears why.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serving.sh"

e2e=$source_dir/tests/e2e
lab=$XDG_STATE_HOME/lyncsim/lab
ann=sip:ann@deitterick.com
bob=sip:bob@deitterick.com

# The lab is made on first use.
start
stop
port_process=

# listen_for CERTIFICATE [HOW]: an application's port, in $port.
listen_for() {
    rm -f "$work/port.fifo" && mkfifo "$work/port.fifo"
    python3 "$e2e/application_port.py" "$lab/root.pem" "$lab/$1.pem" \
        "$lab/$1.key" ${2:+"$2"} >"$work/port.fifo" 2>"$work/port.err" &
    port_process=$!
    exec 4<"$work/port.fifo"
    IFS= read -r line <&4
    port=${line%%:*}
}

# serve_with ARGUMENT...: what the Front End tells and writes down.
serve_with() {
    start --trace "$work/trace" --events "$work/events" --trace-fields full "$@"
    servers="$server $port_process"
}

# write_to_bob [REQUEST-URI]: the answer is in $work/out.
write_to_bob() {
    run "ann writes to bob" 0 timeout 40 python3 "$e2e/asking_user.py" \
        "$address" "$lab/root.pem" "$lab/pool.pem" "$lab/pool.key" "$ann" \
        "$bob" "$@"
}

# end_all: nothing that was started is left.
end_all() {
    stop
    [ -z "$port_process" ] && return
    kill "$port_process"
    wait "$port_process" 2>/dev/null
    exec 4<&-
    port_process=
}

# --- over its own connection, and over the application's -------------------

listen_for pool
serve_with --resolve "mail.deitterick.com=127.0.0.1:$port"
write_to_bob
says "a port that is right" out "SIP/2.0 200 OK"
read -r line <&4
[ "$line" = "connected: lync.lab.deitterick.com" ] ||
    fail "the application did not see the Front End's name: $line"
read -r line <&4
[ "$line" = "MESSAGE sip:LAB-EX2010.lab.deitterick.com:5075 SIP/2.0" ] ||
    fail "the application did not get the message: $line"
write_to_bob "sip:x@deitterick.com;gruu;opaque=srvr:owa:AAAA"
says "the application's GRUU" out "SIP/2.0 200 OK"
end_all
says "a port that is right" told "LAB-EX2010.lab.deitterick.com:5199  is dialled"
says "a port that is right" trace "Direction: outgoing"
says "a port that is right" trace "Peer: LAB-EX2010.lab.deitterick.com:5199"

serve_with
write_to_bob
says "no --resolve" out "it came back over this connection"
end_all

serve_with --applications own
write_to_bob
says "no --resolve, nobody there" out "10061(WSAECONNREFUSED)"
end_all

# --- what can be wrong ------------------------------------------------------

# fails NAME CERTIFICATE HOW DIAGNOSTIC TRACED [ARGUMENT...]
fails() {
    name=$1 diagnostic=$4 traced=$5
    listen_for "$2" ${3:+"$3"}
    shift 5
    serve_with --resolve "mail.deitterick.com=127.0.0.1:$port" "$@"
    write_to_bob
    end_all
    says "$name" out "SIP/2.0 504 Server Time-out"
    says "$name" out "$diagnostic"
    says "$name" trace "$traced"
}

fails "another name" wildcard "" \
    'ErrorType="The peer certificate does not contain a matching FQDN"' \
    "Result-Code: 0xc3e93d67 SIPPROXY_E_ROUTING_MSG_CERT_MISMATCH"
says "another name" told "refused, name-mismatch"
says "another name" events "Event ID:      14428"
says "another name" events "0x80090322 SEC_E_WRONG_PRINCIPAL"
fails "an expired certificate" expired "" "SEC_E_CERT_EXPIRED" \
    "Text: TLS negotiation failed"
fails "another root" stranger "" "SEC_E_UNTRUSTED_ROOT" 'info="The peer cert'
fails "a port that closes" pool close "10054(WSAECONNRESET)" \
    "Result-Code: 0x80072746 WSAECONNRESET"
fails "no SIP" pool garbage "ms-diagnostics: 1006;" "Direction: outgoing"
fails "the pool's name alone" computer "" 'tls-target="mail.deitterick.com"' \
    'expected-fqdn="mail.deitterick.com"' --product sfb-2015

serve_with --resolve "mail.deitterick.com=127.0.0.1:1"
write_to_bob
says "a refused port" out 'WinsockFailureCode="10061(WSAECONNREFUSED)"'
says "a refused port" out 'ms-diagnostics: 1007;reason="Temporarily cannot route"'
write_to_bob
says "a refused port, again" out "10061(WSAECONNREFUSED)"
end_all

# --- openssl s_server, which wants our certificate ---------------------------

# It verifies us and answers no SIP.
mkfifo "$work/s_server.in"
openssl s_server -accept 127.0.0.1:0 -cert "$lab/pool.pem" -key "$lab/pool.key" \
    -CAfile "$lab/root.pem" -Verify 2 -verify_return_error -naccept 1 \
    <"$work/s_server.in" >"$work/s_server" 2>&1 &
port_process=$!
exec 5>"$work/s_server.in"
port=
while [ -z "$port" ] && kill -0 "$port_process"; do
    port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/s_server")
done
serve_with --resolve "mail.deitterick.com=127.0.0.1:$port"
python3 "$e2e/asking_user.py" "$address" "$lab/root.pem" "$lab/pool.pem" \
    "$lab/pool.key" "$ann" "$bob" >"$work/out" 2>&1 &
asking=$!
servers="$servers $asking"
until grep -q "MESSAGE sip:LAB-EX2010" "$work/s_server"; do
    kill -0 "$asking" || break
done
says "openssl s_server" s_server "CN = lync.lab.deitterick.com"
says "openssl s_server" s_server "MESSAGE sip:LAB-EX2010.lab.deitterick.com:5075 SIP/2.0"
kill "$port_process"
wait "$port_process" 2>/dev/null
port_process=
wait "$asking"
says "openssl s_server that leaves" out "SIP/2.0 504 Server Time-out"
exec 5>&-
end_all

# --- what is written wrongly --------------------------------------------------

for wrong in mail.deitterick.com =127.0.0.1 mail=localhost mail=127.0.0.1:0 \
    mail=[::1 mail=127.0.0.1:65536; do
    run "--resolve $wrong" 2 "$lyncsim" serve --resolve "$wrong"
    says "--resolve $wrong" err "write a name and an address"
done
finish
