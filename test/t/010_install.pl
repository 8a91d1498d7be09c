
# The extension where users install it: by a role that is not superuser, in a
# schema that is not on the search path, used by a role that may only read,
# moved to another schema, and dropped without a trace.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Roles;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# A line a use: what is selected, and after # what psql prints.  nps: stands
# for the schema of the extension and the tables; no schema is searched but
# pg_catalog.
my @uses = split /\n/, <<'USES';
nps:nps_category(9::smallint) # promoter
nps:nps_category(8) # passive
nps:nps_category(6::bigint) # detractor
nps:nps_category(8.9) # passive
nps:nps_category(6.5::float8) # detractor
nps:nps_category(9::real) # promoter
nps:nps_category(4, passive_from => 4, promoter_from => 5, lowest => 1, highest => 5) # passive
' Promoter '::nps:nps_category # promoter
nps:nps_category(7)::text || '!' # passive!
nps:nps_points(nps:nps_category(2)) # -100
'(20,10,70)'::nps:nps_tally # (20,10,70)
nps:nps_tally(20, 10, 70) # (20,10,70)
nps:nps_detractors(t), nps:nps_passives(t), nps:nps_promoters(t) FROM nps:nps_tally(20, 10, 70) t # 20|10|70
nps:nps_responses(t), nps:nps_score(t) FROM nps:nps_tally(20, 10, 70) t # 100|50
a OPERATOR(nps:=) b, a OPERATOR(nps:<>) b FROM nps:nps_category(7) a, nps:nps_category(9) b # f|t
a OPERATOR(nps:<) b, a OPERATOR(nps:<=) b FROM nps:nps_category(7) a, nps:nps_category(9) b # t|t
a OPERATOR(nps:>) b, a OPERATOR(nps:>=) b FROM nps:nps_category(7) a, nps:nps_category(9) b # f|f
a OPERATOR(nps:=) b, a OPERATOR(nps:<>) b FROM nps:nps_tally(5, 5, 5) a, nps:nps_tally(1, 2, 3) b # f|t
a OPERATOR(nps:+) b, a OPERATOR(nps:-) b FROM nps:nps_tally(5, 5, 5) a, nps:nps_tally(1, 2, 3) b # (6,7,8)|(4,3,2)
nps:nps(score), nps:nps_tally(score) FROM nps:answers # 20|(1,2,2)
nps:nps(category), nps:nps_tally(category) FROM nps:answers # 20|(1,2,2)
nps:nps(tally), nps:sum(tally) FROM nps:tallies # 20|(1,2,2)
nps:min(category), nps:max(category) FROM nps:answers # detractor|promoter
string_agg(n::text, ' ' ORDER BY id) FROM (SELECT id, nps:nps(score) OVER (ORDER BY id ROWS 1 PRECEDING) n FROM nps:answers) x # 100 50 0 -50 0 100
string_agg(t::text, ' ' ORDER BY id) FROM (SELECT id, nps:sum(tally) OVER (ORDER BY id ROWS 1 PRECEDING) t FROM nps:tallies) x # (0,0,1) (0,1,1) (0,2,0) (1,1,0) (1,0,1)
string_agg(c || ' ' || n, ', ') FROM (SELECT category c, count(*) n FROM nps:answers GROUP BY 1 ORDER BY 1) x # detractor 1, passive 2, promoter 2
count(DISTINCT category), string_agg(category::text, ' ' ORDER BY category DESC) FROM nps:answers # 3|promoter promoter passive passive detractor
count(*) FROM nps:tallies a JOIN nps:tallies b ON a.tally OPERATOR(nps:=) b.tally # 9
to_jsonb(tally) OPERATOR(pg_catalog.=) tally::jsonb, tally::jsonb FROM nps:tallies WHERE id = 4 # t|{"score": -100, "passives": 0, "promoters": 0, "responses": 1, "detractors": 1}
tally::json FROM nps:tallies WHERE id = 4 # {"detractors":1,"passives":0,"promoters":0,"responses":1,"score":-100}
row_to_json(t) FROM (SELECT category, id FROM nps:answers) t WHERE id = 1 # {"category":"promoter","id":1}
USES
foreach my $type (qw(smallint integer bigint numeric float8 real))
{
	push @uses,
	  "nps:nps_is_detractor(6::$type), nps:nps_is_detractor(7::$type) # t|f",
	  "nps:nps_is_passive(8::$type), nps:nps_is_passive(9::$type) # t|f",
	  "nps:nps_is_promoter(10::$type), nps:nps_is_promoter(11::$type) # t|f";
}

# Conditions that an index serves: the table, the condition, and how it looks
# in the plan.  A filter is there as the range on the column that it stands for.
my @indexed = (
	[
		'answers', 'nps:nps_is_detractor(score)',
		'((score >= 0) AND (score < 7))'
	],
	[
		'answers', q{category OPERATOR(nps:=) 'passive'},
		'(category OPERATOR'
	],
	[ 'tallies', q{tally OPERATOR(nps:=) '(1,0,0)'}, '(tally OPERATOR' ]);

my $tables = <<'SQL';
CREATE TABLE nps:answers (id int PRIMARY KEY, score int,
	category nps:nps_category GENERATED ALWAYS AS (nps:nps_category(score)) STORED);
