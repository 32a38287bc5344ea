"""How late ticks begin, read from a Skirmish server's /metrics while it plays.

Owns the computation of quantiles from two readings of a histogram. A quantile is a bucket's upper
bound, so it is never reported better than it is.
"""

import re
import time
from urllib.request import urlopen

from bench.contender_skirmish import Skirmish, metrics_port

BUCKET = re.compile(r'^skirmish_tick_lateness\w*_bucket\{le="([^"]+)"\} ([\d.e+]+)$', re.MULTILINE)
WARM_UP_S = 4.0
Buckets = dict[float, float]  # upper bound in seconds → ticks at or below it


def read(port: int) -> Buckets:
    """Read the histogram."""
    with urlopen(f"http://127.0.0.1:{metrics_port(port)}/metrics", timeout=5) as answer:
        found = BUCKET.findall(answer.read().decode())
    if not found:
        raise RuntimeError("/metrics has no histogram of tick lateness")
    return {float(bound): float(count) for bound, count in found}


def quantile(before: Buckets, after: Buckets, share: float) -> float:
    """The smallest bound that this share of the ticks between two readings lies at or below."""
    counts = {bound: after[bound] - before[bound] for bound in sorted(after)}
    total = max(counts.values())
    return next(bound for bound, count in counts.items() if count >= share * total)


def measure_lateness(clients: int, seconds: float) -> dict[str, float]:
    """Play a load on a fresh server; returns p50 and p99 in milliseconds."""
    server = Skirmish()
    with server.running() as (_, port), server.gather(port, clients):
        time.sleep(WARM_UP_S)
        before = read(port)
        time.sleep(seconds)
        after = read(port)
    return {
        "clients": clients,
        "p50_ms": quantile(before, after, 0.50) * 1000,
        "p99_ms": quantile(before, after, 0.99) * 1000,
    }
