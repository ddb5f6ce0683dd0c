# Builds the tests of the library. Included by ../Makefile.

.PHONY: tests test-fast

# This one has a library of its own, in which every store may be the last
# (tests/crash_points.h). A sanitizer cannot be had there besides. Nor can
# ThreadSanitizer where many are killed at once (os_shared_lock.c), and the
# others take long to start as many. WITHOUT leaves out more: names, with %.
CRASH_TEST   := shared_map_crashes
WITHOUT_TEST := $(if $(SAN),$(CRASH_TEST) shared_map_random_kills) $(WITHOUT)

# Each tests/test_x.c becomes a program, and a file x.bats with one bats test
# for each of its tests.

TEST_NAMES    := $(filter-out $(WITHOUT_TEST), \
                   $(patsubst tests/test_%.c,%,$(wildcard tests/test_*.c)))
TEST_PROGRAMS := $(TEST_NAMES:%=$(BUILD)/tests/test_%)
TEST_STAMP    := $(BUILD)/tests/sum-$(call sum_of,*.[ch] tests/*.[ch] tests/*.mk Makefile)

FAULT_NAMES    := $(filter-out $(WITHOUT), \
                    $(patsubst tests/%.c,%,$(wildcard tests/faults_*.c)))
FAULT_PROGRAMS := $(FAULT_NAMES:%=$(BUILD)/tests/%)

tests: $(TEST_NAMES:%=$(BUILD)/tests/%.bats) \
       $(FAULT_NAMES:%=$(BUILD)/tests/%.bats) limit

$(BUILD)/tests/%.bats: $(BUILD)/tests/test_% tests/to_bats.sh
	@tests/to_bats.sh $* '$(RUNNER)' $(abspath $<) > $@

$(filter-out %/test_$(CRASH_TEST),$(TEST_PROGRAMS)): \
    $(BUILD)/tests/%: $(TEST_STAMP) $(LIBRARY)
	@$(COMPILE) -Itests -o $@ tests/$*.c $(BUILD)/tests/test.o $(LIBRARY)

CRASHES       := $(BUILD)/tests/crashes
CRASH_LIBRARY := $(CRASHES)/libcommon.a
CRASH_OBJECTS := $(patsubst %.c,$(CRASHES)/%.o,$(wildcard *.c))
CRASH_SOURCES := tests/test_$(CRASH_TEST).c tests/crash_points.c \
                 tests/map_crashes.c tests/map_survivors.c tests/map_victims.c
CRASH_CALLS   := $(foreach f,trylock timedlock unlock consistent, \
                   -Dpthread_mutex_$f=crash_mutex_$f) -DWITH_THREAD_SANITIZER=0

$(BUILD)/tests/test_$(CRASH_TEST): $(CRASH_LIBRARY)
	@$(COMPILE) -Itests -o $@ $(CRASH_SOURCES) $(BUILD)/tests/test.o $<

$(CRASH_LIBRARY): $(CRASH_OBJECTS)
	@rm -f $@ && ar -crs $@ $(CRASH_OBJECTS)

# A compiler that cannot tell of stores makes a program that says so.
$(CRASH_OBJECTS): $(CRASHES)/%.o: $(TEST_STAMP)
	@mkdir -p $(CRASHES)
	@$(COMPILE) $(CRASH_CALLS) -fno-lto -fsanitize=thread -c -o $@ $*.c \
	    2>/dev/null || $(COMPILE) $(CRASH_CALLS) -c -o $@ $*.c

$(TEST_STAMP): $(STAMP)
	@rm -rf $(BUILD)/tests && mkdir -p $(BUILD)/tests
	@$(COMPILE) -Itests -c -o $(BUILD)/tests/test.o tests/test.c
	@touch $@

# The tests of this folder without bats, which takes a fifth of the time, and
# those of the examples with it. JOBS is how many programs run at once.
test-fast: $(TEST_PROGRAMS) $(FAULT_PROGRAMS) limit run_tests
	@LIMIT='$(abspath build/time_limit) $(TEST_SECONDS)' RUNNER='$(RUNNER)' \
	    JOBS='$(JOBS)' tools/test.sh $(wildcard ../[1-9]_*/test.bats) \
	    $(TEST_PROGRAMS) $(FAULT_PROGRAMS)

# In these the linker puts calls that can be made to fail in the place of those
# to the C library. Only Linux' linkers can do that; elsewhere the tests say so.
FAILING := malloc calloc realloc aligned_alloc free mmap munmap fopen fread \
  fclose pthread_create pthread_join pthread_setname_np pthread_mutexattr_init \
  pthread_mutexattr_setpshared pthread_mutexattr_setrobust \
  pthread_mutexattr_destroy pthread_mutex_init pthread_mutex_destroy \
  pthread_mutex_trylock pthread_mutex_timedlock \
  pthread_mutex_lock pthread_mutex_unlock pthread_mutex_consistent \
  pthread_condattr_init pthread_condattr_setclock pthread_condattr_destroy \
  pthread_cond_init pthread_cond_broadcast pthread_cond_wait \
  pthread_cond_timedwait pthread_once pthread_atfork pthread_key_create \
  pthread_setspecific atexit syscall sysconf vsnprintf fprintf fwrite \
  open shm_open close fstat flock pread pwrite ftruncate posix_fallocate \
  mprotect unlink shm_unlink __fread_chk __vsnprintf_chk __fprintf_chk

LINUX         := $(filter Linux,$(shell uname -s))
FAULT_PARTS   := faults $(if $(LINUX),fail_nth fail_calls fail_files fail_pthread fail_words)
FAULT_OBJECTS := $(FAULT_PARTS:%=$(BUILD)/tests/%.o)
WRAP          := $(if $(LINUX),$(FAILING:%=-Wl,--wrap=%))

# Where it sees the format, gcc knows when printf cannot fail, and leaves out
# what the library does if it fails. While linking it sees all formats.
FAULT_FLAGS := $(if $(findstring -flto,$(CFLAGS)),-DPRINTF_CANNOT_FAIL)

# A sanitizer makes such calls of its own, and they are not to fail. So there
# the calls are replaced first, by a link that leaves all others open.
FIRST_LINK := $(if $(and $(LINUX),$(SAN)),$(CC) -nostdlib -r $(WRAP))

$(FAULT_PROGRAMS): $(BUILD)/tests/%: $(TEST_STAMP) $(FAULT_OBJECTS) $(LIBRARY)
	@$(COMPILE) -Itests -c -o $@.o tests/$*.c
	@$(if $(FIRST_LINK),$(FIRST_LINK) -o $@.all.o $@.o $(FAULT_OBJECTS) \
	    $(BUILD)/tests/test.o $(OBJECTS))
	@$(COMPILE) -o $@ $(if $(FIRST_LINK),$@.all.o,$(WRAP) $@.o \
	    $(FAULT_OBJECTS) $(BUILD)/tests/test.o $(LIBRARY))

$(FAULT_OBJECTS): $(BUILD)/tests/%.o: $(TEST_STAMP)
	@$(COMPILE) $(FAULT_FLAGS) -Itests -c -o $@ tests/$*.c

$(BUILD)/tests/faults_%.bats: $(BUILD)/tests/faults_% tests/to_bats.sh
	@tests/to_bats.sh faults_$* '$(RUNNER)' $(abspath $<) > $@
