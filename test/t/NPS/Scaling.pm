
# What the tests of several machines have in common: the SQL of
# doc/scaling.md, and a look into plans.

package NPS::Scaling;

use strict;
use warnings;

use Exporter 'import';
use JSON::PP;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(blocks_of plan_of nodes_of rows_moved);

# The blocks of a section of doc/scaling.md that are marked text.  The first
# line of each is a comment that tells where it runs.  Returns pairs: that
# comment, without the dashes, and the block.
sub blocks_of
{
	my ($heading) = @_;
	my ($section) =
	  slurp_file('doc/scaling.md') =~ /^## \Q$heading\E\n(.*?)(?=^## |\z)/ms
	  or die "doc/scaling.md has no section $heading";
	my @blocks = $section =~ /^```text\n(.*?)^```$/msg;

	return
	  map { /\A-- (.*)/ ? [ $1, $_ ] : die "where does it run?\n$_" } @blocks;
}

# The plan of a query, as EXPLAIN with these options gives it.
sub plan_of
{
	my ($node, $database, $query, $options) = @_;
	my $json = $node->safe_psql($database, <<SQL);
SET client_min_messages = error;
EXPLAIN (FORMAT JSON, VERBOSE, @{[ $options || 'COSTS OFF' ]}) $query
SQL

	return decode_json($json)->[0]{Plan};
}

# A node of a plan and all nodes below it.
sub nodes_of
{
	my ($plan) = @_;

	return $plan, map { nodes_of($_) } @{ $plan->{Plans} || [] };
}

# How many rows the foreign scans of a plan fetched, in a plan of EXPLAIN
# ANALYZE.
sub rows_moved
{
	my ($plan) = @_;
	my $rows = 0;

	$rows += $_->{'Actual Rows'} * $_->{'Actual Loops'}
	  foreach grep { defined $_->{'Remote SQL'} } nodes_of($plan);
	return $rows;
}

1;
