
# Many clients merge answers into few tallies, as doc/scaling.md does it, and
# not one answer is lost: two sessions step by step, then 16 at a time, in
# every isolation level.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Faults;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('concurrency');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
max_connections = 30
deadlock_timeout = 20ms
log_statement = none
log_line_prefix = '%m [%p] %e %q%a '
CONF
$node->start;
make_tables($node);

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('postgres', $sql);
}

# Two sessions, step by step: the second merges into the same tally, or brings
# the same new one, while the first has not ended yet.  Then the first commits
# or rolls back.
my ($first, $second) =
  map { $node->background_psql('postgres', on_error_stop => 0) } 1, 2;
my $pid = $second->query_safe('SELECT pg_backend_pid()');

foreach my $isolation ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
{
	foreach my $there (0, 1)
	{
		foreach my $end ('COMMIT', 'ROLLBACK')
		{
			my $name = "$isolation, "
			  . ($there ? 'same tally' : 'new tally') . ", $end";
			my $merge = sub {
				"INSERT INTO daily AS t VALUES ('2026-01-01', 'Pro', '$_[0]')"
				  . ' ON CONFLICT (day, plan) DO UPDATE SET tally = t.tally + excluded.tally;';
			};

			query('TRUNCATE daily');
			query($merge->('(0,5,0)')) if $there;
			$second->query_safe("BEGIN ISOLATION LEVEL $isolation; SELECT nps(tally) FROM daily");
			$first->query_safe('BEGIN; ' . $merge->('(1,0,0)'));
			$second->query_until(qr/sent/,
				"\\echo sent\n" . $merge->('(0,0,2)') . "\n");
			$node->poll_query_until('postgres',
				"SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $pid"
			) or die 'the second session does not wait';
			$first->query_safe($end);
			$second->query('COMMIT');

			# What the second could not see it must not add to.
			my $refused =
			  $isolation ne 'READ COMMITTED' && $end eq 'COMMIT';
			my $said = $second->{stderr} =~
			  /ERROR:  (could not serialize access due to concurrent update)/
			  ? $1 : $second->{stderr};
			is( $said,
				$refused
				? 'could not serialize access due to concurrent update'
				: '',
				"$name: what the second session is told");
			$second->{stderr} = '';
			is( query('SELECT tally FROM daily'),
				sprintf('(%d,%d,%d)',
					$end eq 'COMMIT', $there ? 5 : 0, $refused ? 0 : 2),
				"$name: what is counted");
		}
	}
}
$_->quit foreach $first, $second;

# 16 clients.  What each transaction brings depends on nothing but the client
# and its number, so a formula says what all of them bring.
my ($clients, $transactions) = (16, 50);
my $options =
  "--no-vacuum --client=$clients --jobs=2 --transactions=$transactions --define=first=0 --define=n=0";
my $sent = $clients * $transactions;
my $number = 0;

sub pgbench
{
	my ($name, $script, $isolation) = @_;

	local $ENV{PGOPTIONS} =
	  '-c default_transaction_isolation=' . ($isolation =~ s/ /\\ /r);
	# Only where what others did can't be seen, trying again is right.
	my $tries = $isolation eq 'read committed' ? 1 : 10000;

	$node->pgbench(
		"$options --max-tries=$tries", 0,
		[
			qr/number of transactions actually processed: $sent\/$sent\b/,
			qr/number of failed transactions: 0 /
		],
		[qr/^(?!.*aborted)/s],
		"$isolation: $name",
		{ 'script' . ++$number => $script });
	return;
}

my $formula = <<"SQL";
SELECT n, date '2026-01-01' + (id + i * i) % 3 AS day, CASE (id + i) % 2 WHEN 0 THEN 'Free' ELSE 'Pro' END AS plan,
	(id % 11 * 7 + i * i * i) % 11 AS score
FROM generate_series(0, $clients - 1) AS client, generate_series(0, $transactions - 1) AS n,
	LATERAL (SELECT client * 1000000 + n) AS t (id), generate_series(1, 12 - id % 7) AS i
SQL

# Day, plan and counts of each tally, by the formula.
sub expected
{
	my ($condition) = @_;

	return query(<<SQL);
SELECT day, plan, format('(%s,%s,%s)', count(*) FILTER (WHERE score < 7),
	count(*) FILTER (WHERE score IN (7, 8)), count(*) FILTER (WHERE score > 8))
FROM ($formula) AS answers WHERE $condition GROUP BY day, plan ORDER BY day, plan
SQL
}

foreach my $isolation ('read committed', 'repeatable read', 'serializable')
{
	my $stored = 'SELECT day, plan, tally FROM daily ORDER BY day, plan';

	query('TRUNCATE daily, responses');
	pgbench('all are merged', load_script(), $isolation);
	is(query($stored), expected('true'), "$isolation: not one is lost");
	same_as_raw($node, $isolation);

	# Every client withdraws some answers of its odd transactions.
	pgbench('some are withdrawn', <<'SQL', $isolation);
\set id :client_id * 1000000 + :n
\if :n % 2 = 1
BEGIN;
UPDATE daily SET tally = tally - (SELECT nps_tally(score) FROM responses
	WHERE customer = :id AND answered_at = '2026-01-02' AND plan = 'Pro')
WHERE day = '2026-01-02' AND plan = 'Pro';
DELETE FROM responses WHERE customer = :id AND answered_at = '2026-01-02' AND plan = 'Pro';
COMMIT;
\endif
\set n :n + 1
SQL
	is( query($stored),
		expected("NOT (n % 2 = 1 AND day = '2026-01-02' AND plan = 'Pro')"),
		"$isolation: not one is withdrawn twice");
	same_as_raw($node, "$isolation, withdrawn");

	# Deadlocks, tried again and again, would take long.
	last if !Test::More->builder->is_passing;
}
is_deeply([ grep { /deadlock/ } split /\n/, slurp_file($node->logfile) ],
	[], 'in the order of the key, none waits for one that waits for it');
is_deeply([ complaints($node) ], [], 'nothing in the log');

$node->stop;
done_testing();
