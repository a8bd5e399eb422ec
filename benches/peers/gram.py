"""Sample spectra: hinf beside numpy and scipy on OpenBLAS, in one run.

Usage: python benches/peers/gram.py target/release/hinf [n [threads]]      (needs numpy, scipy)

Times of hinf are those it reports; the others are taken around the same work on the same machine. Best of three. The NTK library
neural-tangents is timed too where it can be imported: its kernel in place of the formula in numpy.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

THREADS = sys.argv[3] if len(sys.argv) > 3 else str(os.cpu_count())
os.environ["OPENBLAS_NUM_THREADS"] = THREADS

import numpy as np
import scipy.linalg
import scipy.sparse.linalg

BINARY = sys.argv[1]
N = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
DEGREES = 6
WANTED = (DEGREES + 1) ** 2


def best(work, times=3):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def hinf(*flags):
    def once():
        run = subprocess.run([BINARY, "gram", "--kernel", "two-layer:bias=true", "--format", "json",
                              "--threads", THREADS, *flags],
                             capture_output=True, text=True)
        out = json.loads(run.stdout)
        return out["seconds_assemble"], out["seconds_solve"]
    return min((once() for _ in range(3)), key=sum)


rng = np.random.default_rng(0)
x = rng.standard_normal((N, 3))
x /= np.linalg.norm(x, axis=1, keepdims=True)


def kernel():
    t = np.clip(x @ x.T, -1, 1)
    return (t + 1) * (np.pi - np.arccos(t)) / (4 * np.pi) / N


def report(name, seconds):
    print(f"{name:58s} {seconds:8.3f} s", flush=True)
    return seconds


print(f"two-layer:bias=true, S^2, n = {N}, {THREADS} threads, leading {WANTED} eigenpairs unless said otherwise")
sample = ["--dim", "2", "--points", str(N), "--repeats", "1"]
leading = report("hinf, lanczos: assembly and solve", sum(hinf(*sample)))
h = kernel()
assembly = report("numpy: kernel by its formula", best(kernel))
eigh = report("numpy.linalg.eigh: all eigenvectors", best(lambda: np.linalg.eigh(h), 1))
sparse = report("scipy.sparse.linalg.eigsh", best(lambda: scipy.sparse.linalg.eigsh(h, k=WANTED)))
values = report("scipy.linalg.eigvalsh, dsyevd: all values", best(lambda: scipy.linalg.eigh(h, eigvals_only=True, driver="evd"), 1))
with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    np.savetxt(file, x, delimiter=",", fmt="%.17g")
    file.flush()
    own_assembly, own_values = hinf("--data", file.name)
report("hinf, dense: assembly", own_assembly)
report("hinf, dense: all values", own_values)
vectors = hinf(*sample, "--solver", "dense")
report("hinf, dense: all eigenvectors", vectors[1])
print("\nratios (above 1: hinf is faster)")
print(f"  leading pairs, against numpy kernel and eigh    {(assembly + eigh) / leading:7.1f}")
print(f"  leading pairs, against numpy kernel and eigsh   {(assembly + sparse) / leading:7.2f}")
print(f"  leading pairs, against eigsh alone              {sparse / leading:7.2f}")
print(f"  assembly                                        {assembly / own_assembly:7.1f}")
print(f"  all values, against dsyevd                      {values / own_values:7.2f}")
print(f"  all eigenvectors, against eigh                  {eigh / vectors[1]:7.2f}")
try:
    import jax
    jax.config.update("jax_enable_x64", True)
    from neural_tangents import stax
except ImportError:
    print("neural-tangents cannot be imported here: not timed")
else:
    _, _, ntk = stax.serial(stax.Dense(1), stax.Relu(), stax.Dense(1))
    peer = jax.jit(lambda a: ntk(a, None, "ntk"))
    peer(x).block_until_ready()
    print(f"  neural-tangents kernel (compiled)  {report('neural-tangents', best(lambda: peer(x).block_until_ready())):7.3f} s")
