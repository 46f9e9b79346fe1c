"""A process that dies before any of its acts on the file system leaves a store in which nothing is wrong."""

import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_runs import name_of, record_of

from sim.study import Store

RUNS = 6
POINTS = pd.DataFrame({"point": [0, 1], "density": [4, 8]})
ACTS = {"open", "os.rename", "os.mkdir", "os.link", "os.remove", "os.rmdir", "os.listdir", "os.chmod", "shutil.rmtree"}


def use(address: str) -> None:
    """Do all that a study does to a store."""
    store = Store(address)
    store.prepare()
    for number in range(RUNS):
        name = name_of(number)
        if number == 2:
            store.write_failure(name, {"type": "MemoryError", "seed": 2}, {"name": "made-up"})
        if not store.has(name):
            store.write(name, record_of(number), {"series": pa.table({"day": [number]})})
        store.catalogued([name])
    folder = store.experiments.begin("made-up", "0123456789", {"title": "Made up"}, POINTS)
    for replication in range(2):
        rows = [(point, replication, 1 + replication, name_of(2 * replication + point)) for point in range(2)]
        store.experiments.plan(folder, rows)
    store.catalogue.compact()


def die_before(act: int, address: str) -> bool:
    """Use a store in a process that dies before the act of that number; say whether it came that far."""
    child = os.fork()
    if child == 0:
        left = act

        def count(event: str, _: tuple[Any, ...]) -> None:
            nonlocal left
            if event in ACTS:
                left -= 1
                if left < 0:
                    os._exit(9)

        try:
            sys.addaudithook(count)
            use(address)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def shown(store: Store) -> list[tuple[Any, ...]]:
    runs = "select run, seed, calls, queued_share from runs join outcomes using (run) order by seed"
    results = "select * from results order by replication, point"  # its columns are those of experiments begun
    with store.connect() as connection:
        return [tuple(map(repr, row)) for query in (runs, results) for row in connection.sql(query).fetchall()]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.integers(0, 400), min_size=1, max_size=3))
def test_dying_at_any_act_and_going_on_ends_in_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, acts: list[int]
) -> None:
    folder: Path = tmp_path_factory.mktemp("dying")
    use(str(folder / "whole"))
    address = str(folder / "store")
    before: set[str] = set()
    for act in acts:
        die_before(act, address)
        store = Store(address)
        there = store.finished()
        assert before <= there  # no finished run is lost
        for name in there:
            assert store.record(name)["run"] == name  # and each is whole
        if store.is_there:
            shown(store)  # whatever is half done, the rest can be read
        before = there
    use(address)
    store = Store(address)
    assert shown(store) == shown(Store(str(folder / "whole")))
    assert store.failures() == {}
    assert list((Path(address) / ".staging").iterdir()) == []
