#!/bin/bash
# Three exercises of xen-practice solved by their own solutions; `make test-practice` solves all of them.
# timeout: 240
. tests/practice/lib.sh
solve -q 3 41 53
