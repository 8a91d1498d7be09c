
# One place holds the version, default_version in nps.control; what else has to
# say it says the same.

use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::Piece;

my ($version) =
  slurp_file('nps.control') =~ /^default_version\s*=\s*'([^']+)'$/m;
like($version, qr/\A[0-9]+\.[0-9]+\.[0-9]+\z/, 'nps.control has a version');

my $meta = JSON::PP->new->utf8->decode(slurp_file('META.json'));
is($meta->{version}, $version, "META.json's version");
is($meta->{provides}{nps}{version},
	$version, "META.json's version of the extension");

# The newest entry is the first.
my ($changed, $when) =
  slurp_file('CHANGELOG.md') =~ /^## (\S+) (?:- |\()?([^()\n]+)\)?$/m;
is($changed, $version, "CHANGELOG.md's newest heading");
like(
	$when,
	qr/\A(?:unreleased|[0-9]{4}-[0-9]{2}-[0-9]{2})\z/,
	'it has a date, or says that there is none yet');

# The part of Debian's version before the last hyphen is ours.
my ($packaged, $distribution, $day) =
  slurp_file('debian/changelog') =~
  /\A\S+ \((\S+)-[^-\s]+\) ([^;\s]+);.*?^ -- .*, +(\d+ \w+ \d+) /ms;
is($packaged, $version, "debian/changelog's newest version");
is( $distribution eq 'UNRELEASED',
	$when eq 'unreleased',
	'both changelogs are released, or neither');
if ($when ne 'unreleased')
{
	is(Time::Piece->strptime($day, '%d %b %Y')->ymd,
		$when, 'both changelogs have the same day');
}

# Archives named in the documentation with a version: an older one is stale.
foreach my $path ('README.md', glob('doc/*.md doc/*/*.md'))
{
	my @named = slurp_file($path) =~ /\bnps-([0-9]+\.[0-9]+\.[0-9]+)\b/g;

	is(join(' ', grep { $_ ne $version } @named),
		'', "no other version is named in $path");
}

# The library: the compiler is told, and PostgreSQL 18 and newer show it.
my $node = PostgreSQL::Test::Cluster->new('version');
$node->init;
$node->start;
{
	local %ENV = %ENV;
	delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
	my ($commands) = run_command(
		[
			$ENV{MAKE} || 'make',
			'--dry-run', '--always-make',
			'PG_CONFIG=' . ($ENV{PG_CONFIG} || 'pg_config'),
			'src/module.o'
		]);
	like(
		$commands,
		qr/-DNPS_VERSION='"\Q$version\E"'.* src\/module\.c/,
		'the library is compiled with it');
}
is( $node->safe_psql(
		'postgres',
		'CREATE EXTENSION nps; SELECT extversion FROM pg_extension'
		  . " WHERE extname = 'nps'"),
	$version,
	'CREATE EXTENSION installs it');
if ($node->pg_version >= 18)
{
	is( $node->safe_psql(
			'postgres',
			"LOAD 'nps'; SELECT module_name, version"
			  . ' FROM pg_get_loaded_modules()'
			  . " WHERE file_name ~ '^nps[.]'"),
		"nps|$version",
		'the loaded library shows it');
}
$node->stop;

done_testing();
