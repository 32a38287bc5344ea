"""The types of fields that several messages share. See `schema.py`."""

from typing import Annotated, Final

from game.wire.schema import Bytes, Int, Text

TICK_MAX: Final = 2**31 - 1
CODE: Final = Text(24)  # nine letters; when typed, in any grouping

Name = Annotated[str, Text(40)]  # room for 16 letters as people count them
Word = Annotated[str, Text(24)]
MatchId = Annotated[str, Text(24)]
Code = Annotated[str, CODE]
Sentence = Annotated[str, Text(120)]  # for people
Flag = Annotated[int, Int(0, 1)]
Count = Annotated[int, Int(0, 65_535)]
Nonce = Annotated[int, Int(0, 2**32 - 1)]
Fingerprint = Annotated[bytes, Bytes(8, 8)]
SessionToken = Annotated[bytes, Bytes(64)]
Ticket = Annotated[bytes, Bytes(256, 1)]
Tick = Annotated[int, Int(0, TICK_MAX)]
Slot = Annotated[int, Int(-1, 127)]
