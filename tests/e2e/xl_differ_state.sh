#!/bin/bash
# Commands that change something: what XenStore, libxl and the host hold afterwards is what the original leaves.
# timeout: 700
. tests/e2e/xl_lib.sh
differ tests/e2e/xl_cases_state.tsv

dom0 "xl create -q /etc/xen/stub-pv.cfg; xl network-attach stub-pv bridge=nobridge" >/tmp/said.$$ 2>&1
contains "a vif whose script fails: its own words are told" "Could not find bridge device nobridge" "$(cat /tmp/said.$$)"
expect "a vif whose script fails leaves nothing in XenStore" "" "$(dom0 'xenstore-ls -f /libxl' | grep /vif/)"
dom0 "xl destroy stub-pv"
rm -f /tmp/said.$$
