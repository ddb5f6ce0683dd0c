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

# Unless the caller says which compiler, the first that there is.
ifeq ($(origin CC),default)
  CC := $(shell for c in cc gcc clang; do \
          command -v $$c 2>/dev/null && break; done)
  CC := $(notdir $(CC))
endif

CFLAGS ?= -O2 -g

SANITIZER_thread  := -fsanitize=thread
SANITIZER_trace   := -DCOMMON_TRACE
SANITIZER_delays  := -DCOMMON_DELAYS
SANITIZER_thread-delays := $(SANITIZER_thread) $(SANITIZER_delays)
SANITIZER_address := -fsanitize=address,undefined -fno-sanitize-recover=all
SANITIZER_explore  = -DCOMMON_TRACE -fsanitize=thread -fPIC -DWAIT_WITH_PTHREAD \
                     -DFEW_TRIES -DCOMMON_QUIET -fno-optimize-sibling-calls \
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

COMPILE = $(CC) -std=gnu11 -Wall -Wextra -Wformat-security -pthread \
          -I$(COMMON) $(SANITIZER_$(SAN)) $(CFLAGS) $(LDFLAGS)

define no_compiler
There is no C compiler here: type "sudo apt install gcc" (Debian, Ubuntu, \
WSL), "sudo dnf install gcc" (Fedora) or "xcode-select --install" (macOS)
endef

.PHONY: have-compiler
have-compiler:
	@$(if $(shell command -v $(firstword $(CC)) 2>/dev/null),, \
	    $(error $(no_compiler)))

# A built file is out of date when its content would differ, not by the clock:
# an edit in the same second as the last build counts, and GNU make 3.81 on
# macOS sees whole seconds only. So what is built depends on an empty file that
# is named after the sum of all sources and flags; a new sum starts with an
# empty folder. It is a sum of sums, with names: a line that moves from the end
# of one file to the top of the next counts too. Use: $(call sum_of,FILES,WORDS)
sum_of = $(shell { cksum $(1); echo '$(subst ','\'',$(COMPILE) $(2))'; } 2>/dev/null \
           | cksum | tr -s ' \t' -)

# For the makes that we call: several compilers at once, unless the caller said
# how many.
PARALLEL = $(if $(findstring j,$(firstword -$(MAKEFLAGS)))$(filter \
             -j% --jobserver%,$(MAKEFLAGS)),,-j4)

# The library, its tests and what is built for them: library.mk, at ROOT.
# Use: $(MAKE) $(AT_ROOT) TARGET
AT_ROOT = --silent --no-print-directory -C $(ROOT) -f tools/make/library.mk

# How long a program may take in a test.
TEST_SECONDS ?= $(if $(SAN)$(RUNNER),120,20)
