"""The browser client's files, read once at start and served from memory.

Owns the mapping from paths to files, with types, validators and compressed copies. Invariant: a
path is looked up in a dict and never touches the file system, so path traversal is impossible.
"""

import gzip
import hashlib
import re
from pathlib import Path

from attrs import field, frozen

from server.net.head import Head
from server.net.responses import HTML, JSON, Headers, Response

CONTENT_TYPES = {
    ".html": HTML,
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": JSON,
    ".map": JSON,
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
OTHER_TYPE = "application/octet-stream"
COMPRESSIBLE = re.compile(r"^(text/|application/(json|manifest|wasm)|image/svg)")
COMPRESSED_BYTES_MIN = 1_024  # below that the headers outweigh the gain
HASHED_NAME = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9.]+$")  # as Vite names what it bundles
FOLDER_BYTES_MAX = 64 * 1024 * 1024
ONE_YEAR_S = 31_536_000
NOT_BUILT = """<!doctype html><html lang="en"><title>Skirmish</title>
<h1>The browser client is not built</h1>
<p>The server runs, and bots can play. For the page, run <code>make play</code>, or
<code>npm ci &amp;&amp; npm run build</code> in <code>clients/browser</code>, and start the server
again.</p></html>
"""


@frozen
class StaticFile:
    """One file, ready to be sent."""

    content_type: str
    body: bytes
    compressed: bytes | None
    tag: str
    cache_control: str

    def answer(self, head: Head) -> Response:
        """The file, compressed where the client takes it, or 304 when the client has it."""
        is_compressed = self.compressed is not None and _accepts_gzip(head)
        tag = f'"{self.tag}-gz"' if is_compressed else f'"{self.tag}"'
        headers: Headers = (("etag", tag), ("cache-control", self.cache_control))
        if self.compressed is not None:
            headers += (("vary", "accept-encoding"),)
        known_tags = [each.removeprefix("W/") for each in head.tokens("if-none-match")]
        if tag in known_tags or "*" in known_tags:
            return Response(304, self.content_type, b"", headers)
        if is_compressed:
            headers += (("content-encoding", "gzip"),)
        return Response(
            200, self.content_type, (is_compressed and self.compressed) or self.body, headers
        )


@frozen
class StaticFiles:
    """All files of a folder by their path."""

    by_path: dict[str, StaticFile] = field(factory=dict)

    def find(self, path: str) -> StaticFile | None:
        """The file of a decoded request path."""
        return self.by_path.get(path)


def load_static(folder: Path | None) -> StaticFiles:
    """Read a folder; without one, `/` tells people how to build it. Raises ValueError if huge."""
    if folder is None or not (folder / "index.html").is_file():
        page = _prepare("index.html", NOT_BUILT.encode())
        return StaticFiles({"/": page})
    by_path: dict[str, StaticFile] = {}
    total_bytes = 0
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if not file.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        total_bytes += file.stat().st_size
        if total_bytes > FOLDER_BYTES_MAX:
            raise ValueError(f"{folder} holds more than {FOLDER_BYTES_MAX} bytes")
        by_path[f"/{name}"] = _prepare(name, file.read_bytes())
    by_path["/"] = by_path["/index.html"]
    return StaticFiles(by_path)


def _prepare(name: str, body: bytes) -> StaticFile:
    content_type = CONTENT_TYPES.get(Path(name).suffix.lower(), OTHER_TYPE)
    compressed = None
    if COMPRESSIBLE.match(content_type) and len(body) >= COMPRESSED_BYTES_MIN:
        compressed = gzip.compress(body, mtime=0)  # no time inside: the same bytes at every start
        if len(compressed) >= len(body):
            compressed = None
    is_hashed = HASHED_NAME.search(name) is not None
    cache_control = f"public, max-age={ONE_YEAR_S}, immutable" if is_hashed else "no-cache"
    tag = hashlib.sha256(body).hexdigest()[:24]
    return StaticFile(content_type, body, compressed, tag, cache_control)


def _accepts_gzip(head: Head) -> bool:
    for token in head.tokens("accept-encoding"):
        coding, _, weight = token.partition(";")
        if coding.strip().lower() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
