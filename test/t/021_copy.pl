
# COPY out and in, in every format, of both types and of arrays of both; the
# bytes of the binary format and those on disk, which no later version may
# change; and damaged bytes, which are refused.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('copy');
$node->init;
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;
CREATE TABLE kept (category nps_category, tally nps_tally,
	categories nps_category[], tallies nps_tally[]);
INSERT INTO kept VALUES
	('detractor', '(9223372036854775807,0,0)', '{promoter,NULL,detractor}', '{"(1,2,3)",NULL}'),
	('passive', '(0,9223372036854775807,0)', '{}', '{}'),
	('promoter', '(0,0,9223372036854775807)', '{NULL}', '{NULL}'),
	(NULL, '(0,0,0)', '{{passive,detractor},{promoter,NULL}}', '{{"(0,0,0)"},{"(20,10,70)"}}'),
	('passive', NULL, '[-1:0]={passive,promoter}', '[5:5]={"(0,0,9223372036854775807)"}'),
	(NULL, NULL, NULL, NULL);
INSERT INTO kept SELECT nps_category(n % 11), nps_tally(n, n * n, n * n * n)
	FROM generate_series(1::bigint, 100000, 97) n;
ALTER TABLE kept ADD weighted nps_weighted_tally, ADD weighteds nps_weighted_tally[];
UPDATE kept SET weighted = nps_weighted_accum(tally::nps_weighted_tally, 9, 0.1), weighteds = ARRAY[tally::nps_weighted_tally, NULL]
	WHERE nps_responses(tally) < 9e18;
SQL

my $dir = PostgreSQL::Test::Utils::tempdir();
my $all = "SELECT count(*), md5(string_agg(kept::text, ' ')) FROM kept";
my $before = $node->safe_psql('postgres', $all);
like($before, qr/^1037\|/, 'rows to copy');

foreach my $format (qw(text csv binary))
{
	$node->safe_psql('postgres',
			"COPY kept TO '$dir/kept.$format' ($_);"
		  . "TRUNCATE kept; COPY kept FROM '$dir/kept.$format' ($_)")
	  foreach "FORMAT $format";
	is($node->safe_psql('postgres', $all), $before, "$format out and in");
}

