"""Heads: what is asked of a request, and what is refused before that."""

import pytest
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
