#!/bin/bash
# Each command of the original, wrong words included: ours prints the same and ends with the same status.
# timeout: 700
. tests/e2e/xl_lib.sh
differ tests/e2e/xl_cases.tsv

# What the original does wrong on a running guest.
dom0 "xl create -q /etc/xen/pv.cfg" >/dev/null 2>&1
before=$(dom0 'xl network-list pv | tail -n +2 | wc -l')
dom0 'xl network-detach pv junk' >/dev/null 2>&1
expect "network-detach refuses a word that names no vif, and takes none" "$before" "$(dom0 'xl network-list pv | tail -n +2 | wc -l')"
dom0 'xl usbdev-detach pv 1 1' >/dev/null 2>&1
expect "usbdev-detach of nothing is an error, not a crash" 1 $?
dom0 'xl destroy pv'
