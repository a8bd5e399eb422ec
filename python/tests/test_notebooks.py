"""The notebooks run from top to bottom, and show what is kept in them."""

from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def outputs(cell: Any) -> list[Any]:
    """What a cell shows, without the bar of work that takes long."""
    return [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]


def shown(cell: Any) -> list[str]:
    """The same as text; drawings are looked at by people."""
    data = [output.get("data", {"text/plain": output.get("text", "")}) for output in outputs(cell)]
    return [kinds.get("text/html", kinds.get("text/plain", "")) for kinds in data if "image/png" not in kinds]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_shows_what_is_kept_in_it(path: Path, tmp_path: Path) -> None:
    for package in ("matplotlib", "pandas", "sklearn", "ipykernel"):
        pytest.importorskip(package)
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    kept = nbformat.read(path, as_version=4)
    again = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(again, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    for old, new in zip(kept.cells, again.cells, strict=True):
        # A cell that shows times, or steps of training, shows those of its machine.
        if "machine" not in old.metadata.get("tags", []):
            assert shown(new) == shown(old), old.source
        assert len(outputs(new)) == len(outputs(old)), old.source


def test_there_are_three() -> None:
    assert len(NOTEBOOKS) == 3 or not FOLDER.exists()
