# One command for every habit, the same here and in CI. `make` alone lists them.

PYTHON ?= python3
VENV_PYTHON = .venv/bin/python
ARGS ?=
export ARGS

.DEFAULT_GOAL := help
.PHONY: help setup run test check coverage bench gen docs kafka shots lock cluster web extension clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make this folder ready to run: .venv, dashboard, Chromium (seconds when nothing changed)
	@$(PYTHON) -m scripts.setup

run: setup ## serve the demo on http://127.0.0.1:8000 (ARGS="--port 8080" to change it)
	@exec .venv/bin/livepane serve --demo $(ARGS)

test: ## every check and every test, with what they need (ARGS="pytest e2e": only these steps)
	@$(PYTHON) -m scripts.setup --tests
	@$(VENV_PYTHON) -m scripts.test $(ARGS)

check: ## format, lint, types and import rules, without tests
	@$(PYTHON) -m scripts.setup --tests
	@$(VENV_PYTHON) -m scripts.test check

coverage: ## every Python test once more, with the lines and branches that they reach
	@$(PYTHON) -m scripts.setup --tests
	@$(VENV_PYTHON) -m scripts.test coverage

bench: ## measure, print one table a question (ARGS="fanout --save": only that one, and keep it)
	@$(PYTHON) -m scripts.setup --tests
	@$(VENV_PYTHON) -m benchmarks $(ARGS)

gen: ## write the generated reference pages and TypeScript types anew
	@$(PYTHON) -m scripts.setup --tests
	@$(VENV_PYTHON) -m scripts.gen
	@npm --prefix web run --silent gen

docs: gen ## as gen, then check every link in the documentation
	@$(VENV_PYTHON) -m scripts.links

kafka: ## an Apache Kafka on 127.0.0.1:9092 until Ctrl-C, fetched the first time (ARGS="--port 9192")
	@$(PYTHON) -m scripts.kafka $(ARGS)

shots: setup ## take docs/images/*.png anew from a running demo (ARGS=wall: only that one)
	@$(VENV_PYTHON) -m scripts.shots $(ARGS)

lock: setup ## resolve the dependencies into requirements/*.lock (ARGS=--upgrade for newer versions)
	@scripts/lock.sh

cluster: ## many machines on this one: Kafka, Redis, Postgres, two gateways, two workers, an agent, nginx (ARGS="--port 9000")
	@$(PYTHON) -m scripts.setup --tests
	@$(VENV_PYTHON) -m scripts.cluster $(ARGS)

web: ## the dashboard with hot reload, beside a running `make run`
	@$(PYTHON) -m scripts.setup
	@npm --prefix web run dev

extension: ## build the browser extension and pack it for a store: dist/livepane-extension-<version>.zip, unpacked beside it
	@$(PYTHON) -m scripts.extension $(ARGS)

clean: ## remove everything that was made here, except data folders
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist build htmlcov \
		src/livepane/web web/node_modules web/test-results web/playwright-report \
		extension/node_modules extension/.output extension/.wxt extension/test-results
