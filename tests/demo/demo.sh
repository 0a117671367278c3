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
# Enters a guest's console, types a line, shows what comes back, leaves with Ctrl-].
enter() { # GUEST LINE SECONDS
    printf 'dom0# xl console %s      (types: %s, then Ctrl-])\n' "$1" "${2:-nothing}"
    { sleep 1; [ -n "$2" ] && printf '%s\n' "$2"; sleep "$3"; printf '\035'; } |
        "$LAB" run --timeout 60 -- xl console "$1" | tr -d '\r' | grep -v '^$' | tail -n 6 | sed 's/^/  | /'
}

tell "Booting real Xen and its Dom0 inside QEMU (the first time makes the image: some minutes)"
"$LAB" up || exit 1
trap '[ -n "$DEMO_KEEP" ] || "$LAB" down' EXIT

tell "This is a Dom0: Xen is below it"
dom0 'xl info | grep -E "^(host|release|total_memory|virt_caps|xen_version|xen_scheduler) "'

tell "A mistake in a config is found before anything is started"
dom0 'printf "name = \"web\"\nmemroy = 128\nvcpus = two\n" > /tmp/web.cfg; xl check /tmp/web.cfg || true'

tell "A PV guest: created, entered, listed"
dom0 'xl create /etc/xen/pv.cfg'
enter pv 'echo hello from $(uname -s), $(nproc) cpu' 4

tell "A PVH guest"
dom0 'xl create /etc/xen/pvh.cfg'
enter pvh 'grep -c xenbus /proc/devices; ip -o -4 addr show eth0' 4

tell "An HVM guest, booting from its own disk"
dom0 'xl create /etc/xen/hvm-boot.cfg'
enter hvm-boot '' 6

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
