
# Compilers without a 128-bit integer get another way to divide, and to multiply
# weights.  A second library is built with it; on thousands of tallies of all
# magnitudes both give the same score to the last digit, and the one that exact
# SQL arithmetic gives; and on thousands of weights the same weighted tally.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Installation;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $dir = PostgreSQL::Test::Utils::tempdir() . '/fallback';
copy_sources($dir);
make_in($dir, 'COPT=-DNPS_WITHOUT_INT128', 'all');

# The division of such integers is a function of the compiler's own library.
command_like([ 'nm', 'nps.so' ], qr/divti3/, 'the library divides 128 bits');
command_like([ 'nm', "$dir/nps.so" ], qr/\A(?!.*divti3).*nps_score/s, 'the fallback does not');

# Random numbers, the same in every run: of so many bits, up to a limit.
srand(20260101);

sub bits
{
	my ($bits) = @_;
	my $number = 0;

	$number = $number * 2 + int(rand(2)) foreach 1 .. $bits;
	return $number;
}

sub up_to
{
	my ($limit) = @_;

	return $limit > 0 ? bits(63) % ($limit + 1) : 0;
}

# Any tally with that total, and any with that net score.
sub of_total
{
	my ($total) = @_;
	my $detractors = up_to($total);
	my $passives = up_to($total - $detractors);

	return [ $detractors, $passives, $total - $detractors - $passives ];
}

sub of_net
{
	my ($net, $total) = @_;
	my $fewer = up_to(($total - $net) >> 1);
	my @ends = ($fewer, $fewer + $net);

	@ends = reverse @ends if rand() < 0.5;
	return [ $ends[0], $total - $ends[0] - $ends[1], $ends[1] ];
}

my $max = 9223372036854775807;
my @tallies = ([ 0, 0, 0 ]);
foreach my $total (1 .. 12)
{
	foreach my $detractors (0 .. $total)
	{
		push @tallies, [ $detractors, $_, $total - $detractors - $_ ]
		  foreach 0 .. $total - $detractors;
	}
}
push @tallies, of_total(bits(1 + $_ % 63) || 1) foreach 1 .. 6300;
push @tallies, of_total($max - $_ % 10)         foreach 1 .. 1000;
push @tallies, of_net($_ % 10, $max - $_ % 7)   foreach 1 .. 1000;
push @tallies, of_net($max - $_ % 10, $max)     foreach 1 .. 1000;

# A score lies halfway between two of 16 places where the total has a factor of
# 2^19, one more than 10^18 has, and the net score has it not.
my $halves = 0;
foreach my $fives (0 .. 18)
{
	my $unit = 2**19 * 5**$fives;

	foreach (1 .. 100)
	{
		my $times = 1 + up_to(int($max / $unit) - 2);
		my $odd = 1 | up_to($unit - 1);

		push @tallies, of_net($odd * $times, $unit * $times);
		$halves++;
	}
}

my $node = PostgreSQL::Test::Cluster->new('fallback');
$node->init;
$node->start;
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION nps;
CREATE FUNCTION fallback_score(nps_tally) RETURNS numeric
	AS '$dir/nps', 'nps_score' LANGUAGE C STRICT;
CREATE TABLE tallies (id int GENERATED ALWAYS AS IDENTITY, tally nps_tally);
SQL
$node->safe_psql(
	'postgres',
	join("\n",
		'COPY tallies (tally) FROM stdin;',
		map { '(' . join(',', @$_) . ')' } @tallies));

# Each way has a session of its own: where libraries show their symbols, the
# first one loaded would lend its functions to the second.
$node->safe_psql('postgres',
		'CREATE TABLE built_in AS'
	  . ' SELECT id, nps_score(tally) AS score FROM tallies');
$node->safe_psql('postgres',
		"LOAD '$dir/nps'; CREATE TABLE fallback AS"
	  . ' SELECT id, fallback_score(tally) AS score FROM tallies');

