"""Networks put together in Python are those of the network language."""

from fractions import Fraction
from typing import Any

import pytest

import hinf
from hinf import network as n


def test_networks_are_their_text() -> None:
    built = n.ntk(n.dense(b="0.1"), 3 * n.serial(n.relu, n.dense(w=2)), n.tanh, n.dense)
    assert built == hinf.Kernel("ntk:dense(b=0.1) 3*(relu dense(w=2)) tanh dense")
    assert n.ntk(n.dense, n.relu, n.dense(b=Fraction(1, 3))).spec == "ntk:dense relu dense(b=1/3)"
    branches = n.nngp(n.dense, n.product(n.serial(n.gelu, n.dense(w=2)), n.dense), n.dense)
    assert branches == hinf.Kernel("nngp:dense product(gelu dense(w=2), dense) dense")
    skip = n.ntk(n.dense, 4 * n.skip(n.serial(n.relu, n.dense(w=2)), alpha=0.5), n.dense)
    assert skip == hinf.Kernel("ntk:dense 4*skip(alpha=0.5, relu dense(w=2)) dense")


def test_every_layer_is_there_and_others_are_named() -> None:
    assert {"dense", "relu", "leaky_relu", "layer_norm", "tanh", "skip"} <= set(dir(n))
    with pytest.raises(AttributeError, match="dense"):
        n.conv
    with pytest.raises(hinf.HinfError, match="tanh"):
        n.ntk(n.dense, n.relu, n.tanh, n.dense)
    amiss: Any = n
    for wrong in (lambda: 1.5 * amiss.relu, lambda: amiss.dense(w=None), lambda: n.dense(w=1)(b=1), lambda: n.serial()):
        with pytest.raises((hinf.HinfError, TypeError)):
            wrong()
