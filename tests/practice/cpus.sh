#!/bin/bash
# Exercises that need two processors.
# lab: --cpus 2
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 25 26)
