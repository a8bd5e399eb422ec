"""Reference values for held-out errors: numpy alone.

Writes held_out.csv: for the five data sets in rows-NAME.csv, kernel and ridge, the mean and the standard deviation over 200 random splits of the mean square
error of kernel ridge regression, fitted to a quarter or a half of the rows (rounded down) and tried on all others.
"""

import csv
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = ["iris", "wine", "diabetes", "cancer", "digits"]
RIDGES = [0.01, 1.0]
SPLITS = 200


def kernels(x):
    r2 = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    return {"gaussian:length=1/2": np.exp(-2 * r2), "laplace:c=1": np.exp(-np.sqrt(r2))}


def main():
    rng = np.random.default_rng(15)
    out = []
    for name in SETS:
        with open(os.path.join(HERE, f"rows-{name}.csv")) as file:
            rows = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
        x, y = rows[:, :-1], rows[:, -1]
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
        n = len(y)
        for kernel, k in kernels(x).items():
            for ridge in RIDGES:
                for size in [n // 4, n // 2]:
                    errors = []
                    for _ in range(SPLITS):
                        order = rng.permutation(n)
                        own, others = order[:size], order[size:]
                        weights = np.linalg.solve(k[np.ix_(own, own)] + ridge * np.eye(size), y[own])
                        errors.append(np.mean((k[np.ix_(others, own)] @ weights - y[others]) ** 2))
                    out.append((name, kernel, ridge, size, np.mean(errors), np.std(errors, ddof=1)))
    with open(os.path.join(HERE, "held_out.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["data", "kernel", "ridge", "rows", "mean", "deviation"])
        for name, kernel, ridge, size, mean, deviation in out:
            writer.writerow([name, kernel, ridge, size, repr(float(mean)), repr(float(deviation))])


if __name__ == "__main__":
    main()
