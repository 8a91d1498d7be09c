
# The way to the next version, before there is one: in a copy of the sources a
# version is made that adds and changes something, and installed over this one
# in an installation of the test's own.  The older scripts work with the newer
# library, which reads what the older wrote, before ALTER EXTENSION UPDATE and
# after it.  A fresh install runs the same scripts.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Installation;
use NPS::Roles;
use NPS::Survey;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# What the next version adds, and changes in what there is.
my $upgrade = <<'SQL';
\echo Use "ALTER EXTENSION nps UPDATE" to load this file. \quit

CREATE FUNCTION nps_net_of_next(tally nps_tally) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_net_of_next(nps_tally) IS
    'promoters minus detractors of a tally';

CREATE AGGREGATE nps_net_of_next(category nps_category) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_net_of_next,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_net_of_next(nps_category) IS
    'promoters minus detractors of categories';

CREATE FUNCTION nps_net_of_next_at_least(tally nps_tally, net bigint DEFAULT 0) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nps_net_of_next(tally) >= net;
REVOKE EXECUTE ON FUNCTION nps_net_of_next_at_least(nps_tally, bigint) FROM PUBLIC;

CREATE OPERATOR - (
    FUNCTION = nps_net_of_next,
    RIGHTARG = nps_tally
);

ALTER FUNCTION nps_bar(nps_tally, integer) COST 10;
COMMENT ON FUNCTION nps_bar(nps_tally, integer) IS 'bar';
CREATE OR REPLACE FUNCTION nps_is_passive(score smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score BETWEEN 7 AND 8;
SQL
my $library = <<'C';
#include "postgres.h"

#include "tally.h"

PG_FUNCTION_INFO_V1(nps_net_of_next);
/* How many more promoters than detractors a tally counts. */
Datum
nps_net_of_next(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	PG_RETURN_INT64(tally->count[NPS_PROMOTER] - tally->count[NPS_DETRACTOR]);
}
C

my $dir = PostgreSQL::Test::Utils::tempdir();
my ($this) = slurp_file('nps.control') =~ /^default_version = '(.*)'$/m;
my $next = $this =~ s/(\d+)$/$1 + 1/er;
copy_sources("$dir/$_") foreach qw(this next);

append_to_file("$dir/next/src/net.c", $library);
append_to_file("$dir/next/sql/nps--$this--$next.sql", $upgrade);
system_or_bail('sed', '-i', "s/'$this'/'$next'/", "$dir/next/nps.control");

# This version, and what it writes.
my $installation = make_installation("$dir/installation");
install_sources("$dir/this", $installation);
my $node = PostgreSQL::Test::Cluster->new('upgrade',
	install_path => $installation);
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE owner LOGIN');
roles_of($node, 'survey');
make_survey($node, 'survey');
my %rows = rows_of_survey($node, 'survey');

# One database for each version that can be installed, made by its owner.
sub make_owned
{
	my ($database, $version) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database OWNER owner");
	is( as_role(
			'owner',
			"CREATE SCHEMA metrics; CREATE EXTENSION nps SCHEMA metrics"
			  . ($version ? " VERSION '$version'" : ''),
			$database
		),
		'',
		"$database installed by the owner of the database");
	return;
}

my %older = map { 'from_' . tr/.-/__/r => $_ } split /\n/,
  $node->safe_psql('postgres',
	"SELECT version FROM pg_available_extension_versions WHERE name = 'nps'");
ok((grep { $_ eq $this } values %older), "$this is among the versions");
make_owned($_, $older{$_}) foreach sort keys %older;

# The next version's files, under a database of this one.
$node->stop;
install_sources("$dir/next", $installation);
$node->start;
my $version = "SELECT extversion FROM pg_extension WHERE extname = 'nps'";
my $functions =
  "SELECT count(*) FROM pg_proc WHERE probin = '\$libdir/nps'";
my $loaded = "SELECT count(fmgr_c_validator(oid)::text)"
  . " FROM pg_proc WHERE probin = '\$libdir/nps'";
foreach my $database ('survey', sort keys %older)
{
	cmp_ok($node->safe_psql($database, $functions),
		'>', 50, "$database: functions to look up");
	is( ($node->psql($database, $loaded))[1],
		$node->safe_psql($database, $functions),
		"$database: the newer library has every function of the older script");
}
is($node->safe_psql('survey', $version), $this, "still $this");
check_rows($node, 'survey', 'older script, newer library', %rows);
check_lookups($node, 'survey', 'older script, newer library');

# The upgrade, beside a fresh install by the same role.
$node->safe_psql('survey', 'ALTER EXTENSION nps UPDATE');
is($node->safe_psql('survey', $version), $next, "updated to $next");
check_rows($node, 'survey', 'updated', %rows);
check_lookups($node, 'survey', 'updated');
is( $node->safe_psql(
		'survey',
		'SELECT net <> 0, net = metrics.nps_net_of_next(sum), net = OPERATOR(metrics.-) sum'
		  . ' FROM kept, (SELECT metrics.nps_net_of_next(category) FROM answers) AS a (net)'
	),
	't|t|t',
	'what is new counts what is old');

# The same from every version there ever was, by the owner of the database.
foreach my $database (sort keys %older)
{
	my @kept = grep { /^pg_(type|aggregate)\|/ } catalogue_of($node, $database);

	is(as_role('owner', 'ALTER EXTENSION nps UPDATE', $database),
		'', "$database: updated by the owner of the database");
	my %found = map { (split /\|/)[1] => 1 } catalogue_of($node, $database);
	is_deeply([ grep { !$found{ (split /\|/)[1] } } @kept ],
		[], "$database: no type and no aggregate is gone");
	cmp_ok(scalar(@kept), '>', 15, "$database: types and aggregates to keep");
}
make_owned('fresh');
is(as_role('owner', $version, 'fresh'), $next, "a fresh install is $next");
same_catalogue([ catalogue_of($node, (sort keys %older)[0]) ],
	[ catalogue_of($node, 'fresh') ],
	'by the scripts that an update runs');
is( $node->safe_psql(
		'postgres',
		"SELECT count(*) FROM pg_extension_update_paths('nps')"
		  . " WHERE target = '$next' AND source <> target AND path IS NULL"
	),
	'0',
	"every version leads to $next");

# Somebody who may create in the schema can't slip a function in.
$node->safe_psql('postgres', 'CREATE DATABASE taken');
$node->safe_psql('taken', <<"SQL");
CREATE EXTENSION nps VERSION '$this';
CREATE FUNCTION nps_net_of_next(tally nps_tally) RETURNS bigint LANGUAGE sql RETURN 0;
SQL
like(
	($node->psql('taken', 'ALTER EXTENSION nps UPDATE'))[2],
	qr/function "nps_net_of_next" already exists with same argument types/,
	'what stands in the way of an update is not adopted');
is($node->safe_psql('taken', $version), $this, 'and nothing is updated');

$node->stop;
done_testing();
