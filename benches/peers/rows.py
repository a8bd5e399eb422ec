"""Everything that `hinf gram --data` says of labelled rows, against the one eigendecomposition that it rests on.

python benches/peers/rows.py target/release/hinf [ROWS [REPEATS]]: rows in 10 dimensions, uniform, with labels of a sign and noise, and with five classes;
the fastest of the repeats. A ratio of 1.5 says that all else takes half the time of the eigendecomposition.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def main():
    program, rows, repeats = sys.argv[1], int((sys.argv[2:3] or ["4000"])[0]), int((sys.argv[3:4] or ["3"])[0])
    random = np.random.default_rng(0)
    x = random.normal(size=(rows, 10))
    y = np.sign(x[:, 0] * x[:, 1] + 0.3 * x[:, 2]) + 0.3 * random.normal(size=rows)
    labels = {"one label": y, "five classes": random.integers(0, 5, size=rows)}
    with tempfile.TemporaryDirectory() as folder:
        print("| labels | whole command | eigendecomposition | ratio |\n| --- | ---: | ---: | ---: |")
        for name, values in labels.items():
            path = Path(folder) / "rows.npz"
            np.savez(path, x=x, y=values)
            found = []
            for _ in range(repeats):
                begun = time.perf_counter()
                command = [program, "gram", "--kernel", "laplace", "--data", path, "--label", "y", "--format", "json", "--quiet"]
                report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
                found.append((time.perf_counter() - begun, report["seconds_solve"]))
            whole, solve = min(found)
            print(f"| {name} | {whole:.2f} s | {solve:.2f} s | {whole / solve:.2f} |")


if __name__ == "__main__":
    main()
