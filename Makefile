# Weiwang. `make run` and `make test` are the two that matter; `make help` lists the rest.

.DEFAULT_GOAL := help
.PHONY: help run build test lint format bench bench-city bench-map pictures soak proof-data clean

# Where `make run` listens; HOST=0.0.0.0 lets a phone in the same network come in.
HOST ?= 127.0.0.1
PORT ?= 8080
# postgres://user:password@host/name for PostgreSQL; empty for SQLite in the data folder.
DATABASE ?=
SHARED ?= ../shared/data

export HOST PORT DATABASE SHARED

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: HOST=$(HOST) PORT=$(PORT) DATABASE=postgres://… SHARED=$(SHARED)"

run: ## set up, build, fill data/demo if it is empty, serve on http://localhost:8080
	@scripts/run.sh

build: ## set up and build .build/release/weiwang
	@scripts/setup.sh run
	@scripts/build.sh

test: ## everything, on SQLite and on a PostgreSQL of its own, with a real browser
	@scripts/test.sh

lint: ## is the code formatted as agreed?
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

format: ## format the code
	swift format --in-place --recursive --parallel Sources Tests Package.swift

bench: build ## measure each engine and the whole server, each figure beside its limit
	.build/release/weiwang bench locate
	.build/release/weiwang bench tile
	.build/release/weiwang bench board
	.build/release/weiwang bench intake
	.build/release/weiwang bench live
	.build/release/weiwang bench read
	.build/release/weiwang bench start
	.build/release/weiwang bench growth

bench-city: build ## fill a city of 100,000 grids and 10 million matters on PostgreSQL and time every page (DATABASE=postgres://…, empty; 40 GB)
	.build/release/weiwang bench city --database "$(DATABASE)"

bench-map: build ## frames a second of the battle map with 10,000 open matters, beside the same map without any
	.venv/bin/python3 scripts/bench-map.py --data data/demo

pictures: ## take the pictures of README.md and docs/ anew from a demo that is served on PORT
	.venv/bin/python3 scripts/pictures.py --address http://localhost:$(PORT)

soak: build ## the long proof of all faults, hours; writes docs/proof.md (ROUNDS=300 MINUTES=60 ONLY="kill9 …" TABLES=folder)
	@scripts/soak.sh

proof-data: build ## checks on real data that is not ours to ship (SHARED=folder)
	@scripts/proof-data.sh

clean: ## remove what was built; data stays
	rm -rf .build test-results
