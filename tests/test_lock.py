"""The lock files hold exactly what pyproject.toml and its dependencies ask for: pinned, hashed, from no named place.

Offline: what a package requires is read from the packages that are installed, which are those of the lock.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.txt": ("build",), "requirements-dev.txt": ("build", "dev")}

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PINNED = re.compile(r"([A-Za-z0-9._-]+)==(\S+)")


def read_lock(text: str) -> tuple[dict[str, Version], list[str]]:
    """Return the pinned versions of a lock file by name, and what is wrong with its lines."""
    pins: dict[str, Version] = {}
    wrong: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        entry = line.split("#")[0].strip()
        if not entry:
            continue
        pin, *hashes = entry.split()
        pinned = PINNED.fullmatch(pin)
        if pinned is None:
            wrong.append(f"'{pin}' is no 'name==version'")
            continue
        name = canonicalize_name(pinned[1])
        if name in pins:
            wrong.append(f"{name} stands there twice")
        if not hashes or not all(HASH.fullmatch(part) for part in hashes):
            wrong.append(f"{name} has no hash, or something besides hashes")
        pins[name] = Version(pinned[2])
    return pins, wrong


def asked_by_project(pyproject: Mapping[str, object], extras: Iterable[str]) -> list[Requirement]:
    """Return the requirements that pyproject.toml states, with those of the named extras."""
    project = pyproject["project"]
    assert isinstance(project, dict)
    stated = [*project["dependencies"]]
    for extra in extras:
        stated += project["optional-dependencies"][extra]
    return [Requirement(text) for text in stated]


def asked_by_installed(name: str) -> list[str]:
    """Return the requirements that an installed package states."""
    return metadata.requires(name) or []


def disagreements(
    pins: Mapping[str, Version], asked: Iterable[Requirement], asked_by: Callable[[str], Iterable[str]]
) -> list[str]:
    """Return one sentence for everything asked for that the lock lacks, and for everything in it that none asks for."""
    wrong: list[str] = []
    reached: set[tuple[str, str]] = set()
    waiting = [(requirement, "pyproject.toml") for requirement in asked]
    while waiting:
        requirement, asker = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in pins:
            wrong.append(f"{asker} requires {requirement}, which is not locked")
            continue
        if not requirement.specifier.contains(pins[name], prereleases=True):
            wrong.append(f"{asker} requires {requirement}, but {pins[name]} is locked")
        for extra in {"", *requirement.extras}:
            if (name, extra) in reached:
                continue
            reached.add((name, extra))
            for text in asked_by(name):
                following = Requirement(text)
                if following.marker is None or following.marker.evaluate({"extra": extra}):
                    waiting.append((following, name))
    needed = {name for name, _ in reached}
    wrong += [f"{name} is locked, but nothing requires it" for name in sorted(set(pins) - needed)]
    return sorted(set(wrong))


def pyproject() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "extras"), LOCKS.items())
def test_lock_agrees_with_pyproject(name: str, extras: tuple[str, ...]) -> None:
    pins, wrong = read_lock((ROOT / name).read_text(encoding="utf-8"))
    wrong += disagreements(pins, asked_by_project(pyproject(), extras), asked_by_installed)
    assert not wrong, f"{name} disagrees with pyproject.toml ('make lock' makes it anew):\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_what_is_installed(name: str) -> None:
    pins, _ = read_lock((ROOT / name).read_text(encoding="utf-8"))
    assert {package: Version(metadata.version(package)) for package in pins} == pins


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|\bfile:/|--(index|extra-index|find-links|trusted)|\s@\s", text)


def test_what_runs_is_locked_the_same_in_both() -> None:
    run, dev = (read_lock((ROOT / name).read_text(encoding="utf-8"))[0] for name in LOCKS)
    assert run.items() <= dev.items()


def test_what_builds_is_locked() -> None:
    stated = pyproject()
    build, project = stated["build-system"], stated["project"]
    assert isinstance(build, dict)
    assert isinstance(project, dict)
    assert build["requires"] == project["optional-dependencies"]["build"]


# The check itself, on small locks with one fault each.

GOOD = f"apple==1.5 \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n    # via pyproject\n"
ASKED = [Requirement("apple>=1,<2")]


def nothing_more(_: str) -> list[str]:
    return []


def test_good_lock_passes() -> None:
    pins, wrong = read_lock(GOOD)
    assert pins == {"apple": Version("1.5")}
    assert not wrong
    assert not disagreements(pins, ASKED, nothing_more)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("apple==1.5\n", "no hash"),
        ("apple>=1.5 --hash=sha256:" + "a" * 64, "no 'name==version'"),
        ("--find-links somewhere\n" + GOOD, "no 'name==version'"),
        ("apple @ https://example.org/apple.whl", "no 'name==version'"),
        ("apple==1.5 --hash=md5:" + "a" * 32, "no hash"),
        (GOOD + GOOD, "twice"),
    ],
)
def test_faulty_line_is_found(text: str, fault: str) -> None:
    _, wrong = read_lock(text)
    assert any(fault in sentence for sentence in wrong)


def test_disagreements_are_found() -> None:
    pins, _ = read_lock(GOOD)
    assert disagreements(pins, [Requirement("apple>=2")], nothing_more) == [
        "pyproject.toml requires apple>=2, but 1.5 is locked"
    ]
    assert disagreements(pins, [*ASKED, Requirement("pear")], nothing_more) == [
        "pyproject.toml requires pear, which is not locked"
    ]
    assert disagreements(pins, [], nothing_more) == ["apple is locked, but nothing requires it"]


def test_requirements_of_requirements_are_followed() -> None:
    pins, _ = read_lock(GOOD + GOOD.replace("apple", "core"))
    asked_by = {"apple": ["core<1", "other; extra == 'more'"], "core": []}
    assert disagreements(pins, ASKED, asked_by.__getitem__) == ["apple requires core<1, but 1.5 is locked"]
    with_extra = disagreements(pins, [Requirement("apple[more]")], asked_by.__getitem__)
    assert any(sentence.startswith("apple requires other") for sentence in with_extra)
