"""Connection failures in words: one sentence that says what went wrong and what to do about it.

Owns: the words. Must not know: streams, Trio. Invariant: whatever an operating system, TLS, a proxy
or the server answers, the result is one line of printable text.
"""

import errno
import re
import socket
import ssl
from collections.abc import Iterable

from clients.net.address import Address

SAID_CHARACTERS_MAX = 160
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
PLAIN_TO_TLS = re.compile(rb"plain HTTP request was sent to|HTTP request to an HTTPS server", re.I)

_UNVERIFIED = {  # OpenSSL's X509_V_ERR numbers
    10: "has expired: the server's operator has to renew it (or this machine's clock is wrong)",
    9: "is not valid yet: this machine's clock may be wrong",
    18: "is self-signed: name its file in SSL_CERT_FILE to trust it",
    19: "comes from an authority that this machine does not trust: name its file in SSL_CERT_FILE",
    20: "comes from an authority that this machine does not trust: name its file in SSL_CERT_FILE",
    21: "comes with an incomplete chain: the server has to send its full chain",
    62: "is for another name: use the name that it was issued for",
    64: "is for another address: use the name that it was issued for",
}
_STATUSES = {
    401: "something in between asks for a password",
    403: "the server or a proxy in between forbids it",
    404: "there is no Skirmish below this path",
    407: "the network's proxy asks for a password: put it into HTTPS_PROXY (http://NAME:PASSWORD@…)",
    413: "a proxy in between does not let it through",
    421: "the server does not answer for this name",
    426: "a proxy in between drops the Upgrade header, and WebSockets need it",
    429: "too many requests came from this address; wait a little",
    500: "the server hit an internal error; its log says more",
    502: "a proxy in between does not reach the server behind it: is it running?",
    503: "the server accepts no connections right now; try again later",
    504: "a proxy in between gets no answer from the server behind it",
}


def of_connecting(address: Address, error: BaseException) -> str:
    """Words for a host that TCP cannot reach."""
    causes = list(_causes(error))
    place = address.authority
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return (
                f"there is no host called {address.host} here: check its spelling, and the network"
            )
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if errno.ECONNREFUSED in numbers:
        return f"nothing listens at {place}: is the server running, and is this its port?"
    if numbers & {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}:
        return f"there is no route to {place} from here: check the network"
    if numbers & {errno.EMFILE, errno.ENFILE}:
        return f"too many files are open to connect to {place}: raise `ulimit -n`"
    if errno.ETIMEDOUT in numbers:
        return of_silence(address)
    return f"{place} cannot be reached: {one_line(str(causes[-1]))}"


def of_silence(address: Address) -> str:
    """Words for a host that does not answer at all, not even with a connection."""
    return f"{address.authority} does not answer: it may be down, or a firewall may be in the way"


def of_slowness(address: Address) -> str:
    """Words for a connection on which no answer came."""
    return (
        f"{address.authority} accepts connections and answers nothing: the server hangs, or"
        " something else listens there"
    )


def of_tls(address: Address, error: BaseException) -> str:
    """Words for a failed TLS handshake."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            words = _UNVERIFIED.get(cause.verify_code)
            words = words or f"is not trusted: {one_line(cause.verify_message)}"
            return f"the certificate of {address.host} {words}"
        if isinstance(cause, ssl.SSLError):
            reason = cause.reason or str(cause)
            if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"):
                return (
                    f"{address.authority} speaks no TLS: use http:// in place of https://, or the"
                    " port of the proxy in front of it"
                )
            if reason == "UNEXPECTED_EOF_WHILE_READING":
                break
            return f"{address.authority} and this client cannot agree on TLS: {one_line(reason)}"
    return f"{address.authority} hung up during the TLS handshake: is TLS spoken on this port?"


def of_end(address: Address, beginning: bytes) -> str:
    """Words for a peer that closed the connection, or sent something other than HTTP."""
    if beginning.startswith(TLS_RECORDS):
        return f"{address.authority} speaks TLS: use https:// in place of http://"
    if beginning and not beginning.startswith(b"HTTP/"):
        return f"what listens at {address.authority} speaks no HTTP: is this the server's port?"
    return f"{address.authority} hung up instead of answering"


def of_status(address: Address, status: int, headers: dict[str, str], body: bytes) -> str:
    """Words for an unexpected answer; a reason that our own server gave comes first."""
    url = f"{'https' if address.is_secure else 'http'}://{address.authority}"
    said = _said(status, headers, body)
    if PLAIN_TO_TLS.search(body):
        return f"{address.authority} speaks TLS: use https:// in place of http://"
    if location := headers.get("location"):
        return f"{url} has moved (it answers {status}): use {one_line(location)}"
    if status == 200:
        words = "something in between, or another program, answers in place of the server"
    else:
        words = _STATUSES.get(status, "")
    if status == 404 and not address.base:
        words = f"a server below a path needs the path as well: {url}/game/"
    words = "; ".join(part for part in (said, words) if part) or "no reason was given"
    after = headers.get("retry-after", "")
    later = f" (in {after} s)" if after.isdigit() and len(after) < 6 else ""
    return f"{url}{address.base} answers {status}: {words}{later}"


def of_proxy(proxy: str, address: Address, status: int) -> str:
    """Words for a proxy that refused to connect us."""
    words = _STATUSES[407] if status == 407 else f"name {address.host} in NO_PROXY to go around it"
    return f"the network's proxy {proxy} answers {status} for {address.authority}: {words}"


def one_line(text: str) -> str:
    """Make foreign text one short, printable line."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r" +", " ", plain).strip()[:SAID_CHARACTERS_MAX]


def _said(status: int, headers: dict[str, str], body: bytes) -> str:
    """The reason that our server gave: plain text that begins with the status."""
    text = body.decode(errors="replace")
    ours = re.match(rf"{status} [^:\n]*: (.+)", text)
    is_plain = headers.get("content-type", "").startswith("text/plain")
    return one_line(ours[1]) if ours and is_plain else ""


def _causes(error: BaseException | None) -> Iterable[BaseException]:
    """Yield an error, all members of a group, and what it was raised from, innermost last."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
