# The exercises of a folder. exercise/NAME/NAME.c is the starter; the attendee
# edits my/NAME.c, a copy that git does not see. It is a program like the
# folder's others: make run-NAME, make trace PROGRAM=NAME.

.PHONY: exercise hint reset solution watch have-exercise help-exercise \
        $(addprefix have-,$(EXERCISES))

# make exercise PROGRAM=NAME where a folder has two.
EXERCISE = $(if $(filter main,$(PROGRAM)),$(firstword $(EXERCISES)),$(PROGRAM))
IS_EXERCISE := $(filter $(EXERCISES),$(PROGRAM))

# Reads and writes of plain variables are steps too, and a data race does not
# hide what comes of it.
$(foreach e,$(EXERCISES),$(eval EXPLORE_$(e) ?= --plain --go-on))

# A program that is not right yet is no error of make's, nor is ctrl-C, which ends
# make watch: our shell lets the script say so.
exercise hint reset solution watch: have-lines have-exercise
	@$(UNLESS_DRY) trap : INT; \
	    ROOT='$(ROOT)' EXPLORE='$(EXPLORE)' MAKE='$(MAKE)' MINE='$(MINE)' \
	    CC='$(CC)' \
	    $(SH) $(ROOT)/tools/workshop/exercise.sh $@ $(EXERCISE) || test $$? -eq 1

# The judge sees each read and write as the attendee wrote it, by its line, and
# not as an optimizer changes it. (Of DWARF 5 addr2line gives some lines of a
# header to the file that includes it.)
AS_WRITTEN := -O0 -gdwarf-4

# With SAN=delays they are steps, if the compiler can tell of them: clang can, and
# gcc tells of jumps only.
ifeq ($(SAN),delays)
  AS_WRITTEN += $(shell for s in trace-pc,no-prune,trace-loads,trace-stores \
             trace-pc,no-prune trace-pc; do \
             $(CC) -fsanitize-coverage=$$s -fsyntax-only -x c /dev/null \
             >/dev/null 2>&1 && echo -fsanitize-coverage=$$s && break; done)
endif

have-exercise:
	@$(if $(EXERCISES),,$(error $(NAME) has no exercise))$(if $(filter \
	    $(EXERCISES),$(EXERCISE)),,$(error $(NAME) has no exercise \
	    "$(EXERCISE)", but has: $(EXERCISES)))

$(addprefix have-,$(EXERCISES)): have-%:
	@$(if $(wildcard $(MINE)/$*.c),,$(error $(MINE)/$*.c is not there yet: \
	    "make exercise" makes it))

$(addprefix $(BUILD)/,$(EXERCISES)): $(BUILD)/%: $(STAMP) | have-%
	@$(BEGIN) && $(COMPILE) $(if $(SAN),$(AS_WRITTEN)) -o $(NEW) $(MINE)/$*.c \
	    $(FIRST_LINKED) $(LIBRARY) && $(MOVE)

$(addprefix run-,$(EXERCISES)): run-%: $(BUILD)/%
	@$(RUNNER) ./$<

help-exercise:
	@echo "make exercise   your copy of $(firstword $(EXERCISES)), and a verdict on it"
	@for e in $(wordlist 2,9,$(EXERCISES)); do \
	    echo "make exercise PROGRAM=$$e   the same for that"; done
	@echo "make hint, make watch, make reset, make solution   go with it"
