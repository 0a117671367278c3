#!/bin/bash
# Exercises: monitoring, XenStore, boot parameters, xm.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 31 39) 41 42
