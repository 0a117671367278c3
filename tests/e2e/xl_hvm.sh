#!/bin/bash
# HVM guests under xl, on real Xen: a boot sector, and a Linux with its own boot loader.
# timeout: 900
. tests/e2e/xl_lib.sh
before=$(leftovers)

said=$(T=60 dom0 'xl create /etc/xen/hvm-boot.cfg 2>&1; echo rc=$?')
contains "hvm: create" "rc=0" "$said"
check "hvm: list shows it" letters hvm-boot '^(r|-)(b|-)----$'
dialogue 60 "xl console hvm-boot" '?tick' '!\x1d' >/dev/null
check "hvm: console shows its serial line" [ $? = 0 ]
check "hvm: pause" dom0 "xl pause hvm-boot"
check "hvm: list shows it paused" letters hvm-boot '^-?-?b?-?p---$|^--p---$'
check "hvm: unpause" dom0 "xl unpause hvm-boot"
said=$(dom0 'xl shutdown hvm-boot 2>&1; echo rc=$?')
contains "hvm: shutdown without PV drivers names -F" "-F presses its ACPI power button" "$said"
contains "hvm: shutdown without PV drivers, exit status" "rc=1" "$said"
check "hvm: destroy" dom0 "xl destroy hvm-boot"
clean "hvm: nothing is left of it" "$before"

# a booted Linux: one long dialogue, since each boot takes a minute under TCG
dialogue 300 "xl create -qc /etc/xen/hvm-linux.cfg" '?guest#' '!echo in-$((40+2))\r' '?in-42' '!\x1d' >/dev/null
check "hvm linux: create -c shows it up to its prompt, and it answers" [ $? = 0 ]
domid=$(domid_of hvm-linux)
expect "hvm linux: console again" "hello" "$(ask hvm-linux "echo hello")"
dialogue 120 "xl console hvm-linux" '!\r' '?guest#' '!reboot\r' '=5' '!\x1d' >/dev/null
check "hvm linux: reboot inside gives it a new number" wait_for 120 has_new_domid hvm-linux "$domid"
contains "hvm linux: the monitor's journal says why" "reason reboot; action restart" "$(dom0 'cat /var/log/xen/xl-hvm-linux.log')"
check "hvm linux: destroy" dom0 "xl destroy hvm-linux"
clean "hvm linux: nothing is left of it" "$before"