# A file as COPY BINARY has it, with one row of one value, given in hex.
sub binary_file
{
	my ($hex) = @_;
	my $value = pack('H*', $hex =~ s/ //gr);

	return "PGCOPY\n\377\r\n\0" . pack('NNnN/a*n', 0, 0, 1, $value, 0xffff);
}

sub write_file
{
	my ($path, $bytes) = @_;

	open(my $file, '>:raw', $path) or die "cannot write $path: $!";
	print $file $bytes;
	close $file;
	return;
}

# On disk a category is the byte that a "char" is, a tally three int8 where a
# circle, as long and aligned alike, has three float8.  In binary, circles are
# sent and read in network order on every machine, but none of a negative
# radius: no tally has one.
$node->safe_psql('postgres', <<'SQL');
CREATE CAST (nps_category AS "char") WITHOUT FUNCTION;
CREATE CAST ("char" AS nps_category) WITHOUT FUNCTION;
CREATE CAST (nps_tally AS circle) WITHOUT FUNCTION;
CREATE CAST (circle AS nps_tally) WITHOUT FUNCTION;
CREATE TABLE on_disk (category "char", tally circle);
SQL

# One row a value: its type, its text, its bytes.
my ($zero, $max) = ('00' x 8, '7f' . 'ff' x 7);
foreach my $case (
	[ 'category', 'detractor', '00' ],
	[ 'category', 'passive', '01' ],
	[ 'category', 'promoter', '02' ],
	[
		'tally', '(1,2,770)',
		'0000000000000001 0000000000000002 0000000000000302'
	],
	[ 'tally', '(9223372036854775807,0,0)', "$max $zero $zero" ],
	[ 'tally', '(0,0,9223372036854775807)', "$zero $zero $max" ])
{
	my ($type, $text, $hex) = @$case;
	my $file = "$dir/$type";

	$node->safe_psql('postgres',
		"COPY (SELECT '$text'::nps_$type) TO '$file' (FORMAT binary)");
	is( unpack('H*', slurp_file($file)),
		unpack('H*', binary_file($hex)),
		"the bytes of $text");
	write_file($file, binary_file($hex));
	is( $node->safe_psql(
			'postgres',
			"TRUNCATE kept;"
			  . "COPY kept ($type) FROM '$file' (FORMAT binary); SELECT $type FROM kept"
		),
		$text,
		"$text of these bytes");

	# What is written, read as the type of the same form; and back.
	$node->safe_psql('postgres',
			"COPY (SELECT '$text'::nps_${type}::"
		  . ($type eq 'tally' ? 'circle' : '"char"')
		  . ") TO '$file' (FORMAT binary)");
	is( unpack('H*', slurp_file($file)),
		unpack('H*', binary_file($hex)),
		"the bytes of $text on disk");
	write_file($file, binary_file($hex));
	is( $node->safe_psql(
			'postgres',
			"TRUNCATE on_disk; COPY on_disk ($type) FROM '$file' (FORMAT binary);"
			  . "SELECT ${type}::nps_$type FROM on_disk"
		),
		$text,
		"$text of these bytes on disk");
}

# A weighted tally in binary: counts, weights in units of 10^-18 and squares in
# units of 10^-36, the highest byte first.
my $one_response = "$zero $zero 0000000000000001";
my $weighted = "$one_response " . "$zero $zero " x 2 . "$zero 0de0b6b3a7640000 "
  . "$zero " x 8 . "$zero $zero 00c097ce7bc90715 b34b9f1000000000";
my $weighted_file = "$dir/weighted";
$node->safe_psql('postgres',
	"COPY (SELECT '((0,0,1),(0,0,1),(0,0,1))'::nps_weighted_tally) TO '$weighted_file' (FORMAT binary)");
is( unpack('H*', slurp_file($weighted_file)),
	unpack('H*', binary_file($weighted)),
	'the bytes of a weighted tally');

# One row a damaged value: its type, its bytes, what is said about them.
foreach my $case (
	[ 'category', '', 'insufficient data in external "nps_category" value' ],
	[ 'category', '03', 'invalid byte 3 in external "nps_category" value' ],
	[ 'category', 'ff', 'invalid byte 255 in external "nps_category" value' ],
	[ 'category', '0000', 'incorrect binary data format' ],
	[
		'tally', '',
		'insufficient data in external "nps_tally" value: 0 bytes'
	],
	[
		'tally',
		"$zero $zero 00000000000000",
		'insufficient data in external "nps_tally" value: 23 bytes'
	],
	[ 'tally', "$zero $zero $zero 00", 'incorrect binary data format' ],
	[
		'tally',
		'ff' x 8 . " $zero $zero",
		'invalid count -1 in external "nps_tally" value'
	],
	[
		'tally',
		"$zero $zero 80" . '00' x 7,
		'invalid count -9223372036854775808 in external "nps_tally" value'
	],
	[
		'tally',
		"$max $zero 0000000000000001",
		'total of external "nps_tally" value (9223372036854775807,0,1) is out of range'
	],
	[
		'weighted', $weighted =~ s/00000000\z//r,
		'insufficient data in external "nps_weighted_tally" value: 164 bytes'
	],
	[ 'weighted', "$weighted 00", 'incorrect binary data format' ],
	[
		'weighted', $weighted =~ s/\A\S+/ffffffffffffffff/r,
		'invalid external "nps_weighted_tally" value'
	],
	[
		'weighted', $weighted =~ s/0de0b6b3a7640000/0de0b6b3a7640001/r,
		'invalid external "nps_weighted_tally" value'
	])
{
	my ($type, $hex, $message) = @$case;
	my $file = "$dir/damaged";

	write_file($file, binary_file($hex));
	my ($ret, $stdout, $stderr) = $node->psql(
		'postgres',
		"COPY kept ($type) FROM '$file' (FORMAT binary)",
		extra_params => [ '-v', 'VERBOSITY=verbose' ]);
	like(
		$stderr,
		qr/ERROR:  22P03: \Q$message\E$/m,
		"$type of '$hex' refused");
}

$node->stop;
done_testing();
