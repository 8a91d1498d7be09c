
# Both types between two servers: logical replication, as text and in binary,
# the first copy and what changes later, with a key and without one; COPY in
# binary from one server into the other; and the collection of roll-ups that
# doc/scaling.md shows.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use IPC::Run;
use NPS::Costly;
use NPS::Scaling;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $publisher = PostgreSQL::Test::Cluster->new('publisher');
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$publisher->init(allows_streaming => 'logical');
$publisher->append_conf('postgresql.conf', 'log_replication_commands = on');
$subscriber->init;
$_->start foreach $publisher, $subscriber;

# The types of the subscriber have other OIDs.
$subscriber->safe_psql('template1', <<'SQL');
CREATE TYPE filler AS ENUM ();
DROP TYPE filler;
SQL
my $version = $publisher->safe_psql('postgres', 'SHOW server_version_num');

# What two databases hold in a table, and that it is the same.
sub same_rows
{
	my ($database, $table, $name) = @_;
	my $query =
	  "SELECT t::text FROM $table AS t ORDER BY t::text COLLATE \"C\"";
	my $rows = $publisher->safe_psql('postgres', $query);

	isnt($rows, '', "$name: there are rows");
	is($subscriber->safe_psql($database, $query), $rows, $name);
	return;
}

my $tables = <<'SQL';
CREATE EXTENSION nps;
CREATE TABLE keyed (category nps_category, tally nps_tally,
	categories nps_category[], tallies nps_tally[], id int PRIMARY KEY);
CREATE TABLE by_category (category nps_category PRIMARY KEY, tally nps_tally);
CREATE TABLE keyless (category nps_category, tally nps_tally);
ALTER TABLE keyless REPLICA IDENTITY FULL;
SQL
$publisher->safe_psql('postgres', <<SQL);
$tables
INSERT INTO keyed VALUES
	('detractor', '(9223372036854775807,0,0)', '{promoter,NULL,detractor}', '{"(1,2,3)",NULL}', 1),
	('passive', '(0,9223372036854775807,0)', '{}', '{}', 2),
	('promoter', '(0,0,9223372036854775807)', NULL, '{{"(0,0,0)"},{"(20,10,70)"}}', 3),
	(NULL, NULL, '[-1:0]={passive,promoter}', NULL, 4);
INSERT INTO keyed SELECT nps_category(n % 11), nps_tally(n, n % 3, n * n), NULL, NULL, n
	FROM generate_series(5, 60) AS n;
INSERT INTO by_category SELECT category, sum(tally) FROM keyed
	WHERE id >= 5 GROUP BY category;
INSERT INTO keyless SELECT category, tally FROM keyed;
CREATE PUBLICATION everything FOR ALL TABLES;
SQL

# The same changes for every subscription: rows that come, rows that are found
# by a key, by a category and by a tally, rows that go.
my $changes = <<'SQL';
INSERT INTO keyed SELECT category, tally, categories, tallies, id + 1000 FROM keyed WHERE id <= 1000;
UPDATE keyed SET tally = tally + '(1,1,1)', tallies = tallies || tally WHERE id % 3 = 0 AND id BETWEEN 5 AND 1000;
UPDATE keyed SET category = NULL WHERE category = 'passive' AND id % 2 = 0;
DELETE FROM keyed WHERE category = 'detractor' AND id > 4;
UPDATE by_category SET tally = tally + tally WHERE category = 'passive';
DELETE FROM by_category WHERE category = 'promoter';
INSERT INTO by_category VALUES ('promoter', '(0,0,1)');
INSERT INTO keyless VALUES ('passive', '(1,2,3)'), ('passive', '(1,2,3)'), (NULL, '(1,2,3)');
UPDATE keyless SET tally = tally + '(1,0,0)' WHERE tally = '(7,1,49)';
UPDATE keyless SET category = 'promoter' WHERE category IS NULL AND tally = '(1,2,3)';
DELETE FROM keyless WHERE tally = '(1,2,3)' AND category = 'passive';
DELETE FROM keyless WHERE tally IS NULL OR tally = '(0,9223372036854775807,0)';
SQL

my $score = 'SELECT nps(tally), sum(tally) FROM keyless'
  . ' WHERE nps_responses(tally) < 1000000000';
