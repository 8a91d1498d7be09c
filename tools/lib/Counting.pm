# The harness that prove is told to use: after what prove says, a line that
# counts the tests, and the last lines of the log of each program that failed,
# whose folder goes with the server.
package Counting;

use strict;
use warnings;

use File::Basename;
use parent 'TAP::Harness';

sub summary
{
	my ($self, $total) = @_;
	my $passed = $total->passed - $total->skipped;
	my $failed = $total->failed;

	# A program that left out all of its tests counts as one that was skipped.
	my $skipped =
	  $total->skipped + grep { defined $_->skip_all } $total->parsers;

	$self->SUPER::summary($total);

	# A program that dies, or that ran another number of tests than it planned,
	# counts as one more failure where none of its tests failed.
	foreach my $name ($total->descriptions)
	{
		my ($parser) = $total->parsers($name);
		next if !$parser->has_problems;

		$failed++ if !$parser->failed;
		show_log('tmp_check/log/regress_log_' . basename($name, '.pl'));
	}
	print "$passed passed, $failed failed, $skipped skipped\n";
	return;
}

sub show_log
{
	my ($path) = @_;

	open(my $log, '<', $path) or return;
	my @lines = <$log>;
	close $log;
	splice(@lines, 0, -100) if @lines > 100;
	print 'The last lines of ', basename($path), ":\n", map { "  $_" } @lines;
	return;
}

1;
