
# Random input into everything that takes input: every function, aggregate and
# receive function of the extension, as the catalogue lists them, with random
# arguments of the types that it declares, sensible ones and others.  Whatever
# comes in, the server lives on, an error is of class 22, data exception, and a
# result is what the checks below ask of it: above all, what is accepted as
# text or bytes is written as the same text or bytes again.
#
# FUZZ_INPUTS is how many inputs to try, FUZZ_SEED where the random numbers
# start; both are printed.  A new function is tried without being named here;
# NPS::Values draws values of the types.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Catalogue;
use NPS::Costly;
use NPS::Values;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $inputs = $ENV{FUZZ_INPUTS} || 210000;
my $seed = $ENV{FUZZ_SEED} || 20260101;
note "FUZZ_INPUTS=$inputs FUZZ_SEED=$seed";

# The share of the inputs that go into the input functions, in a database of
# each encoding, and into the receive functions; the rest is for all others.
my %share = (UTF8 => 0.3, SQL_ASCII => 0.1, receive => 0.04);

# What must hold of a result r of the arguments a1, a2, ..., by the name of the
# function, and where that does for several types by that of the first argument,
# and else by the type of the result.
my $valid_tally = <<'SQL';
	r::text::nps_tally = r AND least(nps_detractors(r), nps_passives(r), nps_promoters(r)) >= 0
	AND nps_detractors(r)::numeric + nps_passives(r) + nps_promoters(r) = nps_responses(r)
SQL
my $score_in_range =
  'r BETWEEN -100 AND 100 AND scale(r) <= 16 AND scale(r) = min_scale(r)';
