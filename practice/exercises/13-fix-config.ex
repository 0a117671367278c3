title: Mend a configuration file
objective: Configuration: xl.cfg
terms: xl.cfg syntax, xl create -n, xl check
points: 2
minutes: 5
guests: alder

== task
Somebody has typed /root/practice/alder.cfg in a hurry. Find its three mistakes,
mend them and start the guest: 8 MB, one processor, restarted when it crashes.

== hints
- `xl create -n FILE` (or `xl check FILE`) reads the file without starting anything.
- Each message names line and column.

== setup
cat >alder.cfg <<'END'
name = "alder"
type = "pv"
kernel = "/srv/guests/stub-pv
memroy = 8
vcpus = 1
on_crash = "restrat"
END

== check
holds "the file has no more mistakes" xl create -n alder.cfg
holds "alder runs" alive alder
holds "8 MB" config alder '.b_info.max_memkb == 8192'
holds "restarted when it crashes" config alder '.on_crash == "restart"'

== wrong
stub_file alder "memory = 16"
xl create -q alder.cfg

== solution
The quote of line 3 is not closed, memory is misspelt in line 4, and line 6 has no
action that exists.

    sed -i '3s/$/"/; s/memroy/memory/; s/restrat/restart/' /root/practice/alder.cfg
    xl create -n /root/practice/alder.cfg
    xl create /root/practice/alder.cfg
