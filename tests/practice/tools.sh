#!/bin/bash
# Exercises: weights, saving, monitoring, XenStore, boot parameters, xm.
# timeout: 600
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 27 29) $(numbers 31 39) 41 42
