"""The package's exception."""

from __future__ import annotations

import importlib
from types import ModuleType


class HinfError(ValueError):
    """What was wrong: `subject`, the `value` given, and what was `expected`."""

    def __init__(self, message: str, subject: str = "", value: str = "", expected: str = "") -> None:
        super().__init__(message)
        self.subject = subject
        self.value = value
        self.expected = expected

    def __reduce__(self) -> tuple[type[HinfError], tuple[str, str, str, str]]:
        return type(self), (str(self), self.subject, self.value, self.expected)


def refused(subject: str, value: object, expected: str) -> HinfError:
    """The error in the library's own words."""
    text = " ".join(str(value).split())
    text = text if len(text) <= 120 else f"{text[:60]}...{text[-60:]}"
    return HinfError(f"{subject}: got '{text}', expected {expected}", subject, text, expected)


def needed(package: str, call: str) -> ModuleType:
    """Import `package`, or say which call needs it."""
    try:
        return importlib.import_module(package)
    except ImportError as error:
        name = {"sklearn": "scikit-learn"}.get(package.split(".")[0], package.split(".")[0])
        message = f"{call} needs the package {name}, which is not installed: pip install {name}"
        raise ImportError(message, name=name) from error
