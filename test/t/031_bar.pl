
# The characters of a bar are those of the database: blocks in UTF-8, plain
# ones in every other encoding, and never bytes that the encoding does not
# have.  What is dumped in one encoding and restored into another is made anew.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('bar');
$node->init;
$node->start;

# Databases, and the bar of (1,1,2) in four characters, as the server has it.
my $shaded = '\xe29688e29692e29691e29691';
my $plain = '\x' . unpack('H*', '-.++');
my %bars = (
	UTF8 => $shaded,
	LATIN1 => $plain,
	SQL_ASCII => $plain,
	EUC_JP => $plain,
	WIN1252 => $plain);
foreach my $encoding (sort keys %bars)
{
	$node->safe_psql('postgres',
		"CREATE DATABASE db_$encoding TEMPLATE template0"
		  . " ENCODING '$encoding' LOCALE 'C'");
}

foreach my $encoding (sort keys %bars)
{
	my $database = "db_\L$encoding";

	$node->safe_psql($database, <<'SQL');
CREATE EXTENSION nps;
CREATE TABLE tallies (
	tally nps_tally,
	bar text GENERATED ALWAYS AS (nps_bar(tally, 4)) STORED);
CREATE INDEX tallies_bar ON tallies (nps_bar(tally, 4));
INSERT INTO tallies VALUES ('(1,1,2)');
SQL
	is( $node->safe_psql($database, 'SELECT textsend(bar) FROM tallies'),
		$bars{$encoding}, "a bar in $encoding");
	is( $node->safe_psql(
			$database, 'SELECT length(nps_bar(tally)) FROM tallies'),
		20,
		"its length in $encoding");
}

# From UTF-8 into LATIN1, and back.
foreach my $way ([ 'UTF8', 'LATIN1' ], [ 'LATIN1', 'UTF8' ])
{
	my ($from, $into) = @$way;
	my $file = $node->basedir . "/$from.sql";

	$node->command_ok(
		[ 'pg_dump', '-f', $file, '-d', $node->connstr("db_\L$from") ],
		"dumped in $from");
	$node->safe_psql('postgres',
		"CREATE DATABASE restored TEMPLATE template0"
		  . " ENCODING '$into' LOCALE 'C'");
	$node->command_ok(
		[
			qw(psql -X -q -v ON_ERROR_STOP=1), '-o', '/dev/null', '-d',
			$node->connstr('restored'), '-f', $file
		],
		"restored into $into");
	is( $node->safe_psql(
			'restored',
			'SELECT textsend(bar) FROM tallies WHERE nps_bar(tally, 4) = bar'),
		$bars{$into},
		"the bar of $into");
	$node->safe_psql('postgres', 'DROP DATABASE restored');
}

$node->stop;
done_testing();
