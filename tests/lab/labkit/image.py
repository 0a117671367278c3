"""The Dom0 image: Debian packages, then our files on top, in an ext4 file.

Two cached steps: `base` (packages; a minute) and `image` (seconds).
"""
import glob
import lzma
import os
import shutil
import struct
import subprocess

from . import guests, paths
from .build import files_below, kept, key_of, need, tool
from .client import LabError

DISK_SIZE = "6G"  # sparse
MIRROR = "http://deb.debian.org/debian"
DRIVERS_LEFT_OUT = """gpu media net/wireless infiniband iio hwmon bluetooth
    staging isdn mtd input leds mfd video thunderbolt nfc comedi accel
    net/ethernet/mellanox net/ethernet/qlogic net/ethernet/chelsio
    net/ethernet/broadcom scsi/lpfc scsi/qla2xxx scsi/be2iscsi scsi/bnx2i
    """.split()
LEFT_OUT = ["/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*",
            "/usr/share/javascript/*", "/usr/share/iso-codes/*",
            "/usr/share/xml/iso-codes/*", "/usr/bin/promtool",
            "/lib/modules/*/kernel/sound/*"] + [
    "/lib/modules/*/kernel/drivers/%s/*" % d for d in DRIVERS_LEFT_OUT]
DOM0_MODULES = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4"]


def packages(suite):
    with open(os.path.join(paths.HERE, "packages." + suite)) as f:
        return [p for line in f for p in line.split("#")[0].split()]


def host_sources(suite):
    """The apt sources of this machine when they are of the same suite."""
    files = glob.glob("/etc/apt/sources.list.d/debian.sources") + \
        glob.glob("/etc/apt/sources.list")
    for path in files:
        with open(path) as f:
            if suite in f.read():
                return path
    return None


def _mmdebstrap(suite, tar, log):
    mode = "root" if os.getuid() == 0 else "fakechroot"
    args = ["mmdebstrap", "--mode=" + mode, "--variant=minbase",
            "--include=" + ",".join(packages(suite)),
            '--aptopt=Acquire::Languages "none"',
            "--dpkgopt=force-unsafe-io"]
    args += ["--dpkgopt=path-exclude=" + p for p in LEFT_OUT]
    args += [suite, tar, host_sources(suite) or MIRROR]
    # INITRD: Dom0 gets the lab's own small initrd, none is generated
    tool(args, log=log, env={"INITRD": "No", "TMPDIR": os.path.dirname(tar)},
         timeout=900)


def base(suite):
    """Folder with base.tar, xen, vmlinuz, vmlinux and the modules."""
    need("mmdebstrap", "mkfs.ext4", "cpio", "tar",
         *(() if os.getuid() == 0 else ("fakeroot", "fakechroot")))
    key = key_of(suite, " ".join(packages(suite)), " ".join(LEFT_OUT))
    log = os.path.join(paths.cache(), "base-%s.log" % suite)

    def make(folder):
        tar = os.path.join(folder, "base.tar")
        _mmdebstrap(suite, tar, log)
        tool(["tar", "-x", "-f", tar, "-C", folder, "--wildcards", "./boot/*",
              "./usr/lib/modules/*"], log=log)
        _kernel(folder, log)
    return kept(paths.cache(), "base-" + suite, key,
                "the Debian packages of Dom0 (%s)" % suite, make)


def _kernel(folder, log):
    """xen, vmlinuz and vmlinux (unpacked: boots seconds faster)."""
    boot = os.path.join(folder, "boot")
    packed = sorted(glob.glob(boot + "/xen-*-amd64.gz"))[-1]
    with open(os.path.join(folder, "xen"), "wb") as out:
        subprocess.run(["gunzip", "-c", packed], stdout=out, check=True)
    vmlinuz = sorted(glob.glob(boot + "/vmlinuz-*"))[-1]
    shutil.copy(vmlinuz, os.path.join(folder, "vmlinuz"))
    with open(os.path.join(folder, "vmlinux"), "wb") as out:
        out.write(unpack_kernel(vmlinuz, log))
    shutil.rmtree(boot)