my %check = (
	nps_category_in => q{r::text = lower(btrim(a1, E' \t\n\x0b\f\r'))},
	nps_category_out => 'r::nps_category = a1',
	nps_category_send =>
	  q{r IN ('\x00', '\x01', '\x02') AND get_byte(r, 0) - 1 = nps_points(a1) / 100},
	nps_category_cmp => 'sign(r) = sign(nps_points(a1) - nps_points(a2))',
	nps_points => 'r IN (-100, 0, 100)',
	nps_tally_in => 'r::text = a1',
	nps_tally_out => 'r::nps_tally = a1',
	nps_tally_send =>
	  'r = int8send(nps_detractors(a1)) || int8send(nps_passives(a1)) || int8send(nps_promoters(a1))',
	nps_tally_add =>
	  'r - a2 = a1 AND r = a2 + a1 AND nps_responses(r) = nps_responses(a1) + nps_responses(a2)',
	nps_tally_subtract => 'r + a2 = a1',
	nps_tally_eq => 'r = (a1::text = a2::text)',
	nps_tally_ne => 'r = (a1::text <> a2::text)',
	nps_detractors =>
	  q{r = split_part(btrim(a1::text, '()'), ',', 1)::bigint},
	nps_passives => q{r = split_part(btrim(a1::text, '()'), ',', 2)::bigint},
	nps_promoters => q{r = split_part(btrim(a1::text, '()'), ',', 3)::bigint},
	nps_responses =>
	  'r::numeric = nps_detractors(a1)::numeric + nps_passives(a1) + nps_promoters(a1)',
	nps_score =>
	  "$score_in_range AND abs(r * nps_responses(a1) - 100 * (nps_promoters(a1) - nps_detractors(a1)::numeric)) <= 5e-17 * nps_responses(a1)",
	nps => $score_in_range,
	nps_stderr => 'r BETWEEN 0 AND 100',
	nps_interval =>
	  q{NOT isempty(r) AND lower_inc(r) AND upper_inc(r) AND r <@ numrange(-100, 100, '[]')},
	nps_margin => 'r BETWEEN 0 AND 2000',
	nps_detectable_difference => 'r BETWEEN 0 AND 10000',
	nps_test => <<'SQL',
		r.p_value BETWEEN 0 AND 1 AND r.stderr BETWEEN 0 AND 'Infinity' AND r.stderr <> 'Infinity'
		AND r.z <> 'NaN' AND r.lower <= r.upper AND r.lower >= -200 AND r.upper <= 200
		AND r.difference BETWEEN -200 AND 200
		AND (r.difference = 0 OR sign(r.z) = sign(r.difference))
SQL
	nps_change =>
	  'r.total = r.rate + r.mix AND greatest(abs(r.rate), abs(r.mix)) <= 200',
	nps_summary => <<'SQL',
		(r.detractors, r.passives, r.promoters, r.responses)
			= (nps_detractors(a1), nps_passives(a1), nps_promoters(a1), nps_responses(a1))
		AND (r.responses = 0) = (r.score IS NULL) AND (r.responses = 0) = (r.margin IS NULL)
		AND coalesce(r.score = nps_score(a1) AND r.margin = nps_margin(a1, a2, a3, a4)
			AND numrange(r.lower, r.upper, '[]') = nps_interval(a1, a2, a3, a4)
			AND abs(r.detractor_pct + r.passive_pct + r.promoter_pct - 100) <= 1e-15, true)
SQL
	nps_sample_size => 'r >= 1 AND r <= a4',
	nps_sample_size_to_detect => 'r >= 1',
	nps_promoters_needed => <<'SQL',
		r >= 0 AND nps_score(a1) IS NOT NULL
		AND (100 * (nps_promoters(a1)::numeric + r - nps_detractors(a1)) >= a2 * (nps_responses(a1)::numeric + r))
		AND (r = 0 OR 100 * (nps_promoters(a1)::numeric + r - 1 - nps_detractors(a1)) < a2 * (nps_responses(a1)::numeric + r - 1))
SQL
	nps_bar =>
	  'char_length(r) = CASE WHEN nps_responses(a1) > 0 THEN a2 ELSE 0 END',
	nps_category => {
		1 => <<'SQL',
			CASE r WHEN 'promoter' THEN a1 >= 9 AND a1 <= 10 WHEN 'passive' THEN a1 >= 7 AND a1 < 9
				ELSE a1 >= 0 AND a1 < 7 END
SQL
		5 => <<'SQL',
			CASE r WHEN 'promoter' THEN a1 >= a3 AND a1 <= a5 WHEN 'passive' THEN a1 >= a2 AND a1 < a3
				ELSE a1 >= a4 AND a1 < a2 END
SQL
	},
	nps_tally_json => 'nps_tally_jsonb(a1) = r::jsonb',
	nps_tally_jsonb => <<'SQL',
		r = jsonb_build_object('detractors', nps_detractors(a1), 'passives', nps_passives(a1),
			'promoters', nps_promoters(a1), 'responses', nps_responses(a1), 'score', nps_score(a1))
		AND a1::jsonb = r AND a1::json::text::jsonb = r
SQL
	nps_weighted_tally_in => 'r::text = a1',
	nps_weighted_tally_out => 'r::nps_weighted_tally = a1',
	nps_weighted_tally_send => <<'SQL',
		length(r) = 168 AND substr(r, 1, 24)
			= int8send(nps_detractors(a1)) || int8send(nps_passives(a1)) || int8send(nps_promoters(a1))
SQL
	nps_weighted_tally_add => <<'SQL',
		r - a2 = a1 AND r = a2 + a1 AND nps_responses(r) = nps_responses(a1) + nps_responses(a2)
		AND nps_weight(r) = nps_weight(a1) + nps_weight(a2)
SQL
	nps_weighted_tally_subtract => 'r + a2 = a1',
	nps_weighted_tally_eq => 'r = (a1::text = a2::text)',
	nps_weighted_tally_ne => 'r = (a1::text <> a2::text)',
	nps_weight => {
		1 => <<'SQL',
			r >= 0 AND r < 1e20 AND scale(r) = min_scale(r)
			AND r = nps_weight(a1, 'detractor') + nps_weight(a1, 'passive') + nps_weight(a1, 'promoter')
SQL
		2 => <<'SQL'
			r = split_part(btrim(split_part(a1::text, '),(', 2), '()'), ',', nps_points(a2) / 100 + 2)::numeric
SQL
	},
	nps_effective_responses =>
	  'r BETWEEN 1 AND nps_responses(a1) AND scale(r) = min_scale(r)',
	'nps_score nps_weighted_tally' => <<"SQL",
		$score_in_range AND abs(r * nps_weight(a1) - 100 * (nps_weight(a1, 'promoter') - nps_weight(a1, 'detractor')))
			<= 5e-17 * nps_weight(a1)
SQL
	nps_weighted => $score_in_range,
	(
		map {
			my $n = { detractors => 1, passives => 2, promoters => 3 }->{$_};
			("nps_$_ nps_weighted_tally" =>
				  "r = split_part(split_part(btrim(a1::text, '()'), ')', 1), ',', $n)::bigint"
			)
		} qw(detractors passives promoters)),
	'nps_summary nps_weighted_tally' => <<'SQL',
		(r.detractors, r.passives, r.promoters, r.responses, r.weight)
			= (nps_detractors(a1), nps_passives(a1), nps_promoters(a1), nps_responses(a1), nps_weight(a1))
		AND (r.responses = 0) = (r.score IS NULL) AND (r.responses = 0) = (r.margin IS NULL)
		AND coalesce(r.score = nps_score(a1) AND r.margin = nps_margin(a1, a2, a3)
			AND numrange(r.lower, r.upper, '[]') = nps_interval(a1, a2, a3)
			AND r.effective_responses = nps_effective_responses(a1)
			AND abs(r.detractor_pct + r.passive_pct + r.promoter_pct - 100) <= 1e-15, true)
SQL
	nps_weighted_tally_json => 'nps_weighted_tally_jsonb(a1) = r::jsonb',
	nps_weighted_tally_jsonb => <<'SQL',
		r = jsonb_build_object('detractors', nps_detractors(a1), 'passives', nps_passives(a1),
			'promoters', nps_promoters(a1), 'responses', nps_responses(a1), 'weight', nps_weight(a1),
			'effective_responses', nps_effective_responses(a1), 'score', nps_score(a1))
		AND a1::jsonb = r AND a1::json::text::jsonb = r
SQL
	'as nps_weighted_tally' =>
	  'r::text::nps_weighted_tally = r AND nps_responses(r) >= 0',
	'as nps_tally' => $valid_tally,
	'as nps_category' => q{r::text IN ('detractor', 'passive', 'promoter')},
	'as record' => 'true',
	'as any' => 'r = r');

