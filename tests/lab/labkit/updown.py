"""`up` and `down`: a lab from nothing and back to nothing."""
import glob
import os
import shutil
import time

from . import paths, programs, qemu, states
from .build import need, say
from .client import LabError
from .machine import Machine, hosts


def is_up(name):
    there = hosts(name)
    return bool(there) and all(
        m.pid() and os.path.exists(m.path("ready")) for m in there)


def up(name, shape, image, count=1, cold=False, flavour="plain", disks=()):
    """Starts `count` Dom0s in place of what is left of an older lab."""
    need(qemu.QEMU, "qemu-img")
    if hosts(name):
        down(name)
    state = None if cold else states.ensure(shape, image, flavour)
    started = time.monotonic()
    try:
        for n in range(1, count + 1):
            _start(Machine(name, n), shape, image, state, count)
        for n in range(1, count + 1):
            _settle(Machine(name, n), count, disks)
    except BaseException as e:
        kept = _keep_failed(name)
        if isinstance(e, LabError):
            raise LabError(str(e).replace(paths.lab_folder(name), kept)
                           ) from None
        raise
    say("%s is up after %.1f s: %s" % (
        name, time.monotonic() - started,
        ", ".join("host%d" % n for n in range(1, count + 1))))


def _keep_failed(name):
    """Ends what came up and moves its folder to the cache; the new place."""
    for machine in hosts(name):
        states.kill(machine)
    kept = os.path.join(paths.cache(), "failed-" + name)
    shutil.rmtree(kept, ignore_errors=True)
    if os.path.isdir(paths.lab_folder(name)):
        shutil.move(paths.lab_folder(name), kept)
        for machine in glob.glob(kept + "/host*/*.qcow2"):
            os.unlink(machine)
    return kept


def _start(machine, shape, image, state, count):
    os.makedirs(machine.folder, mode=0o700)
    with open(machine.path("suite"), "w") as f:
        f.write(shape.suite)
    if state:
        qmp = states.resume(machine, shape, image, state, count)
    else:
        qmp = states.boot(machine, shape, image, count)
    qmp.close()


def _settle(machine, count, disks):
    """Host name, addresses and clock of a Dom0 that has just come to life."""
    machine.run(["/usr/lib/xen-lab/lab-host", str(machine.host), str(count),
                 "%.3f" % time.time()], timeout=60)
    for number, size in enumerate(disks):
        add_disk(machine, number, size)
    programs.sync(machine)
    with open(machine.path("ready"), "w") as f:
        f.write("%d\n" % count)


def add_disk(machine, number, size):
    """An empty disk for Dom0, plugged in while it runs."""
    path = machine.path("extra%d.qcow2" % number)
    states.tool(["qemu-img", "create", "-q", "-f", "qcow2", path, size])
    qmp = qemu.Qmp(machine)
    node = "extra%d" % number
    qmp.call("blockdev-add", **{
        "driver": "qcow2", "node-name": node, "discard": "unmap",
        "file": {"driver": "file", "filename": path}})
    qmp.call("device_add", driver="scsi-hd", drive=node, id=node,
             bus="scsi.0", serial="lab-" + node)
    qmp.close()


def down(name):
    """Ends every QEMU of the lab and removes its files."""
    for machine in hosts(name):
        states.kill(machine)
    folder = paths.lab_folder(name)
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    try:
        os.rmdir(paths.run_root())
    except OSError:
        pass


def names():
    """The labs of this user."""
    try:
        return sorted(e for e in os.listdir(paths.run_root())
                      if not e.startswith("."))
    except FileNotFoundError:
        return []


def status(name):
    """One line per host; LabError when there is none."""
    lines = []
    for m in hosts(name):
        pid = m.pid()
        lines.append("%s host%d %s" % (
            name, m.host, "running, QEMU is process %d" % pid
            if pid else "dead"))
    if not lines:
        raise LabError("no lab %r is up" % name)
    return lines


def logs(name):
    """The log files on the host: QEMU's and the serial console of Xen."""
    return [m.path(log) for m in hosts(name)
            for log in ("qemu.log", "serial.log") if os.path.exists(m.path(log))]
