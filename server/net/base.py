"""The path below which a proxy shows this server, for proxies that leave it in the requests.

Owns: taking it off. Must not know: routes. Invariant: a request without it means the same as one
with it, so health checks need not know it, and neither do proxies that take it off themselves.
"""

import re

SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")


def base_path(text: str) -> str:
    """`net.base_path` in the form that requests begin with: `/game`, or nothing.

    Raises ValueError with the end of a sentence for what no request could begin with.
    """
    text = text.strip()
    if "://" in text:
        raise ValueError("it is the path of an address alone: /game")
    segments = [segment for segment in text.split("/") if segment]
    for segment in segments:
        if SEGMENT.fullmatch(segment) is None or segment in (".", ".."):
            raise ValueError("it is a path of letters, digits and -._~, as in /game")
    return "".join(f"/{segment}" for segment in segments)


def below(base: str, target: str) -> str:
    """A target without the base; "" and a query when it is the base itself, without its slash."""
    if not base or not target.startswith(base):
        return target
    rest = target[len(base) :]
    return rest if rest[:1] in ("/", "?", "") else target
