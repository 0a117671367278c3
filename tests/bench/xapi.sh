#!/bin/bash
# xapi-lite with 1,000 VMs, each with 2 VBDs and a VIF; here, without Xen. There is no original to run beside it on
# Debian: the last column is the bound that the project has set itself.
. tests/bench/lib.sh
exec python3 tests/bench/xapi.py
