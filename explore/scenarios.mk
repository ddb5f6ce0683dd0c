# The scenarios that common/ must pass, and the bugs that they must find.
#
#   make scenarios                       all of them: see scenarios.py
#   make scenarios SCENARIOS=map_add SCHEDULES=3000000
#   make scenario-replay SCENARIOS=map_add SEED=17
#   make bugs                            see bugs.py
#   make bugs BUGS=lock-release
#   make differential                    plain/ and common/: see differential.py
#   make differential KINDS="queue map:7" PROGRAMS=100

.PHONY: scenarios scenario-replay bugs differential compile-command

scenarios:
	@CC="$(CC)" python3 ./scenarios.py $(SCENARIOS)

scenario-replay:
	@CC="$(CC)" python3 ./scenarios.py $(SCENARIOS) \
	    $(if $(SCHEDULE),SCHEDULE=$(SCHEDULE),SEED=$(SEED))

bugs:
	@CC="$(CC)" python3 ./bugs.py $(BUGS)

differential:
	@CC="$(CC)" python3 ./differential.py $(KINDS)

# Without the folder of common/: there is a broken one, too.
compile-command:
	@echo $(filter-out -I%,$(COMPILE)) $(NO_TSAN)
