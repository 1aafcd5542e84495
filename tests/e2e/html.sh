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

run 'a lesson' 0 "$lyncsim" teach --html "$work/lesson.html" 1
run 'a run' 1 "$lyncsim" run -q --html "$work/run.html" "$work/wrong.yaml" \
    scenarios/instant-messaging/two-users.yaml scenarios/mutual-trust.yaml
run 'hostile names' 1 "$lyncsim" run -q --html "$work/hostile.html" \
    "$work/hostile.yaml"
run 'the library' 0 "$lyncsim" run -q --html "$work/library.html" scenarios
run 'its text' 0 python3 tests/e2e/look_at_html.py --text "$work/library.html"
run 'looking' 0 python3 tests/e2e/look_at_html.py "$work/lesson.html" \
    "$work/run.html" "$work/hostile.html"
cat "$work/out"
finish
