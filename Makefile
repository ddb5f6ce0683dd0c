# The whole suite. Every folder has a Makefile of its own: see "make help".

# BSD's make stops here, and says so.
.error = This needs GNU make: type gmake

.PHONY: run programs library tests test tsan asan bench bench-deps \
        bench-check explore doctor progress exercises exercises-check lint \
        load soak crashes damage fuzz faults coverage mutants healthy \
        pictures drawings pictures-check test-fast laptops machines pack format clean help \
        help-develop compile_commands.json \
        exercise hint watch solution reset trace replay
.DEFAULT_GOAL := help

ROOT := .
include tools/make/flags.mk

FOLDERS  := $(sort $(wildcard [1-9]_*))  # make 3.82 to 4.2 does not sort
EXAMPLES := $(patsubst %/main.c,%,$(wildcard $(FOLDERS:=/main.c)))
QUIET    := --silent --no-print-directory
FORMAT   := clang-format
C_FILES   = $(wildcard $(addsuffix /*.[ch],[1-9]_* common common/* plain trace \
              trace/* tests/* tests/proof/fuzz tools tools/workshop bench/c \
              explore explore/*)) $(JUDGED)
JUDGED    = $(wildcard $(addprefix [1-9]_*/exercise/*/, \
              *.c .solution/*.c))

# These look at the sources and at make, and so once is enough: those that work
# where we are, and those that work in a copy.
ifeq ($(SAN)$(RUNNER)$(PLAIN),)
  HOUSE_TESTS := tests/house.bats tests/words.bats tests/surface.bats \
                 tests/plain.bats tests/proof/faults.bats \
                 tests/proof/coverage.bats tests/proof/mutants.bats \
                 tests/map/readme.bats tests/pictures/pictures.bats \
                 tests/pictures/trace_draw.bats \
                 tests/pictures/trace_page.bats explore/rooms.bats
  COPY_TESTS  := tests/make.bats tests/session.bats tests/take.bats \
                 tests/rooms.bats tests/pictures/trace.bats
endif

# The mains only: the first run should be quick.
run: have-compiler
	@$(MAKE) $(QUIET) $(PARALLEL) $(EXAMPLES:%=main-of-%)
	@for e in $(EXAMPLES); do \
	    echo "== $$e"; $(MAKE) $(QUIET) -C $$e run || exit; echo; \
	done

$(EXAMPLES:%=main-of-%): main-of-%: library
	@$(MAKE) $(QUIET) -C $* $(BUILD)/main

programs: $(EXAMPLES:%=programs-of-%)

$(EXAMPLES:%=programs-of-%): programs-of-%: library
	@$(MAKE) $(QUIET) -C $* programs

library:
	@$(MAKE) $(AT_ROOT) library || { $(ASK_MACHINE); exit 2; }

# Every test but the exercises' own (exercises-check).
test: plain-path have-lines have-compiler
	@$(UNLESS_DRY) $(SH) tools/test.sh --get-bats
	@echo "Building the tests: a minute or two. Then they run, for a few more." >&2
	@$(MAKE) $(QUIET) $(PARALLEL) programs tests TELL=yes && echo >&2
	@BESIDE="$(COPY_TESTS)" $(MAKE) $(AT_ROOT) check \
	    BATS="$(HOUSE_TESTS) $(EXAMPLES:%=%/test.bats)"

# The tests that depend on the compiler, its flags and the machine.
test-fast:
	@$(MAKE) $(AT_ROOT) check BATS="$(EXAMPLES:%=%/test.bats)"

tests: library
	@$(MAKE) $(AT_ROOT) tests

# Proofs beyond the tests: RELIABILITY.md.
lint load soak crashes damage fuzz faults coverage mutants healthy pictures drawings:
	@$(MAKE) $(AT_ROOT) $@

# Checks this laptop, and says what to install: for the night before a workshop.
EXPLORE ?= explore/Makefile

doctor: have-lines
	@$(UNLESS_DRY) ROOT='$(ROOT)' EXPLORE='$(EXPLORE)' MAKE='$(MAKE)' \
	    CC='$(CC)' $(SH) tools/workshop/doctor.sh

# The exercises of all folders: how many are right, and which there are.
progress exercises: have-lines
	@$(SH) tools/workshop/progress.sh $@

# These belong to a lesson.
exercise hint watch solution reset trace replay:
	@$(error "make $@" is for a lesson's folder: type "cd 1_basic && make $@")

# Every exercise, solution and wrong attempt, judged in both ways; and doctor.
exercises-check: plain-path have-lines
	@$(UNLESS_DRY) LIMIT="$$($(MAKE) $(QUIET) -C 1_basic limit)" $(SH) tools/test.sh \
	    tests/workshop/*.bats

# Laptops that lack something, and odd folders, disks and flags; some need root.
laptops: plain-path have-lines
	@$(UNLESS_DRY) LIMIT="$$($(MAKE) $(QUIET) -C 1_basic limit)" $(SH) tools/test.sh \
	    tests/laptops/*.bats

machines:
	@bash .ci/machines

# The pictures that make trace draws, in a real browser: needs root, and npm.
pictures-check:
	@bash .ci/pictures/check

# The same tests with what the sanitizers find as failures.
tsan:
	@$(MAKE) $(QUIET) test SAN=thread
asan:
	@$(MAKE) $(QUIET) test SAN=address

# Ours against the best of other libraries and languages: bench/README.md.
bench:
	@$(MAKE) $(QUIET) -C bench run
bench-deps:
	@$(MAKE) $(QUIET) -C bench deps
bench-check:
	@$(MAKE) $(QUIET) -C bench check

# All programs under every schedule, or as many as there are in 2 seconds each.
explore:
	@for e in $(EXAMPLES); do \
	    $(MAKE) $(QUIET) -C $$e explore-all OPTIONS="--seconds 2" || exit; \
	done

pack:
	@for e in $(FOLDERS); do $(MAKE) $(QUIET) -C $$e pack || exit; done

format:
	@$(FORMAT) -i $(C_FILES)

# For editors (clangd).
compile_commands.json:
	@folder=$$(printf %s "$$PWD" | sed 's/["\\]/\\&/g; $$!s/$$/\\n/' | \
	    tr -d '\n'); \
	for f in $(filter-out $(JUDGED),$(filter %.c,$(C_FILES))); do \
	    printf '%s{ "directory": "%s",\n  "file": "%s",\n' \
	        "$${next-[}" "$$folder" "$$f"; \
	    printf '  "command": "%s -c %s" }' \
	        '$(COMPILE) -Itests/kit -Itrace -Ibench/c' "$$f"; \
	    next=','; \
	done > $@ && echo ']' >> $@

clean:
	@for e in $(FOLDERS); do $(MAKE) $(QUIET) -C $$e clean || exit; done
	@rm -rf build bench/build $(addprefix explore/,build trace.*) \
	    compile_commands.json

help:
	@echo "make run    build and run the six programs"
	@echo "make doctor   what works on this laptop, the night before"
	@echo "make exercises  what there is to do yourself; make progress"
	@echo "make explore   run them all under every schedule (explore/README.md)"
	@echo "make test   run every test (needs bats, and gets it)"
	@echo "make run PLAIN=1   the same on the textbook versions (plain/README.md)"
	@echo "make pack   a tarball of each folder that works alone"
	@echo "make clean  remove what was built"
	@echo "make help-develop   for work on the library"
	@echo
	@echo "In a folder: make run, make trace, make test, make help"

help-develop:
	@echo "make library    build/libcommon.a, and build/common.pc for pkg-config"
	@echo "make run PLAIN=1  on the textbook versions (plain/README.md); and so with"
	@echo "                test, test-fast, explore and the others"
	@echo "make -C explore differential  random programs on both versions: the same"
	@echo "                results"
	@echo "make test-fast  the C tests without bats; make tests builds them"
	@echo "make tsan, make asan  every test with ThreadSanitizer, AddressSanitizer"
	@echo "make lint       locks proved, and what analyzers find"
	@echo "make faults, crashes, damage, fuzz, load, soak, healthy  RELIABILITY.md"
	@echo "make coverage, make mutants  what the tests miss"
	@echo "make laptops    what is missing or odd on a laptop; some of it as root"
	@echo "make machines   other compilers, flags, processors and releases of Debian;"
	@echo "                an hour and a half, or less: make machines ONLY=bullseye"
	@echo "make bench      against other libraries and languages (bench/README.md)"
	@echo "make pictures   draw the pictures in the READMEs again; make drawings"
	@echo "make exercises-check  every attempt at an exercise, judged"
	@echo "make format, make compile_commands.json"
	@echo
	@echo "CC=clang, CFLAGS=-O0, SAN=thread and others: tools/make/flags.mk"
