#!/usr/bin/env python3
"""More reference eigenvalues of networks: other compositions, parameters, dimensions and degrees than networks.csv.

    pip install python-flint==0.9.0 && python3 unseen_networks.py > unseen_networks.csv

By networks.py beside this file, which says how: two runs of ball arithmetic that agree to 45 digits.
"""
import math
import sys

import networks

networks.STRIPS.update({
    "u/(2+u^2)": (math.sqrt(2), 1),
    "u*sigmoid(2*u-1)": (math.pi / 2, None),
    "exp(u/2)*sin(u)": (3.0, None),
    "atan(2*u+1)": (0.5, None),
    "1-exp(-u^2)": (3.0, 0),
    "erf(u)+u*tanh(u)": (math.pi / 2, None),
})

# (kernel, dimension, degrees, absolute digits of Hermite series)
CASES = [
    ("ntk:dense(b=0.3) elu(0.5) dense(w=1.5) relu dense", 5, [0, 1, 2, 9, 40], 0),
    ("nngp:dense(w=1.3) selu dense", 3, [0, 1, 2, 3, 12, 50], 0),
    ("ntk:dense(b=0.2, bias-init=gaussian) 3*(elu dense(w=1.2))", 2, [0, 1, 2, 3, 10, 30], 0),
    ("ntk:dense(w=4) elu(2) dense", 2, [0, 1, 2, 3, 8], 0),
    ("ntk:dense expr(u/(2+u^2)) dense(w=3)", 2, [1, 3, 5, 9], 62),
    ("ntk:dense(w=2) expr(u*sigmoid(2*u-1)) dense", 2, [0, 1, 2, 3, 8], 72),
    ("nngp:dense(w=0.5) expr(exp(u/2)*sin(u)) dense", 4, [0, 1, 2, 3, 7], 66),
    ("ntk:dense(w=0.3) expr(atan(2*u+1)) dense erf dense", 3, [0, 1, 2, 3], 60),
    ("ntk:dense expr(1-exp(-u^2)) dense", 2, [0, 2, 4, 10], 66),
    ("nngp:dense step dense(b=0.1) leaky-relu(0.3) dense", 2, [0, 1, 2, 3, 8, 20], 0),
    ("ntk:dense sign dense(w=1.4) relu dense relu dense", 3, [1, 2, 3, 9], 0),
    ("nngp:dense step dense sign dense relu dense", 2, [0, 1, 2, 3, 6], 0),
    ("ntk:dense product(sign dense, relu dense) dense(b=0.2) elu dense", 2, [0, 1, 2, 3, 6], 0),
    ("ntk:dense skip(alpha=0.6, step dense(w=2)) relu dense", 4, [0, 1, 2, 3, 11], 0),
    ("ntk:dense(b=0.1) 2*(layer-norm elu dense)", 783, [0, 1, 2, 3, 6], 0),
    ("ntk:dense rms-norm relu dense(w=2, lr=0.3) abs dense", 31, [0, 1, 2, 7, 100], 0),
    ("ntk:dense tanh dense(w=0.7) sigmoid dense", 2, [0, 1, 2, 5], 70),
    ("ntk:sum(dense elu dense, dense(w=0.2) tanh dense)", 2, [0, 1, 2, 3, 9], 70),
    ("ntk:dense(w=0.6) softplus layer-norm dense gelu dense", 10, [0, 1, 2, 5], 66),
    ("nngp:dense 6*skip(alpha=0.3, gelu dense(w=1.5)) dense", 783, [0, 1, 2, 4], 0),
]


def main():
    print("# made by unseen_networks.py beside this file; probability normalisation")
    print("kernel;dim;degree;value")
    for spec, d, degrees, series in CASES:
        try:
            for row in networks.rows(spec, d, degrees, series=series):
                print(";".join(map(str, row)))
        except (SystemExit, networks.Bad, AssertionError) as reason:
            print(f"{spec}: {reason}", file=sys.stderr)
        sys.stdout.flush()


main()
