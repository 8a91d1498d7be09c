# Sourced by what needs a PostgreSQL server of its own: the tests, the demo.
#
# build       builds the extension, and installs it into an installation of our
#             own, which PG_CONFIG names from then on; what is installed on this
#             machine stays as it is
# start       makes a throwaway server of that and points libpq's variables at
#             it; its arguments are lines for postgresql.conf
# stop        ends that server and removes every trace of it; runs at exit
# as_server   runs a command as the unprivileged user who owns that server
# crashes     shows what in a server's logs tells of a crash, if anything does
#
# The server listens on no network address, only in a folder that nobody else
# may enter.  SERVER_ENVIRONMENT, NAME=value and so on, is what it starts with, and
# SERVER_SETTINGS further lines for postgresql.conf.

. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# The server's user reads what root makes.
umask 022

build() {
	say "Building nps for $("$PG_CONFIG" --version)"
	quietly "build" "$MAKE" -C "$top" PG_CONFIG="$PG_CONFIG" all
	# A socket's path has at most 107 bytes, so the folder's stays short.
	work=$(mktemp -d /tmp/nps.XXXXXX) || fail "cannot make a folder in /tmp"
	! is_root || chown "$(server_user)" "$work"
	PG_CONFIG=$(PG_CONFIG="$PG_CONFIG" "$top/tools/lib/installation" "$work/installation") ||
		fail "cannot make an installation of our own"
	export PG_CONFIG
	quietly "install" "$MAKE" -C "$top" PG_CONFIG="$PG_CONFIG" install
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
		[[ $name == PG_* ]] || unset "$name"
	done

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
		${SERVER_SETTINGS:-}
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

trap stop EXIT
heed_signals
