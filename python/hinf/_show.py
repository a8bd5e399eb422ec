"""Tables in notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_CELL = "padding:0.15em 0.7em;border:none;background:transparent;color:inherit;vertical-align:top;text-align:"
_NUMBERS = "right;font-variant-numeric:tabular-nums;white-space:nowrap"
_RULE = ";border-bottom:1px solid currentColor;font-weight:600"
_NUMBER = re.compile(r"[-+]?[\d.]+(e[-+]?\d+)?|-|", re.ASCII)


def escaped(text: str) -> str:
    """Text as HTML."""
    for plain_text, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain_text, entity)
    return text


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """A table in the colours of the page that it stands on, light or dark."""
    cells = [list(row) for row in rows]
    styles = [_CELL + (_NUMBERS if all(_NUMBER.fullmatch(row[i]) for row in cells) else "left") for i in range(len(heads))]
    head = "".join(f'<th style="{style}{_RULE}">{escaped(cell)}</th>' for cell, style in zip(heads, styles))
    lines = ("".join(f'<td style="{style}">{escaped(cell)}</td>' for cell, style in zip(row, styles)) for row in cells)
    body = "".join(f'<tr style="background:transparent">{line}</tr>' for line in lines)
    said = "".join(f'<div style="opacity:0.8">{escaped(note)}</div>' for note in notes)
    return (
        f'<div style="color:inherit;overflow-x:auto"><div style="font-weight:600;margin-bottom:0.3em">{escaped(title)}</div>'
        f'<table style="border-collapse:collapse;color:inherit"><thead><tr style="background:transparent">{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{said}</div>"
    )


def plain(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same as lines of text in columns."""
    cells = [list(heads), *(list(row) for row in rows)]
    widths = [max((len(row[i]) for row in cells), default=0) for i in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in cells)


def shown(value: object) -> str:
    """A value as it stands in a table."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        text = ", ".join(shown(item) for item in value[:8])
        return text if len(value) <= 8 else f"{text}, ... ({len(value)})"
    return str(value)
