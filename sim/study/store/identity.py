"""What makes a run this run and no other: its scenario, its seed, and the version of the model."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sim.scenario import Scenario, scenario_hash
from sim.study.provenance import hash_of_source

DIGITS = 32


@cache
def model_version() -> str:
    """Return 16 hexadecimal digits that change with any rule, and with any definition of an outcome.

    The source's hash alone leaves out the outcomes, as they change no run's course; but what a store keeps of a run
    are its outcomes.
    """
    import sim.outcomes

    digest = hashlib.sha256(hash_of_source().encode())
    for path in sorted(Path(sim.outcomes.__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def run_id(scenario: Scenario, seed: int, branch_day: int | None = None) -> str:
    """Return the name of a run in the store: 32 hexadecimal digits.

    Args:
        scenario: by its canonical form: a run is the same whatever its scenario is called.
        seed: of the run.
        branch_day: has no part in it. A run that is branched from a warm-up is the unbranched run to the last digit,
            so that either stands for the other.
    """
    del branch_day
    return named(scenario_hash(scenario), seed)


def named(hash_: str, seed: int) -> str:
    """Return the name of the run of a scenario whose hash is known."""
    return hashlib.sha256(f"{hash_}:{seed}:{model_version()}".encode()).hexdigest()[:DIGITS]
