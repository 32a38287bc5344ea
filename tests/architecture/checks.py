"""The architecture rules, each a function from source text to a list of faults.

Reads no files. A fault is a sentence that starts with its place and says what to do.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from tests.architecture.table import (
    CALLS_BANNED_IN_GAME,
    FILE_LINES_MAX,
    FOREIGN_FOR_FILE,
    FUNCTION_LINES_MAX,
    PARAMETERS_MAX,
    ROOMS,
    Room,
)

OURS = frozenset({"game", "server", "clients", "maps", "tests", "bench"})
LEFTOVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
EVENT_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})
MACHINE = re.compile(
    r"(?:^|[^\w.])/(?:work|farm|root)/"
    r"|https?://[^\s\"'`)]*(?:py" + r"pi\.|python" + r"hosted\.|npm" + r"js\.|npm" + r"mirror\.)"
    r"|\"res" + r"olved\": \"http"
)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
parsed = cache(ast.parse)  # a dozen rules parse each file


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every imported module or name, dotted, with its line; `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)


def imported(source: str) -> list[tuple[int, str]]:
    """`imports` of a source text."""
    return list(imports(parsed(source)))


def room_of(path: str) -> Room | None:
    """The innermost room a file lies in."""
    rooms = [room for room in ROOMS if path.startswith(room.folder + "/")]
    return max(rooms, key=lambda room: len(room.folder), default=None)


def is_in(name: str, prefixes: Iterable[str]) -> bool:
    """Tell whether a dotted name is one of these modules or within one."""
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def import_faults(path: str, source: str) -> list[str]:
    """Imports that the table of rooms does not allow."""
    room = room_of(path)
    if room is None:
        return []
    faults = []
    foreign = (
        None if room.foreign is None else room.foreign | FOREIGN_FOR_FILE.get(path, frozenset())
    )
    for line, name in imported(source):
        place, root = f"{path}:{line}: imports {name}", name.partition(".")[0]
        if not root:
            faults.append(f"{place}: name the module in full, relative imports hide the room")
        elif is_in(name, room.banned):
            faults.append(f"{place}: {room.folder}/ must not know it (docs/ARCHITECTURE.md, Rooms)")
        elif root in OURS and not is_in(name, room.own):
            faults.append(f"{place}: {room.folder}/ may know {', '.join(sorted(room.own))} only")
        elif root not in OURS and foreign is not None and root not in foreign:
            faults.append(f"{place}: not on the allow-list of {room.folder}/")
        elif root == "math" and room.folder.startswith("game") and name != "math.isqrt":
            faults.append(f"{place}: of math only isqrt is exact on every machine")
    return faults


def purity_faults(path: str, source: str) -> list[str]:
    """Code that could make two machines disagree about a tick, or that has side effects."""
    faults = []
    for node in ast.walk(parsed(source)):
        reason = _impurity(node)
        if reason:
            line = getattr(node, "lineno", None) or node.iter.lineno  # a comprehension has no line
            faults.append(f"{path}:{line}: {reason}")
    return faults


def _impurity(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=float() | complex()):
            return "a float: the rules are integers, scale the number up"
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return "`/` makes a float: use `//`, which floors"
        case ast.Call(func=ast.Name(id=name)) if name in CALLS_BANNED_IN_GAME:
            return f"{name}() has no place in the rules"
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated) if _is_set(iterated):
            return "the order of a set differs between runs: sort it, or use a tuple or a dict"
        case ast.Call(func=ast.Name(id="list" | "tuple" | "iter" | "enumerate"), args=[first, *_]):
            if _is_set(first):
                return "the order of a set differs between runs: use sorted()"
    return ""


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in {"set", "frozenset"}
    return isinstance(node, ast.Set | ast.SetComp)


def size_faults(path: str, source: str) -> list[str]:
    """Files and functions that grew past their limit."""
    faults = file_size_faults(path, source)
    for node in ast.walk(parsed(source)):
        if isinstance(node, FunctionNode):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                what = f"{node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"
                faults.append(f"{path}:{node.lineno}: {what}: name its parts and split it")
    return faults


def file_size_faults(path: str, source: str) -> list[str]:
    """Files that are too long, in any language."""
    lines = source.count("\n")
    if lines <= FILE_LINES_MAX:
        return []
    return [f"{path}: {lines} lines, at most {FILE_LINES_MAX}: it is two nouns, split it by noun"]


def parameter_faults(path: str, source: str) -> list[str]:
    """Functions with too many parameters. A dataclass may write out its `__init__`, which takes its
    fields: compiled code calls it without the interpreter.
    """
    faults, tree = [], parsed(source)
    written_out = {
        node
        for record in ast.walk(tree)
        if isinstance(record, ast.ClassDef) and any(map(_leaves_out_init, record.decorator_list))
        for node in record.body
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    }
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode) and node not in written_out:
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [each.arg for each in every if each.arg not in {"self", "cls"}]
            if len(names) > PARAMETERS_MAX:
                what = f"{node.name} has {len(names)} parameters, at most {PARAMETERS_MAX}"
                faults.append(f"{path}:{node.lineno}: {what}: a frozen class wants to be born")
    return faults


def _leaves_out_init(decorator: ast.expr) -> bool:
    words = ast.unparse(decorator)
    return words.startswith("dataclass(") and "init=False" in words


def docstring_faults(path: str, source: str) -> list[str]:
    """Files without a docstring. (Ruff's D1 checks classes and functions.)"""
    docstring = ast.get_docstring(parsed(source)) or ""
    if len(docstring.split()) >= 3:  # a sentence, not a placeholder
        return []
    return [f"{path}:1: say in a docstring what the file owns and what it must not know"]


def leftover_faults(path: str, text: str) -> list[str]:
    """Leftover notes, machine paths and registry hosts in any tracked file."""
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        if found := LEFTOVER.search(line):
            faults.append(f"{path}:{number}: {found[0]}: do it, or write an issue")
        if found := MACHINE.search(line):
            faults.append(f"{path}:{number}: {found[0]!r} belongs to one machine, take it out")
    return faults


def log_event_faults(path: str, source: str) -> list[str]:
    """Log lines whose event is not one fixed word_of_this_form that people can search for."""
    faults = []
    for node in ast.walk(parsed(source)):
        match node:
            case ast.Call(func=ast.Attribute(ast.Name("log" | "bound"), level), args=[first, *_]):
                is_named = isinstance(first, ast.Constant) and EVENT_NAME.fullmatch(
                    str(first.value)
                )
                if level in LEVELS and not is_named:
                    what = f"{ast.unparse(first)} is no name of an event: use snake_case"
                    faults.append(f"{path}:{node.lineno}: {what}, and keywords for the rest")
    return faults


def awaits_trio(source: str) -> bool:
    """Whether a file imports Trio or trio-websocket, which makes it a shell."""
    return any(is_in(name, ("trio", "trio_websocket")) for _, name in imported(source))


def opens_nurseries(source: str) -> bool:
    """Whether a file opens a nursery."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == "open_nursery"
        for node in ast.walk(parsed(source))
    )


def catches_everything(source: str) -> bool:
    """Whether a file has a handler that catches all errors and does not re-raise them."""
    handlers = (n for n in ast.walk(parsed(source)) if isinstance(n, ast.ExceptHandler))
    return any(_is_broad(each.type) and not _raises_again(each) for each in handlers)


def _is_broad(caught: ast.expr | None) -> bool:
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"}
    )


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def core_faults(path: str, source: str, shells: Iterable[str]) -> list[str]:
    """Cores that import a shell."""
    modules = {module_name(shell) for shell in shells}
    return [
        f"{path}:{line}: a core imports the shell {name}: turn it round, or pass a value in"
        for line, name in imported(source)
        if is_in(name, modules)
    ]


def module_name(path: str) -> str:
    """`a/b.py` is `a.b`, `a/__init__.py` is `a`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def dead_modules(sources: Mapping[str, str], alive: Iterable[str]) -> list[str]:
    """Modules that no other file imports and that are no entry points."""
    used = set(alive)
    for path, source in sources.items():
        for _, name in imported(source):
            used |= {name, name.rpartition(".")[0]} - {module_name(path)}
    named = {path: module_name(path) for path in sources if not path.endswith("__init__.py")}
    return sorted(
        f"{path}: nobody imports {name}: delete it, or say in RUN_BY_PEOPLE who does"
        for path, name in named.items()
        if name not in used and not name.endswith("__main__")
    )
