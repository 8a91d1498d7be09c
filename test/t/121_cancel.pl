
# Long aggregations, cancelled by request and by statement_timeout: plain, in a
# window, grouped, spilled and in parallel workers.  They leave nothing behind,
# and the session goes on.
#
# Each is cancelled twice: where it stands still in the middle, after many rows
# and before many more, and where it runs at full speed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Faults;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('cancel');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
log_statement = none
log_line_prefix = '%m [%p] %e %q%a '
CONF
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;
CREATE TABLE answers AS
SELECT n AS id, n % 50000 AS customer, (n % 11)::smallint AS score FROM generate_series(1, 300000) AS n;
VACUUM ANALYZE answers;
SQL

my $session = $node->background_psql('postgres', on_error_stop => 0);
my $pid = $session->query_safe('SELECT pg_backend_pid()');

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('postgres', $sql);
}

# Starts a query in the session, and returns at once.
sub start_query
{
	my ($sql) = @_;

	$session->query_until(qr/started/, "\\echo started\n$sql;\n");
	return;
}

# What the session was told since this was asked last.
sub told
{
	my $told = $session->{stderr};

	$session->{stderr} = '';
	return $told;
}

# The bytes that the session keeps from one query to the next.
sub kept
{
	return $session->query_safe(
		'SELECT sum(total_bytes) FROM pg_backend_memory_contexts');
}

# The right answer of each query, by plain SQL; none takes long.
my $right = "-45.45|(7,2,2)";
my $check =
  'SELECT round(nps(n), 2), nps_tally(n) FROM generate_series(0, 10) AS n';

# Tests that the query was cancelled, for this reason, and left nothing behind.
sub nothing_left
{
	my ($name, $reason) = @_;

	is(scalar $session->query($check), $right, "$name: the session goes on");
	is( told() =~ /ERROR:  (.*)/ ? $1 : '',
		"canceling statement due to $reason",
		"$name: told so");
	ok( $node->poll_query_until('postgres',
			"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'parallel worker')"
		),
		"$name: no worker");
	is(query('SELECT count(*) FROM pg_ls_tmpdir()'),
		0, "$name: no temporary file");
	is(query("SELECT count(*) FROM pg_locks WHERE pid = $pid"),
		0, "$name: no lock");
	return;
}

# The queries: %s stands for what is aggregated, %d for how many times the
# answers are read.  Does it write temporary files, does it have workers?
my $parallel = <<'SQL';
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SQL
my $serial = 'SET max_parallel_workers_per_gather = 0;';
my $source = 'answers, generate_series(1, %d) AS times';
my @cases = (
	[ 'plain', $serial, "SELECT nps(%s), nps_tally(%s) FROM $source" ],
	[
		'window', $serial,
		"SELECT sum(tally) FROM (SELECT nps_tally(%s) OVER (ROWS 100 PRECEDING) AS tally FROM $source) AS moving"
	],
	[
		'spilled window',
		"$serial SET work_mem = '64kB';",
		"SELECT sum(tally) FROM (SELECT nps_tally(%s) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS tally"
		  . " FROM $source) AS moving",
		1
	],
	[
		'grouped', $serial,
		"SELECT sum(tally) FROM (SELECT customer, nps_tally(%s) AS tally FROM $source GROUP BY customer) AS grouped"
	],
	[
		'spilled groups',
		"$serial SET work_mem = '64kB'; SET enable_sort = off;",
		"SELECT sum(tally) FROM (SELECT customer, nps_tally(%s) AS tally FROM $source GROUP BY customer) AS grouped",
		1
	],
	[ 'parallel', $parallel, "SELECT nps(%s), nps_tally(%s) FROM $source", 0, 1 ]);

foreach (@cases)
{
	my ($name, $settings, $query, $spills, $workers) = @$_;

	# After 200,000 rows it sleeps, longer than any test takes.
	my $still = $query =~ s/%d/1/r =~
	  s/%s/CASE WHEN id = 200000 THEN pg_sleep(3600)::text::int2 ELSE score END/gr;
	# 3 * 10^11 rows.
	my $endless = $query =~ s/%d/1000000/r =~ s/%s/score/gr;
	my $kept;

	$session->query_safe("RESET ALL; $settings");
	# The first round fills the caches of the session.
	foreach my $round (0, 1)
	{
		$kept = kept() if $round;

		start_query($still);
		$node->poll_query_until('postgres', <<SQL) or die "$name: not there";
SELECT EXISTS (SELECT FROM pg_stat_activity
	WHERE $pid IN (pid, leader_pid) AND wait_event = 'PgSleep')
SQL
		is( query("SELECT count(*) > 0 FROM pg_ls_tmpdir()"),
			$spills ? 't' : 'f',
			"$name: temporary files while it runs");
		is( query("SELECT count(*) > 0 FROM pg_stat_activity WHERE leader_pid = $pid"),
			$workers ? 't' : 'f',
			"$name: workers while it runs");
		is(query("SELECT pg_cancel_backend($pid)"), 't', "$name: cancelled");
		nothing_left("$name, standing still", 'user request');

		start_query($endless);
		$node->poll_query_until('postgres',
			"SELECT state = 'active' FROM pg_stat_activity WHERE pid = $pid")
		  or die "$name: not running";
		is(query("SELECT pg_cancel_backend($pid)"), 't', "$name: cancelled");
		nothing_left("$name, running", 'user request');

		foreach my $statement ($still, $endless)
		{
			# The check that follows has the time that it takes.
			$session->query_safe('SET statement_timeout = 500');
			start_query("$statement;\nRESET statement_timeout");
			nothing_left("$name, timed out", 'statement timeout');
		}
	}
	cmp_ok(kept() - $kept, '<', 65536,
		"$name: the session keeps no more memory than before, in bytes");
}
$session->quit;
is_deeply([ complaints($node) ], [], 'nothing in the log');

$node->stop;
done_testing();
