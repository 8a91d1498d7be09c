
# What the documentation shows is what happens.  Every block of README.md and the
# pages in doc that is marked sql runs, a file's blocks one after the other in a
# database of their own, each in a psql of its own:
#
#     psql -X -q -d DATABASE < block
#
# -q, so that CREATE TABLE and the like print nothing.  Where a plain block
# follows, with no more than blank lines between, it is the whole output,
# errors and empty lines between results too; only white space at the end of
# a line or of the block does not count.  Where none follows, the block may
# print what it likes, but no error.  What is not to be run is marked text.
#
# A file whose first block does not create the extension finds it created.  The
# pages of a folder that has an index, as doc/cookbook/*.md has doc/cookbook.md,
# begin with what the blocks of the index have left in its database.
# Files, headings and targets of make that any page names exist.

use strict;
use warnings;

use Encode;
use File::Basename;
use FindBin;
use lib $FindBin::RealBin;

use NPS::Documents;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('documentation');
$node->init(extra => [ '--locale=C', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "timezone = 'UTC'");
$node->start;

# The checker itself: each of these is right, or wrong.
my $select = "```sql\nSELECT 1 AS one;\n```\n";
my $answer = " one\n-----\n   1\n(1 row)\n";
my $fail = "```sql\nSELECT 1 / 0;\n```\n";
my $error = "ERROR:  division by zero\n";
$node->safe_psql('postgres', 'CREATE DATABASE checker');
foreach my $case (
	[ 'right', 'the output shown', "$select```\n$answer\n```" ],
	[ 'right', 'blank lines between', "$select\n\n```\n$answer```" ],
	[ 'right', 'no output shown', "$select" ],
	[ 'right', 'a block of another kind', "$select```text\n2\n```" ],
	[ 'right', 'a block after more text', "$select\nOr:\n\n```\n2\n```" ],
	[ 'right', 'an error shown', "$fail```\n$error```" ],
	[ 'right', 'indented', "  ```sql\n  \\echo 1\n  ```\n  ```\n  1\n  ```" ],
	[ 'wrong', 'another output shown', "$select```\n two\n```" ],
	[ 'wrong', 'a part of the output shown', "$select```\n one\n```" ],
	[ 'wrong', 'an empty output shown', "$select```\n```" ],
	[ 'wrong', 'an error that does not come', "$select```\n$error```" ],
	[ 'wrong', 'another error', "$fail```\nERROR:  out of range\n```" ],
	[ 'wrong', 'an error that is not shown', $fail ],
	[ 'wrong', 'an error in between', $fail =~ s/;/; SELECT 1;/r ],
	[ 'wrong', 'a psql command that fails', "```sql\n\\nonsense\n```" ])
{
	my ($verdict, $name, $markdown) = @$case;
	my @blocks = blocks_of($markdown);
	my ($got, $shown) = run_block($node, 'checker', $blocks[0]);

	ok(@blocks == 1 && ($got eq $shown) == ($verdict eq 'right'),
		"$verdict: $name");
}

my $count = 0;
my @pages = grep { -e } 'README.md', glob('doc/*.md'), glob('doc/*/*.md');
foreach my $path (@pages)
{
	my @blocks = blocks_of(slurp_file($path));
	my $index = dirname($path) . '.md';
	my ($database, $template) = map { s/\W/_/gr } $path, $index;

	next if !@blocks;
	$template = 'template1' if !-e $index;
	$node->safe_psql('postgres',
		qq{CREATE DATABASE "$database" TEMPLATE "$template"});
	$node->safe_psql($database, 'CREATE EXTENSION nps')
	  if !-e $index && $blocks[0]->{text} !~ /CREATE EXTENSION/i;
	foreach my $block (@blocks)
	{
		my ($got, $shown) = run_block($node, $database, $block);

		is($got, $shown, "$path:$block->{line}");
		$count++;
	}
}
cmp_ok($count, '>', 0, 'there are blocks to run');

# What the pages name: files that they link to or mention, and make's targets.
my %named;
my %targets = map { $_ => 1 } qw(install installcheck prove_installcheck),
  map { basename($_) } grep { -f } glob('tools/*');
foreach my $path (glob('*.md doc/*.md doc/*/*.md'))
{
	my $text = slurp_file($path);
	my $folder = dirname($path);

	$named{"$folder/$_"} = $path foreach $text =~ /\]\((?!\w+:)([^)#]+)/g;
	$named{$_} = $path foreach $text =~ /`((?:test|src|sql|doc|examples)\/[\w\/.]+|tools\/[\w\/.-]+)`/g;
	$named{"make $_"} = $path foreach $text =~ /`make ([a-z][\w-]*)[^`]*`/g;
}

# The headings that links lead to, by the names that Git hosts give them.
my @lost;
foreach my $path (glob('*.md doc/*.md doc/*/*.md'))
{
	foreach my $link (slurp_file($path) =~ /\]\((?!\w+:)([^)]*#[^)]+)/g)
	{
		my ($file, $anchor) = split /#/, $link;
		my $target = $file eq '' ? $path : dirname($path) . "/$file";

		push @lost, "$path: $link"
		  if -e $target && !grep { $_ eq $anchor } anchors_of($target);
	}
}
is_deeply(\@lost, [], 'headings that links lead to are there');

# The anchors of a page: one a heading, in lower case, without punctuation.
sub anchors_of
{
	my ($path) = @_;
	my $text = decode('UTF-8', slurp_file($path)) =~ s/^```.*?^```$//msgr;

	return map { encode('UTF-8', lc =~ s/[^\w\- ]//gr =~ s/ /-/gr) }
	  $text =~ /^#+ (.*)$/mg;
}

my @missing = grep { /^make (.*)/ ? !$targets{$1} : !-e } sort keys %named;
is_deeply([ map { "$named{$_}: $_" } @missing ], [], 'what is named is there');
cmp_ok(scalar keys %named, '>', 50, 'much is named');

$node->stop;
done_testing();
