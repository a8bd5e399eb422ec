#!/usr/bin/env python3
"""Kernels of networks by neural-tangents, at four angles: the values that tests/library/networks.rs compares with.

    pip install neural-tangents==0.6.5 jax==0.4.30 jaxlib==0.4.30 && python3 benches/peers/networks.py > tests/data/neural_tangents.csv

Inputs are points of the circle times sqrt 2, so that a dense layer of n_in = 2 sees the inner product t; W_std = sqrt w, b_std = sqrt b, and biases are
drawn. (Its RectifiedMonomial gives NaN at equal points.) Activations without a closed form are integrated with 260 Gauss-Hermite nodes, and their networks marked: those of tanh and sigmoid hold 12 digits,
silu and softplus more. Columns: kernel, theta, value; nngp and ntk of each network.
"""
import math
import sys

import jax
jax.config.update("jax_enable_x64", True)
import jax.numpy as np
from neural_tangents import stax

ANGLES = [0.0, 0.4, 1.3, 2.9]


def dense(w=1.0, b=0.0):
    return stax.Dense(1, W_std=math.sqrt(w), b_std=math.sqrt(b) if b else None, parameterization="ntk")


def written(w=1, b=0):
    keys = [f"w={w}"] * (w != 1) + [f"b={b}, bias-init=gaussian"] * (b != 0)
    return "dense" + (f"({', '.join(keys)})" if keys else "")


def numerical(f):
    return stax.ElementwiseNumerical(f, deg=260)


def fan(branches, join):
    return stax.serial(stax.FanOut(len(branches)), stax.parallel(*branches), join)


D, S = dense, stax.serial
silu = lambda x: x * jax.nn.sigmoid(x)
NETWORKS = {
    "dense relu dense": S(D(), stax.Relu(), D()),
    f"{written(1, 0.1)} relu {written(2)} relu {written(1.5, 0.3)} relu dense":
        S(D(1, 0.1), stax.Relu(), D(2), stax.Relu(), D(1.5, 0.3), stax.Relu(), D()),
    f"dense 8*(relu {written(2)})": S(D(), *[stax.Relu(), D(2)] * 8),
    f"{written(0.7, 0.2)} leaky-relu(0.2) dense leaky-relu(-0.4) dense":
        S(D(0.7, 0.2), stax.LeakyRelu(0.2), D(), stax.LeakyRelu(-0.4), D()),
    f"{written(1, 0.5)} abs dense erf dense": S(D(1, 0.5), stax.Abs(), D(), stax.Erf(), D()),
    f"{written(2, 0.25)} sign {written(1.2)} gelu dense": S(D(2, 0.25), stax.Sign(), D(1.2), stax.Gelu(), D()),
    f"{written(1.3, 0.1)} erf {written(2)} erf dense": S(D(1.3, 0.1), stax.Erf(), D(2), stax.Erf(), D()),
    f"{written(2)} gelu {written(1.4, 0.2)} gelu dense": S(D(2), stax.Gelu(), D(1.4, 0.2), stax.Gelu(), D()),
    f"{written(1.1, 0.3)} sin(a=0.7, b=1.3, c=0.4) dense": S(D(1.1, 0.3), stax.Sin(0.7, 1.3, 0.4), D()),
    "dense cos(a=1.2, b=0.6, c=-0.3) dense relu dense": S(D(), stax.Cos(1.2, 0.6, -0.3), D(), stax.Relu(), D()),
    f"{written(1, 0.2)} rbf(gamma=0.6) {written(1.5)} rbf(gamma=0.2) dense":
        S(D(1, 0.2), stax.Rbf(0.6), D(1.5), stax.Rbf(0.2), D()),
    "dense exp(a=0.8, b=0.5) dense exp(a=0.5, b=0.7) dense": S(D(), stax.Exp(0.8, 0.5), D(), stax.Exp(0.5, 0.7), D()),
    f"{written(0.8, 0.1)} gaussian(a=0.9, b=0.7) dense erf dense":
        S(D(0.8, 0.1), stax.Gaussian(0.9, -0.7), D(), stax.Erf(), D()),
    f"{written(1.2, 0.1)} monomial(3) dense": S(D(1.2, 0.1), stax.Monomial(3), D()),
    "dense hermite(3) dense": S(D(), stax.Hermite(3), D()),
    "dense polynomial(0.5, -1, 0.25, 0.1) dense": S(D(), stax.Polynomial([0.5, -1.0, 0.25, 0.1]), D()),
    f"dense 3*skip(relu {written(2)}) dense":
        S(D(), *[fan([stax.Identity(), S(stax.Relu(), D(2))], stax.FanInSum())] * 3, D()),
    f"{written(1, 0.2)} skip(relu {written(2)} relu {written(0.5, 0.1)}) gelu dense":
        S(D(1, 0.2), fan([stax.Identity(), S(stax.Relu(), D(2), stax.Relu(), D(0.5, 0.1))], stax.FanInSum()), stax.Gelu(), D()),
    "sum(dense relu dense, dense erf dense, dense(w=0.3))":
        fan([S(D(), stax.Relu(), D()), S(D(), stax.Erf(), D()), D(0.3)], stax.FanInSum()),
    f"dense product(gelu {written(2)}, dense) {written(1, 0.3)} relu dense":
        S(D(), fan([S(stax.Gelu(), D(2)), D()], stax.FanInProd()), D(1, 0.3), stax.Relu(), D()),
    f"dense product(erf dense, relu {written(1.5, 0.2)}, dense) dense":
        S(D(), fan([S(stax.Erf(), D()), S(stax.Relu(), D(1.5, 0.2)), D()], stax.FanInProd()), D()),
    f"{written(1.7, 0.3)} layer-norm relu {written(2, 0.1)} layer-norm relu dense":
        S(D(1.7, 0.3), stax.LayerNorm(), stax.Relu(), D(2, 0.1), stax.LayerNorm(), stax.Relu(), D()),
    f"dense 2*skip(layer-norm relu {written(2)}) layer-norm dense":
        S(D(), *[fan([stax.Identity(), S(stax.LayerNorm(), stax.Relu(), D(2))], stax.FanInSum())] * 2, stax.LayerNorm(), D()),
    f"{written(0.25)} tanh dense": S(D(0.25), numerical(np.tanh), D()),
    f"{written(1, 0.2)} sigmoid {written(2)} relu dense": S(D(1, 0.2), numerical(jax.nn.sigmoid), D(2), stax.Relu(), D()),
    f"dense silu {written(2)} silu dense": S(D(), numerical(silu), D(2), numerical(silu), D()),
    f"{written(1.4)} softplus dense": S(D(1.4), numerical(jax.nn.softplus), D()),
}


def main():
    root = math.sqrt(2)
    base = np.array([[root, 0.0]])
    print("# made by benches/peers/networks.py: neural-tangents 0.6.5, jax 0.4.30, double precision")
    print("kernel;theta;value")
    for text, (_, _, kernel_fn) in NETWORKS.items():
        for kind in ["nngp", "ntk"]:
            for theta in ANGLES:
                other = np.array([[root * math.cos(theta), root * math.sin(theta)]])
                value = float(kernel_fn(base, other, kind)[0, 0])
                print(f"{kind}:{text};{theta!r};{value!r}")
        print(text, file=sys.stderr)


main()
