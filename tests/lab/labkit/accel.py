"""Which acceleration works here. An openable /dev/kvm proves nothing: there
are machines where a guest on it hangs, so Dom0 must have booted once."""
import os
import platform
import shutil

from . import paths, qemu, states
from .build import key_of, locked, say, tool
from .client import LabError
from .machine import Machine

PROBE_S = 40
KNOWN = ("tcg", "kvm")


def choose(image, suite):
    """"kvm" or "tcg"; the answer of the probe is kept."""
    asked = os.environ.get("LAB_ACCEL")
    if asked:
        if asked not in KNOWN:
            raise LabError("LAB_ACCEL=%s: use %s" % (asked, " or ".join(KNOWN)))
        return asked
    if not candidate():
        return "tcg"
    answer = os.path.join(paths.cache(), "accel-" + key_of(
        platform.release(), _cpu("model name"), image,
        tool([qemu.QEMU, "--version"]).decode()))
    with locked(answer + ".lock", "the KVM probe"):
        if not os.path.exists(answer):
            found = "kvm" if probe(image, suite) else "tcg"
            with open(answer, "w") as f:
                f.write(found)
    with open(answer) as f:
        return f.read()


def _cpu(field):
    with open("/proc/cpuinfo") as f:
        for line in f:
            name, _, value = line.partition(":")
            if name.strip() == field:
                return value.strip()
    return ""


def candidate():
    """Xen's PVH and HVM guests need SVM or VMX inside the machine."""
    flags = _cpu("flags").split()
    return ("vmx" in flags or "svm" in flags) and \
        os.access("/dev/kvm", os.R_OK | os.W_OK)


def probe(image, suite):
    """True when Dom0 boots under KVM within PROBE_S seconds."""
    say("trying KVM once (up to %d s)" % PROBE_S)
    name = ".probe-%d" % os.getpid()
    machine = Machine(name, 1, os.path.join(paths.run_root(), name))
    os.makedirs(machine.folder)
    try:
        states.boot(machine, qemu.Shape(accel="kvm", suite=suite), image,
                    limit_s=PROBE_S)
        return True
    except LabError as e:
        say("KVM does not work here (%s); using TCG" % str(e).split("\n")[0])
        return False
    finally:
        states.kill(machine)
        shutil.rmtree(machine.folder)
