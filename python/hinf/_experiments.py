"""Experiments: keyword arguments in, a report out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import _hinf
from ._arrays import labels, rows
from ._errors import HinfError, refused
from ._options import options as read, threads as number
from ._progress import watcher
from ._reports import KINDS, Report

if TYPE_CHECKING:
    import numpy as np
else:
    from ._lazy import np


@contextmanager
def _filed(given: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Puts arrays among the options into files while the experiment runs; what stands for each path in what it says."""
    # Where there are no rows, y is an option of the experiment's own.
    X, y = (given.pop("X"), given.pop("y", None)) if "X" in given else (None, None)
    arrays: dict[str, Any] = {}
    if X is not None and isinstance(X, (str, os.PathLike)):
        given["data"] = X
        X = None
    if y is not None and isinstance(y, (str, int)):
        given["label"] = y
        y = None
    if y is not None and X is None:
        raise refused("y", "labels without rows", "X beside them, an array (or the name of a column of the file data)")
    if X is not None:
        arrays["X"] = rows("X", X)
        if y is not None:
            arrays["y"] = labels(y)
    matrices = given.get("matrix")
    listed = list(matrices) if isinstance(matrices, (list, tuple)) else [matrices]
    listed = [matrices] if matrices is not None and not isinstance(matrices, str) and np.ndim(matrices) == 2 else listed
    kept = [matrix for matrix in listed if matrix is not None and not isinstance(matrix, (str, os.PathLike))]
    if not arrays and not kept:
        yield {}
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hinf-") as folder:
        names: dict[str, str] = {}
        if arrays:
            path = os.path.join(folder, "X.npz")
            np.savez(path, **arrays)
            names[path] = "X"
            given["data"] = path
            if "y" in arrays:
                given["label"] = "y"
        if kept:
            paths = []
            for i, matrix in enumerate(listed):
                if isinstance(matrix, (str, os.PathLike)):
                    paths.append(os.fspath(matrix))
                    continue
                path = os.path.join(folder, f"matrix-{i}.npy")
                np.save(path, rows("matrix", matrix))
                names[path] = "matrix" if len(listed) == 1 else f"matrix {i}"
                paths.append(path)
            given["matrix"] = paths
        yield names


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for path, name in names.items():
        text = text.replace(path, name)
    return text


def experiment(command: str, *, threads: object = None, quiet: bool = False, **given: Any) -> Report:
    """Run the experiment of this name; keyword arguments are named as the flags of `hinf COMMAND`.

    `X` and `y` are rows and labels as arrays, where the command takes a file of them.
    """
    with _filed(given) as names, watcher(command, quiet) as heard:
        try:
            report, passed = _hinf.call(command, json.dumps(read(given)), number(threads), heard)
        except HinfError as error:
            if not names:
                raise
            parts = (_renamed(text, names) for text in (str(error), error.subject, error.value, error.expected))
            raise HinfError(*parts) from None
    return KINDS.get(command, Report)(command, json.loads(_renamed(report, names)), passed)
