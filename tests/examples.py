"""How many examples a property is tried with: those it asks for, unless the profile is short."""

from hypothesis import settings

WHOLE = 100  # the profile of a full run has at least this many


def examples(count: int) -> settings:
    """Try `count` examples, or fewer under `make check` and under other Pythons (conftest.py)."""
    most = settings.default.max_examples
    return settings(max_examples=count if most >= WHOLE else min(count, most), deadline=None)
