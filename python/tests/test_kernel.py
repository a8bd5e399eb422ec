"""Kernel matrices against the formulas, and arrays as they come."""

import pickle
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import hinf
from hinf._arrays import rows

Floats = npt.NDArray[np.float64]


def angle(x: Floats, y: Floats) -> Floats:
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    y = y / np.linalg.norm(y, axis=1, keepdims=True)
    chord = np.linalg.norm(x[:, None] - y[None], axis=2)
    return np.asarray(2 * np.arcsin(np.clip(chord / 2, 0, 1)))


def test_matrices_are_the_kernel_of_the_angle(points: Floats) -> None:
    theta = angle(points[:7], points)
    found = hinf.Kernel("two-layer:bias=true")(points[:7], points)
    np.testing.assert_allclose(found, (np.cos(theta) + 1) * (np.pi - theta) / (4 * np.pi), atol=1e-13)
    np.testing.assert_allclose(hinf.Kernel("laplace:c=2")(points), np.exp(-4 * np.sin(angle(points, points) / 2)), atol=1e-13)
    depth_two = hinf.Kernel("ntk:depth=1")(points)
    theta = angle(points, points)
    zero, one = (np.pi - theta) / np.pi, (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / np.pi
    np.testing.assert_allclose(depth_two, one + np.cos(theta) * zero, atol=1e-13)


@pytest.mark.parametrize("count", [1, 2, 31, 33, 200])
def test_a_part_is_the_same_to_the_bit(count: int) -> None:
    kernel, points = hinf.Kernel("ntk:depth=3"), np.random.default_rng(2).standard_normal((count, 4))
    whole = kernel(points)
    assert np.array_equal(whole, whole.T)
    assert np.array_equal(whole[:5], kernel(points[:5], points))
    assert np.array_equal(kernel.diag(points), np.diag(whole))
    assert all(np.array_equal(whole, kernel(points, threads=threads)) for threads in (1, 2, 3))


def test_a_contiguous_float64_array_is_not_copied(points: Floats) -> None:
    assert rows("X", points) is points


def test_two_points_give_a_number() -> None:
    found = hinf.Kernel("laplace:c=1")([1, 0], [0, 2])
    assert isinstance(found, float) and abs(found - np.exp(-np.sqrt(2))) < 1e-13


Change = Callable[[Floats], Any]
EXACT: list[Change] = [
    np.asfortranarray,
    lambda a: np.repeat(a, 2, axis=0)[::2],
    lambda a: np.hstack([a, a])[:, :3],
    lambda a: a[::-1][::-1],
    lambda a: a.tolist(),
    lambda a: a.astype(object),
    lambda a: np.ma.masked_array(a, np.zeros(a.shape, dtype=bool)),
    lambda a: a.astype(a.dtype.newbyteorder()),
    lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
]


@pytest.mark.parametrize("change", EXACT)
def test_arrays_of_any_layout_are_taken_as_they_are(points: Floats, change: Change) -> None:
    kernel = hinf.Kernel("ntk:depth=2")
    assert np.array_equal(kernel(change(points)), kernel(points))


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.longdouble, np.int8, np.uint64, bool])
def test_arrays_of_any_real_type_are_taken(points: Floats, kind: Any) -> None:
    given = (np.abs(points) * 3 + 1).astype(kind)
    kernel = hinf.Kernel("ntk:depth=2")
    assert np.array_equal(kernel(given), kernel(given.astype(np.float64)))


@pytest.mark.parametrize(
    ("wrong", "subject", "word"),
    [
        ([1.0, 2.0], "X", "1 dimension"),
        (3.0, "X", "0 dimensions"),
        (np.zeros((2, 2, 2)), "X", "3 dimensions"),
        ([[1.0, 0.0], [0.0, 0.0]], "X, row 1", "only zeros"),
        ([[1.0, 0.0], [1.0, 0.0], [1.0, np.nan]], "X, row 2", "finite"),
        ([[np.inf, 0.0]], "X, row 0", "finite"),
        ([["a", "b"]], "X", "real numbers"),
        (np.array([["a", None]], dtype=object), "X", "real numbers"),
        (np.array([[None, 1.0]], dtype=object), "X", "real numbers|finite"),
        (np.empty((0, 3)), "X, rows", "at least one"),
        (np.empty((3, 0)), "X, coordinates", "two or more"),
        (np.ones((3, 1)), "X, coordinates", "two or more"),
        ([[1.0, 2.0], [1.0]], "X", "one length"),
        (np.ma.masked_array([[1.0, 2.0]], [[True, False]]), "X", "masked"),
        (np.array([[1j, 2.0]]), "X", "complex"),
        (np.array([["2020-01-01"]], dtype="datetime64[D]"), "X", "datetime64"),
        ("text", "X", "str"),
        (None, "X", "None"),
        ({"a": 1}, "X", "real numbers"),
    ],
)
def test_wrong_arrays_are_refused_in_one_line(wrong: Any, subject: str, word: str) -> None:
    with pytest.raises(hinf.HinfError, match=word) as caught:
        hinf.Kernel("ntk:depth=1")(wrong)
    assert caught.value.subject.startswith(subject) or subject.startswith(caught.value.subject)
    assert "\n" not in str(caught.value)


