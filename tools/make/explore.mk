# A lesson's programs under every schedule. main, or another program: make
# explore PROGRAM=view. make replay SEED=17 runs one schedule again.

.PHONY: explore replay explore-all have-explore

EXPLORE := $(firstword $(wildcard explore/Makefile $(ROOT)/explore/Makefile))
EXPLORED = $(if $(IS_EXERCISE),$(MINE)/$(PROGRAM).c,$(call files_of,$(PROGRAM)))

# The way from there to here: an absolute path may have a space.
BACK := $(if $(filter ../%,$(EXPLORE)),../$(NAME),..)

# A program's own options for explore, as EXPLORE_view = --plain.
CHOSEN = $(strip $(EXPLORE_$(PROGRAM)) $(OPTIONS))

explore replay: have-explore $(if $(IS_EXERCISE),have-$(PROGRAM))
	@$(MAKE) --silent --no-print-directory -C $(dir $(EXPLORE)) \
	    $(@:explore=run) FILES="$(EXPLORED)" FROM=$(BACK) \
	    OPTIONS="$(CHOSEN)" \
	    $(if $(IS_EXERCISE),DEFINES="$(DEFINES) $(AS_WRITTEN)")

have-explore:
	@$(if $(EXPLORE),,$(error "make $(MAKECMDGOALS)" needs the whole project, of \
	    which this folder is a part))$(if $(wildcard $(dir $(EXPLORE))$(BACK)/Makefile),, \
	    $(error "make $(MAKECMDGOALS)" cannot read the name of this folder: \
	    give it one of letters, digits and _))

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
