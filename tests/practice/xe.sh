#!/bin/bash
# Exercises: XAPI and xe.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 60 69)
