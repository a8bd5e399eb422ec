#!/usr/bin/env python3
"""More reference eigenvalues: deep, biased, residual, unusual activations, large d and k.

    pip install python-flint==0.9.0 mpmath && python3 unseen.py > unseen.csv

The kernels are written out from the definitions with plain covariances (no angles are carried: the working precision is
raised until that does not matter), and integrated by Gauss-Legendre in theta with two numbers of nodes. A value is
printed only where the two agree to 43 significant digits. The gelu rows come from a Hermite series instead.
"""
from fractions import Fraction as Q
import sys
from flint import arb, ctx, fmpq
import mpmath


def num(x):
    x = Q(x)
    return arb(fmpq(x.numerator, x.denominator))


def relu(slope):
    def dual(S, q):
        s = num(slope)
        a = arb(0) if S is q else (S / q).acos()
        f = q / (2 * arb.pi()) * (a.sin() + (arb.pi() - a) * a.cos())
        g = (arb.pi() - a) / (2 * arb.pi())
        return (1 - s) ** 2 * f + s * S, (1 - s) ** 2 * g + s

    return dual


def erf(S, q):
    return 2 / arb.pi() * (2 * S / (1 + 2 * q)).asin(), 4 / arb.pi() / ((1 + 2 * q) ** 2 - 4 * S * S).sqrt()


def sine(S, q):
    return (-q).exp() * S.sinh(), (-q).exp() * S.cosh()


def network(kind, L, dual, w=2, w_in=1, b=0, gauss=False, alpha=1):
    def K(theta):
        W, B, A = num(w), num(b), num(alpha)
        G = B if gauss else arb(0)
        V = num(w_in)
        S, T, q = V * theta.cos() + G, V * theta.cos() + B, V + G
        for _ in range(L):
            f, fd = dual(S, q)
            fq, _ = dual(q, q)
            if kind == "resnet":
                T = T + A * A * (W * T * fd + W * f + B)
                S, q = S + A * A * (W * f + G), q + A * A * (W * fq + G)
            else:
                T, S, q = W * T * fd + W * f + B, W * f + G, W * fq + G
        return {"ntk": T, "nngp": S, "resnet": T + S}[kind]

    return K


def integrate(K, d, degrees, N):
    om = ((arb(d + 1) / 2).lgamma() - (arb(d) / 2).lgamma()).exp() / arb.pi().sqrt()
    out = {k: arb(0) for k in degrees}
    for j in range(N):
        x, w = arb.legendre_p_root(N, j, weight=True)
        th = arb.pi() * (x + 1) / 2
        th, w = th.mid(), w.mid()
        f = (K(th) * w * th.sin() ** (d - 1) * arb.pi() / 2).mid()
        t, p0 = th.cos().mid(), arb(1)
        p1 = t
        for k in range(max(degrees) + 1):
            if k in out:
                out[k] += f * p0
            p0, p1 = p1, (((2 * k + d + 1) * t * p1 - (k + 1) * p0) / (k + d)).mid()
    return {k: om * v for k, v in out.items()}


CASES = [
    ("ntk:depth=50", network("ntk", 50, relu(0)), 2, [0, 1, 2, 5, 20, 60], 220, 5000),
    ("ntk:depth=20,w=3/2,b=1/10", network("ntk", 20, relu(0), w="3/2", b="1/10"), 3, [0, 1, 2, 7, 30], 200, 3000),
    ("ntk:depth=10,activation=leaky-relu,slope=-0.3", network("ntk", 10, relu("-0.3")), 9, [0, 1, 2, 3, 10, 25], 200, 2000),
    ("ntk:depth=4,b=0.25,bias-init=gaussian", network("ntk", 4, relu(0), b="0.25", gauss=True), 2, [0, 1, 2, 3, 50, 199, 200], 480, 1200),
    ("nngp:depth=7", network("nngp", 7, relu(0)), 30, [0, 1, 2, 3, 15], 260, 1500),
    ("resnet:depth=10,alpha=1/2", network("resnet", 10, relu(0), alpha="1/2"), 1, [0, 1, 2, 3, 40, 100], 320, 1500),
    ("resnet:depth=10", network("resnet", 10, relu(0)), 6, [0, 1, 2, 3, 40], 260, 1500),
    ("resnet:depth=4,alpha=0.3,b=1/5,bias-init=gaussian,activation=erf", network("resnet", 4, erf, w=1, b="1/5", gauss=True, alpha="0.3"), 4, [0, 1, 2, 3, 9], 200, 800),
    ("resnet:depth=2,alpha=0.7,activation=leaky-relu,slope=0.2,b=1", network("resnet", 2, relu("0.2"), b=1, alpha="0.7"), 5, [0, 1, 2, 3, 33], 200, 800),
    ("ntk:depth=3,activation=sin,w=1.7,w-in=2", network("ntk", 3, sine, w="1.7", w_in=2), 783, [1, 3, 5], 620, 1200),
    ("ntk:depth=3", network("ntk", 3, relu(0)), 783, [0, 1, 2, 3, 4, 5, 6], 620, 1200),
    ("ntk:depth=5", network("ntk", 5, relu(0)), 20, [0, 1, 2, 17, 100], 420, 1600),
    ("ntk:depth=2,w-in=3,b=1", network("ntk", 2, relu(0), w_in=3, b=1), 100, [0, 1, 2, 3, 12], 400, 1200),
    ("ntk:depth=6,activation=erf,b=0.1", network("ntk", 6, erf, w=1, b="0.1"), 3, [0, 1, 2, 3, 20], 220, 1000),
    ("laplace:c=7/2", lambda th: (-num("7/2") * 2 * (th / 2).sin()).exp(), 12, [0, 1, 2, 3, 50], 320, 1200),
    ("matern:nu=2.5,length=1/3", lambda th: matern52(6 * (th / 2).sin()), 5, [0, 1, 2, 3, 60], 320, 1000),
    ("gaussian:length=0.2", lambda th: (-(1 - th.cos()) * 25).exp(), 20, [0, 1, 2, 3, 30], 320, 1200),
    ("arc-cosine:order=2", lambda th: (3 * th.sin() * th.cos() + (arb.pi() - th) * (1 + 2 * th.cos() ** 2)) / (3 * arb.pi()), 7, [0, 1, 2, 3, 41], 220, 900),
    ("expr:exp(-theta)*(1+t)", lambda th: (-th).exp() * (1 + th.cos()), 3, [0, 1, 2, 3, 30], 160, 700),
    ("expr:(pi-theta)^2/10", lambda th: (arb.pi() - th) ** 2 / 10, 2, [0, 1, 2, 3, 80], 280, 700),
]


