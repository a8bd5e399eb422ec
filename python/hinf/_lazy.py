"""numpy, imported when it is first used: most of the time of `import hinf` would be numpy's."""

from __future__ import annotations

from typing import Any


class _Numpy:
    def __getattr__(self, name: str) -> Any:
        import numpy

        return getattr(numpy, name)


np = _Numpy()
