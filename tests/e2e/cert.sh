# Are certificates made, shown and compared as the openssl command and a
# release engineer expect it?
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serving.sh"
cd "$work" || exit 1

cert() {
    name=$1 wanted=$2
    shift 2
    run "$name" "$wanted" "$lyncsim" cert "$@"
}

# openssl_says NAME TEXT ARGUMENT...: the openssl command's output holds it.
openssl_says() {
    name=$1 text=$2
    shift 2
    openssl "$@" >"$work/openssl.out" 2>&1 </dev/null
    says "$name" openssl.out "$text"
}

cat >table.yaml <<'YAML'
topology:
  pools:
    - fqdn: cas.contoso.com
    - fqdn: elsewhere.contoso.com
YAML

# --- mint -------------------------------------------------------------------

cert 'a sound certificate' 0 mint cas cas.contoso.com -o sound
says 'a sound certificate' out 'wrote sound.key (mode 0600)'
openssl_says 'verified by openssl' 'sound.pem: OK' \
    verify -x509_strict -CAfile sound-root.pem sound.pem
openssl_says 'its name' 'subject=CN = cas.contoso.com' \
    x509 -in sound.pem -noout -subject
openssl_says 'its alternative name' 'DNS:cas.contoso.com' \
    x509 -in sound.pem -noout -ext subjectAltName
[ "$(stat -c %a sound.key)" = 600 ] || fail 'the key file is open to others'
openssl pkey -in sound.key -pubout >key.pub 2>/dev/null
openssl x509 -in sound.pem -noout -pubkey | cmp -s - key.pub ||
    fail 'the key is not that of the certificate'

cert 'nothing is overwritten' 3 mint cas cas.contoso.com -o sound
says 'nothing is overwritten' err '--force overwrites it'
silent 'nothing is overwritten' out
chmod 644 sound.key
cert 'unless told' 0 mint cas cas.contoso.com -o sound --force
[ "$(stat -c %a sound.key)" = 600 ] || fail 'an open key file stayed open'

cert 'an authority' 0 mint authority 'Own Root' -o own
[ ! -e own-root.pem ] || fail 'a root has a root above it'
cat own.pem own.key >issuer.pem
cert 'signed by it' 0 mint web-server web.contoso.com --issuer issuer.pem \
    -o web --form der
openssl x509 -inform DER -in web.cer -out web.pem
openssl_says 'signed by it' 'web.pem: OK' verify -CAfile own.pem web.pem
openssl_says 'an RSA key' 'Public-Key: (2048 bit)' \
    x509 -in web.pem -noout -text
cert 'an issuer without its key' 2 mint cas --issuer own.pem
says 'an issuer without its key' err 'no private key was given'
cert 'an issuer that is none' 2 mint cas --issuer "$0"
cert 'an issuer that is not there' 3 mint cas --issuer nowhere.pem

# As Notepad and PowerShell write it, it is the same for who makes the file and
# for who opens it.
printf '\357\273\277secret\r\n' >notepad
printf '\377\376s\000e\000c\000r\000e\000t\000\r\000\n\000' >powershell
for file in notepad powershell; do
    cert "a password of $file" 0 mint cas -o "$file" --form pkcs12 \
        --password-file "$file"
    openssl pkcs12 -in "$file.pfx" -passin pass:secret -nodes \
        >"$file.pem" 2>/dev/null || fail "openssl does not open $file.pfx"
    cert "$file.pfx is read back" 0 show "$file.pfx" --password-file "$file"
done

echo secret >password
for form in der pkcs12; do
    cert "$form to standard output" 2 mint cas --form "$form"
    says "$form to standard output" err '--form needs --output PREFIX'
    silent "$form to standard output" out
done
cert 'a password that protects nothing' 2 mint cas -o bare \
    --password-file password
