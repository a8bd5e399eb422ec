#!/usr/bin/env python3
"""Reference eigenvalues of networks in which an activation with a kink follows one that is known by a Hermite series.

    pip install mpmath==1.3.0 && python3 kinked_networks.py > kinked_networks.csv

Plain mpmath: Hermite coefficients by the trapezoidal rule on the line, the layers by their formulas, Gauss-Legendre in theta. Every value is printed
where two runs agree to 43 digits: other steps, lengths of series, numbers of nodes and precisions.
"""
import sys
from functools import lru_cache
from multiprocessing import Pool

from mpmath import mp, mpf

FUNCTIONS = {
    "tanh": lambda u: mp.tanh(u),
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "silu": lambda u: u / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log1p(mp.exp(-abs(u))) + max(u, 0),
}


class Run:
    def __init__(self, digits, step, terms, nodes):
        self.digits, self.step, self.terms, self.nodes = digits, step, terms, nodes
        mp.dps = digits
        self.cache = {}

    def squares(self, name, q):
        """a_n^2 for n below `terms`, by sums over z = j step."""
        key = (name, mp.nstr(q, 60))
        if key in self.cache:
            return self.cache[key]
        h, f = mpf(self.step), FUNCTIONS[name]
        reach = int(2 * mp.sqrt(self.digits * mp.log(10)) / h) + 2
        sums = [mpf(0)] * self.terms
        for j in range(reach + 1):
            z = j * h
            near, far = [h * mp.npdf(z) * f(side * mp.sqrt(q) * z) for side in (1, -1)]
            both = [near + far, near - far] if j else [near, 0]
            before, last = mpf(0), mpf(1)
            for n in range(self.terms):
                if both[n % 2]:
                    sums[n] += both[n % 2] * last
                before, last = last, (z * last - self.root(n) * before) / self.root(n + 1)
        self.cache[key] = [a * a for a in sums]
        return self.cache[key]

    @lru_cache(maxsize=None)
    def root(self, n):
        return mp.sqrt(n)

    # A state is (S, Theta, q, m).
    def dense(self, x, w=1, b=0, lr=1, gaussian=False):
        s, t, q, _ = x
        w, b, lr = mpf(w), mpf(b), mpf(lr)
        g = b if gaussian else 0
        return (w * s + g, w * t + lr * w * s + lr * b, w * q + g, mpf(0))

    def phi(self, x, name, parameter=0):
        s, t, q, _ = x
        rho = s / q
        if name in FUNCTIONS:
            c = self.squares(name, q)
            value = slope = mpf(0)
            for n in range(self.terms - 1, -1, -1):
                slope = slope * rho + value
                value = value * rho + c[n]
            mean = mp.sqrt(c[0]) if name != "tanh" else mpf(0)
            return (value, slope / q * t, sum(c), mean)
        a = mp.acos(min(rho, 1))
        if name == "step":
            return ((mp.pi - a) / (2 * mp.pi), 0 * t, mpf(1) / 2, mpf(1) / 2)
        if name == "square":  # u^2 for u > 0
            j1 = mp.sin(a) + (mp.pi - a) * mp.cos(a)
            j2 = 3 * mp.cos(a) * j1 + mp.sin(a) ** 2 * (mp.pi - a)
            return (q * q * j2 / (2 * mp.pi), 4 * q * j1 / (2 * mp.pi) * t, 3 * q * q / 2, q / 2)
        k = mpf(parameter)  # relu with a slope
        a0, b0 = (1 + k * k) / 2, (1 - k) ** 2 / 2
        value = q * (a0 * rho + b0 * (mp.sin(a) - a * rho) / mp.pi)
        return (value, (a0 - b0 * a / mp.pi) * t, q * a0, (1 - k) * mp.sqrt(q / (2 * mp.pi)))

    def norm(self, x, centred):
        s, t, q, m = x
        v = q - m * m if centred else q
        return ((s - m * m) / v if centred else s / v, t / v, mpf(1), mpf(0) if centred else m / mp.sqrt(v))

    def gelu(self, x):
        s, t, q, _ = x
        d = mp.sqrt((1 + q) ** 2 - s * s)
        top = lambda s: (q * q * (1 + q) + s * s * (1 - q)) / (1 + q)
        part = lambda s, d: s / 4 + (top(s) / d + s * mp.asin(s / (1 + q))) / (2 * mp.pi)
        bent = mp.asin(s / (1 + q)) + s / d + 2 * s * (1 - q) / ((1 + q) * d) + s * top(s) / d**3
        slope = mpf(1) / 4 + bent / (2 * mp.pi)
        return (part(s, d), slope * t, part(q, mp.sqrt(1 + 2 * q)), q / mp.sqrt(2 * mp.pi * (1 + q)))

    @staticmethod
    def sum(a, b):
        cross = 2 * a[3] * b[3]
        return (a[0] + b[0] + cross, a[1] + b[1], a[2] + b[2] + cross, a[3] + b[3])

    @staticmethod
    def product(a, b):
        return (a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[2], a[3] * b[3])

    @staticmethod
    def scale(x, c):
        c = mpf(c)
        return (c * c * x[0], c * c * x[1], c * c * x[2], c * x[3])

    def eigenvalues(self, network, d, degrees):
        mp.dps = self.digits
        nodes = gauss(self.nodes, self.digits)
        sums = [mpf(0)] * len(degrees)
        omega = mp.gamma(mpf(d + 1) / 2) / (mp.sqrt(mp.pi) * mp.gamma(mpf(d) / 2))
        for x, weight in nodes:
            theta = mp.pi * (1 + x) / 2
            t = mp.cos(theta)
            k = network(self, (t, mpf(0), mpf(1), mpf(0)))
            mass = weight * mp.pi / 2 * omega * mp.sin(theta) ** (d - 1) * k
            p, before = mpf(1), mpf(0)
            for n in range(max(degrees) + 1):
                if n in degrees:
                    sums[degrees.index(n)] += mass * p
                if d == 1:
                    p, before = (t * p, p) if n == 0 else (2 * t * p - before, p)
                else:
                    p, before = ((2 * n + d - 1) * t * p - n * before) / (n + d - 1), p
        return sums


