#!/bin/bash
# The screen of xentop in a real terminal (tmux), on kept samples, beside kept screens in tests/golden/top/screens.
# `tests/cli/top_screen.sh keep` writes them anew: look at the difference.
# timeout: 120
cd "$(dirname "$0")/../.." || exit 1
top=${BUILD:-build}/bin/xentop
kept=tests/golden/top/kept
screens=tests/golden/top/screens
command -v tmux >/dev/null || { echo "skip xentop screen - tmux is not installed"; exit 0; }
export TZ=UTC LC_ALL=C.UTF-8 TMUX=
failed=0
socket=top-test-$$-0
mux() { timeout 10 tmux -f /dev/null -L "$socket" "$@"; }
trap 'mux kill-server 2>/dev/null' EXIT

# start WxH OPTIONS...: xentop in a terminal of that size; its exit status is shown when it ends.
start() {
    local size=$1
    shift
    mux kill-server 2>/dev/null
    socket=${socket%-*}-$((${socket##*-} + 1)) # a server that is still ending takes no session
    mux new-session -d -x "${size%x*}" -y "${size#*x}" "$top $*; echo \"xentop ended with \$?\"; sleep 60"
    appears "xentop"
}
# appears TEXT: waits until the terminal shows it.
appears() {
    for _ in $(seq 50); do
        mux capture-pane -p 2>/dev/null | grep -qF -- "$1" && return 0
        sleep 0.1
    done
    return 1
}
ok() { echo "ok xentop screen: $1"; }
not_ok() {
    mux capture-pane -p | sed 's/^/# /'
    echo "not ok xentop screen: $1 - $2"
    failed=1
}
# looks NAME FILE: the terminal becomes equal to the kept screen within 5 s.
looks() {
    if [ "$keep" = keep ]; then
        sleep 1
        mux capture-pane -p >"$screens/$2.txt"
        return
    fi
    for _ in $(seq 50); do
        mux capture-pane -p | diff -q "$screens/$2.txt" - >/dev/null && { ok "$1"; return; }
        sleep 0.1
    done
    mux capture-pane -p | diff "$screens/$2.txt" - | sed 's/^/# /'
    not_ok "$1" "differs from $screens/$2.txt"
}
shows() { # NAME TEXT
    if appears "$2"; then ok "$1"; else not_ok "$1" "does not show: $2"; fi
}
press() { mux send-keys "$@"; }
keep=$1
mkdir -p "$screens"

start 80x24 --replay $kept/real.jsonl -d 0.1
looks "a host with two domains at 80x24" real
press Down Enter
looks "all about one domain" detail
press q
looks "q leaves the page" real-selected
press '?'
looks "help on ?" help
press Escape v n b
looks "lines of VCPUs, networks and disks" lines
mux resize-window -x 120 -y 12
looks "the page follows the size of the terminal" resized
press q
shows "q ends xentop with status 0" "xentop ended with 0"

start 80x24 --replay $kept/many.jsonl -d 0.1 -z
looks "three hundred domains, Domain-0 first" many
press End
looks "End goes to the last one" many-end
press / 1 2 Enter
looks "a filter" filter
press / BSpace BSpace Enter Home S S S
looks "sorted by use of CPU" sorted
press O End Up Up Up
looks "a menu of all columns to sort by" sort-menu
press Enter
looks "sorted by a column that the menu has" sort-chosen
press Right Right
looks "columns scroll" columns
press d 7 Enter
shows "the delay can be set" "every 7 s"
press Escape
shows "Escape ends xentop with status 0" "xentop ended with 0"

start 80x24 --replay $kept/hostile.jsonl -d 0.1 -f
looks "names that attack the terminal are shown, not obeyed" hostile
press Enter
looks "nor on the page of the domain" hostile-detail

start 20x5 --replay $kept/real.jsonl -d 0.1
looks "a terminal of 20x5 still shows the domains" tiny

start 80x24 --replay $kept/down.jsonl -d 0.1
shows "a xenstored that does not answer is said" "XenStore does not answer"
start 80x24 --replay $kept/damaged.jsonl -d 0.1
shows "a damaged record is said on the screen, which stays" "JSON is not valid"
start 80x24 --replay $kept/other.jsonl -d 0.1
shows "a file that is no record ends xentop with status 1" "xentop ended with 1"

mux kill-server
socket=${socket%-*}-last
mux new-session -d -x 80 -y 24 "TERM=nonsense $top --replay $kept/real.jsonl; echo \"xentop ended with \$?\"; sleep 60"
shows "an unknown terminal is named" 'the terminal "nonsense" is not known here'
if said=$($top --replay $kept/real.jsonl 2>&1 </dev/null); then
    not_ok "no terminal: an error with the next step" "status 0"
else
    case $said in
    *"the screen needs a terminal"*"xentop -b"*) ok "no terminal: an error with the next step" ;;
    *) not_ok "no terminal: an error with the next step" "said: $said" ;;
    esac
fi
exit $failed
