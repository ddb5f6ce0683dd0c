# Builds the tests of the library. Included by library.mk.

.PHONY: tests check

# This one has a library of its own, in which every store may be the last
# (tests/proof/crash_points.h). A sanitizer cannot be had there besides. Nor can
# ThreadSanitizer where many are killed at once (os_shared_lock.c), and the
# others take long to start as many. WITHOUT leaves out more: names, with %.
CRASH_TEST   := shared_map_crashes
WITHOUT_TEST := $(if $(SAN),$(CRASH_TEST) shared_map_random_kills) $(WITHOUT)

# Whether the linker can put one call in another's place, as Linux' can, and those
# of macOS and zig cannot. It is asked where there are tests to link.
HAS_WRAP := $(strip $(if $(filter-out library limit run_tests draw sources clean,$(MAKECMDGOALS)), \
              $(shell mkdir -p $(BUILD) && echo 'int main(void) { return 0; }' | \
                $(CC) $(CFLAGS) -Wl,--wrap=none -x c -o $(BUILD)/has_wrap - \
                2>/dev/null && echo yes)))

# What the textbook versions do not promise.
LEFT_OUT  := $(if $(PLAIN),tests/plain.txt)
NOT_PLAIN := $(if $(LEFT_OUT),$(shell $(SH) tools/left_out.sh $(LEFT_OUT) programs))

# Each tests/ROOM/test_x.c becomes a program with several tests.
chosen = $(foreach p,$(patsubst %.c,$(BUILD)/%,$(wildcard $(1))),$(if $(filter \
           $(WITHOUT_TEST:%=test_%) $(WITHOUT) $(NOT_PLAIN),$(notdir $p)),,$p))
TEST_PROGRAMS  := $(call chosen,tests/*/test_*.c)
FAULT_PROGRAMS := $(if $(HAS_WRAP),$(call chosen,tests/proof/faults_*.c))
TEST_O         := $(BUILD)/tests/kit/test.o
TEST_OBJECTS    = $(TEST_PROGRAMS:=.o) $(FAULT_PROGRAMS:=.o) \
                    $(if $(HAS_WRAP),$(FAULT_OBJECTS)) $(TEST_O)

tests: $(TEST_PROGRAMS) $(FAULT_PROGRAMS) limit

$(filter-out %/test_$(CRASH_TEST),$(TEST_PROGRAMS)): %: %.o $(TEST_O) $(LIBRARY)
	@$(BEGIN) && $(COMPILE) -o $(NEW) $^ && $(MOVE)

CRASHES       := $(BUILD)/tests/crashes
CRASH_LIBRARY := $(CRASHES)/libcommon.a
CRASH_OBJECTS := $(patsubst %.c,$(CRASHES)/%.o,$(wildcard common/*/*.c))
CRASH_SOURCES := $(addprefix tests/proof/,test_$(CRASH_TEST).c crash_points.c \
                   map_crashes.c map_survivors.c map_victims.c)
