"""The secret that tickets are signed with: from the settings, a file, or the data folder.

Owns: where it comes from. Must not know: tickets. Invariant: never shorter than `SECRET_BYTES_MIN`.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from server.settings import SECRET_BYTES_MIN, Settings

FILE_BYTES_MAX = 4_096
FILE_NAME = "secret"


class SecretError(Exception):
    """The secret cannot be used; the text says why, and never what it is."""


def load_secret(settings: Settings) -> bytes:
    """Return the secret; a fresh one ends what was promised before. Raises `SecretError`."""
    if settings.secret:
        return settings.secret.encode()
    if not settings.secret_file:
        return _kept_secret(settings.store.data_dir)
    path = Path(settings.secret_file)
    try:
        with path.open("rb") as stream:
            secret = stream.read(FILE_BYTES_MAX).strip()
    except OSError as error:
        raise SecretError(f"secret_file {path} cannot be read: {error.strerror}") from error
    if len(secret) < SECRET_BYTES_MIN:
        raise SecretError(
            f"secret_file {path} holds {len(secret)} bytes, at least {SECRET_BYTES_MIN} are needed"
        )
    return secret


def _kept_secret(data_dir: str) -> bytes:
    """The secret of this data folder, made when it is first asked for.

    What was promised before a restart is kept after it: seats in matches that are gone on with.
    """
    fresh = secrets.token_bytes(SECRET_BYTES_MIN)
    if not data_dir:
        return fresh
    path = Path(data_dir) / FILE_NAME
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(fresh)
        kept = path.read_bytes()
    except OSError as error:
        raise SecretError(f"store.data_dir cannot be used: {path}: {error.strerror}") from error
    if len(kept) < SECRET_BYTES_MIN:
        raise SecretError(f"{path} is damaged: delete it, and what was promised before ends")
    return kept
