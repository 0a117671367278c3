"""Runs a command in Dom0 through the agent: the host's end of agent.c.

Imports only what starts quickly: `lab run` is called thousands of times.
"""
import fcntl
import os
import select
import signal
import socket
import struct
import sys
import time

PORTS = 8
MAX_PAYLOAD = 16384
STDIN_WINDOW = 65536
# QEMU without KVM loses an interrupt now and then: leaving an HVM guest, its
# processor's thread clears a bit of the pending ones without the lock, and
# undoes what a timer sets in that moment. Xen then sleeps until some other
# interrupt comes. While a command is silent, a filler byte is one.
BEAT_S = 0.5
FILLER = b"\0"
HELLO_S = 10  # an agent that lives answers within this time
EXIT_TIMEOUT = 124
EXIT_LAB = 125


class LabError(Exception):
    """A failure of the lab itself, not of a command in it."""


def frame(kind, data=b""):
    return kind + struct.pack("<I", len(data)) + data


class Port:
    """One agent port, held with a file lock until close()."""

    def __init__(self, folder, why_dead, wait_s=120):
        self.why_dead = why_dead
        self.lock = _lock_any(folder, wait_s)
        self.sock = socket.socket(socket.AF_UNIX)
        try:
            self.sock.connect("%s/agent.%d" % (folder, self.lock[1]))
        except OSError as e:
            raise LabError(why_dead() or "agent port: %s" % e) from None
        self.buf = b""
        self._hello(time.monotonic() + HELLO_S)

    def _hello(self, limit):
        """Says hello until the agent echoes the nonce; drops older output."""
        nonce = os.urandom(16)
        hello = bytes(MAX_PAYLOAD + 8) + frame(b"R", nonce)
        want = frame(b"H", nonce)
        self.sock.sendall(hello)
        while want not in self.buf:
            self._fill(limit, "the agent in Dom0 does not answer")
        self.buf = self.buf.split(want, 1)[1]

    def _fill(self, limit, complaint):
        left = limit - time.monotonic()
        ready = left > 0 and select.select([self.sock], [], [], left)[0]
        if not ready:
            raise LabError(self.why_dead() or complaint)
        self._read()

    def _read(self):
        try:
            data = self.sock.recv(1 << 17)
        except ConnectionError:
            data = b""
        if not data:
            raise LabError(self.why_dead() or "the lab closed the connection")
        self.buf += data

    def frames(self):
        """The whole frames received so far."""
        at = 0
        while len(self.buf) - at >= 5:
            size = struct.unpack_from("<I", self.buf, at + 1)[0]
            if len(self.buf) - at < 5 + size:
                break
            yield self.buf[at:at + 1], self.buf[at + 5:at + 5 + size]
            at += 5 + size
        self.buf = self.buf[at:]

    def send(self, kind, data=b""):
        self.sock.sendall(frame(kind, data))

    def close(self):
        self.sock.close()
        os.close(self.lock[0])


def _lock_any(folder, wait_s):
    """(fd, number) of the first free port; waits while all are busy."""
    limit = time.monotonic() + wait_s
    while True:
        for n in range(PORTS):
            fd = os.open("%s/agent.%d.lock" % (folder, n),
                         os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return fd, n
            except BlockingIOError:
                os.close(fd)
        if time.monotonic() > limit:
            raise LabError("all %d agent ports are busy for %d s: too many "
                           "commands at once" % (PORTS, wait_s))
        time.sleep(0.02)


class Run:
    """One command. Streams are file descriptors, or None to collect."""

    def __init__(self, port, argv, env=(), tty=None, timeout=120,
                 stdin=None, out=None, err=None):
        self.port, self.timeout, self.tty = port, timeout, tty
        self.stdin, self.out, self.err = stdin, out, err
        self.collected = {b"o": bytearray(), b"E": bytearray()}
        self.window = STDIN_WINDOW
        self.code = self.failure = None
        self.timed_out = False
        self.on_input = None  # shell: bytes -> bytes, or None: was dealt with
        rows, cols = tty or (0, 0)
        words = [os.fsencode(w) + b"\0" for w in (*env, "", *argv)]
        data = b"".join(words)
        for at in range(0, len(data), MAX_PAYLOAD):
            port.send(b"A", data[at:at + MAX_PAYLOAD])
        port.send(b"X", struct.pack("<BHH", bool(tty), rows, cols))
        if stdin is None:
            port.send(b"e")

    def wait(self):
        """The exit status; 124 when the time was up."""
        started = time.monotonic()
        limit = started + self.timeout if self.timeout else None
        while self.code is None:
            now = time.monotonic()
            if limit and now >= limit:
                if self.timed_out:
                    raise LabError(self.port.why_dead() or
                                   "the agent does not report the end of a "
                                   "command that was killed")
                self.timed_out, limit = True, now + 10
                self.port.send(b"k", struct.pack("<I", signal.SIGTERM))
            self._turn(limit - now if limit else 60)
        return EXIT_TIMEOUT if self.timed_out else self.code

    def _turn(self, wait_s):
        fds = [self.port.sock]
        if self.stdin is not None and self.window > 0:
            fds.append(self.stdin)
        try:
            ready = select.select(fds, [], [], max(0, min(wait_s, BEAT_S)))[0]
        except InterruptedError:
            return
        if not ready:
            self.port.sock.sendall(FILLER)
        if self.port.sock in ready:
            self.port._read()
            self._frames()
        if self.stdin in ready:
            self._feed()

    def _feed(self):
        data = os.read(self.stdin, min(self.window, MAX_PAYLOAD))
        if data and self.on_input:
            data = self.on_input(data)
            if data is None:
                return
        if not data:
            self.stdin = None
            self.port.send(b"e")
            return
        self.window -= len(data)
        self.port.send(b"i", data)

    def _frames(self):
        for kind, data in self.port.frames():
            if kind == b"x":
                self.code = struct.unpack("<i", data)[0]
            elif kind == b"a":
                self.window += struct.unpack("<I", data)[0]
            elif kind == b"f":
                self.failure = data.decode("utf-8", "replace")
            elif kind in self.collected:
                self._output(kind, data)

    def _output(self, kind, data):
        fd = self.out if kind == b"o" else self.err
        if fd is None:
            self.collected[kind] += data
            return
        while data:
            data = data[os.write(fd, data):]

    @property
    def stdout(self):
        return bytes(self.collected[b"o"])

    @property
    def stderr(self):
        return bytes(self.collected[b"E"])
