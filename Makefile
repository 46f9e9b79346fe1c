# `make demo` runs the main job, `make test` all checks and tests; both set up .venv by themselves.
# Paths are relative, so that a clone in a folder with a space in its name works.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
# Two set-ups at once would be in each other's way.
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
# Byte code is kept: without it every process compiles every module it imports, for seconds.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PYTHON ?=
export PYTHON
LOCK := env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --no-config --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

SCENARIOS := chaoyang-street chaoyang-half-grids chaoyang-twice-mediators chaoyang-shifted-patrol
REPORT := results/demo/report.html

.PHONY: help demo test lock-check lint types pytest bench lock clean ready-run ready-dev

help: ## Say what there is to make
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: ready-run ## Compare Chaoyang street as it is with three options; table and HTML report
	@$(BIN)/gridtown compare $(SCENARIOS) --replications 10 --report $(REPORT)

test: ready-dev lock-check lint types pytest ## Run all checks and tests

lock-check: ready-dev ## Check that the lock files and pyproject.toml agree
	@$(BIN)/python -m pytest -q tests/test_lock.py

lint: ready-dev ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: ready-dev ## Check types, strictly
	$(BIN)/mypy

pytest: ready-dev ## Run the tests
	$(BIN)/python -m pytest

bench: ready-dev ## Measure speed and memory; prints and stores figures
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python "$$benchmark"; done

lock: ready-dev ## Lock the dependencies of pyproject.toml anew
	$(LOCK) --extra build --output-file requirements.txt pyproject.toml
	$(LOCK) --extra build --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

clean: ## Remove the set-up and what tools left behind; keeps results/
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find sim tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

ready-run:
	@tools/set-up run

ready-dev:
	@tools/set-up dev
