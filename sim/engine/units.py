"""Lengths of time, in days unless the name says otherwise. Plain numbers: importing them costs nothing."""

from __future__ import annotations

DAY = 1.0
HOUR = 1.0 / 24.0
MINUTE = HOUR / 60.0
SECOND = MINUTE / 60.0
WEEK = 7.0
YEAR = 365.0
HOURS_A_DAY = 24
