"""Writes hinf/_commands.py: one function a command, from what the library says of itself.

Run it with the package installed, after an option or a command has changed: `python python/generate.py`. A test compares.
"""

import re
import sys
import textwrap
from pathlib import Path

from hinf import _hinf

HERE = Path(__file__).parent
WIDTH = 130
# Parameters that may be given without their name, the first of these that a command has.
LEADING = ("values", "study", "folder", "kernel", "model")
RETURNS = {
    "check": "Check",
    "collect": "Collected",
    "curve": "Curve",
    "formula": "Formulas",
    "gram": "Gram",
    "kernels": "Kernels",
    "null-space": "NullSpace",
    "plan": "Plan",
    "sweep": "Sweep",
    "table": "Tables",
    "train": "Training",
    "validate": "Validation",
    "verify": "Verification",
}
HEAD = '''"""One function a command. Written by generate.py from what the library says of itself: change it there."""

from __future__ import annotations

from typing import Any, cast

from . import _reports
from ._experiments import experiment
from ._options import Option
from ._spectrum import spectra

'''


def name_of(option: str) -> str:
    """The parameter of an option."""
    name = option.replace("-", "_")
    return f"{name}_" if name in ("as", "from", "in", "is") else name


def words(text: str) -> str:
    """Help of the command line in Python's words."""
    text = re.sub(r"--([a-z][a-z-]*)", lambda found: f"`{name_of(found[1])}`", text)
    return re.sub(r"`hinf ([a-z-]+)`", lambda found: f"`hinf.{name_of(found[1])}()`", text).replace("\\", "\\\\")


def paragraphs(text: str, indent: str, first: str = "") -> str:
    """Text in lines of the right width."""
    blocks = [" ".join(block.split()) for block in text.split("\n\n")]
    filled = [
        textwrap.fill(block, WIDTH, initial_indent=indent + (first if i == 0 else ""), subsequent_indent=indent + " " * len(first))
        for i, block in enumerate(blocks)
    ]
    return "\n\n".join(filled)


def function(command: str) -> str:
    """The function of a command."""
    about, flags = _hinf.described(command) or ("", [])
    given = [(name_of(name), words(help), "bool = False" if switch else "Option = None") for name, help, switch in flags]
    if command == "validate":
        given = [one for one in given if one[0] not in ("quick", "full")]
        sizes = "quick (under a minute on two cores), or full (the paper's own sizes, within an hour); between them without it."
        given.insert(0, ("size", sizes, "str | None = None"))
    if any(name == "data" for name, _, _ in given):
        given.append(("X", "Rows as an array, in place of a file.", "Any = None"))
        given.append(("y", "Their labels as an array, numbers or names.", "Any = None"))
    given.append(("threads", "Number of threads; all cores without it, or what RAYON_NUM_THREADS or OMP_NUM_THREADS says.", "int | None = None"))
    given.append(("quiet", "Show no progress, and no costs.", "bool = False"))
    leading = next((name for name in LEADING if any(name == one for one, _, _ in given)), None)
    ordered = sorted(given, key=lambda one: one[0] != leading)
    result = RETURNS.get(command, "Report")
    passed = "`complete` says whether every value has its digits." if command == "table" else "`passed` says whether every check held."
    if command == "validate":
        leading = "size"
    lines = [f"def {name_of(command)}("]
    for i, (name, _, kind) in enumerate(ordered):
        lines += ["    *,"] if i == (leading is not None) else []
        lines.append(f"    {name}: {kind},")
    lines += [f") -> _reports.{result}:"]
    sentence, _, rest = words(about).partition("\n\n")
    sentence = sentence.rstrip(".") + "."
    lines.append(paragraphs(sentence, "    ", '"""').replace('    """', '    """', 1))
    lines += ["", paragraphs(rest, "    ")] if rest else []
    lines += ["", f"    Returns the report, of the fields of `hinf {command} --format json`; {passed}", ""]
    lines += [paragraphs(f"{name}: {help}", "    ", "- ") for name, help, _ in ordered]
    lines.append('    """')
    call = [name for name, _, _ in ordered if name not in ("threads", "quiet", "size")]
    if command == "table":
        lines.append("    given = {")
        lines += [f'        "{name}": {name},' if "bool" not in kind else f'        "{name}": {name} or None,'
                  for name, _, kind in ordered if name in call]
        lines.append("    }")
        lines.append("    return _reports.Tables(spectra(given, threads, quiet))")
    else:
        lines += ["    found = experiment(", f'        "{command}",', "        threads=threads,", "        quiet=quiet,"]
        if command == "validate":
            lines.append("        **_size(size),")
        lines += [f"        {name}={name} or None," if "bool" in kind else f"        {name}={name},"
                  for name, _, kind in ordered if name in call]
        lines.append("    )")
        lines.append(f"    return cast(_reports.{result}, found)")
    text = "\n".join(lines)
    if command == "validate":
        text += '''


def _size(size: str | None) -> dict[str, Any]:
    """The switch of a size."""
    if size is None or size in ("quick", "full"):
        return {size: True} if size else {}
    raise refused("size", size, "quick or full")'''
    return text


def whole() -> str:
    """The text of the module."""
    commands = sorted(_hinf.commands())
    head = HEAD.replace("from ._experiments", "from ._errors import refused\nfrom ._experiments")
    names = ", ".join(f'"{name_of(command)}"' for command in [*commands, "sample"])
    functions = "\n\n\n".join(function(command) for command in commands)
    return f"{head}__all__ = [{names}]\n\n\n{functions}\n\n\nsample = gram\n"


if __name__ == "__main__":
    target = HERE / "hinf" / "_commands.py"
    target.write_text(whole())
    sys.stdout.write(f"wrote {target}\n")
