"""The verbs of `lab` and their options."""
import os
import signal
import sys

from . import paths
from .client import EXIT_LAB, EXIT_TIMEOUT, LabError, Run
from .machine import ENV, Machine

HELP = """\
usage: lab VERB [options]

  build               make the Dom0 image (cached; rebuilt when inputs change)
  sysroot             print the folder with the headers and libraries of
                      --suite SUITE, to compile against (cached)
  up [options]        start Dom0, from a saved state when one fits
      --hosts N         N Dom0s that share a network (host1, host2, ...)
      --mem MB --dom0-mem MB --cpus N      the machine (3072, 1280, 1)
      --suite SUITE     the Debian of Dom0: bookworm (Xen 4.17), trixie (4.20)
      --xen-args ARGS   more arguments for Xen
      --disk SIZE       an empty disk, e.g. 2G; may be given several times
      --with FLAVOUR    a state with guests in it: hvm (an HVM Linux at its
                        prompt), hundred (100 stub guests)
      --pci             a PCI device to pass through (00:10.0), behind an
                        IOMMU; always boots
      --systemd         Dom0 is brought up by systemd, as on a real host
      --cold            boot, do not use a saved state
  run [options] -- COMMAND...
      --host K          in which Dom0 (default 1)
      --timeout S       seconds until the command is killed (120; 0: never)
                      stdin, stdout, stderr and exit status are the command's;
                      124: time was up; 125: the lab itself failed
  put FILE... TARGET  copy files or folders into Dom0 (--host K)
  get FILE... TARGET  copy files or folders out of Dom0 (--host K)
  shell               a terminal in Dom0 (Ctrl-] leaves)
  status [--all]      what runs; --logs: the paths of the log files
  down [--all]        end the lab; its files go, cached images stay

All verbs take --name NAME: several labs can run side by side (LAB_NAME).
Variables: LAB_ACCEL (tcg, kvm), LAB_BIN (programs to put into Dom0),
LAB_CACHE (images and states), LAB_RUN (sockets, disks and logs of labs),
LAB_SUITE (the suite of `up` and `build` without --suite).
"""


class Usage(LabError):
    pass


def options(words, spec):
    """(values, rest): spec is {option: type}; bool takes no value; a list
    collects. The rest begins at the first word that is no option."""
    values = {k: [] if t is list else None for k, t in spec.items()}
    at = 0
    while at < len(words) and words[at].startswith("--") and words[at] != "--":
        name, eq, value = words[at][2:].partition("=")
        kind = spec.get(name)
        at += 1
        if kind is None:
            raise Usage("unknown option --%s (lab help)" % name)
        if kind is bool:
            values[name] = True
            continue
        if not eq:
            if at >= len(words):
                raise Usage("--%s needs a value" % name)
            value, at = words[at], at + 1
        if kind is list:
            values[name].append(value)
            continue
        try:
            values[name] = kind(value)
        except ValueError:
            raise Usage("--%s: %r is no number" % (name, value)) from None
    if at < len(words) and words[at] == "--":
        at += 1
    return values, words[at:]


def _machine(o):
    m = Machine(o["name"] or paths.default_name(), o["host"] or 1)
    m.require()
    return m


SHAPE = {"mem": int, "cpus": int, "dom0-mem": int, "xen-args": str,
         "suite": str}


def _suite(o):
    suite = o["suite"] or paths.default_suite()
    if suite not in paths.suites():
        raise Usage("there is no suite %r; there are: %s" % (
            suite, ", ".join(paths.suites())))
    return suite


def _shape(o):
    """(the machine that the options ask for, its image)"""
    from . import accel, image, qemu
    suite = _suite(o)
    folder = image.image(suite)
    given = {k.replace("-", "_"): o[k] for k in SHAPE
             if o[k] is not None and k != "suite"}
    return qemu.Shape(accel=accel.choose(folder, suite), suite=suite,
                      pci=bool(o.get("pci")),
                      systemd=bool(o.get("systemd")), **given), folder


def cmd_build(words):
    from . import states
    o, _ = options(words, {"name": str, "with": str, **SHAPE})
    states.ensure(*_shape(o), o["with"] or "plain")
    return 0


