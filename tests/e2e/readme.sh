# Is what README.md shows what a reader gets? Every command of it is run, in
# order, and its output compared; "..." stands for lines left out, and times
# and ports are alike.
. "$(dirname "$0")/lib.sh"
cd "$source_dir" || exit 1

HOME=$work
PATH=$(dirname "$lyncsim"):$PATH
export HOME PATH
unset XDG_STATE_HOME

# What differs from one run to the next.
same() {
    tr -d '\r' <"$1" | sed -e 's/^20[0-9-]*T[0-9:.]*Z /TIME /' \
        -e 's/\(127\.0\.0\.1\|deitterick\.com\):[0-9][0-9]*/\1:PORT/g' \
        -e "s#$HOME/#~/#g"
}

# shown NAME EXPECTED ACTUAL: the lines expected are there, in order and
# without others between them, but where "..." stands.
shown() {
    same "$2" >"$work/expected.same"
    same "$3" >"$work/actual.same"
    awk 'NR == FNR { actual[NR] = $0; count = NR; next }
        $0 == "..." { skips = 1; next }
        {
            do at++; while (skips && at <= count && actual[at] != $0)
            if (at > count || actual[at] != $0) {
                print "not there: " $0
                failed = 1
                exit
            }
            skips = 0
        }
        END {
            if (!failed && !skips && at != count)
                print "not shown: " actual[at + 1]
        }' "$work/actual.same" "$work/expected.same" >"$work/difference"
    [ -s "$work/difference" ] || return
    fail "README.md, $1: $(cat "$work/difference")"
}

# serve_for_readme: as "lyncsim serve", but on a port that is free.
serve_for_readme() {
    mkfifo "$work/told.fifo"
    "$lyncsim" serve --listen 127.0.0.1:0 >"$work/told.fifo" 2>&1 &
    servers=$!
    exec 3<"$work/told.fifo"
    : >"$work/told"
    tell_until 'kill -HUP'
    address=$(sed -n 's/.*listening on \(127[0-9.:]*\) .*/\1/p' "$work/told")
    cp "$work/told" "$work/actual"
}

tell_until() {
    while IFS= read -r line <&3; do
        printf '%s\n' "$line" >>"$work/told"
        case $line in *"$1"*) return ;; esac
    done
    fail "the server never told: $1"
}

play() {
    case $1 in
    'lyncsim serve') serve_for_readme ;;
    'cd '*) eval "$1" && : >"$work/actual" ;;
    *)
        # The port of the documentation is not ours to take.
        command=$(printf '%s' "$1" |
            sed "s/127\.0\.0\.1:5061/${address:-127.0.0.1:5061}/")
        sh -c "$command" >"$work/actual" 2>&1 </dev/null
        ;;
    esac
    case $1 in
    *'openssl s_client'*)
        : >"$work/told"
        tell_until 'has gone'
        ;;
    esac
}

check() {
    [ -z "$command_shown" ] || {
        play "$command_shown"
        shown "$command_shown" "$work/block" "$work/actual"
    }
    command_shown=
    : >"$work/block"
}

command_shown=
inside=
count=0
while IFS= read -r row; do
    case $inside:$row in
    ':```console' | ':```text')
        inside=${row#???}
        : >"$work/block"
        ;;
    'console:```')
        check
        inside=
        ;;
    'text:```')
        shown 'what the server tells' "$work/block" "$work/told"
        inside=
        ;;
    'console:$ '*)
        check
        command_shown=${row#??}
        count=$((count + 1))
        ;;
    ?*:*) printf '%s\n' "$row" >>"$work/block" ;;
    esac
done <"$source_dir/README.md"
[ "$count" -ge 5 ] || fail "README.md shows $count commands only"

# The two commands, the options and the files it speaks of are there.
for verb in demo test build; do
    grep -q "^verb_$verb()" "$source_dir/dev" || fail "./dev $verb is not there"
done
grep -q 'run .*scenarios/owa-subject-name.yaml' "$source_dir/dev" ||
    fail './dev demo tells another story'
for option in $(grep -o 'LYNCSIM_[A-Z]*' "$source_dir/README.md" | sort -u); do
    grep -q "$option" "$source_dir/CMakeLists.txt" || fail "no option $option"
done
for link in $(grep -o ']([^)h][^)]*)' "$source_dir/README.md" | tr -d '])('); do
    [ -e "$source_dir/$link" ] || fail "README.md links to $link, not there"
done

finish
