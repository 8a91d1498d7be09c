# Runs the TAP programs named and ends with a line that counts their tests.
# prove would print no such counts where a test fails.
use strict;
use warnings;

use TAP::Harness;

my $harness = TAP::Harness->new(
	{
		lib => [ grep { -d } @INC ],
		timer => 1,
		failures => 1,
		exec => sub { $_[1] =~ /\.pl$/ ? undef : ["./$_[1]"] },
	});
chdir "$ENV{TESTDIR}" or die "cannot enter $ENV{TESTDIR}: $!\n";
my $total = $harness->runtests(@ARGV);

my $skipped = $total->skipped;
my $passed = $total->passed - $skipped;
my $failed = $total->failed;

# A program that dies, or that ran another number of tests than it planned,
# counts as one more failure where none of its tests failed.
foreach my $parser ($total->parsers)
{
	$failed++ if $parser->has_problems && !$parser->failed;
}
printf "Harness: %d passed, %d failed, %d skipped\n",
  $passed, $failed, $skipped;
