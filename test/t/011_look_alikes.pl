
# Objects that look like core's or ours, made by somebody who may create in the
# schema that the extension is installed into, or in one that is searched
# before all others: they change no result and are never called, neither by
# what the install script finds nor by the search path of a query.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Roles;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('look_alikes');
$node->init;
$node->start;
$node->safe_psql('postgres', $_)
  foreach (
	'CREATE ROLE owner LOGIN',
	'CREATE ROLE mallory LOGIN',
	'CREATE DATABASE clean OWNER owner',
	'CREATE DATABASE survey OWNER owner');
$node->safe_psql('survey', $_)
  foreach (
	'GRANT CREATE ON SCHEMA public TO mallory',
	'GRANT CREATE ON DATABASE survey TO owner',
	'CREATE SCHEMA evil AUTHORIZATION mallory',
	'GRANT USAGE ON SCHEMA evil TO public');

roles_of($node, 'survey');

# What it is to look like something: operators for every pair of numeric
# types, where core has none for just that pair a better match than what core
# has; functions under the names of ours, or of core's that the script calls,
# that take anything; types that the script names.  All say that they are
# called.
my @types = (qw(smallint integer bigint numeric real), 'double precision');
my %functions = (
	'btequalimage(integer)' => 'boolean',
	'nps_category(anyelement)' => 'integer',
	'nps_category_cmp(anyelement, anyelement)' => 'integer',
	'nps_is_promoter(anyelement)' => 'boolean',
	'nps_score(anyelement)' => 'numeric',
	'nps_tally_accum(anyelement, integer)' => 'anyelement',
	'nps_tally_add(anyelement, anyelement)' => 'anyelement',
	'nps_tally_json(anyelement)' => 'json',
	'eqsel(integer, oid, integer, integer)' => 'float8');
my $trap = 'LANGUAGE plpgsql IMMUTABLE AS'
  . q{ $$BEGIN RAISE EXCEPTION 'foreign code'; END$$};

sub look_alikes
{
	my ($schema) = @_;
	my $sql = "SET search_path = pg_catalog;";

	foreach my $left (@types)
	{
		foreach my $right (@types)
		{
			$sql .= "CREATE FUNCTION $schema.yes($left, $right)"
			  . " RETURNS boolean $trap;";
			$sql .=
				"CREATE OPERATOR $schema.$_ (FUNCTION = $schema.yes,"
			  . " LEFTARG = $left, RIGHTARG = $right);"
			  foreach ('<', '<=', '=', '>=', '>');
		}
	}
	$sql .= "CREATE FUNCTION $schema.$_ RETURNS $functions{$_} $trap;"
	  foreach sort keys %functions;
	$sql .= "CREATE DOMAIN $schema.$_ AS text;"
	  foreach qw(json jsonb numrange int2 int4 int8 float8 numeric bool text
	  cstring internal bytea);
	return $sql;
}

is(as_role('mallory', look_alikes($_)), '', "look-alikes in $_")
  foreach qw(public evil);
is( as_role(
		'mallory',
		'SET search_path = pg_catalog; CREATE TYPE evil.nps_category AS ENUM (\'promoter\');'
		  . 'CREATE DOMAIN evil.nps_tally AS text;'
		  . "CREATE FUNCTION evil.tally_as_json(evil.nps_category) RETURNS json $trap;"
		  . 'CREATE CAST (evil.nps_category AS json)'
		  . ' WITH FUNCTION evil.tally_as_json(evil.nps_category) AS IMPLICIT'
	),
	'',
	'types and a cast in evil');
like(
	as_role('owner', "SET search_path = $_->[0]; SELECT $_->[1]"),
	qr/foreign code/,
	"called where nothing protects: $_->[1]")
  foreach (
	[ 'public', '8::numeric >= 0' ],
	[ 'evil', 'nps_score(1)' ],
	[ 'evil, pg_catalog', '1 = 1' ]);

# Nothing of it gets into the extension, whatever is searched at that time.
is(as_role('owner', 'CREATE EXTENSION nps', 'clean'), '', 'a clean install');
my @clean = catalogue_of($node, 'clean');
foreach my $path ('public', 'evil, pg_catalog, public',
	'pg_temp, evil, pg_catalog')
{
	is( as_role(
			'owner',
			'CREATE TEMP TABLE nps_tally (json text); CREATE TEMP TABLE json ();'
			  . "SET search_path = $path; CREATE EXTENSION nps SCHEMA public"
		),
		'',
		"installed beside them, search path $path");
	same_catalogue([ catalogue_of($node, 'survey') ],
		\@clean, "as a clean install, search path $path");
	as_role('owner', 'DROP EXTENSION nps') if $path ne 'pg_temp, evil, pg_catalog';
}