my $connection = $publisher->connstr . ' dbname=postgres';
foreach my $case (
	[ 'as_text', 'false' ],
	[ 'in_binary', 'true' ],
	[ 'hashed', 'true', 'CREATE INDEX ON keyless USING hash (tally)' ])
{
	my ($database, $binary, $index) = @$case;
	my $log = -s $publisher->logfile;

	$subscriber->safe_psql('postgres', "CREATE DATABASE $database");
	$subscriber->safe_psql($database, $tables);
	# From PostgreSQL 17 on this index is used to find a row without a key, but
	# finds no NULL, of whatever type: none is changed here.
	$subscriber->safe_psql($database, $index) if $index;
	isnt(
		$subscriber->safe_psql($database, "SELECT 'nps_tally'::regtype::oid"),
		$publisher->safe_psql('postgres', "SELECT 'nps_tally'::regtype::oid"),
		"$database: the type has another OID");
	$subscriber->safe_psql($database,
			"CREATE SUBSCRIPTION $database CONNECTION '$connection'"
		  . " PUBLICATION everything WITH (binary = $binary)");
	$subscriber->wait_for_subscription_sync($publisher, $database, $database);
	same_rows($database, $_, "$database: first copy of $_")
	  foreach qw(keyed by_category keyless);

	# It was done in the way that was asked for.
	my $said = substr(slurp_file($publisher->logfile), $log);
	my $streamed =
	  $said =~ /START_REPLICATION SLOT "$database" .*\bbinary 'true'/;
	my $copied = $said =~ /COPY public\.keyed .* WITH \(FORMAT binary\)/;
	is($streamed ? 'true' : 'false', $binary, "$database: binary streamed");
	is( $copied            ? 'true'  : 'false',
		$version >= 160000 ? $binary : 'false',
		"$database: binary copied");

	$publisher->safe_psql('postgres', $changes);
	$publisher->wait_for_catchup($database);
	same_rows($database, $_, "$database: changes of $_")
	  foreach qw(keyed by_category keyless);
	is( $subscriber->safe_psql($database, $score),
		$publisher->safe_psql('postgres', $score),
		"$database: the same score");
	$subscriber->safe_psql($database, "DROP SUBSCRIPTION $database");
	$publisher->safe_psql('postgres', <<'SQL');
DELETE FROM keyed WHERE id > 1000;
INSERT INTO keyless VALUES ('passive', '(7,1,49)');
SQL
	$publisher->safe_psql('postgres',
		'INSERT INTO keyless VALUES (NULL, NULL)')
	  if $binary eq 'false';
}

# COPY in binary out of one server and into the other.
$subscriber->safe_psql('postgres', $tables);
my ($out, $in) = map { "COPY keyed $_ (FORMAT binary)" } 'TO STDOUT',
  'FROM STDIN';
ok( IPC::Run::run(
		[ 'psql', '-X', '-d', $publisher->connstr('postgres'), '-c', $out ],
		'|',
		[
			'psql', '-X', '-q', '-d', $subscriber->connstr('postgres'),
			'-c', $in
		]),
	'COPY BINARY from server to server');
same_rows('postgres', 'keyed', 'COPY BINARY');

# The collection of roll-ups, as documented; each region is a database.
my %regions =
  map { $_ => $publisher->connstr . " dbname=$_" } qw(north south);
my $number = 0;
$publisher->safe_psql('postgres', "CREATE DATABASE $_")
  foreach sort keys %regions;
$subscriber->safe_psql('postgres', 'CREATE DATABASE collected');
foreach (blocks_of('Logical replication'))
{
	my ($where, $sql) = @$_;

	if ($where =~ /^On each server/)
	{
		$publisher->safe_psql($_, $sql) foreach sort keys %regions;
	}
	elsif ($where =~ /^Where they are collected/)
	{
		$sql =~ s/host=(\w+) dbname=survey/$regions{$1}/g;
		$subscriber->safe_psql('collected', $_)
		  foreach split /(?<=;)\n/, $sql;
	}
	else
	{
		# Rows that are there only now have to come.
		foreach my $region (sort keys %regions)
		{
			my ($low, $high) = $region eq 'north' ? (0, 10) : (3, 9);

			$publisher->safe_psql($region,
				"INSERT INTO daily SELECT '$region', date '2026-01-01' + n % 3, 'Pro', nps_tally(n)"
				  . " FROM generate_series($low, $high) AS n GROUP BY 1, 2, 3"
			);
			$subscriber->wait_for_subscription_sync($publisher, $region,
				'collected');
			$publisher->wait_for_catchup($region);
		}
		# From 0 to 10: 7 detractors, 2 passives, 2 promoters.  From 3 to 9: 4,
		# 2, 1.  Together: 11, 4, 3.
		is( $subscriber->safe_psql('collected', $sql),
			"north|-45.5\nsouth|-42.9\n|-44.4",
			'the roll-ups of all regions collected');
		$number++;
	}
}
is($number, 1, 'a query documented');

$_->stop foreach $subscriber, $publisher;
done_testing();
