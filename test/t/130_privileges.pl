
# What a role may do and see: one that may only read uses everything; rows that
# a policy or a security barrier hides show in no result, message or estimate;
# what is revoked is refused as core refuses it; and the objects of the
# extension belong to whom core gives those of a trusted extension.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Roles;
use NPS::Scaling;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('privileges');
$node->init;
$node->start;
$node->safe_psql('postgres', $_)
  foreach (
	'CREATE ROLE owner LOGIN',
	'CREATE ROLE analyst LOGIN',
	'CREATE ROLE creator LOGIN',
	'CREATE DATABASE survey OWNER owner',
	'CREATE DATABASE another OWNER owner',
	'GRANT CREATE ON DATABASE another TO creator');
$node->safe_psql('survey',
	'CREATE SCHEMA AUTHORIZATION analyst; GRANT USAGE ON SCHEMA analyst TO owner');

roles_of($node, 'survey');

sub without_notices
{
	my ($printed) = @_;

	return join "\n", grep { !/^psql\S* NOTICE:/ } split /\n/, $printed;
}

# The rows of team south are hidden from the analyst.  Each has a value with
# which some function fails, and 4711 in it, so that it is known when it shows.
is(as_role('owner', <<'SQL'), '', 'the owner of the database installs');
CREATE EXTENSION nps;
CREATE TABLE answers (id int PRIMARY KEY, team text, score int, exact numeric,
	category nps_category, tally nps_tally, note text);
INSERT INTO answers SELECT id, 'north', id % 11, id % 11, nps_category(id % 9),
	nps_tally(id, id, id), nps_tally(id, id, id)::text FROM generate_series(1, 990) id;
INSERT INTO answers SELECT id, 'south', 4711, 4711.5, 'promoter',
	'(4711,0,0)', 'note 4711' FROM generate_series(1001, 2100) id;
CREATE INDEX by_score ON answers (score);
CREATE INDEX by_category ON answers (category);
CREATE INDEX by_tally ON answers USING hash (tally);

CREATE FUNCTION is_mine(team text) RETURNS boolean LANGUAGE plpgsql STABLE COST 1000000
	AS 'BEGIN RETURN team = ''north''; END';
CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM answers WHERE is_mine(team);
CREATE VIEW summary AS SELECT team, nps(score), (nps_summary(sum(tally))).margin,
	nps_bar(nps_tally(category)) FROM answers WHERE score <= 10 GROUP BY team;
CREATE TABLE rows_of_north AS SELECT * FROM answers WHERE team = 'north';
ALTER TABLE answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON answers FOR SELECT USING (is_mine(team));
GRANT SELECT ON answers, barrier, rows_of_north, summary TO analyst;
CREATE TABLE columns AS SELECT score, tally FROM answers WHERE team = 'north';
GRANT SELECT (score) ON columns TO analyst;
SQL
as_role('owner', 'VACUUM ANALYZE');

# A role that may only read, in a transaction that may only read, uses
# everything that the extension has.
is( as_role('analyst', "$members " . <<'SQL'), 't|f|t', 'everybody may execute and use all of it');
SELECT count(*) > 100,
	bool_or(CASE classid WHEN 'pg_proc'::regclass THEN NOT has_function_privilege(objid, 'EXECUTE')
		WHEN 'pg_type'::regclass THEN NOT has_type_privilege(objid, 'USAGE') END),
	NOT bool_or(has_database_privilege('survey', 'CREATE'))
FROM members
SQL
foreach (
	'nps(score), nps(exact), nps(category), nps(tally) FROM answers',
	'nps_tally(score), nps_tally(category), sum(tally), min(category), max(category) FROM answers',
	'count(*) FILTER (WHERE nps_is_promoter(score)), count(*) FILTER (WHERE nps_is_passive(exact)) FROM answers',
	'category, count(*), nps_points(category) FROM answers GROUP BY category ORDER BY category',
	'md5(string_agg(t, \' \' ORDER BY t)) FROM (SELECT DISTINCT tally::text t FROM answers) x',
	'count(*) FROM answers a JOIN answers b USING (tally)',
	'id, nps(score) OVER w, sum(tally) OVER w FROM answers WINDOW w AS (ORDER BY id ROWS 9 PRECEDING) ORDER BY id',
	'nps_score(t), nps_stderr(t), nps_interval(t), nps_margin(t), nps_bar(t), t::json, t::jsonb FROM (SELECT sum(tally) t FROM answers) x',
	'nps_test(t, nps_tally(1, 2, 3)), nps_test(t, 50), nps_summary(t), nps_promoters_needed(t, 50) FROM (SELECT sum(tally) t FROM answers) x',
	'nps_change(t, t, t + t, t + t), nps_sample_size(5), t - \'(1,1,1)\' FROM (SELECT sum(tally) t FROM answers) x',
	'nps_category(score, 7, 9, 0, 10), nps_category(exact) FROM answers ORDER BY id')
{
	my $all = as_role('owner', 'SELECT ' . s/\banswers\b/rows_of_north/gr);

	unlike($all, qr/ERROR/, "of these rows: $_");
	is( as_role(
			'analyst', "SET default_transaction_read_only = on; SELECT $_"),
		$all,
		"a role that may only read: $_");
}
is( as_role('analyst', 'SELECT * FROM summary ORDER BY team'),
	as_role('owner', 'SELECT * FROM summary ORDER BY team'),
	'a view of the owner over rows that the role may not see');
