"""The check of a handshake: every mistake in one has its status and its reason."""

import pytest

from server.net.handshake import AllowedOrigins, check_handshake
from server.net.head import RequestError
from tests.server.net.heads import head_of

GOOD = {
    "host": "play.example",
    "upgrade": "websocket",
    "connection": "keep-alive, Upgrade",
    "sec_websocket_key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    "sec_websocket_version": "13",
    "sec_websocket_protocol": "other, skirmish.1",
}


def refusal(allowed: tuple[str, ...] = (), *, method: str = "GET", **changes: str | None) -> tuple:
    headers = {name: value for name, value in (GOOD | changes).items() if value is not None}
    try:
        check_handshake(
            head_of("/x", method, **headers), AllowedOrigins(allowed), needs_subprotocol=True
        )
    except RequestError as error:
        return error.status, error.reason
    return ()


def test_a_good_one_passes_with_our_subprotocol() -> None:
    assert (
        check_handshake(head_of(**GOOD), AllowedOrigins(), needs_subprotocol=True) == "skirmish.1"
    )


def test_without_need_a_subprotocol_may_be_missing_or_strange() -> None:
    strange = GOOD | {"sec_websocket_protocol": "chat"}
    assert check_handshake(head_of(**strange), AllowedOrigins(), needs_subprotocol=False) is None


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"connection": "keep-alive"}, 400, "missing Connection"),
        ({"sec_websocket_version": "8"}, 426, "bad version"),
        ({"sec_websocket_version": None}, 400, "bad version"),
        ({"sec_websocket_key": None}, 400, "missing key"),
        ({"sec_websocket_key": "c2hvcnQ="}, 400, "bad key"),
        ({"sec_websocket_key": "!!"}, 400, "bad key"),
        ({"sec_websocket_key": "MDEyMzQ1Njc4OWFiY2RlZg"}, 400, "bad key"),
        ({"sec_websocket_key": "MDEyMzQ1Njc4OWFiY2RlZmdo"}, 400, "bad key"),
        ({"sec_websocket_key": "MDEyMzQ1Njc4OWFiY2RlZg== MDEy"}, 400, "bad key"),
        ({"sec_websocket_version": "13, 8"}, 426, "bad version"),
        ({"upgrade": "h2c, websocket"}, 400, "an upgrade to something"),
        ({"content_length": "5"}, 400, "an upgrade with a body"),
        ({"content_length": "00"}, 400, "an upgrade with a body"),
        ({"sec_websocket_protocol": None}, 400, "wrong subprotocol"),
        ({"sec_websocket_protocol": "skirmish.2"}, 400, "wrong subprotocol"),
        ({"origin": "https://evil.example"}, 403, "wrong origin"),
    ],
)
def test_each_fault_is_named(change: dict, status: int, reason: str) -> None:
    found_status, found_reason = refusal(**change)
    assert found_status == status
    assert found_reason.startswith(reason)


def test_only_a_get_can_be_upgraded() -> None:
    assert refusal(method="PUT") == (405, "not a GET")


@pytest.mark.parametrize(
    ("host", "origin", "passes"),
    [
        ("play.example", "http://play.example", True),
        ("play.example:80", "http://play.example", True),
        ("PLAY.example", "http://play.EXAMPLE", True),
        ("play.example:8000", "http://play.example:8000", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("[::1]", "http://[::1]", True),
        ("play.example:8000", "http://play.example:9000", False),
        ("play.example", "http://play.example:8000", False),
        ("play.example", "http://play.example.evil", False),
        ("play.example", "https://play.example", False),  # another server has port 443 here
        ("play.example:8000", "https://play.example:8000", False),
        ("play.example", "ftp://play.example", False),
        ("play.example", "chrome-extension://play.example", False),
        ("play.example", "http://user@play.example", False),
        ("play.example", "null", False),
        ("play.example", "play.example", False),
        ("play.example", "", False),
    ],
)
def test_by_default_the_page_must_come_from_this_host(
    host: str,
    origin: str,
    passes: bool,
) -> None:
    assert (refusal(host=host, origin=origin) == ()) is passes


@pytest.mark.parametrize(
    ("told", "http_passes", "https_passes"),
    [
        ({}, True, False),
        ({"x_forwarded_proto": "https"}, False, True),
        ({"x_forwarded_proto": "wss"}, False, True),
        ({"x_forwarded_proto": "HTTPS, http"}, False, True),  # TLS ends at the outermost proxy
        ({"x_forwarded_proto": "http"}, True, False),
        ({"x_forwarded_proto": "gopher"}, False, False),
        ({"x_forwarded_for": "192.0.2.1"}, True, True),  # a proxy that does not say
        ({"via": "1.1 proxy"}, True, True),
    ],
)
def test_the_scheme_of_a_page_is_the_one_its_connection_came_by(
    told: dict[str, str], http_passes: bool, https_passes: bool
) -> None:
    assert (refusal(origin="http://play.example", **told) == ()) is http_passes
    assert (refusal(origin="https://play.example", **told) == ()) is https_passes


@pytest.mark.parametrize(
    ("own_scheme", "origin", "passes"),
    [
        ("https", "https://play.example", True),
        ("https", "http://play.example", False),
        ("http", "https://play.example", False),
        ("https", "https://play.example:443", True),
        ("https", "https://evil.example", False),
    ],
)
def test_a_page_comes_by_the_scheme_of_this_port(
    own_scheme: str, origin: str, passes: bool
) -> None:
    origins = AllowedOrigins(own_scheme=own_scheme)
    head = head_of(**GOOD | {"origin": origin})
    if passes:
        check_handshake(head, origins, needs_subprotocol=True)
    else:
        with pytest.raises(RequestError, match="wrong origin"):
            check_handshake(head, origins, needs_subprotocol=True)


def test_a_refused_origin_names_the_right_one() -> None:
    _, reason = refusal(origin="https://play.example")
    assert reason == "wrong origin 'https://play.example': expected http://play.example"


@pytest.mark.parametrize(
    ("allowed", "origin", "passes"),
    [
        (("https://a.example",), "https://a.example", True),
        (("https://A.example",), "https://a.EXAMPLE", True),
        (("https://a.example",), "http://a.example", False),
        (("https://a.example",), "https://play.example", False),  # the list replaces the default
        (("*",), "https://anything.example", True),
    ],
)
def test_a_list_of_origins_is_exact(
    allowed: tuple[str, ...],
    origin: str,
    passes: bool,
) -> None:
    assert (refusal(allowed, origin=origin) == ()) is passes


def test_clients_other_than_browsers_need_no_origin() -> None:
    assert refusal(("https://a.example",), origin=None) == ()
