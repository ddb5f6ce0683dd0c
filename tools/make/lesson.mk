# How a lesson's folder builds, runs and tests its programs. The folder's Makefile
# sets ROOT to where common/ and tools/ are, EXTRAS to its programs besides main,
# and FILES_NAME where one of them has more files than NAME.c.

.PHONY: run programs test limit clean help help-run have-test doctor progress \
        exercises
.DEFAULT_GOAL := help

include $(ROOT)/tools/make/flags.mk

# A program another way: make run-locking DEFINES=-DONE_NOTIFY, and so with
# explore and replay.
COMPILE += $(DEFINES)

# Of a folder's name what make and a shell read as letters, and _ for all else.
NAME      := $(lastword $(shell basename "$$PWD" | \
               LC_ALL=C tr -c 'A-Za-z0-9._\n-' _))
PROGRAMS  := $(strip $(if $(wildcard main.c),main) $(EXTRAS))
EXERCISES := $(sort $(notdir $(patsubst %/why.txt,%,$(wildcard \
               exercise/*/why.txt))))
PROGRAM   := $(firstword $(PROGRAMS) $(EXERCISES))
LIBRARY   := $(ROOT)/$(BUILD)/libcommon.a
MINE      ?= my

# main is made of all files that belong to no other program.
FILES_main = $(filter-out $(foreach e,$(EXTRAS),$(call files_of,$e)), \
               $(wildcard *.c))
files_of   = $(or $(FILES_$(1)),$(1).c)

# A sum of everything: two edits in one second are two edits (flags.mk).
STAMP := $(BUILD)/sum-$(call sum_of,*.c *.h $(MINE)/*.c Makefile \
           $(COMMON)/*.h $(COMMON)/*/*.[ch] $(ROOT)/plain/*.[ch] \
           $(ROOT)/trace/*.[ch] \
           $(ROOT)/trace/record/*.[ch] $(ROOT)/tools/workshop/delays.c \
           $(ROOT)/tools/make/*.mk)

run: run-$(PROGRAM)

# run-main, run-view, ...
$(addprefix run-,$(PROGRAMS)): run-%: $(BUILD)/%
	@$(RUNNER) ./$< || { s=$$?; test $$s -ne 126 || $(ASK_MACHINE); exit $$s; }

programs: $(addprefix $(BUILD)/,$(PROGRAMS))

$(addprefix $(BUILD)/,$(PROGRAMS)): $(BUILD)/%: $(STAMP)
	@$(BEGIN) && $(COMPILE) -o $(NEW) $(call files_of,$*) $(FIRST_LINKED) \
	    $(LIBRARY) && $(MOVE)

$(STAMP): | have-compiler
	@mkdir -p $(BUILD) && rm -rf $(BUILD)/sum-* \
	    $(addprefix $(BUILD)/,$(PROGRAMS) $(EXERCISES))
	@$(MAKE) $(AT_ROOT) $(PARALLEL) library || { $(ASK_MACHINE); exit 2; }
	@touch $@

$(in_future): again

test: plain-path have-test programs
	@$(SH) $(ROOT)/tools/test.sh test.bats

have-test: have-lines
	@$(if $(wildcard test.bats),,$(error $(NAME) has no test, but an exercise: \
	    type "make exercise"))
	@$(SH) $(ROOT)/tools/test.sh --get-bats

# These are about the whole project.
doctor progress exercises:
	@$(if $(filter .,$(ROOT)),$(error "make $@" needs the whole project, of which \
	    this folder is a part))$(MAKE) --silent --no-print-directory -C $(ROOT) $@

# Prints the command that runs another one under a time limit.
limit:
	@$(MAKE) $(AT_ROOT) limit
	@cd $(ROOT) && printf '%s/build/time_limit %s\n' "$$PWD" $(TEST_SECONDS)

clean:
	@rm -rf build $(NAME).tar.gz $(DRAWN) $(if $(EXPLORE),$(EXPLORE:Makefile=build))
	@$(MAKE) $(AT_ROOT) clean

help:
	@$(if $(PROGRAMS),$(MAKE) --silent help-run)
	@$(if $(EXERCISES),$(MAKE) --silent help-exercise)
	@echo "make clean  remove what was built"
	@echo "make pack   a tarball of this folder that works alone"

help-run:
	@echo "make run    build and run this example"
	@for p in $(EXTRAS); do echo "make run-$$p"; done
	@echo "make test   check what it prints (needs bats, and gets it)"
	@echo "make trace  run it, and draw the messages of its threads"
	@echo "make explore    run it under every schedule (explore/README.md)"

include $(addprefix $(ROOT)/tools/make/,exercise.mk explore.mk trace.mk pack.mk)
