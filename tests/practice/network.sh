#!/bin/bash
# Exercises: networking.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 15 18)
