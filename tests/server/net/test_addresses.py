"""Addresses: which claims of a proxy are believed, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.net.addresses import (
    claimed_address,
    forwarded_for,
    forwarded_members,
    is_in,
    networks,
    plain,
    site,
    untrusted_label,
)

PROXIES = networks(("10.0.0.0/8", "::1"))


@pytest.mark.parametrize(
    ("peer", "chain", "expected"),
    [
        ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"),  # an untrusted peer can claim anything
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        (
            "10.0.0.1",
            ["203.0.113.9", "198.51.100.1"],
            "198.51.100.1",
        ),  # the first is untrusted_label
        ("10.0.0.1", ["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::1", ["::ffff:198.51.100.1"], "198.51.100.1"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, chain: list[str], expected: str) -> None:
    assert forwarded_for(peer, chain, PROXIES) == expected


@given(st.ip_addresses().map(str), st.lists(st.text(max_size=20), max_size=5))
def test_nobody_can_invent_an_address_without_a_proxy(peer: str, chain: list[str]) -> None:
    assert forwarded_for(peer, chain, ()) == peer


@given(st.text(max_size=30))
def test_any_text_has_a_plain_form_and_a_site(text: str) -> None:
    assert site(plain(text)) == site(plain(plain(text)))
    assert is_in(text, ()) is False


@given(st.ip_addresses(v=4).map(str))
def test_ipv4_inside_ipv6_is_ipv4(address: str) -> None:
    assert plain(f"::ffff:{address}") == address


def test_a_wrong_network_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        networks(("nonsense",))


@pytest.mark.parametrize(
    ("chain", "name"),
    [
        (["203.0.113.9"], "10.0.0.5 for 203.0.113.9"),
        (["1.2.3.4", "2001:db8:1:2::7"], "10.0.0.5 for 2001:db8:1:2::/64"),
        (["unknown"], "10.0.0.5"),
        ([], "10.0.0.5"),
    ],
)
def test_an_untrusted_proxys_claim_is_logged_beside_its_own_address(
    chain: list[str], name: str
) -> None:
    assert untrusted_label("10.0.0.5", chain) == name


@given(st.ip_addresses(), st.integers(1, 65_535), st.booleans())
def test_an_address_is_read_with_and_without_its_port(address, port: int, has_port: bool) -> None:
    text = str(address)
    if has_port:
        text = f"[{text}]:{port}" if ":" in text else f"{text}:{port}"
    assert claimed_address(text) == plain(str(address))


@given(st.text(max_size=40))
def test_any_text_in_a_chain_is_an_address_or_nothing(text: str) -> None:
    claimed = claimed_address(text)
    assert claimed is None or plain(claimed) == claimed
    assert forwarded_for("192.0.2.1", [text], networks(["192.0.2.1"])) in ("192.0.2.1", claimed)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("for=198.51.100.1;proto=https;by=10.0.0.1", "198.51.100.1"),
        ('proto=https; For="[2001:db8::1]:4711"', "2001:db8::1"),
        ("for=203.0.113.9, for=198.51.100.1", "198.51.100.1"),
        ("for=198.51.100.1, for=10.0.0.2", "198.51.100.1"),
        ("for=unknown", "10.0.0.1"),
        ("for=_hidden", "10.0.0.1"),
        ("by=198.51.100.1", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_the_standard_header_names_clients_as_well(header: str, expected: str) -> None:
    members = forwarded_members(part.strip() for part in header.split(","))
    assert forwarded_for("10.0.0.1", members, PROXIES) == expected


@given(st.text(max_size=60), st.ip_addresses())
def test_nothing_a_client_writes_hides_what_its_proxy_appends(claim: str, address) -> None:
    """An open quote, for example."""
    shown = f'"[{address}]:1"' if address.version == 6 else str(address)
    members = f"{claim}, for={shown}".split(",")
    found = forwarded_for("192.0.2.1", forwarded_members(members), networks(["192.0.2.1"]))
    assert found == plain(str(address)) or is_in(str(address), networks(["192.0.2.1"]))


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_in_the_standard_header_is_an_address_or_nothing(members: list[str]) -> None:
    found = forwarded_for("192.0.2.1", forwarded_members(members), networks(["192.0.2.1"]))
    assert plain(found) == found
