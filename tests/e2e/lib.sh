# Helpers of the e2e scripts; source it first. tests/run sets LAB (the lab program) and LAB_NAME.
# shellcheck shell=bash
: "${LAB:?run it through tests/run, or set LAB to tests/lab/lab and LAB_NAME to a lab that is up}"
case ${LAB_SUITE:-bookworm} in # the Xen of Dom0, and where its own programs are
bookworm) XEN=4.17 ;;
trixie) XEN=4.20 ;;
esac
ORIGINALS=/usr/lib/xen-$XEN/bin
OXL=$ORIGINALS/xl # the original, in Dom0
failed=0

ok() { echo "ok $*"; }
not_ok() { # NAME WHY
    failed=1
    echo "not ok $1 - $2"
}
skip() { echo "skip $1 - $2"; }

# Runs a command line in Dom0's shell (of host HOST, default 1); at most T seconds (default 60). Status and outputs
# are the command's.
dom0() { "$LAB" run --host "${HOST:-1}" --timeout "${T:-60}" -- sh -c "$*"; }

# check NAME COMMAND...: ok when the command (here, not in Dom0) succeeds.
check() {
    local name=$1
    shift
    if "$@"; then ok "$name"; else not_ok "$name" "failed: $*"; fi
}

# expect NAME WANT GOT: ok when the texts are equal; shows the difference otherwise.
expect() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 's/^/# /'
        not_ok "$1" "differs (< wanted, > got)"
    fi
}

# contains NAME NEEDLE TEXT
contains() {
    case "$3" in
    *"$2"*) ok "$1" ;;
    *)
        printf '%s\n' "$3" | sed 's/^/# got: /'
        not_ok "$1" "does not contain: $2"
        ;;
    esac
}

# wait_for SECONDS COMMAND...: polls until the command succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.3
    done
}

# What is left in Dom0 that a guest could have left behind; equal before and after a test that cleans up.
leftovers() {
    dom0 'xl list | awk "NR>1{print \$1}"; ls /sys/class/net | grep -E "^(vif|tap)" ; losetup -a;
          xenstore-list /local/domain; xenstore-list /local/domain/0/backend 2>/dev/null |
          while read k; do xenstore-list /local/domain/0/backend/$k; done; pgrep -fa "[q]emu.*-xen-domid [1-9]" | cut -c1-60' 2>/dev/null
}

# What the script before has ended may still be dying.
wait_for 30 dom0 '! xl list | grep -q "(null)"'
trap 'exit $failed' EXIT
