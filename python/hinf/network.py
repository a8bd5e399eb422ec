"""Networks put together in Python, for `Kernel` and wherever a network is asked for.

>>> from hinf import network as n
>>> n.ntk(n.dense(b="0.1"), 3 * n.serial(n.relu, n.dense(w=2)), n.tanh, n.dense)
hinf.Kernel('ntk:dense(b=0.1) 3*(relu dense(w=2)) tanh dense')

Every layer of `hinf.kernels().layers` is here, with underscores for dashes; layers take their values as arguments, and branches as layers.
Numbers are exact: a `Fraction`, or text as in "0.1"; a float is the decimal that Python prints.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from ._errors import refused
from ._kernel import Kernel

__all__ = ["Layer", "nngp", "ntk", "serial"]


class Layer:
    """A layer, or several in series, as text of the network language."""

    __slots__ = ("_single", "text")

    def __init__(self, text: str, *, single: bool = True) -> None:
        self.text, self._single = text, single

    def __call__(self, *values: Layer | str | int | float | Fraction | Decimal, **keys: str | int | float | Fraction | Decimal | Layer) -> Layer:
        """The layer with these values."""
        if not self._single or "(" in self.text:
            raise refused("layer", f"values for {self.text}", "values for one layer, given once")
        given = [f"{key.rstrip('_').replace('_', '-')}={_value(key, value)}" for key, value in keys.items()]
        # Branches come last, as in skip(alpha=1/2, ...).
        plain = [_value(self.text, value) for value in values if not isinstance(value, Layer)]
        branches = [value.text for value in values if isinstance(value, Layer)]
        return Layer(f"{self.text}({', '.join([*plain, *given, *branches])})")

    def __rmul__(self, count: int) -> Layer:
        """So many of them in series, each with parameters of its own."""
        if isinstance(count, bool) or not isinstance(count, int):
            raise refused("repeat", count, "a whole number of layers")
        return Layer(f"{count}*{self.text}" if self._single else f"{count}*({self.text})", single=False)

    __mul__ = __rmul__

    @property
    def spec(self) -> str:
        """The text, as an option takes it."""
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Layer) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"hinf.network.Layer({self.text!r})"


def _value(name: str, value: Any) -> str:
    if isinstance(value, Layer):
        return value.text
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Fraction, Decimal)):
        raise refused(f"layer {name}", type(value).__name__, "a number, a word or a layer")
    return str(value)


def serial(*layers: Layer | str) -> Layer:
    """Layers in series."""
    if not layers:
        raise refused("layers", "none", "at least one")
    return Layer(" ".join(str(layer) for layer in layers), single=len(layers) == 1)


def ntk(*layers: Layer | str) -> Kernel:
    """The tangent kernel of the network of these layers."""
    return Kernel(f"ntk:{serial(*layers)}")


def nngp(*layers: Layer | str) -> Kernel:
    """The Gaussian process kernel of the network of these layers."""
    return Kernel(f"nngp:{serial(*layers)}")


def _names() -> list[str]:
    """The layers there are."""
    from ._commands import kernels

    found = [row["layer"].split("(")[0].strip() for row in kernels().layers]
    return [name.replace("-", "_") for name in found]


def __getattr__(name: str) -> Layer:
    if name.startswith("_") or name not in _names():
        raise AttributeError(f"module 'hinf.network' has no layer {name!r}; there are {', '.join(_names())}")
    return Layer(name.replace("_", "-"))


def __dir__() -> list[str]:
    return [*__all__, *_names()]
