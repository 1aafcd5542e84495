# Is the program as hard to turn against its user as was promised: how it is
# built, where it listens, what becomes of keys, and of what strangers wrote?
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serving.sh"

# --- how it is built ---------------------------------------------------------

# elf TEXT READELF-OPTION: the binary must say so.
elf() {
    readelf "$2" -W "$lyncsim" >"$work/elf" 2>/dev/null
    grep -qE -e "$1" "$work/elf" || fail "readelf $2 does not say $1"
}

command -v readelf >/dev/null || fail 'there is no readelf'
elf 'Position-Independent Executable' -h
elf 'GNU_RELRO' -l
elf 'GNU_STACK .* RW ' -l
elf 'BIND_NOW' -d
elf 'Flags: .*PIE' -d
elf '__stack_chk_fail' -s
! grep -qE 'RPATH|RUNPATH' "$work/elf" || fail 'it looks for libraries by itself'
# Sanitizers and builds for a debugger have no fortified functions.
readelf -sW "$lyncsim" >"$work/elf"
if [ "${LYNCSIM_BUILD_TYPE:-}" != Debug ] && ! grep -q __asan_init "$work/elf"; then
    grep -qE '__(memcpy|vfprintf|vsnprintf|snprintf|fread|read)_chk' \
        "$work/elf" || fail 'no function is fortified'
fi
if [ "$(uname -m)" = x86_64 ]; then
    objdump -d --no-show-raw-insn "$lyncsim" >"$work/code"
    # A page at a time, so that no stack jumps over its guard.
    grep -qE 'or[ql] +\$0x0,(0x[0-9a-f]+)?\(%rsp' "$work/code" ||
        fail 'large stacks are not probed'
    [ "$(grep -c endbr64 "$work/code")" -gt 500 ] ||
        fail 'functions do not begin with endbr64'
    readelf -nW "$lyncsim" >"$work/code"
    grep -q 'x86 feature:.*SHSTK' "$work/code" ||
        fail 'shadow stacks are not asked for'
fi

# --- where it listens ---------------------------------------------------------

start
[ ! -s "$work/serve.err" ] || fail 'it warns of itself on loopback'
# No file of a process that holds keys; 1 keeps collectors out as well.
grep -q 'Max core file size *1 *1 ' "/proc/$server/limits" ||
    fail 'it would leave a core'
stop
"$lyncsim" serve --help >"$work/out"
says 'its help' out 'default 127.0.0.1:5061'
# In a network of its own, where nobody can reach it.
if unshare -n true 2>/dev/null; then
    unshare -n "$lyncsim" serve --listen 0.0.0.0:0 >"$work/out" 2>"$work/err" &
    servers=$!
    await err warning
    says 'listening everywhere' err 'can be reached from other machines'
    kill "$servers" && wait "$servers"
    servers=

    # IPv6 that IPv4 comes in by as well: two machines, not one.
    cat >"$work/alone" <<SH
python3 -c 'import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh22x", b"lo", 0x49))'
exec "$lyncsim" "\$@"
SH
    outside=$lyncsim lyncsim=$work/everywhere
    printf 'exec unshare -n sh "%s" "$@"\n' "$work/alone" >"$lyncsim"
    chmod +x "$lyncsim"
    start --json --listen '[::]:0' --connections-per-address 1
    until_told '"address":"[::]:'
    port=$(expr "$line" : '.*"address":"\[::\]:\([0-9]*\)')
    for host in 127.0.0.2 127.0.0.3; do
        mkfifo "$work/$host"
        nsenter -t "$server" -n timeout 20 openssl s_client -bind "$host:0" \
            -connect "127.0.0.1:$port" <"$work/$host" >/dev/null 2>&1 &
        servers="$servers $!"
    done
    exec 7>"$work/127.0.0.2" 8>"$work/127.0.0.3"
    for host in 127.0.0.2 127.0.0.3; do
        until_told '"event":"opened"'
        case $line in
        *'"peer":"127.0.0.'[23]:*) ;;
        *) fail "an IPv4 peer of an IPv6 listener: $line" ;;
        esac
    done
    exec 7>&- 8>&-
    stop
    grep -q '"limit"' "$work/told" && fail 'two addresses count as one'
    lyncsim=$outside
    start --listen '[::ffff:127.0.0.1]:0'
    [ ! -s "$work/serve.err" ] || fail 'it warns of loopback in IPv6 clothes'
    stop
else
    echo 'no network of its own to be had: not listening everywhere' >&2
fi

# --- keys ---------------------------------------------------------------------

mkdir "$work/keys" && cd "$work/keys" || exit 1
run 'mint' 0 "$lyncsim" cert mint cas fe.contoso.com -o fe
[ "$(stat -c %a fe.key)" = 600 ] || fail 'a minted key can be read by others'
find "$XDG_STATE_HOME" -name '*.key' ! -perm 600 | grep . &&
    fail 'a key of the lab can be read by others'
echo 'never-Told-Pa55word' >password
openssl pkcs12 -export -in fe.pem -inkey fe.key -out fe.p12 \
    -passout file:password 2>/dev/null || fail 'openssl makes no PKCS#12'
