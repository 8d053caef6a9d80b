# The commands of this project; README.md says what they are for. State is kept in .run/, packages in .venv/.
SHELL := /bin/sh
PORT ?= 8000
export PORT
# A Python that is new enough, by whatever name the machine has for it.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
VENV := .venv/bin/python
EPISODES ?= 1000000
BENCH_STATE := $(CURDIR)/.run/bench

.PHONY: help setup demo test test-all bench lint format types lock clean python
.NOTPARALLEL:

help:
	@echo "make demo      set up, load the demo data, serve on PORT (8000); Ctrl-C stops everything"
	@echo "make setup     packages, front-end libraries, translations, static files; starts nothing"
	@echo "make test      the gate: lint and all but the long tests"
	@echo "make test-all  types and every test; what CI runs"
	@echo "make bench     a simulated nation of EPISODES (1000000) and all budgets on it; a table and .run/bench.json"
	@echo "make lint      ruff and djade"
	@echo "make format    let ruff and djade mend what they can"
	@echo "make types     mypy, which finds nothing"
	@echo "make lock      requirements*.in -> requirements*.txt"
	@echo "make clean     remove what was made here; the demo's data too"

python:
	@[ -n "$(PYTHON)" ] || { echo "Titian needs Python 3.11 or newer (Debian: apt install python3 python3-venv)." >&2; exit 1; }

setup: python
	@$(PYTHON) -m rehab.embedded.provision

demo: python
	@$(PYTHON) -m rehab.embedded.port $(PORT)
	@$(PYTHON) -m rehab.embedded.provision
	@exec $(VENV) -m rehab.embedded.demo $(PORT)

test: setup lint
	@$(VENV) -m rehab.embedded.chromium
	$(VENV) -m pytest -q -n 2 --dist worksteal

test-all: setup lint types
	@$(VENV) -m rehab.embedded.chromium
	$(VENV) -m pytest -q -n 2 --dist worksteal -m ""

# A nation of its own beside the demo's data: EPISODES=100000 measures a smaller one.
bench: setup
	@[ -x .venv-bench/bin/locust ] || { $(PYTHON) -m venv .venv-bench && \
		.venv-bench/bin/python -m pip install -q --require-hashes -r requirements-bench.txt; }
	@TITIAN_STATE=$(BENCH_STATE) $(VENV) manage.py migrate -v0
	@TITIAN_STATE=$(BENCH_STATE) $(VENV) manage.py bench --episodes $(EPISODES) --json .run/bench.json

lint: setup
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	@git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --check --target-version 5.2

format: setup
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .
	@git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2

types: setup
	TITIAN_ENV=test DATABASE_URL=postgresql:///titian $(VENV) -m mypy

lock: setup
	$(VENV) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements.in -o requirements.txt
	$(VENV) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements-dev.in -o requirements-dev.txt

clean: python
	@if [ -x $(VENV) ]; then $(VENV) -m rehab.embedded.stop; fi
	rm -rf .run .venv .venv-bench node_modules static/vendor .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage
	find locale -name '*.mo' -delete
