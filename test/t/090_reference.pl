
# doc/reference.md has an entry for every object of the extension, and no
# other.  Its entries are the lines of its blocks marked text, one an object:
#
#     nps_score(tally nps_tally) → numeric
#     aggregate sum(tally nps_tally) → nps_tally
#     type nps_tally
#     operator nps_tally + nps_tally → nps_tally
#     cast nps_tally as json
#     operator class nps_tally_ops using hash
#     operator family nps_tally_ops using hash
#
# An indented line goes on where the line above ended.  Arguments are written
# as pg_get_function_arguments has them, but for the type of a default; OUT
# parameters stand behind the arrow, in parentheses.  The type number stands
# for each of the five types of scores.
#
# A section with entries shows an example of each function in it by name, and
# what comes out: documentation runs it.  Only support functions need none.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @numbers =
  ('smallint', 'integer', 'bigint', 'numeric', 'double precision');

# The sections of a reference: heading, entries, and what its sql blocks say
# that show their output.
sub sections_of
{
	my ($markdown) = @_;
	my @sections;

	foreach my $section (split /^(?=##+ )/m, $markdown)
	{
		my ($heading) = $section =~ /^##+ (.*)/ or next;
		my ($entries, $examples) = ('', '');

		$entries .= $1 while $section =~ /^```text\n(.*?)^```$/msg;
		$examples .= $1
		  while $section =~ /^```sql\n(.*?)^```\n\s*^```\n.+?^```$/msg;
		$entries =~ s/\n\s+/ /g;
		push @sections,
		  {
			heading => $heading,
			examples => $examples,
			entries => [
				map
				{
					my $entry = $_;
					/\bnumber\b/
					  ? map { $entry =~ s/\bnumber\b/$_/r } @numbers
					  : $entry
				} split /\n/,
				$entries
			]
		  };
	}
	return @sections;
}

# What is wrong with a reference of these objects, in words.
sub faults_of
{
	my ($markdown, @objects) = @_;
	my @sections = sections_of($markdown);
	my (%entries, @faults);

	$entries{$_}++ foreach map { @{ $_->{entries} } } @sections;
	push @faults, map { "no entry: $_" } grep { !$entries{$_} } @objects;
	push @faults, map { "two entries: $_" }
	  grep { $entries{$_} > 1 } sort keys %entries;
	delete @entries{@objects};
	push @faults, map { "no object: $_" } sort keys %entries;

	foreach my $section (@sections)
	{
		next if $section->{heading} eq 'Support functions';
		my %names =
		  map { /^(?:aggregate )?(\w+)\(/ ? ($1 => 1) : () }
		  @{ $section->{entries} };

		push @faults, "no example: $section->{heading}"
		  if @{ $section->{entries} } && $section->{examples} eq '';
		push @faults, map { "no example: $_" }
		  grep { $section->{examples} !~ /\b$_\(/ } sort keys %names;
	}
	return join("\n", @faults);
}

# The reference's checker: it sees each of these, and nothing where all is
# well.
my @catalogue = (
	'nps_area(a integer, b integer DEFAULT 1) → (area integer, side integer)',
	map({ "aggregate nps_mean(score $_) → numeric" } @numbers),
	'type nps_box', 'nps_box_in(cstring) → nps_box');
my $sound = <<'MARKDOWN';
# Reference
## Types
### nps_box
```text
type nps_box
```
```sql
SELECT 'a box'::nps_box;
```
```
 a box
```
## Functions
### nps_area
```text
nps_area(a integer,
         b integer DEFAULT 1)
    → (area integer, side integer)
```
```sql
SELECT nps_area(2);
```

```
(2,1)
```
### nps_mean
```text
aggregate nps_mean(score number) → numeric
```
```sql
SELECT nps_mean(1);
```
```
 1
```
## Support functions
```text
nps_box_in(cstring) → nps_box
```
MARKDOWN
is(faults_of($sound, @catalogue), '', 'a sound reference has no fault');
foreach my $case (
	[ 'a missing type', 'type nps_box', '', 'no entry: type nps_box' ],
	[ 'a missing function', 'nps_box_in.*\n', '', "no entry: $catalogue[-1]" ],
	[ 'a missing overload', 'number', 'integer', "no entry: $catalogue[1]" ],
	[ 'another default', 'DEFAULT 1', '', "no entry: $catalogue[0]" ],
	[ 'another OUT', 'side integer', 'b text', "no entry: $catalogue[0]" ],
	[ 'another kind', 'aggregate nps', 'nps', "no entry: $catalogue[1]" ],
	[ 'another name', 'type nps_box', 'type bag', 'no object: type bag' ],
	[ 'too many', 'type nps_box', "type a\ntype a", 'two entries: type a' ],
	[ 'an example of another', 'SELECT nps_area', '', 'no example: nps_area' ],
	[ 'no output', '\(2,1\)\n', '', 'no example: nps_area' ],
	[ 'an example not run', '```sql\n', "```text\n", 'no example: nps_box' ])
{
	my ($name, $from, $to, $fault) = @$case;
	my $broken = $sound;

	$broken =~ s/$from/$to/ or die "nothing to break: $from";
	like(faults_of($broken, @catalogue), qr/^\Q$fault\E$/m, "it sees $name");
}

# The catalogue, written as entries are.
my $node = PostgreSQL::Test::Cluster->new('reference');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION nps');
my @objects = map { s/::(text|double precision)\b//g; s/-> /→ /r } split /\n/,
  $node->safe_psql('postgres', "$members " . <<'SQL');
SELECT CASE prokind WHEN 'a' THEN 'aggregate ' WHEN 'f' THEN '' ELSE prokind::text || ' ' END ||
	proname || '(' || regexp_replace(arguments, ',? ?OUT .*', '') || ') -> ' ||
	CASE WHEN arguments ~ 'OUT '
		THEN '(' || replace(substring(arguments, 'OUT (.*)'), 'OUT ', '') || ')'
		ELSE pg_get_function_result(p.oid) END
FROM members JOIN pg_proc p ON objid = p.oid AND classid = 'pg_proc'::regclass,
	pg_get_function_arguments(p.oid) arguments
UNION ALL
SELECT 'type ' || format_type(t.oid, NULL)
FROM members JOIN pg_type t ON objid = t.oid AND classid = 'pg_type'::regclass
UNION ALL
SELECT concat_ws(' ', 'operator', CASE WHEN oprleft <> 0 THEN oprleft::regtype END,
	oprname, oprright::regtype, '->', oprresult::regtype)
FROM members JOIN pg_operator o ON objid = o.oid AND classid = 'pg_operator'::regclass
UNION ALL
SELECT format('cast %s as %s', castsource::regtype, casttarget::regtype)
FROM members JOIN pg_cast c ON objid = c.oid AND classid = 'pg_cast'::regclass
UNION ALL
SELECT format('operator class %s using %s', opcname, amname)
FROM members JOIN pg_opclass c ON objid = c.oid AND classid = 'pg_opclass'::regclass
	JOIN pg_am a ON a.oid = opcmethod
UNION ALL
SELECT format('operator family %s using %s', opfname, amname)
FROM members JOIN pg_opfamily f ON objid = f.oid AND classid = 'pg_opfamily'::regclass
	JOIN pg_am a ON a.oid = opfmethod
UNION ALL
-- a kind that is none of these has no form yet: it is a fault, not left out
SELECT pg_describe_object(classid, objid, 0) FROM members
WHERE classid NOT IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_operator'::regclass,
	'pg_cast'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass)
SQL
$node->stop;

cmp_ok(scalar(@objects), '>', 100, 'the catalogue has objects');
is(faults_of(slurp_file('doc/reference.md'), @objects),
	'', 'an entry for every object, and an object for every entry');

done_testing();
