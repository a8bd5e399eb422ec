#!/usr/bin/env python3
"""Eigenvalues, side by side with the tools one would use instead, in one run.

    cargo build --release
    pip install python-flint==0.9.0 mpmath && python3 benches/peers/spectrum.py target/release/hinf

* mpmath: the Funk-Hecke integral by Gauss-Legendre in theta with 192 nodes at 50 digits, as a user would write it.
* python-flint: acb.integral of each degree, in ball arithmetic, the precision raised until the answer has 50 digits.

Medians of several runs, in seconds by the clock and of processor time (all threads together); the program's time includes its
start. The peers use one thread.
"""
import json
import resource
import statistics
import subprocess
import sys
import time

import mpmath
from flint import acb, arb, ctx

HINF = sys.argv[1]
DIGITS = 50


def processor():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(work, runs):
    if runs > 1:
        work()
    times = []
    for _ in range(runs):
        start = time.perf_counter(), processor()
        result = work()
        times.append((time.perf_counter() - start[0], processor() - start[1]))
    return [statistics.median(column) for column in zip(*times)], result


def compared(ours, theirs):
    clock, processors = zip(ours, theirs)
    line = lambda name, a, b: f"{name} {a*1e3:.2f} against {b*1e3:.0f} ms, ratio {b/a:.0f}"
    return line("by the clock", *clock) + "; " + line("processor time", *processors)


def hinf(kernel, dim, degrees, digits=DIGITS):
    run = [HINF, "table", "--kernel", kernel, "--dim", str(dim), "--degrees", degrees, "--digits", str(digits), "--format", "json"]
    out = subprocess.run(run, capture_output=True, check=True).stdout
    return {row["degree"]: row["value"] for row in json.loads(out)["tables"][0]["rows"]}


def ntk(theta, depth, pi, cos, sin, acos):
    t = cos(theta)
    S, T = t, t
    for layer in range(depth):
        a = theta if layer == 0 else acos(S)
        S, T = (sin(a) + (pi - a) * S) / pi, T * (pi - a) / pi + (sin(a) + (pi - a) * S) / pi
    return T


def by_mpmath(degrees, depth, dim, nodes=192):
    mpmath.mp.dps = DIGITS + 15
    pi = mpmath.pi
    # Newton's method for the nodes, as in a textbook.
    rule = []
    for j in range(nodes):
        x = mpmath.cos(pi * (j + mpmath.mpf(3) / 4) / (nodes + mpmath.mpf(1) / 2))
        while True:
            p0, p1 = mpmath.mpf(1), x
            for n in range(1, nodes):
                p0, p1 = p1, ((2 * n + 1) * x * p1 - n * p0) / (n + 1)
            slope = nodes * (x * p1 - p0) / (x * x - 1)
            step = p1 / slope
            x -= step
            if abs(step) < mpmath.mpf(10) ** (-DIGITS - 10):
                break
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    om = mpmath.gamma(mpmath.mpf(dim + 1) / 2) / (mpmath.sqrt(pi) * mpmath.gamma(mpmath.mpf(dim) / 2))
    sums = [mpmath.mpf(0)] * (max(degrees) + 1)
    for x, w in rule:
        theta = pi * (x + 1) / 2
        f = ntk(theta, depth, pi, mpmath.cos, mpmath.sin, mpmath.acos) * w * mpmath.sin(theta) ** (dim - 1) * pi / 2
        t = mpmath.cos(theta)
        p0, p1 = mpmath.mpf(1), t
        for k in range(max(degrees) + 1):
            sums[k] += f * p0
            p0, p1 = p1, ((2 * k + dim + 1) * t * p1 - (k + 1) * p0) / (k + dim)
    return {k: om * sums[k] for k in degrees}


def by_flint(degree, depth, dim):
    """One degree with acb.integral on S^2, precision raised until 50 digits stand."""
    assert dim == 2
    precision = 200
    while True:
        ctx.prec = precision
        pi = acb.pi()

        def integrand(theta, _):
            t = theta.cos()
            value = ntk(theta, depth, pi, lambda x: x.cos(), lambda x: x.sin(), lambda x: x.acos())
            return value * t.legendre_p(degree) * theta.sin() / 2

        # acos has its branch point at theta = 0: stop short of it by less than the answer can show.
        value = acb.integral(integrand, arb(2) ** -precision, pi, rel_tol=arb(2) ** -precision, abs_tol=arb(2) ** -precision).real
        if value.is_finite() and value.rel_accuracy_bits() >= DIGITS * 3.33:
            return value
        precision = precision * 3 // 2
        if precision > 4000:
            return value


def main():
    ours, found = timed(lambda: hinf("ntk:depth=3", 2, "0..60"), 25)
    theirs, peer = timed(lambda: by_mpmath(range(61), 3, 2), 3)
    worst = max(abs(mpmath.mpf(found[k]) / peer[k] - 1) for k in range(61))
    print(f"ntk:depth=3, S^2, k = 0..60, 50 digits, mpmath: {compared(ours, theirs)}; largest difference {mpmath.nstr(worst, 2)}")

    for depth, degrees, every in ((1, 60, 12), (3, 60, 20), (3, 200, 50)):
        sample = list(range(0, degrees + 1, every))
        ours, found = timed(lambda: hinf(f"ntk:depth={depth},b=1/1000000000000000000000000000000000000000000000000000000000000" if depth == 1 else f"ntk:depth={depth}", 2, f"0..{degrees}"), 5)
        theirs, values = timed(lambda: [by_flint(k, depth, 2) for k in sample], 1)
        ours, theirs = [x / (degrees + 1) for x in ours], [x / len(sample) for x in theirs]
        bits = [v.rel_accuracy_bits() if v.is_finite() else 0 for v in values]
        print(f"ntk:depth={depth}, S^2, k = 0..{degrees}, 50 digits, a degree, acb.integral: {compared(ours, theirs)}; its accuracy in bits {bits}")


main()
