# Topology files and exports as users bring them.
. "$2/tests/e2e/lib.sh"
data=$source_dir/tests/data

for file in DefaultTopology_Skype.xml Contoso.tbxml; do
    run "$file" 0 "$lyncsim" topology import "$data/$file"
    cp "$work/out" "$work/first.yaml"
    run "$file again" 0 "$lyncsim" check "$work/first.yaml"
    run "$file as JSON" 0 "$lyncsim" topology import --json "$data/$file"
    says "$file as JSON" out '{"topology":{"pools":[{"fqdn":'
    run "$file itself" 0 "$lyncsim" check "$data/$file"
    run "$file from a pipe" 0 sh -c \
        '"$1" topology import - <"$2" 2>/dev/null | cmp - "$3"' \
        sh "$lyncsim" "$data/$file" "$work/first.yaml"
done
run "a draft" 0 "$lyncsim" topology import "$data/Contoso.tbxml"
says "a draft" out "# This is a draft"
says "a draft" err "this is a draft"
says "a draft" out "  draft: true"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$work/key.pem" -out "$work/edge.pem" \
    -subj /CN=xedge1.contoso.com 2>/dev/null
# Imported or not, whoever judges by a draft says so, in every form.
for file in "$data/Contoso.tbxml" "$work/first.yaml"; do
    run "judged by a draft" 0 "$lyncsim" judge "$work/edge.pem" \
        --topology "$file"
    says "judged by a draft" out "warn  not-enabled: This is judged by a draft"
    says "judged by a draft" out "accepted, by a draft that is not published"
    says "judged by a draft" err "This is a draft, not published"
    run "judged by a draft, in JSON" 0 "$lyncsim" judge "$work/edge.pem" \
        --topology "$file" --json
    says "judged by a draft, in JSON" out '"draft":true,"rule"'
    says "judged by a draft, in JSON" out '{"id":"not-enabled","result":"warn"'
    run "two by a draft" 0 "$lyncsim" judge "$work/edge.pem" "$work/edge.pem" \
        --topology "$file"
    says "two by a draft" out "$file is a draft, not published."
    run "a matrix by a draft" 1 "$lyncsim" judge "$work/edge.pem" \
        --topology "$file" --topology "$data/DefaultTopology_Skype.xml"
    says "a matrix by a draft" out "A = $file, a draft, not published"
    run "a draft shown" 0 "$lyncsim" topology show "$file"
    says "a draft shown" out "A draft, not published: no Front End works on it"
    says "a draft shown" out "edgepool.contoso.com      edge "
    says "a draft shown" out "site Contoso"
    run "a draft shown in JSON" 0 "$lyncsim" topology show --json "$file"
    says "a draft shown in JSON" out '],"draft":true}'
    says "a draft shown in JSON" out '"role":"edge","site":"Contoso"'
    run "a draft compared" 0 "$lyncsim" topology diff "$file" "$file"
    says "a draft compared" out "$file is a draft, not published."
    run "a draft compared in JSON" 0 "$lyncsim" topology diff --json "$file" \
        "$data/DefaultTopology_Skype.xml"
    says "a draft compared in JSON" out '"draft":{"before":true,"after":false}'
done
run "to a file" 0 "$lyncsim" topology import -o "$work/to.yaml" \
    "$data/Contoso.tbxml"
silent "to a file" out
cmp -s "$work/to.yaml" "$work/first.yaml" || fail "to a file: it is another"

run "a table" 0 "$lyncsim" topology show "$work/first.yaml"
cp "$work/out" "$work/shown"
run "a table by option" 0 "$lyncsim" topology show --topology "$work/first.yaml"
cmp -s "$work/out" "$work/shown" || fail "a table by option: it is another"
run "no table" 2 "$lyncsim" topology show
says "no table" err "topology show needs FILE"

run "what it wrote itself" 2 "$lyncsim" topology import "$work/first.yaml"
says "what it wrote itself" err "this is a topology file already"

run "nothing" 2 "$lyncsim" topology import
run "no such file" 3 "$lyncsim" topology import "$work/none"
run "a folder" 3 "$lyncsim" topology import "$work"
printf '<!DOCTYPE a [<!ENTITY b "c">]><Topology/>' >"$work/trap.xml"
run "a document type" 2 "$lyncsim" topology import "$work/trap.xml"
silent "a document type" out
says "a document type" err "trap.xml:1:13: a document type"

# A file of 100 MB costs a sentence, not 100 MB.
run "large" 2 sh -c '
    head -c 104857600 /dev/zero | tr "\0" "<" | "$1" topology import -' \
    sh "$lyncsim"
says "large" err "is larger than"
run "half as large" 2 sh -c '
    head -c 41943040 /dev/zero | tr "\0" "<" | "$1" topology import -' \
    sh "$lyncsim"
says "half as large" err "larger than 32 MiB"

# The words of the library behind are no words for people.
run "a huge value" 2 sh -c '
    { printf "<Topology><a b=\""; head -c 12000000 /dev/zero | tr "\0" "x"; } |
        "$1" topology import -' sh "$lyncsim"
says "a huge value" err "1:11: the XML is not well formed: what begins here has no end"
echo '{"a":1}' >"$work/other.json"
run "JSON of something else" 2 "$lyncsim" topology import "$work/other.json"
says "JSON of something else" err "there is nothing of a topology in it"
run "judged by it" 2 "$lyncsim" topology show "$work/other.json"

# Of several files each note says whose it is.
cat >"$work/pools.csv" <<'END'
"Identity","Registrar","OutboundOnly","PoolFqdn","Role","Version"
"TrustedApplicationPool:a.b","","maybe","a.b","TrustedApplicationPool","5"
"Registrar:fe.b","","False","fe.b","Registrar","5"
END
run "several" 0 "$lyncsim" topology import "$work/pools.csv" "$data/Contoso.tbxml"
says "several" out "# Made from Export-Csv: $work/pools.csv."
says "several" out "# $work/pools.csv: Line 2: OutboundOnly is \"maybe\""
says "several" out "xOffice1.contoso.com ($data/Contoso.tbxml, line 63) is no"
says "several" out "# Not taken over: OutboundOnly, 1 time, first in \
$work/pools.csv, line 3."

finish
