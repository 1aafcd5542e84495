# Is the language what its documents say? Every file is valid by the schema,
# and every example of scenarios/README.md is played.
. "$(dirname "$0")/lib.sh"

run 'the schema' 0 python3 "$source_dir/tests/e2e/schema.py" "$source_dir"

awk -v work="$work" '
    /^```yaml$/ { open = 1; count++; next }
    /^```$/ { open = 0 }
    open { print > (work "/example-" count ".yaml") }
' "$source_dir/scenarios/README.md"
count=0
for example in "$work"/example-*.yaml; do
    run "$example" 0 "$lyncsim" run "$example"
    count=$((count + 1))
done
[ "$count" -ge 4 ] || fail "only $count examples were found"

run 'help' 0 "$lyncsim" help scenario
says 'help' out 'enable'
says 'help' out 'near.N.kind'
run 'the schema printed' 0 "$lyncsim" help scenario schema
cmp "$work/out" "$source_dir/scenarios/scenario.schema.json" ||
    fail 'the schema is another one'

run 'the whole library' 0 "$lyncsim" run -q "$source_dir/scenarios"
finish
