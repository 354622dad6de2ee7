# make repro and make test do all the set-up they need, in .venv; `make help` lists the rest.
.DELETE_ON_ERROR:
.PHONY: help repro study study-check ladder ladder-check rung test test-all check format \
	bench bench-cluster bench-scale notebook fuzz peers many emulate audit lock cluster clean

VENV := .venv
UV_VERSION := 0.13.9
# Deferred, so that it is looked for only when the environment is made.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes --no-deps --no-build-isolation
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Under a Git hook make inherits the caller's index and repository; nothing that it starts may.
unexport $(filter-out GIT_CONFIG_%,$(shell git rev-parse --local-env-vars 2>/dev/null))
# Where there is no Git, a copy of the folder alone, DVC must be told to do without.
ifneq ($(shell git rev-parse --is-inside-work-tree 2>/dev/null),true)
export DVC_SYSTEM_CONFIG_DIR := $(CURDIR)/.dvc/without-git
endif

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

repro: $(VENV)/.run  ## check params.yaml, then run the stages that are out of date
	@python -m stages.tools.check_params
	@dvc repro
	@python -m stages.tools.came_out

study: $(VENV)/.run  ## run the study in reports/reproduction again; its README says how long it takes
	@python -m stages.study.run
	@dvc commit --quiet --force reports/reproduction/dvc.yaml
	@python -m stages.study.texts

study-check: $(VENV)/.run  ## train one seed of each setting of the study, against its record (CI: nightly)
	@python -m stages.study.check

ladder: $(VENV)/.run  ## train what the ladder's record in reports/ladder/ does not have: hours
	@for part in search climb score standings; do \
		python -m stages.study.ladder.$$part || exit $$?; done
	@dvc commit --quiet --force reports/ladder/dvc.yaml
	@python -m stages.study.ladder.story

ladder-check: $(VENV)/.run  ## train one seed of a few rungs of the ladder, against its record
	@python -m stages.study.ladder.again

rung: $(VENV)/.run  ## train the ladder's top on the repository's digits, and expect its accuracy
	@python -m stages.study.ladder.rung

test: $(VENV)/.dev  ## run the tests, but for those that are long
	@python -m pytest -q -n auto

test-all: $(VENV)/.dev  ## run every test: a quarter of an hour
	@DIGITS_FUZZ_CASES=200 python -m pytest -q -n auto -m ''

check: $(VENV)/.dev  ## run the linter and the type checker
	@ruff check
	@ruff format --check
	@mypy

format: $(VENV)/.dev  ## lay out the code
	@ruff check --fix-only
	@ruff format

notebook: $(VENV)/.dev  ## execute docs/notebook.ipynb, and write its outputs
	@python -m tests.docs.notebook

fuzz: $(VENV)/.dev  ## feed 10,000 spoiled files to each reader
	@DIGITS_FUZZ_CASES=10000 python -m pytest -q -n auto --timeout 7200 -rP tests/fuzz

# The peers need their own environment: they are large, and may want other versions.
BENCH := $(if $(wildcard .venv-bench/.peers),.venv-bench,$(VENV))
bench: $(VENV)/.dev  ## time training against the peers that are installed
	@$(BENCH)/bin/python -m tests.benchmarks.training

bench-cluster: $(VENV)/.dev  ## time training on a cluster of processes here; ENCODED=file of many rows
	@ENCODED='$(ENCODED)' python -m tests.benchmarks.cluster

peers: $(VENV)/.dev  ## install PyTorch and JAX for the benchmark, in .venv-bench
	@$(VENV)/bin/python -m venv .venv-bench
	@for lock in build "" dev bench; do \
		.venv-bench/bin/python -m pip --disable-pip-version-check --quiet install \
		--require-hashes --no-deps --no-build-isolation \
		-r requirements$${lock:+-$$lock}.lock || exit 1; done
	@touch .venv-bench/.peers

many: $(VENV)/.run  ## make a source of ROWS=n digits, FORM=idx, csv or parquet, in data/many/
	@ROWS='$(ROWS)' FORM='$(or $(FORM),idx)' python -m stages.tools.many

bench-scale: $(VENV)/.dev  ## time each stage on SIZES rows, by default 30000 300000 3000000: a quarter of an hour, 21 GB
	@python -m tests.benchmarks.scale $(SIZES) $(if $(ROUNDS),--rounds $(ROUNDS))

emulate: $(VENV)/.dev  ## run the pipeline as on other processors: twenty minutes, on Debian
	@python -m tests.emulation.run

audit:  ## look for unsafe code, and for known faults in what is locked (needs the network)
	@$(PYTHON) -m venv .cache/audit
	@.cache/audit/bin/pip --disable-pip-version-check --quiet install \
		--require-hashes --no-deps -r requirements-audit.lock
	@.cache/audit/bin/bandit --quiet --recursive --severity-level medium stages data
	@for lock in requirements*.lock; do \
		.cache/audit/bin/pip-audit --strict --disable-pip --require-hashes -r $$lock || exit 1; done

cluster: $(VENV)/.run  ## install what training on a Dask cluster needs: see docs/cluster.md
	@$(INSTALL) -r requirements-cluster.lock

clean:  ## remove our own caches and half-written files; never data, DVC's cache or .venv
	@rm -rf .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find data reports stages tests -name __pycache__ -prune -exec rm -rf {} +
	@find data reports -name '.*.part' -type f -delete

lock:  ## resolve the dependencies again, for all systems and Python versions
	@$(PYTHON) -m venv .cache/lock
	@.cache/lock/bin/pip --disable-pip-version-check --quiet install uv==$(UV_VERSION)
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) --group build --constraints requirements.lock --output-file requirements-build.lock
	@$(COMPILE) --group cluster --constraints requirements.lock --output-file requirements-cluster.lock
	@$(COMPILE) --group dev --group cluster --constraints requirements.lock \
		--constraints requirements-cluster.lock --output-file requirements-dev.lock
	@$(COMPILE) --group bench --constraints requirements.lock --constraints requirements-dev.lock \
		--output-file requirements-bench.lock
	@$(COMPILE) --group audit --constraints requirements.lock --constraints requirements-dev.lock \
		--output-file requirements-audit.lock

COMPILE = .cache/lock/bin/uv --quiet pip compile --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header --no-annotate

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or later found; set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements-build.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the environment in $(VENV), once"
	@$(INSTALL) -r requirements-build.lock
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need, once"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
