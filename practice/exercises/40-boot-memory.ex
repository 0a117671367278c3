title: Dom0's memory and processors at boot
objective: Boot parameters
terms: dom0_mem, dom0_max_vcpus, GRUB_CMDLINE_XEN, boot parameters
points: 3
minutes: 8
needs: lab reboot

== task
Dom0 shall get 1100 MB, no more (so that it never balloons), and one processor, from
its start on. Write it where Debian has it, into /etc/default/grub.d/xen.cfg, and
restart the machine: in the lab with `xen-practice reboot` (on a real Dom0 it
would be update-grub and reboot).

== hints
- The variable GRUB_CMDLINE_XEN_DEFAULT holds the words for Xen itself.
- dom0_mem=SIZE alone leaves the maximum open: max: closes it.
- dom0_mem=1100M,max:1100M dom0_max_vcpus=1

== setup
mkdir -p /etc/default/grub.d
rm -f /etc/default/grub.d/xen.cfg

== check
line=" $(xl info xen_commandline) "
holds "xen.cfg has the words" file_has /etc/default/grub.d/xen.cfg 'GRUB_CMDLINE_XEN.*dom0_mem=1100M'
holds "Xen was started with them" sh -c 'case "$1" in *" dom0_mem=1100M,max:1100M "*) ;; *) exit 1 ;; esac' - "$line" ||
    because "xl info xen_commandline shows with which; xen-practice reboot restarts the lab"
holds "Dom0 has 1100 MB" same "$(column Domain-0 3)" 1100
holds "Dom0 has one processor" same "$(column Domain-0 4)" 1

== wrong
echo 'GRUB_CMDLINE_XEN_DEFAULT="dom0_mem=1100M,max:1100M dom0_max_vcpus=1"' >/etc/default/grub.d/xen.cfg

== solution
    echo 'GRUB_CMDLINE_XEN_DEFAULT="dom0_mem=1100M,max:1100M dom0_max_vcpus=1"' >/etc/default/grub.d/xen.cfg
    xen-practice reboot

A Dom0 of fixed size leaves the rest to guests and keeps the page tables of its kernel
small. xl then has no reason to balloon it.
