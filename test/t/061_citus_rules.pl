
# What Citus asks of an aggregate beyond what the catalogue shows, which
# test/sql/catalogue.sql checks.  Citus calls the support functions from
# aggregates of its own, and carries the state from node to node as text or in
# binary.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Installation;
use NPS::Values;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Called that way, a function has no place to keep things between calls, no
# expression that it is called in, and no aggregate to ask about: a library
# whose compiler knows none of these is the same library.
my $dir = PostgreSQL::Test::Utils::tempdir() . '/poisoned';
copy_sources($dir);
append_to_file("$dir/poison.h", <<'C');
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"
#pragma GCC poison fn_extra fn_expr AggGetAggref
#pragma GCC poison get_fn_expr_rettype get_fn_expr_argtype get_fn_expr_arg_stable get_fn_expr_variadic
#pragma GCC poison get_call_expr_argtype get_call_expr_arg_stable
C
make_in($dir, 'COPT=-include poison.h', 'all');

my $node = PostgreSQL::Test::Cluster->new('citus_rules');
$node->init;
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;

-- The types of an aggregate's arguments, which come from columns v1, v2, ...
CREATE FUNCTION inputs(aggregate regprocedure) RETURNS TABLE (n bigint, type text) LANGUAGE sql AS $$
	SELECT u.n, format_type(u.type, NULL)
	FROM pg_proc, unnest(proargtypes) WITH ORDINALITY AS u(type, n) WHERE oid = aggregate
$$;

