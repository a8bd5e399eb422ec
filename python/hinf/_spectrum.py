"""Spectra: eigenvalues with their errors, degree by degree."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from . import _hinf
from ._errors import needed, refused
from ._options import Option, options as read, threads as number
from ._progress import watcher
from ._show import plain, table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ._kernel import Kernel
else:
    from ._lazy import np

_HEADS = ["k", "N(d,k)", "exact", "value", "error", "kind"]
# Powers of ten past every float64, where exact arithmetic would only cost time.
_BEYOND = 400


class Eigenvalue:
    """The eigenvalue of one degree: `decimal` in all digits asked for, `kind` what is known of it, `exact` its closed form."""

    __slots__ = ("_digits", "_row")

    def __init__(self, row: dict[str, Any], digits: int) -> None:
        self._row, self._digits = row, digits

    def __reduce__(self) -> tuple[type[Eigenvalue], tuple[dict[str, Any], int]]:
        return Eigenvalue, (self._row, self._digits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Eigenvalue) and self._row == other._row

    def __hash__(self) -> int:
        return hash((self.degree, self.decimal, self.kind))

    def __repr__(self) -> str:
        exact = f" = {self.exact_text}" if self.exact_text else ""
        return f"<degree {self.degree}: {self.decimal}{exact}, {self.kind}>"

    def __float__(self) -> float:
        return float(self.decimal)

    @property
    def degree(self) -> int:
        """The degree k."""
        return int(self._row["degree"])

    @property
    def multiplicity(self) -> int:
        """The multiplicity N(d,k), exactly."""
        return int(self._row["multiplicity"])

    @property
    def decimal(self) -> str:
        """The value in all digits asked for, rounded to the nearest."""
        return str(self._row["value"])

    @property
    def kind(self) -> str:
        """What is known of the value: `zero` (proved to vanish), `exact` (a closed form), `certified` (a proved enclosure) or `estimate`."""
        return str(self._row["kind"])

    @property
    def error_bound(self) -> str:
        """How far the decimal may be off, its own rounding included: a proved bound, but for the kind `estimate`, where it is an estimate."""
        return str(self._row["error_bound"])

    @property
    def exact_text(self) -> str | None:
        """The closed form as text."""
        found = self._row.get("exact_text")
        return None if found is None else str(found)

    @property
    def exact(self) -> tuple[Fraction, Fraction] | None:
        """`(p, q)` with the value `p + q/pi^2`, where there is a closed form of that kind."""
        found = self._row.get("exact")
        return None if found is None else (Fraction(found["rational"]), Fraction(found["over_pi_squared"]))

    @property
    def enclosure(self) -> tuple[Decimal, Decimal]:
        """The two ends within which the value lies, as decimals: proved, but for the kind `estimate`, where they are an estimate."""
        value, radius = Decimal(self.decimal), Decimal(self.error_bound)
        # In so many digits that neither end is rounded.
        needed_digits = value.adjusted() - min(_last(value), _last(radius)) + 3
        context = Context(prec=max(needed_digits, 30), Emin=-(10**17), Emax=10**17)
        return context.subtract(value, radius), context.add(value, radius)

    def sympy(self) -> Any:
        """The closed form as a sympy expression; without one, a `Float` of all digits."""
        sympy = needed("sympy", "sympy()")
        if self.exact is None:
            return sympy.Float(self.decimal, max(15, self._digits))
        p, q = (sympy.Rational(x.numerator, x.denominator) for x in self.exact)
        return p + q / sympy.pi**2

    def mpmath(self) -> Any:
        """The value as an `mpf`, in all its digits: compute with it at a precision of as many (`mpmath.workdps`)."""
        mpmath = needed("mpmath", "mpmath()")
        with mpmath.workdps(max(15, self._digits) + 3):
            return mpmath.mpf(self.decimal)


def _last(number: Decimal) -> int:
    """The power of ten of the last digit."""
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _outward(end: Decimal, up: bool) -> float:
    """The nearest float64 that is not on the inner side of `end`."""
    if end != 0 and end.adjusted() < -_BEYOND:
        return (math.ulp(0.0) if up else 0.0) if end > 0 else (-0.0 if up else -math.ulp(0.0))
    nearest = float(end)
    exact = Decimal(nearest)
    inside = exact < end if up else exact > end
    return math.nextafter(nearest, math.inf if up else -math.inf) if inside else nearest


class Spectrum(Sequence[Eigenvalue]):
    """Eigenvalues of a kernel on S^d, a sequence in rising degree, with arrays of what is known of them.

    `complete` says whether every value has the digits asked for; `notes` what stands below the table.
    """

    def __init__(self, fields: dict[str, Any], complete: bool = True) -> None:
        self._fields, self.complete = fields, complete

    def __getstate__(self) -> dict[str, Any]:
        return {"_fields": self._fields, "complete": self.complete}

    @property
    def kernel(self) -> str:
        """The kernel."""
        return str(self._fields["kernel"])

    @property
    def dim(self) -> int:
        """The dimension of the sphere."""
        return int(self._fields["dim"])

    @property
    def digits(self) -> int:
        """The digits asked for."""
        return int(self._fields["digits"])

    @property
    def normalization(self) -> str:
        """The normalization of the values."""
        return str(self._fields["normalization"])

    @property
    def formula(self) -> str:
        """The formula of the kernel."""
        return str(self._fields["formula"])

    @property
    def notes(self) -> list[str]:
        """What stands below the table."""
        return list(self._fields["notes"])

    def __len__(self) -> int:
        return len(self._fields["rows"])

    @overload
    def __getitem__(self, index: int) -> Eigenvalue: ...
    @overload
    def __getitem__(self, index: slice) -> Spectrum: ...
    def __getitem__(self, index: int | slice) -> Eigenvalue | Spectrum:
        rows = self._fields["rows"]
        if isinstance(index, slice):
            return Spectrum({**self._fields, "rows": rows[index]}, self.complete)
        return Eigenvalue(rows[index], self.digits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spectrum) and self._fields == other._fields

    def __hash__(self) -> int:
        return hash((self.kernel, self.dim, len(self)))

    @cached_property
    def degrees(self) -> npt.NDArray[np.int64]:
        """The degrees, int64."""
        return np.array([value.degree for value in self], dtype=np.int64)

    @cached_property
    def values(self) -> npt.NDArray[np.float64]:
        """The values in float64, nearest to their decimals."""
        return np.array([float(value) for value in self], dtype=np.float64)

    @cached_property
    def lower(self) -> npt.NDArray[np.float64]:
        """Lower ends of the enclosures, rounded down."""
        return np.array([_outward(value.enclosure[0], False) for value in self], dtype=np.float64)

    @cached_property
    def upper(self) -> npt.NDArray[np.float64]:
        """Upper ends of the enclosures, rounded up."""
        return np.array([_outward(value.enclosure[1], True) for value in self], dtype=np.float64)

    @property
    def multiplicities(self) -> list[int]:
        """The multiplicities N(d,k), exactly."""
        return [value.multiplicity for value in self]

    @property
    def kinds(self) -> list[str]:
        """What is known of each value."""
        return [value.kind for value in self]

    def to_numpy(self) -> npt.NDArray[np.float64]:
        """The values in float64."""
        return self.values

    def to_dict(self) -> dict[str, Any]:
        """The table as in the command's JSON."""
        return self._fields

    def to_pandas(self) -> Any:
        """A frame with the degrees as index: values in float64 beside their digits and closed forms."""
        pandas = needed("pandas", "to_pandas()")
        columns = {
            "multiplicity": np.array(self.multiplicities, dtype=object),
            "value": self.values,
            "lower": self.lower,
            "upper": self.upper,
            "kind": self.kinds,
            "decimal": [value.decimal for value in self],
            "exact": [value.exact_text for value in self],
        }
        return pandas.DataFrame(columns, index=pandas.Index(self.degrees, name="degree"))

    def plot(self, ax: Any = None, **style: Any) -> Any:
        """Eigenvalue against degree, both logarithmic, into the matplotlib axes `ax` or new ones, which are returned.

        Degree 0 and values that are 0 have no place on these axes; `style` goes to `ax.loglog`.
        """
        plt = needed("matplotlib.pyplot", "plot()")
        ax = plt.subplots()[1] if ax is None else ax
        shown = (self.values > 0) & (self.degrees > 0)
        style = {"marker": "o", "markersize": 4, "linewidth": 1, "label": f"{self.kernel}, d = {self.dim}", **style}
        ax.loglog(self.degrees[shown], self.values[shown], **style)
        ax.set_xlabel("degree k")
        ax.set_ylabel(r"eigenvalue $\lambda_k$")
        ax.legend()
        return ax

    def _cells(self) -> Iterator[list[str]]:
        for value in self:
            multiplicity, error = str(value.multiplicity), value.error_bound
            yield [str(value.degree), multiplicity, value.exact_text or "", value.decimal, error, value.kind]

    def _title(self) -> str:
        return f"Eigenvalues of {self.kernel} on S^{self.dim}, {self.normalization} normalization"

    def __repr__(self) -> str:
        return f"{self._title()}\n{plain(_HEADS, list(self._cells()))}"

    def _repr_html_(self) -> str:
        return table(self._title(), _HEADS, self._cells(), [f"K = {self.formula}", *self.notes])

    def to_latex(self) -> str:
        """A LaTeX tabular of degree, multiplicity, closed form and value."""
        lines = [r"\begin{tabular}{rrll}", r"$k$ & $N(d,k)$ & exact & $\lambda_k$ \\", r"\hline"]
        for value in self:
            exact = _latex(value.exact_text)
            exact = f"${exact}$" if exact else value.exact_text or ""
            lines.append(rf"{value.degree} & {value.multiplicity} & {exact} & ${_power(value.decimal)}$ \\")
        return "\n".join([*lines, r"\end{tabular}"])

    def _repr_latex_(self) -> str:
        rows = r" \\ ".join(
            rf"\lambda_{{{value.degree}}} &= {_latex(value.exact_text) or _power(value.decimal)}" for value in self
        )
        return rf"$\displaystyle \begin{{aligned}} {rows} \end{{aligned}}$"


