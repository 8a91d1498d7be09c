
# How doc/cookbook/importing.md reads answers: each kind of spelling that it names,
# and others, and what must not be taken for a score.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Encode;
use NPS::Documents;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($score_of) = map { $_->{text} =~ /(.*?^END;\n)/ms }
  grep { $_->{text} =~ /^CREATE FUNCTION score_of/ }
  blocks_of(slurp_file('doc/cookbook/importing.md'));
my $node = PostgreSQL::Test::Cluster->new('spellings');
$node->init(extra => [ '--locale=C', '--encoding=UTF8' ]);
$node->start;
$node->safe_psql('postgres', $score_of);

# A score, and how it may be written.
my @spellings = (
	[
		0 => '0',
		'00', '0.0', '0/10', 'Not at all likely - 0',
		'0 - Not at all likely', '0: pas du tout probable', '0 (nie)'
	],
	[ 1 => ' 1', "1\t", '1 out of 10', '1 von 10' ],
	[
		3 => '3',
		'3.', '3,0', '3 / 10', "\x{661}" =~ s/./\x{663}/r, '3 pts', '"3"'
	],
	[
		7 => '7',
		'7.00', "7\x{A0}", "\x{202F}7", '7 = neutral', '="7"', '7 sur 10',
		'7. Rather likely', "'7"
	],
	[ '7.5' => '7.5', '7,5', '7,50/10' ],
	[
		8 => '8',
		'8 = likely', '8.0', '8,00', "8\x{200B}", '8 points',
		'8 - likely (but not sure)', 'Wahrscheinlich: 8', '8/10 - good'
	],
	[
		9 => '9',
		'+9', '09', '9/10', '9 of 10', "\x{FEFF}9", "\x{FF19}",
		"9\x{FE0F}\x{20E3}", '9 (very likely)', '9 de 10', "9\r", "\n9\n"
	],
	[
		10 => '10',
		'10.0', '10,0', '10/10', '10 / 10.0', 'Extremely likely - 10',
		'10 - Extremely likely',
		"10 \x{2013} Extremely likely", "Extremely likely \x{2014} 10",
		'EXTREMELY LIKELY (10)', "\x{C4}u\x{DF}erst wahrscheinlich (10)",
		"\x{43E}\x{447}\x{435}\x{43D}\x{44C} = 10", "\x{FF11}\x{FF10}",
		'10:certainly', '10, of course', '10 - may well', 'Decidedly - 10'
	],
	[
		'NULL' => '',
		' ',    '-', '--', '.', 'N/A', 'n/a', 'null', 'ten', 'zehn', 'nine',
		'11',   '10.5',   '99',         '-99', '-1', '100', '-9', "\x{2212}9",
		'9-10', '9 - 10', "8\x{2013}9", '8 or 9', '7 8', '1 0',   '10 000',
		'4/5', '5/5', '9/11', '9/100', '9/10/2025', '2025-11-09', '9.11.2025',
		'10-Sep',  '09-Oct', 'Sep-10', '10-sept.', "10-d\x{E9}c", '90%', '9%',
		'9 - 90%', '5 stars',  '9 likely', 'Q9',   'likely 9',    '9th', '9x',
		'x9',      '0x9',      '1e1',      'IX',
		'NaN',     'Infinity', "\x{BD}",   'between 8 and 9',
		'How likely are you to recommend us? (0-10)', '{"ImportId":"QID9"}',
		"9\n8"
	]
);

my $count = 0;
foreach (@spellings)
{
	my ($score, @texts) = @$_;
	my $list = join ', ',
	  map { "(E'" . encode('UTF-8', s/(['\\])/\\$1/gr) . "')" } @texts;

	is(
		$node->safe_psql(
			'postgres',
			"SELECT answer, score_of(answer) FROM (VALUES $list) AS answers (answer)"
			  . " WHERE score_of(answer) IS DISTINCT FROM $score"
		),
		'',
		"spellings of $score"
	);
	$count += @texts;
}
cmp_ok($count, '>=', 100, 'many spellings');

$node->stop;
done_testing();
