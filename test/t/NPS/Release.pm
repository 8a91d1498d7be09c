
# What a release promises about the scripts: once CHANGELOG.md dates a version,
# the scripts that lead to it never change again.  test/frozen.sha256 holds
# their checksums, as sha256sum writes them.

package NPS::Release;

use strict;
use warnings;

use Digest::SHA;
use Exporter 'import';
use PostgreSQL::Test::Utils;

our @EXPORT = qw(released_versions default_version script_of faults_of);

# The headings of CHANGELOG.md: a version, and its date or that it has none.
sub headings_of
{
	my ($dir) = @_;

	return slurp_file("$dir/CHANGELOG.md") =~ /^## (\S+)(.*)$/mg;
}

# The versions that have a date.
sub released_versions
{
	my ($dir) = @_;
	my %headings = headings_of($dir);

	return sort grep { $headings{$_} !~ /unreleased/ } keys %headings;
}

sub default_version
{
	my ($dir) = @_;

	return slurp_file("$dir/nps.control") =~ /^default_version = '(.*)'$/m
	  ? $1
	  : die 'no default_version in nps.control';
}

# The text that makes a version: its install script, or that of an older
# version and the upgrade scripts from there on.
sub script_of
{
	my ($dir, $version) = @_;
	my $script = "$dir/sql/nps--$version.sql";

	return slurp_file($script) if -e $script;
	my ($upgrade) = sort glob "$dir/sql/nps--*--$version.sql"
	  or die "no script leads to version $version";
	my ($from) = $upgrade =~ /nps--(.*)--/;
	return script_of($dir, $from) . slurp_file($upgrade);
}

# The versions that upgrade scripts lead to from one, itself included.
sub reached_from
{
	my ($dir, @versions) = @_;
	my %reached;

	while (defined(my $version = shift @versions))
	{
		next if $reached{$version}++;
		push @versions, map { /--([^-]+)\.sql$/ } glob "$dir/sql/nps--$version--*.sql";
	}
	return %reached;
}

# Everything in a tree that breaks the promise, a line each.
sub faults_of
{
	my ($dir) = @_;
	my %headings = headings_of($dir);
	my $default = default_version($dir);
	my @faults;

	push @faults, "CHANGELOG.md has no heading for $default"
	  if !$headings{$default};
	foreach my $version (sort keys %headings)
	{
		push @faults, "$version has neither a date nor (unreleased)"
		  if $headings{$version} !~ /^ \((\d{4}-\d\d-\d\d|unreleased)\)$/;
	}

	my $sums = "$dir/test/frozen.sha256";
	my %frozen = -e $sums ? reverse slurp_file($sums) =~ /^(\w{64})  (\S+)$/mg : ();
	foreach my $version (released_versions($dir))
	{
		my @scripts = map { substr($_, 1 + length $dir) }
		  glob "$dir/sql/nps--$version.sql $dir/sql/nps--*--$version.sql";

		my %reached = reached_from($dir, $version);

		@scripts = grep { -e "$dir/$_" } @scripts;
		push @faults, "$version does not lead to $default"
		  if !$reached{$default};
		push @faults, "no script leads to $version, which is released"
		  if !@scripts;
		push @faults,
		  "$version is released: sha256sum $_ >>test/frozen.sha256"
		  foreach grep { !$frozen{$_} } @scripts;
	}
	foreach my $script (sort keys %frozen)
	{
		my $sum =
		  -e "$dir/$script"
		  ? Digest::SHA->new(256)->addfile("$dir/$script")->hexdigest
		  : '';

		push @faults, "$script is released and may not change"
		  if $sum ne $frozen{$script};
	}

	foreach my $path (sort glob "$dir/sql/*.sql")
	{
		my $script = substr($path, 1 + length $dir);
		my $text = slurp_file($path);

		push @faults, "$script is not protected from psql"
		  if $text !~ /^\\echo Use .*\\quit$/m;
		$text =~ s/--.*//g;
		push @faults, "$script is not relocatable" if $text =~ /\@extschema/;
		push @faults, "$script may adopt what is there"
		  if $text =~ /\bIF\s+NOT\s+EXISTS\b/i
		  || $script !~ /--.*--/ && $text =~ /\bOR\s+REPLACE\b/i;
		push @faults, "$script drops \L$1"
		  if $text =~ /\bDROP\s+(AGGREGATE|TYPE)\b/i;
		push @faults, "$script drops what it does not name"
		  if $text =~ /\bDROP\b[^;]*\bCASCADE\b/i;
	}
	return @faults;
}

1;
