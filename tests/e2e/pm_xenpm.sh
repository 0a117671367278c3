#!/bin/bash
# xenpm beside the original on real Xen: the lab's processor has C-states and a topology, but no P-states.
# timeout: 120
. "$(dirname "$0")/lib.sh"
OPM=$ORIGINALS/xenpm
PM=/opt/xen-tools/bin/xenpm

# Numbers that move between two runs become N.
still() { sed -E 's/[0-9]+( ms\])/N\1/; s/(idle time\(ms\) +: )[0-9]+/\1N/; s/\[ +N/[N/'; }

for command in get-cpu-topology "set-max-cstate 1" "get-cpuidle-states" "set-max-cstate unlimited" "get-cpuidle-states 0" \
    get-cpufreq-states "get-cpufreq-average" "get-cpufreq-para" "set-sched-smt disable" "set-sched-smt enable" \
    get-vcpu-migration-delay "set-max-cstate x" "set-sched-smt" "get-cpu"; do
    expect "xenpm $command prints and exits as the original" "$(dom0 "$OPM $command 2>/dev/null; echo rc \$?" | still)" \
        "$(dom0 "$PM $command 2>/dev/null; echo rc \$?" | still)"
done
contains "xenpm start measures" "Elapsed time (ms): 1" "$(dom0 "$PM start 1")"
contains "xenpm start shows C-states" "  C1" "$(dom0 "$PM start 1")"
contains "xenpm says why there are no P-states" "does not control the frequency of CPU 0" "$(dom0 "$PM get-cpufreq-para 2>&1")"
contains "a change that Xen refuses is told" "CPU 0: could not enable turbo mode" "$(dom0 "$PM enable-turbo-mode 2>&1")"
expect "and it is an error" "rc 1" "$(dom0 "$PM enable-turbo-mode 2>/dev/null; echo rc \$?")"
check "xenpm --json is JSON" dom0 "$PM --json get-cpuidle-states | python3 -m json.tool >/dev/null"
contains "an ordinary user is told what to do" "run this as root in Dom0" "$(dom0 "setpriv --reuid=65534 $PM get-cpu-topology 2>&1")"
