"""Metrics for Prometheus, read at each scrape from the objects that count.

Owns: a registry of its own and the text format. Must not know: what is measured; the code that
wires the server together names each number and says how to read it. Invariant: nothing is counted
twice: there are no counters in here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from attrs import define, field
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric

PREFIX = "skirmish_"
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Buckets(Protocol):
    """The source of a histogram; `counts` has one more item than `bounds`, for larger values."""

    @property
    def bounds(self) -> tuple[float, ...]:
        """Upper bounds, ascending."""

    @property
    def counts(self) -> Sequence[int]:
        """How many values are in each bucket, not cumulative."""

    @property
    def total(self) -> float:
        """The sum of all values."""


@define(eq=False)
class Metrics:
    """Register readings, then call `render` for each scrape."""

    _registry: CollectorRegistry = field(factory=lambda: CollectorRegistry(auto_describe=False))
    _readings: dict[str, Callable[[], Metric]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Register as the one collector of a registry of its own: a process may have several
        servers.
        """
        self._registry.register(self)

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Register a value that goes up and down."""
        self._add(name, lambda: GaugeMetricFamily(PREFIX + name, text, value=read()))

    def counter(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Register a value that only goes up."""
        self._add(name, lambda: CounterMetricFamily(PREFIX + name, text, value=read()))

    def counters(
        self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]
    ) -> None:
        """Register values that only go up, one for each value of a label."""

        def family() -> Metric:
            metric = CounterMetricFamily(PREFIX + name, text, labels=[label])
            for value, count in sorted(read().items()):
                metric.add_metric([value], count)
            return metric

        self._add(name, family)

    def histogram(self, name: str, text: str, read: Callable[[], Buckets]) -> None:
        """Register a distribution of values."""

        def family() -> Metric:
            buckets = read()
            ends = [*(str(bound) for bound in buckets.bounds), "+Inf"]
            rows, so_far = [], 0
            for end, count in zip(ends, buckets.counts, strict=True):
                so_far += count
                rows.append((end, so_far))
            return HistogramMetricFamily(PREFIX + name, text, buckets=rows, sum_value=buckets.total)

        self._add(name, family)

    def collect(self) -> Iterator[Metric]:
        """Read everything; called by the registry."""
        for reading in self._readings.values():
            yield reading()

    def names(self) -> list[str]:
        """Return the names as scraped, without the suffixes that the format adds."""
        return [PREFIX + name for name in self._readings]

    def render(self) -> bytes:
        """Return all metrics as text of type `CONTENT_TYPE`."""
        return generate_latest(self._registry)

    def _add(self, name: str, reading: Callable[[], Metric]) -> None:
        assert name not in self._readings, "a name is given once"
        self._readings[name] = reading
