#!/usr/bin/env python3
"""Reference eigenvalues of zonal kernels on S^d, in ball arithmetic: an oracle written apart from the project.

    pip install python-flint==0.9.0 && python3 spectra.py > spectra.csv

Gauss-Legendre in theta at N and at 1.5 N nodes, every operation an Arb ball. A value is printed only where the two rules
agree to 45 significant digits and the ball is narrower than that. Columns: kernel, dim, degree, value (40 digits).
Kernel texts and conventions are those of `hinf kernels` and src/theory.md.
"""
import re
import sys
from flint import arb, ctx, fmpq

PI = lambda: arb.pi()
def relu(S, q):
    if S is q: return q / 2, arb(1) / 2
    r = S / q; a = angle(r)
    return q / (2 * PI()) * (a.sin() + (PI() - a) * a.cos()), (PI() - a) / (2 * PI())
def angle(r):
    return 2 * ((1 - r) / (1 + r)).sqrt().atan()          # accurate at both ends
def leaky(s):
    def F(S, q):
        f, g = relu(S, q); s_ = arb(s)
        return (1 - s_) ** 2 * f + s_ * S, (1 - s_) ** 2 * g + s_
    return F
def erf(S, q):
    return 2 / PI() * (2 * S / (1 + 2 * q)).asin(), 4 / PI() / ((1 + 2 * q) ** 2 - 4 * S * S).sqrt()
def sine(S, q):
    return (-q).exp() * S.sinh(), (-q).exp() * S.cosh()

def mlp(L, F, w, b, gauss, nngp=False):
    def K(th):
        b_, w_ = arb(b), arb(w)
        t = th.cos(); g = b_ if gauss else arb(0)
        S = t + g; q = 1 + g; T = t + b_
        for _ in range(L):
            f, fd = F(S, q); fq, _ = F(q, q)
            T = w_ * T * fd + w_ * f + b_; S = w_ * f + g; q = w_ * fq + g
        return S if nngp else T
    return K
def resnet(L, F, w, b, gauss, a):
    def K(th):
        b_, w_ = arb(b), arb(w)
        t = th.cos(); g = b_ if gauss else arb(0)
        S = t + g; q = 1 + g; T = t + b_
        a2 = arb(a) * arb(a)
        for _ in range(L):
            f, fd = F(S, q); fq, _ = F(q, q)
            T = T + a2 * (w_ * T * fd + w_ * f + b_); S = S + a2 * (w_ * f + g); q = q + a2 * (w_ * fq + g)
        return T + S
    return K
def two_layer(bias):
    return lambda th: (th.cos() + 1) * (PI() - th) / (4 * PI()) if bias else th.cos() * (PI() - th) / (2 * PI())
def laplace(c): return lambda th: (-2 * arb(c) * (th / 2).sin()).exp()
def gaussian(l): return lambda th: (-(1 - th.cos()) / (arb(l) * arb(l))).exp()
def arccos0(th): return (PI() - th) / PI()
def arccos1(th): return (th.sin() + (PI() - th) * th.cos()) / PI()
def matern32(l):
    def K(th):
        r = arb(3).sqrt() * 2 * (th / 2).sin() / arb(l)
        return (1 + r) * (-r).exp()
    return K

def spectrum(K, d, degrees, N):
    top = max(degrees)
    om = (arb(d + 1) / 2).lgamma() - (arb(d) / 2).lgamma()
    om = om.exp() / PI().sqrt()
    mu = {k: arb(0) for k in degrees}
    for j in range(N):
        x, w = arb.legendre_p_root(N, j, weight=True)
        th = PI() * (x + 1) / 2
        f = K(th) * w * th.sin() ** (d - 1) * PI() / 2
        t = th.cos(); p0, p1 = arb(1), t
        for k in range(top + 1):
            if k in mu: mu[k] += f * p0
            p0, p1 = p1, ((2 * k + d + 1) * t * p1 - (k + 1) * p0) / (k + d)
    return {k: om * v for k, v in mu.items()}

def depth(name):
    m = re.search(r"depth=(\d+)", name)
    return int(m.group(1)) if m else 0

def rows(cases):
    for name, K, d, degrees in cases:
        top = max(degrees)
        ctx.dps = 160 + int(0.9 * top) + d // 4 + 12 * depth(name)
        N = int(1.7 * top + 260 + 12 * d ** 0.5)
        lo, hi = spectrum(K, d, degrees, N), spectrum(K, d, degrees, N * 3 // 2)
        for k in degrees:
            a, b = lo[k], hi[k]
            if b.contains(0):
                assert abs(b.mid()) < arb(10) ** -60 and b.rad() < arb(10) ** -60, (name, d, k, b)
                yield name, d, k, "0"; continue
            rel = abs((a - b) / b).abs_upper() if hasattr(arb, "abs_upper") else abs((a - b) / b)
            assert rel < arb(10) ** -45, (name, d, k, a, b, rel)
            yield name, d, k, b.str(40, radius=False)

R = lambda x: fmpq(x)                                  # exact; becomes a ball where it is used
VISIBLE = [
    ("two-layer", two_layer(False), 2, range(0, 13)), ("two-layer:bias=true", two_layer(True), 2, range(0, 13)),
    ("two-layer", two_layer(False), 3, range(0, 13)), ("two-layer:bias=true", two_layer(True), 9, range(0, 13)),
    ("ntk:depth=1", mlp(1, relu, R(2), R(0), False), 2, range(0, 13)),
    ("ntk:depth=3", mlp(3, relu, R(2), R(0), False), 1, range(0, 21)),
    ("ntk:depth=3", mlp(3, relu, R(2), R(0), False), 2, range(0, 21)),
    ("ntk:depth=3", mlp(3, relu, R(2), R(0), False), 9, range(0, 21)),
    ("ntk:depth=2,b=0.5", mlp(2, relu, R(2), R(1) / 2, False), 2, range(0, 13)),
    ("ntk:depth=2,b=0.5,bias-init=gaussian", mlp(2, relu, R(2), R(1) / 2, True), 2, range(0, 13)),
    ("ntk:depth=2,activation=erf,w=1", mlp(2, erf, R(1), R(0), False), 2, range(0, 13)),
    ("ntk:depth=2,activation=leaky-relu,slope=0.25", mlp(2, leaky(R(1) / 4), R(2), R(0), False), 2, range(0, 13)),
    ("nngp:depth=2", mlp(2, relu, R(2), R(0), False, True), 2, range(0, 13)),
    ("resnet:depth=4,alpha=0.5", resnet(4, relu, R(2), R(0), False, R(1) / 2), 2, range(0, 13)),
    ("arc-cosine:order=0", arccos0, 4, range(0, 13)), ("arc-cosine:order=1", arccos1, 4, range(0, 13)),
    ("laplace:c=1", laplace(R(1)), 2, range(0, 13)), ("gaussian:length=1", gaussian(R(1)), 2, range(0, 13)),
    ("matern:nu=1.5,length=1", matern32(R(1)), 2, range(0, 13)),
]
if __name__ == "__main__":
    print("# made by make.py beside this file; probability normalisation")
    print("kernel;dim;degree;value")
    for r in rows(VISIBLE):
        print(";".join(map(str, r))); sys.stdout.flush()
