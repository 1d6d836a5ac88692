SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The flags of a release. Local builds leave paths and symbols in, and so share compiled packages with the tests.
RELEASE := -trimpath -ldflags '-s -w -X main.version=$(VERSION)'
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64

# What a test run takes. In CI (CI=true) it looks for data races too, which needs cgo and a C compiler.
TESTFLAGS ?= -count=1 -timeout=20m
RACE := $(if $(filter true,$(CI)),yes)

GOLANGCI_LINT := v2.15.0
LINT := .tools/golangci-lint-$(GOLANGCI_LINT)

# A Python with the Jinja2 that templates are compared with.
JINJA := .tools/jinja2

FUZZTIME ?= 10s

# The dbt that generated projects are compared with, and how many of them.
DBT := .tools/dbt
DBT_PACKAGES := dbt-core==1.11.16 dbt-clickhouse==1.10.3
COUNT ?=
SEED ?= 1

SHA256 := $(if $(shell command -v sha256sum),sha256sum,shasum -a 256)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/chmod
	@mkdir -p bin
	CGO_ENABLED=0 go build -ldflags '-X main.version=$(VERSION)' -o bin/chmod ./cmd/chmod

.PHONY: engine
engine: build ## Fetch the ClickHouse engine library into .engine/ (once)
	@bin/chmod engine install --to .engine

.PHONY: bed
bed: ## Install the old ClickHouse server and ZooKeeper that some tests start (Debian, as root)
	@reason="$$(.ci/bed)"; \
	if [ -n "$$reason" ]; then echo "bed: $$reason"; else echo "bed: ready"; fi

.PHONY: demo
demo: build engine ## Load the wallet example twice on an embedded ClickHouse and show a mart
	@echo "The first load: what had arrived by 20 March."
	@bin/chmod build --full-refresh --exclude-resource-type test --vars '{as_of: "2026-03-20"}' --project-dir examples/wallet
	@echo
	@echo "The second load: the rest of March, with all tests. Incremental models read what has arrived since."
	@bin/chmod build --project-dir examples/wallet
	@bin/chmod show --select mart_fx_exposure --project-dir examples/wallet

.PHONY: test
test: engine ## Run all tests, on real ClickHouse servers
	@reason="$$(.ci/bed)"; \
	if [ -n "$$reason" ]; then \
		echo "bed: $$reason"; \
		export CHMOD_SKIP_OLD_SERVER="$$reason"; \
	fi; \
	reason="$$(.ci/jinja $(JINJA))"; \
	if [ -n "$$reason" ]; then \
		echo "jinja: $$reason"; \
		export CHMOD_SKIP_JINJA="$$reason"; \
	fi; \
	CGO_ENABLED=$(if $(RACE),1,0) go test -json $(if $(RACE),-race) $(TESTFLAGS) ./... ./.ci/testreport 2>&1 | go run ./.ci/testreport

.PHONY: test-race
test-race: ## The same, looking for data races
	@$(MAKE) test RACE=yes

.PHONY: check
check: $(LINT) ## Formatting, vet, linter, import rule, docs and golden files
	@files="$$(gofmt -l adapters cmd compiler dag examples materialize .ci)"; \
	if [ -n "$$files" ]; then echo "gofmt -w these files:"; echo "$$files"; exit 1; fi
	go vet ./... ./.ci/testreport
	$(LINT) run ./...
	go test -count=1 -run 'TestLayer|TestCommandsPage|TestErrorsPage|TestLinks' ./cmd/chmod
	go test -count=1 ./compiler ./compiler/yaml
	go test -count=1 -run 'Golden' ./materialize

$(LINT):
	@mkdir -p .tools
	GOBIN="$(CURDIR)/.tools" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	@mv .tools/golangci-lint $@

.PHONY: fuzz
fuzz: ## Fuzz each parser for a while (FUZZTIME=10s)
	@grep -rl --include='*_test.go' '^func Fuzz' adapters cmd compiler dag materialize | sort | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "fuzz $$(dirname "$$file") $$target"; \
			go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")"; \
		done; \
	done

SEQUENCES ?= 1000
FIRST ?= 1

.PHONY: sequences
sequences: engine ## Random runs, crashes and overlaps, by seed (SEQUENCES=1000, from FIRST=1)
	CHMOD_TEST_SEQUENCES=$(SEQUENCES) CHMOD_TEST_FIRST_SEQUENCE=$(FIRST) go test -count=1 -timeout 0 -run '^(TestRandom|TestSequences)' \
		./materialize ./materialize/clustertest ./cmd/internal/invocation ./cmd/clustertest

PROJECTS ?=

.PHONY: jinja-diff
jinja-diff: ## Compare templates with Python's Jinja2 (COUNT=100000 SEED=1 PROJECTS=dir)
	@reason="$$(.ci/jinja $(JINJA))"; \
	if [ -n "$$reason" ]; then echo "jinja: $$reason"; exit 1; fi
	@go run ./compiler/template/jinjadiff/run -python $(JINJA)/bin/python -count $(or $(COUNT),5000) -seed $(SEED) -projects "$(PROJECTS)"