says 'a password that protects nothing' err 'needs --form pkcs12'
[ ! -e bare.key ] || fail 'a key is written without its password'
cert 'two faults in two places' 2 mint fault:expired --fault wildcard-cn
says 'two faults in two places' err 'joined by +'
for form in pkcs12 pkcs12-old; do
    cert "$form" 0 mint fault:missing-intermediate cas.contoso.com \
        --issuer issuer.pem -o "$form" --form "$form" --password-file password
    openssl pkcs12 -in "$form.pfx" -passin pass:secret -legacy -nodes \
        >"$form.pem" 2>/dev/null || fail "openssl does not open $form"
    cert "$form is read back" 0 show "$form.pfx" --password-file password
    says "$form is read back" out 'its private key'
    cert "$form without its password" 2 show "$form.pfx"
    says "$form without its password" err 'none was given: password-file names one'
done
openssl pkcs12 -in pkcs12-old.pfx -info -noout -passin pass:secret -legacy \
    >old.info 2>&1
says 'the old Windows kind' old.info 'pbeWithSHA1And40BitRC2-CBC'

for number in 1 2; do
    cert 'from a seed' 0 mint fault:rsa-1024+expired cas.contoso.com \
        --seed x --at 2015-01-01 -o "seeded$number"
    says 'from a seed' err 'for tests alone'
done
cmp -s seeded1.pem seeded2.pem && cmp -s seeded1.key seeded2.key ||
    fail 'two runs of one seed differ'
openssl_says 'marked' 'OU = seeded' x509 -in seeded1.pem -noout -subject
openssl_says 'expired at that time' 'Dec 31 00:00:00 2014' \
    x509 -in seeded1.pem -noout -enddate
cert 'described alone' 0 mint --json cas.contoso.com
says 'described alone' out '"subject": "CN=cas.contoso.com'
says 'described alone' err 'not kept: --output PREFIX writes them'
cert 'own names' 0 mint --subject 'CN=a.b, O=X\, Y' --san c.d \
    --san ip:10.0.0.1 --days 7 --key-type p384 --digest sha384 -o own-names
openssl_says 'own names' 'CN = a.b, O = "X, Y"' \
    x509 -in own-names.pem -noout -subject
openssl_says 'own names' 'DNS:c.d, IP Address:10.0.0.1' \
    x509 -in own-names.pem -noout -ext subjectAltName
openssl_says 'own key' 'NIST CURVE: P-384' x509 -in own-names.pem -noout -text

cert 'a profile that is none' 2 mint web-sever a.b
says 'a profile that is none' err 'did you mean "web-server"?'
cert 'a fault that is none' 2 mint fault:expierd
says 'a fault that is none' err 'did you mean "expired"?'
cert 'a subject that is none' 2 mint --subject cas.contoso.com
says 'a subject that is none' err 'is not TYPE=VALUE'
cert 'a key that is none' 2 mint --key-type rsa7
says 'a key that is none' err 'there is no key type "rsa7"'
cert 'a folder that is none' 3 mint cas a.b -o none/there
cert 'too long a CN' 2 mint --subject "CN=$(printf '%070d' 1)"
says 'too long a CN' err 'longer than X.520 allows'

# --- show -------------------------------------------------------------------

cert 'show' 0 show sound.pem --ca sound-root.pem --fail-on warning
says 'show' out 'cas.contoso.com  (lync-2010, lync-2013, sfb-2015'
says 'show' out 'days left'
cert 'under a table' 0 show sound.pem --topology table.yaml
says 'under a table' out 'accepted, as the pool cas.contoso.com'
cert 'under a table, elsewhere' 0 show sound.pem --topology table.yaml \
    --interface external
says 'under a table, elsewhere' out 'refused, wrong-interface'
cert 'a grave finding' 1 show pkcs12.pem --fail-on note
cert 'no grave finding' 0 show sound.pem --fail-on error
mkdir folder && cp sound.pem seeded1.pem folder && : >folder/empty.pem
cert 'a folder' 2 show folder
says 'a folder' out 'folder/seeded1.pem'
says 'a folder' err 'folder/empty.pem: the file is empty'
cert 'json' 0 show sound.pem --json
says 'json' out '"id": "SERIAL-REVERSED-IN-EVENTS"'
cert 'no certificate' 2 show sound.key
says 'no certificate' err 'a private key and no certificate'
cert 'no file' 3 show nowhere.pem
cert 'findings of a wildcard' 0 mint fault:wildcard-cn cas.contoso.com -o wild
cert 'findings of a wildcard' 1 show wild.pem --fail-on error
says 'findings of a wildcard' out 'WILDCARD-CN: *.contoso.com'

