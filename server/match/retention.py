"""Deletes old journals: one task over the whole data folder.

Owns: when to sweep. Must not know: matches, who wrote what. Invariant: a journal in `finished/` or
`set-aside/` is deleted when it is too old or they take too much room, whatever process or layout
left it there; one in `live/` never is.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
import trio
from attrs import frozen

from server.match.journal_files import JournalSettings, sweep

LOOK_EVERY_S = 300.0

log = structlog.get_logger("journal")


@frozen
class Retention:
    """See the module. `parent` has the places of all processes, of this start and earlier ones."""

    parent: Path | None  # None: nothing is kept
    settings: Callable[[], JournalSettings]  # the current ones

    @classmethod
    def of(cls, data_dir: str, settings: Callable[[], JournalSettings]) -> "Retention":
        """The retention of this data folder; an empty name turns it off."""
        return cls(Path(data_dir) / "journals" if data_dir else None, settings)

    async def run(self) -> None:
        """Sweep now, and every `LOOK_EVERY_S` after that, until cancelled."""
        while self.parent is not None:
            try:
                deleted = await trio.to_thread.run_sync(sweep, self.parent, self.settings())
            except OSError as error:
                log.warning("journals_not_swept", reason=str(error))
            else:
                if deleted:
                    log.info("journals_swept", files=deleted)
            await trio.sleep(LOOK_EVERY_S)
