"""An operator's hosts, origins and networks: in the form that peers send, or refused in words."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.net.addresses import is_in, networks, plain
from server.net.hosts import allowed_host, allowed_origin, host_of, listening_host, network

NAMES = st.from_regex(
    r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?(\.[a-z][a-z0-9]{0,8}){0,3}", fullmatch=True
)
HOSTS = NAMES | st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(lambda each: f"[{each}]")


@st.composite
def browser_origins(draw: st.DrawFn) -> str:
    """An origin as a browser writes it."""
    scheme, default = draw(st.sampled_from((("http", 80), ("https", 443))))
    port = draw(st.none() | st.integers(1, 65_535).filter(lambda each: each != default))
    return f"{scheme}://{draw(HOSTS)}" + ("" if port is None else f":{port}")


@given(browser_origins(), st.sampled_from(("", "/", " ", "/ ")), st.booleans(), st.booleans())
def test_an_origin_is_brought_into_the_form_of_browsers(
    origin: str, ending: str, is_loud: bool, has_port: bool
) -> None:
    written = origin.upper() if is_loud else origin
    if has_port and ":" not in origin.partition("://")[2].rpartition("]")[2]:
        written += ":443" if origin.startswith("https") else ":80"
    assert allowed_origin(f" {written}{ending}") == origin


@given(
    st.text(max_size=30) | browser_origins().flatmap(lambda o: st.text(max_size=3).map(o.__add__))
)
def test_accepted_origins_are_normalised(text: str) -> None:
    try:
        origin = allowed_origin(text)
    except ValueError:
        return
    assert allowed_origin(origin) == origin
    assert origin == "*" or origin.split("://")[0] in ("http", "https")
    assert origin.isascii()
    assert not set(origin) & set(" @?#*\\") or origin == "*"
    assert origin.count("/") in (0, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("play.example", "begins with http"),
        ("//play.example", "begins with http"),
        ("ws://play.example", "begins with http"),
        ("htps://play.example", "begins with http"),
        ("null", "begins with http"),
        ("", "begins with http"),
        ("https://", "is empty"),
        ("https:///", "is empty"),
        ("https://play.example/game", "ends with its host"),
        ("https://play.example?a", "ends with its host"),
        ("https://play.example#a", "ends with its host"),
        ("https://me@play.example", "ends with its host"),
        ("https://*.example", "wildcards are not"),
        ("https://play example", "neither a name"),
        ("https://play..example", "neither a name"),
        ("https://-play.example", "neither a name"),
        ("https://127.1", "neither a name"),
        ("https://300.1.1.1", "neither a name"),
        ("https://::1", "neither a name"),
        ("https://[::1", "neither a name"),
        ("https://[x]", "not an IPv6"),
        ("https://[fe80::1%eth0]", "not an IPv6"),
        ("https://play.example:", "port"),
        ("https://play.example:0", "port"),
        ("https://play.example:99999", "port"),
        ("https://play.example:http", "port"),
    ],
)
def test_an_origin_that_no_browser_sends_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        allowed_origin(text)


def test_a_name_of_another_script_is_an_origin_as_browsers_send_it() -> None:
    assert allowed_origin("https://Spiele-München.example/") == (
        "https://xn--spiele-mnchen-3ob.example"
    )


@given(HOSTS, st.booleans(), st.none() | st.integers(1, 65_535))
def test_an_allowed_host_is_found_in_the_header_of_its_clients(
    host: str, is_loud: bool, port: int | None
) -> None:
    header = (host.upper() if is_loud else host) + ("" if port is None else f":{port}")
    assert host_of(header) == allowed_host(host)
    assert allowed_host(host.strip("[]").upper()) == allowed_host(host)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://play.example", "without a scheme"),
        ("play.example/", "or path"),
        ("play.example:8000", "without a port"),
        ("[::1]:8000", "not an IPv6|neither a name|without a port"),
        ("", "empty"),
        ("*", "wildcards"),
        ("*.play.example", "wildcards"),
        ("play_ example", "neither a name"),
        ("fe80::1%eth0", "without a zone"),
    ],
)
def test_a_host_that_no_header_has_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        allowed_host(text)


@given(st.ip_addresses(), st.integers(0, 128), st.ip_addresses())
def test_a_network_that_is_taken_matches_its_own_addresses(
    address: object, bits: int, other: object
) -> None:
    text = f"{address}/{min(bits, ip_address(str(address)).max_prefixlen)}"
    try:
        formed = network(text)
    except ValueError as error:
        formed = network(str(error).split()[3].rstrip(","))  # the network that it suggests instead
    assert network(formed) == formed
    known = networks((formed,))
    assert is_in(plain(str(known[0].network_address)), known)


@pytest.mark.parametrize(
    ("text", "formed"),
    [
        (" 10.0.0.1 ", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ("::FFFF:10.0.0.0/104", "10.0.0.0/8"),
        ("FE80::1%eth0", "fe80::1"),
        ("fe80::%eth0/64", "fe80::/64"),
        ("2001:DB8::0/32", "2001:db8::/32"),
    ],
)
def test_a_network_is_brought_into_the_form_that_peers_have(text: str, formed: str) -> None:
    assert network(text) == formed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10.0.0.5/8", "write the network 10.0.0.0/8"),
        ("nginx", "not looked up"),
        ("", "not looked up"),
        ("10.0.0.1:80", "not looked up"),
        ("[::1]", "not looked up"),
        ("10.0.0", "not looked up"),
        ("10.0.0.0/33", "not looked up"),
    ],
)
def test_a_network_that_cannot_match_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        network(text)


@pytest.mark.parametrize(
    ("text", "formed"),
    [
        ("::", "::"),
        ("[::1]", "::1"),
        (" localhost ", "localhost"),
        ("", ""),
        ("fe80::1%lo", "fe80::1%lo"),
    ],
)
def test_the_host_to_listen_on_is_a_name_or_an_address(text: str, formed: str) -> None:
    assert listening_host(text) == formed


@pytest.mark.parametrize("text", ["http://0.0.0.0", "0.0.0.0:8000", "[::]:8000", "0.0.0.0/0"])
def test_the_host_to_listen_on_has_neither_scheme_nor_port(text: str) -> None:
    with pytest.raises(ValueError, match="write the host without"):
        listening_host(text)
