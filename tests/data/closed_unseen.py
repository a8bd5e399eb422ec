#!/usr/bin/env python3
"""Reference eigenvalues of kernels with a closed form, by quadrature that knows none of it.

    pip install mpmath && python3 closed_unseen.py > closed_unseen.csv

Kernels are written out from their definitions as entire functions of theta and integrated by Gauss-Legendre in theta with 130 and with 150 nodes at 100 digits.
A value is printed only where the two agree to 45 digits; it is 0 where both are below 1e-80.
"""
from mpmath import mp, mpf, pi, sin, cos, sqrt, gamma

mp.dps = 100


def num(text):
    a, _, b = str(text).partition("/")
    return mpf(a) / mpf(b or 1)


def relu(slope, q, a):
    m, n = (1 + slope**2) / 2, (1 - slope) ** 2 / 2
    return q * (m * cos(a) + n * (sin(a) - a * cos(a)) / pi), m - n * a / pi


def network(kind, slope="0", w="2", w_in="1", b="0", alpha="1"):
    slope, w, w_in, b, alpha = map(num, (slope, w, w_in, b, alpha))

    def kernel(a):
        f, fd = relu(slope, w_in, a)
        s, t = w_in * cos(a), w_in * cos(a) + b
        if kind == "nngp":
            return w * f
        if kind == "ntk":
            return w * t * fd + w * f + b
        return s + alpha**2 * w * f + t + alpha**2 * (w * t * fd + w * f + b)

    return kernel


KERNELS = [
    ("expr:t^5*theta/pi-(t-1/3)^3+sin(theta)*(1+t^4)/pi", lambda a: cos(a) ** 5 * a / pi - (cos(a) - mpf(1) / 3) ** 3 + sin(a) * (1 + cos(a) ** 4) / pi),
    ("expr:theta/pi*(t^3-2*t)+t^6", lambda a: a / pi * (cos(a) ** 3 - 2 * cos(a)) + cos(a) ** 6),
    ("expr:sqrt(2-2*t)", lambda a: 2 * sin(a / 2)),
    ("expr:(2-2*t)^(5/2)-t*sqrt(2+2*t)/3", lambda a: 32 * sin(a / 2) ** 5 - cos(a) * 2 * cos(a / 2) / 3),
    ("expr:sin(theta/2)*t^2+theta/pi", lambda a: sin(a / 2) * cos(a) ** 2 + a / pi),
    ("expr:sqrt(3)*sin(theta)+pi*sqrt(3)*t^3", lambda a: sqrt(mpf(3)) * (sin(a) + pi * cos(a) ** 3)),
    ("expr:cos(5*theta/2)+t^2*acos(t)", lambda a: cos(5 * a / 2) + cos(a) ** 2 * a),
    ("ntk:depth=1,activation=leaky-relu,slope=-0.3,b=0.7,w=1.5,w-in=0.4", network("ntk", "-0.3", "1.5", "0.4", "0.7")),
    ("ntk:depth=1,b=2/3", network("ntk", b="2/3")),
    ("resnet:depth=1,alpha=0.7,b=0.2", network("resnet", b="0.2", alpha="0.7")),
    ("nngp:depth=1,activation=leaky-relu,slope=3/7,b=1/5", network("nngp", "3/7", b="1/5")),
    ("arc-cosine:order=2", lambda a: (3 * sin(a) * cos(a) + (pi - a) * (1 + 2 * cos(a) ** 2)) / (3 * pi)),
]
DIMS = [1, 2, 3, 4, 7, 11]
DEGREES = [0, 1, 2, 5, 8, 17, 40]


def rule(n):
    """Nodes and weights on [0, pi]."""
    for i in range(1, n + 1):
        x = cos(pi * (4 * i - 1) / (4 * n + 2))
        for _ in range(9):
            p, q = mpf(1), x
            for j in range(2, n + 1):
                p, q = q, ((2 * j - 1) * x * q - (j - 1) * p) / j
            slope = n * (x * q - p) / (x * x - 1)
            x -= q / slope
        yield pi * (1 + x) / 2, pi / ((1 - x * x) * slope**2)


def zonal(d, t):
    """P_0, ..., P_40 at t, 1 at t = 1."""
    values = [mpf(1), t]
    for k in range(1, max(DEGREES)):
        values.append(((2 * k + d - 1) * t * values[k] - k * values[k - 1]) / (k + d - 1))
    return values


def integrals(n):
    sums = {}
    for a, weight in rule(n):
        values = [kernel(a) for _, kernel in KERNELS]
        for d in DIMS:
            p, measure = zonal(d, cos(a)), weight * sin(a) ** (d - 1)
            for i, value in enumerate(values):
                for k in DEGREES:
                    sums[i, d, k] = sums.get((i, d, k), 0) + value * p[k] * measure
    omega = {d: gamma(mpf(d + 1) / 2) / sqrt(pi) / gamma(mpf(d) / 2) for d in DIMS}
    return {key: omega[key[1]] * value for key, value in sums.items()}


first, second = integrals(130), integrals(150)
print("# made by closed_unseen.py beside this file; probability normalisation")
print("kernel;dim;degree;value")
for (i, d, k), value in second.items():
    other = first[i, d, k]
    tiny = abs(value) < mpf(10) ** -80 and abs(other) < mpf(10) ** -80
    assert tiny or abs(value - other) < abs(value) * mpf(10) ** -45, (KERNELS[i][0], d, k, value, other)
    print(f"{KERNELS[i][0]};{d};{k};{'0' if tiny else mp.nstr(value, 42, strip_zeros=False)}")
