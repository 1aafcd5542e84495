# Is all that the mock Front End says well-formed SIP to somebody else's eyes?
# Its port is recorded, and tshark reads every message with the key log.
. "$(dirname "$0")/lib.sh"

lab=$XDG_STATE_HOME/lyncsim/lab

if ! command -v tshark >/dev/null || ! command -v dumpcap >/dev/null; then
    echo "tshark is not installed: left out"
    exit 0
fi

"$lyncsim" serve --listen 127.0.0.1:0 --json --keylog "$work/keys" >"$work/told" 2>"$work/told.err" &
serve=$!
servers=$serve
await told '"listening"'
says "the warning about the key log" told.err "can read this traffic"
address=$(sed -n 's/.*"\(127\.0\.0\.1:[0-9]*\)".*/\1/p' "$work/told" | head -1)
port=${address#*:}

dumpcap -q -i lo -f "tcp port $port" -w "$work/wire" >"$work/dumpcap" 2>&1 &
dumpcap=$!
servers="$servers $dumpcap"
until grep -q "^File: " "$work/dumpcap"; do
    if ! kill -0 "$dumpcap" 2>/dev/null; then
        echo "recording is not permitted here: left out"
        exit 0
    fi
done

# ask METHOD URI HEADER...: a request on standard output.
ask() {
    number=$((number + 1))
    method=$1
    printf '%s %s SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.7:5061;branch=z9hG4bK%d\r\n' \
        "$method" "$2" "$number"
    printf 'Max-Forwards: 70\r\nFrom: <sip:ann@a.com>;tag=1;epid=2\r\n'
    printf 'To: <sip:ann@a.com>\r\nCall-ID: %d\r\nCSeq: %d %s\r\n' \
        "$number" "$number" "$method"
    shift 2
    for header in "$@"; do
        printf '%s\r\n' "$header"
    done
    printf 'Content-Length: 0\r\n\r\n'
}
number=0
contact="Contact: <sip:192.0.2.7:5061;transport=tls>"
{
    ask REGISTER sip:a.com "$contact" "Supported: gruu-10" \
        "$contact;+sip.instance=\"<urn:uuid:34d859db-6585-5f91-a3b4-de853c15347d>\""
    ask OPTIONS sip:a.com
    ask SUBSCRIBE sip:ann@a.com "$contact" "Event: presence" "Supported: ms-benotify" \
        "Supported: ms-piggyback-first-notify"
    ask SUBSCRIBE sip:ann@a.com "$contact" "Event: vnd-microsoft-roaming-self"
    ask SUBSCRIBE sip:ann@a.com "$contact" "Event: nonsense"
    ask SERVICE sip:ann@a.com
    ask MESSAGE sip:ann@a.com "Subject: to herself"
    ask INVITE sip:nobody@a.com "$contact"
    ask FROBNICATE sip:ann@a.com
    ask OPTIONS sip:a.com "Require: magic"
    ask OPTIONS isbn:2983792873
    ask BYE "sip:ann@a.com"
    ask REGISTER sip:a.com "$contact" "Expires: 0"
} >"$work/asked"
# As a trusted server, and as a client, which is challenged.
for who in "-cert $lab/pool.pem -key $lab/pool.key" ""; do
    rm -f "$work/in" "$work/heard"
    mkfifo "$work/in"
    # shellcheck disable=SC2086 # a list of options
    openssl s_client -connect "$address" -quiet \
        -CAfile "$lab/root.pem" $who <"$work/in" >"$work/heard" 2>/dev/null &
    client=$!
    servers="$servers $client"
    exec 4>"$work/in"
    cat "$work/asked" >&4
    await heard "CSeq: 13 REGISTER"
    # A keep-alive by itself: tshark ends its reading of a record there.
    printf '\r\n\r\n' >&4
    kill "$client"
    exec 4>&-
done
run "connect signs in" 0 "$lyncsim" connect "$address" --user sip:bob@a.com \
    --ca "$lab/root.pem" --certificate "$lab/pool.pem" --key "$lab/pool.key"
kill -TERM "$serve"
wait "$serve"

# read_wire FILTER FIELD: of what was recorded so far.
read_wire() {
    tshark -r "$work/wire" -o "tls.keylog_file:$work/keys" \
        -d "tcp.port==$port,tls" -d "tls.port==$port,sip" -Y "$1" \
        -T fields -e "$2" 2>>"$work/tshark.err"
}
# What the kernel still holds comes in a moment: the end of the last
# connection, from both sides.
tries=0
until [ "$(read_wire 'tcp.flags.fin == 1' frame.number | wc -l)" -ge 6 ] ||
    [ "$tries" -eq 60 ]; do
    tries=$((tries + 1))
done
kill -TERM "$dumpcap"
wait "$dumpcap"

# One field a message, several in a frame with commas between.
read_wire sip sip.CSeq | tr ',' '\n' | wc -l >"$work/out"
told=$(grep -c '"SIP/2.0 \|"[A-Z]* sip:[^"]* SIP/2.0\|"OPTIONS isbn:' "$work/told")
says "tshark finds every message that serve told of" out "$told"
read_wire '_ws.malformed or (sip and _ws.expert.severity >= 0x600000)' \
    _ws.expert.message >"$work/out"
silent "tshark finds nothing malformed" out
finish
