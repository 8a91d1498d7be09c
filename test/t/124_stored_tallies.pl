
# The statements of doc/scaling.md that write stored tallies, beside others that
# write them or feed the batch, which all share: not one answer is lost, none is
# counted twice.  First two sessions step by step, with each statement held
# where the other could harm it, then many clients at a time.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Faults;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('stored_tallies');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
max_connections = 30
deadlock_timeout = 20ms
log_line_prefix = '%m [%p] %e %q%a '
CONF
$node->start;
make_tables($node);

sub query
{
	my ($sql) = @_;

	return $node->safe_psql('postgres', $sql);
}

query(
	'CREATE TABLE batch (customer bigint, answered_at date NOT NULL, plan text, score smallint)'
);
my $merge = documented_merge();
my $renewal = documented_renewal();
my $withdrawal = documented_withdrawal();

# What was fed, what is stored, and what is counted: all the same.  What still
# waits in the batch is merged first.
sub nothing_lost
{
	my ($fed, $name) = @_;

	query($merge);
	is(
		query(
			'SELECT count(*), (SELECT nps_responses(sum(tally)) FROM daily) FROM responses'
		),
		"$fed|$fed",
		"$name: all that was fed is stored and counted"
	);
	is(query(<<'SQL'), '0', "$name: each in its group");
SELECT count(*) FROM daily FULL JOIN
	(SELECT answered_at, plan, nps_tally(score) AS raw FROM responses GROUP BY 1, 2) AS answers
	ON (day = answered_at AND daily.plan IS NOT DISTINCT FROM answers.plan)
WHERE tally IS DISTINCT FROM raw AND (raw IS NOT NULL OR tally <> '(0,0,0)')
SQL
	return;
}

# Two sessions.  The one sends its statement and must wait for the other.
my ($one, $other) =
  map { $node->background_psql('postgres', on_error_stop => 0) } 1, 2;
my $pid = $one->query_safe('SELECT pg_backend_pid()');

sub held
{
	my ($sql) = @_;

	$one->query_until(qr/sent/, "\\echo sent\n$sql\n");
	$node->poll_query_until('postgres',
		"SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $pid"
	) or die 'it does not wait';
	return;
}

# What the one was told, in the end.
sub told
{
	$one->query('SELECT 1');
	my ($error) = $one->{stderr} =~ /ERROR:  (.*)/;

	$one->{stderr} = '';
	return $error || '';
}

my @answers = map { "(1, '2026-06-30', $_, 9)" } "'Pro'", 'NULL';
my $serialize = 'could not serialize access due to ';

foreach my $isolation ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
{
	my $alone = $isolation eq 'READ COMMITTED';
	my $refused = $alone ? qr/^$/ : qr/^$serialize/;
	my $set =
	  "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL $isolation";

	$_->query_safe($set) foreach $one, $other;
	foreach my $answer (@answers)
	{
		my $name = "$isolation, $answer";

		# A merge has read the batch and waits for a tally; meanwhile an answer
		# is fed.
		query(  "TRUNCATE batch, responses, daily;"
			  . " INSERT INTO batch VALUES $answer; $merge; INSERT INTO batch VALUES $answer"
		);
		$other->query_safe('BEGIN; SELECT FROM daily FOR UPDATE');
		held($merge);
		query("INSERT INTO batch VALUES $answer");
		$other->query_safe('COMMIT');
		is(told(), '', "$name: fed during a merge");
		nothing_lost(3, "$name: fed during a merge");

		# The days are computed anew while a merge has not ended yet.
		query("INSERT INTO batch VALUES $answer");
		$other->query_safe("BEGIN; $merge");
		held($renewal);
		$other->query_safe('COMMIT');
		is(told(), '', "$name: computed anew during a merge");
		nothing_lost(4, "$name: computed anew during a merge");

		# And the other way round.  Where the snapshot of the merge is older, it
		# must not add to what it can't see.
		query("INSERT INTO batch VALUES $answer");
		$other->query_safe($renewal =~ s/COMMIT;//r);
		held($merge);
		$other->query_safe('COMMIT');
		like(told(), $refused, "$name: merged while computed anew");
		nothing_lost(5, "$name: merged while computed anew");

		# Two compute the days anew.
		$other->query_safe($renewal =~ s/COMMIT;//r);
		held($renewal);
		$other->query_safe('COMMIT');
		is(told(), '', "$name: computed anew by two");
		nothing_lost(5, "$name: computed anew by two");

		# The same answer is withdrawn by two.
		(my $withdraw = $withdrawal) =~
		  s/customer = .*? RETURNING/customer = 1 RETURNING/;
		$other->query_safe("BEGIN; $withdraw");
		held($withdraw);
		$other->query_safe('COMMIT');
		like(told(), $refused, "$name: withdrawn by two");
		nothing_lost(0, "$name: withdrawn by two");
	}
}
$_->quit foreach $one, $other;

# Many clients: most of them feed, the others merge, compute anew, withdraw.
# Customers below 0 stay, the others may be withdrawn.
my ($clients, $transactions) = (16, 60);
my $by_client =
  "date '2026-06-23' + (random() * 5)::int, (ARRAY['Free', 'Pro', NULL])[1 + i % 3], i % 11";

query('TRUNCATE batch, responses, daily; CREATE TABLE fed (answers int)');
$node->pgbench(
	"--no-vacuum --client=$clients --jobs=2 --transactions=$transactions",
	0,
	[qr/number of failed transactions: 0 /],
	[qr/^(?!.*aborted)/s],
	'many feed, merge and compute anew',
	{
		'feed@6' =>
		  "BEGIN; INSERT INTO batch SELECT -1, $by_client FROM generate_series(1, 7) AS i;\n"
		  . "INSERT INTO fed VALUES (7);\nCOMMIT;\n",
		'feed_some@2' =>
		  "INSERT INTO batch SELECT :client_id, $by_client FROM generate_series(1, 3) AS i;\n",
		'merge@3' => $merge,
		'renew@2' => $renewal,
		'withdraw@1' => $withdrawal =~
		  s/customer = .*? RETURNING/ctid IN (SELECT ctid FROM responses WHERE customer = :client_id LIMIT 1) RETURNING/r,
	}
);
query($merge);
is(
	query(
		'SELECT count(*), count(*) > 500 FROM responses WHERE customer = -1'),
	query('SELECT sum(answers), true FROM fed'),
	'many: what was fed is stored'
);
nothing_lost(query('SELECT count(*) FROM responses'), 'many');
is_deeply([ grep { /deadlock/ } split /\n/, slurp_file($node->logfile) ],
	[], 'in the order of the key, none waits for one that waits for it');
is_deeply([ complaints($node) ], [], 'nothing in the log');

$node->stop;
done_testing();