# --- show, of a live server ------------------------------------------------

lab=$work
start --json --certificate sound.pem --key sound.key --ca sound-root.pem \
    --topology table.yaml
cert 'a live server' 0 show "$address"
says 'a live server' out 'cas.contoso.com'
until_told '"verdict":"client"'
cert 'with a certificate' 0 show "$address" --certificate wild.pem \
    --key wild.key
until_told '"reason":"untrusted-root"'
cert 'with a certificate and no key' 2 show "$address" --certificate wild.pem
says 'with a certificate and no key' err 'no private key was given'
stop
cert 'nobody there' 3 show "$address" --timeout 5
says 'nobody there' err "$address"
mkfifo fifo
openssl s_server -accept 127.0.0.1:0 -cert sound.pem -key sound.key -verify 1 \
    -www -naccept 1 >fifo 2>&1 &
servers=$!
exec 5<fifo
while IFS= read -r line <&5; do
    case $line in ACCEPT*) break ;; esac
done
address=127.0.0.1:${line##*:}
cert 'of openssl' 0 show "$address"
says 'of openssl' out 'cas.contoso.com'
cat <&5 >/dev/null
servers=

# --- a stapled OCSP response ------------------------------------------------

cert 'one that staples' 0 mint stapling cas.contoso.com --issuer issuer.pem \
    -o stapled
openssl_says 'who answers for it' 'OCSP - URI:http://ocsp.contoso.com/' \
    x509 -in stapled.pem -noout -text
openssl_says 'the response' 'stapled.pem: good' ocsp -respin stapled.ocsp \
    -issuer own.pem -cert stapled.pem -CAfile own.pem
cert 'one that was revoked' 0 mint fault:staple-revoked cas.contoso.com \
    --issuer issuer.pem -o withdrawn
openssl_says 'the other response' 'withdrawn.pem: revoked' ocsp \
    -respin withdrawn.ocsp -issuer own.pem -cert withdrawn.pem -CAfile own.pem
run 'judged by it' 1 "$lyncsim" judge withdrawn.pem --topology table.yaml \
    --ca own.pem --staple withdrawn.ocsp
says 'judged by it' out 'refused, revoked'
run 'judged by another' 1 "$lyncsim" judge stapled.pem --topology table.yaml \
    --ca own.pem --staple withdrawn.ocsp
says 'judged by another' out 'OCSP staple: other-certificate'
run 'judged by a sound one' 0 "$lyncsim" judge stapled.pem \
    --topology table.yaml --ca own.pem --staple stapled.ocsp
start --certificate stapled.pem --key stapled.key --staple withdrawn.ocsp \
    --ca own.pem --topology table.yaml
stop
says 'the response of another' serve.err 'withdrawn.ocsp: The stapled OCSP response speaks'
start --certificate stapled.pem --key stapled.key --staple table.yaml \
    --ca own.pem --topology table.yaml
stop
says 'what is no response' serve.err 'table.yaml: What was stapled is no OCSP'
start --json --tls 1.0-1.3 --certificate stapled.pem --key stapled.key \
    --staple stapled.ocsp --ca own.pem --topology table.yaml
for version in 2 3; do
    openssl s_client "-tls1_$version" -connect "$address" -status \
        >status.out 2>/dev/null </dev/null
    says "stapled in TLS 1.$version" status.out 'Cert Status: good'
done
cert 'a live staple' 0 show "$address" --ca own.pem
says 'a live staple' out 'OCSP staple  good, until'
run 'connect minds it' 0 "$lyncsim" connect "$address" --ca own.pem \
    --revocation check --certificate stapled.pem --key stapled.key
says 'connect minds it' out 'staple: good'
run 'connect agrees on a cipher' 0 "$lyncsim" connect "$address" \
    --certificate stapled.pem --key stapled.key --tls 1.2 \
    --ciphers ECDHE-ECDSA-AES128-GCM-SHA256
says 'connect agrees on a cipher' out 'cipher       ECDHE-ECDSA-AES128-GCM-SHA256'
run 'a cipher that is none' 2 "$lyncsim" connect "$address" --ciphers RC5-SHA
says 'a cipher that is none' err 'no cipher "RC5-SHA"'
stop

# --- a revocation list -------------------------------------------------------

cert 'a list' 0 mint --issuer issuer.pem --revoke stapled.pem -o taken
says 'a list' out 'wrote taken.crl'
openssl_says 'the list' 'verify OK' crl -in taken.crl -CAfile own.pem -noout
openssl_says 'what is on it' "$(openssl x509 -in stapled.pem -noout -serial |
    cut -d = -f 2)" crl -in taken.crl -noout -text
