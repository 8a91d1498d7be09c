EXTENSION = nps
MODULE_big = nps
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/plain/*.c)))
SHLIB_LINK = -lm
DATA = $(wildcard sql/nps--*.sql)

# The control file holds the version; the library is told.
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" nps.control)
PG_CPPFLAGS = -Isrc -DNPS_VERSION='"$(EXTVERSION)"'

# Input in test/sql, expected output in expected.
REGRESS = $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=$(EXTENSION)

# Made anew when the major version changes, so that nothing stale is linked.
STAMP = src/.built-for-$(MAJORVERSION)
UNIT = $(patsubst %.c,%,$(wildcard test/unit/*.c))
EXTRA_CLEAN = src/.built-for-* $(UNIT) tmp_check

# Debian's server alone brings PGXS, but no headers.
PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
HEADER := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)/postgres.h

ifneq ($(and $(wildcard $(PGXS)),$(wildcard $(HEADER))),)

include $(PGXS)

# Dependencies go by the name of a file alone, which two may share.
src/plain/%.o: DEPDIR = .deps/plain

$(OBJS) $(OBJS:.o=.bc): $(STAMP) $(wildcard src/*.h src/plain/*.h) nps.control

$(STAMP):
	@rm -f src/.built-for-*
	@touch $@

# The TAP tests, and the unit tests in C, which are programs that print TAP.  Not
# part of installcheck: they make servers of their own, which root may not.
PROVE_TESTS = $(UNIT) $(sort $(wildcard test/t/*.pl))

prove_installcheck: $(filter $(UNIT),$(PROVE_TESTS))
	$(prove_installcheck)

$(UNIT): %: %.c $(wildcard test/unit/*.h src/plain/*.[ch])
	$(CC) -std=c99 -pedantic -Wall -Wextra -O2 $(UNIT_CFLAGS) -Isrc -o $@ $(filter %.c,$^) -lm

.PHONY: prove_installcheck

else

# Without the server's development files only the tools work: they install what
# is missing.
all install installcheck prove_installcheck clean:
	@echo 'nps: "$(PG_CONFIG)" leads to no PostgreSQL server development files.' >&2
	@echo 'Install them (on Debian: postgresql-server-dev-NN), or name another' >&2
	@echo 'installation: make PG_CONFIG=/path/to/pg_config' >&2
	@exit 1

endif

# Each of these has a script of its name in tools, which is told the rest by
# make's variables: make fuzz SECONDS=600 SEED=7.  CONTRIBUTING.md lists them.
TOOLS = test check-quick check-layout test-plans bench matrix fuzz sanitize \
	sqlsmith demo dashboard bench-dashboard test-dashboard test-drivers deb \
	test-deb dist test-dist

export PG_CONFIG MAKE
fuzz: export FUZZ_SECONDS = $(SECONDS)

$(TOOLS):
	@tools/$@

.PHONY: $(TOOLS)
