
# A coordinator and two shards, by postgres_fdw and a hash-partitioned table of
# foreign tables: what is aggregated on the shards, how many rows move, and
# that the answers are those of one server.  The servers, the tables and the
# form that moves few rows are taken from doc/scaling.md.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Scaling;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my %nodes = map { $_ => PostgreSQL::Test::Cluster->new($_) }
  qw(coordinator shard-1 shard-2);
foreach my $node (values %nodes)
{
	$node->init;
	$node->start;
	$node->safe_psql('postgres', 'CREATE DATABASE survey');
}
my $coordinator = $nodes{coordinator};
my @shards = @nodes{ 'shard-1', 'shard-2' };

sub query
{
	my ($sql) = @_;

	return $coordinator->safe_psql('survey', $sql);
}

# The plan as it ran.
sub plan_run
{
	my ($query) = @_;

	return plan_of($coordinator, 'survey', $query,
		'ANALYZE, COSTS OFF, TIMING OFF');
}

sub remote_sql
{
	my ($plan) = @_;

	return grep { defined } map { $_->{'Remote SQL'} } nodes_of($plan);
}

# How many foreign scans run at the same time as others.
sub async_scans
{
	my ($query) = @_;

	return scalar grep { $_->{'Async Capable'} } nodes_of(plan_run($query));
}

sub alter_servers
{
	my ($option) = @_;

	query("ALTER SERVER $_ OPTIONS ($option)") foreach qw(shard_1 shard_2);
	return;
}

# All of the remote queries match, and there are as many as shards.
sub all_match
{
	my ($plan, $pattern) = @_;
	my @sql = remote_sql($plan);

	return @sql == 2 && 2 == grep { $_ =~ $pattern } @sql;
}

# The servers and tables, as documented.
my @queries;
foreach (blocks_of('Foreign shards'))
{
	my ($where, $sql) = @$_;

	foreach my $shard (@shards)
	{
		my $name = $shard->name;
		my ($host, $port) = ($shard->host, $shard->port);

		$sql =~ s/host '$name'/host '$host', port '$port'/;
	}
	if ($where =~ /^On every shard/)
	{
		$_->safe_psql('survey', $sql) foreach @shards;
	}
	elsif ($where =~ /^On the coordinator/)
	{
		$coordinator->safe_psql('survey', $sql);
	}
	else
	{
		$sql =~ s/;\n\z// or die "not one query: $sql";
		push @queries, $sql;
	}
}
is(scalar @queries, 3, 'queries documented');

# The same rows on the shards and in a table of the coordinator's own.  Every
# seventh answer is NULL, and so are all of customer 5.
query(<<'SQL');
CREATE VIEW source AS
SELECT id % 40 AS customer, date '2025-12-01' + id / 100 AS answered_at,
	CASE id % 3 WHEN 0 THEN 'Free' WHEN 1 THEN 'Pro' ELSE 'Team' END AS plan,
	CASE WHEN id % 7 > 0 AND id % 40 <> 5
		THEN (id * id % 7919 % 11)::smallint END AS score
FROM generate_series(0, 5999) AS id;
INSERT INTO responses SELECT * FROM source;
CREATE TABLE whole AS SELECT * FROM source;
ANALYZE responses, whole;
SQL
foreach my $shard (@shards)
{
	cmp_ok($shard->safe_psql('survey', 'SELECT count(*) FROM responses'),
		'>', 1000, 'rows on ' . $shard->name);
}

# A documented query, over the shards and over the one table.
sub same_answer
{
	my ($query, $name) = @_;
	my $rest = $query;

	# A tally for each shard, of the table that has them all: everything is
	# on the first of two shards.
	$rest =~ s/\bdaily\b/whole_daily/g;
	$rest =~ s/\bresponses_2\b/(SELECT * FROM whole WHERE false) AS none/g;
	$rest =~ s/\bresponses(_1)?\b/whole/g;
	my $answer = query($query);
	isnt($answer, '', "$name: there is an answer");
	is($answer, query($rest), "$name: the answer of one server");
	return;
}

query(<<'SQL');
CREATE VIEW whole_daily AS
SELECT answered_at, plan, nps_tally(score) AS tally FROM whole GROUP BY answered_at, plan;
SQL
my ($by_customer, $by_plan, $of_january) = @queries;
same_answer($by_customer, 'by customer');
same_answer($by_plan, 'by plan');
same_answer($of_january, 'of January');

# Grouped by the partition key, the shards do it all.
my $plan = plan_run($by_customer);
ok(all_match($plan, qr/nps\(score\).* GROUP BY/),
	'by customer: the shards aggregate');
is(rows_moved($plan), 40, 'by customer: a row for each customer moves');
my $by_both =
  'SELECT customer, plan, nps(score) FROM responses GROUP BY customer, plan ORDER BY customer, plan';
$plan = plan_run($by_both);
ok( all_match($plan, qr/nps\(score\).* GROUP BY/),
	'by customer and plan: the shards aggregate');
is(rows_moved($plan), 120, 'by customer and plan: a row for each moves');
same_answer($by_both, 'by customer and plan');

