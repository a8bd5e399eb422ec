"""Studies of many runs, given as maps."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Command

import hinf

STUDY: dict[str, Any] = {
    "command": "train",
    "defaults": {"model": "two-layer", "bias": True, "dim": 1, "degrees": [1, 2], "points": 21},
    "axes": {"width": np.array([64, 128]), "seed": range(3)},
}


def test_a_study_is_made_once_and_collected(tmp_path: Path, command: Command) -> None:
    plan = hinf.sweep(STUDY, output=tmp_path, dry_run=True)
    assert len(plan.rows) == 6 and plan.finished == 0
    made = hinf.sweep(STUDY, output=tmp_path)
    assert made.passed and (made.runs, made.finished, made.finished_before) == (6, 6, 0)
    assert hinf.sweep(STUDY, output=tmp_path).finished_before == 6
    found = hinf.collect(tmp_path, x="width", y="rows[degree=1].ratio")
    assert json.dumps(found.to_dict()) == json.dumps(command("collect", str(tmp_path), "--x", "width", "--y", "rows[degree=1].ratio"))
    assert [row["values"]["width"] for row in found.rows] == [64, 64, 64, 128, 128, 128]
    assert "finished" in repr(found) and found._repr_html_().count("<tr") == 7


def test_a_study_is_a_frame_and_a_drawing(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    study = {"command": "table", "defaults": {"kernel": hinf.Kernel("two-layer"), "degrees": "0..3"}, "axes": {"dim": [1, 2]}}
    hinf.sweep(study, output=tmp_path)
    frame = hinf.collect(tmp_path).to_pandas()
    assert len(frame) == 8 and frame[(frame["dim"] == 2) & (frame["degree"] == 2)]["value"].tolist() == ["0.02734375"]
    with pytest.raises(hinf.HinfError, match="x="):
        hinf.collect(tmp_path).plot()


def test_wrong_studies_are_refused_in_one_line(tmp_path: Path) -> None:
    for wrong in ({}, {"command": "trian"}, {"command": "train", "axes": {"widht": [1]}}, {"command": "table", "axes": {"dim": Fraction(1, 2)}}, 3, None):
        with pytest.raises(hinf.HinfError) as caught:
            hinf.sweep(wrong, output=tmp_path)
        assert "\n" not in str(caught.value)
