"""The secret that tickets are signed with: from the settings, a file, or the data folder.

Owns: where it comes from. Must not know: tickets. Invariants: never shorter than
`SECRET_BYTES_MIN`; never from a file that other users of the machine can read or change.
"""

import os
import secrets
from pathlib import Path

from server.config.settings import SECRET_BYTES_MIN, Settings
from server.security.private_files import make_folder, make_once, opened, readers

FILE_BYTES_MAX = 4_096
FILE_NAME = "secret"


class SecretError(Exception):
    """The secret cannot be used; the text says why, and never what it is."""


def load_secret(settings: Settings) -> bytes:
    """Return the secret; a fresh one voids earlier tickets and tokens. Raises `SecretError`."""
    if settings.secret:
        return settings.secret.encode()
    if not settings.secret_file:
        return _kept_secret(settings.store.data_dir)
    path = Path(settings.secret_file)
    try:
        # An operator's own file may be a link, as Kubernetes and systemd make them.
        secret = _read(path.resolve()).strip()
    except OSError as error:
        raise SecretError(f"secret_file {path} cannot be read: {error.strerror}") from error
    if len(secret) < SECRET_BYTES_MIN:
        raise SecretError(
            f"secret_file {path} holds {len(secret)} bytes, at least {SECRET_BYTES_MIN} are needed"
        )
    return secret


def _kept_secret(data_dir: str) -> bytes:
    """Return the secret of this data folder, made on first use.

    It survives a restart, so that players keep their seats in resumed matches.
    """
    fresh = secrets.token_bytes(SECRET_BYTES_MIN)
    if not data_dir:
        return fresh
    path = Path(data_dir) / FILE_NAME
    try:
        make_folder(path.parent.resolve())
        if not path.is_symlink() and path.exists() and path.stat().st_size == 0:
            path.unlink()  # left by a start on a full disk; it never signed anything
        if not path.exists():
            make_once(path, fresh)
        kept = _read(path)
    except OSError as error:
        raise SecretError(f"store.data_dir cannot be used: {path}: {error.strerror}") from error
    if len(kept) < SECRET_BYTES_MIN:
        raise SecretError(f"{path} is damaged: delete it, and what was promised before ends")
    return kept


def _read(path: Path) -> bytes:
    """Return the file's contents if they are secret. Raises OSError and `SecretError`."""
    with os.fdopen(opened(path, os.O_RDONLY), "rb") as stream:
        if who := readers(os.fstat(stream.fileno())):
            raise SecretError(
                f"{path} can be read or changed by {who}, so it is no secret: chmod 600 {path}"
            )
        return stream.read(FILE_BYTES_MAX)
