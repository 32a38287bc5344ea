"""Normalizes the hosts, origins and networks that an operator writes to the form that peers send.

Owns: which texts can ever match. A text that cannot is refused at the start, because it would only
lock people out later. Pure; it must not know settings by name. Each function raises ValueError
with the end of a sentence about the text.
"""

import re
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network

DEFAULT_PORTS = {"http": 80, "https": 443}
PORT_MAX = 65_535
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
ZONE = re.compile(r"%[^/]*")
MAPPED_BITS = 96  # IPv4 inside IPv6 (RFC 4291, 2.5.5.2)


def host_of(authority: str) -> str:
    """The host of a Host header or of an entry, in lower case, without port or final dot."""
    if authority.startswith("["):
        return _canonical(authority[1:].partition("]")[0])
    return _canonical(authority.partition(":")[0])


def is_address(host: str) -> bool:
    """Whether a host is an IP address, which no name server can point elsewhere."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def allowed_host(text: str) -> str:
    """Normalize a host of `net.allowed_hosts`."""
    text = text.strip()
    if "://" in text or "/" in text:
        raise ValueError("write the host without a scheme or path: play.example")
    if "%" in text:
        raise ValueError("write the address without a zone")
    if is_address(text):
        return _canonical(text)
    if ":" in text and not text.endswith("]"):
        raise ValueError("write the host without a port: every port counts")
    return host_of(_checked_host(text))


def allowed_origin(text: str) -> str:
    """Normalize an entry of `net.allowed_origins`: what browsers send (RFC 6454, 6.2), or `*`."""
    text = text.strip()
    if text == "*":
        return text
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in DEFAULT_PORTS:
        raise ValueError("an origin begins with http:// or https://, such as https://play.example")
    authority, _, path = rest.partition("/")
    if path or "?" in rest or "#" in rest or "@" in rest:
        raise ValueError("an origin ends with its host or port, such as https://play.example")
    host, port = _split_port(authority)
    host = _checked_host(host)
    if port in (None, DEFAULT_PORTS[scheme]):
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{port}"


def network(text: str) -> str:
    """Normalize an address or a network that peers' addresses are compared with."""
    text = ZONE.sub("", text.strip())  # peers' addresses have none
    try:
        found = ip_network(text)
    except ValueError as error:
        if "host bits" in str(error):
            wide = ip_network(text, strict=False)
            raise ValueError(f"write the network {wide}, or the address alone") from None
        raise ValueError("it is not an address or a network; names are not looked up") from None
    if isinstance(found, IPv6Network) and found.prefixlen >= MAPPED_BITS:
        inner = found.network_address.ipv4_mapped
        if inner is not None:
            return network(f"{inner}/{found.prefixlen - MAPPED_BITS}")
    is_single = found.prefixlen == found.max_prefixlen
    return str(found.network_address) if is_single and "/" not in text else str(found)


def listening_host(text: str) -> str:
    """Normalize the host of `net.host`: a name or an address, empty for all."""
    text = text.strip()
    if "/" in text:
        raise ValueError("write the host without a scheme or path: 0.0.0.0")
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    address = text.partition("%")[0]
    if ":" in text and not is_address(address):
        raise ValueError("write the host without a port: the port is net.port")
    return text


def _split_port(authority: str) -> tuple[str, int | None]:
    host, colon, digits = authority.rpartition(":")
    if not colon or "]" in digits:
        return authority, None
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) <= PORT_MAX):
        raise ValueError(f"its port is not a number from 1 to {PORT_MAX:,}")
    return host, int(digits)


def _checked_host(text: str) -> str:
    """A host as browsers send it: names in ASCII, addresses in their shortest form."""
    if text.startswith("[") and text.endswith("]"):
        inner = text[1:-1]
        if "%" in inner or not is_address(inner) or ":" not in inner:
            raise ValueError("the text in brackets is not an IPv6 address")
        return f"[{IPv6Address(inner)}]"
    if not text:
        raise ValueError("it is empty")
    if "*" in text:
        raise ValueError("wildcards are not supported: write each name")
    try:
        name = text.lower() if text.isascii() else text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("its host is neither a name nor an address") from None
    labels = name.removesuffix(".").split(".")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("its host is neither a name nor an address")
    if labels[-1].isdigit() and not is_address(name):
        raise ValueError("its host is neither a name nor an address")
    return name


def _canonical(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        return host.lower().removesuffix(".")
