"""The command beside the package, for what both must say alike."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

Command = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def command() -> Command:
    """The JSON of the command that was installed with the package."""
    program = Path(sys.executable).parent / "hinf"

    def run(*arguments: str) -> dict[str, Any]:
        done = subprocess.run([program, *arguments, "--format", "json"], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


@pytest.fixture
def points() -> npt.NDArray[np.float64]:
    return np.random.default_rng(1).standard_normal((40, 3))
