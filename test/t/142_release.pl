
# What CHANGELOG.md dates is released: its scripts never change again, the
# versions after it drop no type and no aggregate, and every one of them leads
# to the newest.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Digest::SHA qw(sha256_hex);
use File::Path qw(remove_tree);
use NPS::Installation;
use NPS::Release;
use PostgreSQL::Test::Utils;
use Test::More;

is_deeply([ faults_of('.') ], [], 'nothing breaks the promise');

my $default = default_version('.');

# The check itself, on copies of the tree in which something is wrong.
my $dir = PostgreSQL::Test::Utils::tempdir() . '/tree';

sub change_file
{
	my ($name, $change) = @_;
	my $text = -e "$dir/$name" ? slurp_file("$dir/$name") : '';

	open(my $file, '>', "$dir/$name") or die "cannot write $name: $!";
	print $file $change->($text);
	close $file;
	return;
}

# Freezes all scripts of that tree.
sub freeze
{
	change_file(
		'test/frozen.sha256',
		sub {
			join '', map {
				sha256_hex(slurp_file($_)) . '  ' . substr($_, 1 + length $dir) . "\n"
			} glob "$dir/sql/*.sql";
		});
	return;
}

# A tree in which this version is released, and frozen, and there is no other.
sub release
{
	remove_tree($dir);
	copy_sources('.', $dir);
	unlink glob "$dir/sql/*.sql";
	change_file("sql/nps--$default.sql", sub { script_of('.', $default) });
	change_file('CHANGELOG.md', sub { "## $default (2026-01-31)\n" });
	freeze();
	return;
}

# The script of this version, and one that leads on.
my $script = "sql/nps--$default.sql";
my $upgrade = "sql/nps--$default--99.0.0.sql";
my $guard = '\echo Use "ALTER EXTENSION nps UPDATE" to load this file. \quit';
my $rewrite = sub {
	my ($name, $from, $to) = @_;
	return sub { change_file($name, sub { $_[0] =~ s/$from/$to/mr }) };
};
my $add = sub {
	my ($name, $text) = @_;
	return sub { change_file($name, sub { "$_[0]$text\n" }) };
};

# Work on another version begins.
sub start_next
{
	my ($version) = @_;

	$rewrite->('nps.control', qr/^default_version = .*/m, "default_version = '$version'")->();
	$rewrite->('CHANGELOG.md', qr/^(?=## \Q$default\E )/m, "## $version (unreleased)\n\n")->();
	return;
}

# What is done to a released tree, and the fault that is then found.
foreach my $case (
	[ sub { }, undef, 'released and frozen' ],
	[
		$rewrite->('CHANGELOG.md', '2026-01-31', 'unreleased'),
		undef, 'no longer released'
	],
	[
		$rewrite->('CHANGELOG.md', qr/\(2026-01-31\)/, 'soon'),
		"$default has neither a date nor (unreleased)"
	],
	[
		sub { unlink "$dir/test/frozen.sha256" },
		"$default is released: sha256sum $script >>test/frozen.sha256"
	],
	[ $add->($script, '-- one comment more'), "$script is released and may not change" ],
	[
		sub { unlink "$dir/$script" },
		"no script leads to $default, which is released",
		"$script is released and may not change"
	],
	[
		$rewrite->('nps.control', qr/^default_version = .*/m, "default_version = '99.0.0'"),
		'CHANGELOG.md has no heading for 99.0.0',
		"$default does not lead to 99.0.0"
	],
	[
		sub { start_next('99.0.0') },
		"$default does not lead to 99.0.0"
	],
	[
		sub { start_next('99.0.0'); $add->($upgrade, $guard)->() },
		undef, 'a version after it'
	],
	[
		sub {
			start_next('99.0.1');
			$add->($upgrade, $guard)->();
			$add->('sql/nps--99.0.0--99.0.1.sql', $guard)->();
		},
		undef,
		'a version that two scripts lead to'
	],
	[
		sub {
			start_next('99.0.0');
			$rewrite->('CHANGELOG.md', 'unreleased', '2027-01-31')->();
			$add->($upgrade, $guard)->();
			$add->('sql/nps--99.0.0.sql', $guard)->();
			freeze();
		},
		undef,
		'a second release'
	],
	[
		sub {
			start_next('99.0.0');
			$rewrite->('CHANGELOG.md', 'unreleased', '2027-01-31')->();
			$add->($upgrade, $guard)->();
		},
		"99.0.0 is released: sha256sum $upgrade >>test/frozen.sha256"
	],
	[ $add->($upgrade, $guard), undef, 'an upgrade script' ],
	[
		$add->($upgrade, "$guard\nCREATE OR REPLACE FUNCTION nps_x() RETURNS int RETURN 1;"),
		undef,
		'an upgrade script that replaces a function'
	],
	[ $add->($upgrade, 'SELECT 1;'), "$upgrade is not protected from psql" ],
	[ $add->($upgrade, "$guard\ndrop\n  aggregate nps(int);"), "$upgrade drops aggregate" ],
	[
		$add->($upgrade, "$guard\nDROP TYPE nps_tally;"),
		"$upgrade drops type"
	],
	[
		$add->($upgrade, "$guard\nDROP OPERATOR + (nps_tally, nps_tally) CASCADE;"),
		"$upgrade drops what it does not name"
	],
	[ $add->($upgrade, "$guard\n-- no DROP TYPE here"), undef, 'a comment on types' ],
	[
		$add->($upgrade, "$guard\nCREATE TABLE IF NOT EXISTS nps_x ();"),
		"$upgrade may adopt what is there"
	],
	[
		$add->('sql/nps--99.0.0.sql', "$guard\nCREATE OR REPLACE FUNCTION nps_x() RETURNS int RETURN 1;"),
		'sql/nps--99.0.0.sql may adopt what is there'
	],
	[
		$add->($upgrade, "$guard\nCREATE FUNCTION x() RETURNS int RETURN \@extschema\@.nps_x();"),
		"$upgrade is not relocatable"
	])
{
	my ($change, @faults) = @$case;
	my $name = defined $faults[0] ? $faults[0] : pop @faults;

	@faults = grep { defined } @faults;
	release();
	$change->();
	is_deeply([ faults_of($dir) ], \@faults,
		(@faults ? 'found: ' : 'no fault: ') . $name);
}

done_testing();
