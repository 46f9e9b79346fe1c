"""TownModel: the Mesa model that puts the parts together.

Mesa owns the outer clock. Setting it to a moment, which Mesa does before every one of its events and at the end of
``run_until``, first runs the compiled loop up to that moment; so a Mesa event at day 100 sees the world as it is
then, and acts before the compiled events of that very moment.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Self, cast

import mesa
import numpy as np
from mesa.experimental.mesa_signals import Observable
from mesa.time import EventGenerator, Priority, Schedule

from sim import disputes, grid, mediation, response
from sim.agents import Everyone, FaceSet, GridWorker, Mediator, PatrolUnit, Resident
from sim.build import build_world, enlarged, reserve_room, town_of
from sim.codes import NOBODY, Category, Mode
from sim.engine.clock import Calendar
from sim.engine.compiled import from_python
from sim.engine.queue import push
from sim.events import Kind
from sim.interventions import Intervention, SecondedStaff, Switch
from sim.loop import NEEDS_ROOM, run_until, start_loop
from sim.saving import load_state, save_state
from sim.scenario import Scenario
from sim.town import Town
from sim.world import Table, World

FACE_ADDRESS = 1 << 39  # disputes begun by hand are numbered from here, far above any friction


class Clock(Observable):
    """Mesa's observable time, which takes the compiled loop along."""

    def __set__(self, model: Any, moment: float) -> None:
        model.advance_loop(moment)
        super().__set__(model, moment)


