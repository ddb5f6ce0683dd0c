# How every example folder builds, runs, tests and packs itself. Its Makefile
# says which programs it has besides main, sets ROOT to where common/ and tools/
# are, and includes this file.

.PHONY: run programs test limit clean help pack explore replay explore-all \
        trace drawn help-run help-exercise
.DEFAULT_GOAL := help

include $(ROOT)/tools/make/flags.mk

# A program another way: make run-locking DEFINES=-DONE_NOTIFY, and so with
# explore and replay.
COMPILE += $(DEFINES)

NAME      := $(notdir $(CURDIR))
PROGRAMS  := $(if $(wildcard main.c),main) $(EXTRAS)
EXERCISES := $(sort $(notdir $(patsubst %/why.txt,%,$(wildcard \
               exercise/*/why.txt))))
PROGRAM   := $(firstword $(PROGRAMS) $(EXERCISES))
MINE      ?= my
LIBRARY   := $(if $(filter trace,$(SAN)), \
             $(ROOT)/$(BUILD)/objects/trace/record/record_threads.o) \
             $(ROOT)/$(BUILD)/libcommon.a
SUM       := $(call sum_of,*.c *.h $(MINE)/*.c Makefile $(COMMON)/*.h \
               $(COMMON)/*/*.[ch] $(ROOT)/trace/*.[ch] \
               $(ROOT)/trace/record/*.[ch] $(ROOT)/tools/workshop/delays.c \
               $(ROOT)/tools/make/*.mk)
STAMP     := $(BUILD)/sum-$(SUM)

run: run-$(PROGRAM)

# run-main, run-view, ...
$(addprefix run-,$(PROGRAMS)): run-%: $(BUILD)/%
	@$(RUNNER) ./$<

programs: $(addprefix $(BUILD)/,$(PROGRAMS))

# main is made of all files that are not programs of their own.
$(BUILD)/main: $(STAMP)
	@$(COMPILE) -o $@ $(filter-out $(EXTRAS:=.c),$(wildcard *.c)) $(LIBRARY)

$(addprefix $(BUILD)/,$(EXTRAS)): $(BUILD)/%: $(STAMP)
	@$(COMPILE) -o $@ $*.c $(LIBRARY)

$(STAMP):
	@$(need_compiler)mkdir -p $(BUILD) && rm -rf $(BUILD)/sum-* \
	    $(addprefix $(BUILD)/,$(PROGRAMS) $(EXERCISES))
	@$(MAKE) $(AT_ROOT) $(PARALLEL) library
	@touch $@

test: programs
	@$(if $(wildcard test.bats),,$(error $(NAME) has no test, but an exercise: \
	    type "make exercise"))$(ROOT)/tools/test.sh test.bats

# main under every schedule, or another program: make explore PROGRAM=view.
# What a schedule did, again: make replay SEED=17.
EXPLORE  := $(firstword $(wildcard explore/Makefile \
              $(ROOT)/explore/Makefile))
EXPLORED  = $(if $(filter $(EXERCISES),$(PROGRAM)),$(MINE)/$(PROGRAM).c, \
              $(if $(filter $(EXTRAS),$(PROGRAM)),$(PROGRAM).c, \
              $(filter-out $(EXTRAS:=.c),$(wildcard *.c))))

include $(ROOT)/tools/make/exercise.mk

# What a program wants of explore besides, as EXPLORE_view = --plain.
CHOSEN = $(strip $(EXPLORE_$(PROGRAM)) $(OPTIONS))

explore replay:
	@$(if $(EXPLORE),,$(error "make $@" needs the whole project, of which \
	    this folder is a part))$(if $(filter $(EXERCISES),$(PROGRAM)),$(call \
	    need_mine,$(PROGRAM)))$(MAKE) --silent --no-print-directory -C \
	    $(dir $(EXPLORE)) $(@:explore=run) FILES="$(abspath $(EXPLORED))" \
	    FROM=$(CURDIR) OPTIONS="$(CHOSEN)" $(if $(filter $(EXERCISES), \
	    $(PROGRAM)),DEFINES="$(DEFINES) $(AS_WRITTEN)")

# All programs but those that look at the clock (UNEXPLORED), a line each. Those
# that go wrong on purpose (WRONG) have to.
explore-all: $(addprefix explore-of-,$(filter-out $(UNEXPLORED),$(PROGRAMS)))

explore-of-%:
	@printf '%-39s' '$(NAME) $*'; \
	found=$$($(MAKE) --silent --no-print-directory explore PROGRAM=$* \
	    OPTIONS='--one-output --brief $(OPTIONS)' 2>&1) && status=0 || \
	    status=1; \
	case ' $(WRONG) ' in \
	*' $* '*) printf '%s\n' "$$found" | sed '1s/$$/, on purpose/;q'; \
	    printf '%s\n' "$$found" | grep -q ': .*[2-9] outputs$$' ;; \
	*) printf '%s\n' "$$found"; exit $$status ;; \
	esac

# Runs main, or another program, and draws what its threads told each other: here,
# and in trace.mmd, trace.html and trace.json. Also what failed is drawn.
EVENTS := $(CURDIR)/$(BUILD)/$(PROGRAM).events
DRAW   := $(ROOT)/build/trace/draw

trace:
	@$(MAKE) --silent --no-print-directory SAN=trace drawn

drawn: $(BUILD)/$(PROGRAM)
	@$(MAKE) $(AT_ROOT) SAN= draw
	@rm -f '$(EVENTS)'; status=0; \
	TRACE_FILE='$(EVENTS)' $(RUNNER) ./$< || status=$$?; \
	if test ! -f '$(EVENTS)'; then \
	    echo "$(PROGRAM) was killed before it could tell what happened" >&2; \
	elif test -x $(DRAW); then $(DRAW) '$(EVENTS)' trace; \
	else cat '$(EVENTS)'; fi && exit $$status

# Prints the command that runs another one under a time limit.
limit:
	@$(MAKE) $(AT_ROOT) limit
	@echo $(abspath $(ROOT))/build/time_limit $(TEST_SECONDS)

clean:
	@rm -rf build $(NAME).tar.gz trace.mmd trace.html trace.json
	@$(MAKE) $(AT_ROOT) clean

# A tarball of this folder with the library inside, which works alone.
PACKED := build/pack/$(NAME)

pack:
	@rm -rf $(PACKED) && mkdir -p $(PACKED)/tools
	@cp $(wildcard *.c *.h *.txt test.bats) Makefile README.md $(PACKED)
	@$(if $(EXERCISES),cp -R exercise $(PACKED))
	@cp $(firstword $(wildcard LICENSE ../LICENSE)) $(PACKED)
	@cp -R $(COMMON) $(ROOT)/trace $(PACKED)
	@cp -R $(addprefix $(ROOT)/tools/,make workshop test.sh run_tests.c \
	    time_limit.c) $(PACKED)/tools
	@$(if $(EXPLORE),mkdir -p $(PACKED)/explore && cd $(dir $(EXPLORE)) && \
	    cp -R base schedule model wrap report main.c Makefile exported.txt \
	    scenarios.mk $(CURDIR)/$(PACKED)/explore)
	@tar -czf $(NAME).tar.gz -C build/pack $(NAME)
	@rm -rf build/pack
	@echo "$(NAME).tar.gz"

help:
	@$(if $(wildcard main.c),$(MAKE) --silent help-run)
	@$(if $(EXERCISES),$(MAKE) --silent help-exercise)
	@echo "make clean  remove what was built"
	@echo "make pack   a tarball of this folder that works alone"

help-run:
	@echo "make run    build and run this example"
	@for p in $(EXTRAS); do echo "make run-$$p"; done
	@echo "make test   check what it prints (needs bats, and gets it)"
	@echo "make trace  run it, and draw who told whom what"
	@echo "make explore    run it under every schedule (explore/README.md)"

help-exercise:
	@echo "make exercise   your copy of $(firstword $(EXERCISES)), and a verdict on it"
	@for e in $(wordlist 2,9,$(EXERCISES)); do \
	    echo "make exercise PROGRAM=$$e   the same for that"; done
	@echo "make hint, make watch, make reset, make solution   go with it"
