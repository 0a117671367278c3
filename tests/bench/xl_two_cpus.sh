#!/bin/bash
# Starting many guests where Dom0 has two processors, in a lab of its own.
LAB_NAME=${LAB_NAME}two
"$LAB" up --cpus 2 >&2 || exit 1
trap '"$LAB" down >&2' EXIT
. tests/bench/lib.sh
measure_in_dom0 || exit 1
on 'for i in $(seq 30); do sed "s/^name.*/name=\"many$i\"/" /etc/xen/stub-pv.cfg >/tmp/many$i.cfg; done'
files=$(printf '/tmp/many%d.cfg ' $(seq 30))
both "start of 30 small guests, 2 CPUs" 3 "xl create -q $files" "sh -c 'for f in $files; do $OXL create -q \$f; done'" \
    'xl destroy $(xl list | awk "/^many/ {print \$1}") >/dev/null'