def unpack_kernel(path, log=None):
    """The ELF file inside a bzImage (payload fields of the boot protocol)."""
    with open(path, "rb") as f:
        data = f.read()
    start = ((data[0x1f1] or 4) + 1) * 512
    offset, length = struct.unpack_from("<II", data, 0x248)
    payload = data[start + offset:start + offset + length]
    if payload[:6] == b"\xfd7zXZ\0":
        return lzma.LZMADecompressor().decompress(payload)
    if payload[:4] == b"\x28\xb5\x2f\xfd":  # zstd, then four bytes of size
        done = subprocess.run(["zstd", "-dcq"], input=payload[:-4],
                              stdout=subprocess.PIPE)
        if done.stdout[:4] == b"\x7fELF":
            return done.stdout
    raise LabError("%s: unknown kernel compression" % path)


def modules_folder(base_folder):
    return sorted(glob.glob(base_folder + "/usr/lib/modules/*"))[-1]


def _dom0_initrd(base_folder, work, out):
    tree = os.path.join(work, "initrd")
    for d in ("bin", "proc", "sys", "dev", "root", "modules"):
        os.makedirs(os.path.join(tree, d))
    guests.add_busybox(tree, "sh mount insmod sed cat sleep switch_root")
    shutil.copy(os.path.join(paths.HERE, "dom0", "initrd-init"),
                os.path.join(tree, "init"))
    guests.add_modules(tree, modules_folder(base_folder), DOM0_MODULES)
    guests.pack_initrd(tree, out)


PROGRAMS = (("agent.c", "agent"), ("host.c", "lab-host"),
            ("zero.c", "lab-zero"))


def _overlay(base_folder, work):
    """What is laid over the packages: agent, init, guests, examples."""
    tree = os.path.join(work, "overlay")
    lab = os.path.join(tree, "usr/lib/xen-lab")
    os.makedirs(lab)
    for source, program in PROGRAMS:
        tool(["gcc", "-std=gnu11", "-O2", "-D_GNU_SOURCE", "-static", "-s",
              "-o", os.path.join(lab, program),
              os.path.join(paths.HERE, source)])
    shutil.copytree(os.path.join(paths.HERE, "dom0", "files"), tree,
                    dirs_exist_ok=True)
    shutil.copy(os.path.join(paths.HERE, "dom0", "lab-init"), lab)
    guests.build(base_folder, os.path.join(tree, "srv/guests"))
    return tree


def image(suite="bookworm"):
    """Folder with disk.img, initrd, and links to xen and vmlinux."""
    base_folder = base(suite)
    sources = files_below(os.path.join(paths.HERE, "dom0")) + \
        files_below(os.path.join(paths.HERE, "guests")) + \
        [("file", os.path.join(paths.HERE, source)) for source, _ in
         PROGRAMS] + \
        [("file", os.path.join(paths.HERE, "labkit", "guests.py")),
         ("file", os.path.join(paths.HERE, "labkit", "image.py"))]
    key = key_of(os.path.basename(base_folder), *sources)
    log = os.path.join(paths.cache(), "image-%s.log" % suite)

    def make(folder):
        work = os.path.join(folder, "work")
        os.makedirs(work)
        _dom0_initrd(base_folder, work, os.path.join(folder, "initrd"))
        for name in ("xen", "vmlinux"):
            shutil.copy(os.path.join(base_folder, name), folder)
        script = os.path.join(paths.HERE, "dom0", "make-disk")
        args = ["sh", script, os.path.join(base_folder, "base.tar"),
                _overlay(base_folder, work), os.path.join(work, "root"),
                os.path.join(folder, "disk.img"), DISK_SIZE]
        tool(args if os.getuid() == 0 else ["fakeroot"] + args, log=log)
        shutil.rmtree(work, ignore_errors=True)
    return kept(paths.cache(), "image-" + suite, key,
                "the Dom0 image (%s)" % suite, make)
