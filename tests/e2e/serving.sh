# What the suites share that play strangers to a Front End that serves: it is
# started and stopped, and what it tells is read line by line. Sourced behind
# lib.sh; $lab is the folder with the stranger's files.

# start ARGUMENT...: serve with these, told on descriptor 3; its address is in
# $address once it listens.
start() {
    rm -f "$work/told.fifo" && mkfifo "$work/told.fifo"
    : >"$work/told"
    "$lyncsim" serve --listen 127.0.0.1:0 "$@" >"$work/told.fifo" \
        2>"$work/serve.err" &
    server=$!
    servers=$server
    exec 3<"$work/told.fifo"
    until_told 'listening' || { cat "$work/serve.err" >&2; exit 1; }
    address=$(expr "$line" : '.*\(127\.0\.0\.1:[0-9]*\)')
}

# until_told TEXT: read on until a line holds it; the line is in $line.
until_told() {
    while IFS= read -r line <&3; do
        printf '%s\n' "$line" >>"$work/told"
        case $line in *"$1"*) return 0 ;; esac
    done
    fail "never told: $1"
    cat "$work/told" "$work/serve.err" >&2
    return 1
}

# stop: interrupt it and wait; it must end with 0.
stop() {
    kill "-${1:-TERM}" "$server"
    cat <&3 >>"$work/told"
    wait "$server"
    code=$?
    servers=
    [ "$code" -eq 0 ] || { fail "serve ended with $code"; cat "$work/serve.err"; }
}

# connect NAME ARGUMENT...: a stranger who says nothing and leaves.
connect() {
    name=$1
    shift
    timeout 20 openssl s_client -connect "$address" -CAfile "$lab/ca.pem" \
        -no_ign_eof "$@" >"$work/stranger" 2>&1 </dev/null
    stranger=$?
}
