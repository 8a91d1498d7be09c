
# A PostgreSQL installation of a test's own, beside the one that is tested.
# Whatever is installed there changes nothing elsewhere.

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

# Makes an installation below a folder, without the extension, and returns its
# path, in which there is bin.
sub make_installation
{
	my ($dir) = @_;
	my $root = dirname(__FILE__) . '/../../..';

	chomp(my $pg_config = `'$root/tools/lib/installation' '$dir'`);
	ok(-x $pg_config, 'an installation of its own');
	return dirname(dirname($pg_config));
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
