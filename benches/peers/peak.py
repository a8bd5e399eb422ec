"""The machine's peak of fused multiply-adds, from benches/peak.rs."""

import functools
import json
import subprocess


@functools.cache
def executable(name):
    """The path of a benchmark, built."""
    command = ["cargo", "bench", "--bench", name, "--no-run", "--message-format=json"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = [json.loads(line) for line in lines.splitlines()]
    return next(item["executable"] for item in found if item.get("executable") and item["target"]["name"] == name)


def machine_peak(precision):
    """Operations a second on all threads, now."""
    words = subprocess.run([executable("peak"), "run"], check=True, capture_output=True, text=True).stdout.split()
    return 1e9 * float(words[0 if precision == "f32" else 1])
