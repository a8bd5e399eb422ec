"""Whatever is passed is an answer or a HinfError: nothing ends the process."""

from typing import Any

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays

import hinf

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=20),
    st.binary(max_size=5),
    st.fractions(),
    st.lists(st.integers(-3, 30), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
pieces = ["ntk", "nngp", ":", "depth=", "dense", " ", "(", ")", "*", "3", "relu", "skip(", "expr:", "t", "theta", "/", "0", "^", "-", ",", "b=1/3", "tanh"]
kernels = st.one_of(anything, st.lists(st.sampled_from(pieces), max_size=9).map("".join), st.sampled_from(["two-layer", "ntk:depth=2"]))
fuzz = settings(max_examples=150, deadline=None)


def one_line(error: hinf.HinfError) -> None:
    assert str(error) and "\n" not in str(error) and "fault of hinf" not in str(error)


@fuzz
@given(kernel=kernels, dim=st.one_of(anything, st.integers(1, 4)), degrees=anything, digits=st.one_of(anything, st.just(5)))
def test_spectrum_answers_or_refuses(kernel: Any, dim: Any, degrees: Any, digits: Any) -> None:
    try:
        hinf.spectrum(kernel, dim=dim, degrees=degrees, digits=digits)
    except hinf.HinfError as error:
        one_line(error)


@fuzz
@given(kernel=kernels)
def test_kernels_answer_or_refuse(kernel: Any) -> None:
    try:
        assert hinf.Kernel(kernel)([[1.0, 0.0], [0.6, 0.8]]).shape == (2, 2)
    except hinf.HinfError as error:
        one_line(error)


kinds = st.sampled_from(["f8", "f4", "f2", "i1", "u8", "?", "c16", "U3", "O", "M8[s]", ">f8"])
shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
anyhow = st.one_of(anything, arrays.arrays(dtype=kinds.map(np.dtype), shape=shapes, elements=None), st.lists(st.lists(st.floats(), max_size=4), max_size=4))


@fuzz
@given(rows=anyhow, columns=anyhow)
def test_matrices_answer_or_refuse(rows: Any, columns: Any) -> None:
    kernel = hinf.Kernel("ntk:depth=2")
    for call in (lambda: kernel(rows), lambda: kernel(rows, columns), lambda: kernel.diag(rows), lambda: kernel.eigsh(rows, 1)):
        try:
            assert np.isfinite(call()[0]).all()
        except hinf.HinfError as error:
            one_line(error)
        except TypeError as error:
            # Two single points give a number, which has no first row.
            assert "subscriptable" in str(error)


@fuzz
@given(command=st.sampled_from(["null-space", "verify", "check", "curve", "plan", "formula", "kernels", "gram"]), options=st.data())
def test_experiments_answer_or_refuse(command: str, options: st.DataObject) -> None:
    _, flags = hinf._hinf.described(command) or ("", [])
    names = [name.replace("-", "_") for name, _, _ in flags]
    given_options = {name: options.draw(anything) for name in options.draw(st.sets(st.sampled_from(names), max_size=3))} if names else {}
    given_options["kernel"] = options.draw(st.sampled_from(["two-layer", "ntk:depth=2"]))
    try:
        hinf.experiment(command, quiet=True, **given_options)
    except hinf.HinfError as error:
        one_line(error)
