# Runs the TAP programs named and ends with a line that counts their tests.
# prove would print no such counts where a test fails.  JOBS programs run at a
# time: most of them wait for a server most of their time.
use strict;
use warnings;

use File::Basename;
use TAP::Harness;

my $harness = TAP::Harness->new(
	{
		lib => [ grep { -d } @INC ],
		jobs => $ENV{JOBS} || 2,
		timer => 1,
		failures => 1,
		exec => sub { $_[1] =~ /\.pl$/ ? undef : ["./$_[1]"] },
	});
chdir "$ENV{TESTDIR}" or die "cannot enter $ENV{TESTDIR}: $!\n";
my $total = $harness->runtests(@ARGV);

my $skipped = $total->skipped;
my $passed = $total->passed - $skipped;
my $failed = $total->failed;

# A program that left out all of its tests counts as one that was skipped.
$skipped += grep { defined $_->skip_all } $total->parsers;

# A program that dies, or that ran another number of tests than it planned,
# counts as one more failure where none of its tests failed.  The folder with
# its log goes with the server, so what the log says last is shown here.
foreach my $name ($total->descriptions)
{
	my ($parser) = $total->parsers($name);
	next if !$parser->has_problems;

	$failed++ if !$parser->failed;
	show_log("$ENV{TESTLOGDIR}/regress_log_" . basename($name, '.pl'));
}
printf "Harness: %d passed, %d failed, %d skipped\n",
  $passed, $failed, $skipped;

sub show_log
{
	my ($path) = @_;
	my @lines;

	open(my $log, '<', $path) or return;
	while (my $line = <$log>)
	{
		push @lines, $line;
		shift @lines if @lines > 100;
	}
	close $log;
	print "The last lines of ", basename($path), ":\n", map { "  $_" } @lines;
	return;
}
