# make run: a living site with sample accounts.  make test: the tests.  The rest: make help.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
DEMO_PASSWORD ?= demo
REGION ?= demo/samara
PYTEST_ARGS ?=

V := .venv
PY := $(V)/bin/python
PIP := $(PY) -m pip install -q --disable-pip-version-check --require-hashes
# A try-out on this machine. Everything a person sets by hand in the environment wins, but for DEMO.
DEMO_ENV = DEMO=1 DEMO_PASSWORD="$(DEMO_PASSWORD)" SITE_URL="$${SITE_URL:-http://$(HOST):$(PORT)}" SECRET_KEY="$${SECRET_KEY:-$$(cat .demo-secret-key)}" RELEASE="$${RELEASE:-$$(git rev-parse --short HEAD 2>/dev/null || echo demo)}"
# What a real site sets (docs/operations.md): `check --deploy` has to be silent on it.
PRODUCTION = SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" ALLOWED_HOSTS=towns.example.ru \
	DATABASE_URL=postgres://towns@db.example.ru/towns CACHE_URL=rediscache://cache.example.ru:6379/1 \
	EMAIL_URL=smtp+tls://towns:secret@mail.example.ru:587 DEFAULT_FROM_EMAIL=towns@example.ru \
	SITE_URL=https://towns.example.ru
# A process of tests for each core; whoever is done takes over from the others.
TOGETHER = -n auto --maxprocesses 8 --dist worksteal
# Whoever drives a browser waits for it a third of the time: half as many again keep the cores busy.
BROWSERS = $(TOGETHER) -n $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 ))
STATIC_SOURCES := $(shell find config/static -type f 2>/dev/null)

.PHONY: help run test test-all fuzz test-postgres test-browser lint messages bench bench-region clean

help:
	@echo "make run            the site with the demo region on http://$(HOST):$(PORT)"
	@echo "make test           the quick tests, which need no service (SQLite): most of them"
	@echo "make test-all       these and the slow ones: kills, threads, generated inputs, whole regions"
	@echo "make fuzz           what generates its inputs, with many new ones: a fault it finds is printed with its inputs"
	@echo "make test-postgres  all that ask a database, but walks, on PostgreSQL, which it starts by itself (or DATABASE_URL)"
	@echo "make test-browser   journeys in Chromium with axe"
	@echo "make lint           style, templates, migrations, deployment checks"
	@echo "make messages   gather texts for translation and compile the catalogues (needs gettext)"
	@echo "make bench-region   a region of the size of a country: pages, papers, a table of 5,000 rows (15 minutes)"
	@echo "make bench          requests per second beside a bare page and a static file"
	@echo "make clean          forget the demo data, the static files and the environment"

# ——— The environment ———

# The venv module may be missing (Debian keeps it apart), and a broken .venv may be left behind: hence the stamps.
$(V)/.venv-ok:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=… chooses another)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "The venv module is missing. Debian/Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Making $(V)…"
	@$(PYTHON) -m venv --clear $(V)
	@touch $@

$(V)/.runtime: requirements.txt $(V)/.venv-ok
	@echo "Installing what the site needs…"
	@$(PIP) -r $<
	@touch $@

$(V)/.dev: requirements-dev.txt requirements.txt $(V)/.venv-ok
	@echo "Installing what the tests need…"
	@$(PIP) -r $<
	@touch $@ $(V)/.runtime

# ——— The site ———

.demo-secret-key: $(V)/.venv-ok
	@umask 077; $(PY) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

# Compressing takes seconds: only when a file has changed.
staticfiles/.stamp: $(STATIC_SOURCES) requirements.txt $(V)/.runtime .demo-secret-key
	@echo "Collecting static files…"
	@$(DEMO_ENV) $(PY) manage.py collectstatic --noinput --clear -v 0
	@touch $@

