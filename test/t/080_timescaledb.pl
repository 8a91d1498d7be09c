
# The aggregates over a hypertable of TimescaleDB, where its library is
# installed: in parallel workers that share out the chunks, by time_bucket and
# from a roll-up.  The tables and the queries are those of doc/scaling.md.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Scaling;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($libraries) =
  run_command([ $ENV{PG_CONFIG} || 'pg_config', '--pkglibdir' ]);
plan skip_all => 'TimescaleDB is not installed for this server'
  if !-e "$libraries/timescaledb.so";

my $node = PostgreSQL::Test::Cluster->new('timescaledb');
$node->init(extra => [ '--locale=C', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', <<'CONF');
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
timezone = 'UTC'
max_worker_processes = 16
CONF
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE survey');

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('survey',
		"SET client_min_messages = error; $sql");
}

my %blocks = map { @$_ } blocks_of('TimescaleDB');
my ($tables) = grep { /^In the database/ } keys %blocks;
query(delete $blocks{$tables});
is_deeply(
	[ sort keys %blocks ],
	[
		'All of it, computed anew:',
		'By fortnight, from the roll-up:',
		'By fortnight:',
		'The roll-up:'
	],
	'blocks documented');

# Eight months of answers, every seventh of them NULL, every third without a
# plan; one month has none but NULLs, one has no rows.
query(<<'SQL');
INSERT INTO responses
SELECT at, CASE n % 3 WHEN 0 THEN 'Free' WHEN 1 THEN 'Pro' END,
	CASE WHEN n % 7 > 0 AND at NOT BETWEEN '2026-03-01' AND '2026-03-31'
		THEN (n * n % 7919 % 11)::smallint END
FROM generate_series(0, 7999) AS n, LATERAL (SELECT timestamptz '2026-01-01' + n / 33 * interval '1 day') AS t (at)
WHERE at NOT BETWEEN '2026-05-01' AND '2026-06-01';
CREATE TABLE plain AS SELECT * FROM responses;
ANALYZE responses, plain;
SQL

# How many chunks has the hypertable that a query reads?
sub chunks_of
{
	my ($table) = $_[0] =~ /FROM (\w+)/;

	return query("SELECT count(*) FROM show_chunks('$table')");
}

cmp_ok(chunks_of('FROM responses'), '>', 5, 'chunks');

my $by_fortnight = $blocks{'By fortnight:'} =~ s/;\n\z//r;
my $answer = query($by_fortnight);
like($answer, qr/\A(2.*\|.*\n){10}/, 'by fortnight: an answer');
is( $answer,
	query($by_fortnight =~ s/responses/plain/r),
	'by fortnight: that of a plain table');
query($blocks{'The roll-up:'});
my $renewal = $blocks{'All of it, computed anew:'};
query($renewal);
is(query($blocks{'By fortnight, from the roll-up:'}),
	$answer, 'by fortnight: the same from the roll-up');
query($renewal);
is( query('SELECT nps(tally), sum(tally), count(*) FROM daily'),
	query(
		'SELECT nps(score), nps_tally(score), (SELECT count(*) FROM (SELECT DISTINCT answered_at::date, plan FROM plain) AS days) FROM plain'
	),
	'computed anew once more, every answer is counted once');
query($renewal =~ s/excluded\.tally/daily.tally + excluded.tally/r);
is( query('SELECT nps(tally), sum(tally) FROM daily'),
	query(
		'SELECT nps(score), nps_tally(score) + nps_tally(score) FROM plain'),
	'merged into the roll-up once more, every answer is counted twice');
query($renewal);

query('CREATE TABLE plain_daily AS SELECT * FROM daily; ANALYZE daily');

# In workers that share out the chunks and aggregate what they read; in one
# process too, all as count() is.  The build under the Apache licence has no
# partial aggregate for each chunk.
foreach my $workers (0, 2)
{
	query(<<SQL);
ALTER DATABASE survey SET max_parallel_workers_per_gather = $workers;
ALTER DATABASE survey SET parallel_setup_cost = 0;
ALTER DATABASE survey SET parallel_tuple_cost = 0;
ALTER DATABASE survey SET min_parallel_table_scan_size = 0;
ALTER DATABASE survey SET parallel_leader_participation = off;
ALTER DATABASE survey SET cpu_operator_cost = 1;
SQL
	foreach my $query (
		'SELECT nps(score) FROM responses',
		'SELECT nps_tally(score) FROM responses',
		'SELECT plan, nps(nps_category(score)) FROM responses GROUP BY plan ORDER BY plan',
		"SELECT time_bucket('14 days', answered_at), nps(score) FROM responses GROUP BY 1 ORDER BY 1",
		'SELECT plan, nps(tally) FROM daily GROUP BY plan ORDER BY plan',
		'SELECT sum(tally) FROM daily')
	{
		my $plan = plan_of($node, 'survey', $query);
		my $count = plan_of($node, 'survey',
			$query =~ s/\b(nps_tally|nps|sum)\(/count(/r);

		is_deeply(shape($plan), shape($count),
			"$workers workers: planned as count()");
		is( join(' ', partial_in_workers($plan)),
			$workers > 0 ? chunks_of($query) : '',
			"$workers workers: those aggregate all chunks");
		is( query($query),
			query($query =~ s/responses/plain/r =~ s/daily/plain_daily/r),
			"$workers workers: the answer of a plain table");
	}
}

# The nodes of a plan, from the top, each with what kind of aggregate it is.
sub shape
{
	my ($plan) = @_;

	return [ map { [ @$_{ 'Node Type', 'Partial Mode', 'Relation Name' } ] }
		  nodes_of($plan) ];
}

# For each partial aggregate below a Gather: how many chunks are read for it.
sub partial_in_workers
{
	my ($plan) = @_;

	return map {
		scalar grep { ($_->{'Relation Name'} || '') =~ /_chunk$/ }
		  nodes_of($_)
	  }
	  grep { ($_->{'Partial Mode'} || '') eq 'Partial' }
	  map  { nodes_of($_) }
	  grep { $_->{'Node Type'} =~ /^Gather/ } nodes_of($plan);
}

# A range of time and a filter leave chunks and rows out.
my $filtered =
  "SELECT count(*), nps_tally(score) FROM responses WHERE nps_is_promoter(score)"
  . " AND answered_at >= '2026-04-10' AND answered_at < '2026-04-11'";
is( scalar(
		grep { $_->{'Relation Name'} }
		  nodes_of(plan_of($node, 'survey', $filtered))),
	1,
	'filtered: one chunk');
is( query($filtered),
	query($filtered =~ s/responses/plain/r),
	'filtered: the answer of a plain table');

# What can't be counted is an error here, too.
query("INSERT INTO responses VALUES ('2026-02-02', 'Pro', 11)");
my ($ret, $stdout, $stderr) = $node->psql('survey', $by_fortnight);
like($stderr, qr/score 11 is outside the Net Promoter scale/,
	'off the scale');

$node->stop;
done_testing();
