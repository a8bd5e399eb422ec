"""The package as it is installed: types, generated code, the command, what importing it takes along."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import hinf

HERE = Path(__file__).parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Elsewhere than in the folder of the sources, which would stand before the package that was installed.
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=folder)


def test_the_functions_are_those_that_the_library_describes() -> None:
    sys.path.insert(0, str(HERE))
    try:
        import generate
    finally:
        sys.path.remove(str(HERE))
    assert (HERE / "hinf" / "_commands.py").read_text() == generate.whole(), "run python python/generate.py"
    for name in hinf._hinf.commands():
        assert callable(getattr(hinf, name.replace("-", "_")))


def test_numpy_alone_is_needed() -> None:
    alone = "import sys, hinf; hinf.spectrum('two-layer', dim=2); print(sorted({'pandas', 'matplotlib', 'sympy', 'sklearn', 'scipy'} & set(sys.modules)))"
    assert run("-c", alone).stdout == "[]\n"


def test_the_command_is_the_program() -> None:
    program = Path(sys.executable).parent / "hinf"
    table = [str(program), "table", "--kernel", "two-layer", "--dim", "2", "--degrees", "2"]
    done = subprocess.run(table, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "7/256" in done.stdout
    done = subprocess.run([*table, "--digits", "-3"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.startswith("hinf: --digits: got '-3'") and done.stdout == ""
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f"hinf {hinf.__version__}")


def test_types_hold() -> None:
    pytest.importorskip("mypy")
    settings = str(HERE / "pyproject.toml")
    strict = ["-m", "mypy", "--strict", "--python-executable", sys.executable, "--config-file", settings]
    tests = [str(HERE / "tests"), str(HERE / "generate.py")]
    for words in ([*strict, "-p", "hinf"], [*strict, *tests], ["-m", "mypy.stubtest", "hinf", "--mypy-config-file", settings]):
        done = run(*words)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_public_name_is_documented() -> None:
    for name in hinf.__all__:
        assert name.startswith("__") or getattr(hinf, name).__doc__, name
    assert "max_degree" in (hinf.null_space.__doc__ or "") and "`data`" in (hinf.gram.__doc__ or "")


def test_progress_is_quiet_in_a_pipe() -> None:
    work = "import hinf; hinf.sample('two-layer', dim=2, points=400, repeats=3)"
    done = run("-c", work)
    assert "%" not in done.stderr and done.stdout == ""
    assert run("-c", work.replace("repeats=3", "repeats=3, quiet=True")).stderr == ""
