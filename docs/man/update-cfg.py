#!/usr/bin/env python3
"""Writes the key lists of xl.cfg.5 and xl.conf.5 from the tables of the parser. usage: update-cfg.py [--check]

With --check nothing is written: says what is not current, and which keys and sub-keys no page mentions."""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOM = f"{TOP}/xltool/dom"
BEGIN, END = '.\\" from the key table: update-cfg.py\n', '.\\" end of the key table\n'
TYPES = {"BOOL": "yes/no", "INT": "number", "BOUNDED": "number", "MIB": "MiB", "STRING": "text", "EXACT": "word",
         "ENUM": "word", "ENUMINT": "word or number", "TEXTS": "text or list"}
# Shapes that only code describes.
OWN = {"yes/no": "altp2mhvm stdvga gfx_passthru vnc vncviewer pci_msitranslate pci_power_mgmt pci_permissive pci_seize "
                 "msr_relaxed",
       "number": "vcpus maxvcpus vmtrace_buf_kb mmio_hole",
       "text or list": "cpus cpus_soft viridian cpuid bootloader_args device_model_args device_model_args_pv "
                       "device_model_args_hvm",
       "list": "vnuma pci ioports irqs iomem disk p9 pvcalls vtpm vdispl vsnd channel vif vif2 vfb virtio dtdev usbctrl "
               "usbdev mca_caps vkb smbios llc_colors xenstore_quota"}
GROUPS = {"identity": "What it is", "scheduling, cpus and memory": "Processors and memory",
          "what happens when the domain ends": "When it ends", "PCI devices": "PCI devices",
          "clock and common settings": "Clock and others", "what it boots": "What it boots", "hvm": "HVM machines",
          "host resources": "Resources of the host", "devices": "Devices", "device model": "Device model",
          "screen, sound, usb": "Screen, sound, USB of HVM guests", "Arm, and others": "Arm and the rest"}
MORE = {
    "uuid": "Keep it in the file if something outside knows the guest by it.",
    "memory": "The same as maxmem where that is not given.",
    "maxmem": "More than memory leaves room for `xl mem-set`; the guest's balloon driver gives the difference back "
              "while it boots.",
    "vcpus": "Default 1.", "maxvcpus": "Default vcpus; `xl vcpu-set` changes the number up to it.",
    "cpus": "As \"0-3,^2\", \"all\", \"node:1\" or \"nodes:0-1\"; in a list each vcpu has its own.",
    "cpu_weight": "Default 256; twice the weight, twice the time when cpus are short.",
    "cap": "0 is no limit; 50 is half a cpu, 200 two cpus.", "pool": "`xl cpupool-list` shows them.",
    "vnuma": "A list for each node: [ [\"pnode=0\", \"size=512\", \"vcpus=0-1\", \"vdistances=10,20\"], ... ].",
    "on_poweroff": "One of destroy, restart, rename-restart, preserve, coredump-destroy, coredump-restart, "
                   "soft-reset. Default destroy.",
    "on_reboot": "Default restart.", "on_crash": "Default destroy; preserve keeps what is left for a look at it.",
    "on_watchdog": "Default destroy.", "on_soft_reset": "Default soft-reset.",
    "kernel": "PV and PVH guests need it, or bootloader. A file of Dom0, not of the guest.",
    "cmdline": "Wins over root and extra.", "root": "root=\"/dev/xvda1\" begins the command line.",
    "bootloader": "\"pygrub\" reads the boot menu on the guest's own disk.",
    "disk": "See DISKS.", "vif": "See NETWORK CARDS.", "vfb": "See OTHER DEVICES.", "pci": "See OTHER DEVICES.",
    "usbctrl": "See OTHER DEVICES.", "usbdev": "See OTHER DEVICES.", "channel": "See OTHER DEVICES.",
    "p9": "See OTHER DEVICES.", "vtpm": "See OTHER DEVICES.", "vkb": "See OTHER DEVICES.",
    "vdispl": "See OTHER DEVICES.", "vsnd": "See OTHER DEVICES.", "pvcalls": "See OTHER DEVICES.",
    "virtio": "See OTHER DEVICES.",
    "boot": "\"dc\" tries the CD first, then the disk.", "serial": "\"pty\" gives `xl console` something to enter.",
    "vnclisten": "Default 127.0.0.1; an address and a display may stand together: \"0.0.0.0:1\".",
    "usbdevice": "\"tablet\" keeps the mouse pointers of VNC and guest together.",
    "shadow_memory": "libxenlight computes it from maxmem and vcpus; more is rarely needed.",
    "nestedhvm": "For a hypervisor inside the guest.", "hap": "Default: what the processor can do.",
    "passthrough": "disabled, enabled, sync_pt or share_pt; enabled by itself when pci or dtdev is there.",
    "device_model_args": "Given to QEMU as they are.", "vga": "Default cirrus.",
    "viridian": "1 or [\"defaults\"] for Windows; [\"!NAME\"] takes one away again.",
    "timer_mode": "delay_for_missed_ticks, no_delay_for_missed_ticks, no_missed_ticks_pending or "
                  "one_missed_tick_pending.",
    "tsc_mode": "default, always_emulate, native or native_paravirt.",
    "cpuid": "\"host,feature=0\" or a list of leaves.", "ioports": "[\"2f8-2ff\"], hexadecimal.", "irqs": "[3, 4].",
    "iomem": "[\"PAGE,COUNT@GUESTPAGE\"], hexadecimal page numbers.",
    "firmware": "pvgrub32 or pvgrub64 for PV; bios, uefi or a path for HVM.",
}
CONF = {
    "autoballoon": "auto, on or off: whether Dom0 gives memory up when a domain needs it. auto is off when Xen was "
                   "started with dom0_mem=.",
    "run_hotplug_scripts": "xl runs the scripts itself (default 1); 0 leaves them to udev.",
    "lockfile": "Held while a domain is built. Default /var/lock/xl.",
    "max_grant_frames": "Default of the key of the same name in xl.cfg(5).",
    "max_maptrack_frames": "Default of the key of the same name in xl.cfg(5).",
    "max_grant_version": "Default of the key of the same name in xl.cfg(5).",
    "vifscript": "Old name of vif.default.script.", "defaultbridge": "Old name of vif.default.bridge.",
    "vif.default.script": "Script of a vif that names none. Default vif-bridge.",
    "vif.default.bridge": "Bridge of a vif that names none; without it the script takes the first there is.",
    "vif.default.gatewaydev": "Device for vif-route and vif-nat.",
    "vif.default.backend": "Domain that serves network cards. Default Dom0.",
    "remus.default.netbufscript": "Script of `xl remus` that holds packets back.",
    "colo.default.proxyscript": "Script of `xl remus -c`.",
    "output_format": "json or sxp: what `create -d`, `create -n` and `list -l` print.",
    "blkdev_start": "First device name for disks of Dom0 itself. Default xvda.",
    "claim_mode": "Memory of a domain is set aside before it is built (default 1), so that two creations do not "
                  "take it from each other.",
    "vm.cpumask": "No domain runs on other cpus than these, whatever its config says.",
    "vm.hvm.cpumask": "The same for HVM guests.", "vm.pv.cpumask": "The same for PV guests.",
    "domid_policy": "xen (the next free number) or random.",
    "bootloader_restrict": "Default of the key of the same name in xl.cfg(5), from Xen 4.18 on.",
}


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def keys():
    """(group or None, key, guests, type, summary, release from which on it works) in the order of the file."""
    group, since, seen = None, {}, []
    text = open(f"{DOM}/keys.def").read()
    for line in re.findall(r"^/\* .*|^KEY\(.*", text, re.M):
        if line.startswith("/*"):
            group = next((t for g, t in GROUPS.items() if line.startswith(f"/* {g}")), group)
            continue
        m = re.match(r'KEY\((\w+), (\w+), (\w+)(?:\((.*?)\))?, "([^"]*)"\)$', line)
        name, guests, shape, arguments, summary = m.groups()
        if shape == "SINCE":
            since[name] = arguments.strip('"')
            continue
        kind = TYPES.get(shape) or next((k for k, names in OWN.items() if name in names.split()), "text")
        seen.append((group, name, guests, kind, summary))
    return [(*row, since.get(row[1])) for row in seen]


