"""Heads: what is read from a request, and what is refused before that."""

import string

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from server.net.head import Head, RequestError, parse_head
from server.net.settings import NetSettings
from tests.server.net.heads import head_of


def test_path_and_query_are_apart_and_the_path_is_decoded() -> None:
    head = head_of("/a%20b/%2e%2e?x=%20", host="x")
    assert (head.path, head.query) == ("/a b/..", "x=%20")


def test_list_headers_are_read_across_lines_and_commas() -> None:
    assert head_of(host="x", accept="a , b,,c").tokens("accept") == ["a", "b", "c"]
    assert head_of(host="x").tokens("accept") == []


@pytest.mark.parametrize(
    ("value", "expected"), [("websocket", True), ("WebSocket", True), ("h2c", False), ("", False)]
)
def test_an_upgrade_to_a_websocket_is_seen(value: str, expected: bool) -> None:
    assert head_of(host="x", upgrade=value).wants_websocket is expected


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_a_refusal_with_a_status(content: bytes) -> None:
    refused: RequestError | None = None
    head: Head | None = None
    try:
        head, _ = parse_head(content + b"\r\n\r\n", NetSettings())
    except RequestError as error:
        refused = error
    assert (head is None) is (refused is not None)
    assert refused is None or (400 <= refused.status < 600 and refused.reason)


def test_a_target_too_long_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        head_of("/" + "a" * 2_048, host="x")
    assert caught.value.status == 414


GOOD_LINES = (b"GET /lobby?a=1 HTTP/1.1", b"Host: play.example:8000", b"Accept: text/html")


def joined(*lines: bytes) -> bytes:
    return b"\r\n".join((*lines, b"", b""))


def refusal_of(raw: bytes) -> int:
    """The status that refuses these bytes, 0 for none."""
    try:
        parse_head(raw, NetSettings())
    except RequestError as error:
        return error.status
    return 0


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "1.01"])
def test_only_http_1_is_spoken(version: str) -> None:
    with pytest.raises(RequestError) as caught:
        head_of(version=version, host="x")
    assert caught.value.status in (400, 505)


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1 ",
        b"GET  / HTTP/1.1",
        b"GET\t/ HTTP/1.1",
        b" GET / HTTP/1.1",
        b"GET / http/1.1",
        b"GET /",
        b"GET lobby HTTP/1.1",
        b"GET /a#b HTTP/1.1",
        b"GET http:///lobby HTTP/1.1",
        b"GET ftp://play.example:8000/lobby HTTP/1.1",
        b"GET http://evil.example/lobby HTTP/1.1",
        b"GET http://play.example/lobby HTTP/1.1",
        b"GET http://play.example:8000@evil.example/ HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"CONNECT play.example:8000 HTTP/1.1",
        b"PRI * HTTP/2.0",
    ],
)
def test_a_request_line_that_can_be_read_in_two_ways_is_refused(line: bytes) -> None:
    assert refusal_of(joined(line, *GOOD_LINES[1:])) in (400, 505)


@pytest.mark.parametrize(
    "target", ["http://play.example/lobby?a=1", "HTTP://PLAY.example/lobby?a=1"]
)
def test_an_absolute_target_that_agrees_with_host_is_its_path(target: str) -> None:
    head = head_of(target, host="play.example")
    assert (head.path, head.query) == ("/lobby", "a=1")
    assert head_of("http://play.example", host="play.example").path == "/"


@pytest.mark.parametrize(
    "host",
    ["", "a b", "a,b", "a/b", "a@b", "a:b", "a:123456", "[::1", "::1", "a:80:80", "http://a", "a?"],
)
def test_a_host_that_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(RequestError) as caught:
        head_of(host=host)
    assert caught.value.status == 400


