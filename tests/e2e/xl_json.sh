#!/bin/bash
# --json of every listing command, on real Xen, beside what docs/json.md promises.
# timeout: 300
. tests/e2e/xl_lib.sh
before=$(leftovers)
dom0 'qemu-img create -q -f raw /tmp/j.raw 8M; cat >/tmp/j.cfg <<X
name = "j"
type = "hvm"
memory = 64
vcpus = 2
disk = [ "/tmp/j.raw,raw,xvda,rw" ]
vif = [ "bridge=xenbr0" ]
channel = [ "connection=pty,name=c1" ]
usbctrl = [ "type=devicemodel,version=2,ports=6" ]
X'
T=200 dom0 'xl create -qp /tmp/j.cfg' 2>/dev/null
T=200 dom0 'xl vkb-attach j unique-id=a backend-type=linux; xl vtpm-attach j backend=0 uuid=4dea22b3-1d52-d8f3-2516-782e98ab3fa0
xl vdispl-attach j connectors=id0:800x600; xl vsnd-attach j "card, short-name=a" "pcm, name=b" "stream, unique-id=c, type=p"
xl cpupool-create "name=\"c\"" "sched=\"credit\""; xl cpupool-create "name=\"r\"" "sched=\"rtds\""' >/dev/null 2>&1

# follows NAME WORDS: a command whose JSON has rows here
follows() {
    local said wrong
    said=$(dom0 "xl $2 --json" 2>/dev/null)
    wrong=$(python3 tests/e2e/json_schema.py "$1" <<<"$said" 2>&1)
    case $? in
    0) ok "xl $2 --json is as docs/json.md says" ;;
    3) not_ok "xl $2 --json is as docs/json.md says" "it has no row to compare" ;;
    *) not_ok "xl $2 --json is as docs/json.md says" "$(tr '\n' ';' <<<"$wrong")" ;;
    esac
}
for name in list claims vm-list vcpu-list uptime sharing cpupool-list sched-credit2; do follows $name $name; done
follows info "info -n"
for name in block network vkb vtpm vdispl vsnd usb; do follows $name-list "$name-list j"; done
for name in sched-credit sched-rtds; do
    [ "$(dom0 "xl $name --json" 2>/dev/null)" = "[]" ] && expect "xl $name --json without such a pool" "[]" "[]" || follows $name $name
done
expect "xl pci-list --json without one" "[]" "$(dom0 "xl pci-list j --json" 2>/dev/null)"
# libxl 4.17 lists no channel, the original's table is empty as well
[ "$(dom0 "xl channel-list j" | wc -l)" = 1 ] && expect "xl channel-list --json where libxl lists none" "[]" \
    "$(dom0 "xl channel-list j --json" 2>/dev/null)" || follows channel-list "channel-list j"
expect "xl pci-assignable-list --json without one" "[]" "$(dom0 "xl pci-assignable-list --json" 2>/dev/null)"
contains "xl psr-hwinfo --json on a processor that can do none of it" '"mba": null' "$(dom0 "xl psr-hwinfo --json" 2>/dev/null)"
T=200 dom0 'xl destroy j; xl cpupool-destroy c; xl cpupool-destroy r; rm -f /tmp/j.*' >/dev/null 2>&1
clean "nothing is left" "$before"
