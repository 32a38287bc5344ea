"""Moving journals between processes, and the folder of the processes' sockets.

Owns: which files belong to a match, and where sockets are. Must not know: records, processes.
Invariant: each file of a match is in one place's folder, and a crash between two files leaves none
of them unread: strays are gathered at the next start.
"""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows: there are no worker processes there
    fcntl = None  # type: ignore[assignment]

import structlog
from attrs import define, field

from server.config.settings import Settings
from server.match.journal_file import append_tail
from server.match.journal_files import FolderInUseError, JournalFolder
from server.security.private_files import make_folder, opened

SOCKET_PATH_BYTES_MAX = 107  # of sun_path, without the final NUL

log = structlog.get_logger("process")


class RunFolderError(Exception):
    """The folder of the sockets cannot be used; the text says why."""


def place_folder(settings: Settings, place: int) -> Path | None:
    """The folder for a worker's journals; None: it writes none."""
    if not settings.store.data_dir or not settings.journal.enabled:
        return None
    return Path(settings.store.data_dir).absolute() / "journals" / f"worker-{place}"


def move_match(source: JournalFolder, match_id: str, target: Path) -> int:
    """Move a match's files into another place; returns how many. Raises OSError.

    If one file cannot take in its tail, all of them stay: half a match is useless.
    """
    paths = [source.live / name.file_name for name in source.live_segments().get(match_id, [])]
    for path in paths:
        append_tail(path)
    source.forget_crashes(match_id)
    for path in paths:
        path.replace(target / "live" / path.name)
    return len(paths)


def gather(settings: Settings, ours: Sequence[Path]) -> None:
    """Give journals left by an earlier start, whatever its layout, to the places of this one; log
    those that stay where they are. Raises OSError.
    """
    if not settings.store.data_dir:
        return
    parent = Path(settings.store.data_dir).absolute() / "journals"
    if not settings.journal.enabled:
        if left := list(parent.glob("*/live/*.skj")):
            log.warning("journals_left", files=len(left), reason="journal.enabled is off")
    elif strays := gather_strays(parent, [path.absolute() for path in ours]):
        log.warning("stray_matches_adopted", files=strays)


def gather_strays(parent: Path, ours: Sequence[Path]) -> int:
    """Move matches from places that are not ours to those that are; returns how many files.

    Places are left over by an upgrade, or by a start with another number of workers. Places of
    live processes are left alone. A match keeps its count of deaths. Raises OSError.
    """
    moved = 0
    for stray in sorted(parent.glob("*/live")):
        if stray.parent in ours:
            continue
        try:
            folder = JournalFolder(stray.parent)
        except FolderInUseError:
            log.info("place_in_use", folder=str(stray.parent))
            continue
        for number, match_id in enumerate(folder.live_segments()):
            target = ours[number % len(ours)] / "live"
            make_folder(target)
            if match_id == folder.suspect:
                folder.count_crash(match_id)
            tries = stray / f"{match_id}.tries"
            with suppress(FileNotFoundError):
                tries.replace(target / tries.name)
            moved += move_match(folder, match_id, target.parent)
        folder.release()
    return moved


@define(eq=False)
class RunFolder:
    """The sockets of one server's processes; `claim` locks it while this process lives."""

    path: Path
    _lock: int = field(default=-1, init=False)

    @classmethod
    def of(cls, settings: Settings) -> "RunFolder":
        """The folder that the settings name. Raises `RunFolderError`."""
        if settings.process.run_dir:
            path = Path(settings.process.run_dir)
        elif settings.store.data_dir:
            path = Path(settings.store.data_dir) / "run"
        else:
            path = Path(tempfile.gettempdir()) / f"skirmish-{os.getuid()}-{settings.net.port}"
        folder = cls(path.absolute())
        if len(os.fsencode(folder.operator_path)) > SOCKET_PATH_BYTES_MAX:
            raise RunFolderError(f"{path} is too long for sockets: set process.run_dir")
        return folder

    @property
    def gateway_path(self) -> str:
        """The socket at which workers connect to the gateway."""
        return str(self.path / "gateway.sock")

    @property
    def operator_path(self) -> str:
        """The socket at which an operator connects to the supervisor."""
        return str(self.path / "operator.sock")

    def claim(self) -> None:
        """Make the folder, for this user alone, and lock it. Raises `RunFolderError`."""
        try:
            make_folder(self.path)
            self.path.chmod(0o700)  # fails unless we own it
            self._lock = opened(self.path / "lock", os.O_RDWR | os.O_CREAT)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunFolderError(f"another server uses {self.path}: set process.run_dir") from None
        except OSError as error:
            raise RunFolderError(f"{self.path} cannot be used: {error.strerror}") from error
        self._remove_sockets()

    def release(self) -> None:
        """Remove the sockets, the lock and the folder."""
        self._remove_sockets()
        with suppress(OSError):
            (self.path / "lock").unlink()
            self.path.rmdir()
        if self._lock >= 0:
            os.close(self._lock)

    def _remove_sockets(self) -> None:
        for path in (self.gateway_path, self.operator_path):
            Path(path).unlink(missing_ok=True)
