#!/bin/bash
# xen-practice, xm and xend as far as they need no Xen: the list, messages, the table of old commands, installing.
XP=practice/xen-practice
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export XEN_PRACTICE_STATE=$tmp/state
ok() { echo "ok practice: $1"; }
test_that() { # NAME COMMAND...
    local name=$1
    shift
    if "$@"; then ok "$name"; else echo "not ok practice: $name - failed: $*"; fi
}
says() { # STATUS WORDS COMMAND...: exit status and a part of both outputs
    local want=$1 words=$2 out got
    shift 2
    out=$("$@" 2>&1)
    got=$?
    [ $got = "$want" ] && case "$out" in *"$words"*) return 0 ;; esac
    printf '%s\n' "# status $got: $out"
    return 1
}

test_that "the list has every exercise" test "$($XP list | grep -c '^  . [ 0-9][0-9]  ')" = "$(ls practice/exercises/*.ex | wc -l)"
test_that "there are at least thirty" test "$(ls practice/exercises/*.ex | wc -l)" -ge 30
test_that "six or more are about something broken" test "$(grep -l '^objective: Troubleshooting' practice/exercises/*.ex | wc -l)" -ge 6
test_that "list WORD finds by terms" says 0 "Open vSwitch" $XP list vif-openvswitch
test_that "list of an unknown word says so" says 1 "no exercise has the word" $XP list nosuchword
test_that "an unknown verb is a usage error" says 2 "no verb sing" $XP sing
test_that "hint without an exercise says how to begin" says 1 "start N begins one" $XP hint
test_that "start without a number" says 1 "start which?" $XP start
test_that "it changes nothing on a machine that is no lab" says 1 "XEN_PRACTICE_HERE=1" $XP start 3
test_that "nor without Dom0" says 1 "no Dom0" env XEN_PRACTICE_HERE=1 $XP start 3
test_that "progress counts" says 0 "0 of " $XP progress
mkdir -p "$tmp/state/done"
echo "2 2026-01-01" >"$tmp/state/done/3"
echo "0 2026-01-01" >"$tmp/state/done/4"
test_that "what is done is marked" says 0 "x  3" $XP list
test_that "what was done with its solution, too" says 0 "o  4" $XP list
test_that "points are halves" says 0 "1 of " $XP progress

for f in practice/exercises/*.ex; do
    for part in setup check wrong cleanup cleanup_first solution; do
        sed "1,/^== $part\$/d; /^== /,\$d" "$f" >"$tmp/part"
        [ $part != solution ] || sed -i -n 's/^    //p' "$tmp/part"
        sh -n "$tmp/part" 2>"$tmp/why" || test_that "$f: its $part is shell ($(head -1 "$tmp/why"))" false
    done
done
ok "the shell parts of the exercises parse"

python3 tests/practice/objectives.py || test_that "the objectives agree with pages and exercises" false

missing=$(grep -v '^#' practice/xm.tsv | cut -f2 | sed 's/ .*//' | grep -v '^-$' | sort -u | while read -r c; do
    grep -q "CMD[A-Z_0-9]*( *\"*$c\"*[,)]" xltool/commands.def || [ "$c" = help ] || echo "$c"
done)
test_that "what xm names are commands of xl (not: ${missing:-none})" test -z "$missing"
test_that "xm names the command of today, with its words" says 1 "xl list web" practice/xm list web
test_that "xm says what has no successor" says 1 "no successor" practice/xm new web
test_that "xm tells that a word was no command" says 1 "no command of xm" practice/xm nonsense
test_that "xm alone shows the table" says 1 "xl pause" practice/xm
test_that "xend tells what became of it" says 1 "/etc/xen/xl.conf" practice/xend start

make -s install-practice DESTDIR="$tmp/root" PREFIX=/usr
test_that "installed, it finds its exercises" test -f "$tmp/root/usr/lib/xen-practice/exercises/03-create.ex"
test_that "and xm its table" says 1 "xl list" "$tmp/root/usr/lib/xen-practice/xm" list
make -s uninstall-practice DESTDIR="$tmp/root" PREFIX=/usr
test_that "uninstalled, nothing is left" test -z "$(find "$tmp/root" ! -type d)"
