
# Objects that look like core's or ours, made by somebody who may create in the
# schema that the extension is installed into: they change no result, neither
# by what the install script finds nor by the search path of a query.

use strict;
use warnings;

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
	'CREATE DATABASE survey OWNER owner');
$node->safe_psql('survey', 'GRANT CREATE ON SCHEMA public TO mallory');

# Runs SQL as a role and returns what psql printed, or the error.
sub as_role
{
	my ($role, $sql) = @_;
	my ($ret, $stdout, $stderr) =
	  $node->psql('survey', $sql, extra_params => [ '-U', $role ]);

	return $ret == 0 ? $stdout : $stderr;
}

# Operators for every pair of numeric types: where core has none for just that
# pair, they match better than what core has.  All say yes.
my @types = qw(smallint integer bigint numeric real float8);
my $hostile = '';
foreach my $left (@types)
{
	foreach my $right (@types)
	{
		$hostile .=
			"CREATE FUNCTION public.yes($left, $right) RETURNS boolean"
		  . ' LANGUAGE sql IMMUTABLE RETURN true;';
		$hostile .=
			"CREATE OPERATOR public.$_ (FUNCTION = public.yes,"
		  . " LEFTARG = $left, RIGHTARG = $right);"
		  foreach ('<', '<=', '=', '>=', '>');
	}
}

# Functions under the names of ours, or of core's that the script calls, that
# take anything and give nothing.
my %functions = (
	'btequalimage(integer)' => 'boolean',
	'nps_category(anyelement)' => 'integer',
	'nps_category_cmp(anyelement, anyelement)' => 'integer',
	'nps_is_promoter(anyelement)' => 'boolean',
	'nps_score(anyelement)' => 'numeric',
	'nps_tally_accum(anyelement, integer)' => 'anyelement',
	'nps_tally_add(anyelement, anyelement)' => 'anyelement',
	'nps_tally_json(anyelement)' => 'json');
$hostile .=
	"CREATE FUNCTION public.$_ RETURNS $functions{$_}"
  . " LANGUAGE sql IMMUTABLE AS 'SELECT NULL::$functions{$_}';"
  foreach sort keys %functions;
# In their bodies, anyelement is not a type to cast to.
$hostile =~ s/NULL::anyelement/\$1/g;

is(as_role('mallory', $hostile), '', 'look-alikes made');
is(as_role('owner', 'CREATE EXTENSION nps'), '', 'installed beside them');

foreach my $path ('public', 'public, pg_catalog')
{
	foreach my $type (@types)
	{
		is( as_role(
				'owner',
				"SET search_path = $path;"
				  . "SELECT nps_is_detractor(8::$type), nps_is_passive(3::$type),"
				  . " nps_is_promoter(3::$type), nps_category(3::$type), nps(3::$type)"
			),
			'f|f|f|detractor|-100',
			"scores of type $type, search path $path");
	}
	is( as_role(
			'owner',
			"SET search_path = $path;"
			  . 'SELECT t::json, t::jsonb FROM nps_tally(0, 0, 1) t'),
		'{"detractors":0,"passives":0,"promoters":1,"responses":1,"score":100}|'
		  . '{"score": 100, "passives": 0, "promoters": 1, "responses": 1, "detractors": 0}',
		"tallies as JSON, search path $path");
	is( as_role(
			'owner',
			"SET search_path = $path;"
			  . 'SELECT nps_score(sum(t)), nps(t), max(nps_category(9)) FROM nps_tally(0, 0, 1) t'
		),
		'100|100|promoter',
		"aggregates, search path $path");
}

# What has the very signature of one of ours is not taken for it.
as_role('owner', 'DROP EXTENSION nps');
as_role('mallory',
		'CREATE FUNCTION public.nps_category(integer) RETURNS integer'
	  . ' LANGUAGE sql RETURN 0');
like(
	as_role('owner', 'CREATE EXTENSION nps'),
	qr/function "nps_category" already exists with same argument types/,
	'what stands in the way is not adopted');

$node->stop;
done_testing();
