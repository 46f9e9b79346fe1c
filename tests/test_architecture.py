"""The borders of the design, held by reading the source: who may import whom, and what a newcomer is promised."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sim"

# From the top to the bottom: a part imports only from layers below its own. Parts of one layer are siblings that
# know nothing of each other, except in the layers that hold one thing cut into files for length.
LAYERS: list[list[str]] = [
    ["cli.py"],
    ["commands/"],
    ["report/"],
    ["study/"],
    ["outcomes/"],
    ["model.py", "agents.py", "build.py", "loop.py", "saving.py", "saved_columns.py"],
    ["interventions/"],
    ["disputes/", "grid/", "mediation/", "response/"],
    ["people/"],
    ["town/"],
    ["scenario/"],
    ["world/", "codes.py", "purposes.py", "events.py"],
    ["engine/", "processes.py"],
]
ONE_THING = [layer for layer in LAYERS if "model.py" in layer or "world/" in layer]
# The engine knows nothing of the domain, so its modules are its public face; every other folder has its __init__.py.
OPEN_FOLDERS = {"engine"}
# An annotation is no dependency at run time: an intervention says that it acts on a model.
NAMED_BY_ANNOTATIONS = {"model"}
LONGEST_FILE = 450


class Import(NamedTuple):
    """One imported thing: `module` below `sim` as a tuple of names, and the name taken from it, if any."""

    module: tuple[str, ...]
    name: str | None
    line: int
    for_types: bool


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def part_of(path: Path) -> str:
    """Return the name of the folder or module directly below `sim` that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[Import]:
    """Yield what a file imports from the package, wherever in the file it does so."""
    for_types = {
        id(inner)
        for block in ast.walk(tree(path))
        if isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(block)
    }
    for node in ast.walk(tree(path)):
        typed = id(node) in for_types
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, *rest = alias.name.split(".")
                if top == "sim":
                    yield Import(tuple(rest), None, node.lineno, typed)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                package = path.relative_to(PACKAGE).parent.parts
                base = package[: len(package) - node.level + 1]
            elif node.module is not None and node.module.split(".")[0] == "sim":
                base = ()
            else:
                continue
            named = tuple((node.module or "").split("."))
            module = (*base, *(named if node.level else named[1:])) if node.module else base
            for alias in node.names:
                if module:
                    yield Import(module, alias.name, node.lineno, typed)
                else:
                    yield Import((alias.name,), None, node.lineno, typed)


def layer_of() -> dict[str, int]:
    return {part.removesuffix(".py").removesuffix("/"): depth for depth, layer in enumerate(LAYERS) for part in layer}


def parts_on_disk() -> set[str]:
    folders = {f"{path.relative_to(PACKAGE).parts[0]}/" for path in sources() if path.parent != PACKAGE}
    return folders | {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py", "__main__.py"}


def exported(folder: str) -> set[str]:
    """Return the names in the `__all__` of a folder of the package."""
    face = PACKAGE / folder / "__init__.py"
    for node in tree(face).body if face.exists() else []:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "__all__" for target in node.targets):
            return set(ast.literal_eval(node.value))
    return set()


def test_every_part_has_a_layer() -> None:
    assert parts_on_disk() == {part for layer in LAYERS for part in layer}


def test_every_folder_is_a_package() -> None:
    assert not {place(path.parent) for path in sources() if not (path.parent / "__init__.py").exists()}


def test_dependencies_point_one_way() -> None:
    layers = layer_of()
    together = [{part.removesuffix(".py").removesuffix("/") for part in layer} for layer in ONE_THING]
    wrong = []
    for path in sources():
        own = part_of(path)
        if own in {"__init__", "__main__"}:
            continue
        for found in imports(path):
            other = found.module[0] if found.module else "__init__"
            if other == own or other not in layers:
                continue
            if found.for_types and other in NAMED_BY_ANNOTATIONS:
                continue
            if layers[other] <= layers[own] and not any({own, other} <= group for group in together):
                wrong.append(f"{place(path)}:{found.line} imports sim.{other}, which stands beside or above it")
    assert not wrong, "\n".join(wrong)


def test_nothing_reaches_past_a_folders_border() -> None:
    folders = {part.removesuffix("/") for part in parts_on_disk() if part.endswith("/")} - OPEN_FOLDERS
    faces = {folder: exported(folder) for folder in folders}
    wrong = []
    for path in sources():
        whole_folders = set()
        for found in imports(path):
            if not found.module or found.module[0] not in folders or found.module[0] == part_of(path):
                continue
            folder, *inside = found.module
            if inside:
                wrong.append(f"{place(path)}:{found.line} imports {'.'.join(found.module)} past the border")
            elif found.name is None:
                whole_folders.add(folder)
            elif found.name not in faces[folder]:
                wrong.append(f"{place(path)}:{found.line} takes {found.name}, which sim.{folder} does not offer")
        wrong += [
            f"{place(path)}:{node.lineno} uses {node.value.id}.{node.attr}, which sim.{node.value.id} does not offer"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in whole_folders
            and node.attr not in faces[node.value.id]
        ]
    assert not wrong, "\n".join(wrong)


