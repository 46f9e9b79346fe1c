import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.outcomes import StoreError
from sim.study import Store, UnknownExperimentError
from sim.study.store.experiments import packed, unpacked
from sim.study.store.views import same_kinds

POINTS = pd.DataFrame({"point": [0, 1], "density": [4, 8], "layout": [True, "auto"], "share": [0.5, 1]})


def test_points_come_back_with_the_kinds_of_their_values(store: Store) -> None:
    folder = store.experiments.begin("crews", "0123456789", {"title": "Crews"}, POINTS)
    assert folder == "crews-01234567"
    back = store.experiments.points(folder)
    assert back["layout"].tolist() == [True, "auto"]
    assert back["density"].tolist() == [4, 8]
    assert back["share"].tolist() == [0.5, 1.0]
    assert store.experiments.about(folder)["experiment"] == {"title": "Crews"}


def test_another_title_or_other_outcomes_are_taken_over(store: Store) -> None:
    first = store.experiments.begin("crews", "0123456789", {"title": "Crews", "outcomes": ["calls"]}, POINTS)
    begun, path = store.experiments.about(first)["begun"], f"experiments/{first}/experiment.json"
    store.experiments.begin("crews", "0123456789", {"title": "More crews", "outcomes": ["queued_share"]}, POINTS)
    record = store.experiments.about(first)
    assert record["experiment"] == {"title": "More crews", "outcomes": ["queued_share"]}
    assert record["begun"] == begun
    stamp = (Path(store.address) / path).stat().st_mtime_ns
    store.experiments.begin("crews", "0123456789", {"title": "More crews", "outcomes": ["queued_share"]}, POINTS)
    assert (Path(store.address) / path).stat().st_mtime_ns == stamp


def test_whole_numbers_and_fractions_are_one_kind() -> None:
    assert str(packed(pd.DataFrame({"x": [1, 0.5]})).schema.field("x").type) == "double"
    assert unpacked(packed(POINTS)).equals(POINTS.astype({"share": "float64"}))


def test_a_plan_grows_and_of_one_version_the_last_run_counts(store: Store) -> None:
    folder = store.experiments.begin("crews", "0123456789", {}, POINTS)
    store.experiments.plan(folder, [(0, 0, 1, "a"), (1, 0, 1, "b")])
    store.experiments.plan(folder, [(0, 1, 2, "c")])
    store.experiments.plan(folder, [(0, 0, 1, "d")])
    assert store.experiments.runs(folder).to_numpy().tolist() == [
        [folder, 0, 0, 1, "d"],
        [folder, 1, 0, 1, "b"],
        [folder, 0, 1, 2, "c"],
    ]


def test_a_changed_rule_leaves_older_runs_in_their_experiment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store.experiments.begin("crews", "0123456789", {}, POINTS)

    def shown(*finished: str) -> list[str]:
        return store.experiments.runs(folder, finished)["run"].tolist()

    store.experiments.plan(folder, [(0, 0, 1, "a"), (1, 0, 1, "b")], "one")
    store.experiments.plan(folder, [(0, 0, 1, "c"), (1, 0, 1, "d")], "two")
    store.experiments.plan(folder, [(0, 0, 1, "e"), (1, 0, 1, "f")], "three")
    assert shown() == ["e", "f"]  # none is finished: what was asked last
    assert shown("a", "d") == ["c", "d"]  # the newest that has runs, and of no other version
    assert shown("a", "d", "f") == ["e", "f"]
    monkeypatch.setattr("sim.study.store.experiments.model_version", lambda: "one")
    assert shown("a", "d", "f") == ["a", "b"]  # the rules are as they were
    assert store.experiments.runs(folder, ("f",), "two")["run"].tolist() == ["c", "d"]
    query = "select model_version, count(*) from all_replications group by all order by all"
    assert store.connect().sql(query).fetchall() == [("one", 2), ("three", 2), ("two", 2)]


def test_runs_whose_version_was_not_written_down_are_known_again(store: Store) -> None:
    folder = store.experiments.begin("crews", "0123456789", {}, POINTS)
    store.experiments.plan(folder, [(0, 0, 1, "a"), (1, 0, 1, "b")])
    old = pa.Table.from_pandas(store.experiments.runs(folder), preserve_index=False)
    buffer = pa.BufferOutputStream()
    pq.write_table(old, buffer)
    store.place.write(f"experiments/{folder}/runs.parquet", buffer.getvalue().to_pybytes())
    assert store.experiments.runs(folder)["run"].tolist() == ["a", "b"]
    store.experiments.plan(folder, [(0, 0, 1, "a"), (1, 0, 1, "c")])
    assert store.experiments.all_runs(folder)["run"].tolist() == ["b", "a", "c"]
    assert store.experiments.runs(folder, ("a", "b", "c"))["run"].tolist() == ["a", "c"]


