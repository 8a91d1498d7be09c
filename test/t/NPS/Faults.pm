
# What the tests of faults have in common: the roll-up as doc/scaling.md merges
# it, a load of it by many clients at a time, and what a log must not say.

package NPS::Faults;

use strict;
use warnings;

use Exporter 'import';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT =
  qw(make_tables documented_merge documented_renewal documented_withdrawal
  load_script start_load wait_for_load same_as_raw acknowledged complaints);

# The answers of one transaction.
use constant BATCH => 12;

# Makes the tables of answers and of tallies, with an index for each of the
# ways in which the types are looked up.
sub make_tables
{
	my ($node) = @_;

	$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;
CREATE TABLE responses (customer bigint, answered_at date NOT NULL, plan text, score smallint);
CREATE INDEX responses_customer ON responses (customer);
CREATE INDEX responses_category ON responses (nps_category(score));
CREATE TABLE daily (day date NOT NULL, plan text, tally nps_tally NOT NULL,
	UNIQUE NULLS NOT DISTINCT (day, plan));
CREATE INDEX daily_tally ON daily USING hash (tally);
SQL
	return;
}

# The block of SQL in doc/scaling.md that matches, without what it begins with
# up to the first line that matches the second pattern.
sub documented
{
	my ($pattern, $begin) = @_;
	my @found = grep { /$pattern/ }
	  slurp_file('doc/scaling.md') =~ /^```sql\n(.*?)^```$/msg;

	die "doc/scaling.md has no block, or several, that match $pattern"
	  if @found != 1;
	return $found[0] =~ s/\A.*?(?=^(?:$begin))//msr;
}

# What takes the batch, stores it and merges it.
sub documented_merge
{
	return documented(qr/FROM batch/, qr/WITH/);
}

# What computes days anew.
sub documented_renewal
{
	return documented(qr/LOCK TABLE daily/, qr/BEGIN/);
}

# What withdraws an answer.
sub documented_withdrawal
{
	return documented(qr/DELETE FROM responses/, qr/WITH/);
}

# A script for pgbench: transaction :n of a client, from 0 on, stores and merges a batch
# that depends on nothing but :first, the client and :n.  Its answers bear a
# number of that transaction as their customer.  Where pgbench tries again, it
# does so from the top, and leaves the variables as they are: :n moves on last.
# Every other client has its groups in another order, which must not matter.
sub load_script
{
	return <<SQL . documented_merge() . "\\set n :n + 1\n";
\\set id :first + :client_id * 1000000 + :n
\\set hashed :client_id % 2
\\if :n = 0
SET enable_hashagg = :hashed;
CREATE TEMPORARY TABLE IF NOT EXISTS batch (customer bigint, answered_at date, plan text, score smallint);
\\endif
TRUNCATE batch;
INSERT INTO batch
SELECT :id, date '2026-01-01' + (:id + i * i) % 3, CASE (:id + i) % 2 WHEN 0 THEN 'Free' ELSE 'Pro' END,
	(:id % 11 * 7 + i * i * i) % 11
FROM generate_series(1, @{[ BATCH ]} - :id % 7) AS i;
SQL
}