@pytest.mark.parametrize("host", ["a", "a_b.example:80", "192.0.2.1:8000", "[::1]", "[::1]:80"])
def test_a_host_is_a_name_or_an_address_with_a_port(host: str) -> None:
    assert head_of(host=host).header("host") == host


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((b"Content-Length: 5", b"Transfer-Encoding: chunked"), 400),
        ((b"Content-Length: 0", b"transfer-encoding: identity"), 400),
        ((b"Transfer-Encoding: chunked",), 411),
        ((b"Transfer-Encoding: gzip, chunked",), 411),
        ((b"Transfer-Encoding: xchunked",), 411),
        ((b"Transfer-Encoding:",), 411),
        ((b"Content-Length: 5", b"Content-Length: 5"), 400),
        ((b"Content-Length: 5", b"content-length: 6"), 400),
        ((b"Content-Length: 5, 5",), 400),
        ((b"Content-Length: +5",), 400),
        ((b"Content-Length: -5",), 400),
        ((b"Content-Length: 0x5",), 400),
        ((b"Content-Length: 5 5",), 400),
        ((b"Content-Length: 5_0",), 400),
        ((b"Content-Length:",), 400),
        ((b"Content-Length : 5",), 400),
        ((b"Host: play.example:8000",), 400),
        ((b"Host: evil.example",), 400),
        ((b"Upgrade: websocket", b"Upgrade: websocket"), 400),
        ((b"Sec-WebSocket-Key: a", b"Sec-WebSocket-Key: b"), 400),
        ((b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Version: 8"), 400),
        ((b"Origin: http://a", b"Origin: http://b"), 400),
        ((b"A: b", b" c"), 400),
        ((b"A: b", b"\tc"), 400),
        ((b"A : b",), 400),
        ((b"A\t: b",), 400),
        ((b": b",), 400),
        ((b"no colon",), 400),
        ((b"A b: c",), 400),
        ((b"A: b\rc",), 400),
        ((b"A: b\r\r\nB: c",), 400),
        ((b"A: b\nB: c",), 400),
        ((b"A: b\x00c",), 400),
        ((b"A: \x1b[2J",), 400),
        ((b"A: b\x7f",), 400),
        ((b"A: b\x0bc",), 400),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_ambiguous_requests_are_refused(
    lines: tuple[bytes, ...], status: int, is_first: bool
) -> None:
    request_line, *others = GOOD_LINES
    placed = (*lines, *others) if is_first else (*others, *lines)
    assert refusal_of(joined(request_line, *placed)) == status


NAMES = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=12).map(
    lambda name: f"x-{name}".encode()
)
VALUES = st.binary(max_size=20).map(
    lambda raw: bytes(byte for byte in raw if byte >= 0x20 and byte != 0x7F)
)


@st.composite
def good_heads(draw: st.DrawFn) -> bytes:
    """A valid head."""
    fields = draw(st.lists(st.tuples(NAMES, VALUES), max_size=8))
    lines = [name + b":" + value for name, value in fields]
    lines.insert(draw(st.integers(0, len(lines))), b"host: x")
    return joined(b"GET / HTTP/1.1", *lines)


def read_leniently(raw: bytes) -> list[tuple[str, str]]:
    """Read headers like a parser that repairs whatever it can."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        if not line.strip():
            break
        if line[:1] in b" \t" and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.decode('latin-1').strip()}")
            continue
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name.strip().lower(), value.strip(" \t")))
    return headers


@given(good_heads())
def test_a_head_that_nothing_is_wrong_with_is_taken(raw: bytes) -> None:
    head, _ = parse_head(raw, NetSettings())
    assert list(head.headers) == read_leniently(raw)


@given(
    good_heads(),
    st.integers(0, 10_000),
    st.integers(0, 3),
    st.sampled_from(
        (b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\t", b":", b"\0", b",", b"x", b"\x0b")
    ),
)
def test_a_damaged_head_is_refused_or_read_as_a_lenient_parser_reads_it(
    raw: bytes, place: int, removed: int, inserted: bytes
) -> None:
    place %= len(raw) - 4
    damaged = raw[:place] + inserted + raw[place + removed :]
    damaged = damaged[: damaged.find(b"\r\n\r\n") + 4] if b"\r\n\r\n" in damaged else damaged
    try:
        head, parser = parse_head(damaged, NetSettings())
    except RequestError:
        return
    assert list(head.headers) == read_leniently(damaged)
    assert parser.trailing_data == (b"", False)


def test_headers_beyond_the_limit_are_refused_before_they_are_parsed() -> None:
    few = evolve(NetSettings(), head_headers_max=16)
    lines = [b"GET / HTTP/1.1", b"host: x", *(b"not a header" for _ in range(16))]
    with pytest.raises(RequestError) as caught:
        parse_head(joined(*lines), few)
    assert (caught.value.status, caught.value.reason) == (
        431,
        "the request has more than 16 headers",
    )
    fields = [f"a{number}: b".encode() for number in range(15)]
    assert len(parse_head(joined(*lines[:2], *fields), few)[0].headers) == 16


OURS = evolve(NetSettings(), allowed_hosts=("play.example", "192.0.2.7", "::1"))


def status_for(host: str | None, path: str = "/", version: str = "1.1") -> int:
    """The status that refuses a request for this host and path, 0 for none."""
    lines = [f"GET {path} HTTP/{version}".encode()]
    lines += [f"host: {host}".encode()] if host is not None else []
    try:
        parse_head(joined(*lines), OURS)
    except RequestError as error:
        return error.status
    return 0


@pytest.mark.parametrize(
    "host", ["play.example", "PLAY.example.:8000", "192.0.2.7:80", "[::1]", "[0:0::1]:8000"]
)
def test_a_host_of_ours_is_answered_for(host: str) -> None:
    assert status_for(host) == 0


@pytest.mark.parametrize(
    "host",
    ["evil.example", "play.example.evil", "a.play.example", "192.0.2.8", "localhost", "[::2]"],
)
def test_a_host_of_others_is_misdirected(host: str) -> None:
    assert status_for(host) == 421
    assert head_of(host=host).header("host") == host  # without a list every host is ours


def test_a_host_in_the_target_counts_as_well() -> None:
    assert status_for("evil.example", "http://evil.example/") == 421
    assert status_for("play.example", "http://evil.example/") == 400


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_probes_know_an_address_and_no_name(path: str) -> None:
    assert status_for("10.1.2.3:8000", path) == 0
    assert status_for("[fd00::1]:8000", path) == 0
    assert status_for(None, path, "1.0") == 0
    assert status_for(None, "/", "1.0") == 421
    assert status_for("evil.example", path) == 421
