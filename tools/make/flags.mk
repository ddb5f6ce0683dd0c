# The compiler and its flags, for everything here.
#
#   make CC=clang               another compiler
#   make CFLAGS=-O0             other flags, after ours
#   make SAN=thread             with ThreadSanitizer
#   make SAN=address            with AddressSanitizer, leak check and
#                               UndefinedBehaviorSanitizer
#   make SAN=explore            for explore/, which says what that is
#   make SAN=trace              tells what happens (base/trace_hooks.h)
#   make SAN=delays             threads pause now and then (delays.c)
#   make SAN=thread-delays      both
#   make PLAIN=1                on the textbook versions (plain/README.md)
#   make RUNNER=qemu-s390x      programs are run by this one

.DELETE_ON_ERROR:

# With -B every make that we call would build the library again, all at the same
# time; -t would leave an empty file for a program; with -e the variables that a
# script of ours has would take the place of a makefile's.
LETTERS := $(filter-out -%,$(firstword $(MAKEFLAGS)))
ifneq ($(strip $(foreach l,B e t,$(findstring $l,$(LETTERS)))),)
  $(error make -B, -e and -t cannot be used here: type "make clean", and then \
      make without them)
endif

# make -n and -q run a line that has $(MAKE) in it. One that calls a script
# begins with this.
UNLESS_DRY := $(if $(findstring n,$(LETTERS))$(findstring q,$(LETTERS)),exit;)

# Unless the caller says which compiler, the first that there is. (make -R knows
# of none.)
ifneq ($(filter default undefined,$(origin CC)),)
  CC := $(shell for c in cc gcc clang; do \
          command -v $$c >/dev/null 2>&1 && echo $$c && break; done)
endif

CFLAGS ?= -O2 -g

# What -flto compiles needs the compiler's own ar.
ifneq ($(filter default undefined,$(origin AR)),)
  AR := ar
  ifneq ($(findstring -flto,$(CC) $(CFLAGS)),)
    AR := $(shell for a in $(if $(findstring clang,$(CC)),llvm,gcc)-ar ar; do \
            command -v $$a >/dev/null 2>&1 && echo $$a && break; done)
  endif
endif

SANITIZER_thread  := -fsanitize=thread
SANITIZER_trace   := -DCOMMON_TRACE
SANITIZER_delays  := -DCOMMON_DELAYS -fno-lto
SANITIZER_thread-delays := $(SANITIZER_thread) $(SANITIZER_delays)
SANITIZER_address := -fsanitize=address,undefined -fno-sanitize-recover=all
SANITIZER_explore  = -DCOMMON_TRACE -fno-lto -fno-sanitize=all -fsanitize=thread \
                     -fPIC -g -DWAIT_WITH_PTHREAD -DFEW_TRIES -DCOMMON_QUIET \
                     -fno-optimize-sibling-calls -ftls-model=global-dynamic \
                     -fvisibility=default \
                     $(addprefix -fno-builtin-,strcmp strncmp memcmp) \
                     -U_FORTIFY_SOURCE -gdwarf-4 $(TLS)

# Of DWARF 5 an older addr2line finds no lines, as Debian 11's with clang 16.
# explore takes the place of functions. So they are called, and the compiler does
# not do their work itself; one of them finds a thread-local variable.
ifeq ($(SAN),explore)
  TLS := $(shell for f in gnu trad; do $(CC) -mtls-dialect=$$f -E -x c \
           /dev/null >/dev/null 2>&1 && echo -mtls-dialect=$$f && break; done)
endif

# ROOT is where common/, tools/ and trace/ lie: the project, or a packed folder.
COMMON := $(ROOT)/common

# Where it is built: below the folder's own build/, one place a variant.
BUILD := build$(if $(PLAIN),/plain)$(if $(SAN),/$(SAN))

# The variant's flags come last: CFLAGS must not switch them off.
COMPILE = $(CC) -std=gnu11 -Wall -Wextra -Wformat-security -pthread \
          -I$(COMMON) $(CFLAGS) $(LDFLAGS) $(SANITIZER_$(SAN))

define no_compiler
There is no C compiler here: type "sudo apt install gcc" (Debian, Ubuntu, \
WSL), "sudo dnf install gcc" (Fedora) or "xcode-select --install" (macOS)$(if $(CC),; make looked for \
"$(firstword $(CC))")
endef

.PHONY: have-compiler
have-compiler:
	@$(if $(shell command -v $(firstword $(CC)) 2>/dev/null),, \
	    $(error $(no_compiler)))

# Tests are called by words that a shell splits, and so are not for every folder.
.PHONY: plain-path
plain-path:
	@test "$$(printf %s "$$PWD" | LC_ALL=C tr -cd \
	    'A-Za-z0-9/._+,=@:%~^\200-\377-')" = "$$PWD" || { \
	    echo "make test cannot run in this folder, for its path has a space or" \
	        "a sign like ( or $$: move the project. All the rest works here." >&2; \
	    exit 1; }

# make reads lines that end as on Windows, and a shell does not.
define windows_lines
The files here have the line ends of Windows, which sh cannot read: clone the \
project with git, or unpack it with "unzip -a"
endef

.PHONY: have-lines
have-lines:
	@$(if $(filter-out 0,$(shell grep -c "$$(printf '\r')" \
	    $(ROOT)/tools/test.sh)),$(error $(windows_lines)))

# Scripts are files without a run bit where the project was unzipped. After a
# build that failed this one says what the machine lacks, if it lacks something.
SH ?= sh
ASK_MACHINE = ROOT='$(ROOT)' CC='$(CC)' $(SH) $(ROOT)/tools/workshop/machine.sh >&2

# A built file is out of date when its content would differ, not by the clock:
# an edit in the same second as the last build counts, and GNU make 3.81 on
# macOS sees whole seconds only. So what is built depends on an empty file that
# is named after the sum of all sources and flags; a new sum starts with an
# empty folder. It is a sum of sums, with names: a line that moves from the end
# of one file to the top of the next counts too. Use: $(call sum_of,FILES,WORDS)
sum_of = $(shell { cksum $(1); echo '$(subst ','\'',$(COMPILE) $(2))'; } 2>/dev/null \
           | cksum | tr -s ' \t' -)

# Half a file, of a disk that was full or a make that was killed, must not count
# as built. So each is written in a folder of its own, with what a compiler puts
# beside it (.d, .dSYM), and then moved.
# Use: $(BEGIN) && $(COMPILE) -o $(NEW) ... && $(MOVE)
# A long build tells that it goes on, if it is asked to (TELL).
BEGIN = $(if $(TELL),printf . >&2;) rm -rf $@.new $@.dSYM && mkdir $@.new
NEW   = $@.new/$(@F)
MOVE  = mv $@.new/* $(@D) && rmdir $@.new

# A clock that was wrong for a while may have dated a file in the future, and no
# edit is newer: it is built again.
in_future = $(shell { touch build/now && \
              find build -type f -newer build/now; } 2>/dev/null)
.PHONY: again

# For the makes that we call: several compilers at once, unless the caller said
# how many.
PARALLEL = $(if $(findstring j,$(firstword -$(MAKEFLAGS)))$(filter \
             -j% --jobserver%,$(MAKEFLAGS)),,-j4)

# The library, its tests and what is built for them: library.mk, at ROOT.
# Use: $(MAKE) $(AT_ROOT) TARGET
AT_ROOT = --silent --no-print-directory -C $(ROOT) -f tools/make/library.mk

# How long a program may take in a test.
TEST_SECONDS ?= $(if $(SAN)$(RUNNER),120,20)
