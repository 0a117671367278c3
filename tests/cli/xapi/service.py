"""A xapi-lite without a hypervisor in a folder of its own, and small clients of it."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BIN = os.path.join(TOP, os.environ.get("BUILD", "build"), "bin")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Service:
    def __init__(self, *options):
        self.dir = tempfile.mkdtemp(prefix="xapi-")
        self.socket = f"{self.dir}/sock"
        self.port = free_port()
        self.options = options
        self.log = open(f"{self.dir}/log", "ab")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [f"{BIN}/xapi-lite", "--no-xen", "--config", "/dev/null", "--socket", self.socket,
             "--state-dir", f"{self.dir}/state", "--run-dir", f"{self.dir}/run", f"--tcp-port={self.port}",
             "--login-delay=0", *self.options], stderr=self.log)
        patience = int(os.environ.get("XAPI_START_S", "10"))
        for _ in range(patience * 200):
            try:
                self.connect().close()
                return
            except OSError:
                assert self.process.poll() is None, open(f"{self.dir}/log").read()
                time.sleep(0.005)
        raise AssertionError(f"the service does not answer within {patience} s")

    def stop(self, sig=15):
        self.process.send_signal(sig)
        return self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.dir)

    def connect(self, tcp=False):
        s = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX)
        s.settimeout(20)
        s.connect(("127.0.0.1", self.port) if tcp else self.socket)
        return s

    def rss_kib(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(next(line for line in f if line.startswith("VmRSS")).split()[1])

    def cpu_s(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def http(self, request, tcp=False):
        """Sends bytes, returns what comes until the end of the connection (or of the announced body)."""
        with self.connect(tcp) as s:
            s.sendall(request)
            return read_answer(s)

    def xe(self, *words, stdin=None, env=None):
        r = subprocess.run([f"{BIN}/xe", "-s", self.socket, *words], capture_output=True, text=True, timeout=60,
                           input=stdin if stdin is not None else "", env={**os.environ, "HOME": self.dir, **(env or {})})
        return r


def read_answer(s):
    """Head and body of one answer; without a length, what comes until the end of the connection."""
    data = bytearray()
    want = None
    while want is None or len(data) < want:
        try:
            more = s.recv(1 << 20)
        except ConnectionResetError:
            break
        if not more:
            break
        data += more
        end = data.find(b"\r\n\r\n") if want is None else -1
        if end >= 0:
            length = [int(line.split(b":")[1]) for line in bytes(data[:end]).lower().split(b"\r\n")
                      if line.startswith(b"content-length:")]
            want = end + 4 + length[0] if length else float("inf")
    return bytes(data)


class Client:
    """JSON-RPC over one kept connection."""

    def __init__(self, service, tcp=False, login=True):
        self.s = service.connect(tcp)
        self.session = None
        if login:
            self.session = self.call("session.login_with_password", "root", "")

    def send(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "id": 1,
                           "params": ([self.session] if self.session else []) + list(params)}).encode()
        self.s.sendall(b"POST /jsonrpc HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def receive(self):
        answer = json.loads(read_answer(self.s).partition(b"\r\n\r\n")[2])
        if "error" in answer:
            raise Fault([answer["error"]["message"], *answer["error"]["data"]])
        return answer["result"]

    def call(self, method, *params):
        self.send(method, *params)
        return self.receive()

    def call_1(self, method, *params):
        """By JSON-RPC 1.0; the result, or the list of the error."""
        body = json.dumps({"method": method, "id": "one", "params": [self.session, *params]}).encode()
        self.s.sendall(b"POST /jsonrpc HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = json.loads(read_answer(self.s).partition(b"\r\n\r\n")[2])
        assert answer["id"] == "one" and set(answer) == {"result", "error", "id"}, answer
        return answer["error"] or answer["result"]


class Fault(Exception):
    pass


def vm_record(name):
    return dict(name_label=name, name_description="", user_version=1, is_a_template=False, affinity="OpaqueRef:NULL",
                memory_static_max=1 << 28, memory_dynamic_max=1 << 28, memory_dynamic_min=1 << 27,
                memory_static_min=1 << 27, VCPUs_params={}, VCPUs_max=2, VCPUs_at_startup=1,
                actions_after_shutdown="destroy", actions_after_reboot="restart", actions_after_crash="restart",
                PV_bootloader="", PV_kernel="", PV_ramdisk="", PV_args="", PV_bootloader_args="", PV_legacy_args="",
                HVM_boot_policy="BIOS order", HVM_boot_params={"order": "cdn"}, platform={"acpi": "true"}, PCI_bus="",
                other_config={}, recommendations="")


class Report:
    failed = False

    def __call__(self, name, good, why=""):
        Report.failed |= not good
        print(f"ok {name}" if good else f"not ok {name} - {str(why)[:300]!r}", flush=True)

    def equal(self, name, got, want):
        self(name, got == want, f"got {got!r}, wanted {want!r}")
