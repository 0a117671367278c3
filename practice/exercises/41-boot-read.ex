title: With which words Xen was started
objective: Boot parameters
terms: xl info, xl dmesg, console, loglvl, com1, boot parameters
points: 1
minutes: 4

== task
Find out from the running Xen, and write into /root/practice/answers:

    console = the device of Xen's console, as the command line has it
    dom0_mem = the first size that Dom0 was given with dom0_mem

== hints
- `xl info` has a line xen_commandline; `xl dmesg` shows what Xen said while it booted.
- For console=com1 the answer is com1; for dom0_mem=512M,max:512M it is 512M.

== setup
true

== check
line=$(xl info xen_commandline | tr ' ' '\n')
holds "console" same "$(answer console)" "$(echo "$line" | sed -n 's/^console=//p' | head -1)"
holds "dom0_mem" same "$(answer dom0_mem)" "$(echo "$line" | sed -n 's/^dom0_mem=\([^,]*\).*/\1/p' | head -1)"

== wrong
printf 'console = vga\ndom0_mem = 64M\n' >answers

== solution
    words=$(xl info xen_commandline | tr ' ' '\n')
    echo "console = $(echo "$words" | sed -n 's/^console=//p' | head -1)" >/root/practice/answers
    echo "dom0_mem = $(echo "$words" | sed -n 's/^dom0_mem=\([^,]*\).*/\1/p' | head -1)" >>/root/practice/answers

console=com1 com1=115200,8n1 sends Xen's messages to the first serial port;
loglvl=all guest_loglvl=all makes it talkative. `xl dmesg` reads them later.
