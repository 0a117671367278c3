#!/bin/bash
# Pools of processors under other schedulers, and what stands in their tables, beside the original.
# lab: --cpus 2
# timeout: 300
. tests/e2e/xl_lib.sh
differ tests/e2e/xl_cases_pools.tsv

# rows NAME: the JSON of a command that has rows now is as docs/json.md says
rows() {
    local wrong
    wrong=$(dom0 "xl $1 --json" 2>/dev/null | python3 tests/e2e/json_schema.py "${1%% *}" 2>&1)
    expect "xl $1 --json is as docs/json.md says" "0 " "$? $wrong"
}
dom0 'xl cpupool-cpu-remove Pool-0 1'
for sched in credit; do # this Xen is built without rtds
    dom0 "xl cpupool-create 'name=\"p\"' 'sched=\"$sched\"' 'cpus=[\"1\"]'; xl create -qp /etc/xen/stub-pv.cfg 'pool=\"p\"'" >/dev/null
    rows sched-$sched
    dom0 'xl destroy stub-pv; xl cpupool-destroy p'
done
dom0 'xl cpupool-cpu-add Pool-0 1'
exit $failed
