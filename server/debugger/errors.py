"""The error that answers a wrong command."""


class DebugError(Exception):
    """This cannot be done; the text is the sentence that says so."""
