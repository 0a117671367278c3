title: Migrate a guest to another host
objective: Save, restore, migrate
terms: xl migrate, live migration, ssh
points: 3
minutes: 8
needs: host2
guests: alder

== task
Move the running Linux guest alder to the host host2, live. root may log in there by
ssh without a password (`ssh host2 xl list`).

== hints
- xl migrate GUEST HOST
- It has to be the same domain, so keep its UUID: no second start on host2.

== setup
ssh -o ConnectTimeout=5 host2 xl destroy alder 2>/dev/null || true
linux alder
guest_up alder
remember uuid "$(uuid_of alder)"

== check
there=$(ssh -o ConnectTimeout=5 host2 "xl list -v alder" 2>/dev/null | awk 'NR == 2')
holds "alder is on host2" test -n "$there"
holds "it is the same guest (UUID)" sh -c 'echo "$1" | grep -qi "$2"' - "$there" "$(recall uuid)"
holds "it is no longer here" gone alder

== wrong
xl shutdown -w alder || xl destroy alder

== solution
    xl migrate alder host2
    ssh host2 xl list

xl copies the memory while the guest runs, again and again what it changed meanwhile,
and stops it only for the last bit. Disks must be reachable under the same name on
both hosts: shared storage.

== cleanup
ssh -o ConnectTimeout=5 host2 xl destroy alder
