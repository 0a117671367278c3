"""`lab shell`: a terminal in Dom0 through the agent."""
import os
import shutil
import signal
import sys
import termios
import time
import tty

from .client import LabError, Run

LEAVE = b"\x1d"  # Ctrl-]
GREETING = """\
This is Dom0 of a real Xen. Things to try first:
  xl info                        what Xen says about this machine
  xl create /etc/xen/pv.cfg      a Linux guest; pvh.cfg and hvm-boot.cfg too
  xl list                        who runs
  xl console pv                  its console (Ctrl-] leaves)
  xl shutdown -w pv              and its end
  ls /etc/xen                    more examples
The originals are in /usr/lib/xen-4.*/bin. Ctrl-] or `exit` leaves this shell;
the lab goes on until `tests/lab/lab down`."""


def shell(machine, env, command):
    """Runs bash (or `command`) on a terminal; its exit status."""
    if not (os.isatty(0) and os.isatty(1)):
        raise LabError("shell needs a terminal; use: lab run -- COMMAND")
    if not command:
        print(GREETING)
    port = machine.port()
    size = shutil.get_terminal_size()
    run = Run(port, command or ["bash", "-l"], env, timeout=0,
              tty=(size.lines, size.columns), stdin=0, out=1, err=2)
    run.on_input = Keys(port)
    signal.signal(signal.SIGWINCH, lambda *_: _resize(run))
    before = termios.tcgetattr(0)
    try:
        tty.setraw(0, termios.TCSANOW)  # keeps what was typed ahead
        code = run.wait()
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        port.close()
    print()
    if run.failure:
        print("lab: cannot start %s" % run.failure, file=sys.stderr)
    return code


class Keys:
    """Passes keys on. Ctrl-] alone asks the agent to leave, which it does when
    the shell is at its prompt; three in a row within a second always leave."""

    def __init__(self, port):
        self.port, self.times = port, []

    def __call__(self, data):
        if data != LEAVE:
            return data
        now = time.monotonic()
        self.times = [t for t in self.times if now - t < 1] + [now]
        self.port.send(b"l", b"!" if len(self.times) > 2 else b"")
        return None


def _resize(run):
    import struct
    size = shutil.get_terminal_size()
    run.port.send(b"w", struct.pack("<HH", size.lines, size.columns))
