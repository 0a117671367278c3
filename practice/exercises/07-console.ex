title: Work on a guest's console
objective: Guests with xl
terms: xl console, hvc0, xenconsoled
points: 2
minutes: 6
needs: lab
guests: alder

== task
The Linux guest alder has no network. Make a file /tmp/was-here in it, through
its console; then leave the console without ending the guest.

== hints
- `xl console alder`, then Enter: there is a shell.
- Ctrl-] leaves a console.
- The check types on the console itself: nobody else may sit there.

== setup
linux alder
guest_up alder

== check
holds "alder runs" alive alder
holds "it has /tmp/was-here" in-guest -t 20 alder test -e /tmp/was-here ||
    because "is somebody still on its console? Ctrl-] leaves it"

== wrong
touch /tmp/was-here
rm -f /tmp/was-here

== solution
`xl console alder` connects the terminal to the guest's first console, which a
Linux kernel calls hvc0; there `touch /tmp/was-here`, and Ctrl-] to leave. The lab
has a command that types for you:

    in-guest alder touch /tmp/was-here
