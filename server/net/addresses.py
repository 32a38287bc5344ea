"""Addresses of peers: their text, the networks an operator names, and the client behind a proxy.

Pure functions; it must not know connections or counts.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]

SITE_BITS = 64  # an IPv6 household has a whole /64, so limits count per /64


def networks(texts: Iterable[str]) -> Networks:
    """The networks that settings name; raises ValueError with the text that is wrong."""
    return tuple(ip_network(text, strict=False) for text in texts)


def plain(address: str) -> str:
    """Drop an address's zone and turn IPv4-mapped IPv6 into IPv4; other text stays as it is."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def site(address: str) -> str:
    """Return what limits are counted by: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, SITE_BITS), strict=False))
    return address


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own: a local user or a local proxy."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_in(address: str, known: Networks) -> bool:
    """Whether an address lies in any of the networks; text that is no address lies in none."""
    if not known:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in known)


def forwarded_for(peer: str, chain: list[str], proxies: Networks) -> str:
    """Walk an X-Forwarded-For chain from the right to the first address that is no trusted proxy's.

    `peer` counts as its right end. Each proxy appends the address it saw, and only trusted proxies
    are believed. Text that is no address ("unknown", say) ends the chain.
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


def forwarded_members(members: Iterable[str]) -> list[str]:
    """Return what the members of a Forwarded header (RFC 7239) claim with `for=`, as members of
    X-Forwarded-For; one that claims nothing ends the chain there.

    Members are split at every comma: a quote that a client opens must not swallow what its proxy
    appends.
    """
    return [_claim_of(member) for member in members]


def _claim_of(member: str) -> str:
    for pair in member.split(";"):
        name, _, value = pair.partition("=")
        if name.strip().lower() == "for":
            return value.strip()
    return ""


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


def untrusted_label(peer: str, chain: list[str]) -> str:
    """Label a peer whose X-Forwarded-For is not trusted: its own address, which is charged, and the
    one it claims. This tells apart people behind an unconfigured proxy where that does no harm: in
    the log, and where wrong room codes are counted.
    """
    claimed = claimed_address(chain[-1]) if chain else None
    return f"{peer} for {site(claimed)}" if claimed is not None else peer
