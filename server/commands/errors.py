"""How a command says that it cannot go on."""

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
BROKEN = 70  # a server that ran was ended by a fault: starting it again makes sense (EX_SOFTWARE)


class CommandError(Exception):
    """A command cannot go on; the text is for the person, and `status` for the shell."""

    def __init__(self, text: str, status: int = FAILED) -> None:
        """Keep the status beside the text."""
        super().__init__(text)
        self.status = status
