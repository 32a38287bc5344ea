"""Addresses of peers: their text, the networks an operator names, and who stands behind a proxy.

Pure functions; it must not know connections or counts.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]

SITE_BITS = 64  # of an IPv6 address: one household has a whole /64, so limits count that


def networks(texts: Iterable[str]) -> Networks:
    """The networks that settings name; raises ValueError with the text that is wrong."""
    return tuple(ip_network(text, strict=False) for text in texts)


def plain(address: str) -> str:
    """An address as text without zone, IPv4 inside IPv6 as IPv4; what is no address stays."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def site(address: str) -> str:
    """Whose limits an address counts towards."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, SITE_BITS), strict=False))
    return address


def is_loopback(address: str) -> bool:
    """Whether an address is this machine: a person at it, or a proxy that runs here."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_in(address: str, known: Networks) -> bool:
    """Whether an address lies in any of the networks; what is no address lies in none."""
    if not known:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in known)


def forwarded_for(peer: str, chain: list[str], proxies: Networks) -> str:
    """The last address of an X-Forwarded-For chain that no trusted proxy vouches beyond.

    Read from the right: each proxy appends whom it saw, and only trusted ones are believed. What is
    no address ("unknown", say) ends the chain.
    """
    address = peer
    for member in reversed(chain):
        if not is_in(address, proxies):
            break
        claimed = claimed_address(member)
        if claimed is None:
            break
        address = claimed
    return address


def claimed_address(member: str) -> str | None:
    """The address in one member of X-Forwarded-For, or None. Some proxies add the port:
    `192.0.2.1:4711`, `[2001:db8::1]:4711`, or the brackets alone.
    """
    text = member.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return plain(text)


def hearsay(peer: str, chain: list[str]) -> str:
    """What a peer is called whose X-Forwarded-For is not believed: its own address, which pays, and
    what it says. So people behind a forgotten proxy are told apart where that does no harm: in the
    log, and where wrong room codes are counted.
    """
    claimed = claimed_address(chain[-1]) if chain else None
    return f"{peer} for {site(claimed)}" if claimed is not None else peer
