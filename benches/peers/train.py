"""One step of full-batch gradient descent on the two-layer network: hinf against JAX on the CPU.

Same points, weights laid out the same way, same loss; n = 1000 points on S^2, m = 4096 units, 3 inputs. `hinf train` is run twice, with
few and with many steps, so that the difference is steps alone. Prints milliseconds a step, their ratio, and what share of the machine's peak of fused
multiply-adds (benches/peak.rs, in the same run) the operations that a step needs make up: w.x, the gradient and w.x again, three each, and one for the
sum over units, of two operations each, a unit and point.

    pip install jax
    python benches/peers/train.py target/release/hinf
"""
import json
import subprocess
import sys
import time

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np

from peak import machine_peak

N, M, KAPPA, DEGREE, STEPS = 1000, 4096, 10.0, 4, 30


def fibonacci(n):
    i = np.arange(n)
    z = (n - 1 - 2 * i) / n
    r = np.sqrt((2 * i + 1) / n * (2 * (n - i) - 1) / n)
    a = 2 * np.pi * ((i * 0.6180339887498949) % 1)
    return np.stack([r * np.cos(a), r * np.sin(a), z], axis=1)


def hinf(binary, precision, steps):
    command = [
        binary, "train", "--model", "two-layer", "--dim", "2", "--degrees", str(DEGREE), "--width", str(M), "--points", str(N),
        "--kappa", str(KAPPA), "--precision", precision, "--max-steps", str(steps), "--delta", "1e-9", "--format", "json",
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peer(dtype, step):
    x = jnp.array(fibonacci(N), dtype)
    t = fibonacci(N)[:, 2]
    y = jnp.array((35 * t**4 - 30 * t**2 + 3) / 8, dtype)
    w = jnp.array(np.repeat(fibonacci(M // 2), 2, axis=0) * KAPPA * np.sqrt(3), dtype)
    a = jnp.array(np.where(np.arange(M) % 2 == 0, 1.0, -1.0), dtype)

    def loss(w):
        f = (jax.nn.relu(x @ w.T) @ a) / jnp.sqrt(jnp.array(M, dtype))
        return 0.5 * jnp.sum((f - y) ** 2)

    def residual(w):
        return jnp.sqrt(2 * loss(w) / jnp.sum(y**2))

    one = jax.jit(lambda w: w - jnp.array(step, dtype) * jax.grad(loss)(w))
    end = w
    for _ in range(STEPS):
        end = one(end)
    left = float(residual(end))
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        v = w
        for _ in range(STEPS):
            v = one(v)
        v.block_until_ready()
        best = min(best, (time.perf_counter() - begun) / STEPS)
    return 1e3 * best, left


def main(binary):
    print(f"| precision | hinf, ms a step | JAX {jax.__version__}, ms a step | ratio | share of peak | residual after {STEPS} steps |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for precision, dtype in [("f32", jnp.float32), ("f64", jnp.float64)]:
        short = min((hinf(binary, precision, STEPS) for _ in range(3)), key=lambda found: found["seconds_training"])
        long = min((hinf(binary, precision, 11 * STEPS) for _ in range(3)), key=lambda found: found["seconds_training"])
        own = 1e3 * (long["seconds_training"] - short["seconds_training"]) / (10 * STEPS)
        peak = max(machine_peak(precision) for _ in range(3))
        share = 20 * N * M / (own * 1e-3) / peak
        theirs, left = peer(dtype, short["hyper_parameters"]["lr"])
        print(f"| {precision} | {own:.2f} | {theirs:.2f} | {theirs / own:.1f} | {share:.0%} of {peak / 1e9:.0f} Gflop/s | {short['rows'][0]['final_residual']:.6f} against {left:.6f} |")


if __name__ == "__main__":
    main(sys.argv[1])
