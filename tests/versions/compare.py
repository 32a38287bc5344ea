"""Compares two Pythons' answers about journals, in sentences.

Must not know: how they were asked. Invariant: without a sentence, every digest of every journal
was equal, and there were some.
"""

from collections.abc import Iterator, Mapping

from tests.versions.answers import Answer

Answers = Mapping[str, Answer]


def faults_of(answers: Answers) -> Iterator[str]:
    """Faults of journals according to the reference Python."""
    for name, answer in answers.items():
        if answer["fault"]:
            yield f"{name} is not what was played: {answer['fault']}"


def differences(expected: Answers, said: Answers) -> Iterator[str]:
    """The journals on which another Python disagrees, each with its first differing tick."""
    for name in expected.keys() | said.keys():
        if name not in said or name not in expected:
            yield f"{name} was read by one of them alone"
        elif what := _difference(expected[name], said[name]):
            yield f"{name}: {what}"


def _difference(expected: Answer, said: Answer) -> str:
    digests, others = expected["digests"], said["digests"]
    for tick in sorted(digests.keys() | others.keys(), key=int):
        ours, theirs = digests.get(tick, "none"), others.get(tick, "none")
        if ours != theirs:
            return f"after tick {tick} the digest is {theirs}, not {ours}"
    if expected["fault"] != said["fault"]:
        return said["fault"] or "it agrees with what was written, and should not"
    return ""


def missing_kinds(answers: Answers, modes: set[str]) -> Iterator[str]:
    """The kinds that a whole test run leaves and these lack, so that they prove too little."""
    whole = [answer for answer in answers.values() if answer["ticks"]]
    for mode in sorted(modes - {answer["mode"] for answer in whole}):
        yield f"no journal of {mode}"
    if not any(answer["bots"] for answer in whole):
        yield "no journal of a match with bots"
    if not any(answer["goes_on"] for answer in whole):
        yield "no journal of a match that was gone on with"
