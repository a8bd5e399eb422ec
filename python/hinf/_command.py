"""The `hinf` command."""

from __future__ import annotations

import signal
import sys

from . import _hinf


def main() -> int:
    """Run the command line on the arguments of the process."""
    # The command ends on Ctrl-C as the binary does, not by a Python exception.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _hinf.command(["hinf", *sys.argv[1:]])
