"""Reference values for kernels of rows that keep their norms: numpy alone.

Writes norms.csv: for the rows of rows-iris.csv as they are, the six largest eigenvalues of K/n and the leave-one-out error of the label y at ridge 1 by
solving for each row left out again. Kernels by their two-variance formulas, entry by entry: distances; the recursion of relu networks with
q = |x|^2, q' = |y|^2, S = x.y; the arcsine of erf networks (Williams 1996).
"""

import csv
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def relu_ntk(x, depth, w, b):
    s = x @ x.T
    theta = s + b
    for _ in range(depth):
        q = np.diag(s)
        root = np.sqrt(np.outer(q, q))
        # The angle from the chord of unit rows, which keeps its digits where rows nearly coincide.
        unit = x / np.linalg.norm(x, axis=1, keepdims=True)
        if np.allclose(s, x @ x.T):
            chord = np.linalg.norm(unit[:, None, :] - unit[None, :, :], axis=2)
            angle = 2 * np.arcsin(np.clip(chord / 2, 0, 1))
        else:
            angle = np.arccos(np.clip(s / root, -1, 1))
        step = (np.pi - angle) / (2 * np.pi)
        ramp = root / (2 * np.pi) * (np.sin(angle) + (np.pi - angle) * np.cos(angle))
        theta = w * (theta * step + ramp) + b
        s = w * ramp
    return theta


def erf_nngp(x, w, b):
    # dense(b), erf, dense(w, b) with drawn biases of variance b.
    s = x @ x.T + b
    q = np.diag(s)
    inner = 2 * s / np.sqrt(np.outer(1 + 2 * q, 1 + 2 * q))
    return w * 2 / np.pi * np.arcsin(inner) + b


def main():
    with open(os.path.join(HERE, "rows-iris.csv")) as file:
        rows = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    x, y = rows[:, :-1], rows[:, -1]
    r2 = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    kernels = {
        "laplace:c=1/3": np.exp(-np.sqrt(r2) / 3),
        "gaussian:length=2": np.exp(-r2 / 8),
        "ntk:depth=1,b=0.1": relu_ntk(x, 1, 2.0, 0.1),
        "nngp:depth=1,activation=erf,b=0.5,bias-init=gaussian": erf_nngp(x, 1.0, 0.5),
    }
    n, ridge = len(y), 1.0
    with open(os.path.join(HERE, "norms.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", delimiter=";")
        writer.writerow(["kernel", "what", "value"])
        for name, k in kernels.items():
            values = np.sort(np.linalg.eigvalsh(k / n))[::-1]
            for i in range(6):
                writer.writerow([name, f"eigenvalue-{i}", repr(float(values[i]))])
            total = 0.0
            for i in range(n):
                own = np.arange(n) != i
                weights = np.linalg.solve(k[np.ix_(own, own)] + ridge * np.eye(n - 1), y[own])
                total += (k[i, own] @ weights - y[i]) ** 2
            writer.writerow([name, "left-out", repr(float(total / n))])


if __name__ == "__main__":
    main()
