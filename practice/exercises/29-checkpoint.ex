title: Save a guest that must go on
objective: Save, restore, migrate
terms: xl save -c, xl save -p
points: 1
minutes: 4
needs: lab
guests: alder

== task
Save the running Linux guest alder into /root/practice/alder.save. It must go on
running under the same number afterwards.

== hints
- `xl help save`: an option for a checkpoint.

== setup
linux alder
guest_up alder
remember domid "$(domid alder)"

== check
holds "alder.save is a saved domain" sh -c 'head -c 16 alder.save | grep -q "^Xen saved domain"'
holds "alder runs" alive alder
holds "under the same number" same "$(domid alder)" "$(recall domid)"

== wrong
xl save -p alder alder.save

== solution
    xl save -c alder /root/practice/alder.save

`-p` would leave it paused, to copy its disks in the same moment.
