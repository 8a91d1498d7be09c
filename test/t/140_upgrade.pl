
# The way to the next version, before there is one: in a copy of the sources a
# version is made that adds and changes something, and installed over this one
# in an installation of the test's own.  The older script works with the newer
# library, which reads what the older wrote; after ALTER EXTENSION UPDATE the
# catalogue is that of a fresh install.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Installation;
use NPS::Release;
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
my $this = default_version('.');
my $next = $this =~ s/(\d+)$/$1 + 1/er;
copy_sources('.', "$dir/this");
copy_sources('.', "$dir/next");

sub write_file
{
	my ($path, $text) = @_;

	open(my $file, '>', $path) or die "cannot write $path: $!";
	print $file $text;
	close $file;
	return;
}

sub change_file
{
	my ($path, $change) = @_;
	my $text = slurp_file($path);

	my $changed = $change->($text);
	$changed ne $text or die "nothing changed in $path";
	write_file($path, $changed);
	return;
}

write_file("$dir/next/src/net.c", $library);
change_file("$dir/next/nps.control", sub { $_[0] =~ s/'\Q$this\E'/'$next'/r });
write_file("$dir/next/sql/nps--$this--$next.sql", $upgrade);
write_file("$dir/next/sql/nps--$next.sql",
	script_of("$dir/next", $this) . $upgrade);

# This version, and what it writes.
my $installation = make_installation("$dir/installation");
install_sources("$dir/this", $installation, "version $this installed");
my $node = PostgreSQL::Test::Cluster->new('upgrade',
	install_path => $installation);
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE owner LOGIN');
make_survey($node, 'survey');
my %rows = rows_of_survey($node, 'survey');

# One database for each version that can be installed, made by its owner.
sub as_owner
{
	my ($database, $sql) = @_;
	my ($ret, $stdout, $stderr) =
	  $node->psql($database, $sql, extra_params => [ '-U', 'owner' ]);

	return $ret == 0 ? $stdout : $stderr;
}

sub make_owned
{
	my ($database, $version) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database OWNER owner");
	is( as_owner(
			$database,
			"CREATE SCHEMA metrics; CREATE EXTENSION nps SCHEMA metrics"
			  . ($version ? " VERSION '$version'" : '')
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
install_sources("$dir/next", $installation, "version $next installed over it");
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
$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh',
	'CREATE SCHEMA metrics; CREATE EXTENSION nps SCHEMA metrics');
my @fresh = catalogue_of($node, 'fresh');
same_catalogue([ catalogue_of($node, 'survey') ],
	\@fresh, 'updated as freshly installed');

# The same from every version there ever was, by the owner of the database.
make_owned('fresh_owned');
my @fresh_owned = catalogue_of($node, 'fresh_owned');
foreach my $database (sort keys %older)
{
	my @kept = grep { /^pg_(type|aggregate)\|/ } catalogue_of($node, $database);

	is(as_owner($database, 'ALTER EXTENSION nps UPDATE'),
		'', "$database: updated by the owner of the database");
	my @updated = catalogue_of($node, $database);
	same_catalogue(\@updated, \@fresh_owned,
		"$database: as freshly installed");
	my %found = map { (split /\|/)[1] => 1 } @updated;
	is_deeply([ grep { !$found{ (split /\|/)[1] } } @kept ],
		[], "$database: no type and no aggregate is gone");
	cmp_ok(scalar(@kept), '>', 15, "$database: types and aggregates to keep");
}
is( $node->safe_psql(
		'postgres',
		"SELECT count(*) FROM pg_extension_update_paths('nps')"
		  . " WHERE target = '$next' AND source <> target AND path IS NULL"
	),
	'0',
	"every version leads to $next");

# The comparison sees what an upgrade script may forget.
foreach my $change (
	'COMMENT ON FUNCTION metrics.nps_net_of_next(metrics.nps_tally) IS NULL',
	'ALTER FUNCTION metrics.nps_net_of_next(metrics.nps_tally) COST 2',
	'ALTER FUNCTION metrics.nps_score(metrics.nps_tally) PARALLEL RESTRICTED',
	'GRANT EXECUTE ON FUNCTION metrics.nps_net_of_next_at_least(metrics.nps_tally, bigint) TO PUBLIC',
	'ALTER FUNCTION metrics.nps_bar(metrics.nps_tally, integer) OWNER TO owner',
	'ALTER OPERATOR metrics.= (metrics.nps_tally, metrics.nps_tally) SET (RESTRICT = NONE)',
	'ALTER OPERATOR FAMILY metrics.nps_tally_ops USING hash DROP FUNCTION 2 (metrics.nps_tally)',
	'ALTER EXTENSION nps DROP CAST (metrics.nps_tally AS json)',
	'CREATE OR REPLACE FUNCTION metrics.nps_is_passive(score smallint) RETURNS boolean'
	. ' LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN score BETWEEN 7 AND 9',
	'CREATE FUNCTION metrics.nps_more() RETURNS int LANGUAGE sql RETURN 1;'
	. 'ALTER EXTENSION nps ADD FUNCTION metrics.nps_more()')
{
	isnt(
		join("\n", catalogue_of($node, 'fresh', $change)),
		join("\n", @fresh),
		"seen: $change");
}

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
