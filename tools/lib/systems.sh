# Sourced by what runs tests in other systems than the native one: the matrix, the
# sanitizers, those of the packages.
#
# lock_store     keeps the systems from other runs, till the script ends; waits for
#                a run that has them
# ensure_system  makes a Debian system with that server, 17, 18 or 19, unless
#                there is one; they are kept, locked, in MATRIX_STORE
# run_in         runs make in it, on a fresh copy of the tree; the folder
#                NPS_DUMPS, if there is one, is there, too, and NPS_DUMPS_OF

store=${MATRIX_STORE:-/var/cache/nps-matrix}

lock_store() {
	[ -z "${store_lock:-}" ] || return 0
	need_root "make and enter another system"
	as_root mkdir -p "$store" && exec {store_lock}<"$store" || fail "cannot make $store"
	flock --nonblock "$store_lock" && return
	say "Waiting for another run that uses $store"
	flock "$store_lock"
}

# How apt and mmdebstrap say that a suite can't be had just now.
unreachable='could not (resolve|connect)|temporary failure|timed out|unable to connect'
unreachable+='|connection (failed|refused)|failed to fetch|no longer has a release file'
unreachable+='|does not have a release file'

# Sets suite, packages and hook to what a system with that server is made of.
describe_system() {
	local server=$1

	hook=true
	packages=make,gcc,libc6-dev,perl,libipc-run-perl
	packages+=,postgresql-$server,postgresql-server-dev-$server
	case $server in
		17) suite=trixie packages+=,postgresql-17-timescaledb ;;
		18) suite=forky packages+=,postgresql-18-jit ;;
		19) # A release candidate, in experimental, from the same mirror.
			suite=sid packages+=,postgresql-19-jit,libpq5,libpq-dev
			packages=$(sed -E 's/(postgresql-[^,]*19[^,]*|libpq[^,]*)/\1\/experimental/g' <<<"$packages")
			hook='sed "s/ sid / experimental /" "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/experimental.list"' ;;
	esac
}

# Is there such a system, with these packages?  One that an older script made
# may lack some.
have_system() {
	[ "$(cat "$1/packages" 2>/dev/null)" = "$suite $packages" ]
}

# Makes a Debian system in a folder, in place of an older one.  A suite that is
# not released yet may carry an expired release file.
make_system() {
	local folder=$1

	as_root rm -rf --one-file-system "$folder.part"
	as_root mmdebstrap --quiet --variant=minbase --include="$packages" \
		--aptopt='Acquire::Check-Valid-Until "false"' --setup-hook="$hook" \
		"$suite" "$folder.part" &&
		as_root tee "$folder.part/packages" <<<"$suite $packages" &&
		as_root rm -rf --one-file-system "$folder" &&
		as_root mv "$folder.part" "$folder"
}

# Makes sure that there is a system with that server.  Returns 1 if it could
# not be made, 2 if that is because its suite can't be had just now.
ensure_system() {
	local server=$1

	lock_store
	describe_system "$server"
	! have_system "$store/$server" || return 0
	need_command mmdebstrap
	say "Making a system for PostgreSQL $server"
	! LC_ALL=C make_system "$store/$server" >"$log" 2>&1 </dev/null || return 0
	tail -n 20 "$log"
	! grep -qiE "$unreachable" "$log" || return 2
	return 1
}

# Runs make with these arguments in such a system, on a fresh copy of the tree.
# Its processes and mounts are in namespaces of their own, so none outlives the
# run.
run_in() {
	local folder=$store/$1
	shift

	as_root rm -rf --one-file-system "$folder/src"
	as_root mkdir "$folder/src"
	pack_sources | as_root tar -x -C "$folder/src" --no-same-owner
	as_root unshare --mount --pid --fork --kill-child sh -c '
		folder=$1 dumps=$2 of=$3
		shift 3
		mount -t proc proc "$folder/proc" && mount --rbind /dev "$folder/dev" &&
		{ [ -z "$dumps" ] || mount --bind "$dumps" "$folder/mnt"; } &&
		exec chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
			${dumps:+NPS_DUMPS=/mnt} NPS_DUMPS_OF="$of" make -C /src --no-print-directory "$@"
	' sh "$folder" "${NPS_DUMPS:-}" "${NPS_DUMPS_OF:-}" "$@" </dev/null 2>&1
}
