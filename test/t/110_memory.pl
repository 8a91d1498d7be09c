
# Memory stays flat: moving windows over millions of rows, a million groups in
# memory, spilled and from parallel workers, a million calls of every function,
# and a hundred thousand statements in one session.
#
# What is measured is the peak of the server process, as Linux counts it, at
# the end of a session that ran one query.  It is compared with the peak of a
# session that ran a tenth of it, or the same with an aggregate of core.  Where
# a row leaves a word behind, half a million rows leave 8 MB or more.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use JSON::PP;
use NPS::Catalogue;
use NPS::Costly;
use NPS::Scaling;
use NPS::Values;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'the peak of a process is read from /proc, as Linux has it'
  if !-r '/proc/self/status' || slurp_file('/proc/self/status') !~ /^VmHWM:/m;

# What may differ without a leak, in kB.
use constant TOLERANCE => 6144;

# Pages of shared buffers count for every process that touches them: few.
my $node = PostgreSQL::Test::Cluster->new('memory');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
shared_buffers = 2MB
max_connections = 20
max_wal_size = 2GB
autovacuum = off
jit = off
log_statement = none
log_temp_files = 0
CONF
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;
CREATE FUNCTION peak() RETURNS integer LANGUAGE sql PARALLEL SAFE
RETURN substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+) kB')::integer;
SQL

# Runs a query in a session of its own.  Returns its plan, as it ran, and the
# peak of the process in kB.
sub run_query
{
	my ($query, $settings) = @_;
	my ($plan, $peak) =
	  $node->safe_psql('postgres', <<SQL) =~ /\A(.*)\n(\d+)\z/s;
@{[ $settings || '' ]};
EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, FORMAT JSON) $query;
SELECT peak();
SQL

	return (decode_json($plan)->[0]{Plan}, $peak);
}

# A test: the peak exceeds another by no more than what is tolerated.
sub no_more
{
	my ($name, $peak, $yardstick) = @_;

	note "$name: peak $peak kB, yardstick $yardstick kB";
	return cmp_ok($peak - $yardstick, '<', TOLERANCE, "$name, in kB");
}

# A test: a query, in which %d stands for the number of rows, needs no more
# memory for all rows than for a tenth of them.  Returns the plan.
sub flat
{
	my ($name, $rows, $query, $settings) = @_;
	my (undef, $tenth) =
	  run_query($query =~ s/%d/$rows \/ 10/r, $settings);
	my ($plan, $peak) = run_query($query =~ s/%d/$rows/r, $settings);

	no_more("$name: $rows rows take no more than a tenth", $peak, $tenth);
	return $plan;
}

# A call of a function of plain arguments, or of what stands for them.
sub call_of
{
	my ($function, $instead) = @_;

	return "$function->{name}("
	  . join(', ', map { $instead ? $instead->($_) : $_ } plain_arguments($function))
	  . ')';
}

# How many nodes of a plan are of that type?
sub count_nodes
{
	my ($plan, $type) = @_;

	return scalar grep { $_->{'Node Type'} eq $type } nodes_of($plan);
}

# The measure is no constant.
my $array = 'SELECT array_agg(n) FROM generate_series(1, %d) AS n';
my @peaks = map { (run_query($array =~ s/%d/$_/r))[1] } 100_000, 1_000_000;
cmp_ok($peaks[1] - $peaks[0],
	'>', TOLERANCE, 'what does keep a word for each row is seen, in kB');

# Windows.  The rows are made one by one and kept nowhere.
my $rows = 'FROM (SELECT generate_series(1, %d) AS n) AS answers';
my $score = '(n % 11)::smallint';

# A call of every aggregate that belongs to the extension.
my @functions = functions_of($node, 'postgres');
my @aggregates = map { call_of($_) } grep { $_->{kind} eq 'a' } @functions;
cmp_ok(scalar @aggregates, '>', 12, 'aggregates found');

my $moving = 'OVER (ROWS 1000 PRECEDING)';
flat('moving window', 5_000_000,
	"SELECT nps($score) $moving, sum(nps_tally(1, 0, 0)) $moving $rows");
