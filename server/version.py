"""Which Skirmish this is."""

from importlib import metadata


def version() -> str:
    """Return the installed version; a checkout that is not installed has none."""
    try:
        return metadata.version("skirmish")
    except metadata.PackageNotFoundError:
        return "unreleased"
