
# A PostgreSQL installation of a test's own, beside the one that is tested: a
# server finds its folders by the place of its program, so that programs are
# copied and the rest is linked.  Whatever is installed there changes nothing
# elsewhere.

package NPS::Installation;

use strict;
use warnings;

use Exporter 'import';
use File::Basename;
use File::Copy;
use File::Path qw(make_path);
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(make_installation copy_sources install_sources);

# What pg_config says.
sub folder_of
{
	my ($pg_config, $option) = @_;

	chomp(my $folder = `'$pg_config' $option`);
	return $folder;
}

# Makes an installation below a folder, without the extension, and returns its
# path, in which there is bin.
sub make_installation
{
	my ($dir) = @_;
	my $pg_config = $ENV{PG_CONFIG} || 'pg_config';
	my %folders =
	  map { $_ => folder_of($pg_config, $_) }
	  qw(--bindir --sharedir --pkglibdir --includedir-server);

	# What all paths begin with is replaced.
	my $prefix = $folders{'--bindir'};
	$prefix = dirname($prefix)
	  while $prefix ne '/' && grep { index($_, "$prefix/") != 0 } values %folders;
	my %own = map { $_ => $dir . substr($folders{$_}, length $prefix) }
	  keys %folders;

	make_path(dirname($_)) foreach values %own;
	system_or_bail('cp', '-R', $folders{'--bindir'}, $own{'--bindir'});
	symlink($folders{'--includedir-server'}, $own{'--includedir-server'})
	  or die "cannot link the headers: $!";
	link_entries($folders{$_}, $own{$_}) foreach qw(--sharedir --pkglibdir);
	unlink "$own{'--sharedir'}/extension";
	link_entries(map { "$_->{'--sharedir'}/extension" } \%folders, \%own);

	$pg_config = "$own{'--bindir'}/pg_config";
	is(folder_of($pg_config, $_), $own{$_}, "$_ of its own")
	  foreach sort keys %own;
	return dirname($own{'--bindir'});
}

# Makes a folder and links there what is in another, but for the extension.
sub link_entries
{
	my ($from, $to) = @_;

	make_path($to);
	foreach my $name (grep { !/^nps\b/ } slurp_dir($from))
	{
		next if $name eq '.' || $name eq '..' || $name eq 'bitcode';
		symlink("$from/$name", "$to/$name") or die "cannot link $name: $!";
	}
	return;
}

# Copies what the extension is built from.
sub copy_sources
{
	my ($from, $to) = @_;

	make_path(map { "$to/$_" } qw(src/plain sql test));
	foreach my $file (
		glob "$from/Makefile $from/*.control $from/src/*.[ch] $from/src/plain/*.[ch] $from/sql/*.sql"
		  . " $from/CHANGELOG.md $from/test/*.sha256")
	{
		copy($file, $to . substr($file, length $from))
		  or die "cannot copy $file: $!";
	}
	return;
}

# Builds the extension from sources and installs it into an installation.
sub install_sources
{
	my ($sources, $installation, $name) = @_;

	local %ENV = %ENV;
	delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
	command_ok(
		[
			$ENV{MAKE} || 'make', '-C', $sources,
			"PG_CONFIG=$installation/bin/pg_config",
			'with_llvm=no', 'install'
		],
		$name);
	return;
}

1;
