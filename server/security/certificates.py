"""The certificate that a server shows, and how a new one comes into force without a restart.

Owns: the TLS context of new connections, and the state of the files it was read from. Must not
know: connections. Invariants: a certificate that cannot be used never replaces one that can; a
connection keeps the one that it began with.
"""

import ssl
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
import trio
from attrs import define, field

from server.config.settings import Settings
from server.security.private_files import make_folder, make_once, readers
from server.security.x509 import end_of, names_of, self_signed

LOOK_EVERY_S = 10.0  # how often the files are looked at: whoever renews one need not tell us
SOON = timedelta(days=14)  # the usual renewal comes a month before the end
SECONDS_PER_DAY = 86_400
OWN_NAMES = ("127.0.0.1", "::1", "localhost")  # of a self-signed certificate, and allowed hosts
SELF_SIGNED = "self-signed.pem"  # the certificate and its key

log = structlog.get_logger("net")

FileState = tuple[tuple[int, int, int], ...]  # of each file: device, inode, time of last change


class CertificateError(Exception):
    """A certificate or key cannot be used; the text says why and what to do."""


@define(eq=False)
class Certificates:
    """The context for new connections; `watch` keeps it at the state of the files."""

    certificate: Path
    key: Path
    context: ssl.SSLContext = field(init=False)
    ends_s: float = field(init=False)  # when it ends, in seconds since 1970
    _state: FileState = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Read both files. Raises CertificateError."""
        self._state = self._look()
        self._read()
        if others := readers(self.key.stat()):
            advice = f"chmod 600 {self.key}"
            log.warning("key_is_readable", key=str(self.key), others=others, advice=advice)

    def reload(self) -> None:
        """Read both files again. If they cannot be used, log why and keep the old ones."""
        self._state = self._look()
        try:
            self._read()
        except CertificateError as error:
            log.warning("certificate_refused", reason=str(error), advice="the old one stays in use")
            return
        log.warning("certificate_reloaded", **_facts(self.certificate))
        warn_of_end(self.certificate)

    async def watch(self) -> None:
        """Reload whenever the files have changed, and warn every day of an end that is near."""
        warn_of_end(self.certificate)
        warned_s = trio.current_time()
        while True:
            await trio.sleep(LOOK_EVERY_S)
            if self._look() != self._state:
                self.reload()
                warned_s = trio.current_time()
            elif trio.current_time() - warned_s >= SECONDS_PER_DAY:
                warn_of_end(self.certificate)
                warned_s = trio.current_time()

    def _read(self) -> None:
        """Raises CertificateError, and then changes nothing."""
        self.context = read_context(self.certificate, self.key)
        self.ends_s = end_of(self.certificate).timestamp()

    def _look(self) -> FileState:
        """Return what changes when a file is written or replaced; empty if one is missing."""
        try:
            found = [path.stat() for path in (self.certificate, self.key)]
        except OSError:
            return ()
        return tuple((each.st_dev, each.st_ino, each.st_mtime_ns) for each in found)


def open_certificates(settings: Settings, at_end: ExitStack) -> Certificates:
    """Read the certificate that the settings name, or make one. Raises CertificateError."""
    net = settings.net
    if net.tls_self_signed and (net.tls_certificate or net.tls_key):
        raise CertificateError("net.tls_self_signed is for servers without a net.tls_certificate")
    if net.tls_self_signed:
        folder = settings.store.data_dir or at_end.enter_context(TemporaryDirectory())
        return self_signed_in(Path(folder), net.allowed_hosts)
    if not (net.tls_certificate and net.tls_key):
        lacking = "net.tls_key" if net.tls_certificate else "net.tls_certificate"
        raise CertificateError(f"TLS needs a certificate and its key: set {lacking} as well")
    return Certificates(Path(net.tls_certificate), Path(net.tls_key))


def read_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return a context for servers with these PEM files. Raises CertificateError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # WebSocket and HTTP have ends of their own, so a cut connection looks like one; and a peer that
    # only ended its side may still read.
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_IGNORE_UNEXPECTED_EOF
    context.set_alpn_protocols(["http/1.1"])
    try:
        for path in (certificate, key):
            path.open("rb").close()  # OpenSSL does not say which of them it cannot read
        context.load_cert_chain(certificate, key, password=_no_password)
        end_of(certificate)
    except ssl.SSLError as error:
        raise CertificateError(_why_not(error, certificate, key)) from error
    except OSError as error:
        raise CertificateError(f"{error.filename} cannot be read: {error.strerror}") from error
    except _PasswordAskedError:
        how = f"openssl pkey -in {key} -out plain.key"
        reason = "a server that restarts by itself has no password"
        raise CertificateError(f"net.tls_key {key} is encrypted: {reason} ({how})") from None
    except ValueError as error:
        raise CertificateError(f"net.tls_certificate {certificate}: {error}") from error
    return context


def warn_of_end(certificate: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Log a certificate that has ended or ends soon."""
    try:
        left = end_of(certificate) - now()
    except (OSError, ValueError) as error:
        log.warning("certificate_refused", reason=str(error), advice="the old one stays in use")
        return
    advice = "renew it: the server notices new files by itself"
    if left < timedelta():
        log.error("certificate_ended", **_facts(certificate), advice=advice)
    elif left < SOON:
        log.warning("certificate_ends_soon", **_facts(certificate), advice=advice, days=left.days)


def self_signed_in(folder: Path, hosts: tuple[str, ...]) -> Certificates:
    """Return a self-signed certificate for this machine and `hosts`, kept in `folder`: a browser
    that was told to accept it need not be told again after a restart. Raises CertificateError.
    """
    names = tuple(sorted({*OWN_NAMES, *hosts}))
    path = folder / SELF_SIGNED
    try:
        if not _is_good(path, names):
            make_folder(folder)
            path.unlink(missing_ok=True)
            make_once(path, self_signed(names))
    except OSError as error:
        raise CertificateError(f"no certificate can be kept in {folder}: {error}") from error
    return Certificates(path, path)


class _PasswordAskedError(Exception):
    """OpenSSL asked for a password."""


def _no_password() -> bytes:
    raise _PasswordAskedError


def _is_good(certificate: Path, names: tuple[str, ...]) -> bool:
    try:
        left = end_of(certificate) - datetime.now(UTC)
        return left > SOON and names_of(certificate) == names
    except (OSError, ValueError):
        return False


def _facts(certificate: Path) -> dict[str, str]:
    return {"certificate": str(certificate), "ends": end_of(certificate).isoformat()}


def _why_not(error: ssl.SSLError, certificate: Path, key: Path) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"net.tls_key {key} is not the key of net.tls_certificate {certificate}"
    if error.reason in ("EE_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"):
        return f"net.tls_certificate {certificate} is too weak: browsers refuse it as well"
    return (
        f"net.tls_certificate {certificate} and net.tls_key {key} must be PEM files, the chain and "
        f"its private key: {error.reason or error}"
    )
