"""Exit statuses, and the exception with which a command fails."""

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
BROKEN = 70  # a fault ended a running server, and a restart makes sense (EX_SOFTWARE)


class CommandError(Exception):
    """A command failed; the text is for the user, and `status` for the shell."""

    def __init__(self, text: str, status: int = FAILED) -> None:
        """Keep the status beside the text."""
        super().__init__(text)
        self.status = status
