# The same commands on a laptop and in CI. Each sets up what it needs first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready-dev
.DEFAULT_GOAL := help
.PHONY: help demo test check bench clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# uv installs in seconds what pip takes a minute for; without it pip does.
$(VENV)/.ready-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV) ($*) ..."
	@if $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt uv 2>/dev/null; then \
	    $(BIN)/uv pip install -q --python $(BIN)/python -c constraints.txt -e '.[$*]' \
	    || $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[$*]'; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[$*]'; fi
	@touch $@

demo: $(VENV)/.ready-demo  ## assign an example spectrum, with figures in demo/index.html
	$(BIN)/alloyscope assign examples/au44-ag44.mzML --case au44-ag44 --out demo --overwrite

# One thread of BLAS a worker: two workers that share two cores wait for each other's otherwise.
test: $(STAMP)  ## all tests
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto

check: $(STAMP)  ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-bench $(STAMP)  ## speed and accuracy beside the peers, in one run
	$(BIN)/python benchmarks/isotopes.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/structures.py
	$(BIN)/python -m benchmarks.assignment
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.reaction
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.uvvis

clean:  ## remove what the other commands made
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache
