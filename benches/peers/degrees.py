#!/usr/bin/env python3
"""High degrees, side by side with the tools one would use instead, in one run.

    cargo build --release
    pip install python-flint==0.9.0 mpmath && python3 benches/peers/degrees.py target/release/hinf

* The program's times are from its start, medians of several runs, by the clock.
* mpmath: `quad` of the Funk-Hecke integral of one degree between the zeros' scale, `besseli`, `hyp1f2`.
* python-flint: `acb.integral` of one degree, `arb.bessel_i`, `arb.hypgeom`.

Values are compared to 48 digits where both sides have them.
"""
import json
import statistics
import subprocess
import sys
import time

import mpmath
from flint import acb, arb, ctx

HINF = sys.argv[1]
DIGITS = 50


def clock(work, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


def hinf(kernel, dim, degrees, digits=DIGITS):
    run = [HINF, "table", "--kernel", kernel, "--dim", str(dim), "--degrees", degrees, "--digits", str(digits), "--format", "json"]
    out = subprocess.run(run, capture_output=True, check=True).stdout
    return {row["degree"]: row["value"] for row in json.loads(out)["tables"][0]["rows"]}


def show(what, ours, peers, value=None):
    text = ", ".join(f"{name} {seconds:.4g} s (ratio {seconds / ours:.3g})" for name, seconds in peers)
    print(f"{what}: hinf {ours:.4g} s" + (f"; {text}" if text else ""))
    if value is not None:
        ours, theirs = value
        assert abs(mpmath.mpf(ours) / theirs - 1) < mpmath.mpf(10) ** -48, (ours, theirs)


def ntk(theta, depth, pi, cos, sin, acos):
    t = cos(theta)
    S, T = t, t
    for layer in range(depth):
        a = theta if layer == 0 else acos(S)
        S, T = (sin(a) + (pi - a) * S) / pi, T * (pi - a) / pi + (sin(a) + (pi - a) * S) / pi
    return T


def quad(k, depth):
    """One degree on the circle by mpmath's own quadrature, split at every few zeros of the cosine."""
    mpmath.mp.dps = DIGITS + 15
    cuts = [mpmath.pi * j / 16 for j in range(17)]
    f = lambda theta: ntk(theta, depth, mpmath.pi, mpmath.cos, mpmath.sin, mpmath.acos) * mpmath.cos(k * theta)
    return mpmath.quad(f, cuts, method="gauss-legendre", maxdegree=10) / mpmath.pi


def integral(k, depth):
    """One degree on the circle with acb.integral."""
    ctx.prec = 300
    pi = acb.pi()
    f = lambda theta, _: ntk(theta, depth, pi, lambda x: x.cos(), lambda x: x.sin(), lambda x: x.acos()) * (k * theta).cos() / pi
    return acb.integral(f, arb(2) ** -260, pi, abs_tol=arb(2) ** -230, rel_tol=arb(2) ** -200).real


def gaussian(k):
    """d = 2, length 1: e^-1 Gamma(3/2) sqrt(2) I_(k+1/2)(1)."""
    mpmath.mp.dps = DIGITS + 15
    return mpmath.exp(-1) * mpmath.gamma(1.5) * mpmath.sqrt(2) * mpmath.besseli(k + mpmath.mpf(1) / 2, 1)


def gaussian_flint(k):
    ctx.prec = 300
    return (-arb(1)).exp() * arb(1.5).gamma() * arb(2).sqrt() * arb(1).bessel_i(arb(k) + arb(0.5))


def main():
    mpmath.mp.dps = DIGITS + 15
    k = 1000
    ours, found = clock(lambda: hinf("ntk:depth=3", 1, str(k)), 5)
    flint, _ = clock(lambda: integral(k, 3), 1)
    theirs, value = clock(lambda: quad(k, 3), 1)
    show(f"ntk:depth=3, circle, k = {k}", ours, [("mpmath.quad", theirs), ("acb.integral", flint)], (found[k], value))

    ours, _ = clock(lambda: hinf("ntk:depth=3", 2, "1000000"), 5)
    show("ntk:depth=3, S^2, k = 10^6", ours, [])
    many, _ = clock(lambda: hinf("ntk:depth=3", 2, "1000000..1001999"), 3)
    print(f"  each of 1999 further degrees: {(many - ours) / 1999 * 1e3:.4f} ms")
    ours, _ = clock(lambda: hinf("ntk:depth=3", 2, "0..10000"), 3)
    show("ntk:depth=3, S^2, k = 0..10000", ours, [])

    ours, found = clock(lambda: hinf("gaussian", 2, "0..1000"), 5)
    theirs, values = clock(lambda: [gaussian(k) for k in range(1001)], 1)
    flint, _ = clock(lambda: [gaussian_flint(k) for k in range(1001)], 1)
    show("gaussian, S^2, k = 0..1000", ours, [("mpmath.besseli", theirs), ("arb.bessel_i", flint)], (found[1000], values[1000]))
    ours, found = clock(lambda: hinf("gaussian", 2, "10000"), 5)
    theirs, value = clock(lambda: gaussian(10000), 3)
    flint, _ = clock(lambda: gaussian_flint(10000), 3)
    show("gaussian, S^2, k = 10^4", ours, [("mpmath.besseli", theirs), ("arb.bessel_i", flint)], (found[10000], value))

    ours, _ = clock(lambda: hinf("ntk:depth=2,activation=erf", 2, "1001"), 3)
    show("ntk:depth=2,activation=erf, S^2, k = 1001", ours, [])
    ours, _ = clock(lambda: hinf("two-layer:bias=true", 2, "1000000000000"), 5)
    show("two-layer:bias=true, S^2, k = 10^12", ours, [])
    ours, _ = clock(lambda: hinf("laplace", 2, "0..1000"), 5)
    show("laplace, S^2, k = 0..1000", ours, [])
    ours, _ = clock(lambda: hinf("ntk:depth=3", 2, "0..60"), 9)
    show("ntk:depth=3, S^2, k = 0..60", ours, [])


main()