# Starts clients that load for ever, numbering their transactions from :first
# on.  Returns what wait_for_load() needs.
sub start_load
{
	my ($node, $clients, $first) = @_;
	my $path = PostgreSQL::Test::Utils::tempdir() . '/load';
	my %load = (first => $first, clients => $clients, log => $path);

	unlink glob "$path.*";
	append_to_file("$path.sql", load_script());
	$load{run} = IPC::Run::start(
		[
			'pgbench', '--no-vacuum',
			"--client=$clients", '--transactions=900000',
			'--log', "--log-prefix=$path",
			"--define=first=$first", '--define=n=0',
			"--file=$path.sql", $node->connstr('postgres')
		],
		'>',
		\$load{out},
		'2>',
		\$load{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%load;
}

# Waits for the end of the load, which only a lost server brings about.
sub wait_for_load
{
	my ($load) = @_;

	my $finished = $load->{run}->finish;

	ok(!$finished && $load->{err} !~ /deadlock/,
		'the load was interrupted, by nothing else')
	  or diag $load->{err};
	return;
}

# A test: of each client every transaction acknowledged is there, and at most
# one more, which was under way.  Returns how many were acknowledged.
sub acknowledged
{
	my ($node, $load, $name) = @_;
	my (%said, %there, @wrong);
	my $all = 0;

	# A line a transaction, which begins with the client.
	my ($log) = glob "$load->{log}.[0-9]*";
	foreach my $client (slurp_file($log) =~ /^(\d+) \d+ /mg)
	{
		$said{$client}++;
		$all++;
	}
	foreach (split /\n/, $node->safe_psql('postgres', <<SQL))
SELECT DISTINCT (customer - $load->{first}) / 1000000, customer % 1000000
FROM responses WHERE customer / 100000000 = $load->{first} / 100000000
SQL
	{
		my ($client, $number) = split /\|/;

		$there{$client}{$number} = 1;
	}
	foreach my $client (0 .. $load->{clients} - 1)
	{
		my $said = $said{$client} || 0;
		my $there = keys %{ $there{$client} };
		my $missing = grep { !$there{$client}{$_} } 0 .. $said - 1;

		push @wrong,
		  "client $client: $said acknowledged, $missing of them missing, $there stored"
		  if $missing > 0 || $there > $said + 1;
	}
	is_deeply(\@wrong, [], "$name: what was acknowledged is there");
	return $all;
}

# A test: the tallies are those of the answers, and every index finds what a
# look at all rows finds.
sub same_as_raw
{
	my ($node, $name) = @_;
	my $tables = 'daily FULL JOIN (SELECT answered_at AS day, plan,'
	  . ' nps_tally(score) AS raw FROM responses GROUP BY 1, 2) AS answers USING (day, plan)';

	is( $node->safe_psql(
			'postgres',
			"SELECT count(*) FILTER (WHERE tally IS DISTINCT FROM raw), count(*) > 0 FROM $tables"
		),
		'0|t',
		"$name: the tallies are those of the answers");
	foreach (
		[
			'daily_tally',
			'SELECT count(*), sum(found) FROM (SELECT tally FROM daily OFFSET 0) AS d,'
			  . ' LATERAL (SELECT count(*) AS found FROM daily AS t WHERE t.tally = d.tally OFFSET 0) AS f'
		],
		[
			'responses_category',
			"SELECT sum(found), min(found) > 0 FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS c,"
			  . ' LATERAL (SELECT count(*) AS found FROM responses WHERE nps_category(score) = c OFFSET 0) AS f'
		])
	{
		my ($index, $query) = @$_;
		my ($by_scan, $by_index) =
		  map { found_by($node, $query, $_) } 'off', 'on';
		is($by_index->[1], $by_scan->[1],
			"$name: $index finds what is there");
		like($by_index->[0], qr/\b$index\b/, "$name: $index is used");
		unlike($by_scan->[0], qr/\b$index\b/, "$name: $index is not used");
	}
	return;
}

# The plan of a query and its answer, with an index or without one.
sub found_by
{
	my ($node, $query, $index) = @_;
	my $other = $index eq 'on' ? 'off' : 'on';
	my $settings = <<SQL;
SET enable_indexscan = $index;
SET enable_indexonlyscan = $index;
SET enable_bitmapscan = $index;
SET enable_seqscan = $other;
SET max_parallel_workers_per_gather = 0;
SQL

	return [ map { $node->safe_psql('postgres', "$settings $_ $query") }
		  'EXPLAIN (COSTS OFF)',
		'' ];
}

# The lines of a log, from a place on, that tell of a crash, of an internal
# error, or of something left behind; the log shows SQLSTATEs.
sub complaints
{
	my ($node, $from) = @_;
	my $log = substr(slurp_file($node->logfile), $from || 0);

	return grep { /\bXX\d\d\d\b|PANIC|TRAP|WARNING|terminated by signal/ }
	  split /\n/, $log;
}

1;
