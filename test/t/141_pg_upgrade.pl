
# pg_upgrade takes a cluster with both types everywhere along, files copied and
# linked: it makes every object of the extension anew, one by one, over data
# that it never reads.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Survey;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old = PostgreSQL::Test::Cluster->new('old');
$old->init;
$old->start;
make_survey($old, 'survey');
my %rows = rows_of_survey($old, 'survey');
my @catalogue = catalogue_of($old, 'survey');
my $dump = dump_of($old, 'survey');
my $files = $old->safe_psql('survey',
	"SELECT relname, relfilenode FROM pg_class WHERE relname ~ '^tallies' ORDER BY 1");
like($files, qr/^tallies\|\d+\ntallies_hashed\|\d+$/, 'files to take along');
$old->stop;

# Linking comes last: the old cluster is no more afterwards.
foreach my $mode (qw(copy link))
{
	my $new = PostgreSQL::Test::Cluster->new($mode);
	my $bindir = $new->config_data('--bindir');

	$new->init;
	# pg_upgrade leaves scripts where it is run.
	chdir(PostgreSQL::Test::Utils::tempdir()) or die "cannot enter: $!";
	command_ok(
		[
			'pg_upgrade', '--no-sync',
			'--old-datadir' => $old->data_dir,
			'--new-datadir' => $new->data_dir,
			'--old-bindir' => $bindir,
			'--new-bindir' => $bindir,
			'--socketdir' => $new->host,
			'--old-port' => $old->port,
			'--new-port' => $new->port,
			($mode eq 'link' ? '--link' : ())
		],
		"$mode: upgraded");
	$new->start;
	same_catalogue([ catalogue_of($new, 'survey') ],
		\@catalogue, "$mode: the same catalogue");
	check_rows($new, 'survey', $mode, %rows);
	check_lookups($new, 'survey', $mode);
	is(dump_of($new, 'survey'), $dump, "$mode: the same dump");
	is( $new->safe_psql(
			'survey',
			"SELECT relname, relfilenode FROM pg_class WHERE relname ~ '^tallies' ORDER BY 1"
		),
		$files,
		"$mode: in the same files");
	$new->safe_psql('survey',
		'REFRESH MATERIALIZED VIEW kept; REINDEX DATABASE survey');
	check_rows($new, 'survey', "$mode, made anew", %rows);
	$new->stop;
}

done_testing();
