# make test  runs everything; make help lists the rest. Only git, make and Python 3.11 or newer are needed.
PYTHON ?= python3
BIN := .venv/bin

.venv/stamp: requirements.txt requirements-dev.txt
	@echo "== environment"
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.x")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

.PHONY: venv
venv: .venv/stamp
