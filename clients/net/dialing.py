"""Every connection to a server: TCP, through the network's proxy if there is one, and TLS.

Owns: the choice of proxy, deadlines, and TLS. Must not know: what is sent on the stream. Invariant:
only `ClientError` is raised from here, worded by `troubles`, and no stream stays open when it is.

`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` have their usual meaning, for sockets and
for files alike; loopback hosts are always reached directly.
"""

import ssl
from base64 import b64encode
from importlib import metadata
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import h11
import trio

from clients.net import troubles
from clients.net.address import Address
from clients.net.errors import ClientError

CONNECT_S = 10.0
PROXY_PORT = 3_128
HEAD_BYTES_MAX = 65_536
RECEIVE_BYTES = 65_536


def agent() -> str:
    """The User-Agent of all Python clients."""
    try:
        return f"skirmish/{metadata.version('skirmish-arena')}"
    except metadata.PackageNotFoundError:
        return "skirmish"


async def open_stream(address: Address) -> trio.SocketStream | trio.SSLStream[trio.SocketStream]:
    """Open a stream for HTTP. Raises `ClientError`."""
    proxy = proxy_for(address)
    if proxy is None:
        stream = await _connect(address)
    else:
        stream = await _connect_through(proxy, address)
    return await _secured(stream, address) if address.is_secure else stream


def proxy_for(address: Address) -> SplitResult | None:
    """The proxy that the environment names for this address, if any. Raises `ClientError`."""
    proxies = getproxies()
    named = proxies.get("https" if address.is_secure else "http") or proxies.get("all")
    if not named or _is_here(address.host):
        return None
    if proxy_bypass(address.authority):
        return None
    try:
        proxy = urlsplit(named if "://" in named else f"http://{named}")
        usable = proxy.scheme == "http" and proxy.hostname and (proxy.port or True)
    except ValueError:
        usable = False
    if not usable:
        around = f"name {address.host} in NO_PROXY to go around it"
        words = (
            f"the network's proxy {troubles.one_line(named)} is not of the form http://host:port"
        )
        raise ClientError(f"{words}: {around}")
    return proxy


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


async def _connect(address: Address) -> trio.SocketStream:
    try:
        with trio.fail_after(CONNECT_S):
            return await trio.open_tcp_stream(address.host, address.port)
    except trio.TooSlowError:
        raise ClientError(troubles.of_silence(address)) from None
    except OSError as error:
        raise ClientError(troubles.of_connecting(address, error)) from None


async def _connect_through(proxy: SplitResult, address: Address) -> trio.SocketStream:
    """Open a tunnel (RFC 9110, 9.3.6): WebSockets pass a proxy no other way."""
    where = Address(proxy.hostname or "", proxy.port or PROXY_PORT)
    try:
        stream = await _connect(where)
    except ClientError as error:
        raise ClientError(f"the network's proxy is in the way: {error}") from None
    headers = [("Host", address.authority), ("User-Agent", agent())]
    if proxy.username is not None:
        name = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        headers.append(("Proxy-Authorization", f"Basic {b64encode(name.encode()).decode()}"))
    request = h11.Request(method="CONNECT", target=address.authority, headers=headers)
    try:
        with trio.fail_after(CONNECT_S):
            status = await _asked(stream, request)
    except BaseException as error:
        await trio.aclose_forcefully(stream)
        if isinstance(error, trio.TooSlowError):
            raise ClientError(troubles.of_slowness(where)) from None
        if isinstance(error, trio.BrokenResourceError | h11.RemoteProtocolError):
            raise ClientError(troubles.of_end(where, b"")) from None
        raise
    if status >= 300:
        await trio.aclose_forcefully(stream)
        raise ClientError(troubles.of_proxy(where.authority, address, status))
    return stream


async def _asked(stream: trio.SocketStream, request: h11.Request) -> int:
    """Return the status of a proxy's answer; no bytes follow it before we send some."""
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_BYTES_MAX)
    await stream.send_all(parser.send(request) or b"")
    await stream.send_all(parser.send(h11.EndOfMessage()) or b"")
    while True:
        event = parser.next_event()
        if isinstance(event, h11.Response):
            return event.status_code
        if event is h11.NEED_DATA:
            parser.receive_data(await stream.receive_some(RECEIVE_BYTES))


async def _secured(
    stream: trio.SocketStream, address: Address
) -> trio.SSLStream[trio.SocketStream]:
    secured = trio.SSLStream(
        stream, ssl.create_default_context(), server_hostname=address.host, https_compatible=True
    )
    try:
        with trio.fail_after(CONNECT_S):
            await secured.do_handshake()
    except BaseException as error:
        await trio.aclose_forcefully(stream)
        if isinstance(error, trio.TooSlowError):
            raise ClientError(troubles.of_slowness(address)) from None
        if isinstance(error, trio.BrokenResourceError | ssl.SSLError | OSError):
            raise ClientError(troubles.of_tls(address, error)) from None
        raise
    return secured
