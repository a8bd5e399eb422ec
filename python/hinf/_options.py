"""Options of experiments, from Python's values to those that the library reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING, Any, Union

from ._errors import refused

if TYPE_CHECKING:
    from ._kernel import Kernel

Option = Union[str, int, float, Fraction, Decimal, range, "os.PathLike[str]", "Kernel", Mapping[str, Any], Iterable[Any], None]
"""The value of an option: text as on the command line, or a number, a range, a kernel, a path, or a list of them."""

_EXPECTED = "text, a number, or a list of either"
_LONGEST = 1_000_000


def text(name: str, value: Any) -> Any:
    """`value` as JSON that the library reads: text, true, or a list."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, range) and value.step == 1 and len(value) > 0:
        return f"{value.start}..{value[-1]}"
    if isinstance(value, Integral):
        return _digits(name, int(value))
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Rational):
        return f"{_digits(name, int(value.numerator))}/{_digits(name, int(value.denominator))}"
    if isinstance(value, Real):
        return repr(float(value))
    if hasattr(value, "spec"):
        return str(value.spec)
    if isinstance(value, (bytes, bytearray)):
        raise refused(name, type(value).__name__, _EXPECTED)
    if isinstance(value, Mapping):
        return ",".join(f"{text(name, key)}:{text(name, item)}" for key, item in value.items())
    if isinstance(value, Iterable):
        items: list[Any] = []
        for item in value:
            if len(items) == _LONGEST:
                raise refused(name, f"more than {_LONGEST} values", "fewer")
            items.append(text(name, item))
        return items
    raise refused(name, type(value).__name__, _EXPECTED)


def study(name: str, value: Any) -> Any:
    """A study of many runs as JSON: its own maps and lists, with each value as it is read by itself."""
    if isinstance(value, Mapping):
        return {str(key): study(str(key), item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        # An array of numpy, or one of its numbers.
        value = value.tolist()
    if isinstance(value, (list, tuple)) or (isinstance(value, range) and value.step != 1):
        return [study(name, item) for item in value]
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, (Rational, bool)):
        return float(value)
    return text(name, value)


def _digits(name: str, number: int) -> str:
    if number.bit_length() > 14_000:
        raise refused(name, f"a whole number of {number.bit_length()} bits", "a shorter one")
    return str(number)


def options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options by their names on the command line."""
    found = {name.rstrip("_"): value for name, value in given.items() if value is not None}
    return {
        name.replace("_", "-"): study(name, value) if name == "study" else text(name, value) for name, value in found.items()
    }


def threads(number: object) -> str | None:
    """The number of threads of a call; its range is the library's affair."""
    return None if number is None else str(text("threads", number))
