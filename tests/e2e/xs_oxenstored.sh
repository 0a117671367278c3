#!/bin/bash
# The XenStore tools on oxenstored, the xenstored of Debian's Dom0.
# timeout: 300
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/xs_common.sh"
contains "oxenstored runs" "oxenstored" "$(dom0 'ps -o comm= -p $(cat /run/xenstore.pid)')"
all_of_it oxenstored
