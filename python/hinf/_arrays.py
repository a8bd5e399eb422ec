"""Arrays as they come, or one line that says what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import refused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    _Floats = npt.NDArray[np.float64]
else:
    from ._lazy import np

_RIGHT = "a two-dimensional array of real numbers, one point a row"


def rows(name: str, given: Any) -> _Floats:
    """The rows of an array-like as float64; an array that is float64 already is not copied."""
    if isinstance(given, np.ma.MaskedArray) and np.ma.getmaskarray(given).any():
        raise refused(name, "masked entries", "numbers everywhere")
    if isinstance(given, (str, bytes, bytearray)) or given is None:
        raise refused(name, "None" if given is None else type(given).__name__, _RIGHT)
    if hasattr(given, "toarray") and hasattr(given, "nnz"):
        raise refused(name, "a sparse matrix", "a dense array: X.toarray()")
    try:
        found = np.asarray(given)
    except (TypeError, ValueError) as error:
        raise refused(name, _kind(given), f"{_RIGHT}, all of one length") from error
    if found.dtype.kind == "c":
        raise refused(name, "complex numbers", "real ones")
    if found.dtype.kind not in "buifO":
        raise refused(name, f"entries of type {found.dtype}", _RIGHT)
    if found.ndim != 2:
        one = "; one point is X[None, :]" if found.ndim == 1 else ""
        raise refused(name, f"{found.ndim} dimension{'' if found.ndim == 1 else 's'}", _RIGHT + one)
    try:
        return found.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise refused(name, "entries that are no numbers", _RIGHT) from error


def is_point(given: Any) -> bool:
    """Is it a single point: one dimension, not rows?"""
    try:
        return np.ndim(given) == 1
    except ValueError:
        return False


def _kind(given: Any) -> str:
    return f"a {type(given).__name__}" if not isinstance(given, (list, tuple)) else "rows of several lengths or kinds"


def labels(given: Any) -> npt.NDArray[Any]:
    """Labels, numbers or names, one for each row."""
    found = np.asarray(given)
    if found.dtype.kind == "O":
        try:
            found = found.astype(np.float64)
        except (TypeError, ValueError):
            found = np.array([str(label) for label in found.ravel()]).reshape(found.shape)
    if found.dtype.kind in "bui":
        found = found.astype(np.float64) if found.dtype.kind != "b" else found.astype(np.int8)
    if found.dtype.kind not in "fiU" or found.ndim not in (1, 2):
        raise refused("y", f"an array of {found.dtype}, {found.ndim} dimensions", "numbers or names, one for each row of X")
    return found
