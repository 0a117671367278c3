#!/bin/bash
# Exercises: architecture, guests, configuration.
# timeout: 600
. tests/practice/lib.sh
# shellcheck disable=SC2046
solve $(numbers 1 14)