is(as_role('analyst', 'SELECT nps(score) FROM columns'),
	'-45.4545454545454545', 'the one column that is granted');
like(
	as_role('analyst', 'SELECT nps(tally) FROM columns'),
	qr/^\S+ ERROR:  permission denied for table columns/,
	'the other is refused');

# Conditions that fail, each with the hidden value in its message, if they see
# a hidden row.  A function of the role's own would say what it sees.
is(as_role('analyst', <<'SQL'), '', 'the role has a function that tells');
CREATE FUNCTION analyst.tell(anyelement) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0001
	AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END';
SQL
my @conditions = (
	"nps_category(score) = 'promoter'",
	"nps_category(exact) = 'promoter'",
	"nps_category(score::smallint) = 'promoter'",
	"nps_category(score::bigint) = 'promoter'",
	"nps_category(score::float8) = 'promoter'",
	"nps_category(score, 7, 9, 0, 10) = 'promoter'",
	"tally - '(0,1,0)' <> '(1,1,1)'",
	"tally + '(9223372036854772000,0,0)' <> tally",
	"nps_score(note::nps_tally) = 0",
	"nps_tally_accum_inv(tally, 9) <> tally",
	"nps_tally(score, 9223372036854770000 + score, 0) <> tally",
	"nps_change(tally, tally, nps_tally(990, 990, 990), tally) IS NOT NULL",
	"nps_promoters_needed(tally, score) IS NOT NULL",
	'analyst.tell(tally)',
	'analyst.tell(category) AND analyst.tell(score)');
foreach my $condition (@conditions)
{
	my $query = "count(*), min(id), max(id) FROM answers WHERE $condition";

	# The owner sees all rows, and what each condition can give away.
	like(
		as_role('owner', "SELECT $query"),
		qr/4711/, "can tell what is hidden: $condition");
	foreach my $relation (qw(answers barrier))
	{
		my $got = as_role('analyst', "SELECT $query" =~ s/answers/$relation/r);

		is( without_notices($got),
			without_notices(
				as_role(
					'owner', "SELECT $query" =~ s/answers/rows_of_north/r)),
			"$relation: the same rows by $condition");
		unlike($got, qr/4711/, "$relation: nothing hidden is told by $condition");
	}
}

# So it is because the policy comes first in the plan; only what can't fail, the
# comparisons and the filters, may come before it and be served by an index.
foreach (
	[ "nps_category(score) = 'promoter'", undef ],
	[ 'nps_score(tally) = 0', undef ],
	[ "tally - '(0,1,0)' = '(1,0,1)'", undef ],
	[ 'nps_is_promoter(score)', 'by_score' ],
	[ "category = 'passive'", 'by_category' ],
	[ "category > 'passive'", 'by_category' ],
	[ "tally = '(5,5,5)'", 'by_tally' ])
{
	my ($condition, $index) = @$_;

	foreach my $relation (qw(answers barrier))
	{
		local $ENV{PGUSER} = 'analyst';
		local $ENV{PGOPTIONS} =
		  '-c enable_bitmapscan=off -c enable_seqscan=' . ($index ? 'off' : 'on');
		my ($scan) = grep { ($_->{'Relation Name'} || '') eq 'answers' } nodes_of(
			plan_of($node, 'survey', "SELECT FROM $relation WHERE $condition"));

		is($scan->{'Index Name'}, $index,
				"$relation: "
			  . ($index ? "$index serves" : 'no index serves')
			  . " $condition");
		like($scan->{Filter}, qr/is_mine/, "$relation: the policy is kept");
		unlike($scan->{Filter}, qr/nps_.*is_mine/,
			"$relation: nothing comes before the policy");
	}
}

