"""Starts QEMU with Xen and Dom0 in it, and talks to it over QMP."""
import json
import os
import shlex
import socket
import subprocess
import time

from .build import tool
from .client import PORTS, LabError

QEMU = "qemu-system-x86_64"


class Shape:
    """What must be equal between a saved state and the QEMU that loads it."""

    def __init__(self, mem=3072, cpus=1, dom0_mem=1280, xen_args="",
                 accel="tcg", suite="bookworm", pci=False, systemd=False):
        self.pci = pci  # a device to pass through, behind an IOMMU
        self.systemd = systemd  # PID 1 of Dom0, in place of lab-init
        self.mem, self.cpus, self.dom0_mem = mem, cpus, dom0_mem
        self.xen_args, self.accel, self.suite = xen_args, accel, suite

    def label(self):
        """A file name that tells the shapes apart."""
        text = "%s-%s-%dm-%dc-%dd" % (self.suite, self.accel, self.mem,
                                      self.cpus, self.dom0_mem)
        return text + ("-systemd" if self.systemd else "") + (
            "-x" if self.xen_args else "")

    def arguments(self, image):
        """QEMU's arguments for the machine, Xen and Dom0's kernel."""
        xen = "console=com1 dom0_mem=%dM,max:%dM bootscrub=0 %s" % (
            self.dom0_mem, self.dom0_mem, self.xen_args)
        dom0 = "console=hvc0 quiet net.ifnames=0 mitigations=off"
        if self.systemd:
            dom0 += " lab.systemd systemd.firstboot=off"
        if self.accel == "kvm":
            accel = ["-accel", "kvm", "-cpu", "host"]
        else:
            # a program that is always at the same address is translated once
            dom0 += " norandmaps"
            # several threads race in the emulation of SVM: PVH and HVM guests
            # then die now and then, so one thread serves all processors
            accel = ["-accel", "tcg,tb-size=512,thread=single",
                     "-cpu", "qemu64,+svm,+npt"]
        board = ["-machine", "pc"]
        if self.pci:
            board = ["-machine", "q35", "-device", "amd-iommu",
                     "-device", "e1000e,addr=10,romfile="]
        return accel + board + [
            "-m", str(self.mem), "-smp", str(self.cpus),
            "-kernel", image + "/xen", "-append", xen.strip(),
            "-initrd", "%s/vmlinux %s,%s/initrd" % (image, dom0, image)]


def _devices(machine):
    args = ["-device", "virtio-serial-pci,id=agents"]
    for n in range(PORTS):
        args += ["-chardev", "socket,id=agent%d,path=%s,server=on,wait=off"
                 % (n, machine.path("agent.%d" % n)),
                 "-device", "virtserialport,bus=agents.0,nr=%d,"
                 "chardev=agent%d,name=lab.%d" % (n + 1, n, n)]
    return args + [
        "-drive", "file=%s,if=none,id=root,cache=unsafe,discard=unmap"
        % machine.path("disk.qcow2"),
        "-device", "virtio-blk-pci,drive=root",
        "-device", "virtio-scsi-pci,id=scsi",
        "-device", "virtio-net-pci,netdev=net0,romfile=",
        "-serial", "file:" + machine.path("serial.log"),
        "-qmp", "unix:%s,server=on,wait=off" % machine.path("qmp")]


def _network(machine, hosts):
    """host1 is the hub; the others connect to it. No host network at all."""
    if machine.host > 1:
        return ["-netdev", "stream,id=net0,server=off,addr.type=unix,addr.path="
                + machine.path("../host1/net.%d" % machine.host)]
    args = ["-netdev", "hubport,id=net0,hubid=0"]
    for n in range(2, hosts + 1):
        args += ["-netdev", "stream,id=link%d,server=on,addr.type=unix,"
                 "addr.path=%s" % (n, machine.path("net.%d" % n)),
                 "-netdev", "hubport,id=hub%d,hubid=0,netdev=link%d" % (n, n)]
    return args


