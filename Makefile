# Two commands do everything: `make demo` runs the main job, `make test` proves it.
PYTHON ?= python3
PORT   ?= 8000
TIER   ?= s
VENV   := .venv
BIN    := $(VENV)/bin
RUN_STAMP  := $(VENV)/.run-installed
TEST_STAMP := $(VENV)/.test-installed
ASSET_STAMP := hub/pages/assets/.built
UV_VERSION := 0.13.9

.PHONY: demo setup test lint format bench bench-peers bench-search assets clean

demo: $(RUN_STAMP) assets
	@exec $(BIN)/verbundhub demo --port $(PORT)

setup: $(TEST_STAMP) assets

test: $(TEST_STAMP) assets
	@scripts/check
	@scripts/test-clients
	@$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(TEST_STAMP)
	@scripts/check

format: $(TEST_STAMP)
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(TEST_STAMP)
	@$(BIN)/python -m bench --tier $(TIER)

bench-peers: $(TEST_STAMP)
	@scripts/peers
	@$(BIN)/python -m bench.peers --tier $(TIER)

bench-search: $(TEST_STAMP)
	@$(BIN)/python -m bench.search $(if $(DATA),--data $(DATA))

assets:
	@scripts/assets

clean:
	rm -rf $(VENV) node_modules tests/clients/node_modules bench/peers/node_modules hub/pages/assets var

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Verbundhub needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make demo PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV) || { echo "The virtual environment could not be made. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(RUN_STAMP): requirements-run.lock pyproject.toml | $(BIN)/uv
	@test -e $(TEST_STAMP) || VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements-run.lock
	@test -e $(TEST_STAMP) || VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(TEST_STAMP): requirements.lock pyproject.toml | $(BIN)/uv
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)
