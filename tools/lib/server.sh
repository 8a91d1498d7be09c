# Sourced by what needs a PostgreSQL server of its own: the tests, the demo.
#
# prepare     installs the packages that are missing, on Debian and its kin;
#             "prepare tests" those that the tests need, too
# build       builds the extension and installs it into the server's folders
# start       makes a throwaway server and points libpq's variables at it; its
#             arguments are lines for postgresql.conf
# stop        ends that server and removes every trace of it; runs at exit
# as_server   runs a command as the unprivileged user who owns that server
# crashes     shows what in a server's logs tells of a crash, if anything does
# counts      reads the numbers of a last line: N passed, N failed, N skipped
# regress_passed  counts the regression tests that succeeded, in their output
#
# The server listens on no network address, only in a folder that nobody else
# may enter.  PG_CONFIG selects the installation, as everywhere in PGXS.
# SERVER_ENVIRONMENT, NAME=value and so on, is what the server starts with.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG_CONFIG=${PG_CONFIG:-pg_config}
pg_config_named=$PG_CONFIG
MAKE=${MAKE:-make}
log=
work=

say() { printf '%s\n' "$*"; }
fail() { printf 'nps: %s\n' "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# Says in time that something can't be done without root.
need_root() {
	is_root || command -v sudo >/dev/null ||
		fail "to $1 needs root, and there is no sudo"
}

as_root() {
	if is_root; then
		"$@"
	else
		sudo "$@"
	fi
}

# Runs a command and shows what it printed only if it fails.
quietly() {
	local what=$1
	shift
	if ! "$@" >"$log" 2>&1 </dev/null; then
		cat "$log" >&2
		fail "could not $what"
	fi
}

# The whole path of pg_config, so that neither root's PATH nor another current
# folder leads to another server.
resolve_pg_config() {
	local path

	path=$(command -v "$PG_CONFIG") || return
	PG_CONFIG=$(cd "$(dirname "$path")" && pwd)/$(basename "$path")
}

pg_has() { [ -e "$("$PG_CONFIG" "$1" 2>/dev/null)$2" ]; }

# Names, one a line, what is missing to build the extension and, for "tests",
# to test it.
missing() {
	can_compile || say compiler
	{ pg_has --pgxs "" && pg_has --includedir-server /postgres.h; } || say headers
	{ pg_has --bindir /initdb && pg_has --bindir /postgres; } || say server
	pg_has --bindir /psql || say psql
	[ "$1" = tests ] || return 0
	perl -MTAP::Harness -e 1 2>/dev/null || say prove
	perl -MIPC::Run -e 1 2>/dev/null || say IPC::Run
}

can_compile() {
	local compiler

	compiler=$("$PG_CONFIG" --cc 2>/dev/null) || compiler=gcc
	echo '#include <stdlib.h>
int main(void) { return EXIT_SUCCESS; }' |
		${compiler:-gcc} -x c -o /dev/null - 2>/dev/null
}

# The packages that bring it, for that major version of PostgreSQL.
packages_of() {
	case $1 in
		compiler) say gcc libc6-dev ;;
		headers) say "postgresql-server-dev-$2" ;;
		server) say "postgresql-$2" ;;
		psql) say "postgresql-client-$2" ;;
		prove) say perl ;;
		IPC::Run) say libipc-run-perl ;;
	esac
}

# Says what is going to be installed, and lets apt learn where it is.  A source
# that does not answer need not be the one that is needed.
announce_packages() {
	say "Installing what is missing: $*"
	need_root "install packages"
	as_root apt-get update >/dev/null 2>&1 </dev/null || true
}

# Installs packages without a question, and without the default cluster that
# the server package would otherwise make and start.
install_packages() {
	local conf=/etc/postgresql-common/createcluster.d/nps-$$.conf
	local policy=/usr/sbin/policy-rc.d

	as_root sh -eu -c '
		conf=$1 policy=$2
		shift 2
		made_policy=
		cleanup() { rm -f "$conf"; [ -z "$made_policy" ] || rm -f "$policy"; }
		trap cleanup EXIT
		trap "exit 130" INT TERM HUP
		mkdir -p "${conf%/*}"
		echo "create_main_cluster = false" >"$conf"
		if [ ! -e "$policy" ]; then
			made_policy=yes
			printf "#!/bin/sh\nexit 101\n" >"$policy"
			chmod 755 "$policy"
		fi
		export DEBIAN_FRONTEND=noninteractive
		apt-get install --yes --quiet --no-install-recommends "$@"
	' sh "$conf" "$policy" "$@"
}

