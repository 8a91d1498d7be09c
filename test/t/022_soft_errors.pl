
# Bad input can be asked for its error instead of raising it, on servers that
# have soft errors: pg_input_is_valid from 16, COPY ... ON_ERROR from 17.  On
# 15, where there are none, the same input raises the same error.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('soft');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION nps');
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');

# Type, input, and the SQLSTATE of its error; none where it is valid.
my @cases = (
	[ 'nps_category', 'Promoter', '' ],
	[ 'nps_category', 'promotor', '22P02' ],
	[ 'nps_category', '9', '22P02' ],
	[ 'nps_tally', '(20,10,70)', '' ],
	[ 'nps_tally', '{"detractors":1,"passives":2,"promoters":3}', '' ],
	[ 'nps_tally', '{"detractors":1,"passives":2}', '22P02' ],
	[ 'nps_tally', '{"detractors":0,"passives":2,"promoters":0,"responses":3,"score":0}', '22P02' ],
	[ 'nps_tally', '{"detractors":0,"passives":2,"promoters":0,"responses":2,"score":1}', '22P02' ],
	[ 'nps_tally', '{"detractors":9223372036854775807,"passives":1,"promoters":0}', '22003' ],
	[ 'nps_tally', '(20,10)', '22P02' ],
	[ 'nps_tally', '(20,10,-70)', '22P02' ],
	[ 'nps_tally', '(9223372036854775808,0,0)', '22003' ],
	[ 'nps_tally', '(9223372036854775807,0,1)', '22003' ],
	[ 'nps_weighted_tally', '((1,0,2),(1.5,0,3),(2.25,0,5))', '' ],
	[ 'nps_weighted_tally', '(20,10,70)', '22P02' ],
	[ 'nps_weighted_tally', '((1,0,2),(1.50,0,3),(2.25,0,5))', '22P02' ],
	[ 'nps_weighted_tally', '((1,0,2),(1.5,0,3),(2.24,0,5))', '22003' ],
	[ 'nps_weighted_tally', '((1,0,0),(100000000000000000000,0,0),(1,0,0))', '22003' ]);

foreach my $case (@cases)
{
	my ($type, $input, $sqlstate) = @$case;
	my $name = "$type '$input'";

	if ($version >= 160000)
	{
		is( $node->safe_psql(
				'postgres',
				"SELECT pg_input_is_valid('$input', '$type'), sql_error_code"
				  . " FROM pg_input_error_info('$input', '$type')"),
			$sqlstate ? "f|$sqlstate" : 't|',
			$name);
	}
	else
	{
		my ($ret, $stdout, $stderr) = $node->psql('postgres',
			"\\set VERBOSITY sqlstate\nSELECT '$input'::$type");

		like($stderr, $sqlstate ? qr/ERROR:  $sqlstate/ : qr/^$/, $name);
	}
}

# A load in which two of four lines are bad.
my $file = $node->basedir . '/answers';
append_to_file($file,
	"promoter\t(1,2,3)\nsuperfan\t(1,2,3)\npassive\t(1,2)\ndetractor\t(4,5,6)\n"
);
$node->safe_psql('postgres',
	'CREATE TABLE answers (category nps_category, tally nps_tally)');
if ($version >= 170000)
{
	$node->psql('postgres', "COPY answers FROM '$file' (ON_ERROR ignore)");
	is( $node->safe_psql(
			'postgres', 'SELECT category, tally FROM answers ORDER BY category'),
		"detractor|(4,5,6)\npromoter|(1,2,3)",
		'COPY leaves out the lines that it cannot read');
}
else
{
	my ($ret, $stdout, $stderr) =
	  $node->psql('postgres', "COPY answers FROM '$file'");

	like(
		$stderr,
		qr/invalid input syntax for type nps_category: "superfan"/,
		'COPY stops at the first line that it cannot read');
}

done_testing();
