#!/bin/bash
# VMs and disks to files and back, without Xen; the last column but one is twice the slower of cp and qemu-img convert.
. tests/bench/lib.sh
exec python3 tests/bench/xva.py