# Were a function leakproof that is not, all of this would see it.
$node->safe_psql('survey',
	'ALTER FUNCTION nps_category(integer) LEAKPROOF COST 0.0001');
like(
	as_role('analyst', "SELECT count(*) FROM $_ WHERE nps_category(score) = 'promoter'"),
	qr/score 4711 is outside/, "$_: a function wrongly called leakproof tells")
  foreach qw(answers barrier);
$node->safe_psql('survey',
	'ALTER FUNCTION nps_category(integer) NOT LEAKPROOF COST 1');

# What is leakproof fails for no pair of values.
is( $node->safe_psql('survey', <<'SQL'), '9|9|9|9|9|9', 'categories compare without a failure');
SELECT count(a = b), count(a <> b), count(a < b), count(a <= b), count(a > b), count(a >= b)
FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS a, unnest('{detractor,passive,promoter}'::nps_category[]) AS b
SQL
is( $node->safe_psql('survey', <<'SQL'), '900|900|30', 'tallies compare without a failure');
WITH tallies AS (SELECT nps_tally(d, p, r) AS t
	FROM unnest('{0,1,2147483647,4294967296,3074457345618258602}'::bigint[]) AS d,
		unnest('{0,2,3074457345618258602}'::bigint[]) AS p, unnest('{0,3074457345618258602}'::bigint[]) AS r)
SELECT count(a.t = b.t), count(a.t <> b.t), count(*) FILTER (WHERE a.t = b.t) FROM tallies AS a, tallies AS b
SQL

# Estimates ask the statistics only by what is leakproof, unless the role may
# see every row.
as_role('analyst', <<"SQL") foreach qw(nps_category nps_tally);
CREATE FUNCTION analyst.same($_, $_) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
	AS 'BEGIN RAISE NOTICE ''compared with %'', \$1; RETURN \$1 = \$2; END';
CREATE OPERATOR analyst.=== (FUNCTION = analyst.same, LEFTARG = $_, RIGHTARG = $_,
	RESTRICT = eqsel, JOIN = eqjoinsel);
SQL
foreach my $condition ("category OPERATOR(analyst.===) 'promoter'",
	"tally OPERATOR(analyst.===) '(1,2,3)'")
{
	my $explain = "EXPLAIN SELECT FROM answers WHERE $condition";

	like(as_role('owner', $explain),
		qr/compared with/, "estimated by values: $condition");
	foreach my $relation (qw(answers barrier))
	{
		my $got = as_role('analyst', $explain =~ s/answers/$relation/r);

		like($got, qr/Scan on answers/, "$relation: a plan for $condition");
		unlike($got, qr/compared with/, "$relation: not estimated by values");
	}
}
my $statistics = "SELECT attname FROM pg_stats WHERE tablename = 'answers'"
  . " AND attname IN ('category', 'tally') AND most_common_vals IS NOT NULL";
is(as_role('owner', $statistics), "category\ntally", 'statistics there are');
is(as_role('analyst', $statistics), '', 'which the role does not see');

# A policy made of a filter fails for no row, whatever is stored.
is(as_role('owner', <<'SQL'), '', 'policies made of filters');
CREATE TABLE filtered AS SELECT score, exact, category FROM answers;
INSERT INTO filtered VALUES (4711, 'NaN', NULL), (-4711, 'Infinity', NULL), (NULL, NULL, NULL);
ALTER TABLE filtered ENABLE ROW LEVEL SECURITY;
CREATE POLICY detractors ON filtered FOR SELECT
	USING (nps_is_detractor(score) AND nps_is_detractor(exact));
CREATE POLICY passives ON filtered FOR SELECT USING (category = 'passive');
GRANT SELECT ON filtered TO analyst;
SQL
is( as_role('analyst', 'SELECT count(*), nps_tally(score), nps_tally(category) FROM filtered'),
	as_role(
		'owner',
		'SELECT count(*), nps_tally(score), nps_tally(category) FROM filtered'
		  . " WHERE score BETWEEN 0 AND 6 OR category = 'passive'"),
	'show just their rows');

# What is revoked is refused by core's message, and nothing else is; aggregates
# run by the rights of their owner on what they are made of.
my $uses = 'nps(score), nps(tally), sum(tally), nps_tally(category),'
  . " max(category), '(1,2,3)'::nps_tally FROM answers";
