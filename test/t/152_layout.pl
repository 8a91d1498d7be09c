
# The C is laid out as pgindent does it, as far as tools/check-layout can tell,
# and it can: each kind of fault is planted once, and seen.

use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

my ($found) = run_command([ 'tools/check-layout' ]);
like($found, qr/\A(?:pgindent was asked, too\n)?[1-9][0-9]* files, 0 faults\z/,
	'no fault in the C');

my $path = PostgreSQL::Test::Utils::tempdir() . '/planted.c';
my $good = <<'C';
/*-------------------------------------------------------------------------
 *
 * planted.c
 *	  What a test plants faults in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "tally.h"

typedef struct NpsShares
{
	int64_t		count;			/* of something */
	double		net;
} NpsShares;

/* The larger of two. */
static int64
Larger(int64 a, const NpsTally *b)
{
	int64		total = NpsTallyTotal(b);
	const char *name = "larger";

	if (a > total)
	{
		elog(LOG, "%s: " INT64_FORMAT, name, a);
		return a;
	}
	return total;
}

PG_FUNCTION_INFO_V1(nps_larger);
/* nps_larger(bigint, nps_tally) */
Datum
nps_larger(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(1);

	PG_RETURN_INT64(Larger(PG_GETARG_INT64(0), tally));
}
C

# What the tool says of the file after a change to it.
sub said
{
	my ($from, $to) = @_;
	my $text = $good =~ s/\Q$from\E/$to/r;

	die "no '$from' to change" if $from ne '' && $text eq $good;
	open(my $file, '>', $path) or die "cannot write $path: $!";
	print $file $text;
	close $file;
	my ($stdout) = run_command([ 'tools/check-layout', $path ]);
	return $stdout;
}

is(said('', ''), '1 files, 0 faults', 'a file without a fault');
foreach my $case (
	[ 'planted.c',   'other.c',     'the file does not open with its name' ],
	[ "tally));\n}\n", "tally));\n}", 'the file does not end with one line break' ],
	[ 'return a;',   'return a; ',  'white space at the end of the line' ],
	[ "\t\treturn a;", '        return a;', 'indented by other than tabs' ],
	[ "\n\n#include \"tally", "\n\n\n#include \"tally", 'two empty lines' ],
	[ 'a > total',   join(' || ', ('a > total') x 8), 'longer than 79 columns' ],
	[ 'return a;',   'return a; // so', 'a comment of C++' ],
	[ 'if (a',       'if(a',        'a keyword without a space' ],
	[ 'name, a)',    'name,a)',     'a comma without a space' ],
	[ "total)\n\t{", "total) {",    'a brace that has no line of its own' ],
	[ "int64\t\ttotal", 'int64 total', 'a declaration out of line' ],
	[ 'NpsTally   *t', 'NpsTally *t', 'a declaration out of line' ],
	[ "double\t\tnet", "double\tnet", 'a declaration out of line' ],
	[ "static int64\nL", "static\tint64\nL", 'Larger has no line with its type above' ],
	[ "/* The larger of two. */\n", '', 'Larger has no comment above' ],
	[ 'V1(nps_larger)', 'V1(nps_smaller)', 'PG_FUNCTION_INFO_V1(nps_larger) is not right above' ],
	[ '} NpsShares;',   '} Portions;', 'type Portions is not in tools/typedefs.list' ])
{
	my ($from, $to, $fault) = @$case;

	like(said($from, $to), qr/: \Q$fault\E\n.*, [1-9][0-9]* faults\z/s, $fault);
}

done_testing();
