"""Kernels for scikit-learn's Gaussian processes.

`hinf.Kernel` itself goes as `kernel=` into `SVC`, `SVR` and `KernelRidge`; `hinf.sklearn.Kernel` into `GaussianProcessRegressor`, where its
parameters are tuned.
"""

from __future__ import annotations

from abc import ABCMeta
from typing import TYPE_CHECKING, Any

import numpy as np

from ._errors import needed, refused
from ._kernel import Kernel as Base

if TYPE_CHECKING:
    import numpy.typing as npt

    _Floats = npt.NDArray[np.float64]

_kernels = needed("sklearn.gaussian_process.kernels", "hinf.sklearn")

# Of the logarithm of a parameter, in a central difference: error of the cut and of rounding balance.
_STEP = 1e-5


class Kernel(_kernels.Kernel, metaclass=ABCMeta):  # type: ignore[misc,name-defined]
    """A kernel for `GaussianProcessRegressor`: `Kernel("laplace", c=1.0)`.

    Keyword arguments are the kernel's own parameters, which `hinf.kernels()` lists, with underscores for dashes. Those given as floats are tuned, on
    a logarithmic scale within `parameter_bounds`, with gradients by central differences; others stay as they are. Rows are scaled to norm 1.
    """

    def __init__(self, spec: str = "ntk:depth=1", *, parameter_bounds: tuple[float, float] = (1e-3, 1e3), **parameters: Any) -> None:
        self.spec, self.parameter_bounds, self.parameters = spec, parameter_bounds, parameters

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The specification, the bounds, and the kernel's parameters."""
        return {"spec": self.spec, "parameter_bounds": self.parameter_bounds, **self.parameters}

    def set_params(self, **given: Any) -> Kernel:
        """Set any of them."""
        for name, value in given.items():
            if name in ("spec", "parameter_bounds"):
                setattr(self, name, value)
            elif name in self.parameters:
                self.parameters[name] = value
            else:
                raise refused("parameter", name, f"one of spec, parameter_bounds, {', '.join(self.parameters)}".rstrip(", "))
        return self

    @property
    def hyperparameters(self) -> list[Any]:
        """The parameters that are tuned."""
        tuned = [name for name, value in self.parameters.items() if isinstance(value, float)]
        return [_kernels.Hyperparameter(name, "numeric", self.parameter_bounds) for name in tuned]

    @property
    def theta(self) -> _Floats:
        """The logarithms of the tuned parameters."""
        return np.log(np.array([self.parameters[one.name] for one in self.hyperparameters], dtype=np.float64))

    @theta.setter
    def theta(self, theta: _Floats) -> None:
        for one, value in zip(self.hyperparameters, np.exp(theta), strict=True):
            self.parameters[one.name] = float(value)

    def kernel(self) -> Base:
        """The kernel at the parameters as they are."""
        given = ",".join(f"{name.replace('_', '-')}={value}" for name, value in self.parameters.items())
        joint = "," if ":" in self.spec else ":"
        return Base(self.spec + (joint + given if given else ""))

    def __call__(self, X: npt.ArrayLike, Y: npt.ArrayLike | None = None, eval_gradient: bool = False) -> Any:
        """`k(X, Y)`, and its gradient by theta in a third axis."""
        matrix = self.kernel()(X, Y)
        if not eval_gradient:
            return matrix
        if Y is not None:
            raise refused("Y", "an array beside eval_gradient", "None: gradients are of k(X)")
        here, slopes = self.theta, np.empty((*matrix.shape, self.n_dims))
        for i, direction in enumerate(np.eye(len(here))):
            up, down = (self.clone_with_theta(here + sign * _STEP * direction)(X) for sign in (1, -1))
            slopes[:, :, i] = (up - down) / (2 * _STEP)
        return matrix, slopes

    def diag(self, X: npt.ArrayLike) -> _Floats:
        """K(1) for every row."""
        return self.kernel().diag(X)

    def is_stationary(self) -> bool:
        """No: it depends on the angle between the rows as they are given."""
        return False

    def __repr__(self) -> str:
        given = "".join(f", {name}={value!r}" for name, value in self.parameters.items())
        return f"hinf.sklearn.Kernel({self.spec!r}{given})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.get_params() == getattr(other, "get_params")()

    def __hash__(self) -> int:
        return hash((self.spec, tuple(sorted(self.parameters))))
