# Sourced by every tool: what it needs from the system it runs on.
#
# say, fail, quietly  speak, give up, and run a command that speaks only if it fails
# as_root             runs a command as root
# learn_packages      lets the package manager learn which versions there are
# install_packages    installs packages, after it has said which and how big they are
# prepare             installs what is missing to build the extension and to run
#                     a server, on Debian and its kin; "prepare tests" what the
#                     tests need, too
#
# PG_CONFIG selects the installation, as everywhere in PGXS.  A folder whose path
# is in work is removed at exit.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG_CONFIG=${PG_CONFIG:-pg_config}
pg_config_named=$PG_CONFIG
MAKE=${MAKE:-make}
learned=
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

# A source that does not answer need not be the one that is needed: what apt says
# of it is shown, and no end.
learn_packages() {
	[ -z "$learned" ] || return 0
	need_root "install packages"
	learned=yes
	as_root apt-get update >"$log" 2>&1 </dev/null && ! grep -q '^[EW]: ' "$log" ||
		grep -E '^[EW]: ' "$log" >&2
	return 0
}

# Names the packages and says how big they are, with all that they need, before
# it installs them without a question, and without the default cluster that the
# server package would otherwise make and start.
install_packages() {
	local conf=/etc/postgresql-common/createcluster.d/nps-$$.conf
	local policy=/usr/sbin/policy-rc.d

	command -v apt-get >/dev/null || fail "missing: $*.  Please install them."
	learn_packages
	say "Installing $*"
	LC_ALL=C as_root apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null </dev/null |
		grep -E '^(Need to get|After this operation)'
	quietly "install $*" as_root sh -eu -c '
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
	hash -r
}

# Makes sure that there is a command, of a package of that name.
need_command() {
	command -v "$1" >/dev/null || install_packages "$1"
}

# The newest of a package's numbered kin that it depends on: of clang-14, 14.
version_behind() {
	LC_ALL=C apt-cache depends "$1" 2>/dev/null | sed -n "s/.*Depends: $1-\([0-9]*\)\$/\1/p" | head -1
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

prepare() {
	local lacking major what

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

	say "Missing: $(echo $lacking)"
	learn_packages
	major=$("$PG_CONFIG" --version 2>/dev/null | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
	major=${major:-$(version_behind postgresql)}
	[ -n "$major" ] || fail "this system's packages have no PostgreSQL server"
	[ "$major" -ge 15 ] || fail "PostgreSQL $major is too old: nps needs 15 or newer"
	install_packages $(for what in $lacking; do packages_of "$what" "$major"; done)

	resolve_pg_config
	lacking=$(missing "${1:-}")
	[ -z "$lacking" ] || fail "still missing after installing packages: $(echo $lacking)"
}

# The tree as a tar archive, without what is built in it or installed into it.
pack_sources() {
	(cd "$top" && tar -c --exclude=./.git --exclude=./dist --exclude=node_modules --exclude='*.o' \
		--exclude='*.bc' --exclude='*.so' --exclude='.built-for-*' --exclude=./results --exclude='./regression.*' \
		--exclude=./tmp_check --exclude=./log \
		$(printf ' --exclude=./%s' $(printf '%s\n' test/unit/*.c | sed 's/\.c$//')) .)
}

log=$(mktemp) || fail "cannot make a file in ${TMPDIR:-/tmp}"
trap 'status=$?; rm -rf "$log" ${work:+"$work"}; exit $status' EXIT
resolve_pg_config || true