cat own.pem taken.crl >both.pem
openssl_says 'revoked to openssl' 'certificate revoked' \
    verify -crl_check -CAfile both.pem stapled.pem
run 'revoked to us' 1 "$lyncsim" judge stapled.pem --topology table.yaml \
    --ca own.pem --crl taken.crl
says 'revoked to us' out 'refused, revoked'
cert 'a list of nobody' 0 mint --issuer issuer.pem --revoke none --form der \
    --days 3 -o nobody
openssl_says 'a list of nobody' 'No Revoked Certificates' \
    crl -inform DER -in nobody.crl -noout -text
cert 'a list is not overwritten' 3 mint --issuer issuer.pem --revoke none \
    -o nobody
cert 'a list of no issuer' 2 mint --revoke stapled.pem
says 'a list of no issuer' err '--revoke needs --issuer'
cert 'by name' 0 mint --cn cas.fabrikam.com --san a.b --san uri:sip:c.d \
    -o by-name
openssl_says 'by name' 'subject=CN = cas.fabrikam.com' \
    x509 -in by-name.pem -noout -subject
openssl_says 'by name' 'DNS:a.b, URI:sip:c.d' \
    x509 -in by-name.pem -noout -ext subjectAltName

# --- diff -------------------------------------------------------------------

cert 'old' 0 mint cas cas.contoso.com --issuer issuer.pem -o old
cert 'new' 0 mint cas cas.contoso.com --issuer issuer.pem --days 3000 -o new
cert 'a renewal' 0 diff old.pem new.pem
says 'a renewal' out 'renewal only'
cert 'no difference' 0 diff old.pem old.pem
says 'no difference' out 'no difference'
cert 'the domain' 0 mint fault:name-in-san-only cas.contoso.com \
    --issuer issuer.pem -o domain
cert 'a consequence' 1 diff old.pem domain.pem --topology table.yaml
says 'a consequence' out '1 of 2 connections will be refused: from cas'
says 'a consequence' out 'REFUSED  from cas.contoso.com'
says 'a consequence' out 'kept     to cas.contoso.com'
cert 'an expired one' 0 mint fault:expired cas.contoso.com \
    --issuer issuer.pem -o ended
cert 'its successor' 0 diff ended.pem old.pem --topology table.yaml
says 'its successor' out 'kept     from cas.contoso.com'
cert 'the other way round' 1 diff domain.pem old.pem --topology table.yaml
says 'the other way round' out 'not a mere renewal'
cert 'as json' 1 diff old.pem domain.pem --topology table.yaml --json
says 'as json' out '"refused": 1'
cert 'one file' 2 diff old.pem

# --- faults -----------------------------------------------------------------

cert 'the catalogue' 0 faults
[ "$(wc -l <out)" -ge 45 ] || fail 'the catalogue has less than 45 faults'
cert 'one of it' 0 faults wildcard-cn
says 'one of it' out 'refuses it: wildcard-name'
cert 'as json' 0 faults --json
says 'as json' out '"standing": "synthetic"'
cert 'none of it' 2 faults wildcrad-cn
says 'none of it' err 'did you mean "wildcard-cn"?'

finish
