# The front door to the tools. Only git, make and Python 3.11 or newer are needed; `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
TOOL := $(CURDIR)/$(BIN)/python $(CURDIR)/tests/tools
# A check that found nothing to check must not pass, and Ansible's tools want a collection where they look for one.
PROOF := $(TOOL)/proof.py
TREE = $(TOOL)/collection_tree.py $@
NAMED := .build/import/ansible_collections/vbaws/appliance

.NOTPARALLEL:
.PHONY: help test demo bench lint format docs changelog unit browser robustness drift awx doors sanity integration build matrix clean named

help: ## these lines
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

test: lint docs unit robustness drift awx doors sanity integration build ## everything that must pass
	@echo "== test: everything passed"

demo: .venv/stamp ## declare, drift, repair, and the report of a fleet, against simulated appliances
	@echo "== demo"
	$(BIN)/python tests/demo/run.py

bench: .venv/stamp ## what tasks cost, side by side in one run; not part of test (ARGS="--short one many" for some rows)
	@echo "== bench"
	$(BIN)/python tests/benchmarks $(ARGS)

lint: .venv/stamp named ## style, types, layers, sizes, oldest Python
	@echo "== lint"
	ruff check
	$(PROOF) 'files? already formatted' ruff format --check
	$(PROOF) 'no issues found in [1-9]' mypy $(NAMED)/plugins tests/tools tests/simulator tests/demo tests/robustness tests/drift tests/awx tests/benchmarks tests/doors
	PYTHONPATH=.build/import $(PROOF) '[1-9][0-9]* kept' lint-imports --no-logo
	$(PROOF) 'Minimum required versions: *3' vermin --target=3.9- --violations --no-tips plugins
	$(PROOF) '[1-9][0-9]* files' $(TOOL)/sizes.py
	$(TREE) $(PROOF) "Passed: .* in [1-9].*'production' was required" ansible-lint --nocolor
	$(TREE) $(PROOF) "Passed: .* in [1-9].*'production' was required" ansible-lint --nocolor --config-file /dev/null --profile production --strict --offline docs/awx/project

format: .venv/stamp ## what ruff can mend by itself
	ruff check --fix
	ruff format

docs: .venv/stamp ## documentation, changelog and API contract; pages in .build/docs
	@echo "== docs"
	antsibull-changelog lint
	$(PROOF) OK openapi-spec-validator docs/openapi/*.yaml
	$(TREE) $(TOOL)/docs.py

changelog: .venv/stamp ## the fragments into CHANGELOG.md, for the version in galaxy.yml
	antsibull-changelog release --update-existing --reload-plugins

unit: .venv/stamp ## pytest; ARGS="-k word" for some
	@echo "== unit"
	pytest --cov --numprocesses 2 $(ARGS)

browser: .venv/browser ## the page of a drift report in headless Chromium (CHROMIUM=... for another one); not part of test
	@echo "== browser"
	pytest tests/browser $(ARGS)

robustness: .venv/stamp ## what tasks cost, faults, batches, ambiguous lists, appliances of random and unknown form (VBAWS_CAMPAIGN_SHAPES=2000 for more)
	@echo "== robustness"
	pytest tests/robustness $(ARGS)

drift: .venv/stamp ## drift reports of whole fleets, which never look in sync because something failed
	@echo "== drift"
	pytest tests/drift --numprocesses 2 $(ARGS)

awx: .venv/stamp ## jobs as AWX runs them, by ansible-runner against simulated appliances
	@echo "== awx"
	pytest tests/awx --numprocesses 2 $(ARGS)

doors: .venv/stamp ## tasks in Ansible's worker and as modules, by ansible-playbook (VBAWS_DOORS_PYTHON=... for another core)
	@echo "== doors"
	pytest tests/doors --numprocesses 2 $(ARGS)

sanity: .venv/stamp ## ansible-test sanity, nothing ignored
	@echo "== sanity"
	$(TOOL)/run_ansible_test.py sanity $(ARGS)

integration: .venv/stamp ## ansible-test integration; SHAPE=random DOOR=worker SEED=7 TARGETS="organization" for some
	@echo "== integration"
	$(TOOL)/integration.py $(if $(SHAPE),--shape $(SHAPE)) $(if $(DOOR),--door $(DOOR)) $(if $(SEED),--seed $(SEED)) $(TARGETS)

build: .venv/stamp ## the artifact, as Galaxy and an execution environment take it
	@echo "== build"
	$(TOOL)/build.py

matrix: .venv/stamp ## sanity and integration on each ansible-core and Python
	@echo "== matrix"
	$(TOOL)/matrix.py $(CORES)

clean: ## away with everything generated
	rm -rf .build .venv .ansible .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.venv/stamp: requirements.txt requirements-dev.txt
	@echo "== environment"
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.x")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

.venv/browser: .venv/stamp requirements-browser.txt
	$(BIN)/python -m pip install --quiet --requirement requirements-browser.txt
	@touch $@

named:  # a clone may have any name, an import may not
	@mkdir -p $(dir $(NAMED)) && ln -sfn $(CURDIR) $(NAMED)
