
# The one place that knows values of every type: plain ones, with which each
# function works, for the tests that call everything; and random ones, sensible
# or not, for the one that tries everything.  The functions and aggregates come
# from the catalogue.  A new type of arguments, or an argument whose name asks
# for values of its own, is added here, in both halves.

package NPS::Values;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(plain_arguments random_values random_value);

# Plain values, made of a whole number n from 1 on, by name and type of the
# argument or else by its type.  Of a list, the first argument of that type
# gets the first, and so on: of two tallies the second is a part of the first.
my %plain = (
	smallint => '(n % 11)::smallint',
	integer => 'n % 11',
	bigint => '(n % 11)::bigint',
	numeric => '(n % 1001) / 100.0',
	'double precision' => '(n % 1001) / 100.0::float8',
	nps_category => 'nps_category(n % 11)',
	nps_tally => [
		'nps_tally(5 + n, 3 + n % 7, 4 + n::bigint * n)',
		'nps_tally(n % 5, n % 3, n)',
		'nps_tally(9 + n, 9 + n % 7, 9 + n::bigint * n)',
		'nps_tally(9 + n, 3 + n % 5, n * 2)'
	],
	nps_weighted_tally => [
		map {
			'nps_weighted_accum(nps_weighted_accum('
			  . "nps_tally($_)::nps_weighted_tally,"
			  . ' nps_category(n % 11), (n % 8) / 4.0::float8),'
			  . ' (n % 1001) / 100.0::float8, (n % 8) / 4.0::float8)'
		} '5 + n, 3 + n % 7, 4 + n::bigint * n',
		'n % 5, n % 3, n',
		'9 + n, 9 + n % 7, 9 + n::bigint * n',
		'9 + n, 3 + n % 5, n * 2'
	],
	'method text' =>
	  q{(ARRAY['wald', 'adjusted-wald', 'agresti-min', 'bonett-price'])[1 + n % 4]},
	'population double precision' => "'Infinity'::float8",
	'difference double precision' => '1 + (n % 199)::float8',
	'power double precision' => '(n % 99 + 1) / 100.0::float8',
	'alternative text' => q{(ARRAY['two-sided', 'greater', 'less'])[1 + n % 3]},
	'width integer' => 'n % 100',
	'target numeric' => '(n % 199 - 99)::numeric',
	'benchmark double precision' => '(n % 199 - 99)::float8',
	'margin double precision' => '1 + (n % 20)::float8',
	'variance double precision' => '0.5::float8',
	'variance_a double precision' => '0.5::float8',
	'variance_b double precision' => '0.6::float8',
	'confidence double precision' => '(n % 99 + 1) / 100.0::float8',
	'passive_from double precision' => '7::float8',
	'promoter_from double precision' => '9::float8',
	'lowest double precision' => '0::float8',
	'highest double precision' => '10::float8',
	'weight double precision' => '(n % 8) / 4.0::float8',
	'count bigint' => '(n % 3)::bigint',
	'detractors numeric' => '(n % 1001)::numeric',
	'passives numeric' => '(n % 1001)::numeric',
	'promoters numeric' => '(n % 1001)::numeric');