def test_points_of_two_spheres_are_refused(points: Floats) -> None:
    with pytest.raises(hinf.HinfError, match="3"):
        hinf.Kernel("ntk:depth=1")(points, points[:, :2])


def test_a_matrix_that_no_machine_holds_is_refused_at_once() -> None:
    with pytest.raises(hinf.HinfError, match="GiB"):
        hinf.Kernel("ntk:depth=1")(np.ones((10**6, 3)))


def test_kernels_compare_hash_and_pickle() -> None:
    kernel = hinf.Kernel("ntk:depth=3")
    assert pickle.loads(pickle.dumps(kernel)) == kernel
    assert hash(kernel) == hash(hinf.Kernel(kernel)) and kernel == hinf.Kernel(" NTK:depth=3 ")
    assert repr(kernel) == "hinf.Kernel('ntk:depth=3')" and kernel != hinf.Kernel("ntk:depth=2") and kernel != "ntk:depth=3"
    assert "pi" in hinf.Kernel("two-layer").formula


@pytest.mark.parametrize("wrong", ["", "ntk", "ntk:depth=-1", "nope", "expr:1/0", "expr:((((", 3, None, b"ntk:depth=1"])
def test_wrong_kernels_are_refused_in_one_line(wrong: Any) -> None:
    with pytest.raises(hinf.HinfError) as caught:
        hinf.Kernel(wrong)([[1.0, 0.0]])
    assert caught.value.subject.startswith("kernel") and "\n" not in str(caught.value)


def test_the_operator_is_the_matrix(points: Floats) -> None:
    linalg = pytest.importorskip("scipy.sparse.linalg")
    kernel = hinf.Kernel("ntk:depth=2")
    operator, whole = kernel.linear_operator(points), kernel(points)
    v = np.random.default_rng(2).standard_normal((40, 2))
    np.testing.assert_allclose(operator @ v, whole @ v, atol=1e-11)
    np.testing.assert_allclose(operator @ v[:, 0], whole @ v[:, 0], atol=1e-11)
    np.testing.assert_allclose(operator.T @ (1j * v), 1j * (whole @ v), atol=1e-11)
    largest = linalg.eigsh(operator, k=1, return_eigenvectors=False)[0]
    assert abs(largest - np.linalg.eigvalsh(whole)[-1]) < 1e-9
    ridge = operator + linalg.aslinearoperator(np.eye(40))
    solved, failed = linalg.cg(ridge, v[:, 0], rtol=1e-12)
    assert failed == 0
    np.testing.assert_allclose((whole + np.eye(40)) @ solved, v[:, 0], atol=1e-9)


@pytest.mark.parametrize("count", [40, 700])
def test_eigsh_gives_the_largest_eigenpairs(count: int) -> None:
    points = np.random.default_rng(3).standard_normal((count, 3))
    kernel = hinf.Kernel("ntk:depth=1")
    whole = kernel(points)
    values, vectors = kernel.eigsh(points, 5)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(whole)[-5:], rtol=1e-10)
    assert np.abs(whole @ vectors - vectors * values).max() < 1e-5 * values[-1]
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(5), atol=1e-10)
    for wrong in (0, count + 1, -1, 2.5, "x", 10**30):
        with pytest.raises(hinf.HinfError, match="k: got"):
            kernel.eigsh(points, wrong)  # type: ignore[arg-type]


def test_copies_of_a_multiple_eigenvalue_are_all_found() -> None:
    # On 600 equal steps of the circle every eigenvalue but two is double, exactly.
    turns = 2 * np.pi * np.arange(600) / 600
    points = np.column_stack([np.cos(turns), np.sin(turns)])
    values, _ = hinf.Kernel("ntk:depth=1").eigsh(points, 9)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(hinf.Kernel("ntk:depth=1")(points))[-9:], rtol=1e-9)


def test_other_threads_run_while_a_matrix_is_computed() -> None:
    kernel, points = hinf.Kernel("ntk:depth=3"), np.random.default_rng(4).standard_normal((3000, 3))
    kernel(points[:2])
    ticks, stop = [0], threading.Event()

    def tick() -> None:
        while not stop.is_set():
            ticks[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        before = ticks[0]
        kernel(points, threads=1)
        assert ticks[0] > before
    finally:
        stop.set()
        thread.join()
