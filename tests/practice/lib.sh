# Helpers of the scripts here: xen-practice in Dom0, and its exercises solved there.
# shellcheck shell=bash disable=SC1091
. tests/e2e/lib.sh
dom0 'rm -rf /opt/xen-practice'
"$LAB" put practice /opt/xen-practice
dom0 'for p in xen-practice xm xend; do ln -sf /opt/xen-practice/$p /usr/local/bin/$p; done'

# what the head of the script allows, less a moment to say what happened
LIMIT=$(($(sed -n 's/^# timeout: //p' "$0") - 20))
# solve N...: each exercise as practice/selftest does it
solve() {
    local line last=''
    while read -r line; do
        echo "$line"
        last=$line
        case "$line" in not\ ok*) failed=1 ;; esac
    done < <(T=$LIMIT dom0 "/opt/xen-practice/selftest $*" 2>&1)
    # the last line of selftest: it has come to its end
    [ "$last" = "# all done" ] || not_ok "exercises $*" "not all were tried"
}
# numbers FROM TO: those that exist
numbers() {
    for f in practice/exercises/*.ex; do
        n=$(basename "$f" | sed 's/-.*//; s/^0*//')
        if [ "$n" -ge "$1" ] && [ "$n" -le "$2" ]; then echo "$n"; fi
    done
}
