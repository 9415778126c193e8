# make demo   the main job on a fresh machine: a built-in province, crawled, counted, reported
# make test   the tests        make lint   the linters        make bench   the benchmarks (not tests)
# make faults  every fault of a server in every phase of a visit, and 500 random nights
# make fuzz   ten thousand mutilated pages through the reader: the slowest, and the memory used
# make docs   the documentation as pages, in build/docs
# make kills  nights, pruning, report, closing, backup killed at two hundred random moments: nothing may be missing
# make month  a month of the service in minutes: 31 nights, what goes wrong in them, the report, the messages
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo recheck test lint format docs bench faults fuzz kills month container wheel lock clean
.DELETE_ON_ERROR:
# The tests start the program some hundreds of times: compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

# What `auditor` needs to run, at the versions of the lock file.
$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": call make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# The same and the tools of the developers.
$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/auditor demo

# The demo's report once more, from its evidence alone: its portals are gone, and it is the same byte for byte.
recheck: demo
	@$(BIN)/auditor recheck --month 2019-11 --portals data/demo/portals.yaml --data data/demo --output data/demo/again
	@cmp data/demo/again/2019-11.json data/demo/reports/2019-11.json && cmp data/demo/again/2019-11.html data/demo/reports/2019-11.html

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -n -W --keep-going -q docs build/docs
	@echo "open build/docs/index.html in a browser"

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.titles

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.reading.mutations 10000

# Every fault in every phase of a visit, then 500 random nights; takes minutes.
faults: $(VENV)/.dev
	$(BIN)/python -m tests.faults.laboratory 500

kills: $(VENV)/.dev
	$(BIN)/python -m tests.kills 200

month: $(VENV)/.dev
	$(BIN)/python -m tests.simulation

# Every step of the container file, and its service on a read-only root; needs root on Linux, no container engine.
container: $(VENV)/.dev
	$(BIN)/python -m tests.deploy

wheel: $(VENV)/.dev
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

# Needs uv; the lock files name versions and digests, never a registry.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra browser --group dev --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
