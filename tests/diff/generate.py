"""Makes xl.cfg texts from a seed: a grammar that covers every key of tests/data/xlcfg-keys.tsv.

Each config gets a plausible start (name, type, something to boot) and some keys with values that are
mostly right, sometimes at an edge, sometimes wrong; every key comes up about equally often."""
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS_TSV = os.path.join(HERE, "../data/xlcfg-keys.tsv")

INTS = ["0", "1", "2", "3", "4", "5", "7", "16", "64", "100", "256", "512", "1023", "4096", "0x10", "010"]
EDGE_INTS = ['"-1"', '"-0x8"', "2147483647", "2147483648", '"-2147483648"', '"-2147483649"', "4294967295", "4294967296",
             "9223372036854775807", "9223372036854775808", '"-9223372036854775808"', '" 3"', '"3 "', '"+5"', "08", "0x", "12ab",
             '""', '"1e3"', '"yes"', '"True"', "18014398509481984"]
BOOLS = ["0", "1", '"0"', '"1"', "0", "1", "2", '"-1"', '"yes"', '"false"']
STRINGS = ['"a"', "'b c'", '"/usr/lib/x"', '"x=y,z"', '""', '"\\"q\\""', '"tab\\tnew\\nline"', '"ä \\\\ ö"', '"%s %d"', "5", '"a\\\\b"']
WRONG_SHAPE = ['["a"]', "[]", '[ "1", "2" ]', '[[ "a" ]]', '["a",["b"],"c"]']
WRONG_ATOM = ['"a"', "1", '""']
ACTIONS = ['"destroy"', '"restart"', '"rename-restart"', '"preserve"', '"coredump-destroy"', '"coredump-restart"', '"soft-reset"',
           '"Destroy"', '"soft_reset"', '""', "1"]

CPUS = ["all", "0", "0-3", "1,3,5", "^2,0-3", "0-3,^2", "nodes:0", "node:1", "^node:0", "all,^1", "^all", "7-3", "100", "0-200", "", "a",
        "0,", "node:9", "nodes:0-1,^3", " 1", "1 ", "0- 2", "-3", "1--2", "all,all", "nodes:", "0x2", "3-"]
MACS = ["00:16:3e:00:00:01", "00:16:3E:aa:Bb:cc", "00-16-3e-00-00-02", "00:16:3e:00:00", "00:16:3e:00:00:01:02", "zz:16:3e:00:00:01",
        "1:2:3:4:5:6", "", "00163e000001", "100:16:3e:00:00:01"]
RATES = ["10MB/s", "1Gb/s", "100Kb/s@20ms", "10MB/s@5", "7b/s", "10MB", "10mb/s", "0MB/s", "010KB/s", "1GB/s@100us", "5000000000B/s",
         "10MB/s@0ms", "1B/s@1s", "", "-1MB/s", "10MB/s@", "4294967295B/s", "1kB/s"]
VDEVS = ["hda", "xvda", "xvdb1", "sda1", "hdc", "d0p0", "51712", "0x300", "xvdzz", "bogus", "hdc:cdrom", "xvda:disk", "", "vda", "nvme0"]
TARGETS = ["/dev/vg/a", "/images/a.img", "/images/a.qcow2", "phy:/dev/sdb", "file:/a b", "tap:aio:/x", "qcow2:/x", "raw:/x", "iscsi:iqn.1",
           "nbd:h:1", "drbd:res", "tapdisk:/x", "ioemu:file:/x", "bogus:/x", "", "vhd:/v", "qcow:/q", "enbd:7", "a"]
FORMATS = ["raw", "qcow", "qcow2", "vhd", "qed", "empty", "", "RAW", "vmdk"]
ACCESS = ["r", "ro", "rw", "w", "", "R", "x"]
BDFS = ["00:1b.0", "0000:00:1b.0", "01:00.*", "0001:02:1f.7", "00:20.0", "00:1b.8", "00:1b", "1b.0", "0000:ff:1f.3@1f", "00:1b.0@20",
        "00:1b.0@3", "zz:1b.0", "00:02.0=1", "bdf=00:03.0", "name=gpu"]


