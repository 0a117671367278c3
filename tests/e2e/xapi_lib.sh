# Helpers of the xapi*.sh scripts, above xl_lib.sh: a xapi-lite in Dom0.
# shellcheck shell=bash disable=SC1091
. tests/e2e/xl_lib.sh

# Starts the service in Dom0, with an empty database unless it is called with "keep".
service_up() {
    [ "$1" = keep ] || dom0 'rm -rf /var/lib/xapi-lite'
    "$LAB" put configs/pam/xapi-lite /etc/pam.d/xapi-lite
    dom0 'mkdir -p /usr/local/share/xapi-lite'
    "$LAB" put configs/xapi-lite/* /usr/local/share/xapi-lite/ 2>/dev/null
    dom0 'nohup xapi-lite --config /dev/null --tcp-port=80 --login-delay=0 '"$SERVICE_ARGS"' >>/tmp/xapi-lite.log 2>&1 </dev/null &
          echo $! >/tmp/xapi-lite.pid'
    wait_for 60 dom0 'xe host-list --minimal'
}
service_down() { dom0 'kill $(cat /tmp/xapi-lite.pid); for i in $(seq 100); do kill -0 $(cat /tmp/xapi-lite.pid) 2>/dev/null || exit 0; sleep 0.1; done; exit 1'; }
service_kill() { dom0 'kill -9 $(cat /tmp/xapi-lite.pid)'; }

xe() { dom0 "xe $*"; }
state_is() { [ "$(xe "vm-param-get uuid=$1 param-name=power-state")" = "$2" ]; }
