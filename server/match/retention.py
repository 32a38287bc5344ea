"""How long journals are kept that nobody needs to go on: one task over the whole data folder.

Owns: when it is looked at. Must not know: matches, who wrote what. Invariant: whatever process or
layout left a journal in `finished/` or `set-aside/`, it goes when it is too old or there are too
many, and none in `live/` ever does.
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
    """`parent` has the places of all processes, of this start and of earlier ones."""

    parent: Path | None  # None: nothing is kept
    settings: Callable[[], JournalSettings]  # those of the moment

    @classmethod
    def of(cls, data_dir: str, settings: Callable[[], JournalSettings]) -> "Retention":
        """Of this data folder."""
        return cls(Path(data_dir) / "journals" if data_dir else None, settings)

    async def run(self) -> None:
        """Look now, and then again and again, until cancelled."""
        while self.parent is not None:
            try:
                deleted = await trio.to_thread.run_sync(sweep, self.parent, self.settings())
            except OSError as error:
                log.warning("journals_not_swept", reason=str(error))
            else:
                if deleted:
                    log.info("journals_swept", files=deleted)
            await trio.sleep(LOOK_EVERY_S)
