"""File descriptors: the limit is raised where allowed, and a lack is reported at the start."""

import resource

import pytest
from attrs import evolve
from structlog.testing import capture_logs

from server.config.settings import Settings
from server.runtime.descriptors import needed, raise_limit

SETTINGS = Settings()
NEEDED = needed(SETTINGS)
UNLIMITED = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("soft", "hard", "then", "is_short"),
    [
        (64, 64, 64, True),
        (1_024, 4_096, 4_096, True),
        (1_024, NEEDED, NEEDED, False),
        (1_024, 1_048_576, NEEDED, False),
        (1_024, UNLIMITED, NEEDED, False),
        (NEEDED - 1, NEEDED - 1, NEEDED - 1, True),
        (NEEDED, NEEDED, NEEDED, False),
        (65_536, UNLIMITED, 65_536, False),
        (UNLIMITED, UNLIMITED, UNLIMITED, False),
    ],
)
def test_a_limit_is_raised_as_far_as_needed_and_a_lack_is_said(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, then: int, is_short: bool
) -> None:
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair))
    with capture_logs() as logs:
        raise_limit(SETTINGS)
    assert limits[-1] == (then, hard)
    assert [line["event"] for line in logs] == (["descriptors_short"] if is_short else [])
    assert not is_short or (logs[0]["allowed"], logs[0]["needed"]) == (then, NEEDED)


def test_more_connections_and_more_matches_need_more() -> None:
    net, match = (
        evolve(SETTINGS.net, connections_max=12_001),
        evolve(SETTINGS.match, matches_max=65),
    )
    assert needed(evolve(SETTINGS, net=net)) == NEEDED + 1
    assert needed(evolve(SETTINGS, match=match)) == NEEDED + 3
    assert SETTINGS.net.connections_max < NEEDED
