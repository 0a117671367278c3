title: What Xen says about this machine
objective: Architecture: Dom0, DomU, PV, HVM, PVH
terms: xl info, scheduler, free memory, Xen version
points: 1
minutes: 4

== task
Ask Xen about the host and write into /root/practice/answers:

    version = Xen's version, major and minor, like 4.17
    cpus = how many processors the host has
    scheduler = the scheduler in use
    total = the memory of the host in MiB

== hints
- All four are lines of one command of xl.
- `xl info KEY` prints only the value of one line.

== setup
true

== check
holds "version" same "$(answer version)" "$(xl info xen_version | cut -d. -f1,2)"
holds "cpus" same "$(answer cpus)" "$(xl info nr_cpus)"
holds "scheduler" same "$(answer scheduler)" "$(xl info xen_scheduler)"
holds "total" same "$(answer total)" "$(xl info total_memory)"

== wrong
printf 'version = 3.4\ncpus = 64\nscheduler = sedf\ntotal = 1\n' >answers

== solution
`xl info` prints it all; with a word it prints the value alone.

    echo "version = $(xl info xen_version | cut -d. -f1,2)" >/root/practice/answers
    echo "cpus = $(xl info nr_cpus)" >>/root/practice/answers
    echo "scheduler = $(xl info xen_scheduler)" >>/root/practice/answers
    echo "total = $(xl info total_memory)" >>/root/practice/answers
