# Helper of the scripts with the npm package xen-api, beside xapi_lib.sh: the package in $work, the service's socket there.
# shellcheck shell=bash
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
    skip "XenAPI client from npm" "npm and node are not installed"
    exit 0
fi
work=$(mktemp -d)
trap 'kill $forward 2>/dev/null; rm -rf "$work"; exit $failed' EXIT
cp tests/e2e/xen-api/* "$work/"
if ! (cd "$work" && timeout 200 npm install --no-audit --no-fund >npm.log 2>&1); then
    sed 's/^/# /' "$work/npm.log" | tail -3
    skip "XenAPI client from npm" "the package could not be fetched"
    exit 0
fi

client_open() {
    # Dom0's socket, here: each connection is a process in Dom0 that copies bytes
    cat >"$work/forward.py" <<'PY'
import os, socket, subprocess, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(16)
COPY = ("import socket,sys,threading,os\ns=socket.socket(socket.AF_UNIX);s.connect('/var/lib/xcp/xapi')\n"
        "def up():\n while True:\n  d=os.read(0,65536)\n  if not d: s.shutdown(1);return\n  s.sendall(d)\n"
        "threading.Thread(target=up,daemon=True).start()\n"
        "while True:\n d=s.recv(65536)\n if not d: break\n os.write(1,d)\n")
while True:
    c, _ = s.accept()
    subprocess.Popen([os.environ["LAB"], "run", "--timeout", "0", "--", "python3", "-u", "-c", COPY], stdin=c, stdout=c)
    c.close()
PY
    python3 "$work/forward.py" "$work/sock" &
    forward=$!
    wait_for 5 test -S "$work/sock"
}
