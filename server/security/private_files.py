"""Files of the data folder: private to this user, never a symbolic link, whole or absent.

Owns: how such a file is opened and made. Must not know: what is in it. Invariant: another user who
can write to our folder cannot make us read, change or truncate a file elsewhere, or block on a
pipe. The folder itself may be a link (systemd's DynamicUser makes one); files in it may not.
"""

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# The flags that this system has: on Windows only the last.
_PLAIN = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
IS_A_LINK = "it is a symbolic link, and none is followed here"
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # of a file system


def keep_private() -> None:
    """Make all new files of this process and its children private: 0600, folders 0700."""
    os.umask(0o077)


def opened(path: Path, flags: int) -> int:
    """Open a regular file and return its descriptor. Raises OSError.

    A new file is private to this user.
    """
    try:
        descriptor = os.open(path, flags | _PLAIN, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):  # EMLINK on BSD
            raise OSError(errno.ELOOP, IS_A_LINK, str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return descriptor


def reading(path: Path, buffering: int = -1) -> BinaryIO:
    """Open a file for reading. Raises OSError."""
    return os.fdopen(opened(path, os.O_RDONLY), "rb", buffering=buffering)


def read(path: Path) -> bytes:
    """Return all of a file. Raises OSError."""
    with reading(path) as stream:
        return stream.read()


def readers(status: os.stat_result) -> str:
    """Say who else can read or change a file with a secret in it; "" for nobody.

    The group may read a file that belongs to another user: Kubernetes hands us files that way, with
    `fsGroup` and mode 0440.
    """
    if os.name != "posix":
        return ""  # other systems have other permissions
    if status.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return "every user of this machine"
    is_handed_over = status.st_uid != os.geteuid()
    if status.st_mode & stat.S_IWGRP or (status.st_mode & stat.S_IRGRP and not is_handed_over):
        return "its group"
    return ""


def make_folder(path: Path) -> None:
    """Make a folder private to this user, if it does not exist yet. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink():
        raise OSError(errno.ELOOP, IS_A_LINK, str(path))


def make_once(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, whole. Raises OSError, and then leaves nothing.

    If several processes try at once, one wins, and it is no error for the others.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            with suppress(FileExistsError):
                os.link(beside, path)  # unlike a rename it never replaces
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