def test_a_folder_offers_what_it_says() -> None:
    wrong = []
    for path in PACKAGE.glob("*/__init__.py"):
        bound = {found.asname or found.name for node in ast.walk(tree(path)) for found in _names(node)}
        bound |= {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        wrong += [f"{place(path)} offers {name}, which it does not have" for name in exported(path.parent.name) - bound]
    assert not wrong, "\n".join(wrong)


def _names(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.ImportFrom | ast.Import) else []


def test_the_engine_and_the_vocabulary_need_no_domain() -> None:
    below = {part.removesuffix(".py").removesuffix("/") for layer in LAYERS[-2:] for part in layer}
    needed = {found.module[0] for path in sources() if part_of(path) in below for found in imports(path)}
    assert needed <= below


def undocumented(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Yield the public functions, classes and methods of a module that have no docstring."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        is_setter = any(ast.unparse(decorator).endswith(".setter") for decorator in node.decorator_list)
        if ast.get_docstring(node) is None and not is_setter:
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node.body, f"{node.name}.")


def test_public_names_have_docstrings() -> None:
    missing = [f"{place(path)}: {name}" for path in sources() for name in undocumented(tree(path).body)]
    assert not missing, "no docstring:\n" + "\n".join(missing)


def test_a_file_fits_in_a_head() -> None:
    files = [path for folder in ("sim", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    long = {place(path): lines for path in files if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert not long


def test_readme_shows_these_layers() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    picture = re.search(r"## Architecture\n.*?```text\n(.*?)```", text, re.DOTALL)
    assert picture is not None, "README.md has no picture under '## Architecture'"
    lines = [re.findall(r"\b[a-z_]+(?:/|\.py)(?= |$)", line.split("  #")[0]) for line in picture[1].splitlines()]
    assert [line for line in lines if line] == LAYERS


def committed_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: what is committed cannot be told from what lies about")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


PATTERNS = {
    "a path of one machine": r"(?<![\w.~$*)}-])/(?:work|root|home|Users|opt|mnt)/[\w.]",
    "the address of a package index": r"https?://[^\s\"']*(?:/simple/|pypi|pythonhosted)",
    "a note of unfinished work": r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
}


def test_committed_files_name_no_machine() -> None:
    wrong = []
    for path in committed_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        wrong += [
            f"{place(path)}:{number} holds {what}"
            for number, line in enumerate(lines, start=1)
            for what, pattern in PATTERNS.items()
            if path != Path(__file__).resolve() and re.search(pattern, line)
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see /home/mary/town", True),
        ("path=/mnt/disk/town", True),
        ("'/opt/town/.cache'", True),
        ("~/opt/town and $(HOME)/opt/x and net/home/day", False),
        ("https://pypi.example/simple/numpy", True),
        ("https://doi.org/10.1000/182", False),
    ],
)
def test_patterns_find_what_they_should(line: str, found: bool) -> None:
    assert any(re.search(pattern, line) for pattern in PATTERNS.values()) is found


def test_help_is_light() -> None:
    program = (
        "import sys\n"
        "sys.argv = ['gridtown', '--help']\n"
        "from sim.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "print('modules:', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.rsplit("modules:", 1)[1].split())
    heavy = {"numba", "pandas", "pydantic", "mesa", "matplotlib", "scipy", "pyarrow", "networkx"}
    assert not loaded & heavy


def test_decisions_are_numbered_without_gaps() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        assert "## Decision" in text, path.name
        assert "## Why" in text, path.name


def test_every_folder_has_tests() -> None:
    folders = {part.removesuffix("/") for part in parts_on_disk() if part.endswith("/")}
    untested = {folder for folder in folders if not list((ROOT / "tests" / folder).glob("test_*.py"))}
    assert not untested


def test_every_dependency_is_used() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    stated = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert stated is not None
    named = {name.lower() for name in re.findall(r'"([A-Za-z0-9_-]+)', stated[1])}
    modules = {"pyyaml": "yaml", "fonttools": "fontTools", "salib": "SALib", "scikit-learn": "sklearn"}
    # Mesa imports networkx without asking for it; fontTools writes WOFF2 fonts with brotli.
    indirect = {"networkx", "brotli"}
    used = {
        name.split(".")[0]
        for path in sources()
        for node in ast.walk(tree(path))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not {name for name in named - indirect if modules.get(name, name) not in used}