# What queries give, and the same with tables of these names in pg_temp.
foreach my $path ('public', 'public, pg_catalog', 'public, evil, pg_catalog')
{
	my $prelude = 'CREATE TEMP TABLE jsonb (); CREATE TEMP TABLE nps_points ();'
	  . "SET search_path = $path;";

	foreach my $type (@types)
	{
		is( as_role(
				'owner',
				"$prelude SELECT nps_is_detractor(8::$type), nps_is_passive(3::$type),"
				  . " nps_is_promoter(3::$type), nps_category(3::$type), nps(3::$type)"
			),
			'f|f|f|detractor|-100',
			"scores of type $type, search path $path");
	}
	is( as_role(
			'owner',
			$prelude
			  . 'SELECT t::pg_catalog.json, t::pg_catalog.jsonb FROM nps_tally(0, 0, 1) t'
		),
		'{"detractors":0,"passives":0,"promoters":1,"responses":1,"score":100}|'
		  . '{"score": 100, "passives": 0, "promoters": 1, "responses": 1, "detractors": 0}',
		"tallies as JSON, search path $path");
	is( as_role(
			'owner',
			"$prelude SELECT nps_score(sum(t)), nps(t), max(nps_category(9)),"
			  . ' nps_margin(sum(t)), (nps_summary(sum(t))).lower FROM nps_tally(0, 0, 1) t'
		),
		as_role(
			'owner',
			'SELECT nps_score(sum(t)), nps(t), max(nps_category(9)),'
			  . ' nps_margin(sum(t)), (nps_summary(sum(t))).lower FROM nps_tally(0, 0, 1) t',
			'clean'),
		"aggregates and statistics, search path $path");
}

# A dump brings the extension and the look-alikes back as they were.
$node->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->command_ok([ 'pg_dump', "--file=$dump", 'survey' ], 'dumped');
$node->command_ok(
	[ qw(psql -X -q -v ON_ERROR_STOP=1 -d restored -f), $dump ], 'restored');
same_catalogue([ grep { !/^pg_extension/ } catalogue_of($node, 'restored') ],
	[ grep { !/^pg_extension/ } @clean ],
	'restored beside them');

# What has the very signature of one of ours is not taken for it, and goes
# neither with the extension nor to its owner.
my @signatures = split /\n/, $node->safe_psql('clean', "$members " . <<'SQL');
SELECT signature FROM functions
WHERE NOT EXISTS (SELECT FROM pg_type AS t WHERE t.oid = ANY (proargtypes) AND (t.oid >= 16384 OR typtype = 'p'))
ORDER BY 1
SQL
cmp_ok(scalar(@signatures), '>', 30, 'signatures to take');
as_role('owner', 'DROP EXTENSION nps');
$node->safe_psql('survey', 'DROP OWNED BY mallory CASCADE;'
	  . 'GRANT CREATE ON SCHEMA public TO mallory');
my @taken = (
	map({
			[
				$_,
				"CREATE FUNCTION public.$_ RETURNS integer LANGUAGE sql IMMUTABLE RETURN 1",
				'function "\w+" already exists with same argument types'
			]
		} @signatures),
	[
		'nps(integer)',
		'CREATE AGGREGATE public.nps(integer) (SFUNC = int4pl, STYPE = integer)',
		'function "nps" already exists with same argument types'
	],
	map({
			my $type = $_;
			map {
				[ "$type $_", "CREATE $_", "type \"$type\" already exists" ]
			} (
				"DOMAIN public.$type AS text",
				"TYPE public.$type AS ENUM ()",
				"TABLE public.$type ()")
		} qw(nps_category nps_tally)));
foreach (@taken)
{
	my ($name, $sql, $message) = @$_;

	as_role('mallory', $sql);
	like(as_role('owner', 'CREATE EXTENSION nps'),
		qr/$message/, "$name stands in the way and is not adopted");
	unlike(as_role('mallory', 'DROP OWNED BY mallory'),
		qr/ERROR/, "$name is mallory's");
	$node->safe_psql('survey', 'GRANT CREATE ON SCHEMA public TO mallory');
}

# Not even what only a superuser can have left there.
foreach (
	[ 'TYPE nps_tally', 'CREATE TYPE nps_tally', 'type "nps_tally" already exists' ],
	[
		'OPERATOR FAMILY nps_tally_ops USING hash',
		'CREATE OPERATOR FAMILY nps_tally_ops USING hash',
		'operator family "nps_tally_ops" for access method "hash" already exists'
	])
{
	my ($object, $sql, $message) = @$_;

	$node->safe_psql('survey', $sql);
	like(as_role('owner', 'CREATE EXTENSION nps'),
		qr/$message/, "\L$object\E stands in the way and is not adopted");
	$node->safe_psql('survey', "DROP $object");
}
is(as_role('owner', 'CREATE EXTENSION nps'), '', 'nothing was left behind');

# Nor does the extension move in with one.
$node->safe_psql('survey', 'CREATE SCHEMA evil AUTHORIZATION mallory')
  if $node->safe_psql('survey', "SELECT to_regnamespace('evil')") eq '';
is( as_role(
		'mallory',
		'CREATE FUNCTION evil.nps_category(integer) RETURNS integer LANGUAGE sql RETURN 0'
	),
	'',
	'one more look-alike');
like(
	($node->psql('survey', 'ALTER EXTENSION nps SET SCHEMA evil'))[2],
	qr/function nps_category\(integer\) already exists in schema "evil"/,
	'the extension does not move there');
same_catalogue([ catalogue_of($node, 'survey') ],
	\@clean, 'and stays what it was');

$node->stop;
done_testing();
