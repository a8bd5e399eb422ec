"""A sweep of 200 small trainings over 3 shards under faults, against an undisturbed run: python benches/sweep_faults.py target/release/hinf

Each shard is killed (SIGKILL) at 50 random moments and started again; meanwhile one result is truncated, one is replaced by another study's, and the disk is
full for a while, where a small tmpfs can be mounted (as root). At the end the folder must have the bytes of the undisturbed run. Prints what was done.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STUDY = """
command = "train"
[defaults]
model = "two-layer"
bias = true
dim = 1
width = {width}
points = 101
[axes]
degrees = [1, 2, 3, 4]
seed = "0..49"
"""
SHARDS, KILLS = 3, 50
hinf = os.path.abspath(sys.argv[1])
random.seed(1)


def sweep(folder, study, output, *more):
    words = [hinf, "sweep", study, "--output", output, "--threads", "1", *more]
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def main():
    folder = Path(tempfile.mkdtemp())
    (folder / "study.toml").write_text(STUDY.format(width=256))
    (folder / "other.toml").write_text(STUDY.format(width=128))
    begun = time.time()
    assert sweep(folder, "study.toml", "whole").wait() == 0
    whole = time.time() - begun
    other = sweep(folder, "other.toml", "other", "--shard", "1/50")
    assert other.wait() == 0
    parts = folder / "parts"
    parts.mkdir()
    tmpfs = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", parts], capture_output=True).returncode == 0
    expected = contents(folder / "whole")
    shards = [f"{i}/{SHARDS}" for i in range(1, SHARDS + 1)]
    running, kills, ended, full = {}, dict.fromkeys(shards, 0), set(), 0
    # All kills fall into the time that the work takes.
    pause = whole / KILLS
    faults = {10: "truncated", 20: "replaced", 30: "full", 36: "freed"}
    done = []
    while min(kills.values()) < KILLS:
        for shard in shards:
            if shard not in running or running[shard].poll() is not None:
                if shard in running and running[shard].returncode == 2:
                    full += b"cannot write" in running[shard].stderr.read()
                running[shard] = sweep(folder, "study.toml", "parts", "--shard", shard)
        time.sleep(random.uniform(0, 2 * pause))
        shard = random.choice([s for s in shards if kills[s] < KILLS])
        running[shard].kill()
        running[shard].wait()
        kills[shard] += 1
        if min(kills.values()) in faults:
            fault = faults.pop(min(kills.values()))
            there = sorted(path for path in parts.iterdir() if len(path.stem) == 32)
            if fault == "truncated":
                there[0].write_bytes(there[0].read_bytes()[:100])
            elif fault == "replaced":
                foreign = next(path for path in (folder / "other").iterdir() if len(path.stem) == 32)
                shutil.copy(foreign, there[-1])
            elif fault == "full" and tmpfs:
                with open(parts / "filler", "wb", buffering=0) as filler:
                    try:
                        while filler.write(bytes(1 << 16)):
                            pass
                    except OSError:
                        pass
            elif fault == "freed" and tmpfs:
                (parts / "filler").unlink()
            if tmpfs or fault in ("truncated", "replaced"):
                done.append(fault)
    for process in running.values():
        process.wait()
    for shard in shards:
        assert sweep(folder, "study.toml", "parts", "--shard", shard).wait() == 0
    same = contents(parts) == expected
    if tmpfs:
        subprocess.run(["umount", parts])
    shutil.rmtree(folder)
    print(f"{len(expected) - 1} runs, {SHARDS} shards, {sum(kills.values())} kills ({KILLS} each), faults: {', '.join(done)};")
    print(f"{full} processes ended by themselves on the full disk; {whole:.1f} s undisturbed on one thread; same bytes: {same}")
    sys.exit(0 if same else 1)


main()