def _memory(shape, kind, more):
    return ["-object", "memory-backend-%s,id=ram,size=%dM,%s" % (
        kind, shape.mem, more), "-machine", "memory-backend=ram"]


def start(machine, shape, image, hosts=1, state=None, to_save=False):
    """Starts QEMU; returns when its QMP answers. `state` is a folder with the
    state to load, `to_save` prepares for save_memory()."""
    args = [QEMU, "-name", "%s-host%d" % (machine.name, machine.host),
            "-nodefaults", "-no-user-config", "-display", "none",
            "-pidfile", machine.path("qemu.pid")]
    args += shape.arguments(image) + _devices(machine)
    args += _network(machine, hosts)
    if state:
        # a page is read when it is first used, copied when first written
        args += _memory(shape, "file", "share=off,mem-path=%s/memory" % state)
        args += ["-incoming", "defer"]
    elif to_save:
        args += _memory(shape, "memfd", "share=on")
    with open(machine.path("qemu.log"), "wb") as log:
        log.write((shlex.join(args) + "\n").encode())
        log.flush()
        try:
            child = subprocess.Popen(
                args, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, cwd="/")
        except FileNotFoundError:
            raise LabError("%s is not installed. Install with: make deps"
                           % QEMU) from None
    limit = time.monotonic() + 30
    while child.poll() is None:
        try:
            return Qmp(machine)
        except OSError:
            if time.monotonic() > limit:
                child.kill()
                raise LabError("QEMU does not answer within 30 s; log: "
                               + machine.path("qemu.log")) from None
            time.sleep(0.02)
    raise LabError(machine.why_dead() or "QEMU ended at once")


def save_memory(machine, path):
    """Copies the memory of a stopped machine, without its holes."""
    fds = "/proc/%d/fd" % machine.pid()
    for fd in os.listdir(fds):
        if os.readlink(os.path.join(fds, fd)).startswith("/memfd:memory-"):
            tool(["cp", "--sparse=always", os.path.join(fds, fd), path])
            return
    raise LabError("QEMU has no file with the memory; log: "
                   + machine.path("qemu.log"))


class Qmp:
    """QEMU's control connection."""

    def __init__(self, machine):
        self.machine = machine
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(machine.path("qmp"))
        self.sock.settimeout(30)
        self.file = self.sock.makefile("rwb")
        self._line()
        self.call("qmp_capabilities")

    def _line(self):
        try:
            line = self.file.readline()
        except OSError as e:
            raise LabError(self.machine.why_dead() or "QMP: %s" % e) from None
        if not line:
            raise LabError(self.machine.why_dead() or "QEMU closed QMP")
        return json.loads(line)

    def call(self, command, **arguments):
        message = {"execute": command, "arguments": arguments}
        try:
            self.file.write(json.dumps(message).encode() + b"\n")
            self.file.flush()
        except OSError as e:
            raise LabError(self.machine.why_dead() or "QMP: %s" % e) from None
        while True:
            answer = self._line()
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise LabError("QEMU: %s: %s" % (
                    command, answer["error"]["desc"]))

    def share_memory(self):
        """A state then leaves out the memory, which is in a file already
        (`x-ignore-shared` of QEMU's migration)."""
        self.call("migrate-set-capabilities", capabilities=[
            {"capability": "x-ignore-shared", "state": True}])

    def wait(self, command, field, good, bad=(), limit_s=120):
        """Polls a query until its field has a value in `good`."""
        limit = time.monotonic() + limit_s
        while True:
            value = self.call(command).get(field)
            if value in good:
                return
            if value in bad or time.monotonic() > limit:
                raise LabError("QEMU: %s is %s; log: %s" % (
                    command, value, self.machine.path("qemu.log")))
            time.sleep(0.02)

    def close(self):
        self.file.close()
        self.sock.close()
