"""Reports: what experiments found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._errors import needed, refused
from ._show import plain, shown, table
from ._spectrum import Spectrum


class Record(Mapping[str, Any]):
    """A part of a report: its fields as attributes and as items."""

    __slots__ = ("_fields",)

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> Any:
        return _value(self._fields[name])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._fields:
            raise AttributeError(f"no field {name!r}; there are {', '.join(self._fields)}")
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._fields]

    def __reduce__(self) -> tuple[type[Record], tuple[dict[str, Any]]]:
        return type(self), (self._fields,)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return self._fields == other._fields
        return self._fields == other

    def __hash__(self) -> int:
        return hash(tuple(self._fields))

    def __repr__(self) -> str:
        return f"Record({', '.join(f'{name}={value!r}' for name, value in self._fields.items())})"


def _value(found: Any) -> Any:
    """Nested fields as records."""
    if isinstance(found, dict):
        return Record(found)
    if isinstance(found, list) and found and isinstance(found[0], dict):
        return [Record(item) for item in found]
    return found


class Report:
    """What an experiment found: the fields of its JSON as attributes, and whether every check held as `passed`."""

    #: The field that holds the rows of the table.
    _rows_in = "rows"
    #: The columns that a notebook shows; all plain ones without it.
    _columns: tuple[str, ...] = ()
    #: The function of `_plots` that draws it; none where there is nothing to draw.
    _drawing: str = ""

    def __init__(self, command: str, fields: dict[str, Any], passed: bool) -> None:
        self._command, self._fields, self._passed = command, fields, passed

    @property
    def passed(self) -> bool:
        """Did every check that the experiment makes hold? The command's exit code is 1 if not."""
        return self._passed

    @property
    def verdict(self) -> str:
        """What it came to, in a word: the report's own, or `passed` or `failed`."""
        return str(self._fields.get("verdict") or ("passed" if self.passed else "failed"))

    @property
    def rows(self) -> list[Record]:
        """The rows of its table."""
        return [Record(row) for row in self._table()]

    def _table(self) -> list[dict[str, Any]]:
        found = self._fields.get(self._rows_in)
        return found if isinstance(found, list) else []

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("_fields", {})
        if name.startswith("_") or name not in fields:
            command = self.__dict__.get("_command", "")
            raise AttributeError(f"the report of {command} has no field {name!r}; it has {', '.join(fields)}")
        return _value(fields[name])

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._fields]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and (self._fields, self._passed) == (other._fields, other._passed)

    def __hash__(self) -> int:
        return hash((self._command, self._passed, tuple(self._fields)))

    def to_dict(self) -> dict[str, Any]:
        """The report as the command's JSON."""
        return self._fields

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame; fields of a field are joined by a dot."""
        return needed("pandas", "to_pandas()").json_normalize(self._table())

    def plot(self, ax: Any = None) -> Any:
        """Draw it into the matplotlib axes `ax`, or new ones, which are returned."""
        if not self._drawing:
            raise refused("plot", f"a report of {self._command}", "one that has something to draw")
        ax = needed("matplotlib.pyplot", "plot()").subplots()[1] if ax is None else ax
        # Loaded when it is asked for, as all that only some sessions need.
        from . import _plots

        getattr(_plots, self._drawing)(ax, self)
        return ax

    def _title(self) -> str:
        of = " ".join(
            str(self._fields[name]) for name in ("kernel", "model", "data") if isinstance(self._fields.get(name), str)
        )
        on = f" on S^{self._fields['dim']}" if "dim" in self._fields else ""
        return f"hinf {self._command}{': ' if of or on else ''}{of}{on} - {self.verdict}"

    def _heads(self) -> list[str]:
        rows = self._table()
        if self._columns:
            return [name for name in self._columns if rows and name in rows[0]]
        return [name for name, value in (rows[0] if rows else {}).items() if not isinstance(value, (dict, list))]

    def _notes(self) -> list[str]:
        notes = self._fields.get("notes")
        return [str(note) for note in notes] if isinstance(notes, list) else []

    def _cells(self) -> list[list[str]]:
        return [[shown(row.get(head)) for head in self._heads()] for row in self._table()]

    def __repr__(self) -> str:
        cells = self._cells()
        return "\n".join([self._title(), *([plain(self._heads(), cells)] if cells else []), *self._notes()])

    def _repr_html_(self) -> str:
        return table(self._title(), self._heads(), self._cells(), self._notes())


class NullSpace(Report):
    """The degrees that a kernel cannot see, one row a dimension."""

    _columns = ("dim", "zero_degrees", "proved", "zeros")

    @property
    def zeros(self) -> dict[int, list[int]]:
        """The degrees whose eigenvalue vanishes, by dimension."""
        return {row["dim"]: list(row["zeros"]) for row in self._table()}

    _drawing = "zeros"


class Verification(Report):
    """Identities that a spectrum must satisfy, one row each: `proved`, `holds`, `fails` or `skipped`."""

    _drawing = "identities"


class Check(Report):
    """A user's eigenvalues against the certified ones."""

    _drawing = "digits"


