# Sourced after server.sh by what needs a Debian system of its own, in a folder
# below $store, where it is kept for the next run.  Such a system is described
# by the variables suite, packages (what it has, with commas between), hook (a
# command that sets up where packages come from) and more (what else tells it
# from one made earlier, if anything).
#
# have_system   is there such a system, in that folder?
# make_system   makes it there, in place of an older one
# tar_sources   writes the tree, unbuilt, as a tar archive
# lay_sources   puts a fresh copy of the tree into a folder of such a system
# enter         runs a command in it, as root; no process or mount outlives it
# enter_copy    the same in a copy, in memory, to which what is in another
#               folder is added; the copy is gone afterwards

store=${MATRIX_STORE:-/var/cache/nps-matrix}
hook=true
more=

described() { say "$suite $packages${more:+ $more}"; }

# One that an older script made may lack some packages.
have_system() {
	[ "$(cat "$1/packages" 2>/dev/null)" = "$(described)" ]
}

# Further arguments are options for mmdebstrap.  A suite that is not released
# yet may carry an expired release file.
make_system() {
	local folder=$1
	shift

	if ! command -v mmdebstrap >/dev/null; then
		as_root apt-get update
		install_packages mmdebstrap || return
	fi
	as_root mkdir -p "$store"
	as_root rm -rf --one-file-system "$folder.part"
	as_root mmdebstrap --quiet --variant=minbase --include="$packages" \
		--aptopt='Acquire::Check-Valid-Until "false"' --setup-hook="$hook" "$@" \
		"$suite" "$folder.part" &&
		as_root tee "$folder.part/packages" <<<"$(described)" &&
		as_root rm -rf --one-file-system "$folder" &&
		as_root mv "$folder.part" "$folder"
}

# Nothing that was built or left by tests, and no repository.
tar_sources() {
	tar -c -C "$top" --exclude=./.git --exclude=./dist --exclude=node_modules \
		--exclude=./results --exclude='./regression.*' --exclude=./tmp_check --exclude=./log \
		--exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude='.built-for-*' .
}

lay_sources() {
	as_root rm -rf --one-file-system "$1"
	as_root mkdir "$1"
	tar_sources | as_root tar -x -C "$1" --no-same-owner
}

# What is done in namespaces of our own, before the command that follows.
into_system='
	mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && folder=$1 && shift &&
	exec chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 '

enter() {
	as_root unshare --mount --pid --fork --kill-child sh -c "$into_system"'"$@"' \
		sh "$@" </dev/null 2>&1
}

enter_copy() {
	as_root unshare --mount --pid --fork --kill-child sh -c '
		copy=$2.copy && mkdir -p "$copy" && mount -t tmpfs -o mode=755,size=4g tmpfs "$copy" &&
		cp -a "$1/." "$2/." "$copy/" && shift 2 && set -- "$copy" "$@" &&'"$into_system"'"$@"' \
		sh "$@" </dev/null 2>&1
}
