#!/bin/bash
# Exercises: storage.
# timeout: 1800
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 19 23)