class Formulas(Report):
    """Eigenvalues as formulas in the degree, one entry a dimension."""

    _rows_in = "formulas"

    def _cells(self) -> list[list[str]]:
        def one(row: dict[str, Any], part: str) -> str:
            found = row.get(part)
            return "-" if found is None else str(found["text"])

        return [[str(row.get("dim", "d")), one(row, "even"), one(row, "odd")] for row in self._table()]

    def _heads(self) -> list[str]:
        return ["dim", "even k", "odd k"]

    def to_latex(self) -> str:
        """The formulas as LaTeX, `dim` and parity beside each."""
        lines = []
        for row in self._table():
            for parity in ("even", "odd"):
                if row.get(parity) is not None:
                    lines.append(rf"\lambda_k &= {row[parity]['latex']} && d = {row.get('dim', 'd')},\ k \text{{ {parity}}}")
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.to_latex()}$"

    def sympy(self, parity: str = "even", index: int = 0) -> Any:
        """The formula of a parity, of the dimension of this index, as a sympy expression in the symbol `k`."""
        sympy = needed("sympy", "sympy()")
        found = self._table()[index].get(parity)
        if found is None:
            raise refused("parity", parity, "even or odd, of a kernel that has a formula there")
        return sympy.sympify(found["sympy"], locals={"k": sympy.Symbol("k")})


class Gram(Report):
    """A Gram matrix of points, set against the spectrum or against labels: `rows` of degrees, or `eigenvalues` of a user's points."""

    _columns = ("degree", "multiplicity", "predicted", "measured", "ci_low", "ci_high", "ratio", "alignment", "consistent", "note")

    def _heads(self) -> list[str]:
        if "eigenvalues" in self._fields and not self._table():
            return ["i", "eigenvalue", "label energy", "cumulative power"]
        chosen = super()._heads()
        return chosen or [name for name in (self._table() or [{}])[0] if name not in ("eigenvalues", "comparison")]

    def _cells(self) -> list[list[str]]:
        if "eigenvalues" not in self._fields or self._table():
            return super()._cells()
        columns = [self._fields.get(name) or [] for name in ("eigenvalues", "label_energies", "cumulative_power")]
        count = min(len(columns[0]), 10)
        return [[str(i + 1), *(shown(column[i]) if i < len(column) else "-" for column in columns)] for i in range(count)]

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame; of a user's points their eigenvalues, and what each says of the labels."""
        if "eigenvalues" not in self._fields:
            return super().to_pandas()
        wanted = {"eigenvalue": "eigenvalues", "label_energy": "label_energies", "cumulative_power": "cumulative_power"}
        found = {name: self._fields[key] for name, key in wanted.items() if self._fields.get(key)}
        return needed("pandas", "to_pandas()").DataFrame(found)

    @property
    def _drawing(self) -> str:  # type: ignore[override]
        if "eigenvalues" in self._fields:
            return "eigenvalues"
        return "sample" if self._table() and "predicted" in self._table()[0] else ""


class Curve(Report):
    """Expected errors against points and against steps."""

    _rows_in = "learning_curve"
    _columns = ("points", "kappa", "bias", "variance", "error", "reliable")

    _drawing = "curve"


class Plan(Report):
    """What an experiment will need, one row a degree."""

    _columns = ("degree", "eigenvalue", "steps", "never", "points_needed", "width_needed", "seconds")

    _drawing = "plan"


