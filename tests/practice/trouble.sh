#!/bin/bash
# Exercises: troubleshooting.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 50 59)