# What takes every value of its arguments.
my $never_refuses = qr/^(
	nps_(category|tally|weighted_tally)_(out|send|eq|ne|lt|le|gt|ge|cmp|hash|hash_extended|larger|smaller|json|jsonb)
	|nps_(is_.*|points|detractors|passives|promoters|responses|score|stderr|weight|effective_responses)
	)$/x;

my $node = PostgreSQL::Test::Cluster->new('fuzz');
$node->init;
$node->start;
my $version = $node->safe_psql('postgres', 'SHOW server_version_num');
my $alive =
  'SELECT pg_postmaster_start_time(), pg_is_in_recovery(), current_setting($$data_directory$$)';
my $started = $node->safe_psql('postgres', $alive);

foreach my $encoding (qw(UTF8 SQL_ASCII))
{
	$node->safe_psql('postgres',
		"CREATE DATABASE $encoding ENCODING '$encoding' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
	);
	$node->safe_psql(lc $encoding, "CREATE EXTENSION nps; " . random_values());
}

# The functions and aggregates of the extension, and those that read values.
my @functions = functions_of($node, 'utf8');
my @inputs = grep { "@{$_->{types}}" eq 'cstring' } @functions;
my @receives = grep { "@{$_->{types}}" eq 'internal' } @functions;
cmp_ok(scalar @functions, '>', 80, 'functions to try');

# The check on a result of a function.
sub check_of
{
	my ($function) = @_;
	my $check = $check{"$function->{name} $function->{types}[0]"}
	  // $check{ $function->{name} };

	$check = $check->{ scalar @{ $function->{types} } } if ref $check;
	return $check || $check{"as $function->{result}"} || $check{'as any'};
}

# PL/pgSQL around one call: what makes the arguments, the call, and how to
# show the arguments.  Counts what is accepted and refused, and describes the
# first faults.  All of it is parsed once, and so runs hundreds of thousands of
# times in seconds.
sub loop_around
{
	my ($declare, $make, $call, $strict, $check, $show) = @_;

	return <<SQL;
CREATE OR REPLACE FUNCTION fuzz(inputs integer, seed float8, OUT accepted integer, OUT refused integer, OUT faults text)
LANGUAGE plpgsql AS \$fuzz\$
DECLARE
	$declare
	soft boolean;
	calling boolean;
	fault text;
	faults_left integer := 5;
BEGIN
	PERFORM setseed(seed);
	accepted := 0;
	refused := 0;
	faults := '';
	FOR i IN 1 .. inputs LOOP
		r := NULL;
		fault := NULL;
		$make
		calling := true;
		BEGIN
			$call
			calling := false;
			accepted := accepted + 1;
			IF $strict THEN
				IF r IS NOT NULL THEN fault := 'a result for NULL'; END IF;
			ELSIF r IS NULL THEN
				NULL;
			ELSIF ($check) IS NOT TRUE THEN
				fault := 'check fails: ' || r::text;
			END IF;
		EXCEPTION WHEN others THEN
			IF calling THEN refused := refused + 1; END IF;
			IF NOT calling OR sqlstate NOT LIKE '22%' THEN
				fault := format('%s %s', sqlstate, sqlerrm);
			END IF;
		END;
		IF soft = calling THEN fault := 'a soft error without an error, or the other way round,'; END IF;
		IF fault IS NOT NULL AND faults_left > 0 THEN
			faults_left := faults_left - 1;
			faults := faults || format(E'%s of %s\\n', fault, concat_ws(' | ', $show));
		END IF;
	END LOOP;
END
\$fuzz\$;
SQL
}