def matern52(r):
    z = arb(5).sqrt() * r
    return (1 + z + z * z / 3) * (-z).exp()


def digits(v):
    mpmath.mp.prec = ctx.prec
    return mpmath.mpf(v.mid().str(90, radius=False))


def gelu_rows():
    """K = F(t; 1) of nngp:depth=1,w=1: sum_n c_n^2 t^n / n!, c_n = E[gelu(u) He_n(u)]."""
    mpmath.mp.dps = 70
    terms = 190
    phi = lambda u: mpmath.exp(-u * u / 2) / mpmath.sqrt(2 * mpmath.pi)

    def moments():
        # The trapezoidal rule converges faster than any power for these entire, Gaussian-decaying integrands.
        h = mpmath.mpf(1) / 24
        sums = [mpmath.mpf(0)] * terms
        for j in range(-24 * 30, 24 * 30 + 1):
            u = j * h
            f = u * mpmath.ncdf(u) * phi(u) * h
            a, b = mpmath.mpf(1), u
            for n in range(terms):
                sums[n] += f * a
                # Normalised: He_n / sqrt(n!).
                a, b = b, (u * b - mpmath.sqrt(n + 1) * a) / mpmath.sqrt(n + 2)
        return sums

    c = moments()
    for d in (2, 5):
        for k in (0, 1, 2, 3, 4, 10):
            total = mpmath.mpf(0)
            for n in range(k, terms, 2):
                # E[t^n P_k(t)] by Rodrigues: n!/(n-k)! Gamma((d+1)/2) / (2^k Gamma(k+(d+1)/2)) * E-weight moments.
                D = mpmath.mpf(d)
                m = n - k
                moment = mpmath.gamma((m + 1) / mpmath.mpf(2)) / mpmath.gamma((m + 1) / mpmath.mpf(2) + k + D / 2)
                omega = mpmath.gamma((D + 1) / 2) / (mpmath.sqrt(mpmath.pi) * mpmath.gamma(D / 2))
                falling = mpmath.factorial(n) / mpmath.factorial(m)
                rodrigues = mpmath.gamma(D / 2) / (mpmath.mpf(2) ** k * mpmath.gamma(k + D / 2))
                total += c[n] ** 2 * omega * falling * rodrigues * moment * mpmath.gamma(k + D / 2)
            # gelu(u) - u/2 is even, so odd degrees from 3 on vanish.
            text = "0" if total < mpmath.mpf(10) ** -60 else mpmath.nstr(total, 42)
            print(f"nngp:depth=1,activation=gelu,w=1;{d};{k};{text}")


print("# made by unseen.py beside this file; probability normalisation")
print("kernel;dim;degree;value")
gelu_rows()
sys.stdout.flush()
for name, K, d, degrees, N, prec in CASES:
    ctx.prec = prec
    coarse, fine = (integrate(K, d, degrees, n) for n in (N, N * 7 // 5))
    for k in degrees:
        a, b = digits(coarse[k]), digits(fine[k])
        if abs(a - b) <= abs(b) * mpmath.mpf(10) ** -43:
            print(f"{name};{d};{k};{mpmath.nstr(b, 42)}")
        else:
            print(f"{name} {d} {k}: {a} {b}", file=sys.stderr)
    sys.stdout.flush()