run: $(V)/.runtime .demo-secret-key staticfiles/.stamp
	@[ -n "$${DATABASE_URL:-}" ] || [ -s db.sqlite3 ] || rm -f .demo-loaded
	@$(DEMO_ENV) $(PY) manage.py migrate --noinput -v 0
	@# Once per database: what was changed on the site since then stays. `make clean` starts over.
	@mark="$$(printf %s "$${DATABASE_URL:-}" | sha256sum | cut -c1-16) $(REGION)"; \
	if [ -f .demo-loaded ] && [ "$$(cat .demo-loaded)" = "$$mark" ]; then echo "The data of the last run is kept."; else \
		$(DEMO_ENV) $(PY) manage.py load_region $(REGION); \
		$(DEMO_ENV) $(PY) manage.py load_demo; \
		echo "$$mark" > .demo-loaded; \
	fi
	@echo
	@echo "  http://$(HOST):$(PORT)/"
	@echo "  Sign in: http://$(HOST):$(PORT)/accounts/login/"
	@echo "  Accounts: admin, approver, editor, primersk-head, primersk-editor, novoprimersk-head, wg-member"
	@echo "  Password: $(DEMO_PASSWORD)"
	@echo "  Stop: Ctrl+C"
	@echo
	@# One process: failures of sign-in are counted in its memory, so five are five.
	@$(DEMO_ENV) exec $(V)/bin/gunicorn config.wsgi --bind $(HOST):$(PORT) --workers 1 --threads 8 --no-control-socket --log-level warning

# ——— The tests ———

test: $(V)/.dev
	@env -u DATABASE_URL $(PY) -m pytest $(TOGETHER) -m "not e2e and not slow" $(PYTEST_ARGS)

test-all: $(V)/.dev
	@env -u DATABASE_URL $(PY) -m pytest $(TOGETHER) $(PYTEST_ARGS)

fuzz: $(V)/.dev
	@env -u DATABASE_URL $(PY) -m pytest $(TOGETHER) --hypothesis-profile=fuzz \
		$$(grep -rl '^@given' tests) $(PYTEST_ARGS)

test-postgres: $(V)/.dev
	@$(PY) tests/with_postgres.py $(PY) -m pytest $(TOGETHER) -m 'not e2e and not walk and not bare' $(PYTEST_ARGS)

test-browser: $(V)/.dev
	@env -u DATABASE_URL $(PY) -m pytest $(BROWSERS) -m e2e tests/e2e $(PYTEST_ARGS)

lint: $(V)/.dev
	@$(V)/bin/ruff check .
	@$(V)/bin/ruff format --check .
	@find templates -name '*.html' -print0 | xargs -0 $(V)/bin/djade --check --target-version 5.2
	@$(V)/bin/djlint templates --check --quiet || { $(V)/bin/djlint templates --check; exit 1; }
	@env -i PATH="$$PATH" DEBUG=1 DATABASE_URL=sqlite:///:memory: $(PY) manage.py makemigrations --check --dry-run -v 1
	@env -i PATH="$$PATH" $(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

# Texts of the site; those of Django, allauth and simple_history have catalogues of their own.
messages: $(V)/.dev
	@command -v msgfmt >/dev/null || { echo "gettext is missing. Debian/Ubuntu: sudo apt install gettext"; exit 1; }
	@env -i PATH="$$PATH" DEBUG=1 DATABASE_URL=sqlite:///:memory: $(PY) manage.py makemessages -l en -l ru --no-location --no-obsolete -i $(V) -i simple_history
	@env -i PATH="$$PATH" DEBUG=1 DATABASE_URL=sqlite:///:memory: $(PY) manage.py compilemessages -i $(V)

bench: $(V)/.dev
	@$(PY) bench/run.py
	@$(PY) bench/proposals.py
	@$(PY) bench/tables.py
	@$(PY) bench/planned.py

# In a PostgreSQL of its own, or the empty database that DATABASE_URL names; fails over a bar. `papers.py` reads what
# `region.py` has filled.
bench-region: $(V)/.dev
	@$(PY) bench/bulk.py
	@$(PY) tests/with_postgres.py $(SHELL) -c '$(PY) bench/bulk.py && $(PY) bench/region.py --fill --measure && $(PY) bench/papers.py'

clean:
	@rm -rf $(V) staticfiles db.sqlite3 db.sqlite3-shm db.sqlite3-wal evidence .demo-secret-key .demo-loaded .pytest_cache .ruff_cache .migrated