def test_a_damaged_table_is_told_with_its_place(store: Store) -> None:
    folder = store.experiments.begin("crews", "0123456789", {}, POINTS)
    whole = store.place.read(f"experiments/{folder}/points.parquet")
    for content in (b"no parquet", b"", whole[:4] + b"\xff" * 40 + whole[44:]):
        store.place.write(f"experiments/{folder}/points.parquet", content)
        with pytest.raises(StoreError, match=r"points\.parquet.*damaged"):
            store.experiments.points(folder)


def test_an_experiment_whose_record_was_never_written_has_not_begun(store: Store) -> None:
    folder = store.experiments.begin("crews", "0123456789", {"title": "Crews"}, POINTS)
    for left in ("half-11111111/points.parquet", "empty-22222222/experiment.json"):
        store.place.write(f"experiments/{left}", b"")
    assert store.experiments.names() == [folder]
    assert store.connect().sql("select experiment from experiments").fetchall() == [(folder,)]
    store.place.write(f"experiments/{folder}/experiment.json", b"")  # as after a power failure
    assert store.experiments.begin("crews", "0123456789", {"title": "Crews"}, POINTS) == folder
    assert store.experiments.about(folder)["experiment"] == {"title": "Crews"}


def test_of_one_name_the_experiment_begun_last_is_meant(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment, hash_ in (("2026-01-02", "bbbbbbbb"), ("2026-01-01", "aaaaaaaa")):
        monkeypatch.setattr("sim.study.store.experiments.moment", lambda moment=moment: moment)
        store.experiments.begin("crews", hash_, {}, POINTS)
    assert store.experiments.find("crews") == "crews-bbbbbbbb"
    assert store.experiments.find("crews-aaaaaaaa") == "crews-aaaaaaaa"
    with pytest.raises(UnknownExperimentError, match="no experiment 'crew'; there: crews-aaaaaaaa, crews-bbbbbbbb"):
        store.experiments.find("crew")


def test_of_those_begun_at_once_the_same_is_meant_in_whatever_order_they_are_listed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.store.experiments.moment", lambda: "2026-01-01")
    folders = [store.experiments.begin("crews", hash_, {}, POINTS) for hash_ in ("aaaaaaaa", "cccccccc", "bbbbbbbb")]
    for listed in itertools.permutations(folders):
        monkeypatch.setattr(type(store.place), "names", lambda *_, listed=listed: list(listed))
        assert store.experiments.find("crews") == "crews-cccccccc"


def test_factors_of_one_name_and_different_kinds_stand_in_one_view(store: Store) -> None:
    store.experiments.begin("one", "11111111", {}, pd.DataFrame({"point": [0], "x": [1.5]}))
    store.experiments.begin("two", "22222222", {}, pd.DataFrame({"point": [0], "x": ["high"], "y": [3]}))
    rows = store.connect().sql("select experiment, x, y from points order by experiment").fetchall()
    assert rows == [("one-11111111", "1.5", None), ("two-22222222", "high", 3)]
    assert same_kinds([]) == []


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (True, "high", ["true", "high"]),
        (True, 4, ["true", "4"]),
        (0.5, False, ["0.5", "false"]),
        (4, 0.5, [4.0, 0.5]),
        (True, False, [True, False]),
    ],
)
def test_any_two_kinds_of_one_name_stand_in_one_view(store: Store, first: Any, second: Any, shown: list[Any]) -> None:
    store.experiments.begin("one", "11111111", {}, pd.DataFrame({"point": [0], "lever": [first]}))
    store.experiments.begin("two", "22222222", {}, pd.DataFrame({"point": [0], "lever": [second]}))
    rows = store.connect().sql("select lever from points order by experiment").fetchall()
    assert [row[0] for row in rows] == shown


def test_names_that_differ_in_capitals_are_one_column(store: Store) -> None:
    store.experiments.begin("one", "11111111", {}, pd.DataFrame({"point": [0], "Crews": [3]}))
    store.experiments.begin("two", "22222222", {}, pd.DataFrame({"point": [0], "crews": [4]}))
    rows = store.connect().sql("select CREWS from points order by experiment").fetchall()
    assert rows == [(3,), (4,)]


def test_queries_reach_no_files(store: Store) -> None:
    import duckdb

    connection = store.connect()
    for sql in ("copy (select 1) to '/tmp/gridtown-no.csv'", "select * from read_text('/etc/hostname')"):
        with pytest.raises(duckdb.Error):
            connection.sql(sql).fetchall()
    with pytest.raises(duckdb.Error):
        connection.sql("set enable_external_access = true")
