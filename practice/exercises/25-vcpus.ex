title: Fewer processors, and where they may run
objective: Memory and processors
terms: xl vcpu-set, xl vcpu-pin, xl vcpu-list, affinity
points: 2
minutes: 6
needs: cpus2
guests: alder birch

== task
The guest alder has four virtual processors; let it use two. All processors of
birch shall run on processor 1 of the host only, from now on.

== hints
- xl vcpu-set asks the guest to take processors offline.
- xl vcpu-pin GUEST VCPU CPUS; `all` stands for all of them.
- `xl vcpu-list` shows the affinity.

== setup
stub alder 'vcpus = 4'
stub birch 'vcpus = 2'

== check
d=/local/domain/$(domid alder)/cpu
holds "processors 0 and 1 of alder are wanted online" same "$(xs "$d/0/availability") $(xs "$d/1/availability")" "online online"
holds "2 and 3 offline" same "$(xs "$d/2/availability") $(xs "$d/3/availability")" "offline offline"
holds "every processor of birch is bound to 1" same "$(xl vcpu-list birch | awk 'NR > 1 {print $(NF - 2)}' | sort | uniq -c | awk '{print $1, $2}')" "2 1"

== wrong
xl vcpu-set alder 2
xl vcpu-pin birch 0 1

== solution
    xl vcpu-set alder 2
    xl vcpu-pin birch all 1
    xl vcpu-list

vcpu-set is a wish: it stands in XenStore (cpu/N/availability), and the guest's kernel
obeys. Pinning is Xen's own doing.
