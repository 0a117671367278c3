title: The consoles are dead
objective: Troubleshooting
terms: xenconsoled, xl console, /var/log/xen/console
points: 3
minutes: 8
needs: lab
guests: alder

== task
The console of the guest alder shows nothing, and its log below /var/log/xen/console
stays empty, though alder prints "tick" each second. Find out which service of Dom0
is missing and start it again, with the logs of guests as before (--log=guest); do
not restart alder.

== hints
- One daemon of Dom0 connects the console rings of the guests with ptys.
- `pgrep -a xenconsoled`; the program is in /usr/lib/xen-4.17/bin.
- xenconsoled --log=guest --timestamp=all --pid-file=/run/xenconsoled.pid

== setup
stub alder 'cmdline = "tick"'
pkill -x xenconsoled || true
soon 10 sh -c '! pgrep -x xenconsoled'
rm -f /var/log/xen/console/guest-alder.log
remember domid "$(domid alder)"

== check
holds "xenconsoled runs" pgrep -x xenconsoled
holds "what alder prints is logged" soon 6 grep -q tick /var/log/xen/console/guest-alder.log
holds "alder was not restarted" same "$(domid alder)" "$(recall domid)"

== wrong
/usr/lib/xen-4.17/bin/xenconsoled --pid-file=/run/xenconsoled.pid

== solution
    pkill -x xenconsoled || true
    sleep 0.3
    /usr/lib/xen-4.17/bin/xenconsoled --log=guest --timestamp=all --pid-file=/run/xenconsoled.pid

On a Dom0 with systemd it is the service xenconsoled, or a part of the service xen on
Debian: `systemctl restart xen`.

== cleanup
pkill -x xenconsoled || true
soon 5 sh -c '! pgrep -x xenconsoled'
/usr/lib/xen-4.17/bin/xenconsoled --log=guest --timestamp=all --pid-file=/run/xenconsoled.pid
