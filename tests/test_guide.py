"""What the guide shows is run as it stands there, and the pages about the model name what the code has."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from sim import load
from sim.build import town_of
from sim.engine.clock import MINUTE, Calendar
from sim.interventions import Intervention, catalogue
from sim.outcomes import CATALOGUE, TABLES, read_records
from sim.response import read_log
from sim.scenario import parameter_table
from sim.study import run_one
from tests.pages import ROOT, blocks_of, commands_of, gridtown, python, unknown_options

GUIDE = ROOT / "docs" / "guide.md"
BLOCKS = blocks_of(GUIDE)
COMMANDS = commands_of(BLOCKS)
SCRIPTS = [block.text for block in BLOCKS if block.language == "python"]
SCENARIOS = [block.file for block in BLOCKS if block.language == "yaml"]
WRITES_A_NETWORK, COPIES_A_LOG = "write_graphml", "calls-log.csv"
OF_A_REPLAY = ["source", "recorded_response_minutes"]  # in which a replayed call says that it is one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the guide shows, and those that its scripts write for its scenarios."""
    place = tmp_path_factory.mktemp("guide")
    for block in BLOCKS:
        if block.file:
            (place / block.file).write_text(block.text, encoding="utf-8")
    begun = gridtown("run", "market.yaml", "--seed", "1", folder=place)
    assert begun.returncode == 0, begun.stderr
    for written in (WRITES_A_NETWORK, COPIES_A_LOG):
        (script,) = [text for text in SCRIPTS if written in text]
        done = python(script, folder=place)
        assert done.returncode == 0, done.stderr
    return place


def words_in_code(text: str) -> list[str]:
    """Return the words between back quotes of a text."""
    return re.findall(r"`([^`]+)`", text)


def test_scenarios_have_files() -> None:
    assert len(SCENARIOS) == len(set(SCENARIOS))
    assert all(name.endswith(".yaml") for name in SCENARIOS)


def test_scenarios_are_valid_and_differ(folder: Path) -> None:
    done = gridtown("check", *SCENARIOS, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    hashes = re.findall(r"^hash\s+(\w+)", done.stdout, re.MULTILINE)
    assert len(set(hashes)) == len(SCENARIOS)


@pytest.mark.slow
def test_scripts_run(folder: Path) -> None:
    begun = gridtown("run", "riverside.yaml", "--seed", "1", folder=folder)
    assert begun.returncode == 0, begun.stderr
    said = []
    for script in SCRIPTS:
        done = python(script, folder=folder)
        assert done.returncode == 0, f"{script}\n{done.stderr}"
        said.append(done.stdout)
    (sweep,) = [text for script, text in zip(SCRIPTS, said, strict=True) if "compare(" in script]
    (resumed,) = [text for script, text in zip(SCRIPTS, said, strict=True) if "TownModel.resume" in script]
    gains = [float(line.split()[1]) for line in sweep.splitlines()]
    assert gains == sorted(gains)
    assert 4 < gains[-1] / gains[0] < 16, "the guide says about eightfold"
    assert resumed == "True\n"


def test_a_runs_log_gives_its_calls_again(folder: Path) -> None:
    done = gridtown("run", "replayed.yaml", "--seed", "1", folder=folder)
    assert done.returncode == 0, done.stderr
    first, again = (read_records(next((folder / "results").glob(f"{name}-*-seed1"))) for name in ("market", "replayed"))
    assert set(again.words("calls", "source")) == {"log"}
    assert again.words("calls", "type") == first.words("calls", "type")
    calls, replayed = (one.frame("calls").drop(columns=[*OF_A_REPLAY, "type"]) for one in (first, again))
    assert len(calls) > 400
    assert_frame_equal(calls, replayed, check_exact=True)
    assert again["dispatches"].equals(first["dispatches"])


def test_the_log_of_a_cad_is_read_as_the_guide_says(tmp_path: Path) -> None:
    for block in BLOCKS:
        if block.file in ("hamlet.osm", "hamlet.yaml", "cad-calls.csv", "hamlet-calls.yaml"):
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    scenario = load(tmp_path / "hamlet-calls.yaml")
    calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
    log = read_log(scenario, town_of(scenario), calendar)
    assert log is not None
    assert [log.types[row] for row in log.rows["type_"]] == ["DISTURBANCE", "FIGHT", "THEFT"]
    assert log.rows["priority"].tolist() == [1, 0, 2]
    assert log.rows["units_wanted"].tolist() == [1, 2, 1]
    assert log.rows["received"] / MINUTE == pytest.approx([495 + 1 / 3, 1438 + 2 / 3, 2490])
    minutes = [22 + 5 / 6, 48 + 1 / 3, math.nan]
    assert log.rows["scene_days"] / MINUTE == pytest.approx(minutes, nan_ok=True)
    assert log.recorded_response_minutes == pytest.approx([5 + 5 / 6, 4.0, math.nan], nan_ok=True)
    told = " ".join(log.notes)
    for left_out in (
        "1 of 6 calls left out: of other types",
        "1 calls left out: outside",
        "1 of 6 rows left out as wrong",
    ):
        assert left_out in told
    assert "dispatched is before received" in told


@pytest.mark.slow
def test_a_run_is_saved_and_resumed_as_shown(folder: Path) -> None:
    shown = [line.split()[1:] for line in COMMANDS if "--save-state" in line or "--resume" in line]
    for words in sorted(shown, key=lambda words: "--resume" in words):
        done = gridtown(*words, "--out", "resumed", folder=folder)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_exist(line: str) -> None:
    assert line.startswith("gridtown ")
    assert unknown_options(line) == []


def test_commands_name_files_and_outcomes_that_are_there() -> None:
    words = {word for line in COMMANDS for word in line.replace(",", " ").split()}
    assert {word for word in words if word.endswith(".yaml")} <= set(SCENARIOS)
    ids = {word for word in words if re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", word)}
    assert ids
    assert ids <= set(CATALOGUE)


def test_every_column_is_explained() -> None:
    sections = re.split(r"^\*\*(\w+)\*\*", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown = {
        name: {word for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for word in words_in_code(row)}
        for name, text in zip(sections[1::2], sections[2::2], strict=True)
        if name in TABLES
    }
    records = run_one(load("classroom", "calendar.days=2"), 1).records
    assert shown == {name: set(records[name].column_names) for name in TABLES}


def test_every_lever_is_shown_with_its_fields() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    levers = catalogue()
    shown = {name: set(words_in_code(fields)) for name, fields in rows if name in levers}
    assert set(shown) == set(levers)
    for name, words in shown.items():
        assert set(levers[name].model_fields) - set(Intervention.model_fields) <= words, name


def test_the_model_page_names_every_parameter() -> None:
    words = set(re.findall(r"\w+", (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")))
    assert set(parameter_table()) - words == set()


def test_the_pages_name_no_parameter_that_is_not_there() -> None:
    units = re.compile(r"^\w+_(per_day|per_week|logit|slope|gain|probability|kmh|minutes|seconds|weight|sigma|spread)$")
    for page in ("odd.md", "evidence.md"):
        words = words_in_code((ROOT / "docs" / page).read_text(encoding="utf-8"))
        assert {word for word in words if units.match(word)} <= set(parameter_table()), page
