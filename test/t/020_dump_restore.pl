
# Both types in every place where a schema can have them, dumped and restored
# in several ways: the rows are the same, the indexes and partitions find them,
# and the next dump is the same.  make matrix keeps the dumps of its servers in
# a folder; those of older servers are restored, too.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Survey;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('original');
$node->init;
$node->start;
make_survey($node, 'survey');
my %rows = rows_of_survey($node, 'survey');
check_lookups($node, 'survey', 'original');
my $dump = dump_of($node, 'survey');

# The ways to restore: what pg_dump is told, and the program that reads it.
my @psql = qw(psql -X -q -v ON_ERROR_STOP=1 -f);
my %ways = (
	plain => [ [], @psql ],
	inserts => [ [qw(--inserts --load-via-partition-root)], @psql ],
	custom => [ [qw(--format=custom)], qw(pg_restore --exit-on-error) ],
	parallel => [ [qw(--format=custom)], qw(pg_restore --jobs=2) ]);

my $other = PostgreSQL::Test::Cluster->new('other');
$other->init;
$other->start;

# Restores a file in one of these ways, into a database of that name.
sub check_restore
{
	my ($name, $way, $file) = @_;
	my ($options, $program, @arguments) = @{ $ways{$way} };

	$other->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template0");
	$other->command_checks_all([ $program, '-d', $name, @arguments, $file ],
		0, [qr//], [qr/^$/], "$name: restored");
	is(dump_of($other, $name), $dump, "$name: the same dump again");
	check_rows($other, $name, $name, %rows);
	check_lookups($other, $name, $name);
	return;
}

my $dir = PostgreSQL::Test::Utils::tempdir();
foreach my $way (sort keys %ways)
{
	$node->command_ok(
		[ 'pg_dump', @{ $ways{$way}[0] }, "--file=$dir/$way", 'survey' ],
		"$way: dumped");
	check_restore($way, $way, "$dir/$way");
}

# The rows are the same on every server, so they need not come with the dumps.
if (my $dumps = $ENV{NPS_DUMPS})
{
	my ($version) = $node->safe_psql('postgres', 'SHOW server_version_num') =~
	  /^(\d+)\d{4}$/;

	# NPS_DUMPS_OF says of which servers there are to be some.
	foreach my $older (grep { $_ < $version } split ' ', $ENV{NPS_DUMPS_OF} // '')
	{
		check_restore("from_${older}_$_", $_, "$dumps/$older.$_")
		  foreach qw(custom inserts plain);
	}
	$node->command_ok(
		[
			'pg_dump', @{ $ways{$_}[0] },
			"--file=$dumps/$version.$_", 'survey'
		],
		"$_: kept for newer servers") foreach qw(custom inserts plain);
}

$node->stop;
$other->stop;
done_testing();
