"""The path prefix under which a proxy exposes this server, for proxies that do not strip it.

Owns: stripping it. Must not know: routes. Invariant: a request means the same with and without it,
so health checks need not know it, and neither do proxies that strip it themselves.
"""

import re

SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")


def base_path(text: str) -> str:
    """Normalize `net.base_path` to the form that requests begin with: `/game`, or nothing.

    Raises ValueError, with the end of a sentence, for a path that no request could begin with.
    """
    text = text.strip()
    if "://" in text:
        raise ValueError("it has to be a plain path such as /game")
    segments = [segment for segment in text.split("/") if segment]
    for segment in segments:
        if SEGMENT.fullmatch(segment) is None or segment in (".", ".."):
            raise ValueError("it has to be a path of letters, digits and -._~, such as /game")
    return "".join(f"/{segment}" for segment in segments)


def below(base: str, target: str) -> str:
    """Strip the base from a target; the base itself, without its slash, leaves "" and any query."""
    if not base or not target.startswith(base):
        return target
    rest = target[len(base) :]
    return rest if rest[:1] in ("/", "?", "") else target
