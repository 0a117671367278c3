"""Which acceleration works here. An openable /dev/kvm proves nothing."""
import os


def choose():
    asked = os.environ.get("LAB_ACCEL")
    if asked:
        return asked
    return "tcg"