class Training(Report):
    """Real networks, trained beside their predictions, one row a run; on a user's own rows one a recorded step, `measured` beside what the Gram matrix of the
    rows predicts (`by_gram`) and the network's own kernel at its start (`by_finite`)."""

    _columns = (
        "degree", "predicted_steps", "predicted_steps_gram", "predicted_steps_finite", "measured_steps", "ratio", "learned", "final_residual",
    )  # fmt: skip

    @property
    def _on_rows(self) -> bool:
        return "training_rows" in self._fields

    @property
    def _drawing(self) -> str:  # type: ignore[override]
        return "course" if self._on_rows else "training"

    def _heads(self) -> list[str]:
        return ["step", "training", "by gram", "test", "by gram", "by finite"] if self._on_rows else super()._heads()

    def _cells(self) -> list[list[str]]:
        if not self._on_rows:
            return super()._cells()
        cells = []
        for row in self._table():
            seen, gram, finite = row["measured"], row["by_gram"], row["by_finite"]
            values = (seen["training"], gram["training"], seen["test"], gram["test"], finite["test"])
            cells.append([str(row["step"]), *(shown(value) for value in values)])
        return cells


class Kernels(Report):
    """Every kernel, its formula and defaults."""

    _rows_in = "kernels"


class Validation(Report):
    """The whole chain, claim by claim; `report` is the page that it wrote."""

    _drawing = "claims"


class Sweep(Report):
    """A study of many runs: how many are finished, and `failed`, those that could not be made; of a dry run, `plan`."""

    @property
    def rows(self) -> list[Record]:
        """The runs that could not be made; of a dry run all of them."""
        return super().rows

    def _table(self) -> list[dict[str, Any]]:
        plan = self._fields.get("plan")
        found: list[dict[str, Any]] = plan["rows"] if plan else self._fields["failed"]
        return found

    def _notes(self) -> list[str]:
        return [f"{self.finished} of {self.runs_in_shard} runs are finished, {len(self._fields['failed'])} failed"]


class Collected(Report):
    """The results of a sweep: one row a run, its `values` on the axes, its `state`, and its `report`."""

    _drawing = "curves"

    def to_pandas(self) -> Any:
        """A frame of the rows of all reports, with the values on the axes beside each; a run without a report has one row."""
        pandas = needed("pandas", "to_pandas()")
        rows = []
        for run in self._table():
            beside = {"run": run["run"], "state": run["state"], **run["values"]}
            report = run["report"] or {}
            found = report.get("rows") or [row for table in report.get("tables", []) for row in table["rows"]] or [{}]
            rows += [{**beside, **row} for row in found]
        return pandas.json_normalize(rows)

    def _heads(self) -> list[str]:
        return ["run", *self._fields["axes"], "state"]

    def _cells(self) -> list[list[str]]:
        axes = self._fields["axes"]
        return [
            [row["run"], *(shown(row["values"].get(axis)) for axis in axes), shown(row["state"])] for row in self._table()
        ]


class Tables(list[Spectrum]):
    """Spectra, one a dimension."""

    @property
    def complete(self) -> bool:
        """Has every value its digits?"""
        return all(spectrum.complete for spectrum in self)

    passed = complete

    def to_dict(self) -> dict[str, Any]:
        """All tables, as in the command's JSON."""
        return {"schema": "hinf.table/1", "tables": [spectrum.to_dict() for spectrum in self]}

    def to_pandas(self) -> Any:
        """One frame, with dimension and degree as index."""
        pandas = needed("pandas", "to_pandas()")
        return pandas.concat({spectrum.dim: spectrum.to_pandas() for spectrum in self}, names=["dim"])

    def plot(self, ax: Any = None, **style: Any) -> Any:
        """All of them in one drawing."""
        for spectrum in self:
            ax = spectrum.plot(ax, **style)
        return ax

    def to_latex(self) -> str:
        """A LaTeX tabular each."""
        return "\n\n".join(spectrum.to_latex() for spectrum in self)

    def _repr_html_(self) -> str:
        return "".join(spectrum._repr_html_() for spectrum in self)

    def __repr__(self) -> str:
        return "\n\n".join(repr(spectrum) for spectrum in self)


KINDS: dict[str, type[Report]] = {
    "formula": Formulas,
    "verify": Verification,
    "check": Check,
    "collect": Collected,
    "null-space": NullSpace,
    "gram": Gram,
    "curve": Curve,
    "plan": Plan,
    "sweep": Sweep,
    "train": Training,
    "kernels": Kernels,
    "validate": Validation,
}
"""The report of each experiment."""
