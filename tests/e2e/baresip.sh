# Does a SIP phone that knows nothing of us get along with the mock Front End?
# baresip over MTLS with the certificate of a trusted server: it signs in,
# sends itself an instant message, asks OPTIONS and signs out; with another
# certificate it gets nowhere.
. "$(dirname "$0")/lib.sh"

if ! command -v baresip >/dev/null || ! command -v stdbuf >/dev/null; then
    echo "baresip is not installed: left out"
    exit 0
fi
lab=$XDG_STATE_HOME/lyncsim/lab

# phone NAME CERTIFICATE: what it is told goes to descriptor 4.
phone() {
    mkdir "$work/$1.d"
    cat "$lab/$2.pem" "$lab/$2.key" >"$work/$1.d/own.pem"
    cat >"$work/$1.d/config" <<END
sip_listen 127.0.0.1:0
sip_certificate $work/$1.d/own.pem
sip_cafile $lab/root.pem
sip_verify_server yes
module_path $modules
module stdio.so
module_app account.so
module_app contact.so
module_app menu.so
module_app debug_cmd.so
END
    echo "<sip:ann@$address;transport=tls>;regint=600;outbound=\"sip:$address;transport=tls\"" \
        >"$work/$1.d/accounts"
    echo "\"Ann\" <sip:ann@$address>" >"$work/$1.d/contacts"
    printf '%s' "sip:ann@$address" >"$work/$1.d/current_contact"
    mkfifo "$work/$1.in"
    stdbuf -oL baresip -4 -f "$work/$1.d" <"$work/$1.in" \
        >"$work/$1" 2>"$work/$1.err" &
    phone=$!
    servers="$servers $phone"
    exec 4>"$work/$1.in"
}

modules=$(dirname "$(find /usr/lib /usr/local/lib -name account.so -path '*baresip*' | head -n 1)")
"$lyncsim" serve --listen 127.0.0.1:0 --product sfb-2015 --json >"$work/told" 2>"$work/told.err" &
serve=$!
servers=$serve
await told '"listening"'
address=$(sed -n 's/.*"\(127\.0\.0\.1:[0-9]*\)".*/\1/p' "$work/told" | head -1)

phone trusted pool
until grep -q "baresip is ready" "$work/trusted"; do
    if ! kill -0 "$phone" 2>/dev/null; then
        echo "baresip finds no network here: left out"
        exit 0
    fi
done
await trusted "200 OK (RTC/6.0)"
echo "/message good morning" >&4
await told '"MESSAGE sip:'
echo "/options sip:$address" >&4
await trusted "Allow: INVITE"
echo "/quit" >&4
wait "$phone" || fail "baresip ended with $?"
says "baresip got its own message" trusted.err '"good morning"'
for start in 'REGISTER sip:' 'MESSAGE sip:' 'OPTIONS sip:'; do
    await told "\"$start" # it is written a moment after the answer
done

phone stranger iis
await told '"reason":"unknown-server"'
kill -KILL "$phone" # it would try for half a minute to sign out
wait "$phone" 2>/dev/null
grep -q "200 OK" "$work/stranger" && fail "a stranger signed in"

kill -TERM "$serve"
wait "$serve"
code=$?
[ "$code" -eq 0 ] || fail "serve ended with $code"
finish
