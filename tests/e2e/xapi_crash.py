"""actions_after_crash in its five ways, and migration to the host itself; inside Dom0."""
import os
import subprocess
import sys
import time

sys.path.insert(0, "/root")
from xapi_power import STUBS, domid, halted, listens, renewed, xl  # noqa: E402
from xapi_vm import LINUX, Api, check, fault, wait_until  # noqa: E402

CORES = "/var/lib/xapi-lite/crashdumps"


def crasher(api, name, action, memory=8, **guest):
    vm = api.create(name, memory, actions_after_crash=action, **(guest or {"domain_type": "pvh", **STUBS["pvh"]}))
    api.call("VM.start", vm, False, False)
    return vm


def crash(api, vm):
    """The stub crashes when it is told to."""
    check(f"{api.call('VM.get_name_label', vm)} listens", listens(api, vm))
    old = domid(api, vm)
    subprocess.run(["xenstore-write", f"/local/domain/{old}/control/shutdown", "crash"], timeout=30, check=True)
    return old


def flags(name):
    return xl("list", name).stdout.splitlines()[-1].split()[-2]


def core(api, vm):
    path = f"{CORES}/{api.call('VM.get_uuid', vm)}.core"
    return path if os.path.exists(path) else None


def panic(api, vm):
    """Its shell tells the kernel to crash."""
    tty = subprocess.run(["xenstore-read", f"/local/domain/{domid(api, vm)}/console/tty"], capture_output=True, text=True,
                         check=True).stdout.strip()
    for _ in range(5):
        with open(tty, "wb", buffering=0) as console:
            console.write(b"\r\recho c >/proc/sysrq-trigger\r")
        if wait_until(lambda: any(c in flags("dumped") for c in "cs"), 5) or core(api, vm):
            return


def preserved(api, vm):
    old = crash(api, vm)
    check("preserve: the crashed domain stays", wait_until(lambda: "c" in flags("keeper"), 30))
    time.sleep(1)
    check("preserve: its record, too", (api.state(vm), domid(api, vm)), ("Running", old))
    check("preserve: it is not started beside that", fault(api, "VM.start", vm, False, False), "VM_BAD_POWER_STATE")


def moved(api):
    """A Linux in a new domain: its programs have not noticed."""
    vm = api.create("mover", 128, domain_type="pvh", **LINUX)
    api.call("VM.start", vm, False, False)
    wait_until(lambda: "suspend" in api.call("VM.get_allowed_operations", vm), 60)
    time.sleep(6)
    old, host = domid(api, vm), api.call("host.get_all")[0]
    name = api.call("host.get_name_label", host)
    r = subprocess.run(["xe", "vm-migrate", "vm=mover", f"host={name}", "live=true"], capture_output=True, text=True, timeout=120)
    check("xe vm-migrate to the host itself succeeds", (r.returncode, r.stderr), (0, ""))
    check("the guest runs in a new domain", (domid(api, vm) not in (-1, old), api.state(vm)), (True, "Running"))
    check("nothing is left of its saved memory", not os.path.exists(f"/var/lib/xapi-lite/suspend/{api.call('VM.get_uuid', vm)}"))
    check("a PVH guest has no device model", fault(api, "VM.restart_device_models", vm), "FEATURE_REQUIRES_HVM")
    check("it has no plugins", fault(api, "VM.call_plugin", vm, "p", "f", {}), "VM_LACKS_FEATURE")
    check("and is no system domain", fault(api, "VM.query_services", vm), "NOT_SYSTEM_DOMAIN")
    check("it shuts down cleanly after that", wait_until(lambda: "clean_shutdown" in api.call("VM.get_allowed_operations", vm)))
    api.call("VM.clean_shutdown", vm)
    check("the move cannot be made while it is halted", fault(api, "VM.pool_migrate", vm, host, {}), "VM_BAD_POWER_STATE")
    api.call("VM.destroy", vm)


def main(api):
    begun = time.time()
    again = crasher(api, "again", "restart")
    dumped = crasher(api, "dumped", "coredump_and_restart", domain_type="pv", **STUBS["pv"])
    kept = crasher(api, "keeper", "preserve")
    young = crasher(api, "young", "restart")
    crash(api, young)
    check("one that crashes at once is not started again", halted(api, young))
    preserved(api, kept)
    moved(api)
    time.sleep(max(0, 32 - (time.time() - begun)))
    old = crash(api, again)
    check("restart: a new domain", renewed(api, again, old))
    old = crash(api, dumped)
    check("coredump_and_restart: a new domain, even of a guest without a map of its memory", renewed(api, dumped, old))
    check("of which there is no core, nor part of one", os.listdir(CORES), [])
    check("restart keeps nothing", core(api, again), None)
    api.call("VM.hard_shutdown", kept)
    check("hard_shutdown ends the preserved one", (api.state(kept), "keeper" in xl("list").stdout), ("Halted", False))
    for vm in again, dumped, kept, young:
        if api.state(vm) != "Halted":
            api.call("VM.hard_shutdown", vm)
        api.call("VM.destroy", vm)


def cores(api):
    """The memory of a Linux, which takes a minute or two to write."""
    vm = crasher(api, "dumped", "coredump_and_restart", 128, domain_type="pv", **LINUX)
    time.sleep(32)
    old = domid(api, vm)
    panic(api, vm)
    check("coredump_and_restart: a new domain",
          wait_until(lambda: domid(api, vm) not in (-1, old) and api.state(vm) == "Running", 300))
    path = core(api, vm)
    check("the memory of the old one is kept, for root only",
          path and (os.stat(path).st_mode & 0o777, os.stat(path).st_size >> 20), (0o600, 128))
    with open(path, "rb") as f:
        check("as an ELF core", f.read(4), b"\x7fELF")
    api.call("VM.hard_shutdown", vm)
    api.call("VM.destroy", vm)
    check("with the record its core goes", os.listdir(CORES), [])


if __name__ == "__main__":
    cores(Api()) if sys.argv[1:] == ["cores"] else main(Api())
