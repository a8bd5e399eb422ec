"""How far long work is: a bar in a notebook and on a terminal, none in a pipe; what it says beforehand, in a pipe too."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Work that takes less shows no bar, in seconds.
_DELAY = 0.5

Watcher = Callable[[int, int, "str | None"], None]


class _Line:
    """A bar where tqdm is missing: one line of text that is written over."""

    def __init__(self, name: str) -> None:
        self.name, self.shown, self.since = name, "", time.monotonic()

    def at(self, done: int, total: int) -> None:
        text = f"{self.name}: {100 * done // max(total, 1)} %"
        if text != self.shown and time.monotonic() > self.since + _DELAY:
            self.shown = text
            print(f"\r{text}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self.shown:
            print("\r" + " " * len(self.shown) + "\r", end="", file=sys.stderr, flush=True)


class _Tqdm:
    """A bar of tqdm."""

    def __init__(self, name: str, tqdm: Any) -> None:
        self.bar = tqdm(desc=name, leave=False, delay=_DELAY, total=0, file=sys.stderr)

    def at(self, done: int, total: int) -> None:
        self.bar.total = total
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        self.bar.close()


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell is not None and hasattr(shell, "kernel")


def _bar(name: str) -> _Line | _Tqdm | None:
    if sys.stderr is None or not (_in_notebook() or sys.stderr.isatty()):
        return None
    try:
        with warnings.catch_warnings():
            # A notebook without ipywidgets gets tqdm's bar of text.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return _Line(name)
    return _Tqdm(name, tqdm)


@contextmanager
def watcher(name: str, quiet: bool) -> Iterator[Watcher | None]:
    """What is called with the parts done, their total, and a note or None; None when nobody shall hear of it."""
    if quiet or sys.stderr is None:
        yield None
        return
    bar: _Line | _Tqdm | None = None

    def heard(done: int, total: int, note: str | None) -> None:
        nonlocal bar
        if note is not None:
            print(f"hinf: {note}", file=sys.stderr, flush=True)
        elif total > 0:
            bar = bar or _bar(name)
            if bar is not None:
                bar.at(done, total)

    try:
        yield heard
    finally:
        if bar is not None:
            bar.close()
