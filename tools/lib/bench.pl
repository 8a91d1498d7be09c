# Measures, and prints medians of ratios.  Within a case all queries run in
# turn in one session, round after round, so that whatever else the machine
# does falls on all of them alike.
use strict;
use warnings;

use FindBin;

my ($rows, $rounds) = @ENV{qw(ROWS ROUNDS)};
die "ROWS and ROUNDS must be whole numbers above 0\n"
  if grep { !/^[1-9][0-9]*$/ } $rows, $rounds;

# Runs SQL in one psql session and returns what it printed.
sub psql
{
	my ($sql, @options) = @_;

	open(my $file, '>', 'bench.sql') or die "bench.sql: $!\n";
	print $file $sql;
	close $file;
	my $output = qx(psql -X -q -v ON_ERROR_STOP=1 @options -f bench.sql 2>&1);
	die $output if $?;
	return $output;
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[ $#sorted / 2 ] + $sorted[ @sorted / 2 ]) / 2;
}

# The milliseconds of each query, in the order given, round by round, after
# one round that is not counted.  A query is its SQL, or settings and SQL.
sub measure
{
	my (@queries) = @_;
	my $round = '';

	foreach my $query (@queries)
	{
		my ($settings, $sql) = @$query;
		$round .= "\\timing off\n$settings;\n\\timing on\n$sql;\n";
	}
	my @times =
	  psql($round x ($rounds + 1), '-o', '/dev/null') =~ /^Time: ([\d.]+) ms/mg;
	die "expected other timings\n" if @times != @queries * ($rounds + 1);
	return map {
		my $query = $_;
		[ map { $times[ $_ * @queries + $query ] } 1 .. $rounds ]
	} 0 .. $#queries;
}

# The median of the ratios round by round: what the machine does besides may
# change from round to round, but hardly within one.
sub ratio
{
	my ($times, $others) = @_;

	return median(map { $times->[$_] / $others->[$_] } 0 .. $#$times);
}

# One case a line: what, and a figure with the target that it has to meet.
my $missed = 0;

sub verdict
{
	my ($figure, $relation, $target) = @_;

	return sprintf '%.2f', $figure if !defined $target;
	my $met = $relation eq '<=' ? $figure <= $target : $figure >= $target;
	$missed++ if !$met;
	return sprintf '%.2f (%s %s%s)', $figure, $relation, $target,
	  $met ? '' : ', MISSED';
}

print "Making $rows answers\n";
psql(<<"SQL");
CREATE EXTENSION IF NOT EXISTS nps;
SELECT setseed(0.5);
CREATE UNLOGGED TABLE answers AS
SELECT i / 20 AS customer, (random() * 7)::int % 7 AS segment,
       date '2024-01-01' + (i::bigint * 730 / $rows)::int AS day,
       score::smallint AS "smallint", score::integer AS "integer", score::bigint AS "bigint",
       score::numeric AS "numeric", score::double precision AS "double precision"
FROM (SELECT i, CASE WHEN random() > 0.04 THEN floor(11 * random() ^ 0.4) END AS score
      FROM generate_series(0, $rows - 1) AS i) AS drawn;
VACUUM (FREEZE, ANALYZE) answers;
CREATE UNLOGGED TABLE monthly AS
SELECT date_trunc('month', day) AS month, segment, nps_tally("integer") AS tally
FROM answers GROUP BY 1, 2;
CREATE UNLOGGED TABLE daily AS
SELECT day::date, segment, nps_tally((random() * 50)::int, (random() * 50)::int, (random() * 50)::int) AS tally
FROM generate_series(timestamp '2016-01-01', '2025-12-31', '1 day') AS day, generate_series(1, 7) AS segment;
VACUUM ANALYZE monthly, daily;
CREATE AGGREGATE nps_without_inverse(nps_tally) (
    SFUNC = nps_tally_add, STYPE = nps_tally, FINALFUNC = nps_score);
SQL

# The three ways in which people compute the score by hand.
sub formulas
{
	my ($score) = @_;

	return (
		qq{100.0 * (count(*) FILTER (WHERE $score >= 9) - count(*) FILTER (WHERE $score <= 6)) / nullif(count($score), 0)},
		qq{avg(CASE WHEN $score >= 9 THEN 100 WHEN $score <= 6 THEN -100 WHEN $score IS NOT NULL THEN 0 END)},
		qq{100.0 * sum(CASE WHEN $score >= 9 THEN 1 WHEN $score <= 6 THEN -1 ELSE 0 END) / nullif(count($score), 0)}
	);
}

my %grouping = (
	'' => '',
	segment => 'GROUP BY segment',
	month => q{GROUP BY date_trunc('month', day)},
	customer => 'GROUP BY customer');
my $one = 'SET max_parallel_workers_per_gather = 0';
my $two = 'SET max_parallel_workers_per_gather = 1; SET parallel_setup_cost = 0;'
  . ' SET parallel_tuple_cost = 0; SET parallel_leader_participation = on;'
  . ' SET min_parallel_table_scan_size = 0';
my %jit = (
	off => 'SET jit = off',
	on => 'SET jit = on; SET jit_above_cost = 0; SET jit_inline_above_cost = 0;'
	  . ' SET jit_optimize_above_cost = 0');

# The result is computed to the last group and then passed over.
sub query
{
	my ($expression, $grouping) = @_;

	return "SELECT $expression FROM answers $grouping{$grouping} OFFSET 100000000";
}

sub row
{
	printf "%-16s  %-8s  %-3s  %9s  %9s  %12s  %-24s  %-24s  %6s  %9s  %9s\n", @_;
	return;
}

sub compare
{
	my ($type, $grouping, $jit, $processes, $nps_target, $formula_target) = @_;
	my $score = qq{"$type"};
	my $settings =
	  "SET work_mem = '1GB'; $jit{$jit}; " . ($processes == 1 ? $one : $two);
	my ($star, $count, $nps, @formulas) = measure(
		map { [ $settings, query($_, $grouping) ] } 'count(*)',
		"count($score)", "nps($score)", formulas($score));
	my ($best) = sort { ratio($a, $nps) <=> ratio($b, $nps) } @formulas;

	row($type, $grouping || '-', $jit, $processes,
		sprintf('%.1f', $rows / median(@$nps) / 1000),
		sprintf('%.2f', ratio($star, $count)),
		verdict(ratio($nps, $count), '<=', $nps_target),
		verdict(ratio($best, $nps), '>=', $formula_target),
		map { sprintf '%.2f', ratio($_, $nps) } @formulas);
	return;
}

print <<"HEAD";

Ratios, each the median of $rounds rounds.  Behind a ratio its target in brackets;
million rows a second are those of nps(score).

HEAD
row('score', 'group by', 'JIT', 'processes', 'Mrows/s', 'count(*) /',
	'nps(score) /', 'best formula /', 'FILTER', 'avg(CASE)', 'sum(CASE)');
row('', '', '', '', '', 'count(score)', 'count(score)', 'nps(score)',
	'/ nps', '/ nps', '/ nps');
foreach my $type ('smallint', 'integer', 'bigint', 'numeric', 'double precision')
{
	my $whole = $type =~ /int/;

	foreach my $jit ('off', 'on')
	{
		my $limit = $whole ? ($jit eq 'off' ? 1.10 : 1.25) : undef;
		my $gain = $whole && $jit eq 'on' ? 1.10 : 1.25;

		compare($type, '', $jit, 1, $limit, $gain);
		compare($type, 'segment', $jit, 1, $limit) if $whole;
		next if $type ne 'integer';
		compare($type, 'month', $jit, 1);
		compare($type, 'customer', $jit, 1, $jit eq 'off' ? 1.10 : undef);
	}
}
compare('integer', $_, 'off', 2) foreach '', 'segment', 'month', 'customer';
compare('integer', '', 'on', 2);

my ($count_alone, $nps_alone, $count, $nps) = measure(
	map {
		my $settings = "$jit{off}; $_";
		map { [ $settings, query($_, '') ] } 'count("integer")', 'nps("integer")'
	} $one, $two);
my $nps_gain = ratio($nps_alone, $nps);
my $count_gain = ratio($count_alone, $count);
printf "\nSpeed-up by a second process: nps %.2f, count %.2f, one by the other %s\n",
  $nps_gain, $count_gain, verdict($nps_gain / $count_gain, '>=', 0.9);

print "\nnps(score) / avg(score), one process, JIT off\n";
foreach my $type ('numeric', 'double precision')
{
	my ($avg, $nps) = measure(map { [ "$jit{off}; $one", query($_, '') ] }
		  qq{avg("$type")}, qq{nps("$type")});
	printf "%-16s %.2f\n", $type, ratio($nps, $avg);
}

print "\nRolling scores over ten years of daily tallies of 7 segments\n";
my $rolling = sub {
	my ($aggregate, $days, $mode) = @_;
	my $frame =
	  $mode eq 'ROWS'
	  ? 'ROWS ' . ($days - 1) . ' PRECEDING'
	  : "RANGE '" . ($days - 1) . " days' PRECEDING";
	return "SELECT $aggregate(tally) OVER (PARTITION BY segment ORDER BY day $frame) FROM daily OFFSET 100000000";
};
foreach my $mode ('ROWS', 'RANGE')
{
	my ($month, $year, $quarter, $slow) =
	  measure(map { [ "$jit{off}; $one", $_ ] } $rolling->('nps', 30, $mode),
		$rolling->('nps', 365, $mode), $rolling->('nps', 90, $mode),
		$rolling->('nps_without_inverse', 90, $mode));
	printf "%-5s 365 days / 30 days %s; 90 days, without inverse / with %s\n",
	  $mode, verdict(ratio($year, $month), '<=', 1.2),
	  verdict(ratio($slow, $quarter), '>=', 4);
}

# Weighted scores beside the formula that people write by hand, in double
# precision and for the score alone; and beside what the same people store, three
# sums, where the extension stores a weighted tally.
print "\nWeighted answers, one process, JIT off\n";
psql(<<"SQL");
SELECT setseed(0.5);
CREATE UNLOGGED TABLE weighted AS
SELECT customer, segment, "integer" AS score,
       exp(sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))::double precision AS weight
FROM answers;
CREATE UNLOGGED TABLE weighted_days AS
SELECT customer / 10 AS day, segment, nps_weighted_tally(score, weight) AS tally,
       coalesce(sum(weight) FILTER (WHERE score >= 9), 0) AS of_promoters,
       coalesce(sum(weight) FILTER (WHERE score < 7), 0) AS of_detractors,
       coalesce(sum(weight) FILTER (WHERE score IS NOT NULL), 0) AS of_all
FROM weighted GROUP BY 1, 2;
VACUUM (FREEZE, ANALYZE) weighted, weighted_days;
SQL
my $by_hand = '100 * (sum(weight) FILTER (WHERE score >= 9) - sum(weight) FILTER (WHERE score < 7)) / sum(weight)';
foreach my $case (
	[ 'answers', 'weighted', '', $by_hand, 'nps_weighted(score, weight)' ],
	[ 'answers, by segment', 'weighted', 'GROUP BY segment', $by_hand, 'nps_weighted(score, weight)' ],
	[ 'answers, by customer', 'weighted', 'GROUP BY customer', $by_hand, 'nps_weighted(score, weight)' ],
	[
		'stored tallies, by segment',
		'weighted_days',
		'GROUP BY segment',
		'100 * (sum(of_promoters) - sum(of_detractors)) / nullif(sum(of_all), 0)',
		'nps(tally)',
		'nps_score(sum(tally))'
	])
{
	my ($what, $table, $grouping, @expressions) = @$case;
	my ($hand, @ours) = measure(map { [ "SET work_mem = '1GB'; $jit{off}; $one",
		"SELECT $_ FROM $table $grouping OFFSET 100000000" ] } @expressions);

	printf "%-27s %-28s / by hand %s\n", $what, $expressions[ $_ + 1 ],
	  verdict(ratio($ours[$_], $hand), '<=', $grouping =~ /customer/ ? undef : 1.25)
	  foreach 0 .. $#ours;
}

print "\nA dashboard of 24 months\n";
my ($raw, $stored) = measure(map { [ "$jit{off}; $one", $_ ] }
	q{SELECT date_trunc('month', day) AS month, nps("integer") FROM answers GROUP BY month ORDER BY month},
	q{SELECT month, nps(tally) FROM monthly GROUP BY month ORDER BY month});
printf "raw answers / stored tallies %s\n",
  verdict(ratio($raw, $stored), '>=', $rows >= 5_000_000 ? 500 : undef);

# A queue of a million answers with comments, of which 3 in 100 are detractors'.
print "\nFilters: the comments of detractors, 3 in 100 of a million answers\n";
psql(<<"SQL");
SELECT setseed(0.5);
CREATE UNLOGGED TABLE queue AS
SELECT i AS id, CASE WHEN random() < 0.03 THEN floor(7 * random()) ELSE 7 + floor(4 * random()) END::smallint AS score,
       repeat('What the customer said. ', 5) AS comment
FROM generate_series(1, 1000000) AS i;
CREATE INDEX queue_score ON queue (score);
VACUUM (FREEZE, ANALYZE) queue;
SQL
my $filter = sub { "SELECT count(comment) FROM queue WHERE $_[0]" };
my @filters = (
	'score >= 0 AND score < 7',
	'nps_is_detractor(score)',
	q{nps_category(score) = 'detractor'});

# How a filter is planned, and how far the planner's estimate is off.
sub show_filter
{
	my ($note, $condition, $ratio) = @_;
	my $plan =
	  psql("$one; EXPLAIN SELECT comment FROM queue WHERE $condition;", '-At');
	my ($scan, $estimate) = $plan =~ /^([A-Z][A-Za-z ]*?) (?:using|on) .*rows=(\d+)/m;
	my ($rows) = psql("SELECT count(*) FROM queue WHERE $condition;", '-At') =~ /(\d+)/;

	printf "%-36s  %-30s  %-16s  time %5.2f  estimate / rows %.2f\n",
	  $condition, $note, $scan, $ratio, $estimate / $rows;
	return;
}
my $measure_filters = sub {
	return measure(map { [ "$jit{off}; $one", $filter->($_) ] } @filters);
};
my @times = $measure_filters->();
show_filter('index on score', $filters[$_], ratio($times[$_], $times[0]))
  foreach 0 .. 2;
psql('CREATE STATISTICS queue_category ON nps_category(score) FROM queue; ANALYZE queue;');
@times = $measure_filters->();
show_filter('and statistics on it', $filters[2], ratio($times[2], $times[0]));
psql('CREATE INDEX queue_category_index ON queue (nps_category(score)); ANALYZE queue;');
@times = $measure_filters->();
show_filter('and an index on it', $filters[2], ratio($times[2], $times[0]));

# What examples/without-extension gives a server without the extension; its
# tallies are of another type.
print "\nWithout the extension, one process, JIT off\n";
my $plain = "$FindBin::RealBin/../../examples/without-extension/nps.sql";
psql(<<"SQL");
CREATE SCHEMA plain;
SET search_path = plain;
\\i $plain
CREATE UNLOGGED TABLE answers AS
SELECT *, nps_category("integer") AS category FROM public.answers WHERE random() < 500000.0 / $rows;
CREATE UNLOGGED TABLE daily AS SELECT day, segment, tally::text::nps_tally AS tally, tally AS c_tally FROM public.daily;
VACUUM (FREEZE, ANALYZE) answers, daily;
SQL
my $compare_plain = sub {
	my ($what, $count, @expressions) = @_;
	my ($counted, $c, $plain, $filter) = measure(map { [ "SET search_path = plain, public; $jit{off}; $one", "$_ OFFSET 100000000" ] }
		  $count, @expressions);

	printf "%-24s  nps / count %5.2f  plain / count %6.2f  plain / nps %6.2f%s\n", $what,
	  ratio($c, $counted), ratio($plain, $counted), ratio($plain, $c),
	  $filter ? sprintf('  of three counts / count %.2f', ratio($filter, $counted)) : '';
	return;
};
foreach my $type ('smallint', 'integer', 'numeric', 'double precision')
{
	my $score = qq{"$type"};
	my $tally = join ', ', map { "count(*) FILTER (WHERE nps_is_$_($score))" } qw(detractor passive promoter);

	$compare_plain->($type, map { "SELECT $_ FROM answers" } "count($score)", "public.nps($score)", "plain.nps($score)",
		"nps_score(plain.nps_tally($tally))");
}
$compare_plain->('integer by segment', map { "SELECT segment, $_ FROM answers GROUP BY segment" }
	  'count("integer")', 'public.nps("integer")', 'plain.nps("integer")');
$compare_plain->('stored tallies', 'SELECT count(tally) FROM daily', 'SELECT public.nps(c_tally) FROM daily',
	'SELECT plain.nps(tally) FROM daily');
$compare_plain->('margin of a tally', 'SELECT count(tally) FROM daily',
	'SELECT count(public.nps_margin(c_tally)) FROM daily', 'SELECT count(plain.nps_margin(tally)) FROM daily');

print $missed ? "\n$missed targets missed\n" : "\nAll targets met\n";
unlink 'bench.sql';
