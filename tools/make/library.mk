# Builds the library, its tests, and the tool that tests stand on. People type
# make in the folders above this one.

.PHONY: library limit draw drawings pictures run_tests clean
.DEFAULT_GOAL := library

COMMON := .
include flags.mk

LIBRARY := $(BUILD)/libcommon.a
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard *.c))
RECORD  := $(if $(filter trace,$(SAN)),$(patsubst trace/%.c,$(BUILD)/%.o, \
             $(wildcard trace/record*.c trace/events.c)))
DELAYS  := $(if $(findstring delays,$(SAN)),$(BUILD)/delays.o)
STAMP   := $(BUILD)/sum-$(call sum_of,*.[ch] trace/*.[ch] tools/delays.c *.mk \
             Makefile)

library: $(LIBRARY)

$(LIBRARY): $(OBJECTS) $(RECORD) $(DELAYS)
	@rm -f $@ && ar -crs $@ $(OBJECTS) $(RECORD) $(DELAYS)

$(OBJECTS): $(BUILD)/%.o: $(STAMP)
	@$(COMPILE) -c -o $@ $*.c

$(RECORD): $(BUILD)/%.o: $(STAMP)
	@$(COMPILE) -c -o $@ trace/$*.c

$(DELAYS): $(STAMP)
	@$(COMPILE) -c -o $@ tools/delays.c

$(STAMP):
	@$(need_compiler)rm -rf $(BUILD)/*.[oa] $(BUILD)/sum-* $(BUILD)/tests
	@mkdir -p $(BUILD) && touch $@

# These run here, also where the programs are another machine's.
limit: build/time_limit
run_tests: build/run_tests

build/time_limit build/run_tests: build/%: tools/%.c
	@mkdir -p build
	@$(if $(RUNNER),cc,$(CC)) -std=gnu11 -O -Wall -Wextra -o $@ $<

# Draws what a traced program has told (trace/events.h). Runs here too.
DRAW_FILES := $(filter-out trace/record%,$(wildcard trace/*.c))
DRAW_STAMP := build/trace/draw-$(call sum_of,trace/*.[ch] trace/page* *.mk \
                Makefile)

draw: build/trace/draw

build/trace/draw: $(DRAW_STAMP)
	@awk -f trace/page.awk trace/page.html > build/trace/page_text.h
	@$(if $(RUNNER),cc,$(CC)) -std=gnu11 -O -Wall -Wextra -Ibuild/trace \
	    -o $@ $(DRAW_FILES)

$(DRAW_STAMP):
	@$(need_compiler)rm -f build/trace/draw*
	@mkdir -p build/trace && touch $@

# Draws the pictures in the READMEs again.
pictures:
	@tools/pictures.sh write

# And what is expected in tests/trace: look at them before they are committed.
DRAWN_UTF8 = LC_ALL=$$(locale -a | grep -iE -m 1 '^(C|en_US)\.utf-?8$$')

drawings: draw
	@for e in tests/trace/*.events; do f=$${e%.events}; \
	    $(DRAWN_UTF8) COLUMNS= build/trace/draw $$e $$f >$$f.txt 2>/dev/null; \
	    rm -f $$f.html $$f.json; done
	@LC_ALL=C COLUMNS= build/trace/draw tests/trace/queued.events \
	    build/trace/queued >tests/trace/queued.ascii

clean:
	@rm -rf build

# A folder that was packed has no tests of the library.
-include tests/tests.mk tests/proof.mk