def entry(name, note, text):
    return [".TP", f"\\fB{roff(name)}\\fR" + (f" ({roff(note)})" if note else ""), roff(text)]


def cfg_section():
    out, last = [], None
    for group, name, guests, kind, summary, since in keys():
        if group != last:
            out.append(f".SS {group}")
            last = group
        note = kind + ("" if guests == "ANY" else f", {guests} only") + (f", from Xen {since} on" if since else "")
        more = MORE.get(name)
        out += entry(name, note, summary[0].upper() + summary[1:] + "." + (f" {more}" if more else ""))
    return "\n".join(out) + "\n"


def conf_names():
    text = open(f"{DOM}/xlconf.c").read()
    table = text[text.index("conf_row rows[]"):]
    return re.findall(r'^\s+\{ "([\w.]+)", ', table[:table.index("};")], re.M)


def conf_section():
    return "\n".join(sum((entry(n, "", CONF[n]) for n in conf_names()), [])) + "\n"


def sub_keys():
    """Options of device specs, as the parsers' own tables name them."""
    for name in sorted(os.listdir(DOM)):
        if name.startswith("dev_") and name.endswith(".c"):
            for key in re.findall(r'\{ "([\w-]+)", SPEC_', open(f"{DOM}/{name}").read()):
                yield name, key


def main():
    check, stale = "--check" in sys.argv, []
    for page, section in (("xl.cfg.5", cfg_section()), ("xl.conf.5", conf_section())):
        path = f"{TOP}/docs/man/{page}"
        text = open(path).read()
        a, b = text.index(BEGIN) + len(BEGIN), text.index(END)
        if text[a:b] != section:
            stale.append(f"{page} is not current: run docs/man/update-cfg.py")
            if not check:
                open(path, "w").write(text[:a] + section + text[b:])
    page = open(f"{TOP}/docs/man/xl.cfg.5").read().replace("\\-", "-")
    stale += [f"xl.cfg.5 does not mention {key} of {name}" for name, key in sub_keys() if f"\\fB{key}" not in page]
    if check and stale:
        sys.exit("\n".join(stale))
    print("\n".join(s for s in stale if "mention" in s), file=sys.stderr)


main()
