"""What a wrong command is answered with."""


class DebugError(Exception):
    """This cannot be done; the text is the sentence that says so."""
