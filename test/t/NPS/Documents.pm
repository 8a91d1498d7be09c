
# The SQL of the documents: its blocks, what is shown as their output, and what
# comes out when they run.

package NPS::Documents;

use strict;
use warnings;

use Exporter 'import';
use IPC::Run;

our @EXPORT = qw(blocks_of run_block);

# The sql blocks of a Markdown text: their line, what they hold, and what is
# shown as their output.
sub blocks_of
{
	my ($markdown) = @_;
	my @blocks;
	my $waiting;    # the sql block that the next block may show the output of
	my $open;       # the block that we are in
	my $number = 0;

	foreach my $line (split /\n/, $markdown)
	{
		$number++;
		if ($open && $line =~ /^\s*`{$open->{ticks},}\s*$/)
		{
			push @blocks, $open if $open->{language} eq 'sql';
			$waiting->{output} = $open->{text}
			  if $waiting && $open->{language} eq '';
			$waiting = $open->{language} eq 'sql' ? $open : undef;
			undef $open;
		}
		elsif ($open)
		{
			# in a list, a block is indented as its fence is
			$line =~ s/^\s{0,$open->{indent}}//;
			$open->{text} .= "$line\n";
		}
		elsif ($line =~ /^(\s*)(`{3,})\s*([^\s`]*)[^`]*$/)
		{
			$open = {
				line => $number,
				indent => length $1,
				ticks => length $2,
				language => lc $3,
				text => ''
			};
		}
		elsif ($line =~ /\S/)
		{
			undef $waiting;
		}
	}
	die "the block that begins in line $open->{line} has no end" if $open;
	return @blocks;
}

# Runs a block; returns what came out and what was to come out.
sub run_block
{
	my ($node, $database, $block) = @_;
	my $shown = $block->{output};
	my @options = defined $shown ? () : qw(-v ON_ERROR_STOP=1);
	my $output = '';

	IPC::Run::run(
		[ 'psql', '-X', '-q', '-d', $node->connstr($database), @options ],
		'<', \$block->{text}, '>&', \$output);
	if (!defined $shown)
	{
		$output = '' if $? == 0;
		$shown = '';
	}
	s/[ \t\r]+$//mg, s/\s+\z// foreach $output, $shown;
	return ($output, $shown);
}

1;
