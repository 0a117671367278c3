title: Start a guest with the host
objective: Guests with xl
terms: /etc/xen/auto, xendomains
points: 2
minutes: 5
guests: alder

== task
The guest of /root/practice/alder.cfg shall start whenever the host does, in the
way Debian's xendomains service does it. Keep the file where it is. Start it now
by the same service, too: /etc/init.d/xendomains start

== hints
- xendomains starts every file in one folder below /etc/xen.
- The folder is /etc/xen/auto, and people put symbolic links into it.

== setup
stub_file alder
[ -d /etc/xen/auto ] || remember made_auto 1
mkdir -p /etc/xen/auto

== check
link=$(for f in /etc/xen/auto/*; do [ "$(readlink -f "$f")" = "$P/alder.cfg" ] && echo "$f"; done)
holds "a link in /etc/xen/auto leads to alder.cfg" test -n "$link"
holds "the file is still in its place" test -f "$P/alder.cfg"
holds "alder runs" alive alder

== wrong
cp alder.cfg /etc/xen/auto/alder.cfg
xl create -q alder.cfg

== solution
    mkdir -p /etc/xen/auto
    ln -s /root/practice/alder.cfg /etc/xen/auto/
    /etc/init.d/xendomains start || xl create /root/practice/alder.cfg

On a Dom0 with systemd: `systemctl enable --now xendomains`. /etc/default/xendomains
says, among others, whether guests are saved or shut down when the host stops.

== cleanup
rm -f /etc/xen/auto/*alder*
[ -z "$(recall made_auto)" ] || rmdir /etc/xen/auto
