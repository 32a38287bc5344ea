"""Settings that are reloaded while the server runs, and the report about the rest."""

from attrs import evolve

from server.config.options import options
from server.config.reload import NEEDS_RESTART, merged
from server.config.settings import ListenSettings, LogSettings, Settings
from server.match.journal_files import JournalSettings
from server.match.settings import MatchSettings
from server.process.settings import ProcessSettings


def test_reloadable_settings_apply_and_the_rest_are_named():
    running = Settings()
    wanted = Settings(
        grace_s=5.0,
        log=LogSettings(level="debug", queue_max=50),
        net=ListenSettings(port=9, allowed_hosts=("play.example",)),
        match=MatchSettings(resume_s=30),
        journal=JournalSettings(keep_days=2),
        process=ProcessSettings(workers=4),
    )
    reload = merged(running, wanted)
    assert reload.taken == (
        "grace_s",
        "net.allowed_hosts",
        "match.resume_s",
        "journal.keep_days",
        "log.level",
    )
    assert reload.needs_restart == ("net.port", "log.queue_max", "process.workers")
    assert reload.settings == evolve(
        running,
        grace_s=5.0,
        net=ListenSettings(allowed_hosts=("play.example",)),
        match=wanted.match,
        journal=wanted.journal,
        log=LogSettings(level="debug"),
    )


def test_settings_that_need_a_restart_exist_and_have_a_reason():
    assert NEEDS_RESTART.keys() <= options(Settings).keys()
    assert all(NEEDS_RESTART.values())


def test_the_same_settings_change_nothing():
    reload = merged(Settings(), Settings())
    assert (reload.settings, reload.taken, reload.needs_restart) == (Settings(), (), ())