def cmd_sysroot(words):
    from . import sysroot
    o, _ = options(words, {"suite": str})
    print(sysroot.sysroot(_suite(o)))
    return 0


def cmd_up(words):
    from . import updown
    o, rest = options(words, {"name": str, "hosts": int, "disk": list,
                              "cold": bool, "with": str, "pci": bool,
                              "systemd": bool, **SHAPE})
    if rest:
        raise Usage("up: what is %r? (lab help)" % rest[0])
    # QEMU cannot save the state of its IOMMU
    o["cold"] = o["cold"] or o["pci"]
    if o["cold"] and o["with"]:
        raise Usage("up: --with needs a saved state; --cold and --pci boot")
    name = o["name"] or paths.default_name()
    if updown.is_up(name):
        print("lab: %s is up already (lab down ends it)" % name,
              file=sys.stderr)
        return 0
    shape, image = _shape(o)
    updown.up(name, shape, image, o["hosts"] or 1, o["cold"],
              o["with"] or "plain", o["disk"])
    return 0


def cmd_run(words):
    o, rest = options(words, {"name": str, "host": int, "timeout": float})
    if not rest:
        raise Usage("run: which command? e.g. lab run -- xl list")
    from . import programs
    m = _machine(o)
    programs.sync(m)
    timeout = 120 if o["timeout"] is None else o["timeout"]
    port = m.port()
    run = Run(port, rest, ENV, timeout=timeout, stdin=_stdin(), out=1, err=2)
    code = run.wait()
    port.close()
    if run.failure:
        print("lab: cannot start %s" % run.failure, file=sys.stderr)
    if code == EXIT_TIMEOUT and run.timed_out:
        print("lab: killed after %g s: %s" % (timeout, " ".join(rest)),
              file=sys.stderr)
    return code


def _stdin():
    """Standard input, or None when it is closed or a terminal's."""
    try:
        return None if os.isatty(0) else (os.fstat(0), 0)[1]
    except OSError:
        return None


def cmd_put(words):
    from . import copy
    o, rest = options(words, {"name": str, "host": int})
    if len(rest) < 2:
        raise Usage("put FILE... TARGET")
    return copy.put(_machine(o), rest[:-1], rest[-1])


def cmd_get(words):
    from . import copy
    o, rest = options(words, {"name": str, "host": int})
    if len(rest) < 2:
        raise Usage("get FILE... TARGET")
    return copy.get(_machine(o), rest[:-1], rest[-1])


def cmd_shell(words):
    from . import programs, shell
    o, rest = options(words, {"name": str, "host": int})
    m = _machine(o)
    programs.sync(m)
    return shell.shell(m, ENV, rest)


def cmd_status(words):
    from . import updown
    o, _ = options(words, {"name": str, "all": bool, "logs": bool})
    names = updown.names() if o["all"] else [o["name"] or paths.default_name()]
    for name in names:
        lines = updown.logs(name) if o["logs"] else updown.status(name)
        print("\n".join(lines))
    return 0


def cmd_down(words):
    from . import updown
    o, _ = options(words, {"name": str, "all": bool})
    for name in updown.names() if o["all"] else \
            [o["name"] or paths.default_name()]:
        updown.down(name)
    return 0


def cmd_help(_words):
    print(HELP, end="")
    return 0


VERBS = {"build": cmd_build, "sysroot": cmd_sysroot, "up": cmd_up, "run": cmd_run, "put": cmd_put,
         "get": cmd_get, "shell": cmd_shell, "status": cmd_status,
         "down": cmd_down, "help": cmd_help, "--help": cmd_help,
         "-h": cmd_help}


class Ended(KeyboardInterrupt):
    """SIGTERM or SIGHUP: as with ^C, nothing half-done stays behind."""


def _ended(number, _frame):
    raise Ended(number)


def main(words):
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, _ended)
    try:
        if not words or words[0] not in VERBS:
            raise Usage("which verb? %s" % ", ".join(
                v for v in VERBS if v[0] != "-"))
        return VERBS[words[0]](words[1:])
    except LabError as e:
        print("lab: %s" % e, file=sys.stderr)
    except Ended as e:
        return 128 + e.args[0]
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    return EXIT_LAB
