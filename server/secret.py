"""The secret that tickets are signed with: from the settings, from a file, or fresh for this start.

Owns: where it comes from. Must not know: tickets. Invariant: never shorter than `SECRET_BYTES_MIN`.
"""

import secrets
from pathlib import Path

from server.settings import SECRET_BYTES_MIN, Settings

FILE_BYTES_MAX = 4_096


class SecretError(Exception):
    """The secret cannot be used; the text says why, and never what it is."""


def load_secret(settings: Settings) -> bytes:
    """Return the secret; a fresh one ends what was promised before. Raises `SecretError`."""
    if settings.secret:
        return settings.secret.encode()
    if not settings.secret_file:
        return secrets.token_bytes(SECRET_BYTES_MIN)
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
