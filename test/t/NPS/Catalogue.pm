
# What the catalogue holds of the extension: its members, its functions, and all
# of it, as lines in which names stand for OIDs: equal in two databases where
# the extension is the same.

package NPS::Catalogue;

use strict;
use warnings;

use Exporter 'import';
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw($members functions_of catalogue_of same_catalogue);

# The views of test/members.sql, which live as long as the session.
our $members = slurp_file('test/members.sql');

# The functions and aggregates, in the order of their signatures.  What is not
# immutable is not called with whatever comes: test/sql/catalogue.sql names the
# few that are not, and each of them has tests of its own.
sub functions_of
{
	my ($node, $database) = @_;
	my $functions = $node->safe_psql($database, "$members " . <<'SQL');
SELECT json_agg(json_build_object('kind', prokind, 'name', proname, 'signature', signature,
		'types', ARRAY(SELECT format_type(type, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS u(type, n) ORDER BY n),
		'names', ARRAY(SELECT coalesce(proargnames[i], '') FROM generate_series(1, pronargs) AS i),
		'result', format_type(prorettype, NULL), 'strict', proisstrict)
	ORDER BY signature::text COLLATE "C")
FROM functions WHERE provolatile = 'i'
SQL

	return @{ decode_json($functions) };
}

# The members and what comes along with them: array types, the operators and
# functions of operator families.
my $all_members = $members . <<'SQL';
CREATE TEMP VIEW all_members AS
WITH RECURSIVE member AS (
	SELECT classid, objid FROM members
	UNION
	SELECT d.classid, d.objid FROM pg_depend AS d JOIN member AS m
		ON (d.refclassid, d.refobjid) = (m.classid, m.objid)
	WHERE d.deptype IN ('a', 'i') AND d.classid IN
		('pg_type'::regclass, 'pg_amop'::regclass, 'pg_amproc'::regclass))
SELECT classid, objid, identity FROM member, pg_identify_object(classid, objid, 0);
SQL

# Which number is which name.  A number may be one in several catalogues.
my $names = <<'SQL';
SELECT classid::regclass, objid, identity FROM all_members
UNION ALL SELECT 'pg_extension', oid, 'this' FROM pg_extension WHERE extname = 'nps'
UNION ALL SELECT 'pg_namespace', oid, nspname FROM pg_namespace
UNION ALL SELECT 'pg_authid', oid, rolname FROM pg_roles;
SQL

# The rows: catalogue, object, columns.
my $rows = join "UNION ALL\n", (
	map {
		"SELECT '$_', identity, to_jsonb(t) - 'oid' FROM all_members JOIN $_ AS t"
		  . " ON t.oid = objid AND classid = '$_'::regclass\n"
	} qw(pg_proc pg_type pg_operator pg_opfamily pg_opclass pg_amop pg_amproc
	  pg_cast)),
  <<'SQL';
SELECT 'pg_aggregate', identity, to_jsonb(t) - 'aggfnoid' FROM all_members
	JOIN pg_aggregate AS t ON aggfnoid = objid AND classid = 'pg_proc'::regclass
UNION ALL SELECT 'pg_views', identity,
	jsonb_build_object('definition', pg_get_viewdef(t.oid), 'relacl', relacl::text[], 'reloptions', reloptions)
	FROM all_members JOIN pg_class AS t ON t.oid = objid AND classid = 'pg_class'::regclass
UNION ALL SELECT 'comment', identity,
	jsonb_build_object('is', obj_description(objid, classid::regclass::name)) FROM all_members
UNION ALL SELECT 'pg_init_privs', identity, to_jsonb(initprivs::text[]) FROM all_members
	JOIN pg_init_privs ON (classoid, objoid) = (classid, objid)
UNION ALL SELECT 'pg_depend', identity,
	jsonb_build_object(refclassid::regclass::text, concat_ws(' ', refobjid, deptype))
	FROM all_members JOIN pg_depend USING (classid, objid)
UNION ALL SELECT 'pg_shdepend', identity,
	jsonb_build_object(refclassid::regclass::text, concat_ws(' ', refobjid, s.deptype))
	FROM all_members JOIN pg_shdepend AS s USING (classid, objid)
	WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 'pg_extension', 'this', to_jsonb(t) - 'oid'
	FROM pg_extension AS t WHERE extname = 'nps'
SQL

# The catalogue that a column, or a field of a parsed expression, points to.
my %target = (
	pg_proc => qr/func(id)?$/,
	pg_class => qr/relid$/,
	pg_type => qr/typ(e|es|eid|elem|array|basetype)$|^(oprleft|oprright)$|result|variadic|castsource|casttarget/,
	pg_operator => qr/^(oprcom|oprnegate|aggsortop|amopopr|opno)$/,
	pg_opfamily => qr/family$/,
	pg_namespace => qr/namespace$/,
	pg_authid => qr/owner$/);

sub name_of
{
	my ($names, $column, $number) = @_;
	my ($catalogue) = grep { $column eq $_ || $column =~ $target{$_} }
	  sort keys %target;

	$catalogue = $column if !defined $catalogue;
	return $names->{"$catalogue|$number"} || $number;
}

# A column as text with names in it.  Where in a script an expression stood
# says nothing.
sub text_of
{
	my ($names, $column, $value) = @_;
	my $text = ref $value eq 'ARRAY' ? join(' ', @$value) : $value;

	return 'NULL' if !defined $text;
	return $text =~ s/:(\w*location|\w*stmt_len) -?\d+//gr =~
	  s/:(\w+) (\d+)\b/":$1 " . name_of($names, $1, $2)/ger
	  if $text =~ /^[({]+[A-Z]+ :/;
	return $text =~ s/\b(\d+)\b/name_of($names, $column, $1)/ger;
}

# The lines of a database, a column each, once it is changed by SQL that is
# then rolled back.
sub catalogue_of
{
	my ($node, $database, $change) = @_;
	my ($first, $second) = split /^--\n/m,
	  $node->safe_psql($database,
		"BEGIN; SET LOCAL search_path = pg_catalog;\n"
		  . "$all_members @{[ $change || '' ]};\n"
		  . "$names \\echo --\n $rows; ROLLBACK");
	my %names = map { /^(\w+\|\d+)\|(.*)/ } split /\n/, $first;
	my @lines;

	foreach (split /\n/, $second)
	{
		my ($catalogue, $object, $json) = split /\|/, $_, 3;
		my $columns = decode_json($json);

		$columns = { is => $columns } if ref $columns eq 'ARRAY';
		push @lines,
		  map { "$catalogue|$object|$_: " . text_of(\%names, $_, $columns->{$_}) }
		  keys %$columns;
	}
	return sort @lines;
}

# Do two lists of such lines agree?  Shows those that only one of them has.
sub same_catalogue
{
	my ($got, $expected, $name) = @_;
	my %count;

	$count{$_}++ foreach @$got;
	$count{$_}-- foreach @$expected;
	cmp_ok(scalar(@$expected), '>', 3000, "$name: entries to compare");
	is( join("\n",
			map { ($count{$_} > 0 ? 'more: ' : 'missing: ') . $_ }
			grep { $count{$_} } sort keys %count),
		'',
		$name);
	return;
}

1;
