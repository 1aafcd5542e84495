# Logs as users have them, read back.
. "$2/tests/e2e/lib.sh"
article=$source_dir/tests/data/article.txt

run "the article" 1 "$lyncsim" trace explain "$article"
says "the article" out "1 record in 90 lines, 1 refusal of 1 name"
says "the article" out "Refused: deitterick.com"
says "the article" out "1 time, 2011-12-20 20:45:01.704 (line 10)"
silent "the article" err

run "from a pipe" 1 sh -c '"$1" trace explain --json - <"$2"' \
    sh "$lyncsim" "$article"
says "from a pipe" out '"kind":"refused","name":"deitterick.com","count":1'

cat >"$work/table.yaml" <<END
topology:
  pools:
  - fqdn: mail.deitterick.com
    computers: [LAB-EX2010.lab.deitterick.com]
END
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$work/key.pem" -out "$work/iis.pem" -subj /CN=deitterick.com \
    -addext subjectAltName=DNS:deitterick.com,DNS:mail.deitterick.com \
    2>/dev/null
run "with a topology" 1 "$lyncsim" trace explain "$article" \
    --topology "$work/table.yaml"
says "with a topology" out "refused, unknown-server"
says "with a topology" out "not at hand; judged by the name alone"
run "with the certificate" 1 "$lyncsim" trace explain "$article" \
    --topology "$work/table.yaml" --certificate "$work/iis.pem"
says "with the certificate" out "mail.deitterick.com (in-san-not-in-cn)"
says "with the certificate" out "Remove-CsTrustedApplicationPool"
run "with an export" 1 "$lyncsim" trace explain "$article" \
    --topology "$source_dir/tests/data/Contoso.tbxml" --json
says "with an export" out '"reason":"unknown-server"'
says "with an export" err "This is a draft"
printf 'topology: {pools: [{fqdn: deitterick.com}]}' >"$work/mended.yaml"
run "mended since" 1 "$lyncsim" trace explain "$article" \
    --topology "$work/mended.yaml"
says "mended since" out "this topology knows the name"

# Several certificates, each for the name it is looked up by, in any spelling.
openssl req -x509 -key "$work/key.pem" -out "$work/cas.pem" \
    -subj /CN=cas.contoso.com -addext subjectAltName=DNS:mail.deitterick.com
for name in DEITTERICK.com cas.contoso.com deitterick.com; do
    echo "LogType: connection"
    echo "Text: The peer is not a configured server on this network interface"
    printf 'Data: fqdn="%s"\n\n' "$name"
done >"$work/two.log"
run "two certificates" 1 "$lyncsim" trace explain "$work/two.log" \
    --topology "$work/table.yaml" --certificate "$work/iis.pem" \
    --certificate "$work/cas.pem"
says "two certificates" out "3 refusals of 2 names"
says "two certificates" out "2 times, the log does not say when (first in line 1)"
says "two certificates" out "the log has it in other letter case, too"
says "two certificates" out "subject CN  deitterick.com"
says "two certificates" out "subject CN  cas.contoso.com"
run "letter case counts" 1 "$lyncsim" trace explain "$work/two.log" \
    --names sensitive
says "letter case counts" out "3 refusals of 3 names"

# A scan of many names stays readable.
awk 'BEGIN { for (i = 0; i < 40; i++) printf "LogType: connection\nText: The \
peer is not a configured server on this network interface\nData: \
fqdn=\"host%d\"\n\n", i }' >"$work/scan.log"
run "a scan" 1 "$lyncsim" trace explain "$work/scan.log" \
    --topology "$work/table.yaml"
says "a scan" out "40 refusals of 40 names"
says "a scan" out "Refused: host39"
says "a scan" out "beyond the first 10 are told briefly"

# What run writes is read back.
run "a trace of ours" 0 "$lyncsim" run --quiet --trace "$work/ours.log" \
    "$source_dir/scenarios/owa-subject-name.yaml"
run "our trace" 1 "$lyncsim" trace explain "$work/ours.log"
says "our trace" out "Refused: deitterick.com"
for style in sfb-2015 lync-2010; do
    run "$style" 0 "$lyncsim" run --quiet --trace "$work/ours.log" \
        --trace-style "$style" --trace-fields full \
        "$source_dir/scenarios/one-certificate-many-tables.yaml"
    run "$style" 1 "$lyncsim" trace explain "$work/ours.log"
    says "$style" out "Refused: *.contoso.com"
done

: >"$work/empty"
run "nothing in it" 0 "$lyncsim" trace explain "$work/empty"
says "nothing in it" out "0 records in 0 lines, no refusal"
says "nothing in it" out "The file is empty"
run "an unset variable" 3 "$lyncsim" trace explain ''
says "an unset variable" err '"" cannot be read'
run "no trace" 2 "$lyncsim" trace explain "$work/table.yaml"
says "no trace" err "table.yaml holds no record of a SIPStack trace"
silent "no trace" out
run "no trace, in JSON" 2 "$lyncsim" trace explain --json "$work/key.pem"
silent "no trace, in JSON" out
run "no such file" 3 "$lyncsim" trace explain "$work/none"
run "a folder" 3 "$lyncsim" trace explain "$work"
run "no file" 2 "$lyncsim" trace explain
run "no topology" 3 "$lyncsim" trace explain "$article" --topology "$work/none"
run "no certificate" 2 "$lyncsim" trace explain "$article" \
    --certificate "$article"

finish