# A function: random arguments, a few of them NULL.
sub fuzz_function
{
	my ($function) = @_;
	my ($declare, $make, @arguments, @names) = ('', '');
	my $input = $function->{types}[0] eq 'cstring';
	my $n = 0;

	foreach my $type (@{ $function->{types} })
	{
		my $hint =
			$type eq 'cstring' ? $function->{result}
		  : $function->{names}[$n]
		  || ($function->{name} =~ /_accum/ ? 'score' : '');
		my $name = 'a' . ++$n;

		$declare .= "$name " . ($type eq 'cstring' ? 'text' : $type) . '; ';
		$make .= "$name := " . random_value($type, $hint) . ";\n\t\t";
		$make .= "IF random() < 0.01 THEN $name := NULL; END IF;\n\t\t"
		  if !$input;
		push @arguments, $type eq 'cstring' ? "textout($name)" : $name;
		push @names, $name;
	}

	my $call = "$function->{name}(" . join(', ', @arguments) . ')';
	my $check = check_of($function);
	if ($function->{result} eq 'cstring')
	{
		$call = "textin($call)";
		$declare .= 'r text;';
	}
	else
	{
		$declare .= "r $function->{result};";
	}
	$make .= "soft := pg_input_is_valid(a1, '$1');"
	  if $input && $version >= 160000 && $function->{name} =~ /^(.*)_in$/;
	return loop_around(
		$declare,
		$make,
		"r := $call;",
		$function->{strict}
		? join(' OR ', map { "$_ IS NULL" } @names)
		: 'false',
		$check,
		join(', ', map { "coalesce($_\::text, 'NULL')" } @names));
}

# An aggregate, over a few rows, of which some may be NULL; and over a frame of
# three rows that moves down them, which must end with what the last three give.
sub fuzz_aggregate
{
	my ($function) = @_;
	my @types = @{ $function->{types} };
	my @n = 1 .. @types;
	my $make = 'count := floor(random() * 8); ';

	foreach (@n)
	{
		my $any = random_value($types[ $_ - 1 ], $function->{names}[ $_ - 1 ]);

		$make .= "a$_ := ARRAY(SELECT CASE WHEN random() > 0.1 THEN $any END"
		  . ' FROM generate_series(1, count)); ';
	}

	# The rows, and those of them that come last.
	my $columns = join ', ', map { "x$_" } @n;
	my $rows = 'unnest(' . join(', ', map { "a$_" } @n) . ')';
	my $last = 'unnest('
	  . join(', ', map { "a$_\[greatest(1, count - 2):]" } @n) . ')';
	my $call = "$function->{name}($columns)";

	return loop_around(
		join(' ', map { "a$_ $types[$_ - 1]\[];" } @n)
		  . " count integer; r $function->{result}; moved $function->{result}; last $function->{result};",
		$make,
		<<"SQL", 'false', "(@{[ check_of($function) ]}) AND (count = 0 OR moved IS NOT DISTINCT FROM last)", join(', ', map { "a$_\::text" } @n));
			SELECT $call INTO r FROM $rows AS u($columns);
			SELECT $call OVER (ORDER BY n ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) INTO moved
				FROM $rows WITH ORDINALITY AS u($columns, n) ORDER BY n DESC LIMIT 1;
			SELECT $call INTO last FROM $last AS u($columns);
SQL
}

# A receive function, by way of COPY: a bytea written in binary format is a
# file with just these bytes for a value, and is read as one of that type.  A
# trigger takes the value on, so that no table grows.  Each file is a new one:
# to write over one waits for the disk, where the file system is ext4.
my $messages = PostgreSQL::Test::Utils::tempdir();

