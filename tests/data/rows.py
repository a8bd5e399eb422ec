"""Reference values for a user's rows and labels: numpy and scikit-learn (numpy 2.4.6, scikit-learn 1.9.1).

Writes rows-NAME.csv, the rows and the label of five data sets that scikit-learn carries (the first rows of all but iris), and rows.csv: for each
data set and kernel, with rows scaled to norm 1, the ten largest eigenvalues of K/n, and for each ridge the leave-one-out error by fitting to all
other rows again with KernelRidge, the generalised cross-validation score from the hat matrix, the training error and the trace of the hat matrix; then the centred alignment
with the labels, and that of the two kernels with each other.
"""

import csv
import os

import numpy as np
from sklearn import datasets
from sklearn.kernel_ridge import KernelRidge

HERE = os.path.dirname(os.path.abspath(__file__))
LOADERS = {
    "iris": (datasets.load_iris, 150),
    "wine": (datasets.load_wine, 120),
    "diabetes": (datasets.load_diabetes, 150),
    "cancer": (datasets.load_breast_cancer, 100),
    "digits": (datasets.load_digits, 120),
}
RIDGES = [0.01, 1.0]


def kernels(x):
    # From differences: 2 - 2 x.y has lost the distance of near-duplicates.
    r2 = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    return {"gaussian:length=1/2": np.exp(-2 * r2), "laplace:c=1": np.exp(-np.sqrt(r2))}


def left_out(k, y, ridge):
    n, total = len(y), 0.0
    for i in range(n):
        own = np.arange(n) != i
        fit = KernelRidge(alpha=ridge, kernel="precomputed").fit(k[np.ix_(own, own)], y[own])
        total += (fit.predict(k[i : i + 1, own])[0] - y[i]) ** 2
    return total / n


def main():
    out = []
    for name, (load, rows) in LOADERS.items():
        data = load()
        x, y = data.data[:rows], data.target[:rows].astype(float)
        with open(os.path.join(HERE, f"rows-{name}.csv"), "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([f"x{j}" for j in range(x.shape[1])] + ["y"])
            for row, label in zip(x, y):
                writer.writerow([repr(float(value)) for value in row] + [repr(float(label))])
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
        n = len(y)
        centre = np.eye(n) - 1 / n
        found = kernels(x)
        for kernel, k in found.items():
            values = np.sort(np.linalg.eigvalsh(k / n))[::-1]
            out += [(name, kernel, f"eigenvalue-{i}", values[i]) for i in range(10)]
            for ridge in RIDGES:
                hat = k @ np.linalg.inv(k + ridge * np.eye(n))
                residual = y - hat @ y
                gcv = np.mean(residual**2) / (1 - np.trace(hat) / n) ** 2
                out.append((name, kernel, f"left-out-{ridge}", left_out(k, y, ridge)))
                out.append((name, kernel, f"gcv-{ridge}", gcv))
                out.append((name, kernel, f"training-{ridge}", np.mean(residual**2)))
                out.append((name, kernel, f"dimension-{ridge}", np.trace(hat)))
            kc, yc = centre @ k @ centre, y - y.mean()
            out.append((name, kernel, "alignment", yc @ kc @ yc / (np.linalg.norm(kc) * yc @ yc)))
        a, b = (centre @ k @ centre for k in found.values())
        out.append((name, "both", "similarity", np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b))))
    with open(os.path.join(HERE, "rows.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["data", "kernel", "what", "value"])
        writer.writerows((name, kernel, what, repr(float(value))) for name, kernel, what, value in out)


if __name__ == "__main__":
    main()
