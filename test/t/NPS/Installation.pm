
# A PostgreSQL installation of a test's own, beside the one that is tested.
# Whatever is installed there changes nothing elsewhere.

package NPS::Installation;

use strict;
use warnings;

use Exporter 'import';
use File::Basename;
use File::Path qw(make_path);
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(make_installation copy_sources make_in install_sources);

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

# Copies the tree, but for what the tests put into it, and whatever was built.
sub copy_sources
{
	my ($to) = @_;

	make_path($to);
	system_or_bail('sh', '-c',
		'tar -c --exclude=./.git --exclude=./tmp_check --exclude=./dist --exclude=node_modules .'
		  . " | tar -x -C '$to'");
	make_in($to, 'clean');
	return;
}

# Runs make in such a copy.
sub make_in
{
	my ($sources, @arguments) = @_;

	local %ENV = %ENV;
	delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
	command_ok(
		[
			$ENV{MAKE} || 'make', '-C', $sources, 'with_llvm=no',
			'PG_CONFIG=' . ($ENV{PG_CONFIG} || 'pg_config'), @arguments
		],
		"make @arguments");
	return;
}

# Builds the extension from sources and installs it into an installation.
sub install_sources
{
	my ($sources, $installation) = @_;

	local $ENV{PG_CONFIG} = "$installation/bin/pg_config";
	return make_in($sources, 'install');
}

1;
