
# A standby reads the same tallies as its primary, by table and by index, while
# it replays a load, and after the primary was lost and the standby promoted:
# of what was acknowledged nothing is missing.  Then it counts on.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Faults;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->append_conf('postgresql.conf', <<'CONF');
max_connections = 30
log_statement = none
log_line_prefix = '%m [%p] %e %q%a '
CONF
$primary->start;
make_tables($primary);
$primary->safe_psql('postgres', <<'SQL');
CREATE TABLE kept (category nps_category PRIMARY KEY, tally nps_tally,
	categories nps_category[], tallies nps_tally[]);
INSERT INTO kept VALUES
	('detractor', '(9223372036854775807,0,0)', '{promoter,NULL,detractor}', '{"(1,2,3)",NULL}'),
	('passive', '(0,9223372036854775807,0)', '{}', '{}'),
	('promoter', '(0,0,9223372036854775807)', NULL, '{{"(0,0,0)"},{"(20,10,70)"}}');
INSERT INTO responses SELECT n, date '2026-01-01' + n % 4, 'Pro', n * n % 11 FROM generate_series(1, 1000) AS n;
INSERT INTO daily SELECT answered_at, plan, nps_tally(score) FROM responses GROUP BY answered_at, plan;
CREATE INDEX kept_tally ON kept USING hash (tally);
CREATE UNLOGGED TABLE fleeting (tally nps_tally);
SQL
$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);

# Both give the same answers, and these are some.
my @queries = (
	'SELECT t::text FROM kept AS t ORDER BY category',
	'SELECT t::text FROM daily AS t ORDER BY day, plan',
	'SELECT nps(tally), sum(tally) FROM daily',
	'SELECT nps(score), nps_tally(score), count(*) FROM responses',
	'SELECT plan, nps_category(score), count(*), nps(score) FROM responses GROUP BY 1, 2 ORDER BY 1, 2',
	'SELECT min(category), max(category) FROM kept');

sub same_answers
{
	my ($name) = @_;

	foreach my $query (@queries)
	{
		my $answer = $primary->safe_psql('postgres', $query);

		isnt($answer, '', "$name: an answer");
		is($standby->safe_psql('postgres', $query),
			$answer, "$name: the same");
	}
	return;
}

same_answers('in recovery');

# Indexes of rows that were there when the standby was made, and that came.
my $by_index = <<'SQL';
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT category FROM kept WHERE tally = '(0,9223372036854775807,0)';
SELECT tally FROM kept WHERE category = 'promoter';
SQL
foreach my $node ($primary, $standby)
{
	is( $node->safe_psql('postgres', $by_index),
		"passive\n(0,0,9223372036854775807)",
		$node->name . ': found by index');
	like(
		$node->safe_psql(
			'postgres', $by_index =~ s/SELECT/EXPLAIN (COSTS OFF) SELECT/gr),
		qr/using kept_tally on kept.*using kept_pkey on kept/s,
		$node->name . ': by index indeed');
}

# A load, acknowledged when the standby has replayed it.
$primary->append_conf('postgresql.conf', <<'CONF');
synchronous_standby_names = '*'
synchronous_commit = remote_apply
CONF
$primary->reload;
my $load = start_load($primary, 4, 100_000_000);

# While it replays, every look at it sees whole transactions.
my $whole = <<'SQL';
SELECT coalesce((SELECT sum(tally) FROM daily), '(0,0,0)') = (SELECT nps_tally(score) FROM responses),
	count(DISTINCT customer) FROM responses WHERE customer > 100000000
SQL
my ($looks, $torn, $seen) = (0, 0, 0);
while ($seen < 400 || $looks < 5)
{
	my $same;

	($same, $seen) = split /\|/, $standby->safe_psql('postgres', $whole);
	$looks++;
	$torn++ if $same ne 't';
	die "the load does not get on: $load->{err}"
	  if $looks > 20 * $PostgreSQL::Test::Utils::timeout_default;
}
note "$looks looks during the replay";
is($torn, 0, 'in recovery: the tallies are those of the answers');
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'),
	't', 'in recovery indeed');

# What takes several looks is looked at while the replay stands still.
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_pause()');
$standby->poll_query_until('postgres',
	"SELECT pg_get_wal_replay_pause_state() = 'paused'")
  or die 'the replay does not pause';
same_as_raw($standby, 'in recovery');
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_resume()');

# The primary is lost.
$primary->stop('immediate');
wait_for_load($load);
$standby->promote;
cmp_ok(acknowledged($standby, $load, 'promoted'),
	'>=', 390, 'promoted: much was acknowledged');
same_as_raw($standby, 'promoted');

# The old primary comes back, alone, and has it all, too; what it has beyond,
# no standby acknowledged.
$primary->append_conf('postgresql.conf', "synchronous_standby_names = ''");
$primary->start;
acknowledged($primary, $load, 'recovered');
same_as_raw($primary, 'recovered');
$primary->stop;

# The promoted one counts on: the same merge, an unlogged table, new indexes.
$load = start_load($standby, 4, 200_000_000);
$standby->poll_query_until('postgres',
	'SELECT count(DISTINCT customer) > 200 FROM responses WHERE customer > 200000000'
) or die "the load does not get on: $load->{err}";
$standby->stop('immediate');
wait_for_load($load);
$standby->start;
acknowledged($standby, $load, 'counted on');
same_as_raw($standby, 'counted on');
is( $standby->safe_psql(
		'postgres',
		"INSERT INTO fleeting VALUES ('(1,2,3)'); SELECT tally FROM fleeting"
	),
	'(1,2,3)',
	'counted on: an unlogged table');
is( $standby->safe_psql('postgres', $by_index),
	"passive\n(0,0,9223372036854775807)",
	'counted on: found by index');

is_deeply([ complaints($_) ], [], $_->name . ': nothing in the log')
  foreach $primary, $standby;

$standby->stop;
done_testing();
