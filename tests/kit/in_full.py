"""A tiny town in which every part of people, disputes, grids, mediation, triage and books is switched on."""

from __future__ import annotations

from typing import Any

from griddy import sectors

from sim.codes import Category

FOUR = {"counties": 1, "townships": 2, "communities": 4, "road_nodes": 60}
EVERY_KIND: list[dict[str, Any]] = [
    {"name": "village", "level": "community", "mediators": 4, "queue": "most_urgent", "queue_limit": 2,
     "teams": [{"name": "plus", "members": {"bag": 1, "own": 1}, "skill_gain": 0.5}]},
    {"name": "stop", "level": "township", "kind": "one_stop", "mediators": 2, "queue": "shortest",
     "teams": [{"name": "chiefs", "members": {"police": 1, "village": 1, "medical": 1}, "least_stage": 5,
                "complete": True, "wait_days": 3.0}]},
    {"name": "room", "level": "township", "kind": "named_room", "number": 1, "mediators": 1, "skill_mean": 1.0},
    {"name": "bag", "level": "community", "kind": "backpack", "mediators": 4, "categories": ["neighbour"]},
    {"name": "medical", "level": "city", "kind": "specialist", "mediators": 1, "serves": "everyone",
     "categories": ["medical", "road_traffic", "wages_labour"]},
    {"name": "online", "level": "city", "kind": "online", "mediators": 1},
    {"name": "source", "level": "community", "kind": "litigation_source", "number": 1, "mediators": 1,
     "session_law": "exponential"},
    {"name": "police", "level": "township", "kind": "police_station", "mediators": 1, "hours": 12, "start_hour": 8,
     "weekdays": ["mon", "sat", "sun"]},
    {"name": "mass", "level": "city", "kind": "mass_cases", "mediators": 1},
]  # fmt: skip
LOSSY = {"delay_days": 1.0, "loss": 0.2}
MEDIATION: dict[str, Any] = {
    "mediators": 0,
    "offices": EVERY_KIND,
    "pass_up_share": 0.5,
    "petition_share": 0.5,
    "hand_over": dict.fromkeys(("grid", "police", "petition", "court", "mediation"), LOSSY),
    "court": {"pre_litigation_share": 0.6, "limit_days": 8.0, "same_day_share": 0.3, "confirmation_share": 0.5},
}
LIVELY = {
    "court_per_day": [0.02] * 9,
    "petition_per_day": [0.01] * 9,
    "report_per_day": [0.1] * 9,
    "court_hearing_days": 5.0,
    "court_ruling_days": 3.0,
    "mediation_settlement_probability": 0.4,
    "mediation_fatigue_slope": -0.05,
    "breach_probability": [0.3] * 15,
    "breach_days_mean": [5.0] * 15,
}
GRID: dict[str, Any] = {
    "grids": 6,
    "workers_per_grid": 1.5,
    "layout": "sectors",
    "sectors": sectors(1.0, 2.0),
    "rounds": "risk_first",
    "activity_rate": 0.8,
    "overtime_hours_most": 2.0,
    "micro_grids": {"households": 15, "hear_per_day": 0.02},
    "whistle": {"at_once_per_township": 2},
    "list_after_days": 3.0,
}
STEPS = {"grid_assign_days": 0.5, "grid_feedback_days": 0.7, "grid_filing_days": 0.3, "grid_paperwork_hours": 0.5}
DISPUTES: dict[str, Any] = {"lunar_new_year": True, "contagion": {}, "organisations": {}, "collective": True}
TRIAGE: dict[str, Any] = {
    "three_affairs": True,
    "grading": {"categories": [category.name.lower() for category in Category]},
}
BOOKS: dict[str, Any] = {
    "targets": [
        {"kind": kind, "size": 0.3, "within_days": 5.0}
        for kind in ("closed_in_time", "settlement_rate", "fewer_opened")
    ]
}
SPOTS = {"spots": 30, "radius_metres": 40}  # so many that a round takes longer than it is to take
RESPONSE: dict[str, Any] = {
    "groups": [
        {
            "name": "spots",
            "units": 2,
            "shift_hours": 24,
            "mode": "hot_spots",
            "hot_spots": {"spots": 30, "radius_metres": 40},
        },
        {"name": "round", "units": 1, "shift_hours": 24, "mode": "random"},
    ],
    "containment": {"flights_per_year": 300.0},
}
PARTS: dict[str, Any] = {
    "calendar": {"start_date": "2023-01-08", "days": 40},
    "town": FOUR,
    "people": {"residents": 600, "merchants": 10},
    "disputes": DISPUTES,
    "grid": GRID,
    "mediation": MEDIATION,
    "triage": TRIAGE,
    "books": BOOKS,
    "response": RESPONSE,
    "parameters": {
        **LIVELY,
        **STEPS,
        "dispute_rate_per_1000_per_year": 6000.0,
        "background_calls_per_1000_per_year": 3000.0,
        "relapse_probability": 0.5,
        "presence_effect": 0.3,
        "initial_tension_mean": 0.1,
        "first_stage_share": [0.12, *[0.11] * 8],
        "collective_causes_per_100000_per_year": 20_000.0,
        "treatment_trust_gain": 0.1,
        "climb_treatment_gain": 0.2,
        "friction_density_elasticity": 0.2,
    },
}
# Short enough for plain Python, which is some hundred times slower; patrols are held to compiled code elsewhere.
SHORT: dict[str, Any] = {name: part for name, part in PARTS.items() if name != "response"} | {
    "calendar": {**PARTS["calendar"], "days": 8}
}
