"""Many runs at once, in threads, processes, joblib and dask; threads per worker are obeyed."""

import multiprocessing
import os
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import hinf


def spectrum(dim: int) -> hinf.Spectrum:
    return hinf.spectrum("ntk:depth=2", dim=dim, degrees=range(5), digits=20)


def sampled(seed: int) -> hinf.Report:
    return hinf.sample("two-layer", dim=2, points=120, degrees=range(3), repeats=1, seed=seed)


def trained(seed: int) -> hinf.Report:
    return hinf.train("two-layer", bias=True, dim=1, degrees=[1], width=128, points=21, seed=seed)


def rows(reports: list[hinf.Report]) -> list[object]:
    return [report.rows for report in reports]


def workers(_: int) -> int:
    """How many threads this process has for calls after one of them."""
    hinf.Kernel("ntk:depth=2")(np.random.default_rng(0).standard_normal((50, 3)))
    return sum(path.read_text().startswith("hinf-") for path in Path("/proc/self/task").glob("*/comm"))


def executors() -> list[tuple[str, Executor]]:
    found: list[tuple[str, Executor]] = [("threads", ThreadPoolExecutor(3))]
    for method in multiprocessing.get_all_start_methods():
        found.append((method, ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method))))
    return found


@pytest.mark.parametrize(("name", "pool"), executors(), ids=[name for name, _ in executors()])
def test_results_come_back_from_executors(name: str, pool: Executor) -> None:
    # The parent has used its threads before it forks: a child must not wait for them.
    hinf.Kernel("ntk:depth=2")(np.eye(3))
    with pool:
        assert list(pool.map(spectrum, [1, 2, 3], timeout=60)) == [spectrum(1), spectrum(2), spectrum(3)]
        assert rows(list(pool.map(sampled, [0, 1], timeout=60))) == rows([sampled(0), sampled(1)])
        assert rows(list(pool.map(trained, [0, 1], timeout=60))) == rows([trained(0), trained(1)])


def test_joblib_runs_them_too() -> None:
    joblib = pytest.importorskip("joblib")
    for backend in ("loky", "threading"):
        found = joblib.Parallel(n_jobs=2, backend=backend)(joblib.delayed(sampled)(seed) for seed in range(3))
        assert rows(found) == rows([sampled(seed) for seed in range(3)])
    with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
        assert joblib.Parallel(n_jobs=2)(joblib.delayed(workers)(i) for i in range(2)) == [1, 1]


def test_dask_runs_them_too() -> None:
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert client.gather(client.map(spectrum, [1, 2, 3])) == [spectrum(1), spectrum(2), spectrum(3)]
        assert rows(client.gather(client.map(sampled, [0, 1]))) == rows([sampled(0), sampled(1)])
        assert rows(client.gather(client.map(trained, [0, 1]))) == rows([trained(0), trained(1)])
        # Dask says OMP_NUM_THREADS=1 in its workers.
        assert client.gather(client.map(workers, [0], pure=False)) == [1]


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted in /proc")
def test_threads_are_as_many_as_asked_for() -> None:
    kernel, points = hinf.Kernel("ntk:depth=2"), np.random.default_rng(0).standard_normal((64, 3))
    kernel(points, threads=5)
    before = len(os.listdir("/proc/self/task"))
    kernel(points, threads=5)
    assert len(os.listdir("/proc/self/task")) == before
    kernel(points, threads=7)
    assert len(os.listdir("/proc/self/task")) == before + 7


def test_calls_in_threads_agree() -> None:
    kernel, points = hinf.Kernel("ntk:depth=3"), np.random.default_rng(1).standard_normal((300, 3))
    right, wrong = kernel(points), []

    def look() -> None:
        for _ in range(5):
            if not np.array_equal(kernel(points, threads=2), right):
                wrong.append(threading.current_thread().name)

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
