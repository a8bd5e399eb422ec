"""Exact and certified spectra of neural tangent kernels on the sphere.

>>> import hinf
>>> s = hinf.spectrum("two-layer:bias=true", dim=2, degrees=range(4))
>>> s[0].decimal
'0.15625'

`Kernel` is a kernel on numpy arrays; `spectrum` its eigenvalues. Every command of the command line is a function of the same name
(`null_space`, `verify`, `train`, ...), whose keyword arguments are named as the flags and whose report has the fields of its JSON.
`hinf.network` puts networks together; `hinf.sklearn` has a kernel for Gaussian processes.
"""

from __future__ import annotations

from typing import Any

from . import network
from ._commands import (
    check,
    collect,
    curve,
    formula,
    gram,
    kernels,
    null_space,
    plan,
    sample,
    sweep,
    table,
    train,
    validate,
    verify,
)
from ._errors import HinfError
from ._experiments import experiment
from ._hinf import __version__
from ._kernel import Kernel
from ._reports import Record, Report
from ._spectrum import Eigenvalue, Spectrum, spectrum

__all__ = [
    "Eigenvalue",
    "HinfError",
    "Kernel",
    "Record",
    "Report",
    "Spectrum",
    "__version__",
    "check",
    "collect",
    "curve",
    "experiment",
    "formula",
    "gram",
    "kernels",
    "network",
    "null_space",
    "plan",
    "sample",
    "spectrum",
    "sweep",
    "table",
    "train",
    "validate",
    "verify",
]


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: it needs scikit-learn.
    if name == "sklearn":
        import importlib

        return importlib.import_module("hinf.sklearn")
    raise AttributeError(f"module 'hinf' has no attribute {name!r}")
