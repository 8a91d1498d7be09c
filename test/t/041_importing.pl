
# Files as survey tools and spreadsheets export them are made here, and loaded by
# nothing but what doc/cookbook/importing.md says, block by block.  The score must
# be the one that this program counts while it writes the file.

use strict;
use warnings;

use Digest::MD5 qw(md5_hex);
use Encode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $page = slurp_file('doc/cookbook/importing.md');
my $node = PostgreSQL::Test::Cluster->new('importing');
$node->init(extra => [ '--locale=C', '--encoding=UTF8' ]);
$node->start;

# The block of the page that has this in it, from there to its end or to the
# first query after an empty line.
sub block
{
	my ($begin) = @_;
	my @found = grep { /^\Q$begin\E/m } $page =~ /^```sql\n(.*?)^```$/msg;

	die "not in one block: $begin" if @found != 1;
	return $found[0] =~ s/.*?^(?=\Q$begin\E)//msr =~ s/\n\nSELECT\b.*/\n/sr;
}

my $folder = PostgreSQL::Test::Utils::tempdir();
my $score_of = block('CREATE FUNCTION score_of');
my $import = block('CREATE FUNCTION date_or_null');
my ($staging) = block('CREATE TABLE staging') =~ /(.*?;\n)/s;
my ($wide) =
  $page =~ /^(SELECT format\('CREATE TABLE wide_staging.*?\\gexec\n)/ms;
my ($lines) = block('CREATE TABLE file_lines') =~ /(.*?;\n)/s;
my $recover = block('CREATE TABLE recovered');
my ($summary) = $page =~ /^(SELECT staged, .*?;\n)/ms;

# What to write in the parentheses for such a file.
sub options
{
	my ($kind) = @_;
	my ($options) = $page =~ /^\| \Q$kind\E.*?`(\(.*?\))`/m
	  or die "nothing is said about: $kind";

	return $options;
}

my $default = "(FORMAT csv, HEADER)";
my ($raw) = $page =~ /^COPY file_lines .* (\(.*\));$/m;
my ($json) = $page =~ /\\copy webhooks FROM 'webhooks.jsonl'\s+(\(.*?\))`/s;
$json =~ s/\s+/ /g;

# Does COPY take that file of a database so, or what does it say?
sub copy
{
	my ($database, $target, $file, $options) = @_;
	my ($ret, $stdout, $stderr) =
	  $node->psql($database, "\\copy $target FROM '$file' $options");

	return $stderr;
}

# A database of its own, where these have run.
sub database
{
	my ($name, @sql) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, "CREATE EXTENSION nps;\n" . join("\n", @sql));
	return;
}

# The file of the page's own kind, at its smallest.
write_file('small.csv', 'UTF-8', <<'CSV');
respondent,answered_on,answer,comment
1,2025-11-03,Extremely likely - 10,Fine
2,2025-11-03,9,
3,2025-11-03,3,"First it was slow.
Then it stopped."
4,2025-11-04,Not at all likely - 0,
5,2025-11-04,8.0,
6,2025-11-04,9,"Good, thanks"
CSV
database('small', $staging, $score_of);
is(
	copy(
		'small', 'staging (respondent, answered_on, answer, comment)',
		path('small.csv'), $default
	),
	'',
	'small: copied'
);
$node->safe_psql('small', $import);
is($node->safe_psql('small', $summary),
	'6|t|0|16.7|16.7|16.7|0', 'small: 16.7');

# Random answers, always the same: what is written in the file, and what was
# meant, where it can be known.  Those who are unhappy write at length.
my $seed;

sub draw
{
	my ($below) = @_;

	$seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % $below;
}

sub answers
{
	my ($how_many, $spell) = @_;
	my @unreadable = ('ten', '9-10', '11', '-99', 'N/A', '4/5', '10-Sep');
	my @answers;

	$seed = $how_many;
	foreach my $id (1 .. $how_many)
	{
		my $score = (10, 10, 9, 9, 9, 8, 8, 7, 7, 6, 5, 3, 2, 0)[ draw(14) ];
		my $comment =
		  $score < 7
		  ? "It was slow, \"they\" said;\nthen it\tstopped.\n\n$id, 9, 8."
		  : draw(3) ? ''
		  :           "Good, thanks \x{E9}\x{E4}";
		my $day = 1 + draw(28);
		my $kind = draw(25);
		my %answer = (
			id => $id,
			day => $day,
			month => 1 + $id % 12,
			comment => $comment
		);

		if ($kind == 0)
		{
			$answer{text} = $unreadable[ draw(scalar @unreadable) ];
			$answer{rejected} = 1;
		}
		elsif ($kind == 1) { $answer{text} = ''; }
		else { $answer{text} = $spell->($score); $answer{score} = $score; }
		push @answers, \%answer;
	}
	return @answers;
}

# How many were rejected and what the score is, as the page's summary has it.
sub counted
{
	my (@answers) = @_;
	my $rejected = grep { $_->{rejected} } @answers;
	my @scores = grep { defined } map { $_->{score} } @answers;
	my $net = grep({ $_ > 8 } @scores) - grep({ $_ < 7 } @scores);

	return sprintf '%d|t|%d|%.1f|%.1f|%.1f|0', scalar @answers, $rejected,
	  100 * $net / @scores,
	  map { 100 * ($net + $_ * $rejected) / (@scores + $rejected) } -1, 1;
}

sub path { return "$folder/$_[0]"; }

sub write_file
{
	my ($name, $encoding, $text) = @_;

	open(my $file, '>:raw', path($name)) or die "cannot write $name: $!";
	print $file encode($encoding, $text);
	close $file or die "cannot write $name: $!";
	return;
}

sub quoted
{
	return map { '"' . s/"/""/gr . '"' } @_;
}

# The days of all that was imported, and those that were meant.
sub days_imported
{
	my ($database) = @_;

	return $node->safe_psql($database,
		"SELECT md5(string_agg(respondent || ' ' || answered_on, ',' ORDER BY respondent::int)) FROM imported"
	);
}

sub days_meant
{
	return md5_hex(
		join ',',
		map    { sprintf '%d 2025-%02d-%02d', @$_{qw(id month day)} }
		  grep { !$_->{rejected} } @_
	);
}

my $columns = '(respondent, answered_on, answer, comment)';

# A survey tool: commas, labels at the ends of the scale, line breaks.
my @answers = answers(
	400,
	sub {
			$_[0] == 10 ? 'Extremely likely - 10'
		  : $_[0] == 0  ? 'Not at all likely - 0'
		  :               $_[0];
	}
);
write_file(
	'tool.csv',
	'UTF-8',
	join "\n",
	'"Respondent ID","Date","How likely is it that you would recommend us, from 0 to 10?","Why?"',
	map(
		{ join ',', $_->{id}, sprintf('%d/%d/25', @$_{qw(day month)}),
			  quoted(@$_{qw(text comment)}) } @answers),
	''
);
database('tool', $staging, $score_of);
is(copy('tool', "staging $columns", path('tool.csv'), $default),
	'', 'tool: copied');
$node->safe_psql('tool', $import);
is($node->safe_psql('tool', $summary), counted(@answers), 'tool: the score');
is(days_imported('tool'), days_meant(@answers),           'tool: the days');

# A spreadsheet of continental Europe: semicolons, decimal commas, CRLF, and the
# encoding of that system; the day comes first.
@answers = answers(500,
	sub { ("$_[0],0", $_[0], " $_[0]\x{A0}", "$_[0]/10")[ draw(4) ] });
write_file(
	'spreadsheet.csv',
	'cp1252',
	join "\r\n",
	'Kunde;Datum;Weiterempfehlung;Kommentar',
	map(
		{ join ';', $_->{id}, sprintf('%d/%d/25', @$_{qw(day month)}),
			  $_->{text}, quoted($_->{comment}) } @answers),
	''
);
database('spreadsheet', $staging, $score_of);
like(
	copy(
		'spreadsheet',           "staging $columns",
		path('spreadsheet.csv'), options('semicolons')
	),
	qr/invalid byte sequence/,
	'spreadsheet: not UTF-8'
);
$node->safe_psql('spreadsheet', 'TRUNCATE staging RESTART IDENTITY');
(my $both = options('semicolons')) =~
  s/\)$/', ' . (options('ä or é come out wrong') =~ m{(ENCODING '\w+')})[0] . ')'/e;
is(copy('spreadsheet', "staging $columns", path('spreadsheet.csv'), $both),
	'', 'spreadsheet: copied');
$node->safe_psql('spreadsheet', $import);
is($node->safe_psql('spreadsheet', $summary),
	counted(@answers), 'spreadsheet: the score');
is(days_imported('spreadsheet'),
	days_meant(@answers), 'spreadsheet: the days');
is(
	$node->safe_psql(
		'spreadsheet',
		"SELECT count(*) > 50 FROM imported WHERE comment LIKE '%\xC3\xA9\xC3\xA4'"
	),
	't',
	'spreadsheet: the letters'
);

# A research suite: twenty columns, three rows of headings, a byte order mark.
@answers = answers(600, sub { $_[0] });
write_file(
	'suite.csv',
	'UTF-8',
	"\x{FEFF}" . join "\n",
	join(',', quoted(map { "Q$_" } 1 .. 20)),
	join(
		',',
		quoted(
			map {
				$_ == 7
				  ? "How likely are you to\nrecommend us, 0 to 10?"
				  : "Question $_"
			} 1 .. 20
		)
	),
	join(',', quoted(map { "{\"ImportId\":\"QID$_\"}" } 1 .. 20)),
	map({
			my $a = $_;
			join ',', quoted(
				map {
					$_ == 1
					  ? sprintf('2025-%02d-%02d 14:05:09', @$a{qw(month day)})
					  : $_ == 2  ? $a->{id}
					  : $_ == 7  ? $a->{text}
					  : $_ == 20 ? $a->{comment}
					  : ''
				} 1 .. 20
			)
	} @answers),
	''
);
database(
	'suite',
	$wide,
	'CREATE VIEW staging AS SELECT record, c2 AS respondent, c1 AS answered_on, c7 AS answer, c20 AS comment FROM wide_staging;',
	$score_of
);
is(
	copy(
		'suite', 'wide_staging (' . join(', ', map { "c$_" } 1 .. 20) . ')',
		path('suite.csv'), $default
	),
	'',
	'suite: copied'
);
$node->safe_psql('suite', 'DELETE FROM staging WHERE record <= 2');
$node->safe_psql('suite', $import);
is($node->safe_psql('suite', $summary), counted(@answers),
	'suite: the score');
is(days_imported('suite'), days_meant(@answers), 'suite: the days');

# A spreadsheet's Unicode text: UTF-16, tabs.
@answers = answers(300, sub { $_[0] == 8 ? '8 = likely' : $_[0] });
write_file(
	'unicode.txt',
	'UTF-16LE',
	"\x{FEFF}" . join "\r\n",
	"id\tdate\tscore\tcomment",
	map(
		{ join "\t", $_->{id}, sprintf('%d/%d/25', @$_{qw(day month)}),
			  $_->{text}, quoted($_->{comment}) } @answers),
	''
);
database('unicode', $staging, $score_of);
isnt(
	copy('unicode', "staging $columns", path('unicode.txt'), options('tabs')),
	'',
	'unicode: UTF-16 is refused'
);
$node->safe_psql('unicode', 'TRUNCATE staging RESTART IDENTITY');
my ($convert) = $page =~ /`(iconv [^`]*)`/;
$convert =~
  s/answers\.(\w+)/"'" . path($1 eq 'txt' ? 'unicode.txt' : 'unicode.csv') . "'"/ge;
system($convert) == 0 or die "cannot run $convert";
is(
	copy('unicode', "staging $columns", path('unicode.csv'), options('tabs')),
	'',
	'unicode: copied'
);
$node->safe_psql('unicode', $import);
is($node->safe_psql('unicode', $summary),
	counted(@answers), 'unicode: the score');
is(days_imported('unicode'), days_meant(@answers), 'unicode: the days');

# A home-made export that quotes nothing and leaves out fields at the end.
@answers = answers(350, sub { $_[0] });
write_file(
	'broken.csv',
	'UTF-8',
	join "\n",
	'id,date,score,comment',
	map({
			my $comment = $_->{comment};
			join ',', $_->{id}, sprintf('%d/%d/25', @$_{qw(day month)}),
			  $_->{text}, $comment eq '' ? () : $comment
	} @answers),
	''
);
database('broken', $staging, $score_of, $lines);
like(
	copy('broken', "staging $columns", path('broken.csv'), $default),
	qr/missing data for column|extra data after last expected column|unterminated/,
	'broken: COPY refuses it'
);
is(copy('broken', 'file_lines (line)', path('broken.csv'), $raw),
	'', 'broken: its lines are copied');
$node->safe_psql('broken', $recover);
$node->safe_psql('broken',
	'DROP TABLE staging; ALTER TABLE recovered RENAME TO staging');
$node->safe_psql('broken', $import);
is($node->safe_psql('broken', $summary),
	counted(@answers), 'broken: the score');
is(days_imported('broken'), days_meant(@answers), 'broken: the days');
is(
	$node->safe_psql(
		'broken',
		q{SELECT count(*) FILTER (WHERE comment LIKE E'%said;\nthen%stopped.\n\n%8.') = count(*) FROM imported WHERE score < 7}
	),
	't',
	'broken: comments of several lines are whole'
);

# Counts, words, JSON: the tally alone.
sub tally_of
{
	my (@scores) = @_;

	return sprintf '(%d,%d,%d)', scalar(grep { $_ < 7 } @scores),
	  scalar(grep { $_ == 7 || $_ == 8 } @scores),
	  scalar(grep { $_ > 8 } @scores);
}

my %words = (
	10 => 'Extremely likely',
	9 => ' EXTREMELY LIKELY',
	8 => 'Likely',
	7 => 'likely ',
	6 => 'Neither likely nor unlikely',
	5 => 'Unlikely',
	3 => 'unlikely',
	2 => 'Extremely unlikely',
	0 => 'extremely unlikely'
);
@answers = grep { !$_->{rejected} } answers(400, sub { $words{ $_[0] } });
write_file(
	'words.csv',
	'UTF-8',
	join "\n",
	'site,answer',
	map({ join ',', 'Leeds', $_->{text} eq '' ? q{"Don't know"} : $_->{text} }
		@answers),
	''
);
my ($meanings) =
  block('CREATE TABLE meanings') =~ /(.*?^CREATE TABLE worded.*?;\n)/ms;
database('words', $meanings);
is(copy('words', 'worded', path('words.csv'), $default), '', 'words: copied');
my ($by_word) = $page =~ /^(SELECT site, .*?;\n)/ms;
my $tally = tally_of(map { $_->{score} // () } @answers);
like(
	$node->safe_psql('words', $by_word),
	qr/^Leeds\|\Q$tally\E\|[-.\d]+\|0$/,
	'words: the tally'
);
my ($of_enum) = $page =~ /An enum is joined as `(.*?)`/;
is(
	$node->safe_psql(
		'words',
		"CREATE TYPE mood AS ENUM ('likely', 'sicher', 'nein');"
		  . "SELECT nps_tally(category) FROM unnest('{likely,nein,nein}'::mood[]) AS answer LEFT JOIN meanings ON $of_enum"
	),
	'(2,1,0)',
	'words: an enum'
);

@answers = answers(400,
	sub { (qq{"$_[0]"}, $_[0], "$_[0].0", qq{"$_[0]/10"})[ draw(4) ] });
$_->{text} =
	$_->{text} eq '' ? (q{""}, 'null', q{"null"})[ draw(3) ]
  : $_->{rejected}   ? qq{"$_->{text}"}
  : $_->{text}
  foreach @answers;
write_file(
	'webhooks.jsonl',
	'UTF-8',
	join "\n",
	map(
		{ qq({"id": $_->{id}, "comment": "a \\"b\\", c\\n", "nps": $_->{text}})
		} @answers),
	'{"id": 0}',
	''
);
database('webhooks', $score_of,
	block('CREATE TABLE webhooks') =~ /(.*?;\n)/s);
is(copy('webhooks', 'webhooks', path('webhooks.jsonl'), $json),
	'', 'JSON: copied');
my ($of_json) = $page =~ /^(SELECT nps_tally\(score_of\(received.*?;\n)/ms;
is(
	$node->safe_psql('webhooks', $of_json),
	tally_of(map { $_->{score} // () } @answers) . '|' .
	  grep({ $_->{rejected} } @answers),
	'JSON: the tally, and how many were not read'
);

my %frequencies;
$frequencies{ $_->{score} }++ foreach grep { defined $_->{score} } @answers;
write_file('counts.csv', 'UTF-8', join "\n", 'month,score,answers',
	map({ "2025-01-01,$_,$frequencies{$_}" } sort keys %frequencies), '');
my ($counts) = slurp_file('doc/cookbook/data-in-and-out.md') =~
  /^```sql\n(CREATE TABLE frequencies.*?)^```$/ms;
my ($of_counts) = $counts =~ /^(SELECT month.*)/ms;
database('counts', $counts =~ /(.*?;\n)/s);
is(copy('counts', 'frequencies', path('counts.csv'), $default),
	'', 'counts: copied');
$tally = tally_of(map { $_->{score} // () } @answers);
like($node->safe_psql('counts', $of_counts),
	qr/^2025-01-01\|\Q$tally\E\|/, 'counts: the tally');

$node->stop;
done_testing();
