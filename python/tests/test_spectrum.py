"""Spectra against closed forms, and against the command's JSON."""

import math
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from conftest import Command

import hinf
from hinf._spectrum import _outward


def test_the_bias_free_model_on_the_sphere() -> None:
    found = hinf.spectrum("two-layer", dim=2, degrees=range(6))
    assert [value.exact for value in found][:3] == [(value, Fraction(0)) for value in (Fraction(1, 16), Fraction(1, 12), Fraction(7, 256))]
    assert found.kinds[3] == "zero" and found.values[3] == 0.0
    assert found.multiplicities == [1, 3, 5, 7, 9, 11]
    assert found.degrees.tolist() == list(range(6)) and found.complete


def test_multiplicities_are_exact_past_float64() -> None:
    found = hinf.spectrum("two-layer:bias=true", dim=50, degrees=[40])
    assert found.multiplicities == [math.comb(90, 40) - math.comb(88, 38)]


@pytest.mark.parametrize("digits", [1, 3, 16, 17, 18, 30, 60])
def test_enclosures_contain_the_closed_form_and_are_outward(digits: int) -> None:
    mpmath = pytest.importorskip("mpmath")
    found = hinf.spectrum("two-layer:bias=true", dim=1, degrees=[0, 1, 2, 4], digits=digits)
    with mpmath.workdps(100):
        for i, value in enumerate(found):
            assert value.exact is not None
            p, q = (mpmath.mpf(x.numerator) / x.denominator for x in value.exact)
            truth = p + q / mpmath.pi**2
            low, high = (mpmath.mpf(str(end)) for end in value.enclosure)
            assert low <= truth <= high
            assert mpmath.mpf(found.lower[i]) <= low and high <= mpmath.mpf(found.upper[i])
            assert found.lower[i] <= found.values[i] <= found.upper[i]
            if digits >= 17:
                assert found.upper[i] <= np.nextafter(np.nextafter(found.lower[i], 2), 2)


def test_a_rational_that_is_its_decimal_has_no_width() -> None:
    value = hinf.spectrum("two-layer", dim=2, degrees=[0], digits=30)
    assert value[0].enclosure == (Decimal("0.0625"), Decimal("0.0625")) and value.lower[0] == value.upper[0] == 0.0625


@pytest.mark.parametrize("text", ["0.1", "-0.1", "1e-330", "-1e-330", "1e-1000000", "-1e-1000000", "1e400", "-1e400", "0", "0.5"])
def test_rounding_outward_is_outward_and_tight(text: str) -> None:
    end = Decimal(text)
    down, up = _outward(end, False), _outward(end, True)
    for value, right in ((down, Decimal(down) <= end), (up, Decimal(up) >= end)):
        assert right, value
    assert up in (down, math.nextafter(down, math.inf))


MANY = ["two-layer", "two-layer:bias=true", "ntk:depth=2", "ntk:depth=3,b=1/3", "nngp:depth=2", "resnet:depth=2,alpha=1/2", "laplace:c=2",
        "arc-cosine:order=0", "arc-cosine:order=2", "gaussian:length=2", "matern:nu=1.5,length=1", "expr:exp(-theta)"]  # fmt: skip


@pytest.mark.parametrize("kernel", MANY)
def test_every_value_is_that_of_the_command(kernel: str, command: Command) -> None:
    told = command("table", "--kernel", kernel, "--dim", "1,2,9", "--degrees", "0..7,20", "--digits", "25")
    for table in told["tables"]:
        found = hinf.spectrum(kernel, dim=table["dim"], degrees="0..7,20", digits=25)
        assert found.to_dict() == table
        assert [value.decimal for value in found] == [row["value"] for row in table["rows"]]
    found_tables = hinf.table(kernel, dim=(1, 2, 9), degrees="0..7,20", digits=25)
    assert [table.to_dict() for table in found_tables] == told["tables"]


def test_options_are_those_of_the_command(command: Command) -> None:
    found = hinf.spectrum("two-layer:bias=true", dim=2, degrees=range(9), parity="odd", normalization="surface", digits=12)
    told = command(*"table --kernel two-layer:bias=true --dim 2 --degrees 0..8 --parity odd --normalization surface --digits 12".split())
    assert found.to_dict() == told["tables"][0]


