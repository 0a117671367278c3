"""Real and pretended xenstored for tests of the XenStore tools on any machine."""
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
HERE = os.path.dirname(os.path.abspath(__file__))
LIBEXEC = "/usr/lib/xen-4.17/bin"


def originals():
    """(folder of the original tools, xenstored, library folder), or None where Debian cannot be reached."""
    env = {**os.environ, "BUILD": os.path.dirname(BUILD) if os.path.basename(BUILD) in ("asan", "clang") else BUILD}
    r = subprocess.run([f"{HERE}/originals.sh", "xenstore-utils", "xen-utils-4.17", "libxenstore4"],
                       capture_output=True, text=True, env=env)
    top = r.stdout.strip()
    if r.returncode or not os.path.exists(f"{top}{LIBEXEC}/xenstored"):
        return None
    return f"{top}/usr/bin", f"{top}{LIBEXEC}/xenstored", f"{top}/usr/lib/x86_64-linux-gnu"


def build_shim():
    shim = f"{BUILD}/xenstored_shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
                    "-o", shim, f"{HERE}/xenstored_shim.c"], check=True)
    return shim


class Store:
    """A xenstored in a folder of its own."""

    def __init__(self, xenstored, shim):
        self.dir = tempfile.mkdtemp(prefix="xs-")
        self.env = {**os.environ, "XENSTORED_RUNDIR": self.dir}
        self.log = open(f"{self.dir}/log", "wb")
        self.process = subprocess.Popen(
            [xenstored, "-N"], env={**self.env, "LD_PRELOAD": shim, "ASAN_OPTIONS": ""}, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)
        end = time.time() + 10
        while not os.path.exists(f"{self.dir}/socket") and time.time() < end:
            time.sleep(0.01)

    def run(self, *command, timeout=20, **kw):
        """(exit code, stdout, stderr) of a program that uses this store."""
        r = subprocess.run([os.fsencode(c) if isinstance(c, str) else c for c in command], env=self.env,
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, **kw)
        return r.returncode, r.stdout, r.stderr

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Pretender:
    """A server on a xenstored socket that answers as a test wants: answer(type, id, tx, payload) returns bytes to
    send, or None to close the connection; `last` closes behind the first answer, `piece` sends so many bytes a
    time."""

    def __init__(self, answer, piece=None, last=False):
        self.dir = tempfile.mkdtemp(prefix="xs-")
        self.env = {**os.environ, "XENSTORED_RUNDIR": self.dir}
        self.answer, self.piece, self.last = answer, piece, last
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(f"{self.dir}/socket")
        self.socket.listen(8)
        self.acceptor = threading.Thread(target=self.accept, daemon=True)
        self.acceptor.start()

    run = Store.run

    def accept(self):
        while True:
            try:
                c, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(c,), daemon=True).start()

    def serve(self, c):
        f = c.makefile("rb")
        try:
            while len(head := f.read(16)) == 16:
                kind, req, tx, size = struct.unpack("<IIII", head)
                reply = self.answer(kind, req, tx, f.read(size))
                if reply is None:
                    break
                step = self.piece or max(len(reply), 1)
                for at in range(0, len(reply), step):
                    c.sendall(reply[at:at + step])
                if self.last:
                    break
        except OSError:
            pass
        c.close()

    def stop(self):
        # the thread ends before its descriptor is free: it would else accept for the next server with that number
        self.socket.shutdown(socket.SHUT_RDWR)
        self.acceptor.join(10)
        self.socket.close()
        shutil.rmtree(self.dir, ignore_errors=True)


(CONTROL, DIRECTORY, READ, GET_PERMS, WATCH, UNWATCH, TX_START, TX_END, WRITE, RM, SET_PERMS, EVENT, ERROR, PART) = (
    0, 1, 2, 3, 4, 5, 6, 7, 11, 13, 14, 15, 16, 20)


def message(kind, req, tx, payload):
    return struct.pack("<IIII", kind, req, tx, len(payload)) + payload


def error(req, tx, name):
    return message(ERROR, req, tx, name.encode() + b"\0")
