import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.study import Store
from sim.study.store.catalogue import MOST_SHARDS

Put = Callable[..., str]
COUNT = "select count(*), count(distinct run) from runs"


def test_it_follows_the_files_whatever_it_holds_itself(store: Store, put: Put) -> None:
    names = [put(store, number) for number in range(5)]
    store.catalogued(names[:2])
    store.catalogued(names[1:3])  # one of them twice
    assert store.connect().sql(COUNT).fetchall() == [(5, 5)]
    for shard in store.catalogue.shards():
        store.place.remove(f"catalogue/{shard}")
    assert store.connect().sql(COUNT).fetchall() == [(5, 5)]
    assert store.rebuild() == 5
    assert len(store.catalogue.shards()) == 1


def test_a_damaged_file_of_it_is_no_loss(store: Store, put: Put) -> None:
    store.catalogued([put(store, number) for number in range(3)])
    whole = store.place.read(f"catalogue/{store.catalogue.shards()[0]}")
    # Its end, which says what is where, is sound; what it says is not there any more.
    holed = whole[:4] + b"\xff" * 600 + whole[604:]
    for number, content in enumerate((b"no parquet", b"", whole[: len(whole) // 2], holed)):
        store.place.write(f"catalogue/{number:020d}-damaged0.parquet", content)
    assert store.connect().sql(COUNT).fetchall() == [(3, 3)]


def test_what_is_undefined_is_null_in_queries(store: Store, put: Put) -> None:
    outcomes = [{"calls": value, "queued_share": 0.5} for value in (1.0, math.nan, 3.0)]
    store.catalogued([put(store, number, outcomes=one) for number, one in enumerate(outcomes)])
    query = "select count(calls), avg(calls), count(*) filter (calls > 2) from outcomes"
    assert store.connect().sql(query).fetchall() == [(2, 2.0, 1)]


def test_a_run_that_was_removed_is_gone_from_it(store: Store, put: Put) -> None:
    names = [put(store, number) for number in range(3)]
    store.catalogued(names)
    for file in store.place.names(store.folder_of(names[1])):
        store.place.remove(f"{store.folder_of(names[1])}/{file}")
    assert {row[0] for row in store.connect().sql("select run from runs").fetchall()} == {names[0], names[2]}
    assert set(store.catalogue.current()["run"].to_pylist()) == {names[0], names[2]}


def test_many_files_are_made_one(store: Store, put: Put) -> None:
    for number in range(MOST_SHARDS + 2):
        store.catalogued([put(store, number)])
    assert len(store.catalogue.shards()) < MOST_SHARDS
    assert store.connect().sql(COUNT).fetchall() == [(MOST_SHARDS + 2, MOST_SHARDS + 2)]


def test_a_run_with_a_damaged_record_is_left_out(store: Store, put: Put) -> None:
    names = [put(store, number) for number in range(2)]
    store.place.write(f"{store.folder_of(names[0])}/run.json", b"{")
    assert store.connect().sql("select run from runs").fetchall() == [(names[1],)]


def test_outcomes_can_be_named_before_any_run_is_finished(store: Store, put: Put) -> None:
    store.experiments.begin("crews", "0123456789", {}, pd.DataFrame({"point": [0], "Calls": [4]}))
    asked = "select calls, queued_share from outcomes", "select factor_Calls, calls from results"
    assert [store.connect().sql(one).fetchall() for one in asked] == [[], []]
    store.experiments.plan("crews-01234567", [(0, 0, 1, put(store, 1, outcomes={"calls": 3.0}))])
    assert [store.connect().sql(one).fetchall() for one in asked] == [[(3.0, None)], [(4, 3.0)]]


def test_runs_of_older_rules_stay_readable_beside_outcomes_that_are_new(store: Store, put: Put) -> None:
    put(store, 1, model_version="older", outcomes={"calls": 3.0, "gone_by_now": 1.0})
    put(store, 2, outcomes={"calls": 4.0, "new": 2.0})
    rows = store.connect().sql(
        "select model_version, calls, gone_by_now, new from runs join outcomes using (run) order by seed"
    )
    assert rows.fetchall() == [("older", 3.0, 1.0, None), ("0123456789abcdef", 4.0, None, 2.0)]


@pytest.mark.parametrize("kind", ["local", "memory"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["write", "append", "lose", "compact", "read"]), st.integers(0, 9))))
def test_in_any_order_of_acts_it_shows_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, put: Put, kind: str, steps: list[tuple[str, int]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("s")
    store = Store(str(folder / "store") if kind == "local" else f"memory://{folder.name}-{kind}")
    store.prepare()
    written: dict[int, str] = {}
    for act, number in steps:
        if act == "write":
            written[number] = put(store, number)
        elif act == "append" and number in written:
            store.catalogued([written[number]])
        elif act == "lose":
            for shard in store.catalogue.shards()[:1]:
                store.place.remove(f"catalogue/{shard}")
        elif act == "compact":
            store.catalogue.compact()
        else:
            assert sorted(store.catalogue.current()["run"].to_pylist()) == sorted(written.values())
    table: pa.Table = store.catalogue.current()
    assert sorted(table["run"].to_pylist()) == sorted(written.values())
    assert sorted(table["seed"].to_pylist()) == sorted(written)
