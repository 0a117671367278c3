title: It does not start: the kernel
objective: Troubleshooting
terms: kernel, ramdisk, direct kernel boot
points: 2
minutes: 5
guests: alder

== task
After an upgrade the guest of alder.cfg does not start. Its kernel was replaced by a
newer file in the same folder. Mend alder.cfg and start the guest.

== hints
- The message names the file that is missing.
- Look into its folder.

== setup
mkdir kernels
cp /srv/guests/stub-pv kernels/guest-6.2
stub_file alder "kernel = \"$P/kernels/guest-6.1\""

== check
holds "alder runs" alive alder
holds "with the newer kernel" config alder '.b_info.kernel == "/root/practice/kernels/guest-6.2"'
holds "the file is mended" file_has alder.cfg 'guest-6\.2'

== wrong
xl create -q alder.cfg "kernel=\"/srv/guests/stub-pv\""

== solution
    ls /root/practice/kernels
    sed -i 's/guest-6.1/guest-6.2/' /root/practice/alder.cfg
    xl create /root/practice/alder.cfg

A link that always leads to the newest kernel (vmlinuz) spares the next time; pygrub or
pvgrub take the kernel from the guest's own disk.
