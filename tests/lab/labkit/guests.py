"""Builds what the lab's guests boot from: initrd, ISO, boot sector, stubs."""
import os
import shutil

from . import paths
from .build import tool
from .client import LabError

SOURCES = os.path.join(paths.HERE, "guests")
LINUX_MODULES = ["xen-netfront", "xen-blkfront", "crc32c_generic", "ext4",
                 "xenfs", "ata_piix", "e1000", "8139cp", "sd_mod", "sr_mod"]
APPLETS = """sh ash ls cat echo mount umount insmod sed sleep ip ifconfig
    udhcpc ping nc wget hostname date uname free ps kill dd df du sync mkdir rm
    ln cp mv grep head tail wc od tr seq vi less top dmesg env true false test
    getty login init cttyhack stty clear reset md5sum sha256sum mke2fs touch
    chmod find sort uptime arp route traceroute telnet httpd tee xargs awk cut
    cmp lsmod modprobe rmmod nslookup blkid lspci""".split()


def add_busybox(tree, applets):
    shutil.copy("/bin/busybox", os.path.join(tree, "bin/busybox"))
    for name in applets if isinstance(applets, list) else applets.split():
        os.symlink("busybox", os.path.join(tree, "bin", name))


def _dependencies(folder):
    """name -> [files in loading order] from modules.dep."""
    table = {}
    with open(os.path.join(folder, "modules.dep")) as f:
        for line in f:
            path, _, needed = line.strip().partition(":")
            name = os.path.basename(path).split(".ko")[0].replace("-", "_")
            table[name] = needed.split()[::-1] + [path]
    return table


def add_modules(tree, folder, names):
    """Copies modules with what they need; /modules/order tells the order."""
    table, order = _dependencies(folder), []
    os.makedirs(os.path.join(tree, "modules"), exist_ok=True)
    for name in names:
        for path in table.get(name.replace("-", "_"), []):
            if path in order:
                continue
            order.append(path)
            target = os.path.join(tree, "modules", os.path.basename(path))
            shutil.copy(os.path.join(folder, path), target)
            if target.endswith(".xz"):
                tool(["unxz", "-f", target])
    with open(os.path.join(tree, "modules/order"), "w") as f:
        for path in order:
            f.write(os.path.basename(path).removesuffix(".xz") + "\n")


def pack_initrd(tree, out):
    script = "find . | sort | cpio -o -H newc -R 0:0 --quiet >\"$1\""
    tool(["sh", "-c", script, "sh", os.path.abspath(out)], cwd=tree)


def _linux_initrd(base_folder, work, out):
    from . import image  # one needs the other
    tree = os.path.join(work, "guest-initrd")
    for d in ("bin", "sbin", "proc", "sys", "dev", "mnt", "etc", "tmp", "run",
              "root", "var"):
        os.makedirs(os.path.join(tree, d))
    add_busybox(tree, APPLETS)
    shutil.copytree(os.path.join(SOURCES, "linux"), tree, dirs_exist_ok=True)
    add_modules(tree, image.modules_folder(base_folder), LINUX_MODULES)
    pack_initrd(tree, out)


STUB_FLAGS = """-O2 -Wall -Wextra -ffreestanding -fno-stack-protector
    -fno-pic -fcf-protection=none -fno-asynchronous-unwind-tables
    -mgeneral-regs-only -mno-red-zone -nostdlib -static -no-pie
    -Wl,--build-id=none -Wl,--no-warn-rwx-segments
    -D__XEN_INTERFACE_VERSION__=0x00040d00""".split()


def _stub(bits, out):
    tool(["gcc", "-m%d" % bits, *STUB_FLAGS,
          "-Wl,-T," + os.path.join(SOURCES, "stub.lds"), "-o", out,
          os.path.join(SOURCES, "stub_entry.S"),
          os.path.join(SOURCES, "stub.c")])


def _boot_sector(work, out):
    """A disk of 1 MB whose first sector is the whole guest."""
    obj = os.path.join(work, "boot.o")
    tool(["gcc", "-m32", "-c", "-o", obj, os.path.join(SOURCES, "boot.S")])
    tool(["ld", "-m", "elf_i386", "-Ttext", "0x7c00", "--oformat", "binary",
          "-o", out, obj])
    os.truncate(out, 1 << 20)


def _iso(work, kernel, initrd, out):
    """A CD that boots Linux by its own boot loader."""
    tree = os.path.join(work, "iso")
    os.makedirs(tree)
    for path in (kernel, initrd, os.path.join(SOURCES, "isolinux.cfg"),
                 "/usr/lib/ISOLINUX/isolinux.bin",
                 "/usr/lib/syslinux/modules/bios/ldlinux.c32"):
        shutil.copy(path, tree)
    tool(["xorriso", "-as", "mkisofs", "-quiet", "-o", out, "-V", "LABGUEST",
          "-b", "isolinux.bin", "-c", "boot.cat", "-no-emul-boot",
          "-boot-load-size", "4", "-boot-info-table", tree])


def build(base_folder, out):
    """Fills `out` with the files that /etc/xen/*.cfg of Dom0 name."""
    work = out + ".work"
    os.makedirs(out)
    os.makedirs(work)
    for name in ("vmlinux", "vmlinuz"):
        shutil.copy(os.path.join(base_folder, name), out)
    initrd, kernel = os.path.join(out, "initrd"), os.path.join(out, "vmlinuz")
    _linux_initrd(base_folder, work, initrd)
    if not os.path.getsize(initrd):
        raise LabError("the guests' initrd is empty")
    _iso(work, kernel, initrd, os.path.join(out, "linux.iso"))
    _boot_sector(work, os.path.join(out, "boot.img"))
    _stub(64, os.path.join(out, "stub-pv"))
    _stub(32, os.path.join(out, "stub-pvh"))
    shutil.rmtree(work)
