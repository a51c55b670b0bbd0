"""What is counted for Prometheus: plain numbers, made into its samples when somebody asks for them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds


class Metrics(Collector):
    """The counters of one server, and gauges that are read when asked for."""

    def __init__(self, gauges: Mapping[str, Callable[[], float]]) -> None:
        self._gauges = gauges
        self._requests = Counter[tuple[str, str, int]]()
        self._seconds: dict[str, list[float]] = {}  # route: how many within each bound, how many above all, their sum
        self.queries = Counter(quick=0, slow=0)  # by lane
        self.cached = 0
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request: its answer began after `seconds`."""
        self._requests[route, method, status] += 1
        found = self._seconds.get(route)
        if found is None:
            found = self._seconds[route] = [0.0] * (len(_BOUNDS) + 2)
        found[bisect_left(_BOUNDS, seconds)] += 1
        found[-1] += seconds

    def collect(self) -> Iterator[Metric]:
        """All samples."""
        requests = CounterMetricFamily(
            "newsclaims_http_requests", "HTTP requests", labels=["route", "method", "status"]
        )
        for (route, method, status), count in self._requests.items():
            requests.add_metric([route, method, str(status)], count)
        yield requests
        seconds = HistogramMetricFamily("newsclaims_http_seconds", "Seconds until an answer began", labels=["route"])
        for route, found in self._seconds.items():
            within = zip([*map(str, _BOUNDS), "+Inf"], accumulate(found[:-1]), strict=True)
            seconds.add_metric([route], list(within), found[-1])
        yield seconds
        queries = CounterMetricFamily("newsclaims_queries", "Queries answered", labels=["lane"])
        for lane, count in self.queries.items():
            queries.add_metric([lane], count)
        yield queries
        yield CounterMetricFamily("newsclaims_cache_hits", "Results answered from memory", value=self.cached)
        for name, value in self._gauges.items():
            yield GaugeMetricFamily(f"newsclaims_{name}", name.replace("_", " "), value=value())
