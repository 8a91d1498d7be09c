
# What CHANGELOG.md dates is released, and its script never changes again: the
# base, which makes 1.0.0 from nothing, and a delta for each version after it.
# A fresh install runs the same scripts as an upgrade.  No delta drops a type
# or an aggregate.

use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

my $base = '1.0.0';
my ($newest) = slurp_file('nps.control') =~ /^default_version = '(.*)'$/m;
my @headings = slurp_file('CHANGELOG.md') =~ /^## (.*)$/mg;
my @scripts = glob 'sql/*.sql';

# The scripts that are frozen, as sha256sum writes and checks them.
my $sums = 'test/frozen.sha256';
my %frozen = map { $_ => 1 } -e $sums ? slurp_file($sums) =~ /  (\S+)$/mg : ();
command_ok([ 'sha256sum', '--check', '--strict', $sums ], 'no frozen script has changed')
  if %frozen;

# From the base each version leads to the next, and the last one is the newest.
my %delta = map { m{^sql/nps--([^-]+)--([^-]+)\.sql$} ? ($1 => $2) : () } @scripts;
my @chain = ($base);
push @chain, $delta{ $chain[-1] } while $delta{ $chain[-1] } && @chain <= @scripts;
is_deeply(
	[ sort @scripts ],
	[ sort "sql/nps--$base.sql", map { "sql/nps--$chain[$_ - 1]--$chain[$_].sql" } 1 .. $#chain ],
	'one base, one delta a version, and nothing else');
is($chain[-1], $newest, "they lead from $base to $newest");
is_deeply([ map { /^(\S+)/ } @headings ],
	[ reverse @chain ], 'CHANGELOG.md has a heading for each version');

foreach my $n (0 .. $#chain)
{
	my $script = "sql/nps--" . join('--', @chain[ $n > 0 ? $n - 1 : 0 .. $n ]) . '.sql';
	my ($heading) = grep { /^\Q$chain[$n]\E / } @headings;
	my $text = slurp_file($script);

	like($heading, qr/ \((\d{4}-\d\d-\d\d|unreleased)\)$/, "$chain[$n] has a date, or none yet");
	ok($frozen{$script}, "$chain[$n] is released: sha256sum $script >>$sums")
	  if $heading !~ /unreleased/;
	like($text, qr/^\\echo Use .*\\quit$/m, "$script is protected from psql");
	$text =~ s/--.*//g;
	unlike($text, qr/\@extschema/, "$script is relocatable");
	unlike($text, qr/\bIF\s+NOT\s+EXISTS\b/i, "$script adopts nothing that is there");
	unlike($text, qr/\bOR\s+REPLACE\b/i, "$script replaces nothing") if $n == 0;
	unlike($text, qr/\bDROP\s+(AGGREGATE|TYPE)\b/i, "$script drops no aggregate and no type");
	unlike($text, qr/\bDROP\b[^;]*\bCASCADE\b/i, "$script drops only what it names");
}

done_testing();