echo 'topology: {pools: [{fqdn: cas.contoso.com}]}' >table.yaml
cat >remembers.py <<'PY'
# Whether the memory of process argv[1] holds a line of the files argv[2:].
import sys
secrets = [line.strip() for name in sys.argv[2:] for line in open(name, 'rb')
           if b'--' not in line and len(line) > 16]
try:
    memory = open(f'/proc/{sys.argv[1]}/mem', 'rb')
except OSError:
    sys.exit(0)  # nobody may look: better still
for line in open(f'/proc/{sys.argv[1]}/maps'):
    begin, end = (int(at, 16) for at in line.split()[0].split('-'))
    if 'rw' not in line.split()[1] or end - begin > 1 << 28:
        continue
    try:
        memory.seek(begin)
        block = memory.read(end - begin)
    except (OSError, ValueError, OverflowError):
        continue
    for secret in secrets:
        if secret in block:
            print(secret.decode(), 'at', line.split()[-1])
            sys.exit(1)
PY
for how in '--certificate fe.p12 --password-file password' \
    '--certificate fe.pem --key fe.key'; do
    # shellcheck disable=SC2086 # two options
    start -v --topology table.yaml $how --trace trace --trace-fields full \
        --events events
    timeout 10 openssl s_client -connect "$address" </dev/null \
        >/dev/null 2>&1
    until_told 'client'
    # A sanitizer keeps what was freed, and what it was freed with.
    grep -q __asan_init "$work/elf" ||
        python3 remembers.py "$server" password fe.key >"$work/out" ||
        fail "the process remembers $(cat "$work/out") ($how)"
    stop
    cat "$work/told" trace events "$work/serve.err" >everything
    for secret in "$(cat password)" "$(sed -n 2p fe.key)"; do
        ! grep -qF -e "$secret" everything || fail 'a secret is told'
    done
done

# --- what strangers write ------------------------------------------------------

# A name and a message full of what a terminal obeys: ESC, BEL, CSI as C1 in
# Latin-1 and in UTF-8, and a mark that turns the direction of writing.
evil=$(printf '\033[31m\033]0;x\007\302\233\342\200\256')
openssl ecparam -name prime256v1 -genkey -noout -out evil.key 2>/dev/null
openssl req -x509 -new -key evil.key -days 2 -utf8 -subj "/CN=..\\/..\\/a$evil" \
    -out evil.pem 2>/dev/null || fail 'openssl does not make that name'
{
    printf 'OPTIONS sip:fe.contoso.com SIP/2.0\r\n'
    printf 'Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK%s\r\n' ../../x
    printf 'Max-Forwards: 70\r\nFrom: "%s" <sip:a@b.com>;tag=1\r\n' "$evil"
    printf 'To: <sip:fe.contoso.com>\r\nCall-ID: ../../../tmp/x\r\n'
    printf 'CSeq: 1 OPTIONS\r\nSubject: \233 %s\r\n' "$evil"
    printf 'Content-Length: 0\r\n\r\n'
} >evil.sip
mkfifo voice
# speak OPTION...: send that and stay on the line.
speak() {
    : >answer
    timeout 20 openssl s_client -connect "$address" -quiet -no_ign_eof "$@" \
        <voice >answer 2>&1 &
    speaker=$!
    exec 4>voice
    cat evil.sip >&4
}
fall_silent() {
    exec 4>&-
    wait "$speaker"
}
find "$work" ! -path '*/told.fifo' | sort >before
for form in '-v --color always' '-v --json' --quiet; do
    # shellcheck disable=SC2086 # a list of options
    start $form --topology table.yaml --certificate fe.pem --key fe.key \
        --trace trace --trace-fields full --events events
    speak -cert evil.pem -key evil.key
    wait "$speaker" # who is refused is left
    fall_silent
    speak
    await keys/answer 'Content-Length: 0'
    fall_silent
    stop
    grep -qiE 'x1B|u001b' trace "$work/told" || fail "$form: nothing is shown"
    # Our own colours are the only escapes.
    sed 's/\x1b\[[0-9;]*m//g' "$work/told" >shown
    for file in shown trace events "$work/serve.err"; do
        LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f\x9b]' "$file" && {
            fail "$form: $file holds a control byte:"
            LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f\x9b]' "$file" |
                head -3 | od -c >&2
        }
        LC_ALL=C grep -qP '\xc2[\x80-\x9f]|\xe2\x80\xae' "$file" &&
            fail "$form: $file holds a control character"
    done
done
find "$work" ! -path '*/told.fifo' | sort >after
diff before after | grep '^>' | grep -vE '/(answer|shown|before|after)$' &&
    fail 'a file came to be that nobody asked for'

# The name of a file may be a stranger's, too.
cp fe.pem "$evil.pem"
for command in "judge --rule $evil" "run $evil" "cert show $evil" \
    "help $evil" "serve $evil.pem" "cert show --$evil" "$evil"; do
    # shellcheck disable=SC2086 # a command and its words
    run 'a name that is not for terminals' "$(case $command in
        run*|'cert show '[!-]*) echo 3 ;; *) echo 2 ;; esac)" \
        "$lyncsim" $command
    says 'it is shown' err '\x1B'
    LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' \
        "$work/err" && fail "$command: a control character is told"
done

finish
