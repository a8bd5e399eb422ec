"""Kernel regression on random points of S^d: mean test error against the clean target, with its standard error.

Two-layer kernel with bias, target sqrt(N(d,1)) P_1 + 0.5 sqrt(N(d,3)) P_3 about a random pole, noise of standard deviation
`noise` on the training labels. Needs numpy and scipy. Writes learning_curve.csv:

    python3 learning_curve.py > learning_curve.csv
"""

import numpy as np
from scipy.special import eval_gegenbauer, gammaln

REPEATS = {100: 60, 300: 30, 1000: 10}
TEST_POINTS = 3000


def kernel(t):
    t = np.clip(t, -1, 1)
    return (t + 1) * (np.pi - np.arccos(t)) / (4 * np.pi)


def harmonic(k, d, t):
    if d == 1:
        return np.sqrt(2) * np.cos(k * np.arccos(np.clip(t, -1, 1)))
    multiplicity = (2 * k + d - 1) * np.exp(gammaln(k + d - 1) - gammaln(k + 1) - gammaln(d))
    a = (d - 1) / 2
    return np.sqrt(multiplicity) * eval_gegenbauer(k, a, t) / eval_gegenbauer(k, a, 1.0)


def sphere(rng, n, d):
    x = rng.normal(size=(n, d + 1))
    return x / np.linalg.norm(x, axis=1)[:, None]


def main():
    rng = np.random.default_rng(0)
    print("dim,ridge,noise,points,error,standard_error")
    for d in [1, 2, 3, 4, 5, 10, 20]:
        for ridge, noise in [(0, 0), (0.01, 0), (0.1, 0), (0, 0.5), (0.1, 0.5), (0.3, 1)]:
            for n, repeats in REPEATS.items():
                errors = []
                for _ in range(repeats):
                    x, test, pole = sphere(rng, n, d), sphere(rng, TEST_POINTS, d), sphere(rng, 1, d)[0]
                    f = lambda x: harmonic(1, d, x @ pole) + 0.5 * harmonic(3, d, x @ pole)
                    labels = f(x) + noise * rng.normal(size=n)
                    # 1e-13 keeps the smallest eigenvalues of a noiseless matrix out of the rounding.
                    weights = np.linalg.solve(kernel(x @ x.T) + (ridge + 1e-13) * np.eye(n), labels)
                    errors.append(np.mean((kernel(test @ x.T) @ weights - f(test)) ** 2))
                spread = np.std(errors, ddof=1) / np.sqrt(repeats)
                print(f"{d},{ridge},{noise},{n},{np.mean(errors):.6g},{spread:.3g}", flush=True)


main()
