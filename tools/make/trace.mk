# Runs main, or another program, and draws what its threads told each other: in
# the terminal, and in trace.mmd, trace.html and trace.json. A run that failed is
# drawn too.

.PHONY: trace drawn

EVENTS := $(BUILD)/$(PROGRAM).events
DRAW   := $(ROOT)/build/trace/draw
DRAWN  := trace.mmd trace.html trace.json

# Linked by name: nothing in the program calls it.
FIRST_LINKED := $(if $(filter trace,$(SAN)), \
                  $(ROOT)/$(BUILD)/objects/trace/record/record_threads.o)

trace:
	@$(if $(PLAIN),$(error the plain versions do not tell what happens: \
	    "make trace" goes without PLAIN=1))
	@$(MAKE) --silent --no-print-directory SAN=trace drawn

drawn: $(BUILD)/$(PROGRAM)
	@$(MAKE) $(AT_ROOT) SAN= draw
	@rm -f $(EVENTS); status=0; \
	TRACE_FILE="$$PWD/$(EVENTS)" $(RUNNER) ./$< || status=$$?; \
	if test ! -f $(EVENTS); then \
	    echo "$(PROGRAM) was killed before it wrote its events: there is nothing to draw" >&2; \
	elif test -x $(DRAW); then $(DRAW) $(EVENTS) trace; \
	else cat $(EVENTS); fi && exit $$status
