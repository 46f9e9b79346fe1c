"""The four kinds of Mesa agents: faces of the tables.

A face holds a row number and reads and writes that row; a rule exists once, compiled, and a face's methods call it.
Grid workers, mediators and patrol units are ordinary registered agents. Residents are too many: ``FaceSet`` makes
a ``Resident`` when one is asked for, and two faces of one row are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa import Agent
from mesa.agentset import AbstractAgentSet

from sim.codes import Category, Geometry, Status, Task, Tie
from sim.engine.compiled import from_python
from sim.people import set_tension, tension_at, ties_of
from sim.response import advance

if TYPE_CHECKING:
    from sim.model import TownModel


class Face(Agent["TownModel"]):
    """A Mesa agent that is a row of one of the world's tables."""

    table: str  # which table of the world; set by each kind

    def __init__(self, model: TownModel, row: int) -> None:
        self.model = model
        self.row = row  # before Mesa registers the agent, since its hash is its row
        super().__init__(model)

    @property
    def record(self) -> Any:
        """The agent's row: a structured record that can be read and written by field name."""
        return getattr(self.model.world, self.table)[self.row]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and other.model is self.model and other.row == self.row

    def __hash__(self) -> int:
        return hash((type(self).__name__, id(self.model), self.row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.row}>"


class Resident(Face):
    """A person of the town, made on demand. All persons are synthetic."""

    table = "residents"

    def __init__(self, model: TownModel, row: int) -> None:
        # Not registered with Mesa: 2.2 million faces would cost 500 MB. So Agent.__init__ is not called.
        for name, value in (("model", model), ("row", row), ("unique_id", row + 1)):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse what the next face of this row would not know: a face is made anew each time."""
        if not isinstance(getattr(type(self), name, None), property):
            raise AttributeError(
                f"a resident keeps no attribute {name!r}: faces are made on demand; keep it by row in an array"
            )
        super().__setattr__(name, value)

    def remove(self) -> None:
        """Refuse: residents are rows of a table and stay for the whole run."""
        raise TypeError("residents cannot be removed from a town")

    @property
    def tension(self) -> float:
        """Readiness to quarrel now, 0..1."""
        return from_python(tension_at)(self.model.world, self.row, self.model.time)

    @tension.setter
    def tension(self, value: float) -> None:
        given: Any = value  # a script may give anything
        if not isinstance(given, int | float | np.number) or not 0.0 <= given <= 1.0:
            raise ValueError(f"tension is a number from 0 to 1, not {given!r}")
        from_python(set_tension)(self.model.world, self.row, value, self.model.time)

    @property
    def household(self) -> int:
        """Row of the household."""
        return int(self.record.household)

    @property
    def node(self) -> int:
        """Node of the road graph at which the resident lives."""
        return int(self.model.world.households[self.household].node)

    @property
    def community(self) -> int:
        """Row of the community."""
        return int(self.model.world.households[self.household].community)

    @property
    def district(self) -> int:
        """Number of the district of the daily series."""
        return int(self.model.world.communities[self.community].district)

    @property
    def grid(self) -> int:
        """Row of the grid that the household lies in."""
        return int(self.model.world.households[self.household].grid)

    @property
    def adult(self) -> bool:
        """Whether the resident is 15 or older, as the census counts and ``adult_share`` says."""
        return bool(self.record.adult)

    @property
    def migrant(self) -> bool:
        """Whether the household moved here from elsewhere."""
        return bool(self.record.migrant)

    @property
    def merchant(self) -> bool:
        """Whether the resident keeps a shop or a firm."""
        return bool(self.record.merchant)

    @property
    def trust_grid(self) -> float:
        """Trust in the grid worker, 0..1."""
        return float(self.record.trust_grid)

    @property
    def ties(self) -> dict[Tie, list[Resident]]:
        """The residents tied to this one, by kind."""
        found = ties_of(self.model.world, self.row)
        return {kind: [Resident(self.model, row) for row in rows] for kind, rows in found.items()}

    def quarrel(self, other: Resident, category: Category = Category.NEIGHBOUR, stage: int = 1) -> int:
        """Begin a dispute with another resident now, and return its row; it runs by the same rules as any other."""
        return self.model.begin_dispute(self.row, other.row, category, stage)


class GridWorker(Face):
    """A grid worker, who visits households and handles small cases."""

    table = "workers"

    @property
    def grid(self) -> int:
        """Row of the worker's grid."""
        return int(self.record.grid)

    @property
    def visits(self) -> int:
        """Visits made so far."""
        return int(self.record.visits)

    @property
    def cases(self) -> int:
        """Cases handled so far."""
        return int(self.record.cases)

    @property
    def task(self) -> Task:
        """What the worker is doing now."""
        return Task(int(self.record.task))

    def visit(self, resident: Resident) -> None:
        """Visit a resident's household now, beside the rota: hidden disputes there may be found."""
        self.model.visit(self.row, resident.household)


class Mediator(Face):
    """A mediator of an office."""

    table = "mediators"

    @property
    def office(self) -> int:
        """Row of the mediator's office."""
        return int(self.record.office)

    @property
    def skill(self) -> float:
        """Skill in standard deviations from the mean mediator."""
        return float(self.record.skill)

    @property
    def sessions(self) -> int:
        """Sessions held so far."""
        return int(self.record.sessions)

    @property
    def in_session(self) -> bool:
        """Whether a session is being held now."""
        return bool(self.record.session >= 0)


class PatrolUnit(Face):
    """A crew of rapid-response police with its post and shift."""

    table = "units"

    @property
    def status(self) -> Status:
        """What the unit is doing now."""
        return Status(int(self.record.status))

    @property
    def node(self) -> int:
        """Node where the unit is, or the next one on its way."""
        return int(self.record.node)

    @property
    def place(self) -> tuple[float, float]:
        """Where the unit can turn next, in metres on the town's map: its next node, or where it is on a plane."""
        from_python(advance)(self.model.world, self.row, float(self.model.time))
        if self.model.world.orders[0].geometry != Geometry.ROADS:
            return float(self.record.from_x), float(self.record.from_y)
        node = self.model.world.nodes[self.node]
        return float(node.x_metres), float(node.y_metres)

    @property
    def answered(self) -> int:
        """Calls answered so far."""
        return int(self.record.answered)

    @property
    def shift_start_hour(self) -> float:
        """Hour of the day at which the crew's shift begins."""
        return float(self.record.shift_start_hour)


class Everyone:
    """The ordered members of a model's agent set: all residents by row, then the registered staff."""

    def __init__(self, model: TownModel, *, residents: bool, staff: Iterable[Agent[Any]]) -> None:
        self.model = model
        self.count = len(model.world.residents) if residents else 0
        self.staff = dict.fromkeys(staff)

    def __len__(self) -> int:
        return self.count + len(self.staff)

    def __iter__(self) -> Iterator[Agent[Any]]:
        for row in range(self.count):
            yield Resident(self.model, row)
        yield from self.staff

    def __contains__(self, agent: object) -> bool:
        if isinstance(agent, Resident):
            return agent.model is self.model and 0 <= agent.row < self.count
        return agent in self.staff


class FaceSet(AbstractAgentSet[Any]):
    """An ordered set of agents in which residents exist only while somebody looks at them.

    It offers what a Mesa agent set offers (``select``, ``get``, ``agg``, ``groupby``, ``do``, ``map``, ``shuffle_do``).
    Whole columns are faster: ``model.world.residents["tension"]``.
    """

    def __init__(self, agents: Iterable[Any], random: Random | None = None) -> None:
        self._agents: Any = agents if isinstance(agents, Everyone) else dict.fromkeys(agents)
        if random is None:
            first = next(iter(self._agents), None)
            if first is None:
                raise ValueError("an empty agent set needs a random number generator")
            random = first.model.random
        self.random: Random = random

    def __len__(self) -> int:
        return len(self._agents)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._agents)

    def __contains__(self, agent: object) -> bool:
        return agent in self._agents

    def _update(self, agents: Iterable[Any]) -> FaceSet:
        self._agents = dict.fromkeys(agents)
        return self

    def _own_members(self) -> dict[Any, None]:
        """Turn a view of the model into a set of its own before it is changed."""
        if isinstance(self._agents, Everyone):
            raise TypeError("model.agents cannot be changed; take a copy with select() and change that")
        members: dict[Any, None] = self._agents
        return members

    def __getitem__(self, place: int | slice) -> Any:
        """Return a member by its place in the order, or a list of members by a slice."""
        return self.to_list()[place]

    def to_list(self) -> list[Any]:
        """Return the members as a list."""
        return list(self)

    def add(self, agent: Any) -> None:
        """Add an agent to a selected set."""
        self._own_members()[agent] = None

    def discard(self, agent: Any) -> None:
        """Remove an agent from a selected set if it is there."""
        self._own_members().pop(agent, None)

    def remove(self, agent: Any) -> None:
        """Remove an agent from a selected set; raises KeyError if it is not there."""
        del self._own_members()[agent]

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[Any] | None = None,
    ) -> AbstractAgentSet[Any]:
        """Select agents as Mesa does; without any condition the result is a set of its own."""
        if filter_func is None and agent_type is None and at_most == float("inf") and not inplace:
            return FaceSet(list(self), self.random)
        return super().select(filter_func, at_most, inplace, agent_type)

    def shuffle(self, inplace: bool = False) -> AbstractAgentSet[Any]:
        """Return the members in random order (``model.random``)."""
        members = list(self)
        self.random.shuffle(members)
        return self._update(members) if inplace else FaceSet(members, self.random)

    def sort(
        self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> AbstractAgentSet[Any]:
        """Return the members sorted by a key or an attribute's name, largest first unless ``ascending``."""
        by = (lambda agent: getattr(agent, key)) if isinstance(key, str) else key
        members = sorted(self, key=by, reverse=not ascending)
        return self._update(members) if inplace else FaceSet(members, self.random)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> AbstractAgentSet[Any]:
        """Call a method (by name) or a function on every member, and return the set."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> AbstractAgentSet[Any]:
        """Call a method or a function on every member in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method (by name) or a function on every member, and return the results."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]


def tension_column(model: TownModel) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return every resident's tension now, shape (residents,), without making a face."""
    residents = model.world.residents
    days = model.time - residents["tension_day"].astype(np.float64)
    half_life = float(model.world.parameters[0].tension_half_life_days)
    tension: np.ndarray[Any, np.dtype[np.float64]] = residents["tension"].astype(np.float64) * np.exp2(
        -np.maximum(days, 0.0) / half_life
    )
    return tension
