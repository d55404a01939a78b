# All that one does with Deskline. Each target makes .venv itself, from a hash-locked list; a repeat needs no network.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header pyproject.toml
PLAIN := not engine and not browser and not slow
HEAVY := (engine or browser) and not slow
WITH_DATABASE := --ignore=tests/fakezoho --ignore=tests/integrations --ignore=tests/outbound --ignore=tests/requirements --ignore=tests/demo \
	--ignore=tests/config/server

.PHONY: help local dev run demo test test-slow crash-matrix check bench lock

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 20

local:
	@$(PYTHON) requirements/install.py local

dev:
	@$(PYTHON) requirements/install.py dev

run: local ## Everything on this machine: web, workers, Valkey, a local Zoho, a demo company
	@exec $(BIN)/python -m demo.stack

demo: local ## The whole journey, headless, against what runs (or a system of its own)
	@exec $(BIN)/python manage.py demo

test: dev ## The suite on SQLite; what depends on the database also on PostgreSQL
	env -u DATABASE_URL $(BIN)/pytest -q -n 2 -m "$(PLAIN)"
	env -u DATABASE_URL $(BIN)/pytest -q -n 2 --dist loadfile -m "$(HEAVY)"
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -n 2 -m "$(PLAIN) and database" $(WITH_DATABASE)

test-slow: dev ## What takes long, and what only repeats itself on PostgreSQL (CI runs it)
	env -u DATABASE_URL $(BIN)/pytest -q -m slow --timeout 900
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -n 2 -m "$(PLAIN) and not database" $(WITH_DATABASE)
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -m "engine and not browser and not slow"
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -m slow --timeout 900 \
		tests/authmethods/test_token_storm.py tests/interactions/test_outage_on_postgres.py \
		tests/interactions/matrix/test_matrix.py tests/upgrades

crash-matrix: dev ## Any fault at any point of a batch, however late lists are: a table (15 to 30 minutes)
	@$(BIN)/python -m tests.interactions.matrix

check: dev ## Lint, types, the import contract, Django's checks, migrations, sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m tests.production check --deploy --fail-level WARNING
	$(BIN)/python -m tests.production makemigrations --check --dry-run
	@git ls-files '*.py' ':!*/migrations/*' | xargs wc -l | awk '$$2 != "total" && $$1 > 300 \
		{ print $$2 " has " $$1 " lines; a module has 300 at most."; long = 1 } END { exit long }'

bench: dev ## The measurements of benchmarks/, each beside its goal
	@$(BIN)/python -m benchmarks

lock: dev ## Write the hash-locked lists anew from pyproject.toml
	$(UV) --group dev -o requirements/dev.txt
	$(UV) --group local -c requirements/dev.txt -o requirements/local.txt
	$(UV) -c requirements/dev.txt -o requirements/base.txt