my $before = as_role('analyst', "SELECT $uses");
unlike($before, qr/ERROR/, 'aggregates before anything is revoked');
foreach (
	[ 'FUNCTION nps_score(nps_tally)', 'nps_score(tally) FROM answers', 'function nps_score' ],
	[ 'FUNCTION nps_is_promoter(integer)', 'FROM answers WHERE nps_is_promoter(score)', 'function nps_is_promoter' ],
	[ 'FUNCTION nps_tally_add(nps_tally, nps_tally)', 'tally + tally FROM answers', 'function nps_tally_add' ],
	[ 'FUNCTION nps_tally_json(nps_tally)', 'tally::json FROM answers', 'function nps_tally_json' ],
	[ 'FUNCTION nps_tally_json(nps_tally)', 'tally::jsonb FROM answers', 'function nps_tally_json' ],
	[ 'FUNCTION nps_tally_accum(nps_tally, integer)', 'nps_tally_accum(tally, 9) FROM answers', 'function nps_tally_accum' ],
	[ 'FUNCTION nps_category_in(cstring)', "nps_category_in('passive')", 'function nps_category_in' ],
	[ 'FUNCTION nps(bigint)', 'nps(score::bigint) FROM answers', 'aggregate nps' ])
{
	my ($object, $query, $named) = @$_;

	unlike(as_role('analyst', "SELECT $query"), qr/ERROR/, "works: $query");
	like(
		as_role('owner', "REVOKE EXECUTE ON $object FROM PUBLIC"),
		qr/permission denied|no privileges could be revoked/,
		"the owner of the database has no \L$object\E to revoke");
	$node->safe_psql('survey', "REVOKE EXECUTE ON $object FROM PUBLIC");
	like(
		as_role('analyst', "SELECT $query"),
		qr/ERROR:  permission denied for $named$/m,
		"refused: $query");
	is(as_role('analyst', "SELECT $uses"),
		$before, "aggregates need no right on \L$object");
	$node->safe_psql('survey', "GRANT EXECUTE ON $object TO PUBLIC")
	  if $object ne 'FUNCTION nps(bigint)';
}

# A dump keeps what was revoked.
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->command_ok([ 'pg_dump', "--file=$dump", 'survey' ], 'dumped');
$node->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$node->command_ok(
	[ qw(psql -X -q -v ON_ERROR_STOP=1 -d restored -f), $dump ], 'restored');
is( as_role(
		'analyst',
		"SELECT has_function_privilege('nps(bigint)', 'EXECUTE'), has_function_privilege('nps(integer)', 'EXECUTE')",
		'restored'),
	'f|t',
	'as it was revoked');

# The objects belong to the bootstrap superuser, the extension to its maker,
# who need not own the database and can drop it but not change what is in it.
is(as_role('creator', 'CREATE SCHEMA metrics; CREATE EXTENSION nps SCHEMA metrics', 'another'),
	'', 'who may create in the database installs');
is( $node->safe_psql('another', "$members " . <<'SQL'), '10|100|creator', 'the owners');
SELECT string_agg(DISTINCT owner::text, ' '), count(*) / 100 * 100,
	(SELECT rolname FROM pg_roles JOIN pg_extension ON extowner = pg_roles.oid WHERE extname = 'nps')
FROM members JOIN (SELECT oid, proowner FROM pg_proc UNION ALL SELECT oid, typowner FROM pg_type
		UNION ALL SELECT oid, oprowner FROM pg_operator UNION ALL SELECT oid, opcowner FROM pg_opclass
		UNION ALL SELECT oid, opfowner FROM pg_opfamily) AS o (oid, owner) ON oid = objid
SQL
foreach (
	'ALTER FUNCTION metrics.nps_score(metrics.nps_tally) COST 1000',
	'ALTER FUNCTION metrics.nps_score(metrics.nps_tally) OWNER TO creator',
	'CREATE OR REPLACE FUNCTION metrics.nps_score(tally metrics.nps_tally) RETURNS numeric LANGUAGE sql RETURN 100',
	'DROP FUNCTION metrics.nps_bar(metrics.nps_tally, integer)',
	'ALTER EXTENSION nps DROP FUNCTION metrics.nps_bar(metrics.nps_tally, integer)',
	'ALTER TYPE metrics.nps_tally OWNER TO creator',
	'DROP OPERATOR metrics.+ (metrics.nps_tally, metrics.nps_tally)',
	'CREATE SCHEMA elsewhere; ALTER EXTENSION nps SET SCHEMA elsewhere')
{
	like(
		as_role('creator', $_, 'another'),
		qr/ERROR:  (must be owner of \w+ |cannot drop .* because extension nps requires it)/,
		"refused: $_");
}
like(as_role('analyst', 'DROP EXTENSION nps', 'another'),
	qr/must be owner of extension nps/, 'nobody else drops it');
is(as_role('creator', 'DROP EXTENSION nps', 'another'), '', 'its maker does');

$node->stop;
done_testing();