foreach (
	[ 'moving', 'OVER (ROWS 3 PRECEDING)' ],
	[ 'running', 'OVER (ROWS UNBOUNDED PRECEDING)' ],
	[ 'not inverted', 'OVER (ROWS 3 PRECEDING EXCLUDE CURRENT ROW)' ],
	[ 'partitioned', 'OVER (PARTITION BY n / 10 ROWS 3 PRECEDING)' ])
{
	my ($name, $over) = @$_;
	my @calls = map { "$_ $over" } @aggregates;

	flat("every aggregate, $name",
		500_000, "SELECT " . join(', ', @calls) . " $rows",
		'SET enable_sort = on');
}
flat('every aggregate, plain',
	1_000_000, 'SELECT ' . join(', ', @aggregates) . " $rows");

# A frame that does not fit into memory, and loses a row at a time.
my $log = -s $node->logfile;
flat('spilled moving window', 1_000_000,
	"SELECT nps($score) OVER shrinking, sum(nps_tally(1, 0, 0)) OVER shrinking $rows"
	  . ' WINDOW shrinking AS (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)',
	"SET work_mem = '64kB'");
like(
	substr(slurp_file($node->logfile), $log),
	qr/temporary file: path/,
	'spilled moving window: on disk');

# A million groups of two answers.  As yardstick serves avg(integer), whose
# state is in memory of its own, too, and larger.
$node->safe_psql('postgres', <<'SQL');
CREATE UNLOGGED TABLE answers AS
SELECT n % 1000000 AS customer, (n % 11)::smallint AS score, n % 10 AS other FROM generate_series(1, 2000000) AS n;
-- Few groups, thinks the planner: then the workers make partial states.
ALTER TABLE answers ALTER customer SET (n_distinct = 100);
VACUUM ANALYZE answers;
SQL
my $workers = <<'SQL';
SET parallel_leader_participation = off;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET enable_sort = off;
SQL
foreach (
	[ 'in memory', "SET work_mem = '1GB'; SET max_parallel_workers_per_gather = 0", 0, 1 ],
	[ 'spilled', "SET work_mem = '4MB'; SET max_parallel_workers_per_gather = 0", 0, 1 ],
	[ 'in workers', "SET work_mem = '1GB'; $workers", 1, 2 ],
	[ 'in workers, spilled', "SET work_mem = '4MB'; $workers", 1, 2 ])
{
	my ($name, $settings, $gathers, $steps) = @$_;
	my $groups = 'SELECT customer, %s FROM answers GROUP BY customer';
	my ($plan, $peak) =
	  run_query($groups =~ s/%s/nps(score), sum(nps_tally(1, 0, 0))/r,
		$settings);
	my (undef, $yardstick) =
	  run_query($groups =~ s/%s/avg(score::int4), avg(other)/r, $settings);
	my @hashed = grep { ($_->{Strategy} || '') eq 'Hashed' } nodes_of($plan);
	my @spilled = grep { ($_->{'Disk Usage'} || 0) > 0
		  || grep { ($_->{'Disk Usage'} || 0) > 0 } @{ $_->{Workers} || [] } }
	  @hashed;

	is($plan->{'Actual Rows'}, 1_000_000, "groups $name: a million");
	is(scalar @hashed, $steps, "groups $name: hashed");
	is(count_nodes($plan, 'Gather'), $gathers, "groups $name: gathered");
	is( scalar @spilled,
		$name =~ /spilled/ ? $steps : 0,
		"groups $name: spilled");
	no_more("groups $name: no more than avg()", $peak, $yardstick);
	next if !$gathers;

	# A worker measures itself, from time to time; one that is alone, as how
	# several share the rows is left to chance.
	my ($of_nps, $of_avg) = map {
		$node->safe_psql('postgres', <<SQL)
$settings; SET max_parallel_workers_per_gather = 1;
SELECT max(peak) FROM (SELECT customer, $_,
	max(peak()) FILTER (WHERE customer % 1000 = 0 AND other = 0) AS peak
	FROM answers GROUP BY customer OFFSET 0) AS groups
SQL
	} 'nps(score), sum(nps_tally(1, 0, 0))', 'avg(score::int4), avg(other)';
	no_more("groups $name: a worker no more than avg()", $of_nps, $of_avg);
}

