"""The server's own HTTP routes: health, metrics, and the maps that browsers draw.

Owns: paths and formats. Must not know: the numbers behind them. Invariant: an answer is made from
what is in memory.
"""

import hashlib
from collections.abc import Callable, Mapping

from server.maps.files import MapFile
from server.net.responses import JSON, Request, Response, RouteHandler, json_response
from server.ops.health import Health
from server.ops.metrics import CONTENT_TYPE, Metrics


def make_routes(
    maps: Mapping[str, MapFile], read_health: Callable[[], Health]
) -> dict[str, RouteHandler]:
    """Return handlers by path, for the public port."""
    routes: dict[str, RouteHandler] = {"/healthz": _health_route(read_health)}
    for name, file in maps.items():
        routes[f"/maps/{name}.tmj"] = _map_route(file)
    return routes


def metrics_routes(metrics: Metrics, read_health: Callable[[], Health]) -> dict[str, RouteHandler]:
    """Return handlers by path, for the port that machines read."""

    async def scrape(_request: Request) -> Response:
        return Response(200, CONTENT_TYPE, metrics.render(), (("cache-control", "no-store"),))

    return {"/metrics": scrape, "/healthz": _health_route(read_health)}


def _health_route(read_health: Callable[[], Health]) -> RouteHandler:

    async def health(_request: Request) -> Response:
        now = read_health()
        return json_response(now.http_status(), now.body())

    return health


def _map_route(file: MapFile) -> RouteHandler:
    tag = f'"{hashlib.sha256(file.raw).hexdigest()[:24]}"'
    headers = (("etag", tag), ("cache-control", "no-cache"))

    async def answer(request: Request) -> Response:
        if tag in request.head.tokens("if-none-match"):
            return Response(304, JSON, b"", headers)
        return Response(200, JSON, file.raw, headers)

    return answer