prepare() {
	local lacking packages major what

	lacking=$(missing "${1:-}")
	[ -n "$lacking" ] || return 0

	if ! command -v apt-get >/dev/null; then
		fail "missing: $(echo $lacking)
Please install the PostgreSQL server (15 or newer) with its development files
(pg_config, PGXS), a C compiler, prove and the Perl module IPC::Run.  If
pg_config is not in PATH, name it: make PG_CONFIG=/path/to/pg_config ..."
	fi

	# A pg_config asked for by name says which server is meant.
	if [ "$pg_config_named" != pg_config ] && ! "$PG_CONFIG" --version >/dev/null 2>&1; then
		fail "PG_CONFIG is $PG_CONFIG, which does not run"
	fi

	announce_packages $lacking
	major=$("$PG_CONFIG" --version 2>/dev/null | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
	if [ -z "$major" ]; then
		major=$(LC_ALL=C apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -1)
	fi
	[ -n "$major" ] || fail "this system's packages have no PostgreSQL server"
	[ "$major" -ge 15 ] || fail "PostgreSQL $major is too old: nps needs 15 or newer"
	packages=$(for what in $lacking; do packages_of "$what" "$major"; done)
	quietly "install $(echo $packages)" install_packages $packages

	hash -r
	resolve_pg_config
	lacking=$(missing "${1:-}")
	[ -z "$lacking" ] || fail "still missing after installing packages: $(echo $lacking)"
}

build() {
	local target

	say "Building nps for $("$PG_CONFIG" --version)"
	quietly "build" "$MAKE" -C "$top" PG_CONFIG="$PG_CONFIG" all
	for target in "$("$PG_CONFIG" --pkglibdir)" "$("$PG_CONFIG" --sharedir)/extension"; do
		if [ ! -w "$target" ]; then
			need_root "install into $target"
			quietly "install" as_root "$MAKE" -C "$top" PG_CONFIG="$PG_CONFIG" install
			return
		fi
	done
	quietly "install" "$MAKE" -C "$top" PG_CONFIG="$PG_CONFIG" install
}

# The tree as a tar archive, without what is built in it or installed into it.
pack_sources() {
	(cd "$top" && tar -c --exclude=./.git --exclude=./dist --exclude=node_modules --exclude='*.o' \
		--exclude='*.bc' --exclude='*.so' --exclude='.built-for-*' .)
}

# initdb and postgres refuse root; root lends the server to another user.
server_user() {
	if ! is_root; then
		id -un
	elif id postgres >/dev/null 2>&1; then
		say postgres
	else
		say nobody
	fi
}

as_server() {
	if is_root; then
		(cd "$work" && runuser -u "$(server_user)" -- "$@")
	else
		(cd "$work" && "$@")
	fi
}

start() {
	local name

	bindir=$("$PG_CONFIG" --bindir)
	# Nothing of the caller's own connection may reach this server's clients.
	for name in "${!PG@}"; do
		[ "$name" = PG_CONFIG ] || unset "$name"
	done
	# A socket's path has at most 107 bytes, so the folder's stays short.
	work=$(mktemp -d /tmp/nps.XXXXXX) || fail "cannot make a folder in /tmp"
	! is_root || chown "$(server_user)" "$work"

	say "Starting a PostgreSQL server of our own"
	quietly "make a database cluster" as_server "$bindir/initdb" \
		--pgdata="$work/data" --username=postgres --auth=trust \
		--encoding=UTF8 --locale=C --no-sync
	as_server tee -a "$work/data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$work'
		fsync = off
		max_wal_size = 4GB
		shared_buffers = 256MB
		$(printf '%s\n' "$@")
	CONF
	quietly "start the server" as_server env ${SERVER_ENVIRONMENT:-} "$bindir/pg_ctl" \
		start --wait --silent --pgdata="$work/data" --log="$work/log"
	export PGHOST=$work PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	export PATH="$bindir:$PATH"
}

# Is there, in these logs of servers, a failed assertion, a report of a
# sanitizer, or a process that its own fault ended?  Shows the first of them.
crashes() {
	local found

	found=$(grep -hE -A 15 -e '^TRAP: |runtime error: |ERROR: [A-Za-z]*Sanitizer' \
		-e 'was terminated by signal (4|6|7|8|11)\b' "$@" | head -n 60)
	[ -z "$found" ] || say "$found"
	[ -n "$found" ]
}

# What the last line of a run, kept in a file, counts: passed, failed, skipped.
# Without such a line the run did not get as far as the tests.
counts() {
	local summary

	summary=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1)
	echo $(grep -oE '[0-9]+' <<<"${summary:-0 passed, 1 failed}, 0 skipped" | head -n 3)
}

# How many regression tests did pg_regress say succeeded?  PostgreSQL 15 words
# its lines otherwise than 16 and newer.
regress_passed() {
	grep -cE '^(ok [0-9]+ |test .* \.\.\. ok )' "$1"
}

# Ends the script where it stands.  stop, which nothing may interrupt, undoes it.
heed_signals() {
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

stop() {
	local status=$?

	trap '' INT TERM HUP
	if [ -n "$work" ]; then
		if [ -e "$work/data/postmaster.pid" ]; then
			as_server "$bindir/pg_ctl" stop --mode=immediate \
				--silent --pgdata="$work/data" >/dev/null 2>&1
		fi
		rm -rf "$work"
		work=
	fi
	rm -f "$log"
	return $status
}

log=$(mktemp) || fail "cannot make a file in ${TMPDIR:-/tmp}"
trap stop EXIT
heed_signals
resolve_pg_config || true
