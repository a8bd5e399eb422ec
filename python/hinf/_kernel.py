"""Kernels on numpy arrays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from . import _hinf
from ._arrays import is_point, rows
from ._errors import needed, refused
from ._options import threads as number
from ._progress import watcher

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ._spectrum import Spectrum

    _Floats = npt.NDArray[np.float64]
else:
    from ._lazy import np


class Kernel:
    """A zonal kernel: `Kernel("ntk:depth=3")`, or any specification of `hinf.kernels()`.

    `k(X, Y)` is the float64 matrix between the rows of two arrays, which are scaled to norm 1; `k(X)` that of the rows among
    themselves; of two single points it is a number. It is computed in parallel, without the interpreter's lock.
    Rows that are zero or not finite are refused with their index.
    """

    __slots__ = ("_kernel",)

    def __init__(self, spec: str | Kernel) -> None:
        self._kernel: _hinf.Kernel = spec._kernel if isinstance(spec, Kernel) else _hinf.Kernel(_text(spec))
        _tell_sklearn()

    @property
    def spec(self) -> str:
        """The specification, in the library's own spelling."""
        return self._kernel.spec

    @property
    def formula(self) -> str:
        """The formula, as in captions."""
        return self._kernel.formula

    def __call__(self, X: Any, Y: Any = None, *, threads: int | None = None) -> Any:
        _tell_sklearn()
        if Y is not None and is_point(X) and is_point(Y):
            return float(self._kernel.matrix(rows("X", [X]), rows("Y", [Y]), "1")[0, 0])
        return self._kernel.matrix(rows("X", X), None if Y is None else rows("Y", Y), number(threads))

    def diag(self, X: npt.ArrayLike) -> _Floats:
        """The diagonal of `k(X)`, without the matrix: K(1) for every row."""
        return self._kernel.diag(rows("X", X))

    def linear_operator(self, X: npt.ArrayLike, *, threads: int | None = None) -> Any:
        """`k(X)` as a `scipy.sparse.linalg.LinearOperator`.

        Up to 8192 rows the matrix is kept; beyond that its entries are computed anew at every product, and the memory is that of the
        vectors: `eigsh` and `cg` work at a hundred thousand rows. Products of several columns cost little more than those of one.
        """
        linalg = needed("scipy.sparse.linalg", "linear_operator()")
        points = rows("X", X)
        operator, n = self._kernel.operator(points, number(threads)), len(points)

        def product(v: npt.ArrayLike) -> _Floats:
            v = np.asarray(v)
            if v.dtype.kind == "c":
                real, imaginary = product(v.real), product(v.imag)
                return real + 1j * imaginary
            v = v.astype(np.float64, copy=False)
            return operator.product(v.reshape(n, -1)).reshape(v.shape)

        return linalg.LinearOperator((n, n), matvec=product, rmatvec=product, matmat=product, rmatmat=product, dtype=np.float64)

    def eigsh(self, X: npt.ArrayLike, k: int = 6, *, threads: int | None = None, quiet: bool = False) -> tuple[_Floats, _Floats]:
        """The `k` largest eigenvalues of `k(X)`, rising, and their eigenvectors in columns, as `scipy.sparse.linalg.eigsh` gives them.

        By block Lanczos without the matrix where `k` is few, from the whole matrix else. The block is wider than `k`, so that no copy of a
        multiple eigenvalue is missed.
        """
        try:
            count = int(k.__index__())
        except (AttributeError, TypeError):
            raise refused("k", type(k).__name__, "a number of eigenvalues from 1 on") from None
        if not 1 <= count < 2**32:
            raise refused("k", count, "a number of eigenvalues from 1 to the number of rows")
        with watcher("eigsh", quiet) as heard:
            return self._kernel.eigsh(rows("X", X), count, number(threads), heard)

    def spectrum(self, *, dim: int, **options: Any) -> Spectrum:
        """`hinf.spectrum` of this kernel."""
        from ._spectrum import spectrum

        return spectrum(self, dim=dim, **options)

    def __repr__(self) -> str:
        return f"hinf.Kernel({self.spec!r})"

    def _repr_html_(self) -> str:
        from ._show import escaped

        return f"<div><code>{escaped(self.spec)}</code>: {escaped(self.formula)}</div>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kernel) and self.spec == other.spec

    def __hash__(self) -> int:
        return hash(self.spec)

    def __reduce__(self) -> tuple[type[Kernel], tuple[str]]:
        return Kernel, (self.spec,)


def _text(spec: object) -> str:
    if not isinstance(spec, str):
        raise refused("kernel", type(spec).__name__, "a specification, as 'ntk:depth=3'")
    return spec


_told = False


def _tell_sklearn() -> None:
    """Where scikit-learn is loaded, its pairwise kernels ask this one for whole matrices, not pair by pair."""
    global _told
    if not _told and "sklearn" in sys.modules:
        _told = True
        try:
            from sklearn.gaussian_process.kernels import Kernel as Known
        except ImportError:
            return
        Known.register(Kernel)