# Plain arguments for a function, as functions_of() describes it: expressions
# in which n is a column.
sub plain_arguments
{
	my ($function) = @_;
	my (%seen, @arguments);

	foreach my $n (0 .. $#{ $function->{types} })
	{
		my $type = $function->{types}[$n];
		my $name = $function->{names}[$n];

		# The text form of what an input function makes.
		my $form = $type eq 'cstring' ? $function->{result} : $type;
		my $value = $plain{"$name $type"} // $plain{$form}
		  // die "test/t/NPS/Values.pm: what is a plain value of $name $type,"
		  . " for $function->{signature}?\n";

		$value = $value->[ $seen{$type}++ ]
		  // die "test/t/NPS/Values.pm: too few plain values of $type"
		  . " for $function->{signature}\n"
		  if ref $value;
		$value = "${form}_out($value)" if $type eq 'cstring';
		push @arguments, $value;
	}
	return @arguments;
}

# The functions that draw random arguments: for each type any_TYPE(hint).  The
# hint is the name of the parameter, so that most values for it make sense.
# All of them draw on random(), so that setseed() makes them the same in every
# run.
my $random_values = do { local $/; <DATA> };

sub random_values
{
	return $random_values;
}

# The call of one of them.
sub random_value
{
	my ($type, $name) = @_;
	my $generator = 'any_' . ($type =~ s/ /_/gr);

	$random_values =~ /^CREATE FUNCTION $generator\(/m
	  or die "test/t/NPS/Values.pm: no $generator(hint) draws a random value of type $type\n";
	return "$generator('$name')";
}

1;

__DATA__
-- One of these, each as likely.
CREATE FUNCTION one_of(VARIADIC choices anycompatiblearray) RETURNS anycompatible LANGUAGE plpgsql AS $$
BEGIN
    RETURN choices[1 + floor(random() * cardinality(choices))];
END
$$;

-- A character that this database can hold, of any length in bytes.
CREATE FUNCTION any_character() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    utf8 CONSTANT boolean := current_setting('server_encoding') = 'UTF8';
    kind CONSTANT float8 := random();
BEGIN
    IF kind < 0.4 THEN
        RETURN substr('(),0123456789 detractorpassivepromoter', 1 + floor(random() * 38)::integer, 1);
    ELSIF kind < 0.7 OR NOT utf8 THEN
        RETURN chr(1 + floor(random() * CASE WHEN utf8 THEN 127 ELSE 255 END)::integer);
    ELSIF kind < 0.9 THEN
        RETURN chr(128 + floor(random() * (55296 - 128))::integer);
    ELSE
        RETURN chr(57344 + floor(random() * (1114112 - 57344))::integer);
    END IF;
END
$$;

-- White space, or now and then a character that is none, but next to it or
-- taken for it elsewhere.
CREATE FUNCTION near_space() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF random() < 0.8 THEN
        RETURN chr(one_of(9, 10, 11, 12, 13, 32));
    END IF;
    RETURN chr(one_of(8, 14, 28, 31, 33, 133, 160));
END
$$;

-- The text after up to three accidents.
CREATE FUNCTION mutated(value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    place integer;
BEGIN
    FOR i IN 1 .. floor(random() * 4)::integer LOOP
        place := 1 + floor(random() * (length(value) + 1));
        CASE floor(random() * 7)::integer
        WHEN 0 THEN value := left(value, place - 1) || any_character() || substr(value, place);
        WHEN 1 THEN value := left(value, place - 1) || any_character() || substr(value, place + 1);
        WHEN 2 THEN value := left(value, place - 1) || substr(value, place + 1);
        WHEN 3 THEN value := left(value, place - 1) || upper(substr(value, place));
        WHEN 4 THEN value := near_space() || value || near_space();
        WHEN 5 THEN value := left(value, place) || repeat(substr(value, place, 1), floor(random() * 20)::integer) || substr(value, place + 1);
        WHEN 6 THEN value := left(value, place);
        END CASE;
    END LOOP;
    RETURN value;
END
$$;

CREATE FUNCTION any_bigint(hint text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
BEGIN
    IF kind < 0.8 AND hint = 'score' THEN
        RETURN floor(random() * 11);
    ELSIF kind < 0.8 AND hint IN ('detractors', 'passives', 'promoters') THEN
        RETURN floor(random() * 2 ^ floor(random() * 63));
    ELSIF kind < 0.9 THEN
        RETURN (random() * 2 - 1) * 2 ^ floor(random() * 63);
    END IF;
    RETURN one_of(0, 1, -1, 10, 11, 2147483647, 2147483648, -2147483649, 4611686018427387903, 4611686018427387904,
                  9223372036854775807, 9223372036854775806, -9223372036854775807, -9223372036854775807 - 1);
END
$$;

CREATE FUNCTION any_integer(hint text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
BEGIN
    IF kind < 0.8 AND hint = 'score' THEN
        RETURN floor(random() * 11);
    ELSIF kind < 0.8 AND hint = 'width' THEN
        RETURN floor(random() * one_of(10, 100, 1001));
    ELSIF kind < 0.9 THEN
        RETURN (random() * 2 - 1) * 2 ^ floor(random() * 31);
    END IF;
    RETURN one_of(0, 1, -1, 10, 11, 1000, 1001, 65536, 2147483647, -2147483647 - 1);
END
$$;

CREATE FUNCTION any_smallint(hint text) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
BEGIN
    IF kind < 0.8 AND hint = 'score' THEN
        RETURN floor(random() * 11);
    ELSIF kind < 0.9 THEN
        RETURN (random() * 2 - 1) * 2 ^ floor(random() * 15);
    END IF;
    RETURN one_of(0, 1, -1, 10, 11, 255, 256, 32767, -32768);
END
$$;

CREATE FUNCTION any_double_precision(hint text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
BEGIN
    IF kind < 0.8 THEN
        CASE hint
        WHEN 'score' THEN RETURN one_of(random() * 10, floor(random() * 21) / 2);
        WHEN 'confidence', 'variance', 'variance_a', 'variance_b', 'power' THEN
            RETURN one_of(random(), 0.95, 0.99, 0.5, 1e-300, 5e-324, 1 - 1e-16, 1 - 1e-12, 1e-16);
        WHEN 'benchmark' THEN RETURN one_of(random() * 200 - 100, floor(random() * 201) - 100);
        WHEN 'margin', 'difference' THEN RETURN one_of(random() * 100, 10 ^ (random() * 20 - 10));
        WHEN 'population' THEN RETURN one_of('Infinity', 10 ^ (random() * 20), floor(10 ^ (random() * 20)), 9223372036854775807);
        WHEN 'weight' THEN RETURN one_of(random() * 100, floor(random() * 3), 10 ^ (random() * 40 - 21));
        WHEN 'lowest' THEN RETURN one_of(random() * 2, 0, 1);
        WHEN 'passive_from' THEN RETURN one_of(2 + random() * 2, 2, 4);
        WHEN 'promoter_from' THEN RETURN one_of(4 + random() * 2, 4, 6);
        WHEN 'highest' THEN RETURN one_of(6 + random() * 4, 6, 10);
        ELSE NULL;
        END CASE;
    END IF;
    IF kind < 0.9 THEN
        RETURN one_of(-1, 1) * 10 ^ (random() * 600 - 300);
    END IF;
    RETURN one_of('NaN'::float8, 'Infinity', '-Infinity', 0, '-0', 1, -1, 10, 100, -100, 5e-324, -5e-324, 2.2250738585072014e-308,
                  1.7976931348623157e308, -1.7976931348623157e308, 1e-300, 9007199254740993, 9223372036854775808,
                  8.999999999999998, 6.999999999999999, 10.000000000000002, 100.00000000000001, 1.0000000000000002);
END
$$;

CREATE FUNCTION any_numeric(hint text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
BEGIN
    IF kind < 0.6 AND hint = 'score' THEN
        RETURN round((random() * 10)::numeric, floor(random() * 16)::integer);
    ELSIF kind < 0.6 AND hint = 'target' THEN
        RETURN round((random() * 200 - 100)::numeric, floor(random() * 14)::integer);
    ELSIF kind < 0.8 THEN
        RETURN (repeat(one_of('9', '3', '1', '90'), floor(random() * one_of(4, 50, 1000))::integer) || '0.' ||
                repeat(one_of('0', '9', '3', '5'), floor(random() * one_of(4, 50, 1000))::integer) || '1')::numeric
               * one_of(-1, 1);
    ELSIF kind < 0.9 THEN
        RETURN one_of(9, 7, 10, 0, 100, -100) + one_of(-1, 1) * 10::numeric ^ -floor(random() * 300)::numeric;
    END IF;
    RETURN one_of('NaN'::numeric, 'Infinity', '-Infinity', 0, 1, -1, 9, 10, 100, -100, 1e131071, -1e131071, 1e-16383,
                  10.0000000000000000000000000000000000000000, 8.99999999999999999999999999999999999, 9223372036854775808);
END
$$;

CREATE FUNCTION any_nps_category(hint text) RETURNS nps_category LANGUAGE plpgsql AS $$
BEGIN
    RETURN one_of('detractor'::nps_category, 'passive', 'promoter');
END
$$;

-- Tallies of all sizes; many have counts of at most 3, so that two of them are
-- equal, or one is a part of the other, as a segment is of its total.
CREATE FUNCTION any_nps_tally(hint text) RETURNS nps_tally LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
    bits CONSTANT float8 := 2 ^ floor(random() * 62);
    most CONSTANT bigint := 9223372036854775807;
    few CONSTANT bigint := floor(random() * 4);
BEGIN
    IF kind < (CASE WHEN hint IN ('before', 'after') THEN 0.85 WHEN hint LIKE 'total%' THEN 0.1 ELSE 0.4 END) THEN
        RETURN nps_tally(few, floor(random() * 4)::bigint, floor(random() * 4)::bigint);
    ELSIF kind < 0.9 THEN
        RETURN nps_tally(floor(random() * bits / 2)::bigint, floor(random() * bits / 2)::bigint, floor(random() * bits / 2)::bigint);
    END IF;
    RETURN one_of(nps_tally(0, 0, 0), nps_tally(most - few, few, 0), nps_tally(few, most - few, 0), nps_tally(0, few, most - few),
                  nps_tally(most / 2, 1, most / 2), nps_tally(most / 3, most / 3, most / 3));
END
$$;

-- Weighted tallies of few responses, of which many weigh the same, so that two of
-- them are equal, or one is a part of the other; of many, and of the ends of the
-- range.
CREATE FUNCTION any_nps_weighted_tally(hint text) RETURNS nps_weighted_tally LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
    tally nps_weighted_tally := '((0,0,0),(0,0,0),(0,0,0))';
BEGIN
    IF hint LIKE 'total%' AND kind < 0.8 THEN
        tally := '((99,99,99),(9900,9900,9900),(990000,990000,990000))';
    END IF;
    IF kind < (CASE WHEN hint IN ('before', 'after') THEN 0.9 ELSE 0.5 END) THEN
        FOR i IN 1 .. floor(random() * 4)::integer LOOP
            tally := nps_weighted_accum(tally, floor(random() * 11), one_of(1, 2.5, 0.1)::float8);
        END LOOP;
        RETURN tally;
    ELSIF kind < 0.7 THEN
        FOR i IN 1 .. floor(random() * 4)::integer LOOP
            tally := nps_weighted_accum(tally, floor(random() * 11), 10 ^ (random() * 37 - 18));
        END LOOP;
        RETURN tally;
    ELSIF kind < 0.9 THEN
        RETURN any_nps_tally(hint)::nps_weighted_tally;
    END IF;
    RETURN one_of('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally,
                  '((1,0,0),(0.000000000000000001,0,0),(0.000000000000000000000000000000000001,0,0))',
                  '((0,9223372036854775807,0),(0,0.000000000000000001,0),(0,0.000000000000000000000000000000000001,0))',
                  '((0,0,9223372036854775807),(0,0,99999999999999999999.999999999999999999),(0,0,1084202172485504434125.002235952170462213715595561574097317))',
                  '((1,0,1),(99999999999999999999,0,0.5),(9999999999999999999800000000000000000001,0,0.25))');
END
$$;

CREATE FUNCTION any_text(hint text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    base text := '';
BEGIN
    CASE hint
    WHEN 'method' THEN base := one_of('wald', 'adjusted-wald', 'agresti-min', 'bonett-price', 'always-valid', 'score');
    WHEN 'alternative' THEN base := one_of('two-sided', 'greater', 'less');
    ELSE
        FOR i IN 1 .. floor(random() * 40)::integer LOOP
            base := base || any_character();
        END LOOP;
    END CASE;
    IF random() < 0.8 THEN
        RETURN base;
    END IF;
    RETURN mutated(base);
END
$$;

-- What the input function of a type gets, mostly something near a value of it;
-- its caller turns it into a cstring.
CREATE FUNCTION any_cstring(type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
    value text;
BEGIN
    IF kind < 0.1 THEN
        RETURN any_text('');
    ELSIF kind < 0.2 THEN
        type := one_of('nps_category', 'nps_tally', 'nps_weighted_tally');
    ELSIF kind < 0.35 AND type = 'nps_tally' THEN
        RETURN format('(%s,%s,%s)', any_bigint('detractors'), any_bigint('passives'), any_bigint('promoters'));
    END IF;
    EXECUTE format('SELECT any_%s(%L)::text', type, '') INTO value;
    RETURN mutated(value);
END
$$;

-- What the receive function of a type gets: the binary form of a value, or of
-- numbers that may be none, then cut, lengthened, or with a byte changed; or
-- any bytes.
CREATE FUNCTION any_message(type text) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    kind CONSTANT float8 := random();
    message bytea := '';
BEGIN
    IF kind < 0.2 THEN
        FOR i IN 1 .. floor(random() * one_of(3, 26, 26))::integer LOOP
            message := message || set_byte('\x00', 0, floor(random() * 256)::integer);
        END LOOP;
        RETURN message;
    END IF;
    IF kind < 0.5 AND type = 'nps_tally' THEN
        message := int8send(any_bigint('detractors')) || int8send(any_bigint('passives')) || int8send(any_bigint('promoters'));
    ELSE
        EXECUTE format('SELECT %1$s_send(any_%1$s(%2$L))', type, '') INTO message;
    END IF;
    CASE floor(random() * 5)::integer
    WHEN 0 THEN
        RETURN substr(message, 1, floor(random() * length(message))::integer);
    WHEN 1 THEN
        RETURN message || substr(int8send(any_bigint('')), 1, 1 + floor(random() * 8)::integer);
    WHEN 2 THEN
        RETURN set_byte(message, floor(random() * length(message))::integer, floor(random() * one_of(5, 256))::integer);
    ELSE
        RETURN message;
    END CASE;
END
$$;
