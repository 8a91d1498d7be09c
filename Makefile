EXTENSION = nps
MODULE_big = nps
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/plain/*.c)))
SHLIB_LINK = -lm
DATA = $(wildcard sql/nps--*.sql)

# The control file holds the version; the library is told.
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" nps.control)
PG_CPPFLAGS = -Isrc -DNPS_VERSION='"$(EXTVERSION)"'

# Input in test/sql, expected output in expected.  The TAP tests are left out
# of installcheck: they make servers of their own, which root may not.
REGRESS = $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=$(EXTENSION)

# Made anew when the major version changes, so that nothing stale is linked.
STAMP = src/.built-for-$(MAJORVERSION)
EXTRA_CLEAN = src/.built-for-*

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

ifneq ($(wildcard $(PGXS)),)

include $(PGXS)

$(OBJS) $(OBJS:.o=.bc): $(STAMP) $(wildcard src/*.h src/plain/*.h) nps.control

$(STAMP):
	@rm -f src/.built-for-*
	@touch $@

else

# Without the server's development files only test and demo work: they install
# what is missing.
all install installcheck clean:
	@echo 'nps: "$(PG_CONFIG)" leads to no PostgreSQL server development files.' >&2
	@echo 'Install them (on Debian: postgresql-server-dev-NN), or name another' >&2
	@echo 'installation: make PG_CONFIG=/path/to/pg_config' >&2
	@exit 1

endif

# The scripts call make in their turn.  Under this name a dry run stays dry.
SUBMAKE := $(MAKE)

# make test TESTS="tally dump_restore" runs just these.
test:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' test/run $(TESTS)

demo:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' test/demo/run

# make bench ROWS=1000000 ROUNDS=9 measures with fewer answers and more rounds.
bench:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' ROWS='$(ROWS)' ROUNDS='$(ROUNDS)' test/bench/run

# make matrix SERVERS="native 18" tries only these.
matrix:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' SERVERS='$(SERVERS)' test/matrix/run

# make fuzz SECONDS=600 SEED=7 HARNESSES="parse tests" fuzzes longer, from
# another seed, only these.
fuzz:
	@FUZZ_SECONDS='$(SECONDS)' FUZZ_SEED='$(SEED)' FUZZ_HARNESSES='$(HARNESSES)' test/fuzz/run

# make dashboard PORT=8080 serves it there.
dashboard:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' PORT='$(PORT)' examples/dashboard/run

# These tests need npm and Chromium, which make test does not.
test-dashboard:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' test/dashboard/run

# make sanitize PARTS="undefined" leaves out the address sanitizer's system.
sanitize:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' PARTS='$(PARTS)' test/sanitize/run

# make sqlsmith QUERIES=10000 SEED=7 SANITIZE=undefined sends fewer, and others,
# to a library built as for make sanitize.
sqlsmith:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' QUERIES='$(QUERIES)' SEED='$(SEED)' \
		SANITIZE='$(SANITIZE)' test/sqlsmith/run

# Debian packages of the tree as it is, into dist.
deb:
	@test/package/deb

# Builds them and tries them in a clean Debian system.
test-deb:
	@test/package/test-deb

# The zip for PGXN, of the last commit, into dist.
dist:
	@test/package/dist

# Unpacks it elsewhere, builds it, and runs the tests that are in it.
test-dist:
	@PG_CONFIG='$(PG_CONFIG)' MAKE='$(SUBMAKE)' TESTS='$(TESTS)' test/package/test-dist

.PHONY: test demo bench matrix fuzz sanitize sqlsmith dashboard \
	test-dashboard deb test-deb dist test-dist
