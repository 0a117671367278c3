"""put and get: files and folders between the host and Dom0, as tar."""
import os
import subprocess
import tempfile

from .client import LabError, Run

PUT = """umask 022; target=$1; shift
if [ $# = 1 ] && [ ! -d "$target" ]; then
    case $target in */) mkdir -p "$target" ;; esac
fi
if [ -d "$target" ]; then exec tar -x -C "$target"; fi
[ $# = 1 ] || { echo "$target is no folder in Dom0" >&2; exit 1; }
mkdir -p "$(dirname "$target")" && new=$(mktemp -d "$target.XXXXXX") &&
tar -x -C "$new" && mv -T "$new/$1" "$target"; code=$?
rm -rf "$new"; exit $code"""


def _base(path):
    return os.path.basename(os.path.abspath(path))


def put(machine, sources, target):
    args = ["tar", "-c", "--owner=0", "--group=0"]
    for path in sources:
        if not os.path.exists(path):
            raise LabError("%s: no such file" % path)
        args += ["-C", os.path.dirname(os.path.abspath(path)), _base(path)]
    sender = subprocess.Popen(args, stdout=subprocess.PIPE)
    port = machine.port()
    run = Run(port, ["sh", "-c", PUT, "put", target,
                     *(_base(p) for p in sources)],
              timeout=600, stdin=sender.stdout.fileno(), err=2)
    code = run.wait()
    port.close()
    sender.stdout.close()
    if sender.wait() or code:
        raise LabError("put failed")
    return 0


GET = """set -- "$@"; for f; do [ -e "$f" ] ||
{ echo "$f: no such file in Dom0" >&2; exit 1; }; done
for f; do printf -- '-C\\0%s\\0%s\\0' "$(dirname "$(readlink -m "$f")")" \
"$(basename "$(readlink -m "$f")")"; done | xargs -0 tar -c"""


def get(machine, sources, target):
    """To a folder when `target` is one, else one file or folder renamed."""
    into = os.path.isdir(target)
    if not into and len(sources) > 1:
        raise LabError("%s is no folder" % target)
    parent = target if into else os.path.dirname(os.path.abspath(target))
    if not os.path.isdir(parent):
        raise LabError("%s is no folder" % parent)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".lab-get-") as work:
        receiver = subprocess.Popen(["tar", "-x", "-C", work],
                                    stdin=subprocess.PIPE)
        port = machine.port()
        run = Run(port, ["sh", "-c", GET, "get", *sources], timeout=600,
                  out=receiver.stdin.fileno(), err=2)
        code = run.wait()
        port.close()
        receiver.stdin.close()
        if receiver.wait() or code:
            raise LabError("get failed")
        for entry in os.listdir(work):
            os.replace(os.path.join(work, entry), os.path.join(
                parent, entry if into else os.path.basename(target)))
    return 0