# A million calls of every function that can be called from SQL.
my @calls;
my %columns;
foreach my $function (grep { $_->{kind} eq 'f' && "@{$_->{types}}" !~ /\binternal\b/ } @functions)
{
	# The arguments are made once, for a thousand rows, but for the text that
	# an input function gets, which no column can hold.
	push @calls, call_of($function, sub {
		my ($value) = @_;

		return $columns{$value} //= 'v' . keys %columns if $value !~ /^(\w+_out)\((.*)\)$/;
		$columns{$2} //= 'v' . keys %columns;
		return "$1($columns{$2})";
	});
}
$node->safe_psql('postgres',
		'CREATE TABLE arguments AS SELECT '
	  . join(', ', map { "$_ AS $columns{$_}" } sort keys %columns)
	  . ' FROM generate_series(1, 1000) AS n; ANALYZE arguments');
cmp_ok(scalar @calls, '>', 70, 'functions found');

# Counts what these calls return.
sub counting
{
	my $counts = join ', ', map { "count($_)" } @_;

	return "SELECT $counts FROM arguments, generate_series(1, %d / 1000)";
}

# All in one query; then, only to name the one to blame, each for itself.
my $passing = Test::More->builder->is_passing;
my $together = flat('every function', 1_000_000, counting(@calls));
my ($joined) = grep { $_->{'Node Type'} eq 'Nested Loop' } nodes_of($together);
is($joined->{'Actual Rows'}, 1_000_000, 'every function: a million calls');
if ($passing && !Test::More->builder->is_passing)
{
	flat($_, 1_000_000, counting($_)) foreach @calls;
}

# A session of 100,000 statements, of which some are errors.  What it keeps
# until it ends does not grow.
my @statements = (
	'SELECT nps(score), nps_tally(score) FROM (VALUES (%d %% 11), (9)) AS answers (score)',
	"SELECT nps(score) FROM (VALUES ('%d'::numeric %% 11)) AS answers (score)",
	'SELECT nps_category((%d %% 1000) / 100.0)',
	"SELECT nps_category((%d %% 1000 / 100.0)::float8, 7, 9, 0, 10)",
	"SELECT nps_test('(%1\$d,1,2)', '(1,2,%1\$d)'::nps_tally)",
	"SELECT nps_summary('(%d,1,2)')",
	"SELECT nps_interval('(%d,1,2)', method => 'score')",
	"SELECT '(%d,1,2)'::nps_tally::jsonb",
	'SELECT nps_category(%d + 10.5)',
	"SELECT '(1,2,%d)'::nps_tally - '(2,0,0)'");
my $kept = "\\o\nSELECT sum(total_bytes) FROM pg_backend_memory_contexts;\n\\o /dev/null\n";
my $session = "\\o /dev/null\nSET log_min_messages = fatal;\n";
foreach my $n (1 .. 100_000)
{
	$session .= sprintf("$statements[$n % @statements];\n", $n);
	$session .= $kept if $n % 50_000 == 10_000 || $n == 100_000;
}
my ($ret, $stdout, $stderr) =
  $node->psql('postgres', $session, on_error_die => 0, on_error_stop => 0);
my @kept = split /\n/, $stdout;
my %errors;
$errors{$_}++ foreach $stderr =~ /ERROR:  ([a-z]+)/g;
is_deeply(\%errors, { score => 10_000, tally => 10_000 }, 'a session: errors');
is(scalar @kept, 3, 'a session: measured');
note "a session keeps, in bytes: @kept";
cmp_ok($kept[-1] - $kept[0],
	'<', 65536,
	'a session: 90,000 further statements leave nothing behind, in bytes');

$node->stop;
done_testing();
