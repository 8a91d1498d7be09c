
# META.json says what is in the tree; where the validator of PGXN is installed,
# it has the last word.

use strict;
use warnings;

use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $meta = JSON::PP->new->utf8->decode(slurp_file('META.json'));
foreach my $key (qw(name abstract version maintainer license provides meta-spec))
{
	ok($meta->{$key}, "META.json has the key $key, which PGXN requires");
}
foreach my $extension (sort keys %{ $meta->{provides} })
{
	my $provided = $meta->{provides}{$extension};

	ok(-f "$extension.control", "there is an extension $extension");
	ok(-f $provided->{$_}, "there is its $_, $provided->{$_}")
	  foreach qw(file docfile);
}
my ($server) = `$ENV{PG_CONFIG} --version` =~ /([0-9]+)/;
my ($least) = $meta->{prereqs}{runtime}{requires}{PostgreSQL} =~ /([0-9]+)/;
cmp_ok($server, '>=', $least, 'this server is one that it asks for');
like(
	slurp_file('README.md'),
	qr/^PostgreSQL $least or newer/m,
	'the README asks for the same server');

SKIP:
{
	my $validator = eval
	{
		IPC::Run::run([ 'validate_pgxn_meta', '--version' ], '>&', \my $version);
		1;
	};

	skip 'validate_pgxn_meta is not installed', 1 if !$validator;
	command_ok([ 'validate_pgxn_meta', 'META.json' ], 'it is valid for PGXN');
}

done_testing();