class Gen:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, items):
        return self.r.choice(items)

    def chance(self, percent):
        return self.r.random() * 100 < percent

    def quote(self, text):
        q = self.pick("'\"")
        return q + text.replace("\\", "\\\\").replace(q, "\\" + q) + q

    def list(self, items):
        gap = self.pick(["", " ", "\n  ", " # c\n"]) if self.chance(30) else " "
        comma = self.pick([",", ", ", " , "])
        return "[" + gap + comma.join(items) + ("," if items and self.chance(20) else "") + gap + "]"

    def subset(self, options, least=0, most=4):
        """key=value parts of a device spec, in any order, sometimes repeated or unknown."""
        parts = []
        for key in self.r.sample(sorted(options), min(len(options), self.r.randint(least, most))):
            value = self.pick(options[key])
            parts.append(key if value is None else f"{key}={value}")
        if self.chance(6):
            parts.append(self.pick(["bogus=1", "bogus", "=", "", " ", "mac", "backend", "type=", "a=b=c"]))
        if parts and self.chance(4):
            parts.append(self.pick(parts))
        return parts

    def spec(self, options, least=0, most=4, must=()):
        parts = self.subset(options, least, most)
        for m in must:
            key = m.split("=")[0]
            if self.chance(92) and not any(p.startswith(key) for p in parts):
                parts.insert(self.r.randint(0, len(parts)), m)
        return self.quote(self.pick([",", ",", ", ", " ,"]).join(parts))

    def specs(self, make, most=3):
        return self.list([make() for _ in range(self.r.randint(0 if self.chance(10) else 1, most))])

    # --- devices ----------------------------------------------------------------

    def disk(self):
        if self.chance(50):
            parts = [self.pick(TARGETS), self.pick(FORMATS), self.pick(VDEVS), self.pick(ACCESS)]
            parts = parts[:self.r.randint(2, 4)] if self.chance(20) else parts
            if self.chance(60):
                parts[0], parts[2:3] = "/images/a.img", ["xvd" + self.pick("abcd")]
            if self.chance(20):
                parts += self.disk_words()
            if self.chance(2):
                parts.append("more")
            return self.quote(",".join(parts))
        parts = self.disk_words() + ["vdev=" + self.pick(VDEVS[:6] if self.chance(80) else VDEVS)]
        if self.chance(85):
            parts.append("target=" + self.pick(["/images/a.img", "/a,b", "/dev/x", "", "/x,", "host:7:a=b"]))
        return self.quote(self.pick([",", ", "]).join(parts))

    def disk_words(self):
        return self.subset({
            "format": FORMATS[:6], "access": ACCESS[:5], "devtype": ["cdrom", "disk", "tape"], "cdrom": [None], "backend": ["0", "dom1"],
            "backendtype": ["phy", "qdisk", "tap", "standalone", "x"], "script": ["block-iscsi", "/etc/x"], "direct-io-safe": [None],
            "discard": [None], "no-discard": [None], "specification": ["xen", "virtio", "x"], "colo": [None], "no-colo": [None],
            "colo-host": ["h"], "colo-port": ["1234", "x"], "colo-export": ["e"], "active-disk": ["/a"], "hidden-disk": ["/h"],
            "ioemu": [None], "readonly": [None]}, 0, 3)

    def vif(self):
        return self.spec({
            "type": ["vif", "ioemu", "netfront", ""], "mac": MACS if self.chance(40) else MACS[:3], "bridge": ["xenbr0", "br 1", ""],
            "netdev": ["eth0"], "gatewaydev": ["eth1"], "ip": ["10.0.0.1", "10.0.0.1 10.0.0.2", ""], "script": ["vif-bridge", "/x"],
            "backend": ["0", "dom1", ""], "vifname": ["v0"], "model": ["e1000", "rtl8139", ""], "accel": ["x"], "devid": ["0", "3", "x"],
            "rate": RATES if self.chance(30) else RATES[:5], "mtu": ["1500", "9000x", "x", ""], "trusted": [None, "1"],
            "untrusted": [None], "forwarddev": ["f"], "colo_sock_mirror_ip": ["h"], "colo_checkpoint_port": ["9"]}, 0, 5)

    def vfb(self):
        return self.spec({
            "vnc": ["0", "1", "x"], "vncunused": ["0", "1"], "sdl": ["0", "1"], "opengl": ["1"], "vnclisten": ["0.0.0.0", "1.2.3.4:5"],
            "vncpasswd": ["p", ""], "keymap": ["de"], "display": [":1"], "xauthority": ["/x"], "vncdisplay": ["1", "x"]}, 0, 5)

    def pci(self):
        parts = [self.pick(BDFS[:4] if self.chance(70) else BDFS)]
        parts += self.subset({"permissive": ["0", "1", "x"], "msitranslate": ["0", "1"], "seize": ["0", "1"], "power_mgmt": ["1", ""],
                              "vslot": ["5", "1f", "20"]}, 0, 3)
        if self.chance(4):
            parts.append("rdm_policy=" + self.pick(["strict", "relaxed", "x"]))
        return self.quote(",".join(parts))

    def usbctrl(self):
        return self.spec({"type": ["auto", "pv", "devicemodel", "qusb", "x"], "version": ["1", "2", "3", "x"], "ports": ["1", "8", "99"],
                          "backend": ["0"]}, 0, 3)

    def usbdev(self):
        return self.spec({"hostbus": ["1", "0x2", "x"], "hostaddr": ["3", "010"], "controller": ["0", "1"], "port": ["1", "x"]}, 0, 4,
                         ["type=hostdev"])

    def vkb(self):
        return self.spec({
            "backend": ["0", "d"], "unique-id": ["u"], "feature-disable-keyboard": ["0", "1"], "feature-disable-pointer": ["1"],
            "feature-abs-pointer": ["1"], "feature-raw-pointer": ["1"], "feature-multi-touch": ["1"], "multi-touch-width": ["100", "x"],
            "multi-touch-height": ["100"], "multi-touch-num-contacts": ["3"], "width": ["640"], "height": ["480"]}, 0, 5,
            ["backend-type=" + self.pick(["qemu", "linux", "linux", "x"])])

    def vdispl(self):
        return self.spec({"backend": ["0", "d"], "be-alloc": ["0", "1"]}, 0, 2,
                         ["connectors=" + self.pick(["id0:800x600", "a:1x2;b:3x4", "c:99999x1"])])

    def vsnd_card(self):
        params = {"sample-rates": ["8000;44100", "48000"], "sample-formats": ["s16_le;u8", "s8"], "channels-min": ["1"],
                  "channels-max": ["2", "8"], "buffer-size": ["65536"]}
        parts = ["card" + "".join("," + p for p in self.subset({"backend": ["0"], "short-name": ["s"], "long-name": ["l"], **params}, 0, 3))]
        for n in range(self.r.randint(0, 2)):
            parts.append(f"pcm, name=p{n}" + "".join("," + p for p in self.subset(params, 0, 2)))
            for k in range(self.r.randint(0, 2)):
                parts.append(f"stream, unique-id=u{k}, type={self.pick('pc')}" + "".join("," + p for p in self.subset(params, 0, 2)))
        return self.list([self.quote(p) for p in parts])

    def channel(self):
        return self.spec({"backend": ["0"], "path": ["/run/x"]}, 0, 2, ["connection=" + self.pick(["pty", "socket", "x"]), "name=c"])

    def p9(self):
        return self.spec({"backend": ["0", "d"]}, 0, 1, ["tag=t", "path=/p", "security_model=none"])

    def vnuma(self):
        nodes = self.r.randint(1, 2)
        size, parts = self.pick([64, 128, 256]), []
        for n in range(nodes):
            node = [f"pnode={n if self.chance(80) else self.pick([0, 1, 9])}", f"size={size}", f"vcpus={self.pick([f'{n}', f'{n}-{n}', '0', '0-1'])}",
                    "vdistances=" + ",".join(["10", "20"][:nodes])]
            self.r.shuffle(node)
            if self.chance(15):
                node.pop()
            parts.append(self.list([self.quote(p) for p in node]))
        return self.list(parts)

    def viridian(self):
        words = ["all", "defaults", "base", "freq", "time_ref_count", "reference_tsc", "hcall_remote_tlb_flush", "apic_assist", "crash_ctl",
                 "synic", "stimer", "hcall_ipi", "ex_processor_masks", "no_vp_limit", "cpu_hotplug"]
        some = [self.pick(["", "", "!"]) + w for w in self.r.sample(words, self.r.randint(1, 4))]
        return self.list([self.quote(w) for w in some + (["bogus"] if self.chance(4) else [])])

    def cpuid(self):
        flags = ["avx2=0", "sse4.1=1", "smep=x", "nx=k", "family=6", "model=0x2a", "vendor=GenuineIntel", "bogus=1", "avx", "htt=s", "maxleaf=7",
                 "proccount=4", "stepping=3", "brandid=1", "=", "tsc=2", "x2apic=1", "tm=0"]
        if self.chance(70):
            return self.quote(",".join([self.pick(["host", "host", "host", "hosts", ""])] + self.r.sample(flags, self.r.randint(0, 4))))
        leaf = self.pick(["0x1", "1", "7,0", "0x80000001", "x", "1:"])
        regs = ",".join(f"{self.pick(['eax', 'ebx', 'ecx', 'edx', 'exx'])}={''.join(self.pick('01xks') for _ in range(self.pick([32, 32, 32, 31])))}"
                        for _ in range(self.r.randint(1, 2)))
        return self.list([self.quote(f"{leaf}:{regs}")])

    # --- keys -----------------------------------------------------------------------

    def words(self, *words):
        return self.quote(self.pick(words))

    def special(self, key):
        """Value of a key that its type alone does not describe; None for the others."""
        table = {
            "type": lambda: self.words("hvm", "pv", "pvh", "h", "p", "pvhx", ""),
            "builder": lambda: self.words("hvm", "generic", "g", "linux"),
            "uuid": lambda: self.words("5ea29ba3-5b5e-4e5a-9d2a-6a0a0a0a0a0a", "5EA29BA35B5E4E5A9D2A6A0A0A0A0A0A", "5ea2", ""),
            "cpus": lambda: self.quote(self.pick(CPUS)) if self.chance(60) else self.list([self.quote(self.pick(CPUS[:8])) for _ in range(self.r.randint(1, 3))]),
            "on_poweroff": lambda: self.pick(ACTIONS),
            "tsc_mode": lambda: self.pick(['"default"', '"always_emulate"', '"native"', '"native_paravirt"', "0", "3", "4", '"x"']),
            "timer_mode": lambda: self.pick(['"delay_for_missed_ticks"', '"no_delay_for_missed_ticks"', '"no_missed_ticks_pending"',
                                             '"one_missed_tick_pending"', "0", "3", "4", '"x"']),
            "altp2m": lambda: self.pick(['"disabled"', '"mixed"', '"external"', '"limited"', "0", "3", "4", '"x"']),
            "viridian": lambda: self.viridian() if self.chance(70) else self.pick(BOOLS),
            "ms_vm_genid": lambda: self.words("generate", "none", "x"),
            "rdm": lambda: self.words("strategy=host", "strategy=host,policy=relaxed", "x"),
            "mca_caps": lambda: self.list([self.words("lmce", "lmce", "x")]),
            "passthrough": lambda: self.words("disabled", "enabled", "sync_pt", "share_pt", "default", "x"),
            "mmio_hole": lambda: self.pick(["256", "1024", "2048", "3840", "4096", "1", '"-1"']),
            "bios": lambda: self.words("seabios", "rombios", "ovmf", "x"),
            "firmware": lambda: self.words("bios", "uefi", "ovmf", "seabios", "rombios", "/path/fw", "", "u", "pvgrub32", "pvgrub64"),
            "vga": lambda: self.words("stdvga", "cirrus", "none", "qxl", "x"),
            "hdtype": lambda: self.words("ide", "ahci", "x"),
            "vendor_device": lambda: self.words("none", "xenserver", "x"),
            "gfx_passthru": lambda: self.pick(["0", "1", '"default"', '"igd"', '"x"', "2"]),
            "device_model_version": lambda: self.words("qemu-xen", "qemu-xen-traditional", "x"),
            "gic_version": lambda: self.words("default", "v2", "v3", "x"),
            "vuart": lambda: self.words("sbsa_uart", "unknown", "x"),
            "tee": lambda: self.words("none", "optee", "x"),
            "bootloader_args": lambda: self.pick(['"a b\tc"', '[ "a", "b c" ]', '"x"', "[]"]),
            "usbdevice": lambda: self.pick(['"tablet"', '[ "tablet", "mouse" ]', '"host:1234:5678"', "[]"]),
            "serial": lambda: self.pick(['"pty"', '[ "pty", "file:/x" ]', "[]"]),
            "vnclisten": lambda: self.words("0.0.0.0", "127.0.0.1", "127.0.0.1:3", ""),
            "ioports": lambda: self.list([self.words("2f8-2ff", "3f8", "0x3f8", "10000000000", "", "zz") for _ in range(self.r.randint(1, 2))]),
            "irqs": lambda: self.list([self.pick(["7", '"7"', "16", '"x"', '"0x5"', '"-1"', '""']) for _ in range(self.r.randint(1, 2))]),
            "iomem": lambda: self.list([self.words("f8000,1", "f8000,1@0", "0xf8000,0x10", "f8000", "zz,1", "1,2@zz") for _ in range(self.r.randint(1, 2))]),
            "disk": lambda: self.specs(self.disk), "vif": lambda: self.specs(self.vif), "vfb": lambda: self.specs(self.vfb, 2),
            "pci": lambda: self.specs(self.pci), "usbctrl": lambda: self.specs(self.usbctrl), "usbdev": lambda: self.specs(self.usbdev),
            "vkb": lambda: self.specs(self.vkb, 2), "vdispl": lambda: self.specs(self.vdispl, 2), "vsnd": lambda: self.specs(self.vsnd_card, 2),
            "channel": lambda: self.specs(self.channel, 2), "p9": lambda: self.specs(self.p9, 1), "vnuma": self.vnuma, "cpuid": self.cpuid,
            "pvcalls": lambda: self.specs(lambda: self.spec({"backend": ["0", "d"]}, 0, 1), 2),
            "vtpm": lambda: self.specs(lambda: self.spec({"uuid": ["5ea29ba3-5b5e-4e5a-9d2a-6a0a0a0a0a0a", "x"]}, 0, 1, ["backend=d"]), 2),
            "kernel": lambda: self.words("/boot/vmlinuz", "/usr/lib/xen-4.17/boot/hvmloader", ""),
            "boot": lambda: self.words("cda", "n", "", "dc"),
        }
        aliases = {"cpus_soft": "cpus", "on_reboot": "on_poweroff", "on_crash": "on_poweroff", "on_watchdog": "on_poweroff",
                   "on_soft_reset": "on_poweroff"}
        make = table.get(aliases.get(key, key))
        return make() if make else None

    def value(self, key, kind):
        if self.chance(3):
            return self.pick(WRONG_ATOM if kind.startswith("list") else WRONG_SHAPE)
        special = self.special(key)
        if special is not None:
            return special
        if kind.startswith("bool"):
            return self.pick(BOOLS[:5] if self.chance(80) else BOOLS + EDGE_INTS)
        if kind.startswith("int"):
            return self.pick(INTS if self.chance(80) else EDGE_INTS)
        if kind.startswith("list"):
            return self.list([self.pick(STRINGS) for _ in range(self.r.randint(0, 3))])
        return self.pick(STRINGS)

    def start(self, keys):
        lines = []
        if self.chance(97):
            lines.append('name = "guest"')
        guest = self.pick(["hvm", "pv", "pvh", None])
        if guest:
            lines.append(f"{self.pick(['type', 'type', 'type', 'builder']) if guest == 'hvm' else 'type'} = '{guest}'")
        if guest != "hvm" and self.chance(93):
            lines.append(self.pick(['kernel = "/boot/vmlinuz"', 'kernel = "/boot/vmlinuz"', 'bootloader = "pygrub"']))
        if self.chance(50):
            lines.append("memory = " + self.pick(INTS[7:]))
        if self.chance(30):
            lines.append("vcpus = " + self.pick(INTS[1:7]))
        return lines

    def config(self, keys, first):
        """One text. `first` is an index into keys that surely is in it."""
        names = [keys[first % len(keys)]] + [self.pick(keys) for _ in range(self.r.randint(0, 7))]
        lines = self.start(keys)
        for key, kind in names:
            op = " += " if self.chance(2) else self.pick(["=", " = "])
            lines.append(f"{key}{op}{self.value(key, kind)}")
        if self.chance(20):
            self.r.shuffle(lines)
        return self.pick(["\n", "\n", " # c\n", "; ", "\n\n"]).join(lines) + "\n"


def keys():
    """(key, type) of every key that Xen 4.17 reads."""
    with open(KEYS_TSV) as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    return [(r[1], r[2]) for r in rows if r[0] == "xl.cfg"]


def configs(seed, count):
    gen, all_keys = Gen(seed), keys()
    return [gen.config(all_keys, i) for i in range(count)]


if __name__ == "__main__":
    import sys
    for text in configs(int(sys.argv[1]), int(sys.argv[2])):
        print("### " + "-" * 40)
        print(text, end="")
