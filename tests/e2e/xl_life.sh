#!/bin/bash
# The life of a PV and of a PVH Linux guest under xl, on real Xen.
# timeout: 900
. tests/e2e/xl_lib.sh
before=$(leftovers)
dom0 'qemu-img create -q -f raw /tmp/life.img 16M'
bridge=$(dom0 "ip -4 -o addr show xenbr0" | awk '{sub("/.*", "", $4); print $4}')

for type in pv pvh; do
    cfg="/etc/xen/$type.cfg 'cmdline=\"console=hvc0\"' 'disk=[\"/tmp/life.img,raw,xvda,rw\"]'"
    said=$(dialogue 90 "xl create -c $cfg" '?Linux version' '?guest#' '!echo in-$((40+2))\r' '?in-42' '!\x1d')
    check "$type: create -c shows the guest from its first line to its prompt, Ctrl-] leaves" [ $? = 0 ]
    contains "$type: create says which file it reads" "Parsing config from /etc/xen/$type.cfg" "$said"
    check "$type: list shows it running or blocked" letters $type '^(r|-)(b|-)----$'
    domid=$(domid_of $type)
    expect "$type: domname of domid is the name" $type "$(dom0 "xl domname $domid")"
    expect "$type: console gives the guest's answer" "hello from $type" "$(ask $type "echo hello from $type")"
    has_address() { address=$(ask $type "ip -4 -o addr show eth0" | awk '{sub("/.*", "", $4); print $4}') && [ -n "$address" ]; }
    check "$type: the guest gets an address by DHCP" wait_for 60 has_address
    check "$type: Dom0 reaches the guest" dom0 "ping -c 2 -W 10 $address"
    contains "$type: the guest reaches Dom0" " 0% packet loss" "$(ask $type "ping -c 2 $bridge")"

    check "$type: pause" dom0 "xl pause $type"
    check "$type: list shows it paused" letters $type '^-[-b]p---$'
    check "$type: unpause" dom0 "xl unpause $type"
    check "$type: list shows it going on" letters $type '^(r|-)(b|-)----$'

    ask $type "echo kept-$type >/dev/xvda; sync" >/dev/null
    dialogue 60 "xl console $type" '!\r' '?guest#' '!reboot\r' '?Restarting system' '!\x1d' >/dev/null
    check "$type: reboot inside gives it a new number" wait_for 90 has_new_domid $type "$domid"
    answers() { dialogue 60 "xl console $type" '!\r' '?guest#' '!\x1d'; }
    check "$type: after the reboot it is up again" wait_for 120 answers
    expect "$type: what it wrote on its disk is there after the reboot" "kept-$type" "$(ask $type "head -n 1 /dev/xvda")"

    check "$type: rename" dom0 "xl rename $type other && xl domid other && xl rename other $type"
    check "$type: mem-max" dom0 "xl mem-max $type 160"
    check "$type: mem-set shrinks it" dom0 "xl mem-set $type 112m"
    shrunk() { [ "$(dom0 "xl list $type" | awk 'NR==2 {print $3}')" -le 113 ]; }
    check "$type: list shows the new memory" wait_for 20 shrunk
    check "$type: shutdown -w ends it" dom0 "xl shutdown -w $type"
    check "$type: it is gone after its shutdown" wait_for 90 is_gone $type
    clean "$type: nothing is left of it" "$before"
done

# destroy, -e, -p, -F
check "destroy" dom0 "xl create -q /etc/xen/stub-pv.cfg && xl destroy stub-pv"
check "create -e leaves no monitor" dom0 "xl create -qe /etc/xen/stub-pv.cfg && ! pgrep -x xl && xl destroy stub-pv"
dom0 "xl create -qp /etc/xen/stub-pv.cfg"
check "create -p leaves it paused" letters stub-pv '^-[-b]p---$'
dom0 "xl destroy stub-pv"
said=$(T=60 dom0 "(sleep 4; xl shutdown stub-pv) 2>/dev/null & xl create -qF /etc/xen/stub-pv.cfg 2>&1; echo rc=\$?")
contains "create -F stays until the guest has ended" "rc=0" "$said"
contains "create -F tells the reason" "poweroff" "$said"
clean "nothing is left of them" "$before"
dom0 'rm -f /tmp/life.img'
