# Sourced after server.sh by the tests of the packages: most are single
# commands, each of which succeeds or does not.
#
# check           counts a command that is to succeed, and shows what it
#                 printed if it does not
# count_regress   adds the regression tests that the command before ran
# count_run       adds what the run of other tests counted, in that file
# conclude        prints the sum, and returns it as a status

passed=0 failed=0 skipped=0

check() {
	local what=$1
	shift

	if "$@" >"$log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		say "ok - $what"
	else
		failed=$((failed + 1))
		tail -n 100 "$log"
		say "not ok - $what"
	fi
}

# What should have run, as often as the argument says, and is not seen to succeed
# has failed: so has a command that ran no test.
count_regress() {
	local files=("$top"/test/sql/*.sql) times=${1:-1} succeeded

	grep -E '^(ok |not ok |test .* \.\.\. )' "$log"
	succeeded=$(regress_passed "$log")
	passed=$((passed + succeeded))
	failed=$((failed + times * ${#files[@]} - succeeded))
}

count_run() {
	local numbers=($(counts "$1"))

	passed=$((passed + numbers[0])) failed=$((failed + numbers[1]))
	skipped=$((skipped + numbers[2]))
}

conclude() {
	local summary="$passed passed, $failed failed"

	[ "$skipped" -eq 0 ] || summary+=", $skipped skipped"
	say "$summary"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
