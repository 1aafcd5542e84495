# Can the HTML report be read: in a browser, in light and dark, on a small
# screen, on paper, by a screen reader? Chromium looks where there is one.
. "$(dirname "$0")/lib.sh"
cd "$source_dir" || exit 1

story=scenarios/owa-subject-name.yaml
sed 's/reason: unknown-server/reason: untrusted-root/' "$story" \
    >"$work/wrong.yaml"
act='window.acted=1'
cat >"$work/hostile.yaml" <<HOSTILE
title: "<script>$act</script><img src=x onerror=$act>"
story: "</p></main><iframe src='javascript:parent.$act'></iframe>"
certificates:
  cas: {subject: "CN=<svg onload=$act>", san: ["uri:sip:<style>*{display:none}"]}
steps:
  - ask: "</details><b>?</b> $(printf '%03000d' 0)"
  - name: "\" onmouseover=\"$act"
    connect: {certificate: cas}
    expect: {identity.name: "--><!-- ]]> \u202E"}
HOSTILE

cat >"$work/many.yaml" <<'MANY'
title: a certificate with many names, read in four ways
topology: {pools: [{fqdn: host25.contoso.com}]}
certificates:
  cas: {subject: CN=cas.contoso.com, san-count: 30}
matrix: {rule: [any-name, cn-only, lync-2010, rfc5922]}
cases:
  - name: read by $rule
    rule: $rule
    connect: {certificate: cas}
MANY

# Of many names the first are shown, and the one that speaks wherever it stands.
run 'many names' 0 "$lyncsim" run --html "$work/many.html" "$work/many.yaml"
says 'many names' out 'host25.contoso.com                    <-- speaks'
says 'many names' out 'and 10 more names'
says 'many names' out '   set          rule any-name'
says 'many names' many.html '<summary>10 names</summary>'
says 'many names' many.html '<caption>At a glance</caption>'
says 'many names' many.html '<a href="#s1-4">read by rfc5922</a>'
says 'many names' many.html '<p>Set for this case: rule any-name</p>'
run 'a lesson' 0 "$lyncsim" teach --html "$work/lesson.html" 1
grep -q 'At a glance' "$work/lesson.html" && fail 'a lesson tells its answers'
run 'a run' 1 "$lyncsim" run -q --html "$work/run.html" "$work/wrong.yaml" \
    scenarios/instant-messaging/two-users.yaml scenarios/mutual-trust.yaml
run 'hostile names' 1 "$lyncsim" run -q --html "$work/hostile.html" \
    "$work/hostile.yaml"
run 'the library' 0 "$lyncsim" run -q --html "$work/library.html" scenarios
run 'its text' 0 python3 tests/e2e/look_at_html.py --text "$work/library.html"
run 'looking' 0 python3 tests/e2e/look_at_html.py "$work/lesson.html" \
    "$work/run.html" "$work/hostile.html" "$work/many.html"
cat "$work/out"
finish
