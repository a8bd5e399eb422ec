"""The Python package against its peers and against the command: times and ratios of one run.

python benches/peers/python.py HINF [PYTHON-WITH-NEURAL-TANGENTS]

HINF is the command built from the same source as the installed package. neural-tangents 0.6.5 needs jax 0.4.30, and has an environment of its own.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import hinf

N, REPEATS = 4000, 7


def best(work, repeats=REPEATS):
    """The least time of several."""
    times = []
    for _ in range(repeats):
        since = time.perf_counter()
        work()
        times.append(time.perf_counter() - since)
    return min(times)


def said(name, seconds, ratio=None):
    """A line of the table."""
    print(f"{name:60} {1e3 * seconds:10.2f} ms" + ("" if ratio is None else f"   ratio {ratio:.2f}"))


def of_the_command(hinf_program, X):
    """The command's own assembly of the same matrix."""
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file.name, X)
        line = [hinf_program, "gram", "--kernel", "ntk:depth=3", "--data", file.name, "--format", "json", "--quiet"]
        runs = [json.loads(subprocess.run(line, capture_output=True, check=True).stdout) for _ in range(3)]
    return min(run["seconds_assemble"] for run in runs)


PEER = """
import os, sys, time, numpy as np, jax
from neural_tangents import stax
jax.config.update("jax_enable_x64", True)
X = np.load(sys.argv[1])
X = X / np.linalg.norm(X, axis=1, keepdims=True)
layers = []
for _ in range(3):
    layers += [stax.Dense(1, W_std=2**0.5), stax.Relu()]
_, _, kernel = stax.serial(*layers, stax.Dense(1, W_std=2**0.5))
kernel = jax.jit(kernel, static_argnames="get")
times = []
for _ in range(5):
    since = time.perf_counter()
    found = np.asarray(kernel(X, None, get="ntk").block_until_ready())
    times.append(time.perf_counter() - since)
print(min(times), found[1, 2] / found[0, 0])
"""


def main():
    """All of them."""
    program, peer = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    X = np.random.default_rng(0).standard_normal((N, 3))
    kernel = hinf.Kernel("ntk:depth=3")
    kernel(X[:9])
    ours = best(lambda: kernel(X))
    command = of_the_command(program, X)
    said(f"k(X), ntk:depth=3, {N} x {N}", ours)
    said("the command's assembly (a triangle)", command, ours / command)
    Y = X.copy()
    said(f"k(X, Y), ntk:depth=3, {N} x {N}", best(lambda: kernel(X, Y)))

    from sklearn.gaussian_process.kernels import Matern

    matern = hinf.Kernel("matern:nu=1.5")
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    peer_kernel = Matern(length_scale=1.0, nu=1.5)
    assert np.abs(matern(X) - peer_kernel(unit)).max() < 1e-12
    ours = best(lambda: matern(X))
    theirs = best(lambda: peer_kernel(unit), 3)
    said("k(X), matern:nu=1.5", ours)
    said("scikit-learn's Matern", theirs, theirs / ours)
    ours, theirs = best(lambda: matern(X, Y)), best(lambda: peer_kernel(unit, unit), 3)
    said("k(X, Y), matern:nu=1.5", ours)
    said("scikit-learn's Matern, of two arrays", theirs, theirs / ours)

    if peer:
        with tempfile.NamedTemporaryFile(suffix=".npy") as file:
            np.save(file.name, X)
            done = subprocess.run([peer, "-c", PEER, file.name], capture_output=True, text=True, check=True)
        seconds, entry = map(float, done.stdout.split())
        found = kernel(X)
        assert abs(found[1, 2] / found[0, 0] - entry) < 1e-6
        ours = best(lambda: kernel(X))
        said("k(X), ntk:depth=3", ours)
        said("neural-tangents, compiled", seconds, seconds / ours)

    def thousand():
        for _ in range(1000):
            hinf.spectrum("two-layer:bias=true", dim=2, degrees=range(10))

    said("a thousand spectra of two-layer:bias=true, dim 2, degrees 0..9", best(thousand, 3))

    def inside(line):
        code = f"import time; s = time.perf_counter(); {line}; print(time.perf_counter() - s)"
        return statistics.median(
            float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(9)
        )

    said("import hinf", inside("import hinf"))
    said("import numpy alone", inside("import numpy"))
    said("import hinf, numpy there already", inside("import numpy; s = time.perf_counter(); import hinf"))


if __name__ == "__main__":
    main()
