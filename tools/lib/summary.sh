# Sourced by what counts tests: those of others, and its own checks, which are
# single commands.
#
# count           adds so many that passed, failed and were skipped
# count_log       adds what the last line of a run, kept in a file, counts
# check           counts a command that is to succeed, and shows what it
#                 printed if it does not
# check_equal     counts a number that is to be another
# regress_passed  counts the regression tests that succeeded, in their output
# count_regress   adds the regression tests that a check ran
# conclude        prints the sum, and returns it as a status

passed=0 failed=0 skipped=0

count() {
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + ${3:-0}))
}

# Without such a line the run did not get as far as the tests.
counts() {
	local summary

	summary=$(grep -aE '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1)
	echo $(grep -oE '[0-9]+' <<<"${summary:-0 passed, 1 failed}, 0 skipped" | head -n 3)
}

count_log() { count $(counts "$1"); }

check() {
	local what=$1
	shift

	if "$@" >"$log" 2>&1 </dev/null; then
		count 1 0
		say "ok - $what"
	else
		count 0 1
		tail -n 100 "$log"
		say "not ok - $what"
	fi
}

check_equal() {
	if [ "$2" = "$3" ]; then
		count 1 0
		say "ok - $1"
	else
		count 0 1
		say "not ok - $1: $3 instead of $2"
	fi
}

# PostgreSQL 15 words its lines otherwise than 16 and newer.
regress_passed() {
	grep -acE '^(ok [0-9]+ |test .* \.\.\. ok )' "$1"
}

# What should have run, as often as the argument says, and is not seen to succeed
# has failed: so has a command that ran no test.
count_regress() {
	local files=("$top"/test/sql/*.sql) times=${1:-1} succeeded

	grep -E '^(ok |not ok |test .* \.\.\. )' "$log"
	succeeded=$(regress_passed "$log")
	count "$succeeded" $((times * ${#files[@]} - succeeded))
}

# Where nothing was counted, something has failed.
conclude() {
	local summary

	[ $((passed + failed)) -gt 0 ] || failed=1
	summary="$passed passed, $failed failed"
	[ "$skipped" -eq 0 ] || summary+=", $skipped skipped"
	say "$summary"
	[ "$failed" -eq 0 ]
}
