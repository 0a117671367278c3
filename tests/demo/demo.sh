#!/bin/bash
# The tour behind `make demo`: real Xen in QEMU, our tools in its Dom0, a PV, a PVH and an HVM guest.
# DEMO_KEEP=1 leaves the lab up.
cd "$(dirname "$0")/../.." || exit 1
LAB=tests/lab/lab
export LAB_NAME=${LAB_NAME:-demo}
if [ -t 1 ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold='' plain=''; fi
failed=0

tell() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
# Shows a command as typed in Dom0, runs it there, shows what it prints.
dom0() {
    printf 'dom0# %s\n' "$*"
    "$LAB" run --timeout 180 -- sh -c "$*" </dev/null || failed=1
}
# Enters a guest's console on a terminal, waits for PROMPT, types a line if there is one, waits for the prompt again,
# leaves with Ctrl-]. Kernel messages and what redraws the line are left out.
enter() { # GUEST PROMPT [LINE]
    local steps=('!\r' "?$2") quoted
    [ -z "$3" ] || steps+=("!$3\r" "?${3%% *}" '?\n.*\n' "?$2")
    quoted=$(printf ' %q' "${steps[@]}" '!\x1d')
    printf 'dom0# xl console %s\n' "$1"
    "$LAB" run --timeout 200 -- bash -c "python3 /tmp/expect.py 120 'xl console $1' $quoted" </dev/null >"$said" || failed=1
    tr -d '\r' <"$said" | sed 's/\x1b\[[0-9;]*[A-Za-z]//g' | grep -v -e '^$' -e '^\[ *[0-9]' | grep -v "^guest# \$" | tail -n 4 | sed 's/^/  | /'
    printf '  | (Ctrl-])\n'
}

tell "Booting real Xen and its Dom0 inside QEMU (the first time makes the image: some minutes)"
"$LAB" up || exit 1
said=$(mktemp)
trap 'rm -f "$said"; [ -n "$DEMO_KEEP" ] || "$LAB" down' EXIT
"$LAB" put tests/e2e/expect.py /tmp/ >/dev/null || exit 1

tell "This is a Dom0: Xen is below it"
dom0 'xl info | grep -E "^(host|release|total_memory|virt_caps|xen_version|xen_scheduler) "'

tell "A mistake in a config is found before anything is started"
dom0 'printf "name = \"web\"\nmemroy = 128\nvcpus = two\n" > /tmp/web.cfg; xl check /tmp/web.cfg || true'

tell "A PV guest: created, entered, listed"
dom0 'xl create /etc/xen/pv.cfg'
enter pv 'guest# ' 'echo hello from $(uname -sr)'

tell "A PVH guest"
dom0 'xl create /etc/xen/pvh.cfg'
enter pvh 'guest# ' 'cat /sys/hypervisor/guest_type'

tell "An HVM guest, booting from its own disk"
dom0 'xl create /etc/xen/hvm-boot.cfg'
enter hvm-boot 'tick'

tell "All of them, and their virtual CPUs"
dom0 'xl list'
dom0 'xl vcpu-list'

tell "Shut one down, destroy the others"
dom0 'xl shutdown -w pv'
dom0 'xl destroy pvh'
dom0 'xl destroy hvm-boot'
dom0 'xl list'

tell "A Dom0 shell of your own, whenever you like: make lab"
exit $failed
