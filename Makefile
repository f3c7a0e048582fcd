# `make` alone says what there is. Everything runs in .venv, which tools/setup_venv.py makes and keeps in step with requirements/*.lock.
PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) tools/setup_venv.py
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

APT_BROWSER := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver

.PHONY: help demo test browser bench validate lock clean
.DEFAULT_GOAL := help

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo:  ## one person, every option: compare them and write a report page
	@$(SETUP) core
	@$(BIN)/anagen compare examples/man-norwood-3v.toml

test: browser  ## everything that must hold: style, types, floors, tests (what CI runs)
	@$(SETUP) test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n auto

browser:
	@command -v chromedriver >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && $(APT_BROWSER); } || \
	  echo "No browser here, so the page test will fail: install chromium and chromedriver (Debian: apt install chromium chromium-driver)."

bench:  ## speed and memory, against peers in one run
	@$(SETUP) bench
	@STARSIM_INSTALL_FONTS=0 $(BIN)/python benchmarks/run.py

validate:  ## measure every claim in validation/ again
	@$(SETUP) test
	@set -e; for script in validation/*/run.py; do echo "== $$script"; $(BIN)/python "$$script"; done

lock:  ## resolve the newest versions that pyproject.toml allows, with hashes
	@$(SETUP) test
	@$(BIN)/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml --extra fast --extra parquet --extra calibrate --extra registry --group build --group test --upgrade -o requirements/test.lock
	$(COMPILE) pyproject.toml --group build -c requirements/test.lock -o requirements/core.lock
	$(COMPILE) pyproject.toml --extra bench --group build -c requirements/test.lock -o requirements/bench.lock
	echo virtualenv | $(COMPILE) - -o requirements/virtualenv.lock

clean:  ## remove the environment and what tools cached
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
