"""Every command as a function: its report is the command's JSON, shows itself, and says what was wrong."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from conftest import Command

import hinf

Floats = npt.NDArray[np.float64]

# The call, and the same on the command line.
SAME: list[tuple[str, dict[str, Any], str]] = [
    ("null_space", {"kernel": "two-layer", "dim": range(1, 4), "max_degree": 9}, "null-space --kernel two-layer --dim 1..3 --max-degree 9"),
    ("verify", {"kernel": "two-layer", "dim": 2, "max_degree": 8}, "verify --kernel two-layer --dim 2 --max-degree 8"),
    ("check", {"values": [0.0625, 0.0833333, 0.02734375], "kernel": "two-layer", "dim": 2},
     "check 0.0625,0.0833333,0.02734375 --kernel two-layer --dim 2"),
    ("formula", {"kernel": "two-layer", "dim": [1, 2]}, "formula --kernel two-layer --dim 1,2"),
    ("curve", {"kernel": "two-layer:bias=true", "dim": 2, "target": {1: 1, 3: 0.5}, "noise": 0.1},
     "curve --kernel two-layer:bias=true --dim 2 --target 1:1,3:0.5 --noise 0.1"),
    ("sample", {"kernel": "two-layer", "dim": 2, "points": 150, "degrees": range(4), "repeats": 2, "seed": 3},
     "gram --kernel two-layer --dim 2 --points 150 --degrees 0..3 --repeats 2 --seed 3"),
    ("train", {"model": "two-layer", "bias": True, "dim": 1, "degrees": [1, 2], "width": 256, "points": 41},
     "train --model two-layer --bias --dim 1 --degrees 1,2 --width 256 --points 41"),
    ("kernels", {}, "kernels"),
]  # fmt: skip
# What differs from run to run: times, and what was measured of the machine.
TIMES = ("seconds", "wall_seconds", "calibration")


def timeless(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: timeless(value) for name, value in found.items() if not name.startswith(TIMES)}
    return [timeless(value) for value in found] if isinstance(found, list) else found


@pytest.mark.parametrize(("name", "options", "line"), SAME, ids=[name for name, _, _ in SAME])
def test_reports_are_the_commands_json(name: str, options: dict[str, Any], line: str, command: Command) -> None:
    report = getattr(hinf, name)(**options)
    told = command(*line.split())
    assert timeless(report.to_dict()) == timeless(told)
    assert json.dumps(timeless(report.to_dict())) == json.dumps(timeless(told))


@pytest.mark.parametrize(("name", "options", "line"), SAME, ids=[name for name, _, _ in SAME])
def test_reports_show_themselves_and_travel(name: str, options: dict[str, Any], line: str) -> None:
    pytest.importorskip("pandas")
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    report: hinf.Report = getattr(hinf, name)(**options)
    assert pickle.loads(pickle.dumps(report)) == report == copy.deepcopy(report)
    assert report.passed and report.verdict and len(report.to_pandas()) == len(report.rows)
    assert report._repr_html_().count("<tr") == len(report.rows) + 1 and "\n" in repr(report)
    if name not in ("kernels", "formula"):
        assert report.plot().has_data()
    else:
        with pytest.raises(hinf.HinfError, match="plot"):
            report.plot()
    with pytest.raises(AttributeError, match="it has schema"):
        report.no_such_field


def test_training_on_arrays_is_that_on_their_file(tmp_path: Path, command: Command) -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(40, 3))
    y = np.where(X[:, 0] > 0, "right", "left")
    report = hinf.train("mlp", depth=1, width=64, X=X, y=y, max_steps=20, label_noise=0.2)
    path = tmp_path / "rows.npz"
    np.savez(path, X=X, y=y)
    told = command("train", "--model", "mlp", "--depth", "1", "--width", "64", "--data", str(path), "--label", "y", "--max-steps", "20",
                   "--label-noise", "0.2")  # fmt: skip
    assert timeless(report.rows[-1].measured) == timeless(told["rows"][-1]["measured"])
    assert report.classes == ["left", "right"] and report.rows[0].by_gram.training == pytest.approx(1)
    assert report._repr_html_().count("<tr") == len(report.rows) + 1
    pandas = pytest.importorskip("pandas")
    assert isinstance(report.to_pandas(), pandas.DataFrame) and "measured.test_accuracy" in report.to_pandas()
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    assert report.plot().has_data()
    with pytest.raises(hinf.HinfError, match="label.noise"):
        hinf.train("mlp", depth=1, X=X, y=y, label_noise=2)


def test_fields_are_attributes_and_items() -> None:
    report = hinf.null_space("two-layer", dim=range(1, 4), max_degree=9)
    assert report.rows[1].zeros == report.rows[1]["zeros"] == report.zeros[2] == [3, 5, 7, 9]
    assert report.kernel == "two-layer" and report.max_degree == 9
    sample = hinf.sample("two-layer", dim=2, points=100, degrees=range(3), repeats=1)
    assert sample.lowest.indefinite is False and sample.range.parts[0].parity == "even" and sample.verdict == "consistent"


def test_a_check_that_fails_is_a_verdict_not_an_error() -> None:
    report = hinf.sample("two-layer", dim=2, points=300, against="laplace", degrees=range(4), repeats=2)
    assert not report.passed and report.verdict == "inconsistent" and "inconsistent" in repr(report)


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[Floats, Floats, Path]:
    points = np.random.default_rng(5).standard_normal((50, 3))
    labels = points[:, 0] / np.linalg.norm(points, axis=1)
    path = tmp_path / "rows.npz"
    np.savez(path, X=points, y=labels)
    return points, labels, path


def test_arrays_are_read_as_their_file_is(labelled: tuple[Floats, Floats, Path], command: Command) -> None:
    points, labels, path = labelled
    told = timeless(command("gram", "--kernel", "ntk:depth=2", "--data", str(path), "--label", "y", "--ridge", "0.1"))
    found = hinf.sample("ntk:depth=2", X=points, y=labels, ridge=0.1)
    assert found.data == "X" and {**timeless(found.to_dict()), "data": str(path)} == told
    assert timeless(hinf.sample("ntk:depth=2", data=path, label="y", ridge=0.1).to_dict()) == told
    assert len(found.to_pandas()) == 50 and "label energy" in found._repr_html_() and found.plot().has_data()
    for other in (np.asfortranarray(points), points.tolist(), points.astype(object)):
        assert timeless(hinf.sample("ntk:depth=2", X=other, y=labels, ridge=0.1).to_dict()) == timeless(found.to_dict())


def test_labels_may_be_names(labelled: tuple[Floats, Floats, Path]) -> None:
    points, labels, _ = labelled
    names = np.where(labels > 0, "up", "down")
    report = hinf.sample("laplace", X=points, y=names)
    assert [one.name for one in report.label_column.classes] == ["down", "up"]
    assert hinf.sample("laplace", X=points, y=list(names)) is not None
    assert hinf.sample(["laplace", "ntk:depth=2"], X=points, y=labels > 0).similarity is not None


def test_a_matrix_of_ones_own(labelled: tuple[Floats, Floats, Path], command: Command, tmp_path: Path) -> None:
    points, _, _ = labelled
    matrix = hinf.Kernel("ntk:depth=2")(points)
    report = hinf.gram("ntk:depth=2", matrix=matrix, X=points)
    assert report.passed and report.rows[0].file == "matrix"
    paths = tmp_path / "K.npy", tmp_path / "X.npy"
    np.save(paths[0], matrix)
    np.save(paths[1], points)
    told = command("gram", "--matrix", str(paths[0]), "--data", str(paths[1]), "--kernel", "ntk:depth=2")
    assert report.rows[0].comparison == told["rows"][0]["comparison"]
    assert not hinf.gram("ntk:depth=2", matrix=-matrix, X=points).passed


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"X": [[1.0, 0.0], [0.0, 0.0]]}, "row"),
        ({"X": [[1.0, np.nan], [1.0, 0.0]]}, "row|finite|nan"),
        ({"X": np.ones(3)}, "1 dimension"),
        ({"X": [[1.0, 0.0], [0.0, 1.0]], "y": [1.0]}, "labels"),
        ({"y": [1.0]}, "X beside"),
        ({"X": [[1.0, 0.0], [0.0, 1.0]], "y": object()}, "labels|y"),
        ({"X": "no-such-file.csv"}, "no-such-file"),
    ],
)
def test_wrong_rows_are_refused_in_one_line(options: dict[str, Any], word: str) -> None:
    with pytest.raises(hinf.HinfError, match=word) as caught:
        hinf.sample("laplace", **options)
    assert "\n" not in str(caught.value) and "/tmp" not in str(caught.value)


def test_a_theory_is_validated_and_kept(tmp_path: Path) -> None:
    with pytest.raises(hinf.HinfError, match="quick or full"):
        hinf.validate("huge", output=tmp_path)


def test_an_unknown_experiment_or_option_lists_the_known_ones() -> None:
    with pytest.raises(hinf.HinfError, match="one of .*null-space"):
        hinf.experiment("nul-space")
    with pytest.raises(hinf.HinfError, match="one of .*max-degree"):
        hinf.experiment("null-space", dims=2)


def test_formulas_go_into_sympy_and_latex() -> None:
    sympy = pytest.importorskip("sympy")
    report = hinf.formula("two-layer", dim=2)
    k = sympy.Symbol("k")
    assert sympy.simplify(report.sympy("even").subs(k, 2) - sympy.Rational(7, 256)) == 0
    assert report.sympy("odd") == 0 and r"\lambda_k" in report.to_latex() and report.formulas[0].even.proved


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        hinf.spectrum("two-layer", dim=2, degrees=range(2)).to_pandas()
