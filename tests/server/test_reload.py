"""What is taken while the server runs, and what is said of the rest."""

from attrs import evolve

from server.match.settings import MatchSettings
from server.process.settings import ProcessSettings
from server.reload import merged
from server.settings import LogSettings, Settings


def test_what_can_be_reloaded_is_taken_and_the_rest_is_named():
    running = Settings()
    wanted = Settings(
        grace_s=5.0,
        log=LogSettings(level="debug", queue_max=50),
        match=MatchSettings(resume_s=30),
        process=ProcessSettings(workers=4),
    )
    reload = merged(running, wanted)
    assert reload.taken == ("grace_s", "match.resume_s", "log.level")
    assert reload.needs_restart == ("log.queue_max", "process.workers")
    assert reload.settings == evolve(
        running, grace_s=5.0, match=wanted.match, log=LogSettings(level="debug")
    )


def test_the_same_settings_change_nothing():
    reload = merged(Settings(), Settings())
    assert (reload.settings, reload.taken, reload.needs_restart) == (Settings(), (), ())