INSERT INTO nps:answers VALUES (1, 10), (2, 8), (3, 7), (4, 0), (5, 9), (6, NULL);
CREATE INDEX ON nps:answers (score);
CREATE INDEX ON nps:answers (category);
CREATE TABLE nps:tallies AS SELECT id, nps:nps_tally(score) AS tally
	FROM nps:answers WHERE id < 6 GROUP BY id ORDER BY id;
CREATE INDEX ON nps:tallies USING hash (tally);
SQL

# How many rows each catalogue has to which an extension adds.
my $census = join ' UNION ALL ',
  map { "SELECT '$_', count(*) FROM $_" }
  qw(pg_aggregate pg_amop pg_amproc pg_cast pg_depend pg_description
  pg_extension pg_init_privs pg_opclass pg_operator pg_opfamily pg_proc
  pg_shdepend pg_type);

# How many objects of each kind a schema has.
my $objects = join ' UNION ALL ', map {
	my ($catalogue, $column) = @$_;
	"SELECT count(*) FROM $catalogue WHERE $column = 'metrics'::regnamespace"
} ( [qw(pg_proc pronamespace)], [qw(pg_type typnamespace)],
	[qw(pg_operator oprnamespace)], [qw(pg_opclass opcnamespace)],
	[qw(pg_opfamily opfnamespace)]);

my $node = PostgreSQL::Test::Cluster->new('install');
$node->init;
$node->start;
$node->safe_psql('postgres', $_)
  foreach (
	'CREATE ROLE owner LOGIN',
	'CREATE ROLE analyst LOGIN',
	'CREATE DATABASE survey OWNER owner');

roles_of($node, 'survey');

sub in_schema
{
	my ($schema, $sql) = @_;

	return $sql =~ s/nps:/$schema./gr;
}

# Tries every use and every indexed condition as the role that may only read.
sub check_uses
{
	my ($schema, $when) = @_;
	my $prelude = "SET search_path = ''; SET enable_seqscan = off;"
	  . ' SET enable_bitmapscan = off;';

	foreach (@uses)
	{
		my ($query, $expected) = split / # /;

		is( as_role(
				'analyst', "$prelude SELECT " . in_schema($schema, $query)),
			$expected,
			"$when: $query");
	}
	foreach (@indexed)
	{
		my ($table, $condition, $in_plan) = @$_;
		my $query = in_schema($schema,
			"EXPLAIN (COSTS OFF) SELECT FROM nps:$table WHERE $condition");

		like(
			as_role('analyst', "$prelude $query"),
			qr/Index Cond: \Q$in_plan/,
			"$when: an index serves $condition");
	}
}

my $before = $node->safe_psql('survey', $census);

# A trusted extension: whoever may create in the database installs it.
like(
	as_role('analyst', 'CREATE EXTENSION nps'),
	qr/permission denied to create extension "nps"/,
	'who may not create in the database may not install');
is( as_role(
		'owner', 'CREATE SCHEMA metrics; CREATE EXTENSION nps SCHEMA metrics'
	),
	'',
	'the owner of the database, not superuser, installs');
is(as_role('owner', in_schema('metrics', $tables)), '', 'and makes tables');
as_role('owner',
		'GRANT USAGE ON SCHEMA metrics TO analyst;'
	  . 'GRANT SELECT ON ALL TABLES IN SCHEMA metrics TO analyst');
check_uses('metrics', 'in its schema');
is( $node->safe_psql(
		'survey',
		'SELECT relocatable, trusted, superuser, schema, requires'
		  . ' FROM pg_available_extension_versions'
		  . " WHERE name = 'nps' AND installed"),
	't|t|t||',
	'the control file says relocatable, trusted, and no more');

# Moved with all that uses it, into a schema whose name needs quotes.
isnt($node->safe_psql('survey', $objects), "0\n0\n0\n0\n0",
	'objects to move');
$node->safe_psql('survey', $_)
  foreach (
	'CREATE SCHEMA "Net. Promoter"',
	'GRANT USAGE ON SCHEMA "Net. Promoter" TO analyst',
	'ALTER EXTENSION nps SET SCHEMA "Net. Promoter"',
	'ALTER TABLE metrics.answers SET SCHEMA "Net. Promoter"',
	'ALTER TABLE metrics.tallies SET SCHEMA "Net. Promoter"');
is($node->safe_psql('survey', $objects),
	"0\n0\n0\n0\n0", 'every object moved');
check_uses('"Net. Promoter"', 'moved');

# Dropped, but not what is in use.
like(
	as_role('owner', 'DROP EXTENSION nps'),
	qr/cannot drop extension nps because other objects depend on it/,
	'what is in use is not dropped');
$node->safe_psql('survey', 'DROP SCHEMA metrics, "Net. Promoter" CASCADE');
is($node->safe_psql('survey', $census), $before, 'dropped without a trace');
is( as_role(
		'owner',
		'CREATE EXTENSION nps; DROP EXTENSION nps; CREATE EXTENSION nps;'
		  . 'SELECT nps(x) FROM generate_series(0, 10) x; DROP EXTENSION nps'
	),
	'-45.4545454545454545',
	'created, dropped and created again in one session');
is($node->safe_psql('survey', $census),
	$before, 'dropped again without a trace');

$node->stop;
done_testing();
