
# What the tools promise to the machine that they run on: an nps that is
# installed, of a package or not, stays as it is, whatever make demo and make test
# do; and who lacks the server's headers is told so.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Digest::SHA qw(sha256_hex);
use IPC::Run;
use NPS::Costly;
use NPS::Installation;
use PostgreSQL::Test::Utils;
use Test::More;

delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
my $dir = PostgreSQL::Test::Utils::tempdir();
my $make = $ENV{MAKE} || 'make';

# Tests remove what others in the same tree have left, so these have their own.
mkdir "$dir/tree" or die "cannot make a folder: $!";
system_or_bail('sh', '-c', "tar -c --exclude=./tmp_check . | tar -x -C '$dir/tree'");
chdir "$dir/tree" or die "cannot enter the tree: $!";

# Runs a tool, or make, on an installation and returns its status and output.
sub run_with
{
	my ($pg_config, @command) = @_;
	my $output = '';

	local $ENV{PG_CONFIG} = $pg_config;
	IPC::Run::run(\@command, '<', \undef, '>&', \$output);
	return ($?, $output);
}

# An installation that its owner, who runs these tools, may change.
my $installation = make_installation($dir);
my $pg_config = "$installation/bin/pg_config";
my ($folder, $library) = map { chomp(my $path = `'$pg_config' $_`); $path } qw(--sharedir --pkglibdir);
my @files = ("$library/nps.so", "$library/bitcode/nps.index.bc",
	map { "$folder/extension/$_" } qw(nps.control nps--1.0.0.sql nps--0.9.0.sql));
append_to_file($_, "of a package\n") foreach @files;

sub state_of
{
	return { map { $_ => -e $_ ? sha256_hex(slurp_file($_)) : 'gone' } @files,
		glob("$library/nps* $library/bitcode/nps* $folder/extension/nps*") };
}
my $before = state_of();
is(scalar keys %$before, scalar @files, 'an nps is installed');

# make test's throwaway server makes an extension of its own, which passes.
{
	local $ENV{TESTS} = 'bar parse';
	my ($status, $output) = run_with($pg_config, 'tools/test');

	is($status, 0, 'make test succeeds') or diag($output);
	like($output, qr/^[1-9]\d+ passed, 0 failed/m, 'with the extension that it built');
	is_deeply(state_of(), $before, 'and what is installed stays as it is');
}
{
	my ($status, $output) = run_with($pg_config, 'tools/demo');

	is($status, 0, 'make demo succeeds') or diag($output);
	is_deeply(state_of(), $before, 'and what is installed stays as it is');
}

# That would be seen: make install is what changes it.
run_with($pg_config, $make, 'with_llvm=no', 'install', "PG_CONFIG=$pg_config");
isnt(state_of()->{ $files[0] }, $before->{ $files[0] }, 'make install replaces it');

# A server without its headers, as Debian's package of the server alone.
my ($headers) = `'$pg_config' --includedir-server` =~ /(.*)/;
unlink $headers or die "cannot unlink $headers: $!";
foreach my $target ('all', 'install', 'installcheck')
{
	my ($status, $output) = run_with($pg_config, $make, $target, "PG_CONFIG=$pg_config");

	isnt($status, 0, "make $target fails without headers");
	like($output, qr/\A\Qnps: "$pg_config" leads to no PostgreSQL server development files.\E\n/,
		'and says why');
}

done_testing();
