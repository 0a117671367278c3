"""Saved states: a booted Dom0 frozen with its disk, made once per kind."""
import os
import shlex
import shutil
import time

from . import paths, qemu
from .build import kept, key_of, tool
from .client import LabError, Run
from .machine import Machine

MAKING = ".making-"  # the process number of its maker follows
BOOT_S = int(os.environ.get("LAB_BOOT_TIMEOUT", "300"))


def overlay(backing, kind, path):
    tool(["qemu-img", "create", "-q", "-f", "qcow2", "-F", kind,
          "-b", os.path.realpath(backing), path])


def wait_agent(machine, limit_s=BOOT_S):
    """Waits for the agent of a booting Dom0; a dead QEMU is told at once."""
    limit = time.monotonic() + limit_s
    while True:
        try:
            port = machine.port()
            Run(port, ["true"]).wait()
            port.close()
            return
        except LabError as e:
            if not machine.pid():
                raise
            if time.monotonic() > limit:
                raise LabError("Dom0 did not come up within %d s (%s); log: %s"
                               % (limit_s, e, machine.path("serial.log"))
                               ) from None


def boot(machine, shape, image, hosts=1, limit_s=BOOT_S,
         to_save=False):
    """Cold start on a fresh overlay; QMP connection."""
    overlay(image + "/disk.img", "raw", machine.path("disk.qcow2"))
    qmp = qemu.start(machine, shape, image, hosts, to_save=to_save)
    wait_agent(machine, limit_s)
    return qmp


def resume(machine, shape, image, folder, hosts=1):
    """Start from the saved state in `folder`; QMP connection."""
    overlay(folder + "/disk.qcow2", "qcow2", machine.path("disk.qcow2"))
    qmp = qemu.start(machine, shape, image, hosts, folder)
    qmp.share_memory()
    qmp.call("migrate-incoming", uri="exec:cat " + shlex.quote(
        folder + "/state"))
    qmp.wait("query-status", "status", ("paused", "prelaunch",
                                        "postmigrate"),
             bad=("internal-error", "guest-panicked", "shutdown"))
    qmp.call("cont")
    return qmp


READY = "while [ ! -e /run/lab-ready ]; do sleep 0.1; done; sync"


# Zeroes in free memory keep the state small; the first commands of a lab
# should find their programs in memory.
TIDY = """sync; echo 3 >/proc/sys/vm/drop_caches
/usr/lib/xen-lab/lab-zero
cat /etc/xen/scripts/* /usr/lib/xen-4.*/bin/{xl,libxl-save-helper} \
    /usr/bin/{bash,date,tar,xenstore-read,xenstore-write} /usr/sbin/xl \
    /usr/lib/xen-lab/* >/dev/null 2>&1
ip link >/dev/null; xenstore-read domid >/dev/null; sync"""


def _freeze(machine, qmp, folder):
    machine.call(TIDY, timeout=120)
    qmp.call("stop")
    qmp.call("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
    qmp.share_memory()
    qmp.call("migrate", uri="exec:cat >" + shlex.quote(folder + "/state"))
    qmp.wait("query-migrate", "status", ("completed",), ("failed",))
    qemu.save_memory(machine, folder + "/memory")
    qmp.call("quit")
    limit = time.monotonic() + 20
    while machine.pid() and time.monotonic() < limit:
        time.sleep(0.05)
    shutil.move(machine.path("disk.qcow2"), folder + "/disk.qcow2")


FLAVOURS = os.path.join(paths.HERE, "flavours")
PREPARE = "PATH=$(/usr/lib/xen-common/bin/xen-dir)/bin:$PATH\n"


def _script(flavour):
    """What prepares this flavour in Dom0 once it is up."""
    if flavour == "plain":
        return ""
    try:
        with open(os.path.join(FLAVOURS, os.path.basename(flavour))) as f:
            return PREPARE + f.read()
    except FileNotFoundError:
        raise LabError("there is no flavour %r; there are: %s" % (
            flavour, ", ".join(sorted(os.listdir(FLAVOURS))))) from None


def key(shape, image, flavour):
    version = tool([qemu.QEMU, "--version"]).decode().splitlines()[0]
    code = [("file", os.path.join(paths.HERE, "labkit", name))
            for name in ("states.py", "qemu.py")]
    # an image made anew from equal inputs is still another disk
    made = str(os.stat(image + "/disk.img").st_mtime_ns)
    return key_of(os.path.basename(image), made, version, _script(flavour),
                  *code,
                  " ".join(shape.arguments("")))


def find(shape, image, flavour="plain"):
    """The folder of a fitting state, or None."""
    kind = "state-%s-%s" % (shape.label(), flavour)
    folder = os.path.join(paths.cache(), "%s-%s" % (
        kind, key(shape, image, flavour)))
    return folder if os.path.isdir(folder) else None


def _is_at_work(maker):
    """A zombie has no command line; another program may have its number."""
    try:
        with open("/proc/%s/cmdline" % maker, "rb") as f:
            return b"lab" in f.read()
    except OSError:
        return False


def _sweep():
    """Ends the machines of processes that were killed while making a state."""
    root = paths.run_root()
    for name in os.listdir(root) if os.path.isdir(root) else []:
        maker = name[len(MAKING):]
        if not name.startswith(MAKING) or _is_at_work(maker):
            continue
        folder = os.path.join(root, name)
        kill(Machine(name, 1, folder))
        shutil.rmtree(folder, ignore_errors=True)


def ensure(shape, image, flavour="plain"):
    """The folder of the state; boots and freezes a Dom0 when there is none."""
    kind = "state-%s-%s" % (shape.label(), flavour)

    def make(folder):
        _sweep()
        name = MAKING + str(os.getpid())
        machine = Machine(name, 1, os.path.join(paths.run_root(), name))
        os.makedirs(machine.folder)
        qmp = None
        try:
            qmp = boot(machine, shape, image, to_save=True)
            machine.call(READY, timeout=BOOT_S)
            machine.call(_script(flavour), timeout=900)
            _freeze(machine, qmp, folder)
        except BaseException as e:
            kill(machine)
            keep = os.path.join(paths.cache(), "failed-" + kind)
            shutil.rmtree(keep, ignore_errors=True)
            shutil.move(machine.folder, keep)
            if isinstance(e, LabError):
                raise LabError(str(e).replace(machine.folder, keep)) from None
            raise
        shutil.rmtree(machine.folder)
    return kept(paths.cache(), kind, key(shape, image, flavour),
                "the saved state of a booted Dom0 (%s)" % flavour, make)


def kill(machine):
    """Ends QEMU: SIGTERM, then SIGKILL after two seconds."""
    for sig, wait_s in ((15, 2), (9, 10)):
        pid = machine.pid()
        if not pid:
            return
        try:
            os.kill(pid, sig)
        except ProcessLookupError:
            return
        limit = time.monotonic() + wait_s
        while machine.pid() and time.monotonic() < limit:
            time.sleep(0.02)
