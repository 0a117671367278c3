title: Write an xl.cfg for a PV guest
objective: Configuration: xl.cfg
terms: xl.cfg, name, type, kernel, memory, vcpus, xl create -n
points: 3
minutes: 8
guests: alder

== task
Write /root/practice/alder.cfg and start the guest:

  - a PV guest named alder, its kernel is /srv/guests/stub-pv (no ramdisk)
  - 12 MB of memory, growing to 24 MB at most
  - 2 virtual processors
  - the domain is kept when it crashes

== hints
- man xl.cfg; in the lab, /etc/xen/stub-pv.cfg is a beginning.
- memory, maxmem, vcpus; what happens after a crash is on_crash.
- `xl create -n FILE` says what is wrong before anything starts.

== setup
rm -f alder.cfg

== check
holds "alder.cfg is free of errors" xl create -n alder.cfg
holds "alder runs" alive alder
holds "it is a PV guest" config alder '.c_info.type == "pv"'
holds "its kernel is stub-pv" config alder '.b_info.kernel == "/srv/guests/stub-pv"'
holds "12 MB of memory" config alder '.b_info.target_memkb == 12288'
holds "24 MB at most" config alder '.b_info.max_memkb == 24576'
holds "2 processors" config alder '.b_info.max_vcpus == 2'
holds "kept after a crash" config alder '.on_crash == "preserve"'

== wrong
sed 's/"stub-pv"$/"alder"/' /etc/xen/stub-pv.cfg >alder.cfg
xl create -q alder.cfg

== solution
    cat >/root/practice/alder.cfg <<'END'
    name = "alder"
    type = "pv"
    kernel = "/srv/guests/stub-pv"
    memory = 12
    maxmem = 24
    vcpus = 2
    on_crash = "preserve"
    END
    xl create -n /root/practice/alder.cfg
    xl create /root/practice/alder.cfg

Without `type` a guest with a kernel is PV too, but the word is better written.