def test_spectra_are_sequences_that_pickle_and_show_themselves() -> None:
    found = hinf.spectrum("two-layer", dim=2, degrees=range(5))
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(found[1:3]) == 2 and found[-1].degree == 4 and found[2] in found
    assert "7/256" in found._repr_html_() and "7/256" in found.to_latex() and r"\lambda_{2}" in found._repr_latex_()
    assert "7/256" in repr(found) and "7/256" in repr(found[2])
    assert found == hinf.Kernel("two-layer").spectrum(dim=2, degrees=range(5))


def test_html_is_escaped() -> None:
    found = hinf.spectrum("expr:exp(-theta)", dim=2, degrees=range(2))
    found.to_dict()["notes"].append("<script>")
    assert "<script>" not in found._repr_html_()


def test_sympy_and_mpmath_values() -> None:
    sympy, mpmath = pytest.importorskip("sympy"), pytest.importorskip("mpmath")
    value = hinf.spectrum("two-layer:bias=true", dim=1, degrees=[0], digits=40)[0]
    assert sympy.simplify(value.sympy() - (sympy.Rational(1, 8) + 1 / (2 * sympy.pi**2))) == 0
    with mpmath.workdps(45):
        assert abs(value.mpmath() - (mpmath.mpf(1) / 8 + 1 / (2 * mpmath.pi**2))) < mpmath.mpf(10) ** -40
    deep = hinf.spectrum("ntk:depth=2", dim=2, degrees=[4], digits=40)[0]
    assert str(deep.sympy())[:30] == deep.decimal[:30]


def test_frames_and_drawings() -> None:
    pytest.importorskip("pandas")
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    found = hinf.spectrum("two-layer", dim=2, degrees=range(9))
    frame = found.to_pandas()
    assert frame.loc[2, "exact"] == "7/256" and frame.index.name == "degree" and frame["multiplicity"][3] == 7
    both = hinf.table("two-layer", dim=[1, 2], degrees=range(3))
    assert both.to_pandas().loc[(2, 2), "exact"] == "7/256" and both.complete
    ax = found.plot()
    assert ax is found.plot(ax, color="black") and len(ax.lines) == 2
    # Degrees 3, 5 and 7 are 0, and degree 0 has no logarithm.
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("options", "subject"),
    [
        ({"kernel": "ntk"}, "kernel"),
        ({"kernel": None}, "kernel"),
        ({"dim": 0}, "dim"),
        ({"dim": [1, 2]}, "dim"),
        ({"dim": 2.5}, "dim"),
        ({"degrees": []}, "degrees"),
        ({"degrees": [-1]}, "degrees"),
        ({"degrees": "3..1"}, "degrees"),
        ({"degrees": range(5, 0)}, "degrees"),
        ({"digits": -1}, "digits"),
        ({"digits": 10**9}, "digits"),
        ({"digits": object()}, "digits"),
        ({"degrees": b"1"}, "degrees"),
        ({"threads": 0}, "threads"),
        ({"threads": "many"}, "threads"),
        ({"parity": "both"}, "parity"),
        ({"nonsense": 1}, "option of table"),
    ],
)
def test_what_is_wrong_is_named(options: dict[str, Any], subject: str) -> None:
    with pytest.raises(hinf.HinfError) as caught:
        hinf.spectrum(**{"kernel": "two-layer", "dim": 2, **options})
    error = caught.value
    assert error.subject.split(",")[0] == subject and error.expected and isinstance(error, ValueError)
    assert "\n" not in str(error) and "--" not in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.subject, again.value, again.expected) == (str(error), error.subject, error.value, error.expected)


def test_arrays_are_plain() -> None:
    found = hinf.spectrum("laplace", dim=2, degrees=np.arange(3))
    assert found.degrees.dtype == np.int64 and found.values.dtype == np.float64
    assert (found.lower <= found.values).all() and (found.values <= found.upper).all()
    assert found.to_numpy() is found.values
