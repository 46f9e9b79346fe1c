import shlex
import sys

import pytest

from sim.study.provenance import command_line


def test_the_command_can_be_pasted_into_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["run", "my town.yaml", "--set", "interventions=[{name: mediators, factor: 2}]", "--out", "a'b$c"]
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/gridtown", *words])
    assert shlex.split(command_line()) == ["gridtown", *words]
    assert "/somewhere" not in command_line()