class TownModel(mesa.Model[Any, Any]):
    """A town that runs: ``step()`` is a day, ``run_until(day)`` any moment.

    Args:
        scenario: what to simulate.
        seed: of this replication; every draw is a function of it. 0 <= seed < 2**63.
        town: a town built before from the same settings, to save its construction.
        log: the recorded log of calls that the scenario replays, read before, to save its reading.

    Attributes:
        world: all tables of the run (``sim.world.World``); replaced by a larger copy when a table is full.
        town: the place.
        log: the recorded log of calls, or None.
        calendar: the dates.
        plan: the scenario (Mesa's own ``scenario`` attribute is something else).
    """

    time = Clock()

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 1,
        town: Town | None = None,
        log: response.CallLogData | None = None,
    ) -> None:
        if not isinstance(scenario, Scenario):
            raise TypeError(f"a model needs a scenario: TownModel(load({scenario!r}))")
        super().__init__(rng=seed)
        self.plan = scenario
        self.seed = seed
        self.town = town_of(scenario) if town is None else town
        self.calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
        self.log = response.read_log(scenario, self.town, self.calendar) if log is None else log
        self.world = build_world(scenario, self.town, self.calendar, seed, self.log)
        self.base_grids = len(self.world.grids)
        self.base_workers = int(self.world.workers["active"].sum())
        self._meet_mesa()
        for kind in dict.fromkeys(type(lever) for lever in self.levers):
            kind.set_lever(self)
        start_loop(self.world)

    def _meet_mesa(self) -> None:
        """Register the staff with Mesa and schedule the levers' changes from now on."""
        # Residents have the ids 1..n, so the registered staff comes after them.
        self.agent_id_counter = len(self.world.residents) + 1
        self.staff: dict[str, list[Any]] = {"workers": [], "mediators": [], "units": []}
        self._register_staff()
        self.switches = [Switch(self, lever) for lever in self.levers]
        for switch in self.switches:
            switch.schedule()

    # --- time -------------------------------------------------------------------------------------------------

    def advance_loop(self, moment: float) -> None:
        """Run the compiled loop up to a moment; called by the clock."""
        if not hasattr(self, "world"):
            return
        self.running = moment < self.calendar.days  # so that Mesa's run_model ends with the calendar
        while run_until(self.world, float(min(moment, self.calendar.days))) == NEEDS_ROOM:
            self.world = enlarged(self.world)
        self._refuse_broken_world()

    def _refuse_broken_world(self) -> None:
        """Stop a run that can no longer be trusted: a lost event, or a rate above the bound of its stream."""
        lost, broken = int(self.world.queue[0].version), int(self.world.state[0].bounds_broken)
        if lost or broken:
            raise RuntimeError(
                f"the run is not valid: {lost} events found no room, {broken} rates exceeded their bound; "
                "please report the scenario and the seed"
            )

    def step(self) -> None:
        """Let a day pass. Mesa moves the clock, and the clock moves the loop; subclasses may add to it."""

    def run(self) -> TownModel:
        """Run to the end of the calendar and return the model."""
        if self.time < self.calendar.days:
            self.run_until(self.calendar.days)
        return self

    # --- agents -----------------------------------------------------------------------------------------------

    @property
    def agents(self) -> Any:
        """All agents: every resident (made on demand), then grid workers, mediators and patrol units."""
        return FaceSet(Everyone(self, residents=True, staff=self._all_agents), self.random)

    @property
    def agents_by_type(self) -> dict[type[Any], Any]:
        """The agents of each kind, residents included."""
        people = FaceSet(Everyone(self, residents=True, staff=()), self.random)
        return {Resident: people, **self._agents_by_type}

    @property
    def agent_types(self) -> list[type]:
        """The kinds of agents, residents included."""
        return list(self.agents_by_type)

    def _register_staff(self) -> None:
        """Make a registered face for every active row of staff that has none, and remove those let go."""
        for table, kind in (("workers", GridWorker), ("mediators", Mediator), ("units", PatrolUnit)):
            rows: Table = getattr(self.world, table)
            active = rows["active"] if "active" in (rows.dtype.names or ()) else np.ones(len(rows), dtype=np.int8)
            faces = {face.row: face for face in self.staff[table]}
            for row in np.flatnonzero(active == 0):
                if int(row) in faces:
                    faces.pop(int(row)).remove()
            for row in np.flatnonzero(active):
                if int(row) not in faces:
                    faces[int(row)] = kind(self, int(row))
            self.staff[table] = list(faces.values())

    def begin_dispute(self, party_a: int, party_b: int, category: Category, stage: int) -> int:
        """Begin a dispute between two residents now and return its row; from then on the rules have it.

        The two count as tied in the way that is usual for the category.

        Raises:
            ValueError: the two are one person, or the stage is not 1..9.
        """
        if party_a == party_b:
            raise ValueError("a resident cannot quarrel with themselves")
        if not 1 <= stage <= 9:
            raise ValueError(f"stage {stage} is not one of Glasl's stages 1..9")
        self._make_room()
        address = FACE_ADDRESS + int(self.world.state[0].begun_by_hand)
        self.world.state[0].begun_by_hand += 1
        row = int(
            from_python(disputes.begin_dispute)(
                self.world,
                address,
                NOBODY,
                int(category),
                int(disputes.TIES[category]),
                stage,
                party_a,
                party_b,
                float(self.time),
            )
        )
        from_python(grid.listen_for)(self.world, row, float(self.time))
        return row

    def visit(self, worker: int, household: int) -> None:
        """Let a grid worker visit a household now, beside the rota."""
        self._make_room()
        from_python(grid.finish_visit)(self.world, worker, household, float(self.time))

    def _make_room(self) -> None:
        """Make sure that the next rule called from Python finds free rows."""
        self.world = enlarged(self.world)

    # --- levers -----------------------------------------------------------------------------------------------

    @property
    def levers(self) -> list[Intervention]:
        """The scenario's interventions, in its order."""
        return [cast("Intervention", lever) for lever in self.plan.interventions]

    def active(self, kind: type[Intervention]) -> list[Any]:
        """Return the scenario's interventions of a kind that act now."""
        return [lever for lever in self.levers if type(lever) is kind and lever.is_active(self.time)]

    def _book_employment(self) -> None:
        """Add the days since the last change of staff to the account of everybody employed until now."""
        state = self.world.state[0]
        for rows in (self.world.workers, self.world.mediators):
            rows["employed_days"] += np.where(rows["active"] != 0, float(self.time) - state.employment_booked, 0.0)
        state.employment_booked = float(self.time)

    def set_grid_factor(self, factor: float) -> None:
        """Have ``factor`` times the scenario's grids and grid workers from now on."""
        count = max(1, round(self.base_grids * factor))
        if count == len(self.world.grids):
            return
        self._book_employment()
        staff = max(1, round(self.base_workers * factor))
        self._redraw_grids(count, staff)

    def _redraw_grids(self, count: int, staff: int) -> None:
        """Draw the grids anew, in the layout that holds now, and post workers and seconded staff."""
        self.world = enlarged(self.world, len(self.world.workers) + staff + count)
        self.world = grid.redraw(self.world, count, staff, float(self.time))
        self._register_staff()
        SecondedStaff.set_lever(self)

    def set_grid_settings(self, settings: list[grid.GridSettings]) -> None:
        """Have each township's grids, by row, work under these settings from now on."""
        changed = grid.write_settings(self.world.regimes, settings)
        if not any(where.any() for where in changed.values()):
            return
        if changed["layout"].any():
            self._redraw_grids(len(self.world.grids), int(self.world.workers["active"].sum()))
        hearing = np.logical_or.reduce([changed[name] for name in grid.HEARING])
        listing = np.logical_or.reduce([changed[name] for name in grid.LISTING])
        if hearing.any() or listing.any():
            self.world = enlarged(self.world, grid.clocks_to_set(self.world))
            grid.restart_clocks(self.world, hearing, listing, float(self.time))
        self.world = enlarged(self.world, len(self.world.workers))
        grid.wake_workers(self.world, float(self.time))

    def set_self_governance(self, friction: disputes.Factors, fade: disputes.Factors) -> None:
        """Set the factors of self-governance, by community and category, from now on."""
        self.world = enlarged(self.world, disputes.open_disputes(self.world))
        disputes.set_self_governance(self.world, friction, fade, float(self.time))

    def set_helpers(self, parties: list[grid.HelperParty]) -> None:
        """Have parties of staff seconded from units join the grids today; whoever came before goes back."""
        if len(self.world.helpers):
            self.world = enlarged(self.world, len(self.world.helpers))
            grid.post_helpers(self.world, parties, float(self.time))

    @property
    def base_mediators(self) -> int:
        """The scenario's mediators, in all groups of offices."""
        return self.plan.mediation.mediator_count

    def set_mediator_factor(self, factor: float) -> None:
        """Have ``factor`` times the scenario's mediators from now on."""
        counts = [round(group.mediators * factor) for group in self.plan.mediation.all_groups()]
        if counts == mediation.active_counts(self.world):
            return
        self._book_employment()
        self.world = mediation.restaff(self.world, counts)
        reserve_room(self.world)
        # The loop, which keeps room for one office at a time, lets the new staff take the cases that wait.
        self.world = enlarged(self.world, len(self.world.offices))
        for office in np.flatnonzero(self.world.offices["waiting"] > 0).tolist():
            push(self.world.queue, float(self.time), Kind.OFFICE_OPENS.value, office, 0)
        self._register_staff()

    def set_working_offices(self, closed: set[str]) -> None:
        """Let the offices of all groups take new cases from now on, but for those of the groups ``closed``."""
        names = [group.name for group in self.plan.mediation.all_groups()]
        offices = self.world.offices
        offices["working"] = ~np.isin(offices["group"], [names.index(name) for name in closed])

    def set_hand_overs(self, changes: list[tuple[tuple[str, ...], float | None, float | None]]) -> None:
        """Change delay and loss of hand-overs from what the scenario says: sources, delay, loss (None: as it is)."""
        mediation.set_hand_overs(self.world.hand_overs, self.plan.mediation, changes)

    def set_practice(self, changed: dict[str, float]) -> None:
        """Change shares of the practice of court and offices, by name, from what the scenario says."""
        row = self.world.practice[0]
        planned = mediation.lay_practice(self.plan.mediation)["practice"][0]
        for name in ("pre_litigation_share", "same_day_share", "confirmation_share", "pass_up_share", "petition_share"):
            row[name] = changed.get(name, planned[name])

    def set_patrol_timing(self, wishes: list[response.Wish]) -> None:
        """Move the crews' shifts towards profiles, starting from the scenario's own timing."""
        self._make_room_for_shifts()
        response.set_timing(self.world, self.plan, wishes, float(self.time))

    def set_patrol_surge(self, factors: dict[str, float]) -> None:
        """Have so many times the usual crews of each group, by name, from the next shifts on."""
        self._make_room_for_shifts()
        response.set_surge(self.world, self.plan, factors, float(self.time))

    def set_patrol_modes(self, modes: dict[str, Mode]) -> None:
        """Let the crews of each group, by name, patrol in a mode from now on."""
        self._make_room_for_shifts()
        response.set_modes(self.world, self.plan, modes, float(self.time))

    def _make_room_for_shifts(self) -> None:
        """Make sure that the queue takes what a change of every crew's shift or patrol adds to it."""
        self.world = enlarged(self.world, response.EVENTS_PER_UNIT * len(self.world.units))

    # --- saving -----------------------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Write the run's whole state to one file, from which ``resume`` goes on exactly as this run would."""
        save_state(self, path)

    @classmethod
    def resume(cls, path: Path) -> Self:
        """Return a model that goes on where a saved one stopped.

        Raises:
            SavedStateError: the file is missing, damaged, or of another version.
        """
        return load_state(cls, path)

    @classmethod
    def from_saved(
        cls, scenario: Scenario, about: dict[str, Any], world: World, town: Town, log: response.CallLogData | None
    ) -> Self:
        """Return a model around a saved world (see ``sim.saving``)."""
        model = cls.__new__(cls)
        mesa.Model.__init__(model, rng=about["seed"])
        model.plan = scenario
        model.seed = about["seed"]
        model.town = town
        model.log = log
        model.calendar = Calendar(scenario.calendar.start_date, scenario.calendar.days)
        model.base_grids, model.base_workers = about["bases"]
        model._wind_clock(about["time"], about["steps"])
        model.world = world
        model._meet_mesa()
        return model

    def _wind_clock(self, moment: float, steps: int) -> None:
        """Set Mesa's clock of a fresh model, whose loop has no world yet, and let its daily step go on from there."""
        daily: EventGenerator = self._default_schedule
        daily.stop()
        self.time = moment
        self.steps = steps
        self._default_schedule: EventGenerator = EventGenerator(
            self, self._do_step, Schedule(interval=1.0, start=math.floor(moment) + 1.0), priority=Priority.HIGH
        ).start()
