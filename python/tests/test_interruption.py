"""Ctrl-C ends long work within a second, as a KeyboardInterrupt, and keeps what was finished."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Whatever started the tests may have made Ctrl-C go unheard.
PROLOGUE = """
import signal, time, numpy, hinf
signal.signal(signal.SIGINT, signal.default_int_handler)
print("begun", flush=True)
try:
    {call}
except KeyboardInterrupt:
    print("interrupted", flush=True)
    print(hinf.spectrum("two-layer", dim=2, degrees=[2])[0].decimal)
"""
LONG = {
    "null-space": 'hinf.null_space("ntk:depth=1", dim=range(1, 900), max_degree=1000)',
    "spectrum": 'hinf.spectrum("ntk:depth=40", dim=3, degrees=range(2000), digits=400)',
    "verify": 'hinf.verify(dim=range(1, 40), max_degree=2000, digits=500)',
    "gram": 'hinf.sample("ntk:depth=2", dim=2, points=6000, solver="dense", repeats=10, quiet=True)',
    "train": 'hinf.train("mlp", depth=3, dim=2, degrees=range(1, 7), width=512, points=500, max_steps=10**7, quiet=True)',
    "matrix": 'hinf.Kernel("ntk:depth=2")(numpy.random.default_rng(0).standard_normal((30000, 50)), threads=1)',
    "operator": 'hinf.Kernel("ntk:depth=2").eigsh(numpy.random.default_rng(0).standard_normal((100000, 3)), 5)',
}


@pytest.mark.parametrize("name", LONG)
def test_an_interrupt_ends_the_work_within_a_second(name: str) -> None:
    script = PROLOGUE.format(call=LONG[name])
    run = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout is not None and run.stdout.readline() == "begun\n"
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(timeout=1)
    since = time.monotonic()
    run.send_signal(signal.SIGINT)
    assert run.stdout.readline() == "interrupted\n"
    took = time.monotonic() - since
    # The package goes on working after it.
    assert run.stdout.readline() == "0.02734375\n"
    run.communicate(timeout=60)
    assert took < 1.5


def test_what_was_finished_is_kept(tmp_path: Path) -> None:
    call = f'hinf.train("two-layer", bias=True, dim=1, degrees=range(1, 9), width=8192, points=401, checkpoint="{tmp_path}")'
    run = subprocess.Popen([sys.executable, "-c", PROLOGUE.format(call=call)], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None and run.stdout.readline() == "begun\n"
    deadline = time.monotonic() + 60
    while not any(path.is_file() for path in tmp_path.rglob("*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert any(path.is_file() and path.stat().st_size > 0 for path in tmp_path.rglob("*"))
