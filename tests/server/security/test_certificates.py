"""Certificates: what can be used is, what cannot never replaces it, and an end is told in time."""

import os
import ssl
import stat
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trio
from attrs import evolve
from cryptography.hazmat.primitives import serialization
from structlog.testing import capture_logs
from trio.testing import MockClock

from server.config.settings import Settings
from server.security.certificates import (
    LOOK_EVERY_S,
    SECONDS_PER_DAY,
    SELF_SIGNED,
    CertificateError,
    Certificates,
    open_certificates,
    self_signed_in,
    warn_of_end,
)
from server.security.x509 import SELF_SIGNED_DAYS, end_of, names_of, self_signed

KEY_BEGINS = "-----BEGIN PRIVATE KEY"


def written(folder: Path, name: str = "site") -> tuple[Path, Path]:
    """A new certificate and its key, in files of their own."""
    certificate, _, key = self_signed((name,)).decode().partition(KEY_BEGINS)
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_text(certificate)
    paths[1].touch(mode=0o600)
    paths[1].write_text(KEY_BEGINS + key)
    return paths


def encrypt(key: Path) -> None:
    """Encrypt a key with a password, as `openssl` does when asked to be careful."""
    loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(
        loaded.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"password"),
        )
    )


def served(certificates: Certificates) -> bytes:
    """The certificate that a new connection is shown, in DER."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = certificates.context.wrap_bio(to_server, to_client, server_side=True)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    client = trusting.wrap_bio(to_client, to_server)
    for side in (client, server) * 3:
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    shown = client.getpeercert(binary_form=True)
    assert shown is not None
    return shown


def events(logs: list) -> list[str]:
    return [line["event"] for line in logs]


def test_a_renewed_certificate_is_served_to_new_connections(tmp_path: Path) -> None:
    certificates = Certificates(*written(tmp_path))
    before = served(certificates)
    written(tmp_path)
    with capture_logs() as logs:
        certificates.reload()
    assert events(logs) == ["certificate_reloaded"]
    assert served(certificates) != before


SPOILERS: list[Callable[[Path, Path], object]] = [
    lambda certificate, _: certificate.unlink(),
    lambda _, key: key.unlink(),
    lambda certificate, _: certificate.write_text("nonsense"),
    lambda _, key: key.write_text(""),
    lambda _, key: encrypt(key),
    lambda certificate, _: written(certificate.parent, "other")[0].replace(certificate),
    lambda certificate, key: certificate.replace(key),
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_files_that_cannot_be_used_change_nothing_and_stop_a_start(
    tmp_path: Path, spoil: Callable[[Path, Path], object]
) -> None:
    paths = written(tmp_path)
    certificates = Certificates(*paths)
    before = served(certificates)
    spoil(*paths)
    with capture_logs() as logs:
        certificates.reload()
    assert events(logs) == ["certificate_refused"]
    assert served(certificates) == before
    with pytest.raises(CertificateError) as refused:
        Certificates(*paths)
    assert str(tmp_path) in str(refused.value)  # it names the file
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (SPOILERS[0], "site.pem cannot be read: No such file"),
        (SPOILERS[1], "site.key cannot be read: No such file"),
        (SPOILERS[4], "is encrypted"),
        (SPOILERS[5], "is not the key of"),
    ],
)
def test_the_refusal_says_which_file_and_why(
    tmp_path: Path, spoil: Callable[[Path, Path], object], said: str
) -> None:
    paths = written(tmp_path)
    spoil(*paths)
    with pytest.raises(CertificateError, match=said):
        Certificates(*paths)


def test_changed_files_are_noticed(tmp_path: Path) -> None:
    certificates = Certificates(*written(tmp_path))
    before = served(certificates)
    renewed: list[bool] = []

    async def check() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(certificates.watch)
            await trio.sleep(2 * LOOK_EVERY_S)
            renewed.append(served(certificates) != before)
            written(tmp_path)
            await trio.sleep(2 * LOOK_EVERY_S)
            renewed.append(served(certificates) != before)
            nursery.cancel_scope.cancel()

    with capture_logs() as logs:
        trio.run(check, clock=MockClock(autojump_threshold=0))
    assert renewed == [False, True]
    assert events(logs) == ["certificate_reloaded"]


def test_files_that_are_written_one_after_the_other_come_right_in_the_end(tmp_path: Path) -> None:
    """Between the two writes the key does not fit: the old pair stays in use."""
    paths = written(tmp_path)
    certificates = Certificates(*paths)
    (tmp_path / "new").mkdir()
    new = written(tmp_path / "new")

    async def check() -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(certificates.watch)
            for ours, theirs in zip(paths, new, strict=True):
                ours.write_bytes(theirs.read_bytes())
                await trio.sleep(2 * LOOK_EVERY_S)
            nursery.cancel_scope.cancel()

    with capture_logs() as logs:
        trio.run(check, clock=MockClock(autojump_threshold=0))
    assert events(logs) == ["certificate_refused", "certificate_reloaded"]
    assert served(certificates) == served(Certificates(*new))


@pytest.mark.parametrize(
    ("days_left", "event"),
    [
        *((60, []), (15, [])),
        *((13, ["certificate_ends_soon"]), (0.1, ["certificate_ends_soon"])),
        *((-0.1, ["certificate_ended"]), (-400, ["certificate_ended"])),
    ],
)
def test_an_end_is_told_before_and_after(
    tmp_path: Path, days_left: float, event: list[str]
) -> None:
    certificate, _ = written(tmp_path)
    now = end_of(certificate) - timedelta(days=days_left)
    with capture_logs() as logs:
        warn_of_end(certificate, lambda: now)
    assert events(logs) == event


def test_an_end_is_told_every_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Certificates(*written(tmp_path))
    monkeypatch.setattr("server.security.certificates.SOON", timedelta(days=SELF_SIGNED_DAYS + 1))

    async def check() -> None:
        with trio.move_on_after(2.5 * SECONDS_PER_DAY):
            await certificates.watch()

    with capture_logs() as logs:
        trio.run(check, clock=MockClock(autojump_threshold=0))
    assert events(logs) == ["certificate_ends_soon"] * 3


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_key_that_others_can_read_is_told(tmp_path: Path) -> None:
    paths = written(tmp_path)
    paths[1].chmod(0o644)
    with capture_logs() as logs:
        Certificates(*paths)
    assert events(logs) == ["key_is_readable"]


def test_a_self_signed_one_is_kept_for_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = served(self_signed_in(folder, ()))
    assert served(self_signed_in(folder, ())) == first
    assert stat.S_IMODE((folder / SELF_SIGNED).stat().st_mode) == 0o600
    assert names_of(folder / SELF_SIGNED) == ("127.0.0.1", "::1", "localhost")


def test_a_self_signed_one_is_made_again_for_other_hosts_or_when_it_is_damaged(
    tmp_path: Path,
) -> None:
    first = served(self_signed_in(tmp_path, ()))
    second = served(self_signed_in(tmp_path, ("play.example",)))
    (tmp_path / SELF_SIGNED).write_text("nonsense")
    third = served(self_signed_in(tmp_path, ("play.example",)))
    assert len({first, second, third}) == 3
    assert "play.example" in names_of(tmp_path / SELF_SIGNED)


def test_a_self_signed_one_is_replaced_before_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = served(self_signed_in(tmp_path, ()))
    monkeypatch.setattr("server.security.certificates.SOON", timedelta(days=SELF_SIGNED_DAYS + 1))
    assert served(self_signed_in(tmp_path, ())) != first


def test_a_self_signed_one_is_good_now_even_for_a_clock_that_is_behind(tmp_path: Path) -> None:
    self_signed_in(tmp_path, ())
    left = end_of(tmp_path / SELF_SIGNED) - datetime.now(UTC)
    assert timedelta(days=SELF_SIGNED_DAYS - 1) < left < timedelta(days=SELF_SIGNED_DAYS + 1)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"tls_certificate": "a.pem"}, "set net.tls_key as well"),
        ({"tls_key": "a.key"}, "set net.tls_certificate as well"),
        ({"tls_self_signed": True, "tls_certificate": "a.pem", "tls_key": "b"}, "without a"),
        ({"tls_certificate": "a.pem", "tls_key": "a.key"}, "a.pem cannot be read"),
    ],
)
def test_settings_that_do_not_fit_together_stop_a_start(chosen: dict[str, str], said: str) -> None:
    settings = Settings()
    settings = evolve(settings, net=evolve(settings.net, **chosen))
    with ExitStack() as at_end, pytest.raises(CertificateError, match=said):
        open_certificates(settings, at_end)


def test_without_a_data_folder_a_self_signed_one_leaves_nothing(tmp_path: Path) -> None:
    settings = Settings()
    settings = evolve(
        settings,
        net=evolve(settings.net, tls_self_signed=True),
        store=evolve(settings.store, data_dir=""),
    )
    with ExitStack() as at_end:
        made = open_certificates(settings, at_end)
        assert served(made)
    assert not made.certificate.exists()
