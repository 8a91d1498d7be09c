
# META.json is what the PGXN Meta Spec 1.0.0 asks for, and what it names is in
# the tree.  The rules are those of https://pgxn.org/meta/spec.txt, where a
# key that it does not know must begin with x_.

use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my %licenses = map { $_ => 1 } qw(
  agpl_3 apache_1_1 apache_2_0 artistic_1 artistic_2 bsd freebsd gfdl_1_2
  gfdl_1_3 gpl_1 gpl_2 gpl_3 lgpl_2_1 lgpl_3_0 mit mozilla_1_0 mozilla_1_1
  openssl perl_5 postgresql qpl_1_0 ssleay sun zlib open_source restricted
  unrestricted unknown);

# Semantic versioning 2.0.0, and a comma-separated range of such versions.
my $number = qr/(?:0|[1-9][0-9]*)/;
my $semver = qr/$number\.$number\.$number
	(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?
	(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/x;
my $range = qr/(?:(?:[=!]=|[<>]=?)\s*)?$semver/;

# What a value can be: each is a function that is true of a right one.
sub is_string  { return defined $_[0] && !ref $_[0] && $_[0] ne '' }
sub is_version { return is_string($_[0]) && $_[0] =~ /\A$semver\z/ }

sub is_url
{
	return is_string($_[0])
	  && $_[0] =~ m{\A[a-z][a-z0-9+.-]*://[^/\s]+\S*\z}i;
}
sub is_email { return is_string($_[0]) && $_[0] =~ /\A\S+\@\S+\z/ }
sub is_lower { return is_string($_[0]) && $_[0] !~ /\p{Upper}/ }

sub is_term
{
	return is_string($_[0]) && $_[0] =~ m{\A[^\s[:cntrl:]/\\]{2,}\z};
}

sub is_tag
{
	return is_string($_[0]) && $_[0] =~ m{\A[^[:cntrl:]/\\]{1,256}\z};
}
sub is_license { return is_string($_[0]) && $licenses{ $_[0] } }

sub is_status
{
	return is_string($_[0]) && $_[0] =~ /\A(?:stable|testing|unstable)\z/;
}

sub is_path
{
	return is_string($_[0]) && $_[0] !~ m{\A/|\\|(?:\A|/)\.\.(?:/|\z)};
}

sub is_range
{
	return is_string($_[0]) && $_[0] =~ /\A(?:0|$range(?:,\s*$range)*)\z/;
}

# Where a list is expected, one string stands for a list of it.
sub list_of
{
	my ($is) = @_;

	return sub {
		my @values = ref $_[0] eq 'ARRAY' ? @{ $_[0] } : $_[0];

		return @values > 0 && !grep { !$is->($_) } @values;
	};
}

# The keys of each map: ! before those that are required.
my $extension = {
	'!file' => \&is_path,
	'!version' => \&is_version,
	abstract => \&is_string,
	docfile => \&is_path,
};
my $relations = { map { $_ => { '*' => [ \&is_term, \&is_range ] } }
	  qw(requires recommends suggests conflicts) };
my $spec = {
	'!name' => \&is_term,
	'!version' => \&is_version,
	'!abstract' => \&is_string,
	'!maintainer' => list_of(\&is_string),
	'!license' => sub {
		return
		  ref $_[0] eq 'HASH'
		  ? %{ $_[0] } && !grep { !is_url($_) } values %{ $_[0] }
		  : list_of(\&is_license)->($_[0]);
	},
	'!provides' => { '*' => [ \&is_term, $extension ] },
	'!meta-spec' => {
		'!version' =>
		  sub { return is_string($_[0]) && $_[0] =~ /\A1\.0\.[0-9]+\z/ },
		url => \&is_url,
	},
	description => \&is_string,
	generated_by => \&is_string,
	tags => list_of(\&is_tag),
	no_index =>
	  { file => list_of(\&is_path), directory => list_of(\&is_path) },
	prereqs =>
	  { map { $_ => $relations } qw(configure build test runtime develop) },
	release_status => \&is_status,
	resources => {
		homepage => \&is_url,
		bugtracker => { web => \&is_url, mailto => \&is_email },
		repository =>
		  { url => \&is_url, web => \&is_url, type => \&is_lower },
	},
};

# Where a value is not what the spec asks for, one line each.
sub faults
{
	my ($value, $rule, $where) = @_;
	my @faults;

	if (ref $rule eq 'CODE')
	{
		return $rule->($value) ? () : "$where is not valid";
	}
	return "$where is no map" if ref $value ne 'HASH';
	foreach my $key (map { /^!(.*)/ ? $1 : () } keys %$rule)
	{
		push @faults, "$where/$key is missing" if !defined $value->{$key};
	}
	if (my $any = $rule->{'*'})
	{
		push @faults, "$where is empty" if !%$value;
		foreach my $key (sort keys %$value)
		{
			push @faults, "$where/$key is no name" if !$any->[0]->($key);
			push @faults, faults($value->{$key}, $any->[1], "$where/$key");
		}
		return @faults;
	}
	foreach my $key (sort keys %$value)
	{
		my $inner = $rule->{$key} // $rule->{"!$key"};

		next if !$inner && $key =~ /\Ax_./i;
		push @faults, $inner
		  ? faults($value->{$key}, $inner, "$where/$key")
		  : "$where/$key is unknown";
	}
	return @faults;
}

sub faults_of
{
	my ($json) = @_;
	my $meta = eval { JSON::PP->new->utf8->decode($json) };

	return defined $meta ? faults($meta, $spec, '') : "no JSON: $@";
}

my $json = slurp_file('META.json');
is(join("\n", faults_of($json)), '', 'META.json is valid');
my $meta = JSON::PP->new->utf8->decode($json);

# The checker itself.  Each change makes META.json wrong: a value put in a
# place, or, where there is none, the key left out.
sub changed
{
	my ($path, @value) = @_;
	my $copy = JSON::PP->new->utf8->decode($json);
	my @keys = split m{/}, $path;
	my $last = pop @keys;
	my $map = $copy;

	$map = $map->{$_} //= {} foreach @keys;
	if   (@value) { $map->{$last} = $value[0] }
	else          { delete $map->{$last} }
	return JSON::PP->new->utf8->encode($copy);
}

foreach my $key (
	qw(name version abstract maintainer license provides
	meta-spec meta-spec/version provides/nps/file provides/nps/version))
{
	like(
		join("\n", faults_of(changed($key))),
		qr{^/\Q$key\E is missing$},
		"wrong: without $key");
}
foreach my $case (
	[ 'version', '1.0' ],
	[ 'version', '01.0.0' ],
	[ 'version', 1 ],
	[ 'name', 'net promoter score' ],
	[ 'name', 'a/b' ],
	[ 'abstract', '' ],
	[ 'maintainer', [] ],
	[ 'maintainer', [ 'one', undef ] ],
	[ 'license', 'PostgreSQL' ],
	[ 'license', { 'PostgreSQL' => 'no address' } ],
	[ 'provides', {} ],
	[ 'provides/nps/version', '1' ],
	[ 'provides/nps/file', '/sql/nps.sql' ],
	[ 'provides/nps/docfile', '../README.md' ],
	[ 'provides/nps/extra', 'x' ],
	[ 'meta-spec/version', '2.0.0' ],
	[ 'meta-spec/url', 'pgxn.org' ],
	[ 'tags', ['a/b'] ],
	[ 'tags', [ 'a' x 257 ] ],
	[ 'release_status', 'released' ],
	[ 'prereqs/install', { requires => { PostgreSQL => '15.0.0' } } ],
	[ 'prereqs/runtime/needs', { PostgreSQL => '15.0.0' } ],
	[ 'prereqs/runtime/requires/PostgreSQL', '15' ],
	[ 'prereqs/runtime/requires/PostgreSQL', '=> 15.0.0' ],
	[ 'resources/homepage', 'here' ],
	[ 'resources/bugtracker/mailto', 'nobody' ],
	[ 'resources/repository/type', 'Git' ],
	[ 'resources/website', 'https://example.org/' ],
	[ 'keywords', ['nps'] ])
{
	my ($path, $value) = @$case;

	isnt(
		join("\n", faults_of(changed($path, $value))),
		'',
		"wrong: $path "
		  . JSON::PP->new->allow_nonref->canonical->encode($value));
}
foreach my $case (
	[ 'x_custom', { any => 'thing' } ],
	[ 'version', '1.0.0-rc.1' ],
	[ 'maintainer', [ 'one', 'two' ] ],
	[
		'license',
		{ 'PostgreSQL' => 'https://www.postgresql.org/about/licence/' }
	],
	[ 'prereqs/runtime/requires/PostgreSQL', '>= 15.0.0, < 99.0.0' ],
	[ 'prereqs/test/recommends/pgTAP', 0 ],
	[
		'resources/repository',
		{ url => 'https://example.org/nps.git', type => 'git' }
	])
{
	my ($path, $value) = @$case;

	is( join("\n", faults_of(changed($path, $value))),
		'',
		"right: $path "
		  . JSON::PP->new->allow_nonref->canonical->encode($value));
}
isnt(join("\n", faults_of(substr($json, 1))), '', 'wrong: no JSON');

# What it says of this tree.
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

done_testing();