.PHONY: dbt-diff
dbt-diff: ## Compare with dbt over generated projects (COUNT=50 SEED=1 MISTAKES=yes)
	@if [ ! -x $(DBT)/bin/dbt ]; then \
		python3 -m venv $(DBT) && $(DBT)/bin/pip install --quiet $(DBT_PACKAGES); \
	fi
	@mkdir -p .tools/dbtdiff
	@go run ./cmd/dbtdiff $(if $(MISTAKES),-mistakes -count $(or $(COUNT),1000) -seed 0,-count $(or $(COUNT),50) -seed $(SEED)) -python $(DBT)/bin/python

BENCH_SIZES ?= 1000,10000,50000
BENCH_FLAGS ?=

.PHONY: bench
bench: engine ## Measure chmod on generated projects, beside dbt and a bare driver (BENCH_SIZES=1000,10000)
	@mkdir -p .bench
	@CGO_ENABLED=0 go build $(RELEASE) -o .bench/chmod ./cmd/chmod
	@CGO_ENABLED=0 go build -o .bench/bench ./cmd/bench
	@.bench/bench -chmod .bench/chmod -work .bench -sizes $(BENCH_SIZES) -page docs/benchmarks.md $(BENCH_FLAGS)

.PHONY: release
release: ## Cross-compile binaries with checksums into dist/
	@rm -rf dist && mkdir -p dist
	@for platform in $(PLATFORMS); do \
		os="$${platform%/*}" arch="$${platform#*/}"; \
		echo "chmod_$${os}_$$arch"; \
		CGO_ENABLED=0 GOOS="$$os" GOARCH="$$arch" go build $(RELEASE) -o "dist/chmod_$${os}_$$arch" ./cmd/chmod; \
		if [ "$$os" = linux ]; then \
			echo "chmod_$${os}_$${arch}_static"; \
			CGO_ENABLED=0 GOOS="$$os" GOARCH="$$arch" go build -tags static $(RELEASE) -o "dist/chmod_$${os}_$${arch}_static" ./cmd/chmod; \
		fi; \
	done
	@cd dist && $(SHA256) chmod_* > SHA256SUMS && cat SHA256SUMS

.PHONY: clean
clean: ## Remove what was built; the engine and the tools stay
	rm -rf bin dist .bench
	rm -rf examples/*/target examples/*/logs examples/*/.chmod

LAYOUT ?= 1x3
CLUSTER := go run ./adapters/bed/run

.PHONY: cluster-up
cluster-up: bed ## Start a cluster of old servers in .bed/ (LAYOUT=1x3 or 2x2)
	@$(CLUSTER) up $(LAYOUT)

.PHONY: cluster-down
cluster-down: ## End that cluster and remove its data
	@if [ -e .bed/bed.json ]; then $(CLUSTER) wipe; fi

.PHONY: test-cluster
test-cluster: engine ## Run the tests on clusters alone (see CHMOD_TEST_CLUSTER_HOSTS in adapters/bed/bedtest)
	@reason="$$(.ci/bed)"; \
	if [ -n "$$reason" ]; then \
		echo "bed: $$reason"; \
		export CHMOD_SKIP_OLD_SERVER="$$reason"; \
	fi; \
	go test $(TESTFLAGS) $$(grep -rl --include='*_test.go' 'adapters/bed/bedtest"' adapters cmd materialize | xargs -n 1 dirname | sort -u | sed 's|^|./|')

# Each series of the matrix is saved in a file of its own, and each of its cells
# stays until it is tried again. SIDE is how many clusters there are at once, FEW
# the layouts of which only the steps around the swap are taken, ONLY picks series
# as go test -run does, and RESUME=yes leaves alone the cells that were saved
# before.
MATRIX := $(CURDIR)/.matrix
SIDE ?= 3
FEW ?= 2x2
RESUME ?=
ONLY ?= .

.PHONY: cluster-matrix
cluster-matrix: engine ## Break clusters at every step and write docs/cluster-matrix.md (FEW= for every step of 2x2, too)
	@export CHMOD_TEST_MATRIX=$(MATRIX) CHMOD_TEST_MATRIX_FEW=$(FEW) CHMOD_TEST_MATRIX_RESUME=$(RESUME) unclean=; \
	go test -count=1 -timeout=6h -parallel=$(SIDE) -run '(TestMatrix|TestBesideDBT)$$/$(ONLY)' ./materialize/clustertest || unclean=yes; \
	go test -count=1 -timeout=6h -parallel=$(SIDE) -run 'TestDeaths$$/$(ONLY)' ./cmd/clustertest || unclean=yes; \
	go run ./adapters/bed/matrix/write -from $(MATRIX) -to docs/cluster-matrix.md -commit "$$(git rev-parse --short HEAD)"; \
	if [ -n "$$unclean" ]; then echo "cluster-matrix: not all is clean, see above and the page"; exit 1; fi