-- What Citus does, in SQL: each worker starts from the initial state, runs the
-- transition over its rows, and sends the state in the form asked for, or NULL
-- where it has none; the coordinator combines what it gets with the initial
-- state, and calls the final function.
CREATE FUNCTION distributed(aggregate regprocedure, rows text, form text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	a pg_aggregate;
	input text;
	columns text;
	result text;
BEGIN
	SELECT * INTO a FROM pg_aggregate WHERE aggfnoid = aggregate;
	SELECT string_agg(type, ', ' ORDER BY n), string_agg(format('v%s::%s', n, type), ', ' ORDER BY n) INTO input, columns
	FROM inputs(aggregate);
	EXECUTE format('CREATE AGGREGATE pg_temp.of_worker(%s) (SFUNC = %s, STYPE = %s %s)',
		input, a.aggtransfn, a.aggtranstype::regtype, ', INITCOND = ' || quote_literal(a.agginitval));
	EXECUTE format('CREATE AGGREGATE pg_temp.of_coordinator(%1$s) (SFUNC = %2$s, STYPE = %1$s %3$s)',
		a.aggtranstype::regtype, a.aggcombinefn, ', INITCOND = ' || quote_literal(a.agginitval));
	CREATE TEMP TABLE states (text text, bytes bytea);
	EXECUTE format('INSERT INTO states SELECT state::text, %s(state)
		FROM generate_series(0, 3) AS worker,
			LATERAL (SELECT pg_temp.of_worker(%s) AS state FROM (%s) AS rows WHERE id %% 3 = worker) AS w',
		(SELECT typsend FROM pg_type WHERE oid = a.aggtranstype), columns, rows);
	-- bytes go through a file that COPY reads in binary, where they are the value
	IF form = 'binary' THEN
		EXECUTE format('COPY states (bytes) TO %L (FORMAT binary)', current_setting('nps.file'));
		EXECUTE format('CREATE TEMP TABLE received (state %s)', a.aggtranstype::regtype);
		EXECUTE format('COPY received FROM %L (FORMAT binary)', current_setting('nps.file'));
	ELSE
		EXECUTE format('CREATE TEMP TABLE received AS SELECT text::%s AS state FROM states', a.aggtranstype::regtype);
	END IF;
	EXECUTE format('SELECT %s(pg_temp.of_coordinator(state))::text FROM received',
		CASE WHEN a.aggfinalfn = 0 THEN '' ELSE a.aggfinalfn::regproc::text END) INTO result;
	DROP TABLE states, received;
	EXECUTE format('DROP AGGREGATE pg_temp.of_worker(%s), pg_temp.of_coordinator(%s)', input, a.aggtranstype::regtype);
	RETURN result;
END $$;

-- The same as one server computes it.
CREATE FUNCTION whole(aggregate regprocedure, rows text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE (SELECT format('SELECT %s(%s)::text FROM (%s) AS rows', proname,
			(SELECT string_agg(format('v%s::%s', n, type), ', ' ORDER BY n) FROM inputs(aggregate)), rows)
		FROM pg_proc WHERE oid = aggregate) INTO result;
	RETURN result;
END $$;
SQL

# No OID is in the state: it is three counts.
is( $node->safe_psql('postgres',
		"SELECT typlen, nps_tally_send('(1,2,3)') = int8send(1) || int8send(2) || int8send(3)"
		  . " FROM pg_type WHERE oid = 'nps_tally'::regtype"),
	'24|t',
	'the state is counts, and nothing else');

# Values for every type of input; the worker of id 3 never has a row.  Citus
# splits aggregates of several arguments since 9.5.
my @aggregates =
  grep { $_->{kind} eq 'a' } functions_of($node, 'postgres');
cmp_ok(scalar @aggregates, '>=', 16, 'aggregates');
foreach (@aggregates)
{
	my $aggregate = $_->{signature};
	my $n = 0;
	my $values = 'SELECT id'
	  . join('', map { ", CASE WHEN id % 5 > 0 THEN $_ END AS v" . ++$n }
		  map { s/\bn\b/id/gr } plain_arguments($_))
	  . ' FROM generate_series(1, 500) AS id';
	my $nulls = $values =~ s/id % 5 > 0/false/gr;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/states';

	foreach my $case (
		[ 'some rows', $values ],
		[ 'all NULL', $nulls ],
		[ 'no rows', "$values WHERE false" ])
	{
		my ($name, $rows) = @$case;

		my $whole = $node->safe_psql('postgres',
			"SELECT coalesce(whole('$aggregate', \$\$$rows\$\$), 'NULL')");

		foreach my $form ('text', 'binary')
		{
			my $distributed = $node->safe_psql('postgres', <<SQL);
SET client_min_messages = error;
SET nps.file = '$file';
SELECT coalesce(distributed('$aggregate', \$\$$rows\$\$, '$form'), 'NULL')
SQL

			is($distributed, $whole,
				"$aggregate over $name, the states sent as $form");
		}
	}
}

# The text of a state is read back, and nothing is read that is not written so.
foreach my $text (
	'(1,2,3)', '(0,0,0)', '(9223372036854775807,0,0)',    # written so
	'(01,2,3)', '( 1,2,3)', '(1,2,3) ', ' (1,2,3)', '(1, 2,3)', '(+1,2,3)',
	'(-0,2,3)',
	'(1,2)', '(1,2,3,4)', '(,2,3)', '1,2,3', '(1.0,2,3)', '(1e1,2,3)',
	'(0x1,2,3)', '(1_0,2,3)',
	"(1,2,3)\n", '', '()', '(-1,0,0)', '(9223372036854775807,1,0)',
	'(9223372036854775808,0,0)')
{
	my ($ret, $stdout, $stderr) =
	  $node->psql('postgres', "SELECT nps_tally_add('$text', '(0,0,0)')");
	my $written = $text =~ /\A\((1,2,3|0,0,0|9223372036854775807,0,0)\)\z/;

	is( $ret == 0 ? $stdout : 'refused',
		$written  ? $text   : 'refused',
		"state '$text'");
}
foreach my $text (
	'((1,0,2),(1.5,0,3),(2.25,0,5))', '((0,0,0),(0,0,0),(0,0,0))', # written so
	'((1,0,2),(1.50,0,3),(2.25,0,5))', '((1,0,2),(1.5,0,3),(2.25,0,5)) ',
	'((1,0,2),(1.5,0,3))', '((1,0,2),(1.5,0,3),(2.2,0,5))',
	'((1,0,2),(1.5,0,3),(2.25,0,4.4))', '((1,1,2),(1.5,0,3),(2.25,0,5))')
{
	my ($ret, $stdout, $stderr) = $node->psql('postgres',
		"SELECT nps_weighted_tally_add('$text', '((0,0,0),(0,0,0),(0,0,0))')");
	my $written =
	  $text =~ /\A\(\((1,0,2\),\(1.5,0,3\),\(2.25,0,5|0,0,0\),\(0,0,0\),\(0,0,0)\)\)\z/;

	is( $ret == 0 ? $stdout : 'refused',
		$written  ? $text   : 'refused',
		"state '$text'");
}

$node->stop;
done_testing();
