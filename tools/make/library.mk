# Builds the library, its tests, and the tools that tests stand on. It is run
# where common/, tools/ and trace/ lie: make -f tools/make/library.mk

.PHONY: library sources limit draw drawings pictures run_tests clean
.DEFAULT_GOAL := library

ROOT := .
include tools/make/flags.mk

RECORD  := $(if $(filter trace,$(SAN)),$(wildcard trace/record/*.c trace/*.c))
DELAYS  := $(if $(findstring delays,$(SAN)),tools/workshop/delays.c)
ROOMS   := $(if $(PLAIN),plain common/base common/os,common/*)
SHARED  := $(if $(PLAIN),$(addprefix common/map/shared_map_,calls.c print.c))
SOURCES := $(wildcard $(ROOMS:=/*.c)) $(SHARED) $(RECORD) $(DELAYS)
OBJECTS := $(SOURCES:%.c=$(BUILD)/objects/%.o)
LIBRARY := $(BUILD)/libcommon.a

# Dependencies are by the clock (-MMD), but for flags and which files there are.
STAMP   := $(BUILD)/flags-$(call sum_of,tools/make/*.mk,$(SOURCES))

library: $(LIBRARY) $(if $(SAN)$(PLAIN),,build/common.pc)

sources:
	@echo $(SOURCES)

# For pkg-config. The prefix is found from where the file lies, so a checkout may
# be moved, and its path may have spaces.
build/common.pc: tools/make/library.mk
	@mkdir -p build
	@$(BEGIN) && printf '%s\n' 'prefix=$${pcfiledir}/..' 'Name: common' 'Version: 0' \
	    'Description: Channels, workers, futures, queues and shared maps' \
	    'Cflags: -I$${prefix}/common -pthread' \
	    'Libs: -L$${prefix}/build -lcommon -pthread' > $(NEW) && $(MOVE)

$(LIBRARY): $(OBJECTS)
	@$(BEGIN) && $(AR) -crs $(NEW) $(OBJECTS) && $(MOVE)

$(OBJECTS): $(BUILD)/objects/%.o: %.c $(STAMP)
	@$(BEGIN) && $(COMPILE) $(WITHOUT_DEADLOCK) -Itrace -MMD -MP -MT $@ -c \
	    -o $(NEW) $< && $(MOVE)

$(in_future): again

# The plain versions use base/ and os/, and not the room that finds deadlocks,
# which only os/ asks for. Lines are printed at once all the same (die.c).
ifdef PLAIN
  $(BUILD)/objects/common/os/%.o: WITHOUT_DEADLOCK := -DCOMMON_QUIET
endif

$(STAMP): | have-compiler
	@rm -rf $(BUILD)/objects $(BUILD)/*.a $(BUILD)/flags-* $(BUILD)/tests
	@mkdir -p $(sort $(dir $(OBJECTS) $(TEST_OBJECTS))) && touch $@

# These run here, also where the programs are another machine's.
limit: build/time_limit
run_tests: build/run_tests

build/time_limit build/run_tests: build/%: tools/%.c
	@mkdir -p build
	@$(BEGIN) && $(if $(RUNNER),cc,$(CC)) -std=gnu11 -O -Wall -Wextra \
	    -o $(NEW) $< && $(MOVE)

# Draws what a traced program has told (trace/events.h). Runs here too.
DRAW_FILES := $(wildcard trace/draw/*.c) trace/events.c
DRAW_STAMP := build/trace/draw-$(call sum_of,trace/*.[ch] trace/draw/*.[ch] \
                trace/page/* tools/make/*.mk)

draw: build/trace/draw

build/trace/draw: $(DRAW_STAMP)
	@awk -f trace/page/page.awk trace/page/page.html > build/trace/page_text.h
	@$(BEGIN) && $(if $(RUNNER),cc,$(CC)) -std=gnu11 -O -Wall -Wextra \
	    -Ibuild/trace -Itrace -Icommon -o $(NEW) $(DRAW_FILES) && $(MOVE)

$(DRAW_STAMP): | have-compiler have-lines
	@rm -rf build/trace/draw*
	@mkdir -p build/trace && touch $@

# Draws the pictures in the READMEs again.
pictures:
	@bash tools/proof/pictures.sh write

# And what is expected in tests/pictures/runs: look at them before they are
# committed.
DRAWN_UTF8 = LC_ALL=$$(locale -a | grep -iE -m 1 '^(C|en_US)\.utf-?8$$')
RUNS       = tests/pictures/runs

drawings: draw
	@for e in $(RUNS)/*.events; do f=$${e%.events}; \
	    $(DRAWN_UTF8) COLUMNS= build/trace/draw $$e $$f >$$f.txt 2>/dev/null; \
	    rm -f $$f.html $$f.json; done
	@LC_ALL=C COLUMNS= build/trace/draw $(RUNS)/queued.events \
	    build/trace/queued >$(RUNS)/queued.ascii

clean:
	@rm -rf build

# The compiler writes these: there is no rule to look for.
%.d: ;
-include $(OBJECTS:.o=.d)
# A folder that was packed has no tests of the library.
-include tools/make/tests.mk tools/make/proof.mk