CRASH_HEADERS := $(wildcard tests/proof/*.h tests/kit/*.h)
CRASH_CALLS   := $(foreach f,trylock timedlock clocklock unlock consistent, \
                   -Dpthread_mutex_$f=crash_mutex_$f) -DWITH_THREAD_SANITIZER=0
CRASH_COMPILE  = $(COMPILE) $(CRASH_CALLS) -MMD -MP -MT $@ -c

# Before version 11 gcc takes some designated initializers for positional ones.
OF_TESTS := -Wno-missing-field-initializers -Itests/kit

$(BUILD)/tests/proof/test_$(CRASH_TEST): $(CRASH_LIBRARY) $(TEST_O) \
    $(CRASH_SOURCES) $(CRASH_HEADERS)
	@$(BEGIN) && $(COMPILE) $(OF_TESTS) -o $(NEW) $(CRASH_SOURCES) $(TEST_O) \
	    $< && $(MOVE)

$(CRASH_LIBRARY): $(CRASH_OBJECTS)
	@$(BEGIN) && $(AR) -crs $(NEW) $(CRASH_OBJECTS) && $(MOVE)

# A compiler that cannot tell of stores makes a program that says so.
$(CRASH_OBJECTS): $(CRASHES)/%.o: %.c $(STAMP)
	@mkdir -p $(@D) && $(BEGIN)
	@$(CRASH_COMPILE) -fno-lto -fsanitize=thread -o $(NEW) $< 2>/dev/null || \
	    $(CRASH_COMPILE) -o $(NEW) $<
	@$(MOVE)

# All of them, and the bats files BATS. JOBS is how many programs run at once.
check: plain-path tests run_tests
	@$(if $(HAS_WRAP),,echo "left out: faults_*: this linker cannot put one \
	    call in another's place")
	@$(if $(LEFT_OUT),$(SH) tools/left_out.sh $(LEFT_OUT) show)
	@LEFT_OUT='$(LEFT_OUT)' LIMIT="$$PWD/build/time_limit $(TEST_SECONDS)" \
	    RUNNER='$(RUNNER)' JOBS='$(JOBS)' $(SH) tools/test.sh $(BATS) $(TEST_PROGRAMS) $(FAULT_PROGRAMS)

# In these the linker puts calls that can be made to fail in the place of those
# to the C library, where the linker can do that.
FAILING := malloc calloc realloc aligned_alloc free mmap munmap getentropy \
  pthread_create pthread_join pthread_setname_np pthread_mutexattr_init \
  pthread_mutexattr_setpshared pthread_mutexattr_settype pthread_mutexattr_setrobust \
  pthread_mutexattr_destroy pthread_mutex_init pthread_mutex_destroy \
  pthread_mutex_trylock pthread_mutex_timedlock pthread_mutex_clocklock \
  pthread_mutex_lock pthread_mutex_unlock pthread_mutex_consistent \
  pthread_condattr_init pthread_condattr_setclock pthread_condattr_destroy \
  pthread_cond_init pthread_cond_broadcast pthread_cond_wait \
  pthread_cond_timedwait pthread_once pthread_atfork \
  pthread_setspecific atexit syscall sysconf vsnprintf fprintf fwrite \
  open shm_open close fstat __fxstat flock pread pwrite ftruncate posix_fallocate \
  mprotect unlink shm_unlink rename __vsnprintf_chk __fprintf_chk

FAULT_OBJECTS := $(patsubst %,$(BUILD)/tests/proof/%.o,faults fail_nth fail_calls \
                   fail_files fail_pthread fail_words)
WRAP          := $(FAILING:%=-Wl,--wrap=%)

# Where it sees the format, gcc knows when printf cannot fail, and leaves out
# what the library does if it fails. While linking it sees all formats.
FAULT_FLAGS := $(if $(findstring -flto,$(CFLAGS)),-DPRINTF_CANNOT_FAIL)

# Before version 2.34 glibc had shm_open in librt.
#
# A sanitizer makes such calls of its own, and they are not to fail. So there
# the calls are replaced first, by a link that leaves all others open.
FIRST_LINK := $(if $(SAN),$(CC) -nostdlib -r $(WRAP))

$(FAULT_PROGRAMS): %: %.o $(TEST_O) $(FAULT_OBJECTS) $(LIBRARY)
	@$(if $(FIRST_LINK),$(FIRST_LINK) -o $@.all.o $< $(FAULT_OBJECTS) \
	    $(TEST_O) $(OBJECTS))
	@$(BEGIN) && $(COMPILE) -o $(NEW) $(if $(FIRST_LINK),$@.all.o,$(WRAP) $< \
	    $(FAULT_OBJECTS) $(TEST_O) $(LIBRARY)) -lrt && $(MOVE)

$(sort $(TEST_OBJECTS)): $(BUILD)/%.o: %.c $(STAMP)
	@$(BEGIN) && $(COMPILE) $(FAULT_FLAGS) $(if $(PLAIN),-DCOMMON_PLAIN -Iplain) \
	    $(OF_TESTS) -MMD -MP -MT $@ -c -o $(NEW) $< && $(MOVE)

-include $(TEST_OBJECTS:.o=.d) $(CRASH_OBJECTS:.o=.d)
