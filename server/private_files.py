"""Files of the data folder: for this user alone, never through a symbolic link, whole or not there.

Owns: how such a file is opened and made. Must not know: what is in it. Invariant: whoever else may
write into a folder of ours cannot make us read, change or cut short a file somewhere else, nor wait
at a pipe. The folder itself may be a link (systemd's DynamicUser makes one); what is in it may not.
"""

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# Not everywhere: Windows has none of them but the last.
_PLAIN = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
IS_A_LINK = "it is a symbolic link, and none is followed here"
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # of a file system


def keep_private() -> None:
    """Let nothing that this process and its children make be for others: 0600 and 0700."""
    os.umask(0o077)


def opened(path: Path, flags: int) -> int:
    """A descriptor of a regular file, which is made for this user alone. Raises OSError."""
    try:
        descriptor = os.open(path, flags | _PLAIN, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):  # as BSD says it
            raise OSError(errno.ELOOP, IS_A_LINK, str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return descriptor


def reading(path: Path, buffering: int = -1) -> BinaryIO:
    """A stream of what is in a file. Raises OSError."""
    return os.fdopen(opened(path, os.O_RDONLY), "rb", buffering=buffering)


def read(path: Path) -> bytes:
    """All of a file. Raises OSError."""
    with reading(path) as stream:
        return stream.read()


def readers(status: os.stat_result) -> str:
    """Who else may read or change a file with a secret in it; "" for nobody.

    A group may read a file that belongs to somebody else: so it is handed to us, as Kubernetes does
    with `fsGroup` and mode 0440.
    """
    if os.name != "posix":
        return ""  # other systems say it otherwise
    if status.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return "every user of this machine"
    is_handed_over = status.st_uid != os.geteuid()
    if status.st_mode & stat.S_IWGRP or (status.st_mode & stat.S_IRGRP and not is_handed_over):
        return "its group"
    return ""


def make_folder(path: Path) -> None:
    """A folder for this user alone, if it is not there yet. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink():
        raise OSError(errno.ELOOP, IS_A_LINK, str(path))


def make_once(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole. Raises OSError, and then nothing is left.

    Of several processes that try at once one wins, and it is no error for the others.
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