sub fuzz_receive
{
	my ($type) = @_;
	my $setup = <<SQL;
CREATE TABLE received_$type (value $type);
CREATE FUNCTION take_$type() RETURNS trigger LANGUAGE plpgsql AS \$take\$
BEGIN
	PERFORM set_config('fuzz.received', NEW.value::text, false);
	RETURN NULL;
END
\$take\$;
CREATE TRIGGER take BEFORE INSERT ON received_$type FOR EACH ROW EXECUTE FUNCTION take_$type();
SQL

	$node->safe_psql('utf8', $setup);
	return loop_around(
		"a1 bytea; r $type; file text;",
		"a1 := any_message('$type'); file := '$messages/' || i;",
		<<"SQL", 'false', "${type}_send(r) = a1", 'a1::text');
			EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', a1, file);
			EXECUTE format('COPY received_$type FROM %L (FORMAT binary)', file);
			r := current_setting('fuzz.received')::$type;
SQL
}

# Runs a loop for so many inputs, in a session of its own, and judges it.
my ($job, %total) = (0);

sub run_loop
{
	my ($name, $database, $loop, $count, $kind) = @_;
	my $start = (($seed + 7919 * $job++) % 1000003) / 1000003;
	my ($ret, $stdout, $stderr) = $node->psql(
		lc $database, "$loop
		SELECT * FROM fuzz($count, $start)");
	my ($accepted, $refused, $faults) = split /\|/, $stdout, 3;

	if ($ret != 0 || !defined $faults)
	{
		my @lines = split /^/, slurp_file($node->logfile);

		# Where the server is gone, there is nothing more to try.
		$node->stop('immediate', fail_ok => 1);
		die "$name broke off, setseed($start): $stderr\n",
		  grep { /terminated by signal|PANIC|TRAP/ } @lines;
	}
	$total{inputs} += $count;
	$total{$kind}{accepted} += $accepted;
	$total{$kind}{refused} += $refused;
	is($faults, '',
		"$name: $count inputs, $accepted accepted, $refused refused");
	return ($accepted, $refused);
}

foreach my $encoding (qw(UTF8 SQL_ASCII))
{
	foreach my $function (@inputs)
	{
		my ($accepted, $refused) = run_loop(
			"$function->{signature} in $encoding",
			$encoding,
			fuzz_function($function),
			int($inputs * $share{$encoding} / @inputs), 'text');
		cmp_ok($accepted, '>', 0, 'some are accepted');
		cmp_ok($refused, '>', 0, 'some are refused');
	}
}

foreach my $function (@receives)
{
	my $loop = fuzz_receive($function->{result});
	my $left = int($inputs * $share{receive} / @receives);

	for (; $left > 0; $left -= 5000)
	{
		my ($accepted, $refused) =
		  run_loop("$function->{signature} through COPY",
			'UTF8', $loop, $left < 5000 ? $left : 5000, 'bytes');

		cmp_ok($accepted, '>', 0, 'some are accepted');
		cmp_ok($refused, '>', 0, 'some are refused');
		unlink glob("$messages/*");
	}
}

# The others, each by its number of arguments.
my @others = grep { "@{$_->{types}}" !~ /^(cstring|internal)$/ } @functions;
my $arguments = 0;
$arguments += @{ $_->{types} } foreach @others;
my $each =
  $inputs *
  (1 - $share{UTF8} - $share{SQL_ASCII} - $share{receive}) /
  $arguments;
foreach my $function (@others)
{
	my ($accepted, $refused) = run_loop(
		($function->{kind} eq 'a' ? 'aggregate ' : '')
		. $function->{signature},
		'UTF8',
		$function->{kind} eq 'a'
		? fuzz_aggregate($function)
		: fuzz_function($function),
		1 + int($each * @{ $function->{types} }),
		'calls');
	cmp_ok($accepted, '>', 0, 'some are accepted');
	is($refused, 0, 'none is refused')
	  if $function->{name} =~ $never_refuses;
}

foreach my $kind (qw(text bytes calls))
{
	note
	  "$kind: $total{$kind}{accepted} accepted, $total{$kind}{refused} refused";
	cmp_ok($total{$kind}{$_}, '>', 0, "$kind are $_")
	  foreach qw(accepted refused);
}
cmp_ok($total{inputs}, '>=', 0.99 * $inputs, "$total{inputs} inputs");

# The server has neither gone down nor lost a session.
is($node->safe_psql('postgres', $alive), $started, 'the server is the same');
unlike(
	slurp_file($node->logfile),
	qr/terminated by signal|exited with exit code|PANIC:|TRAP:|database system was interrupted/,
	'no session crashed');

$node->stop;
done_testing();
