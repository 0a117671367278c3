#!/bin/bash
# Exercises: xl.cfg, xl.conf.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 10 14)
