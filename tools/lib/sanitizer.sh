# Sourced, after server.sh, by what runs the extension under a sanitizer.
#
# sanitized  undefined or address: from here on top is a copy of the tree and
#            PG_CONFIG leads to a copy of the PostgreSQL installation, both in a
#            folder that is removed at exit; what is built is instrumented,
#            checks its assertions, and is installed into that copy only
#
# PostgreSQL finds its files by the place of its programs, so a copy of the
# folders works where it stands; pg_regress makes its temporary installations
# in the same way.

scratch=

# A report ends its process, so the server starts anew, which no test can miss.
sanitizer_options=abort_on_error=1:print_stacktrace=1

# Copies the installation, but for an nps that is installed into it.
copy_installation() {
	local to=$1 folder pkglibdir sharedir

	pkglibdir=$("$PG_CONFIG" --pkglibdir)
	sharedir=$("$PG_CONFIG" --sharedir)
	for folder in "$("$PG_CONFIG" --bindir)" "$pkglibdir" "$sharedir" \
		"$("$PG_CONFIG" --includedir-server)"; do
		mkdir -p "$to$folder" && cp -R -p "$folder/." "$to$folder" ||
			fail "cannot copy $folder"
	done
	rm -rf "$to$pkglibdir"/nps.so "$to$pkglibdir"/bitcode/nps* \
		"$to$sharedir"/extension/nps[.-]*
	PG_CONFIG=$to$("$PG_CONFIG" --bindir)/pg_config
	[ "$("$PG_CONFIG" --pkglibdir)" = "$to$pkglibdir" ] ||
		fail "this PostgreSQL does not run in another place than $pkglibdir"
}

sanitized() {
	local kind=$1 compiler sanitizers=undefined,float-cast-overflow

	remove_scratch
	scratch=$(mktemp -d /tmp/nps-sanitized.XXXXXX) || fail "cannot make a folder in /tmp"
	# The server's user reads it.
	umask 022
	chmod 755 "$scratch"
	mkdir "$scratch/tree"
	pack_sources | tar -x -C "$scratch/tree" --no-same-owner || fail "cannot copy the tree"
	copy_installation "$scratch/installation"
	top=$scratch/tree
	compiler=$("$PG_CONFIG" --cc)

	SERVER_ENVIRONMENT="UBSAN_OPTIONS=$sanitizer_options"
	if [ "$kind" = address ]; then
		sanitizers+=,address
		# The server frees nothing at exit, and measures its stack's depth by
		# the addresses of local variables.
		SERVER_ENVIRONMENT+=" LD_PRELOAD=$($compiler -print-file-name=libasan.so)"
		SERVER_ENVIRONMENT+=" ASAN_OPTIONS=$sanitizer_options:detect_leaks=0:detect_stack_use_after_return=0"
	fi
	export SERVER_ENVIRONMENT
	# PGXS defines signed overflow, by -fwrapv; here it is an error.  Bitcode
	# would not be instrumented.
	export COPT="-fsanitize=$sanitizers -fno-sanitize-recover=all -fno-wrapv -DUSE_ASSERT_CHECKING"
	export MAKEFLAGS="${MAKEFLAGS:-} with_llvm=no"
	# Plain C needs nothing to be loaded before it.
	export UNIT_CFLAGS="-g -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all"
	export UBSAN_OPTIONS=$sanitizer_options
	export ASAN_OPTIONS=$sanitizer_options:detect_leaks=0
}

remove_scratch() {
	[ -z "$scratch" ] || rm -rf "$scratch"
	scratch=
}

# Set by server.sh, whose stop comes first: the server runs from that folder.
trap 'stop; status=$?; remove_scratch; exit $status' EXIT
