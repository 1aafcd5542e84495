# Does the Front End answer every named fault as the catalogue says, with
# openssl s_client as the stranger, under TLS 1.2 and 1.3?
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serving.sh"

lab=$work/lab
mkdir "$lab" && cd "$lab" || exit 1

mint() {
    "$lyncsim" cert mint "$@" --seed e2e --quiet 2>"$work/err" || {
        fail "cert mint $*"
        cat "$work/err" >&2
    }
}

mint authority 'Lab Root CA' -o ca
cat ca.pem ca.key >issuer.pem
mint cas fe.contoso.com --issuer issuer.pem -o front-end
# The same seed gives the same intermediates to all that are minted here:
# these files hold those that others forget to send.
mint fault:root-sent-along known.contoso.com --issuer issuer.pem -o known1
mint fault:wrong-order-chain known.contoso.com --issuer issuer.pem -o known2
echo 'topology: {pools: [{fqdn: cas.contoso.com}]}' >table.yaml

# A line a fault: its name and "accepted" or the reason of the refusal.
"$lyncsim" cert faults -v | awk '
    /^[a-z]/ { name = $1 }
    / refuses it: / {
        sub(/.* refuses it: /, ""); sub(/[.,].*/, ""); print name, $0
    }
    / accepts it/ { print name, "accepted" }' >faults
[ "$(wc -l <faults)" -ge 45 ] || fail 'the catalogue has less than 45 faults'
while read -r fault answer; do
    mint "fault:$fault" cas.contoso.com --issuer issuer.pem -o "$fault"
done <faults

# A second opinion on the chain, from the openssl command.
while read -r fault answer; do
    openssl verify -CAfile ca.pem -untrusted "$fault.pem" -purpose any \
        -auth_level 0 "$fault.pem" >verified 2>&1
    verified=$?
    case $answer in
    untrusted-root | incomplete-chain | expired | not-yet-valid | bad-chain)
        [ "$verified" -ne 0 ] || fail "$fault: openssl finds no $answer" ;;
    *)
        [ "$verified" -eq 0 ] || {
            fail "$fault: $answer, but openssl says:"
            cat verified >&2
        } ;;
    esac
done <faults

# play VERSION: every fault on one Front End that speaks it.
play() {
    start --json --tls 1.0-1.3 --topology table.yaml \
        --certificate front-end.pem --key front-end.key \
        --ca ca.pem --ca known1.pem --ca known2.pem
    while read -r fault answer <&6; do
        connect "$fault" "-tls1_${1#1.}" -cipher ALL:@SECLEVEL=0 \
            -cert "$fault.pem" -cert_chain "$fault.pem" -key "$fault.key"
        until_told '"event":"verdict"' || return
        case $answer in
        accepted) wanted='"verdict":"accepted"' ;;
        *) wanted="\"reason\":\"$answer\"" ;;
        esac
        case $line in
        *"$wanted"*) ;;
        *) fail "$fault over $1: no $wanted in $line" ;;
        esac
    done 6<faults
    stop
}

play 1.2
play 1.3
finish
