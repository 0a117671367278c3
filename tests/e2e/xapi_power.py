"""Clean and forced ends of PV, PVH and HVM guests through XenAPI, what follows them, and measurements; inside Dom0."""
import subprocess
import sys
import time

sys.path.insert(0, "/root")
from xapi_vm import LINUX, MIB, Api, check, fault, kill_service, wait_until  # noqa: E402

STUBS = {"pv": {"PV_kernel": "/srv/guests/stub-pv"}, "pvh": {"PV_kernel": "/srv/guests/stub-pvh"}}


def xl(*words):
    return subprocess.run(["xl", *words], capture_output=True, text=True, timeout=60)


def domid(api, vm):
    return api.call("VM.get_domid", vm)


def listens(api, vm):
    return wait_until(lambda: "clean_shutdown" in api.call("VM.get_allowed_operations", vm), 60)


def renewed(api, vm, old):
    return wait_until(lambda: domid(api, vm) not in (-1, old) and api.state(vm) == "Running", 60)


def halted(api, vm):
    return wait_until(lambda: api.state(vm) == "Halted", 60)


def ends(api, kind):
    vm = api.create(f"power-{kind}", 8, domain_type=kind, **STUBS[kind])
    api.call("VM.start", vm, False, False)
    check(f"{kind}: the guest listens", listens(api, vm))
    first, metrics = domid(api, vm), api.call("VM.get_metrics", vm)
    begun = api.call("VM_metrics.get_start_time", metrics)
    time.sleep(1)
    api.call("VM.clean_reboot", vm)
    second = domid(api, vm)
    check(f"{kind}: clean_reboot ends with a new domain that runs", (second != first, api.state(vm)), (True, "Running"))
    check(f"{kind}: and with a new start time", api.call("VM_metrics.get_start_time", metrics) != begun)
    api.call("VM.hard_reboot", vm)
    check(f"{kind}: hard_reboot, too", domid(api, vm) not in (-1, second))
    check(f"{kind}: it listens again", listens(api, vm))
    api.call("VM.clean_shutdown", vm)
    check(f"{kind}: clean_shutdown ends with a halted VM", (api.state(vm), domid(api, vm)), ("Halted", -1))
    return vm


def actions(api, vm, name):
    """What the guest's own end is followed by; xl asks it, as the guest itself could."""
    api.call("VM.set_actions_after_shutdown", vm, "restart")
    api.call("VM.start", vm, False, False)
    listens(api, vm)
    old = domid(api, vm)
    xl("shutdown", name)
    check("actions_after_shutdown=restart starts it again", renewed(api, vm, old))
    api.call("VM.set_actions_after_shutdown", vm, "destroy")
    listens(api, vm)
    xl("shutdown", name)
    check("actions_after_shutdown=destroy halts it", halted(api, vm))
    api.call("VM.set_actions_after_reboot", vm, "destroy")
    api.call("VM.start", vm, False, False)
    listens(api, vm)
    xl("reboot", name)
    check("actions_after_reboot=destroy halts it", halted(api, vm))
    api.call("VM.set_actions_after_reboot", vm, "restart")
    api.call("VM.start", vm, False, False)
    listens(api, vm)
    old = domid(api, vm)
    xl("reboot", name)
    check("actions_after_reboot=restart starts it again", renewed(api, vm, old))


def crash(api):
    """The stub crashes when it is told to."""
    vm = api.create("crasher", 8, domain_type="pvh", **STUBS["pvh"])
    api.call("VM.start", vm, False, False)
    listens(api, vm)
    subprocess.run(["xenstore-write", f"/local/domain/{domid(api, vm)}/control/shutdown", "crash"], timeout=30)
    check("a crash with actions_after_crash=destroy halts it", halted(api, vm))
    return vm


def restarted(api, vm):
    """The running guest of `actions` and a suspended one."""
    linux = api.create("sleeper", 128, domain_type="pvh", **LINUX)
    api.call("VM.start", linux, False, False)
    wait_until(lambda: "suspend" in api.call("VM.get_allowed_operations", linux), 60)
    time.sleep(5)
    api.call("VM.suspend", linux)
    before = {k: api.call(f"VM.get_{k}", vm) for k in ("domid", "power_state", "uuid", "metrics", "resident_on")}
    api = kill_service()
    after = {k: api.call(f"VM.get_{k}", vm) for k in before}
    check("a service killed and started again disturbs no guest", after, before)
    check("and knows the suspended one", api.state(linux), "Suspended")
    api.call("VM.resume", linux, False, False)
    check("which resumes", api.state(linux), "Running")
    api.call("VM.clean_shutdown", linux)
    check("and shuts down cleanly after that", api.state(linux), "Halted")
    api.call("VM.destroy", linux)
    return api