# Grouped by anything else, plain SQL fetches the rows; one tally for each
# shard and group moves in the documented form.
my $plain =
  'SELECT plan, nps(score) FROM responses GROUP BY plan ORDER BY plan';
same_answer($plain, 'plain');
$plan = plan_run($plain);
ok(!grep(/nps/, remote_sql($plan)), 'plain: the shards do not aggregate');
is(rows_moved($plan), 6000, 'plain: every row moves');
$plan = plan_run($by_plan);
ok(all_match($plan, qr/nps_tally\(score\).* GROUP BY/),
	'by plan: the shards aggregate');
is(rows_moved($plan), 6, 'by plan: a row for each plan and shard moves');
$plan = plan_run($of_january);
ok( all_match(
		$plan, qr/ FROM public\.daily WHERE .*answered_at >= '2026-01-01'/),
	'of January: the shards filter their tallies');
is( rows_moved($plan),
	query(
		"SELECT count(*) FROM daily WHERE answered_at BETWEEN '2026-01-01' AND '2026-01-31'"
	),
	'of January: a row for each day, plan and shard moves');

# The shards work at the same time.
foreach my $case (
	[ 'by customer', $by_customer ],
	[ 'by plan', $by_plan ],
	[ 'of January', $of_january ])
{
	my ($name, $query) = @$case;

	is(async_scans($query), 2, "$name: the shards work at the same time");
}
alter_servers("SET async_capable 'false'");
foreach my $query (@queries)
{
	is(async_scans($query), 0, 'not asked to, they work in turn');
	same_answer($query, 'in turn');
}
alter_servers("SET async_capable 'true'");

# The filters are on the shards the range that they stand for.
foreach my $case (
	[ 'nps_is_detractor(score)', '((score >= 0)) AND ((score < 7))' ],
	[ 'nps_is_passive(score)', '((score >= 7)) AND ((score < 9))' ],
	[ 'nps_is_promoter(score)', '((score >= 9)) AND ((score <= 10))' ],
	[
		"nps_category(score) = 'passive'",
		"((public.nps_category(score) OPERATOR(public.=) 'passive'::public.nps_category))"
	])
{
	my ($filter, $range) = @$case;
	my $query = "SELECT customer, score FROM responses WHERE $filter";

	$plan = plan_run($query);
	ok(all_match($plan, qr/WHERE \Q$range\E$/), "$filter is on the shards");
	is( rows_moved($plan),
		query("SELECT count(*) FROM whole WHERE $filter"),
		"$filter: no other row moves");
	same_answer("$query ORDER BY customer, score", $filter);
}

# Without the option the shards are not trusted to know nps: it is asked for
# nothing but the ranges.
alter_servers('DROP extensions');
same_answer($_, 'without the option') foreach @queries;
is( scalar(
		grep { /nps/ } map { remote_sql(plan_run($_)) } $by_customer,
		$by_plan),
	0,
	'without the option, no aggregate is on the shards');
$plan =
  plan_run('SELECT customer FROM responses WHERE nps_is_passive(score)');
ok(all_match($plan, qr/score >= 7.* AND .*score < 9/),
	'without the option, a range is');
alter_servers("ADD extensions 'nps'");

# Every aggregate, over every type of input, on the shards and merged above.
my $columns = <<'COLUMNS';
customer int, month int, as_smallint smallint, as_integer int, as_bigint bigint,
	as_numeric numeric, as_double double precision, as_real real,
	category nps_category, tally nps_tally, weight double precision, weighted nps_weighted_tally
COLUMNS
$_->safe_psql('survey', "CREATE TABLE inputs ($columns)") foreach @shards;
query(<<SQL);
CREATE TABLE inputs ($columns) PARTITION BY HASH (customer);
CREATE FOREIGN TABLE inputs_1 PARTITION OF inputs
	FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER shard_1 OPTIONS (table_name 'inputs');
CREATE FOREIGN TABLE inputs_2 PARTITION OF inputs
	FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER shard_2 OPTIONS (table_name 'inputs');
CREATE TABLE all_inputs AS
SELECT customer, extract(month FROM answered_at)::int AS month, score AS as_smallint,
	score::int AS as_integer, score::bigint AS as_bigint, score - part AS as_numeric,
	(score - part)::double precision AS as_double, (score - part)::real AS as_real,
	nps_category(score) AS category, nps_tally(score, 10 - score, customer) AS tally,
	(customer * 0.1)::double precision AS weight, nps_weighted_accum('((0,0,0),(0,0,0),(0,0,0))', score, customer / 7.0::double precision) AS weighted
FROM whole, LATERAL (SELECT CASE WHEN score > 0 THEN customer * 0.01 ELSE 0 END) AS p (part);
INSERT INTO inputs SELECT * FROM all_inputs;
ANALYZE inputs, all_inputs;
SQL
my $rows = "SELECT i::text FROM %s AS i ORDER BY i::text COLLATE \"C\"";
is( query(sprintf $rows, 'inputs'),
	query(sprintf $rows, 'all_inputs'),
	'the rows that were sent are the rows that come back');

