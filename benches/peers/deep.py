"""A training step of deep networks: hinf against JAX on the CPU, and against the machine's peak.

    pip install jax numpy && python benches/peers/deep.py

Run alone on the machine. Same weights, points, labels and step size on both sides (written out in benches/deep.rs and below); the losses
after 30 steps must agree to four digits. Both sides take turns, and the fastest step of each counts: other work only ever adds time. The peak is that of fused
multiply-adds in registers on all threads (benches/peak.rs), and beside it is the fastest large matrix product that numpy's BLAS or XLA reaches, both in the same
run; the share is of the former. A step costs 6 n width^2 operations a hidden matrix, two products
backward and one forward.
"""

import os
import subprocess
import sys
import time

import numpy as np

from peak import executable, machine_peak

DEPTH, STEPS, TURNS = 3, 30, 3


def jax_steps(kind, width, n, precision):
    """The loss after the steps, and the time of each in ms; in this process's JAX."""
    import jax

    jax.config.update("jax_enable_x64", precision == "f64")
    import jax.numpy as jnp

    residual, dtype = kind == "resnet", np.dtype("float64" if precision == "f64" else "float32")
    hidden = DEPTH if residual else DEPTH - 1
    shapes = [(width, 2)] + [(width, width)] * hidden + [(1, width)]
    count, layers = 0, []
    for rows, columns in shapes:
        i = np.arange(count, count + rows * columns, dtype=np.float64)
        layers.append(jnp.asarray((np.sqrt(2) * np.sin(i * i + 0.5)).reshape(rows, columns).T.astype(dtype)))
        count += rows * columns
    theta = 2 * np.pi * np.arange(n) / n
    x = jnp.asarray(np.stack([np.cos(theta), np.sin(theta)], axis=1).astype(dtype))
    y = jnp.asarray(np.cos(3 * theta).astype(dtype))
    scale = dtype.type(np.sqrt(2 / width))

    def loss(layers):
        z = x @ layers[0]
        for matrix in layers[1:-1]:
            branch = scale * (jax.nn.relu(z) @ matrix)
            z = z + dtype.type(0.5) * branch if residual else branch
        f = z @ layers[-1] / dtype.type(np.sqrt(width)) if residual else scale * (jax.nn.relu(z) @ layers[-1])
        return 0.5 * jnp.sum((f[:, 0] - y) ** 2)

    rate = dtype.type(0.25 / n)
    step = jax.jit(lambda layers: [w - rate * g for w, g in zip(layers, jax.grad(loss)(layers))], donate_argnums=0)
    start = [jnp.array(w) for w in layers]
    jax.block_until_ready(step(start))
    times = []
    for _ in range(STEPS):
        begin = time.perf_counter()
        layers = jax.block_until_ready(step(layers))
        times.append((time.perf_counter() - begin) * 1e3)
    print(float(jax.jit(loss)(layers)), *times)


def product(precision):
    """The most operations a second of a large matrix product, by numpy and by XLA."""
    import jax

    jax.config.update("jax_enable_x64", precision == "f64")
    size, best = 1536, 0.0
    a = np.random.default_rng(0).standard_normal((size, size)).astype("float64" if precision == "f64" else "float32")
    b = jax.numpy.asarray(a)
    square = jax.jit(lambda m: m @ m)
    for _ in range(25):
        for run in (lambda: a @ a, lambda: square(b).block_until_ready()):
            begin = time.perf_counter()
            run()
            best = max(best, 2 * size**3 / (time.perf_counter() - begin))
    print(best)


def numbers(command):
    return [float(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def main():
    if sys.argv[1:]:
        task, *rest = sys.argv[1:]
        return product(*rest) if task == "product" else jax_steps(rest[0], int(rest[1]), int(rest[2]), rest[3])
    own, here = executable("deep"), [sys.executable, os.path.abspath(__file__)]
    print("| network | width | n | precision | hinf ms | JAX ms | JAX / hinf | share of peak |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    for precision in os.environ.get("PRECISIONS", "f32 f64").split():
        peak, rows = 0.0, []
        for kind in ("mlp", "resnet"):
            for width in (512, 1024):
                for n in (256, 1000):
                    ours, theirs = float("inf"), float("inf")
                    for _ in range(TURNS):
                        peak = max(peak, machine_peak(precision))
                        loss, *times = numbers([own, kind, str(DEPTH), str(width), str(n), precision, str(STEPS)])
                        other, *peers = numbers(here + ["jax", kind, str(width), str(n), precision])
                        assert abs(loss - other) < 1e-4 * abs(other), (kind, width, n, precision, loss, other)
                        ours, theirs = min(ours, *times), min(theirs, *peers)
                    hidden = DEPTH if kind == "resnet" else DEPTH - 1
                    rows.append((kind, width, n, ours, theirs, 6 * n * width**2 * hidden / (ours * 1e-3)))
        most = max(numbers(here + ["product", precision]))
        for kind, width, n, ours, theirs, speed in rows:
            print(f"| {kind} | {width} | {n} | {precision} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.2f} | {speed / peak:.0%} |", flush=True)
        print(f"Peak, {precision}: {peak / 1e9:.0f} Gflop/s; fastest large product of numpy or XLA {most / 1e9:.0f}", file=sys.stderr)


if __name__ == "__main__":
    main()