def measured(api, vm):
    host = api.call("host.get_all")[0]
    names = {d["name_label"] for d in api.call("VM.get_data_sources", vm)}
    check("a running guest has data sources", {"memory", "cpu_usage"} <= names)
    check("its memory is measured", 4 * MIB < api.call("VM.query_data_source", vm, "memory") <= 16 * MIB)
    usage = api.call("VM.query_data_source", vm, "cpu_usage")
    check("and its CPU usage", 0 <= usage <= 1.2)
    check("the host's are", api.call("host.query_data_source", host, "running_domains") >= 2)
    api.call("VM.wait_memory_target_live", vm)
    check("its memory target is reached", True)
    pci = api.call("PCI.get_all_records").values()
    check("the host's PCI devices are records", any(p["class_name"] == "Host bridge" or p["pci_id"] for p in pci))
    api.call("host.sync_data", host)
    metrics = api.call("host.get_metrics", host)
    time.sleep(6)  # the figure is that of a sample, every five seconds
    free = api.call("host_metrics.get_memory_free", metrics)
    big = api.create("big", 256, domain_type="pvh", **STUBS["pvh"])
    api.call("VM.start", big, False, False)
    check("host_metrics.memory_free follows",
          wait_until(lambda: api.call("host_metrics.get_memory_free", metrics) < free - 200 * MIB, 30))
    api.call("VM.hard_shutdown", big)
    api.call("VM.destroy", big)


def hvm_of_xl(api):
    """An HVM guest of xl, in its firmware."""
    subprocess.run(["xl", "create", "-q", "/etc/xen/hvm-linux.cfg"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=120)  # its monitor keeps the outputs open
    check("an HVM guest of xl is found", wait_until(lambda: bool(api.call("VM.get_by_name_label", "hvm-linux")), 60))
    vm = api.call("VM.get_by_name_label", "hvm-linux")[0]
    check("as HVM", api.call("VM.get_domain_type", vm), "hvm")
    wait_until(lambda: api.state(vm) == "Running")
    check("a hard reboot is xl's affair", fault(api, "VM.hard_reboot", vm) != "no fault")
    api.call("VM.hard_shutdown", vm)
    check("hard_shutdown ends it", wait_until(lambda: "hvm-linux" not in xl("list").stdout, 60))


def boots(api, vm):
    """Looks seldom: the machine has better to do."""
    end = time.time() + 360
    while time.time() < end:
        if "clean_shutdown" in api.call("VM.get_allowed_operations", vm):
            return True
        time.sleep(3)
    return False


def hvm_of_ours(api):
    """The same Linux from a record, with its CD in a drive."""
    host = api.call("host.get_all")[0]
    sr = api.call("SR.create", host, {"location": "/srv/guests", "legacy_mode": "true"}, 0, "isos", "", "iso", "iso",
                  False, {})
    cd = api.call("VDI.get_by_name_label", "linux.iso")[0]
    vm = api.create("hvm-own", 256, HVM_boot_policy="BIOS order", HVM_boot_params={"order": "d"}, domain_type="hvm",
                    platform={"vga": "none", "acpi": "true", "apic": "true", "pae": "true", "usb": "false"})
    api.call("VBD.create", {"VM": vm, "VDI": cd, "userdevice": "3", "bootable": True, "mode": "RO", "type": "CD",
                            "empty": False, "other_config": {}, "qos_algorithm_type": "", "qos_algorithm_params": {}})
    api.call("VM.start", vm, False, False)
    check("an HVM guest of a record starts", api.state(vm), "Running")
    check("while its firmware runs it does not listen", "clean_shutdown" not in api.call("VM.get_allowed_operations", vm))
    check("and is not asked to reboot", fault(api, "VM.clean_reboot", vm), "VM_LACKS_FEATURE")
    check("once its Linux is up it listens", boots(api, vm))
    old = domid(api, vm)
    api.call("VM.clean_reboot", vm)
    check("clean_reboot ends with a new domain", (domid(api, vm) not in (-1, old), api.state(vm)), (True, "Running"))
    check("which boots", boots(api, vm))
    api.call("VM.clean_shutdown", vm)
    check("clean_shutdown ends with a halted VM", (api.state(vm), domid(api, vm)), ("Halted", -1))
    names = [m["name"] for m in api.call("message.get", "VM", api.call("VM.get_uuid", vm), "19700101T00:00:00Z").values()]
    check("messages tell of all that", sorted(names), ["VM_REBOOTED", "VM_SHUTDOWN", "VM_STARTED"])
    api.call("VM.destroy", vm)
    for pbd in api.call("SR.get_PBDs", sr):
        api.call("PBD.unplug", pbd)
    api.call("SR.forget", sr)


def hvm(api):
    hvm_of_xl(api)
    hvm_of_ours(api)


def main(api):
    api.call("VM.destroy", ends(api, "pv"))
    guest = ends(api, "pvh")
    actions(api, guest, "power-pvh")
    api = restarted(api, guest)
    measured(api, guest)
    api.call("VM.hard_shutdown", guest)
    check("hard_shutdown", api.state(guest), "Halted")
    check("an operation of another state is refused", fault(api, "VM.pause", guest), "VM_BAD_POWER_STATE")
    for one in guest, crash(api):
        api.call("VM.destroy", one)


if __name__ == "__main__":
    hvm(Api()) if sys.argv[1:] == ["hvm"] else main(Api())
