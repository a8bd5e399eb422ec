"""The page "From the command line to Python": what stands side by side gives the same, and all of it runs."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Command
from test_reports import timeless

import hinf

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the page is in the repository")


def blocks() -> list[tuple[str, str]]:
    return re.findall(r"```(sh|python)\n(.*?)```", PAGE.read_text(), re.DOTALL) if PAGE.exists() else []


def pairs() -> list[tuple[str, str]]:
    found = blocks()
    return [(found[i][1].strip(), found[i + 1][1].strip()) for i in range(len(found) - 1) if found[i][0] == "sh"]


@pytest.mark.parametrize(("line", "call"), pairs(), ids=[line.split()[1] for line, _ in pairs()])
def test_what_stands_side_by_side_is_the_same(line: str, call: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = line.split()[1]
    if name == "validate":
        pytest.skip("it takes a minute; test_reports looks at its options")
    monkeypatch.chdir(tmp_path)
    told: Any = command(*shlex.split(line)[1:])
    found = eval(call, {"hinf": hinf})
    if name == "table":
        assert [table.to_dict() for table in found] == told["tables"]
    elif name == "plan":
        # Its times are measured anew.
        assert set(found.to_dict()) == set(told) and [row.steps for row in found.rows] == [row["steps"] for row in told["rows"]]
    else:
        assert json.dumps(timeless(found.to_dict())) == json.dumps(timeless(told))


def test_the_other_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("pandas", "matplotlib", "scipy"):
        pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    X = np.random.default_rng(0).standard_normal((30, 3))
    names = {"hinf": hinf, "X": X, "Y": X[:4], "y": X[:, 0]}
    paired = {call for _, call in pairs()}
    alone = [text for kind, text in blocks() if kind == "python" and text.strip() not in paired]
    assert len(alone) == 4
    for text in alone:
        exec(text, names)
