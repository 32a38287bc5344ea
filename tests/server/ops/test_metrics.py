"""The text that Prometheus scrapes."""

from server.ops.histogram import Histogram
from server.ops.metrics import Metrics


def test_every_kind_of_metric_is_read_when_it_is_scraped():
    metrics = Metrics()
    numbers = {"gauge": 1.0, "counter": 5.0}
    waits = Histogram((0.5, 1.0))
    metrics.gauge("matches", "running matches", lambda: numbers["gauge"])
    metrics.counter("ticks", "ticks", lambda: numbers["counter"])
    metrics.counters("refused", "by reason", "reason", lambda: {"flood": 2, "malformed": 3})
    metrics.histogram("wait_seconds", "waits", lambda: waits)
    for value in (0.25, 0.5, 0.75, 3.0):
        waits.observe(value)
    numbers["gauge"] = 7.0
    lines = metrics.render().decode().splitlines()
    assert "skirmish_matches 7.0" in lines
    assert "skirmish_ticks_total 5.0" in lines
    assert 'skirmish_refused_total{reason="flood"} 2.0' in lines
    assert 'skirmish_wait_seconds_bucket{le="0.5"} 2.0' in lines
    assert 'skirmish_wait_seconds_bucket{le="1.0"} 3.0' in lines
    assert 'skirmish_wait_seconds_bucket{le="+Inf"} 4.0' in lines
    assert "skirmish_wait_seconds_sum 4.5" in lines
    assert "skirmish_wait_seconds_count 4.0" in lines


def test_two_servers_in_one_process_do_not_share_a_registry():
    first, second = Metrics(), Metrics()
    first.gauge("matches", "running matches", lambda: 1)
    second.gauge("matches", "running matches", lambda: 2)
    assert b"skirmish_matches 1.0" in first.render()
    assert b"skirmish_matches 2.0" in second.render()
