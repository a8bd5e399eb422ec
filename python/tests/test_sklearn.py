"""scikit-learn takes the kernels, and what it makes of them is what the matrix makes."""

import copy
import pickle

import numpy as np
import numpy.typing as npt
import pytest

import hinf

pytest.importorskip("sklearn")

from sklearn.base import clone  # noqa: E402
from sklearn.gaussian_process import GaussianProcessRegressor  # noqa: E402
from sklearn.gaussian_process.kernels import ConstantKernel, Kernel, WhiteKernel  # noqa: E402
from sklearn.kernel_ridge import KernelRidge  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.svm import SVC  # noqa: E402

Floats = npt.NDArray[np.float64]


def test_a_support_vector_machine(points: Floats) -> None:
    labels = points[:, 0] > 0
    kernel = hinf.Kernel("ntk:depth=2")
    machine = SVC(kernel=kernel).fit(points, labels)
    precomputed = SVC(kernel="precomputed").fit(kernel(points), labels)
    others = np.random.default_rng(7).standard_normal((20, 3))
    assert np.array_equal(machine.predict(others), precomputed.predict(kernel(others, points)))
    assert np.array_equal(pickle.loads(pickle.dumps(machine)).predict(others), machine.predict(others))
    found = GridSearchCV(SVC(), {"kernel": [kernel, hinf.Kernel("laplace")], "C": [1.0]}, cv=2, n_jobs=2).fit(points, labels)
    assert found.best_score_ > 0.5


def test_kernel_ridge_regression_on_whole_matrices(points: Floats) -> None:
    kernel = hinf.Kernel("ntk:depth=2")
    rows = np.random.default_rng(8).standard_normal((400, 3))
    ridge = KernelRidge(alpha=0.1, kernel=kernel).fit(rows, rows[:, 0])
    direct = kernel(points, rows) @ np.linalg.solve(kernel(rows) + 0.1 * np.eye(400), rows[:, 0])
    np.testing.assert_allclose(ridge.predict(points), direct, rtol=1e-8)
    # Once scikit-learn is loaded, a kernel is one of its own: pair by pair this would take 160 000 calls.
    assert isinstance(kernel, Kernel)


def test_a_gaussian_process_tunes_the_parameters(points: Floats) -> None:
    kernel = hinf.sklearn.Kernel("laplace", c=1.0)
    assert clone(kernel) == kernel == copy.deepcopy(kernel) == pickle.loads(pickle.dumps(kernel))
    assert kernel.get_params() == {"spec": "laplace", "parameter_bounds": (1e-3, 1e3), "c": 1.0}
    assert kernel.theta == np.log([1.0]) and kernel.bounds.shape == (1, 2)
    smooth = points[:, 1] / np.linalg.norm(points, axis=1)
    fitted = GaussianProcessRegressor(kernel, alpha=1e-6).fit(points, smooth)
    start = GaussianProcessRegressor(kernel, alpha=1e-6, optimizer=None).fit(points, smooth)
    assert fitted.log_marginal_likelihood_value_ > start.log_marginal_likelihood_value_ and fitted.kernel_.theta[0] < 0
    assert kernel.theta[0] == 0
    mean, deviation = fitted.predict(points, return_std=True)
    assert np.abs(mean - smooth).max() < 0.05 and (deviation >= 0).all()


def test_gradients_are_those_of_the_closed_form(points: Floats) -> None:
    kernel = hinf.sklearn.Kernel("laplace", c=0.7)
    matrix, slopes = kernel(points, eval_gradient=True)
    # d exp(-c r)/d log c = -c r exp(-c r) = K log K.
    np.testing.assert_allclose(slopes[:, :, 0], matrix * np.log(matrix), atol=1e-8)
    assert kernel(points[:3], points).shape == (3, 40) and np.array_equal(kernel.diag(points), np.diag(matrix))


def test_kernels_combine_with_those_of_scikit_learn(points: Floats) -> None:
    kernel = ConstantKernel(1.0) * hinf.sklearn.Kernel("ntk:depth=2", w=2) + WhiteKernel(0.1)
    fitted = GaussianProcessRegressor(kernel).fit(points, points[:, 0])
    assert fitted.kernel_.theta.shape == (2,) and "ntk:depth=2" in repr(fitted.kernel_)
    with pytest.raises(hinf.HinfError):
        hinf.sklearn.Kernel("laplace").set_params(nonsense=1.0)
