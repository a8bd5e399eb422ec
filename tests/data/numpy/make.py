#!/usr/bin/env python3
"""Arrays as numpy writes them: `pip install numpy && python3 make.py`, in this folder.

All hold the same ten points of three coordinates and one label, those of ../cases/ok.csv, unless the name says otherwise.
"""
import numpy as np

rows = np.loadtxt("../cases/ok.csv", delimiter=",", skiprows=1)
X, y = rows[:, :3], rows[:, 3]
names = np.array(["blue" if v < 0 else "red" for v in y])

np.save("f64.npy", rows)
np.save("f64-fortran.npy", np.asfortranarray(rows))
np.save("f64-big-endian.npy", rows.astype(">f8"))
np.save("f32.npy", rows.astype(np.float32))
np.save("f16.npy", rows.astype(np.float16))
np.save("i64.npy", np.round(1e4 * rows).astype(np.int64))
np.save("u8.npy", (np.arange(12) % 5 + 1).reshape(4, 3).astype(np.uint8))
np.save("bool.npy", np.eye(4, 3, k=0, dtype=bool) | np.eye(4, 3, k=-1, dtype=bool))
np.save("vector.npy", y)
np.save("complex.npy", rows.astype(complex))
np.save("objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
values = [(0, 2, 0.013671875), (0, 0, 0.15625)]
np.save("record-values.npy", np.array(values, dtype=[("seen", "f4"), ("k", "i4"), ("lambda", "f8")]))
np.save("records.npy", np.zeros(3, dtype=[("a", "f8"), ("b", "i4")]))
np.save("three-dimensional.npy", np.ones((2, 3, 4)))
np.save("scalar.npy", np.float64(3))
np.save("empty.npy", np.zeros((0, 3)))
np.save("nan.npy", np.where(np.arange(40).reshape(10, 4) == 22, np.nan, rows))
np.save("big-integers.npy", np.full((2, 2), 2**53 + 1))
np.savez("one-and-labels.npz", X=X, y=y)
np.savez_compressed("names.npz", points=X.astype(np.float32), species=names, more=np.ones((2, 2)))
np.savez("unnamed.npz", rows)
np.savez("two-matrices.npz", a=X, b=X)
np.savez("wrong-labels.npz", X=X, y=y[:-1])
