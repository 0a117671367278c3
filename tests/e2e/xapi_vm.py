"""VM life over JSON-RPC on the local socket, inside Dom0; prints ok / not ok lines."""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

MIB = 1 << 20
STUB = {"PV_kernel": "/srv/guests/stub-pv", "domain_type": "pv"}
LINUX = {"PV_kernel": "/srv/guests/vmlinux", "PV_ramdisk": "/srv/guests/initrd",
         "PV_args": "console=hvc0 quiet"}


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/var/lib/xcp/xapi")


class Fault(Exception):
    pass


class Api:
    def __init__(self):
        for _ in range(150):
            try:
                self.connection = Connection("localhost", timeout=300)
                self.session = self.rpc("session.login_with_password", "root", "")
                return
            except OSError:
                time.sleep(0.2)
        sys.exit("the service does not answer")

    def rpc(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1})
        self.connection.request("POST", "/jsonrpc", body)
        answer = json.loads(self.connection.getresponse().read())
        if "error" in answer:
            raise Fault(answer["error"]["message"], *answer["error"]["data"])
        return answer["result"]

    def call(self, method, *params):
        return self.rpc(method, self.session, *params)

    def create(self, name, memory, **fields):
        record = {"name_label": name, "memory_static_min": 8 * MIB, "VCPUs_max": 1,
                  "memory_dynamic_min": memory * MIB, "memory_dynamic_max": memory * MIB,
                  "memory_static_max": memory * MIB, "VCPUs_at_startup": 1,
                  "actions_after_shutdown": "destroy", "actions_after_reboot": "restart",
                  "actions_after_crash": "destroy"}
        return self.call("VM.create", {**record, **fields})

    def state(self, vm):
        return self.call("VM.get_power_state", vm)

    def finish(self, task, limit=120):
        end = time.time() + limit
        while time.time() < end:
            status = self.call("task.get_status", task)
            if status not in ("pending", "cancelling"):
                return status
            time.sleep(0.1)
        return "no end"


def check(name, got, want=True):
    print(f"ok {name}" if got == want else f"not ok {name} - got {got!r}, wanted {want!r}")
    sys.stdout.flush()


def fault(api, method, *params):
    try:
        api.call(method, *params)
    except Fault as error:
        return error.args[0]
    return "no fault"


def wait_until(condition, limit=30):
    end = time.time() + limit
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def domains():
    text = subprocess.run(["xl", "list"], capture_output=True, text=True, check=True).stdout
    return [line[:40].strip() for line in text.splitlines()[2:]]


def kill_service():
    pid = int(open("/tmp/xapi-lite.pid").read())
    os.kill(pid, signal.SIGKILL)
    child = subprocess.Popen(["setsid", "xapi-lite", "--config", "/dev/null"],
                             stdout=open("/tmp/xapi-lite.log", "a"), stderr=subprocess.STDOUT)
    open("/tmp/xapi-lite.pid", "w").write(str(child.pid))
    return Api()


def checkpoint(api):
    vm = api.create("keeper", 128, domain_type="pv", **LINUX)
    api.call("VM.start", vm, False, False)
    check("a checkpoint waits for a guest that listens", wait_until(
        lambda: "suspend" in api.call("VM.get_allowed_operations", vm)))
    time.sleep(8)
    snapshot = api.call("VM.checkpoint", vm, "before")
    check("the guest runs on after a checkpoint", api.state(vm), "Running")
    check("the checkpoint is suspended", api.state(snapshot), "Suspended")
    api.call("VM.revert", snapshot)
    check("revert brings the suspended guest back", api.state(vm), "Suspended")
    api.call("VM.resume", vm, False, False)
    check("which resumes", api.state(vm), "Running")
    api.call("VM.hard_shutdown", vm)
    api.call("VM.destroy", snapshot)
    api.call("VM.destroy", vm)


def appliance(api):
    group = api.call("VM_appliance.create", {"name_label": "app", "name_description": ""})
    vms = [api.create("twin", 8, **STUB) for _ in range(4)]
    for vm in vms:
        api.call("VM.set_appliance", vm, group)
    task = api.call("Async.VM_appliance.start", group, False)
    check("an appliance starts its VMs", api.finish(task), "success")
    check("guests of one name are told apart in xl list", len(set(domains())), 4)
    task = api.call("Async.VM_appliance.clean_shutdown", group)
    check("and shuts them down", api.finish(task), "success")
    check("so that none is left", domains(), [])
    for vm in vms:
        api.call("VM.destroy", vm)


def device_model(api):
    vm = api.create("box", 32, domain_type="hvm", HVM_boot_policy="BIOS order")
    api.call("VM.start", vm, False, False)
    kinds = {r["protocol"] for r in api.call("console.get_all_records").values() if r["VM"] == vm}
    check("an HVM guest has a screen and a serial line", kinds, {"rfb", "vt100"})
    check("without drivers in the guest it cannot be rebooted cleanly", fault(api, "VM.clean_reboot", vm),
          "VM_LACKS_FEATURE")
    task = api.call("Async.VM.clean_shutdown", vm)
    time.sleep(1)
    check("another operation is refused meanwhile", fault(api, "VM.pause", vm),
          "OTHER_OPERATION_IN_PROGRESS")
    api.call("task.cancel", task)
    check("a clean shutdown nobody answers is cancelled", api.finish(task), "cancelled")
    api.call("VM.hard_shutdown", vm)
    check("its device model ends with it", wait_until(lambda: domains() == []))
    api.call("VM.destroy", vm)


def killed(api):
    vms = [api.create("half", 8, **STUB) for _ in range(3)]
    for vm in vms:
        api.call("Async.VM.start", vm, False, False)
    time.sleep(0.7)
    api = kill_service()
    time.sleep(2)
    running = [vm for vm in vms if api.state(vm) != "Halted"]
    check("a service killed while it starts guests leaves none half built",
          len(domains()), len(running))
    for vm in vms:
        if api.state(vm) != "Halted":
            api.call("VM.hard_shutdown", vm)
        api.call("VM.destroy", vm)
    return api


if __name__ == "__main__":
    service = Api()
    appliance(service)
    device_model(service)
    checkpoint(service)
    killed(service)
