"""Imported by the process that workers are forked from: what each of them would have to load for itself."""

from contextlib import suppress

import distributed.nanny

import sim.study.runner.work
from sim.study.warm import is_compiled, warm_up

__all__ = ["distributed", "sim"]

# Compiling is left to the workers, who tell of it. Whatever is wrong here shows in the runs, each with its own trace.
with suppress(Exception):
    if is_compiled():
        warm_up()
