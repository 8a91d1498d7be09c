# Sourced, after server.sh, by what runs the extension under a sanitizer.
#
# sanitized  undefined or address: from here on top is a copy of the tree, in a
#            folder that is removed at exit; what is built there is instrumented
#            and checks its assertions

scratch=

# A report ends its process, so the server starts anew, which no test can miss.
sanitizer_options=abort_on_error=1:print_stacktrace=1

# Does that compiler know this sanitizer?
knows() { echo 'int x;' | "$1" -fsanitize="$2" -c -x c -o /dev/null - 2>/dev/null; }

sanitized() {
	local kind=$1 compiler sanitizers=undefined,float-cast-overflow

	remove_scratch
	scratch=$(mktemp -d /tmp/nps-sanitized.XXXXXX) || fail "cannot make a folder in /tmp"
	chmod 755 "$scratch"
	pack_sources | tar -x -C "$scratch" --no-same-owner || fail "cannot copy the tree"
	top=$scratch
	compiler=$("$PG_CONFIG" --cc)
	# To gcc an array at the end of a struct, as a tally's counts, has no bounds
	# but for this.
	! knows "$compiler" bounds-strict || sanitizers+=,bounds-strict

	# Plain C needs nothing to be loaded before it.
	export UNIT_CFLAGS="-g -fsanitize=address,$sanitizers -fno-sanitize-recover=all"
	export UBSAN_OPTIONS=$sanitizer_options
	export ASAN_OPTIONS=$sanitizer_options:detect_leaks=0
	SERVER_ENVIRONMENT="UBSAN_OPTIONS=$sanitizer_options"
	if [ "$kind" = address ]; then
		sanitizers+=,address
		# The server frees nothing at exit, and measures its stack's depth by
		# the addresses of local variables.
		SERVER_ENVIRONMENT+=" LD_PRELOAD=$($compiler -print-file-name=libasan.so)"
		SERVER_ENVIRONMENT+=" ASAN_OPTIONS=$sanitizer_options:detect_leaks=0:detect_stack_use_after_return=0"
	fi
	export SERVER_ENVIRONMENT
	# Told to the test that would meet one of these assertions on purpose.
	export SERVER_SETTINGS='nps.assertions = on'
	# PGXS defines signed overflow, by -fwrapv; here it is an error.  Bitcode
	# would not be instrumented.
	export COPT="-fsanitize=$sanitizers -fno-sanitize-recover=all -fno-wrapv -DUSE_ASSERT_CHECKING"
	export MAKEFLAGS="${MAKEFLAGS:-} with_llvm=no"
}

remove_scratch() {
	[ -z "$scratch" ] || rm -rf "$scratch"
	scratch=
}

# Set by server.sh, whose stop comes first: the server runs from that folder.
trap 'stop; status=$?; remove_scratch; exit $status' EXIT
