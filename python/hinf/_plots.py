"""Drawings of reports, with matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._errors import refused

if TYPE_CHECKING:
    from ._reports import Report


def _pairs(rows: Sequence[Any], x: str, y: str) -> tuple[list[float], list[float]]:
    """Two columns as numbers, where both are there."""
    both = [(row.get(x), row.get(y)) for row in rows]
    kept = [(float(a), float(b)) for a, b in both if a is not None and b is not None]
    return [a for a, _ in kept], [b for _, b in kept]


def _ask(ax: Any, x: str, y: str) -> None:
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if x == "degree k" and ax.get_xscale() == "linear":
        ax.xaxis.get_major_locator().set_params(integer=True)
    if ax.get_legend_handles_labels()[0]:
        ax.legend()


def zeros(ax: Any, report: Report) -> None:
    """Degrees in the null space, by dimension."""
    for row in report.rows:
        ax.plot(row["zeros"], [row["dim"]] * len(row["zeros"]), "s", markersize=3, color="C0")
    _ask(ax, "degree k", "dimension d")
    ax.set_title("eigenvalues that vanish")


def identities(ax: Any, report: Report) -> None:
    """How the identities came out."""
    outcomes = ["proved", "holds", "skipped", "fails"]
    names = list(dict.fromkeys(row["identity"] for row in report.rows))
    left = [0] * len(names)
    for outcome, color in zip(outcomes, ("C0", "C2", "0.7", "C3")):
        counts = [sum(row["identity"] == name and row["status"] == outcome for row in report.rows) for name in names]
        ax.barh(names, counts, left=left, label=outcome, color=color)
        left = [a + b for a, b in zip(left, counts)]
    _ask(ax, "checks", "")


def digits(ax: Any, report: Report) -> None:
    """Digits that are right, by degree."""
    x, y = _pairs(report.rows, "degree", "digits")
    ax.bar(x, y)
    _ask(ax, "degree k", "digits that are right")


def sample(ax: Any, report: Report) -> None:
    """Predicted and measured eigenvalues, with their intervals."""
    rows = report.rows
    ax.plot(*_pairs(rows, "degree", "predicted"), "_", markersize=14, label="predicted", color="C0")
    kept = [row for row in rows if row["measured"] is not None]
    ends = [[row["measured"] - (row["ci_low"] or row["measured"]) for row in kept]]
    ends.append([(row["ci_high"] or row["measured"]) - row["measured"] for row in kept])
    ends = [[max(length, 0.0) for length in side] for side in ends]
    where = [row["degree"] for row in kept], [row["measured"] for row in kept]
    ax.errorbar(*where, yerr=ends, fmt="o", markersize=4, capsize=3, label="measured", color="C1")
    ax.set_yscale("log")
    _ask(ax, "degree k", r"eigenvalue $\lambda_k$")


def eigenvalues(ax: Any, report: Report) -> None:
    """The eigenvalues of a matrix of points, and the labels' energy in each direction."""
    found = [(i + 1, value) for i, value in enumerate(report.to_dict()["eigenvalues"]) if value > 0]
    ax.loglog(*zip(*found), label="eigenvalue", color="C0")
    energies = report.to_dict().get("label_energies")
    if energies:
        there = [(i + 1, value) for i, value in enumerate(energies) if value > 0]
        ax.loglog(*zip(*there), ".", markersize=3, label="label energy", color="C1")
    _ask(ax, "direction", "")


def curve(ax: Any, report: Report) -> None:
    """The expected error of kernel regression against the number of points; what is not reliable is open."""
    rows = report.rows
    ax.loglog(*_pairs(rows, "points", "error"), "-", color="C0", label=f"{report.kernel}, d = {report.dim}")
    for reliable, face in ((True, "C0"), (False, "none")):
        there = [row for row in rows if bool(row["reliable"]) is reliable]
        label = None if reliable or not there else "not reliable"
        ax.loglog(*_pairs(there, "points", "error"), "o", color="C0", markerfacecolor=face, label=label)
    _ask(ax, "points", "expected error")


def plan(ax: Any, report: Report) -> None:
    """Steps that each degree needs; those that never arrive are marked."""
    there = [row for row in report.rows if not row["never"] and row["steps"] > 0]
    ax.plot(*_pairs(there, "degree", "steps"), "o-", label="steps")
    for row in report.rows:
        if row["never"]:
            ax.axvline(row["degree"], color="0.7", linestyle=":", label=None)
    if there:
        ax.set_yscale("log")
    _ask(ax, "degree k", "steps until learned")


def training(ax: Any, report: Report) -> None:
    """Steps until each degree is learned, measured against predicted."""
    for field, style, label in (("predicted_steps", "-", "predicted"), ("measured_steps", "o", "measured")):
        ax.plot(*_pairs(report.rows, "degree", field), style, label=label)
    ax.set_yscale("log")
    _ask(ax, "degree k", "steps until learned")


def course(ax: Any, report: Report) -> None:
    """Errors on training and test rows against steps, measured against predicted."""
    rows = [row for row in report.rows if row["step"] > 0]
    for part in ("training", "test"):
        for side, style, label in (("by_gram", "-", "predicted"), ("measured", "o", "measured")):
            ax.plot([row["step"] for row in rows], [row[side][part] for row in rows], style, label=f"{part}, {label}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    _ask(ax, "steps", "error over that of the output 0")


def claims(ax: Any, report: Report) -> None:
    """The claims, and which hold."""
    names = [row["name"] if "name" in row else row["claim"] for row in report.rows]
    colors = ["C2" if row["status"] == "holds" else "C3" for row in report.rows]
    ax.barh(names[::-1], [1] * len(names), color=colors[::-1])
    ax.set_xticks([])
    ax.set_title("claims: green holds, red fails")


def curves(ax: Any, report: Report) -> None:
    """The means of a result over the runs of a sweep, with the least and the largest."""
    found = report.to_dict()["curves"]
    if found is None:
        raise refused("plot", "no axes", "hinf.collect(folder, x=..., y=...), what is drawn against what")
    for curve_ in found["curves"]:
        x, mean = [point["x"] for point in curve_["points"]], [point["mean"] for point in curve_["points"]]
        ends = [[max(0.0, point["mean"] - point["low"]) for point in curve_["points"]]]
        ends.append([max(0.0, point["high"] - point["mean"]) for point in curve_["points"]])
        ax.errorbar(x, mean, yerr=ends, fmt="o-", markersize=4, capsize=3, label=f"{found['by']} = {curve_['name']}" if found["by"] else None)
    _ask(ax, found["x"], found["y"])
