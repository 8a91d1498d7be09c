# Measures roll-ups beside the same without one, with fsync and autovacuum on:
# what a reader waits for, what a writer pays, and how large it grows.  What is
# compared runs in turn, so that whatever else the machine does falls on both.
use strict;
use warnings;

my ($rows, $rounds) = @ENV{qw(ROWS ROUNDS)};
my $seconds = $ENV{SECONDS_EACH} || 5;
my $inserts = $ENV{INSERTS} || 1_000_000;
my $missed = 0;

sub psql
{
	my ($sql, @options) = @_;

	open(my $file, '>', 'rollups.sql') or die "rollups.sql: $!\n";
	print $file $sql;
	close $file;
	my $output = qx(psql -X -q -At -v ON_ERROR_STOP=1 @options -f rollups.sql 2>&1);
	die $output if $?;
	return $output;
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[ $#sorted / 2 ] + $sorted[ @sorted / 2 ]) / 2;
}

# A line: what, a figure, and the target that it has to meet.
sub show
{
	my ($what, $figure, $relation, $target, $note) = @_;
	my $met = !$relation || ($relation eq '<=' ? $figure <= $target : $figure >= $target);

	$missed++ if !$met;
	printf "%-56s %9.2f%s%s\n", $what, $figure,
	  $relation ? sprintf('  (%s %s%s)', $relation, $target, $met ? '' : ', MISSED') : '', $note ? "  $note" : '';
	return $figure;
}

# The milliseconds of each statement, in turn, round by round.
sub times_of
{
	my ($n, @statements) = @_;
	my @times = psql("\\timing on\n" . join('', map { "$_;\n" } @statements) x $n, '-o', '/dev/null') =~ /^Time: ([\d.]+) ms/mg;

	return map { my $s = $_; [ map { $times[ $_ * @statements + $s ] } 0 .. $n - 1 ] } 0 .. $#statements;
}

sub pgbench
{
	my ($file, @options) = @_;

	my $output = qx(pgbench -n -f $file.pgbench @options 2>&1);
	die $output if $?;
	return ($output =~ /tps = ([\d.]+)/)[0];
}

# A script that inserts single rows: into any group, or always into one.
sub script
{
	my ($name, $table, $hot) = @_;

	open(my $file, '>', "$name.pgbench") or die;
	print $file $hot
	  ? "\\set s random(0, 10)\nINSERT INTO $table VALUES ('2025-12-01', 'segment 3', :s);\n"
	  : "\\set s random(0, 10)\n\\set d random(0, 729)\n\\set p random(1, 12)\n"
	  . "INSERT INTO $table VALUES (date '2024-01-01' + :d, 'segment ' || :p, :s);\n";
	close $file;
	return;
}

print "\nRoll-ups, 24 months x 12 segments, $rows answers, fsync on\n";
psql(<<"SQL");
ALTER SYSTEM SET fsync = on;
ALTER SYSTEM SET full_page_writes = on;
ALTER SYSTEM SET synchronous_commit = on;
ALTER SYSTEM SET autovacuum = on;
ALTER SYSTEM SET max_wal_size = '4GB';
SELECT pg_reload_conf();
CREATE EXTENSION IF NOT EXISTS nps;
CREATE TABLE kept (day date, segment text, score smallint);
INSERT INTO kept SELECT date '2024-01-01' + n % 730, 'segment ' || 1 + n % 12, n::bigint * n % 11 FROM generate_series(1, $rows) AS n;
CREATE TABLE bare (LIKE kept);
CREATE VIEW kept_now AS SELECT date_trunc('month', day)::date AS month, segment, nps_tally(score) AS tally FROM kept GROUP BY 1, 2;
SELECT nps_create_rollup('rolled_up', 'kept_now');
VACUUM ANALYZE;
SQL
my $size = "SELECT pg_total_relation_size('rolled_up_changes');";
my $fresh = psql($size);
script('any', 'kept'); script('bare_any', 'bare'); script('hot', 'kept', 1); script('bare_hot', 'bare', 1);

# Reading.
my $read = 'SELECT month, segment, nps_score(tally) FROM rolled_up';
my ($raw, $quiet) = times_of($rounds + 1, 'SELECT month, segment, nps_score(tally) FROM kept_now', $read);
my $quiet_ms = show('reading all, quiet, ms', median(@$quiet), '<=', 1);
show('the answers themselves / the roll-up', median(@$raw) / $quiet_ms, '>=', 500);

# Writing single rows.
foreach my $clients (1, 4, 16)
{
	foreach my $case ([ 'one hot key', 'hot' ], [ 'any key', 'any' ])
	{
		my ($what, $script) = @$case;
		my @ratios;

		foreach (1 .. $rounds)
		{
			my $bare = pgbench("bare_$script", "-c $clients -j 2 -T $seconds");
			push @ratios, pgbench($script, "-c $clients -j 2 -T $seconds") / $bare;
		}
		show("single rows, $clients clients, $what: throughput / without", median(@ratios), '>=', 0.7);
	}
}

# Reading while 4 sessions write without a pause.
my $before = psql('SELECT count(*) FROM kept;');
my $pid = fork // die;
if (!$pid) { pgbench('any', '-c 4 -j 2 -t ' . int($inserts / 4)); exit 0 }
my @busy;
my $writing = 1;
while ($writing)
{
	push @busy, map { @$_ } times_of(5, $read);
	$writing = waitpid($pid, 1) == 0;
	select undef, undef, undef, 0.2 if $writing;
}
show('reading while 4 sessions write / quiet', median(@busy) / $quiet_ms, '<=', 5, sprintf('median of %d reads, the slowest %.1f ms', scalar @busy, (sort { $a <=> $b } @busy)[-1]));
my $written = psql('SELECT count(*) FROM kept;') - $before;
show("size after $written single rows / fresh", psql($size) / $fresh, '<=', 4);
psql("SELECT pg_sleep(5);");
show('reading after that, ms', median(@{ (times_of($rounds, $read))[0] }));
print 'differences: ', psql("SELECT count(*) FROM nps_check_rollup('rolled_up');");

# In bulk.
my $bulk = $rows < 1_000_000 ? $rows : 1_000_000;
my $part = $bulk / 10;
psql("COPY (SELECT day, segment, score FROM kept LIMIT $bulk) TO STDOUT;", '-o', 'bulk');
my %times;
foreach (1 .. $rounds + 1)
{
	psql('TRUNCATE kept, bare; CHECKPOINT;');
	foreach my $table (int(rand 2) ? ('kept', 'bare') : ('bare', 'kept'))
	{
		my @ms = psql(<<"SQL", '-o', '/dev/null') =~ /^Time: ([\d.]+) ms/mg;
\\timing on
\\copy $table FROM 'bulk'
UPDATE $table SET segment = 'segment 1', score = 10 - score WHERE ctid IN (SELECT ctid FROM $table LIMIT $part);
DELETE FROM $table WHERE ctid IN (SELECT ctid FROM $table LIMIT $part);
SQL
		push @{ $times{$table}[$_] }, $ms[$_] foreach 0 .. 2;
	}
}
foreach ([ 0, "COPY of $bulk", 1.25 ], [ 1, "UPDATE of $part, a key moves", 1.4 ], [ 2, "DELETE of $part", 1.5 ])
{
	my ($n, $what, $target) = @$_;
	my ($with, $without) = map { $times{$_}[$n] } 'kept', 'bare';
	show("$what: time / without", median(map { $with->[$_] / $without->[$_] } 1 .. $rounds), '<=', $target);
}

# A day of single rows that no one squashes, as under SERIALIZABLE.
$ENV{PGOPTIONS} = '-c default_transaction_isolation=repeatable\ read -c synchronous_commit=off';
pgbench('any', '-c 4 -j 2 -t ' . int($inserts / 4));
$ENV{PGOPTIONS} = '';
psql('SELECT pg_sleep(1);');
show("reading after $inserts changes that stayed apart, ms", median(@{ (times_of($rounds, $read))[0] }));
print 'differences: ', psql("SELECT count(*) FROM nps_check_rollup('rolled_up');");
show('squashing them, ms', (times_of(1, "SELECT nps_squash_rollup('rolled_up')"))[0][0]);
psql('VACUUM rolled_up_changes;');
show('reading after that, ms', median(@{ (times_of($rounds, $read))[0] }));
print $missed ? "\n$missed targets missed\n" : "\nAll targets met\n";
unlink 'rollups.sql', 'bulk', glob '*.pgbench';