@lru_cache(maxsize=None)
def gauss(n, digits):
    """Nodes and weights by Newton's method."""
    mp.dps = digits
    found = []
    for i in range(n):
        x = mp.cos(mp.pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(9):
            p, before = mpf(1), mpf(0)
            for k in range(n):
                p, before = ((2 * k + 1) * x * p - k * before) / (k + 1), p
            slope = n * (x * p - before) / (x * x - 1)
            x -= p / slope
        found.append((x, 2 / ((1 - x * x) * slope * slope)))
    return found


def pick(x, tangent=True):
    return x[1] if tangent else x[0]


CASES = [
    ("ntk:dense tanh dense relu dense", 2, [0, 1, 2, 3, 6, 9, 20],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.phi(r.dense(x), "tanh")), "relu")))),
    ("nngp:dense(w=0.5) tanh dense abs dense(w=1.5)", 3, [0, 2, 4, 8, 16],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.phi(r.dense(x, "0.5"), "tanh")), "relu", -1), "1.5"), False)),
    ("ntk:dense(b=0.3) sigmoid dense(w=2) leaky-relu(0.2) dense relu dense(w=0.7)", 2, [0, 1, 2, 5, 8, 13],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.phi(r.dense(r.phi(r.dense(x, b="0.3"), "sigmoid"), 2),
                                                   "relu", "0.2")), "relu"), "0.7"))),
    ("ntk:dense relu dense tanh dense relu dense", 2, [0, 1, 2, 3, 6],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.phi(r.dense(r.phi(r.dense(x), "relu")), "tanh")), "relu")))),
    ("nngp:dense silu dense step dense", 2, [0, 1, 2, 3, 10],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.phi(r.dense(x), "silu")), "step")), False)),
    ("ntk:dense(w=0.5) softplus layer-norm dense rectified-monomial(2) dense", 5, [0, 1, 2, 3, 7],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.norm(r.phi(r.dense(x, "0.5"), "softplus"), True)), "square")))),
    ("ntk:dense silu rms-norm dense(b=0.1,bias-init=gaussian) relu dense(train=no)", 2, [0, 1, 2, 3, 7],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.norm(r.phi(r.dense(x), "silu"), False), b="0.1", gaussian=True), "relu"), lr=0))),
    ("ntk:dense sum(dense tanh, dense(w=0.4) sigmoid scale(-2)) dense relu dense", 2, [0, 1, 2, 3, 6],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.sum(r.phi(r.dense(r.dense(x)), "tanh"),
                                                   r.scale(r.phi(r.dense(r.dense(x), "0.4"), "sigmoid"), -2))), "relu")))),
    ("ntk:dense product(dense silu, dense(w=2)) dense relu dense", 31, [0, 1, 2, 3, 5],
     lambda r, x: pick(r.dense(r.phi(r.dense((lambda y: r.product(r.phi(r.dense(y), "silu"), r.dense(y, 2)))(r.dense(x))), "relu")))),
    ("ntk:dense(w=0.3) skip(alpha=0.5, tanh dense(w=2)) gelu dense relu dense(lr=0.3)", 1, [0, 1, 2, 3, 9],
     lambda r, x: pick(r.dense(r.phi(r.dense(r.gelu(r.sum(r.dense(x, "0.3"), r.scale(
         r.dense(r.phi(r.dense(x, "0.3"), "tanh"), 2), "0.5")))), "relu"), lr="0.3"))),
]


def rows(case):
    spec, d, degrees, network = CASES[case]
    runs = [Run(75, "0.045", 1500, 150), Run(85, "0.04", 1750, 190)]
    first, second = [run.eigenvalues(network, d, degrees) for run in runs]
    mp.dps = 90
    found = []
    for k, a, b in zip(degrees, first, second):
        if abs(b) < mpf(10) ** -50:
            found.append(f"{spec};{d};{k};0")
            continue
        if abs(a - b) > abs(b) * mpf(10) ** -43:
            print(f"{spec}, k = {k}: {mp.nstr(a - b, 3)}", file=sys.stderr)
            continue
        found.append(f"{spec};{d};{k};{mp.nstr(b, 40, strip_zeros=False)}")
    return found


def main():
    print("# made by kinked_networks.py beside this file; probability normalisation")
    print("kernel;dim;degree;value")
    with Pool(2) as pool:
        for found in pool.imap(rows, range(len(CASES))):
            print("\n".join(found))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