my %merged = (
	nps => 'nps',
	nps_tally => 'sum',
	nps_weighted => 'nps',
	nps_weighted_tally => 'sum',
	sum => 'sum',
	min => 'min',
	max => 'max');
foreach my $aggregate (
	(   map { ("nps($_)", "nps_tally($_)") }
		qw(as_smallint as_integer as_bigint as_numeric as_double as_real category)
	),
	(   map { ("nps_weighted($_, weight)", "nps_weighted_tally($_, weight)") }
		qw(as_smallint as_numeric as_double category)
	),
	qw(nps(tally) sum(tally) nps(weighted) sum(weighted) min(category) max(category)))
{
	my ($name, $column) = $aggregate =~ /(\w+)\((\w+)/;
	# What a shard gives, and how what they all give is merged.
	my $partial =
		$name eq 'nps_weighted' ? $aggregate =~ s/nps_weighted/nps_weighted_tally/r
	  : $name ne 'nps' ? $aggregate
	  : $column =~ /^(tally|weighted)$/ ? "sum($column)"
	  :                      "nps_tally($column)";
	my $query =
	  "SELECT customer, $aggregate FROM inputs GROUP BY customer ORDER BY customer";
	my $tallies = "SELECT month, $merged{$name}(part) FROM ("
	  . join(
		' UNION ALL ',
		map { "SELECT month, $partial AS part FROM inputs_$_ GROUP BY month" }
		  1,
		2) . ') AS parts GROUP BY month ORDER BY month';

	ok(all_match(plan_run($query), qr/\b\Q$name\E\(.*GROUP BY/),
		"$aggregate: on the shards");
	is( query($query),
		query($query =~ s/inputs/all_inputs/r),
		"$aggregate: the answer of one server");
	$plan = plan_run($tallies);
	ok( all_match($plan, qr/ GROUP BY/) && rows_moved($plan) == 4,
		"$aggregate: a row for each month and shard moves");
	is( query($tallies),
		query(
			"SELECT month, $aggregate FROM all_inputs GROUP BY month ORDER BY month"
		),
		"$aggregate: merged, the answer of one server");
}
my $several =
	'SELECT customer, nps(as_smallint), nps_tally(as_smallint),'
  . ' nps(as_integer) FILTER (WHERE nps_is_promoter(as_numeric))'
  . ' FROM inputs GROUP BY customer HAVING nps(tally) > -100 ORDER BY customer';
ok( all_match(
		plan_run($several), qr/FILTER .* GROUP BY .* HAVING .*nps\(tally\)/),
	'several of them, FILTER and HAVING: on the shards');
is( query($several),
	query($several =~ s/inputs/all_inputs/r),
	'several of them, FILTER and HAVING: the answer of one server');

# Changes through the coordinator, found by a tally and by a category.
foreach my $table (qw(inputs all_inputs))
{
	query("UPDATE $table SET tally = tally + '(1,1,1)', category = 'passive'"
		  . " WHERE tally = '(9,1,6)'; DELETE FROM $table WHERE category = 'promoter'"
	);
}
is( query(sprintf $rows, 'inputs'),
	query(sprintf $rows, 'all_inputs'),
	'the same rows after changes');
cmp_ok(query("SELECT count(*) FROM inputs WHERE tally = '(10,2,7)'"),
	'>', 0, 'rows were changed');

# A shard that has no answers but NULLs, and one that has no rows.
my $customers =
  query("SELECT string_agg(DISTINCT customer::text, ', ') FROM responses_2");
query("UPDATE $_ SET score = NULL WHERE customer IN ($customers)")
  foreach qw(responses whole);
same_answer($_, 'a shard without answers') foreach @queries;
like(query($by_customer), qr/^\d+\|$/m,
	'a customer without answers has no score');
query("DELETE FROM $_ WHERE customer IN ($customers)")
  foreach qw(responses whole);
is($shards[1]->safe_psql('survey', 'SELECT count(*) FROM responses'),
	0, 'a shard is empty');
same_answer($_, 'a shard without rows') foreach @queries;
is(rows_moved(plan_run($by_plan)), 3, 'a shard without rows sends none');
my $ungrouped = join ' UNION ALL ',
  map { "SELECT nps_tally(score) AS tally FROM responses_$_" } 1, 2;
is( query("SELECT nps(tally), sum(tally) FROM ($ungrouped) AS tallies"),
	query('SELECT nps(score), nps_tally(score) FROM whole'),
	'a shard without rows has the tally of no answers');

# A score off the scale on one of them is an error of the whole.
$shards[1]->safe_psql('survey',
	"INSERT INTO responses VALUES (7, '2026-01-07', 'Pro', 11)");
foreach my $query (@queries, $plain)
{
	my ($ret, $stdout, $stderr) = $coordinator->psql('survey', $query,
		extra_params => [ '-v', 'VERBOSITY=verbose' ]);

	is($stdout, '', 'off the scale: no answer');
	like(
		$stderr,
		qr/ERROR:  22003: score 11 is outside the Net Promoter scale\nDETAIL:  Scores run from 0 to 10\./,
		'off the scale: the error that one server gives');
}

$_->stop foreach $coordinator, @shards;
done_testing();
