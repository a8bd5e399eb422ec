"""Sample spectra: hinf beside numpy and scipy on OpenBLAS, in one run.

Usage: python benches/peers/gram.py target/release/hinf [n [threads [hinf with the feature openblas]]]      (needs numpy, scipy)
       python benches/peers/gram.py target/release/hinf n threads --matrix-free      (hinf alone, beside the machine's peak)

Times of hinf are those it reports; the others are taken around the same work on the same machine. Best of three. The NTK library
neural-tangents is timed too where it can be imported: its kernel in place of the formula in numpy. Beside the peers stand the machine's
own limits, measured in the same run: the fastest large matrix product, and the bandwidth of copying between two large arrays.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

THREADS = sys.argv[3] if len(sys.argv) > 3 else str(os.cpu_count())
os.environ["OPENBLAS_NUM_THREADS"] = THREADS
for override in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(override, None)

import numpy as np
import scipy.linalg
import scipy.sparse.linalg

BINARY = sys.argv[1]
N = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
OPENBLAS = sys.argv[4] if len(sys.argv) > 4 else None
DEGREES = 6
WANTED = (DEGREES + 1) ** 2
# Operations on f64 an entry of the matrix on S^2 (src/gram/values.rs): inner product 6, chord 11, piece of the table 7,
# polynomial 15, weights 2. Its eight coefficients are one cache line of a table of 64 KiB.
ENTRY = 41


def best(work, times=3):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def hinf(*flags, binary=BINARY):
    def once():
        run = subprocess.run([binary, "gram", "--kernel", "two-layer:bias=true", "--format", "json",
                              "--threads", THREADS, *flags],
                             capture_output=True, text=True)
        out = json.loads(run.stdout)
        return out["seconds_assemble"], out["seconds_solve"]
    return min((once() for _ in range(3)), key=sum)


def peak():
    """Gflop/s of the fastest large product."""
    a = np.random.default_rng(1).standard_normal((3000, 3000))
    return 2 * 3000**3 / best(lambda: a @ a, 5) / 1e9


def bandwidth():
    """GB/s, reads and writes counted, of copies on all threads, each of its own 256 MiB."""
    count = int(THREADS)
    pairs = [(np.ones(1 << 25), np.ones(1 << 25)) for _ in range(count)]
    with ThreadPoolExecutor(count) as pool:
        seconds = best(lambda: list(pool.map(lambda p: np.copyto(*p), pairs)), 5)
    return count * 2 * 8 * (1 << 25) / seconds / 1e9


def matrix_free():
    limit = peak()
    start = time.perf_counter()
    run = subprocess.run(["/usr/bin/time", "-v", BINARY, "gram", "--kernel", "two-layer:bias=true", "--dim", "2", "--points", str(N),
                          "--repeats", "1", "--solver", "lanczos", "--format", "json", "--threads", THREADS],
                         capture_output=True, text=True)
    wall = time.perf_counter() - start
    out = json.loads(run.stdout)
    memory = next(int(line.split()[-1]) for line in run.stderr.splitlines() if "Maximum resident" in line)
    processor = sum(float(line.split()[-1]) for line in run.stderr.splitlines() if " time (seconds)" in line)
    products, width = out["iteration"]["products"], out["iteration"]["width"]
    operations = products * N * N * (2 * width + ENTRY / 2)
    rate = operations / out["seconds_solve"] / 1e9
    print(f"n = {N}: {wall:.0f} s in all, {processor:.0f} s of processor time, {memory / 1024:.0f} MiB; {out['verdict']}")
    print(f"solver {out['seconds_solve']:.1f} s: {products} products of {width} columns, {rate:.0f} Gflop/s, {100 * rate / limit:.0f} % of {limit:.0f}")


if "--matrix-free" in sys.argv:
    matrix_free()
    sys.exit()

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
eigh = report("numpy.linalg.eigh: all eigenvectors", best(lambda: np.linalg.eigh(h)))
sparse = report("scipy.sparse.linalg.eigsh", best(lambda: scipy.sparse.linalg.eigsh(h, k=WANTED)))
values = report("scipy.linalg.eigvalsh, dsyevd: all values", best(lambda: scipy.linalg.eigh(h, eigvals_only=True, driver="evd")))
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
if OPENBLAS:
    vectors = hinf(*sample, "--solver", "dense", binary=OPENBLAS)
    report("hinf with openblas, dense: all eigenvectors", vectors[1])
    print(f"  all eigenvectors with openblas, against eigh    {eigh / vectors[1]:7.2f}")
entries = N * (N + 1) / 2
rate, written = entries * ENTRY / own_assembly / 1e9, entries * 8 / own_assembly / 1e9
print(f"assembly: {rate:.1f} Gflop/s of {peak():.0f}; {written:.1f} GB/s written, copies reach {bandwidth():.0f} (read and written)")
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
    own = report("neural-tangents: its kernel, compiled", best(lambda: peer(x).block_until_ready()))
    print(f"  leading pairs, against its kernel and eigh      {(own + eigh) / leading:7.1f}")
