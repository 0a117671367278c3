title: Save a guest and bring it back
objective: Save, restore, migrate
terms: xl save, xl restore
points: 2
minutes: 6
needs: lab
guests: alder

== task
The host needs maintenance. Save the running Linux guest alder into
/root/practice/alder.save, and then bring it back from there, with everything
that it had in memory.

== hints
- `xl save GUEST FILE` ends the guest; `xl restore FILE` makes it again.
- A new start from a configuration file is no restore: /run of the guest would be empty.

== setup
linux alder
guest_up alder
remember mark "mark-$(date +%s)"
in-guest alder "echo $(recall mark) >/tmp/mark"
remember domid "$(domid alder)"

== check
holds "alder.save is a saved domain" sh -c 'head -c 16 alder.save | grep -q "^Xen saved domain"'
holds "alder runs, as a new domain" test "$(domid alder || echo 0)" -gt "$(recall domid)" || because "its number is still $(domid alder)"
holds "its memory is the one of before" same "$(in-guest -t 20 alder cat /tmp/mark 2>/dev/null)" "$(recall mark)"

== wrong
xl save -c alder alder.save

== solution
    xl save alder /root/practice/alder.save
    xl restore /root/practice/alder.save

`xl save -c` goes on with the guest after saving: a snapshot of its memory. Disks are
not in the file; they must be there unchanged when the guest is restored.