# In whole units of 10^-16 points, rounded half away from zero: all of it is
# exact, for div() gives the whole part of a quotient.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE exact AS
	SELECT id, doubled, trim_scale(sign(net) * 1e-16 *
		div(doubled + total, 2 * total)) AS score
	FROM tallies,
		LATERAL (SELECT nps_promoters(tally)::numeric - nps_detractors(tally) AS net,
			nullif(nps_responses(tally), 0)::numeric AS total) t,
		LATERAL (SELECT 2 * abs(net) * 1000000000000000000 AS doubled) d;
SQL

is( $node->safe_psql('postgres', 'SELECT count(*), count(score) FROM exact'),
	@tallies . '|' . (@tallies - 1),
	'every tally has a score but the empty one');
cmp_ok(scalar(@tallies), '>', 10000, 'thousands of tallies');
cmp_ok(
	$node->safe_psql(
		'postgres',
		'SELECT count(*) FROM exact JOIN tallies USING (id)'
		  . ' WHERE doubled % nullif(2 * nps_responses(tally)::numeric, 0) = nps_responses(tally)'
	),
	'>=', $halves,
	'halves are among them');
foreach my $way (qw(built_in fallback))
{
	is($node->safe_psql('postgres', <<"SQL"), '', "$way is exact");
SELECT tally, $way.score, exact.score
FROM tallies JOIN $way USING (id) JOIN exact USING (id)
WHERE $way.score::text IS DISTINCT FROM exact.score::text ORDER BY id LIMIT 10
SQL
}

# Weighted tallies: the same bytes, scores and effective numbers of responses.
$node->safe_psql('postgres', <<"SQL");
CREATE FUNCTION fallback_accum(nps_weighted_tally, double precision, double precision) RETURNS nps_weighted_tally
	AS '$dir/nps', 'nps_weighted_accum_float8' LANGUAGE C STRICT;
CREATE FUNCTION fallback_add(nps_weighted_tally, nps_weighted_tally) RETURNS nps_weighted_tally
	AS '$dir/nps', 'nps_weighted_tally_add' LANGUAGE C STRICT;
CREATE FUNCTION fallback_weighted_score(nps_weighted_tally) RETURNS numeric
	AS '$dir/nps', 'nps_weighted_score' LANGUAGE C STRICT;
CREATE FUNCTION fallback_effective(nps_weighted_tally) RETURNS numeric
	AS '$dir/nps', 'nps_effective_responses' LANGUAGE C STRICT;
CREATE AGGREGATE fallback_weighted_tally(double precision, double precision) (
	SFUNC = fallback_accum, STYPE = nps_weighted_tally, COMBINEFUNC = fallback_add,
	INITCOND = '((0,0,0),(0,0,0),(0,0,0))');
CREATE TABLE weights AS SELECT n, n % 500 AS part, n * 7919 % 11 AS score,
	CASE n % 3 WHEN 0 THEN 10 ^ (n % 36 - 18 + n / 50000.0) WHEN 1 THEN n / 7.0 ELSE n % 10 * 1e15 END AS weight
FROM generate_series(1, 50000) AS n;
SQL
my $bytes = sub {
	my ($prefix) = @_;
	my ($tally, $score, $effective) =
	  $prefix
	  ? qw(fallback_weighted_tally fallback_weighted_score fallback_effective)
	  : qw(nps_weighted_tally nps_score nps_effective_responses);

	return $node->safe_psql('postgres',
		($prefix ? "LOAD '$dir/nps'; " : '')
		  . "SELECT part, t, nps_weighted_tally_send(t), $score(t), $effective(t)"
		  . " FROM (SELECT part, $tally(score, weight) AS t FROM weights GROUP BY part) AS p ORDER BY part"
	);
};
my $built_in = $bytes->('');
is(scalar(split /\n/, $built_in), 500, 'weighted tallies to compare');
is($bytes->('fallback'), $built_in, 'the fallback gives the same bytes');

# The unit test of the wide integers, built without.
command_like(
	[
		'sh', '-c',
		"cc -std=c99 -O2 -DNPS_WITHOUT_INT128 -Isrc -o '$dir/wide'"
		  . " test/unit/wide.c src/plain/*.c -lm && '$dir/wide'"
	],
	qr/\A(ok .*\n)+1\.\.\d+\n\z/,
	'the unit test of wide integers passes without them');

$node->stop;
done_testing();
