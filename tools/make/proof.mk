# Proofs about the library, beyond its tests: see RELIABILITY.md. Included by
# library.mk.

.PHONY: crashes healthy faults coverage load soak lint mutants damage fuzz fuzz-corpus

# All pairs of kills, which takes half a minute, and what came of it.
crashes: $(BUILD)/tests/proof/test_$(CRASH_TEST) limit
	@for t in $$($< | cut -f 1); do \
	    printf '%s: ' $$t; CRASHES=1 build/time_limit 120 $< $$t || \
	        [ $$? -eq 77 ] || exit; \
	done

# Programs that are not stuck, and whether one is called so: make healthy RUNS=10000
healthy: plain-path limit
	@LIMIT="$$PWD/build/time_limit 120" $(SH) tests/proof/healthy.sh $(or $(RUNS),2000)

# How many faults were tried, call by call.
faults: $(FAULT_PROGRAMS) limit
	@$(SH) tests/proof/faults.sh $(BUILD) run

# Which branches of the library the tests take: needs clang, llvm and python3.
coverage: limit
	@bash tools/proof/coverage.sh

# The tests of load once more, with all of it (tests/kit/load.h): LOAD=100 is a tenth.
# And for as long as one likes: make soak HOURS=8
LOAD  ?= 1000
HOURS ?= 1
LOADS  = $(wildcard tests/proof/test_load_*.c)
LOADS_RUN = $(SH) tests/proof/load.sh '$(RUNNER)' \
              $(patsubst %.c,$(BUILD)/%,$(LOADS))

load: $(LOADS:%.c=$(BUILD)/%) limit
	@LOAD=$(LOAD) $(LOADS_RUN)

soak: $(LOADS:%.c=$(BUILD)/%) limit
	@HOURS=$(HOURS) $(LOADS_RUN)

# Static analysis: see tools/lint/lint.sh.
lint:
	@bash tools/lint/lint.sh

# Breaks the library on purpose, in one place at a time (tools/proof/mutants.py), and
# takes hours for all: make mutants FILES="common/future/pool.c" SAMPLE=25 SEED=2 JOBS=2
# SAMPLE is of each file, MOST of all files; ORDERS=1 weakens only memory orders;
# RESUME=LOG goes on with a run that was cut short.
mutants:
	@python3 tools/proof/mutants.py $(FILES) --sample $(or $(SAMPLE),0) \
	    --most $(or $(MOST),0) $(if $(ORDERS),--orders) \
	    --seed $(or $(SEED),1) --jobs $(or $(JOBS),1) \
	    --minutes $(or $(MINUTES),1440) $(if $(RESUME),--resume $(RESUME))

# Damaged maps: of the cases in tests/map/test_shared_map_damage_*.c one in so
# many. In make test it is one in forty.
EVERY ?= 6
DAMAGE = $(wildcard tests/map/test_shared_map_damage_*.c)

damage: $(DAMAGE:%.c=$(BUILD)/%) limit
	@for program in $(DAMAGE:%.c=$(BUILD)/%); do \
	    $(RUNNER) $$program | cut -f 1 | while read -r name; do \
	        EVERY=$(EVERY) build/time_limit 300 $(RUNNER) $$program $$name || \
	            { echo "0 cases failed: $$name"; break; }; \
	    done; \
	done | awk '{ print; failed += /failed/; cases += $$1; refused += $$3; used += $$5 } \
	    END { print cases " damaged maps: " refused " refused, " used " used"; \
	          exit failed || !cases }'

# The same by a fuzzer, which makes up the damage itself: clang's libFuzzer. Its
# findings are in build/fuzz/. "make fuzz INPUT=FILE" runs one input again.
SECONDS ?= 30
FUZZ    := build/fuzz
FUZZ_FILES := tests/proof/fuzz
CLANG   ?= clang

FUZZER = $(CLANG) -std=gnu11 -Wall -Wextra -pthread -O1 -g -Icommon -Itests/kit \
         -fsanitize=address,undefined -fno-sanitize-recover=all
define no_fuzzer
There is no clang with libFuzzer here: type "sudo apt install clang \
libclang-rt-dev" (Debian, Ubuntu), or leave it
endef
HAS_FUZZER = $(shell mkdir -p $(FUZZ); echo 'int LLVMFuzzerTestOneInput(void) \
               { return 0; }' | $(CLANG) -fsanitize=fuzzer -x c - -o \
               $(FUZZ)/has_fuzzer 2>/dev/null && echo yes)

FUZZ_RUN = build/time_limit $$(($(SECONDS) + 60)) $(FUZZ)/fuzz_map \
           -artifact_prefix=$(FUZZ)/ -timeout=10 -max_len=8200

fuzz: limit
	@$(if $(HAS_FUZZER),,$(error $(no_fuzzer)))mkdir -p $(FUZZ)
	@$(FUZZER) -fsanitize=fuzzer -Wl,--wrap=common_random_fill -o \
	    $(FUZZ)/fuzz_map $(FUZZ_FILES)/fuzz_map.c $(FUZZ_FILES)/checks.c common/*/*.c
	@$(if $(INPUT),$(FUZZ_RUN) $(INPUT),$(MAKE) $(AT_ROOT) fuzz-corpus)

fuzz-corpus: library
	@rm -rf $(FUZZ)/corpus && mkdir -p $(FUZZ)/corpus
	@$(COMPILE) -Itests/kit -o $(FUZZ)/make_corpus $(FUZZ_FILES)/make_corpus.c \
	    $(FUZZ_FILES)/checks.c $(LIBRARY)
	@$(FUZZ)/make_corpus $(FUZZ)/corpus
	@if ! $(FUZZ_RUN) -max_total_time=$(SECONDS) -print_final_stats=1 \
	    $(FUZZ)/corpus >$(FUZZ)/log 2>&1; then tail -n 100 $(FUZZ)/log; exit 1; fi
	@awk '/number_of_executed_units/ { count = $$2 } \
	    match($$0, /cov: [0-9]+/) { cov = substr($$0, RSTART + 5, RLENGTH - 5) } \
	    END { print count " inputs in $(SECONDS) s came to " cov \
	          " places in the code: no crash, no hang"; exit !count }' $(FUZZ)/log
