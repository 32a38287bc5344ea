# One command for each thing people do here. `dev.py` does the set-up and the work, with nothing but Python 3.11.
PYTHON ?= python3
DEV = $(PYTHON) dev.py

.DEFAULT_GOAL := help
.PHONY: help play serve test check versions compile format bench simulate clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

play:  ## set up, start a server with bots, open the browser (PORT=8000 BOTS=… ARGS=…)
	@$(DEV) play $(if $(PORT),--port $(PORT)) $(if $(BOTS),--bots $(BOTS)) $(ARGS)

serve:  ## run a server (PORT=8000 ARGS=…)
	@$(DEV) serve $(if $(PORT),--port $(PORT)) $(ARGS)

test:  ## everything: style, types, architecture, all tests, the browser client, a real Chromium, other Pythons
	@$(DEV) test $(ARGS)

check:  ## the fast loop: style, types, architecture, quick tests, the browser client
	@$(DEV) check $(ARGS)

versions:  ## journals of the last test run, and the rules' tests, under other Pythons (PYTHONS=… ARGS=…)
	@$(DEV) versions $(ARGS)

compile:  ## compile the hottest modules for this Python, as `make serve` does; needs a C compiler
	@$(DEV) compile

format:  ## rewrite the Python files in the house's style
	@$(DEV) format

bench:  ## measure beside Colyseus (Node, Bun) and a C floor, half an hour; writes bench/latest.json (ARGS=--help)
	@$(DEV) bench $(ARGS)

simulate:  ## the whole server in virtual time, from a seed (SEED=… RUNS=… ARGS=--help)
	@$(DEV) simulate $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS)) $(ARGS)

clean:  ## remove everything that was built or installed here
	@$(DEV) clean