def _latex(exact: str | None) -> str | None:
    """A closed form as LaTeX; none where there is none, or it was too long."""
    return None if not exact or exact.startswith("(too") else exact.replace("pi^2", r"\pi^2")


def _power(decimal: str) -> str:
    mantissa, _, exponent = decimal.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def spectra(given: dict[str, Any], threads: object, quiet: bool) -> list[Spectrum]:
    """The spectra that `hinf table` prints, one a dimension."""
    with watcher("table", quiet) as heard:
        report, passed = _hinf.call("table", json.dumps(read(given)), number(threads), heard)
    return [Spectrum(fields, passed) for fields in json.loads(report)["tables"]]


def spectrum(
    kernel: str | Kernel,
    *,
    dim: int,
    degrees: Option = range(21),
    digits: int = 20,
    threads: int | None = None,
    quiet: bool = False,
    **options: Option,
) -> Spectrum:
    """The eigenvalues of `kernel` on the sphere S^`dim` at `degrees`, each to `digits` correct significant digits.

    Further keyword arguments are the flags of `hinf table` (normalization, parity, certify, fast, exact_limit). `complete` of the result says
    whether every value has its digits; each has its `kind`.
    """
    given = {"kernel": kernel, "dim": dim, "degrees": degrees, "digits": digits, **options}
    found = spectra(given, threads, quiet)
    if len(found) != 1:
        raise refused("dim", dim, "one dimension; hinf.table takes several")
    return found[0]
