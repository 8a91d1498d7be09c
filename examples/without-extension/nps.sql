-- The Net Promoter Score in plain SQL, for a server without the extension nps
--
-- For a server that admits no extension of one's own: the two types, and of the
-- extension's functions those that most queries need, with the same names,
-- arguments and results, so that a query and a dump move either way.  It needs
-- no superuser and no file on the server: psql -f nps.sql, as anyone who may
-- create objects in the schema that comes first in the search_path.  PostgreSQL
-- 15 or newer, with plpgsql, which every database has unless it was dropped.
-- doc/without-extension.md tells what is here, what differs, and what it costs.
--
-- What is named nps_plain_... has no counterpart in the extension and is not to
-- be called.  Functions that call others of this file have a body that is parsed
-- here and now, and those in plpgsql call only core's, so that no search_path
-- matters later.

BEGIN;

----------------------------------------------------------------------------
-- The types
----------------------------------------------------------------------------

CREATE TYPE nps_category AS ENUM ('detractor', 'passive', 'promoter');
COMMENT ON TYPE nps_category IS
    'Net Promoter category of a respondent: detractor, passive or promoter';

CREATE TYPE nps_plain_counts AS (detractors bigint, passives bigint, promoters bigint);
COMMENT ON TYPE nps_plain_counts IS 'what an nps_tally is made of';

-- Counts are there, never negative, and their total fits bigint: where it does
-- not, + fails with 22003.
CREATE DOMAIN nps_tally AS nps_plain_counts
    CHECK (VALUE IS NOT DISTINCT FROM NULL OR
           coalesce((VALUE).detractors >= 0 AND (VALUE).passives >= 0 AND (VALUE).promoters >= 0 AND
                    (VALUE).detractors + (VALUE).passives + (VALUE).promoters >= 0, false));
COMMENT ON DOMAIN nps_tally IS
    'Net Promoter tally: (detractors,passives,promoters)';

----------------------------------------------------------------------------
-- What a dump names
----------------------------------------------------------------------------

-- Core compares enums and rows already, and has min and max of enums.  These are
-- for views, defaults and constraints in a dump, which name them with the schema
-- of the extension.  The planner puts core's in their place, which use indexes.

CREATE FUNCTION nps_category_eq(nps_category, nps_category) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.=) $2;
COMMENT ON FUNCTION nps_category_eq(nps_category, nps_category) IS
    'implementation of = operator';

CREATE FUNCTION nps_category_ne(nps_category, nps_category) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.<>) $2;
COMMENT ON FUNCTION nps_category_ne(nps_category, nps_category) IS
    'implementation of <> operator';

CREATE FUNCTION nps_category_lt(nps_category, nps_category) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.<) $2;
COMMENT ON FUNCTION nps_category_lt(nps_category, nps_category) IS
    'implementation of < operator';

CREATE FUNCTION nps_category_le(nps_category, nps_category) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.<=) $2;
COMMENT ON FUNCTION nps_category_le(nps_category, nps_category) IS
    'implementation of <= operator';

CREATE FUNCTION nps_category_gt(nps_category, nps_category) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.>) $2;
COMMENT ON FUNCTION nps_category_gt(nps_category, nps_category) IS
    'implementation of > operator';

CREATE FUNCTION nps_category_ge(nps_category, nps_category) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1 OPERATOR(pg_catalog.>=) $2;
COMMENT ON FUNCTION nps_category_ge(nps_category, nps_category) IS
    'implementation of >= operator';

CREATE OPERATOR = (
    FUNCTION = nps_category_eq,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = =, NEGATOR = <>,
    RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (nps_category, nps_category) IS 'equal';

CREATE OPERATOR <> (
    FUNCTION = nps_category_ne,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = <>, NEGATOR = =,
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (nps_category, nps_category) IS 'not equal';

CREATE OPERATOR < (
    FUNCTION = nps_category_lt,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = >, NEGATOR = >=,
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (nps_category, nps_category) IS 'less than';

CREATE OPERATOR <= (
    FUNCTION = nps_category_le,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = >=, NEGATOR = >,
    RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (nps_category, nps_category) IS 'less than or equal';

CREATE OPERATOR > (
    FUNCTION = nps_category_gt,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = <, NEGATOR = <=,
    RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (nps_category, nps_category) IS 'greater than';

CREATE OPERATOR >= (
    FUNCTION = nps_category_ge,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = <=, NEGATOR = <,
    RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (nps_category, nps_category) IS 'greater than or equal';

CREATE AGGREGATE max(nps_category) (
    SFUNC = enum_larger,
    STYPE = nps_category,
    COMBINEFUNC = enum_larger,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE max(nps_category) IS
    'maximum value of all nps_category input values';

CREATE AGGREGATE min(nps_category) (
    SFUNC = enum_smaller,
    STYPE = nps_category,
    COMBINEFUNC = enum_smaller,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE min(nps_category) IS
    'minimum value of all nps_category input values';

CREATE FUNCTION nps_tally_eq(nps_tally, nps_tally) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1::nps_plain_counts = $2::nps_plain_counts;
COMMENT ON FUNCTION nps_tally_eq(nps_tally, nps_tally) IS
    'implementation of = operator';

CREATE FUNCTION nps_tally_ne(nps_tally, nps_tally) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $1::nps_plain_counts <> $2::nps_plain_counts;
COMMENT ON FUNCTION nps_tally_ne(nps_tally, nps_tally) IS
    'implementation of <> operator';

CREATE OPERATOR = (
    FUNCTION = nps_tally_eq,
    LEFTARG = nps_tally, RIGHTARG = nps_tally,
    COMMUTATOR = =, NEGATOR = <>,
    RESTRICT = eqsel, JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (nps_tally, nps_tally) IS 'equal';

CREATE OPERATOR <> (
    FUNCTION = nps_tally_ne,
    LEFTARG = nps_tally, RIGHTARG = nps_tally,
    COMMUTATOR = <>, NEGATOR = =,
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (nps_tally, nps_tally) IS 'not equal';

----------------------------------------------------------------------------
-- The classification of scores
----------------------------------------------------------------------------

CREATE FUNCTION nps_plain_off_scale(score anyelement) RETURNS nps_category
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RAISE EXCEPTION 'score % is outside the Net Promoter scale', score
        USING ERRCODE = 'numeric_value_out_of_range',
              DETAIL = 'Scores run from 0 to 10.',
              HINT = CASE WHEN abs(score) < 'Infinity'::double precision
                          THEN format('Where %1$s stands for no answer, leave it out: FILTER (WHERE score BETWEEN 0 AND 10), or nullif(score, %1$s). '
                                      'For answers on another scale use nps_category(score, passive_from, promoter_from, lowest, highest).', score)
                          ELSE format('%1$s is not an answer on any scale; leave it out: nullif(score, ''%1$s'').', score) END;
END
$$;
COMMENT ON FUNCTION nps_plain_off_scale(anyelement) IS
    'fails, as a score outside the scale does';

CREATE FUNCTION nps_category(score smallint) RETURNS nps_category
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN score >= 9 AND score <= 10 THEN 'promoter'::nps_category
                WHEN score >= 7 AND score < 9 THEN 'passive'::nps_category
                WHEN score >= 0 AND score < 7 THEN 'detractor'::nps_category
                ELSE nps_plain_off_scale(score) END;
COMMENT ON FUNCTION nps_category(smallint) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score integer) RETURNS nps_category
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN score >= 9 AND score <= 10 THEN 'promoter'::nps_category
                WHEN score >= 7 AND score < 9 THEN 'passive'::nps_category
                WHEN score >= 0 AND score < 7 THEN 'detractor'::nps_category
                ELSE nps_plain_off_scale(score) END;
COMMENT ON FUNCTION nps_category(integer) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score bigint) RETURNS nps_category
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN score >= 9 AND score <= 10 THEN 'promoter'::nps_category
                WHEN score >= 7 AND score < 9 THEN 'passive'::nps_category
                WHEN score >= 0 AND score < 7 THEN 'detractor'::nps_category
                ELSE nps_plain_off_scale(score) END;
COMMENT ON FUNCTION nps_category(bigint) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score numeric) RETURNS nps_category
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN score >= 9::numeric AND score <= 10::numeric THEN 'promoter'::nps_category
                WHEN score >= 7::numeric AND score < 9::numeric THEN 'passive'::nps_category
                WHEN score >= 0::numeric AND score < 7::numeric THEN 'detractor'::nps_category
                ELSE nps_plain_off_scale(score) END;
COMMENT ON FUNCTION nps_category(numeric) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score double precision) RETURNS nps_category
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN score >= 9::double precision AND score <= 10::double precision THEN 'promoter'::nps_category
                WHEN score >= 7::double precision AND score < 9::double precision THEN 'passive'::nps_category
                WHEN score >= 0::double precision AND score < 7::double precision THEN 'detractor'::nps_category
                ELSE nps_plain_off_scale(score) END;
COMMENT ON FUNCTION nps_category(double precision) IS
    'category of a score from 0 to 10';

-- NaN sorts above all numbers, so it is above highest, or no ascending threshold.
CREATE FUNCTION nps_category(score double precision,
                             passive_from double precision,
                             promoter_from double precision,
                             lowest double precision,
                             highest double precision) RETURNS nps_category
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF NOT (lowest <= passive_from AND passive_from <= promoter_from AND promoter_from <= highest AND
            lowest > '-Infinity' AND highest < 'Infinity') THEN
        RAISE EXCEPTION 'invalid scale: lowest %, passive_from %, promoter_from %, highest %',
                        lowest, passive_from, promoter_from, highest
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'The four must be finite and in ascending order; equal ones are allowed.';
    END IF;
    IF NOT score BETWEEN lowest AND highest THEN
        RAISE EXCEPTION 'score % is outside the scale', score
            USING ERRCODE = 'numeric_value_out_of_range',
                  DETAIL = format('Scores run from %s to %s.', lowest, highest);
    END IF;
    RETURN CASE WHEN score >= promoter_from THEN 'promoter'
                WHEN score >= passive_from THEN 'passive'
                ELSE 'detractor' END;
END
$$;
COMMENT ON FUNCTION nps_category(double precision, double precision, double precision,
                                 double precision, double precision) IS
    'category of a score on another scale';

CREATE FUNCTION nps_points(category nps_category) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE category WHEN 'detractor' THEN -100 WHEN 'passive' THEN 0 WHEN 'promoter' THEN 100 END;
COMMENT ON FUNCTION nps_points(nps_category) IS
    'points that one answer contributes to the score: -100, 0 or 100';

-- Filters, for WHERE: a plain range of the score, as in the extension, so that an
-- index on it serves them.  A score off the scale is none of the three.

CREATE FUNCTION nps_is_detractor(score smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 0 AND score < 7;
COMMENT ON FUNCTION nps_is_detractor(smallint) IS
    'is the score that of a detractor, from 0 to below 7?';

CREATE FUNCTION nps_is_detractor(score integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 0 AND score < 7;
COMMENT ON FUNCTION nps_is_detractor(integer) IS
    'is the score that of a detractor, from 0 to below 7?';

CREATE FUNCTION nps_is_detractor(score bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 0 AND score < 7;
COMMENT ON FUNCTION nps_is_detractor(bigint) IS
    'is the score that of a detractor, from 0 to below 7?';

CREATE FUNCTION nps_is_detractor(score numeric) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 0::numeric AND score < 7::numeric;
COMMENT ON FUNCTION nps_is_detractor(numeric) IS
    'is the score that of a detractor, from 0 to below 7?';

CREATE FUNCTION nps_is_detractor(score double precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 0::double precision AND score < 7::double precision;
COMMENT ON FUNCTION nps_is_detractor(double precision) IS
    'is the score that of a detractor, from 0 to below 7?';

CREATE FUNCTION nps_is_passive(score smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 7 AND score < 9;
COMMENT ON FUNCTION nps_is_passive(smallint) IS
    'is the score that of a passive, from 7 to below 9?';

CREATE FUNCTION nps_is_passive(score integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 7 AND score < 9;
COMMENT ON FUNCTION nps_is_passive(integer) IS
    'is the score that of a passive, from 7 to below 9?';

CREATE FUNCTION nps_is_passive(score bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 7 AND score < 9;
COMMENT ON FUNCTION nps_is_passive(bigint) IS
    'is the score that of a passive, from 7 to below 9?';

CREATE FUNCTION nps_is_passive(score numeric) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 7::numeric AND score < 9::numeric;
COMMENT ON FUNCTION nps_is_passive(numeric) IS
    'is the score that of a passive, from 7 to below 9?';

CREATE FUNCTION nps_is_passive(score double precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 7::double precision AND score < 9::double precision;
COMMENT ON FUNCTION nps_is_passive(double precision) IS
    'is the score that of a passive, from 7 to below 9?';

CREATE FUNCTION nps_is_promoter(score smallint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 9 AND score <= 10;
COMMENT ON FUNCTION nps_is_promoter(smallint) IS
    'is the score that of a promoter, from 9 to 10?';

CREATE FUNCTION nps_is_promoter(score integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 9 AND score <= 10;
COMMENT ON FUNCTION nps_is_promoter(integer) IS
    'is the score that of a promoter, from 9 to 10?';

CREATE FUNCTION nps_is_promoter(score bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 9 AND score <= 10;
COMMENT ON FUNCTION nps_is_promoter(bigint) IS
    'is the score that of a promoter, from 9 to 10?';

CREATE FUNCTION nps_is_promoter(score numeric) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 9::numeric AND score <= 10::numeric;
COMMENT ON FUNCTION nps_is_promoter(numeric) IS
    'is the score that of a promoter, from 9 to 10?';

CREATE FUNCTION nps_is_promoter(score double precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN score >= 9::double precision AND score <= 10::double precision;
COMMENT ON FUNCTION nps_is_promoter(double precision) IS
    'is the score that of a promoter, from 9 to 10?';

----------------------------------------------------------------------------
-- Tallies
----------------------------------------------------------------------------

CREATE FUNCTION nps_plain_count(count numeric) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF count < 0 OR count > 9223372036854775807 THEN
        RAISE EXCEPTION 'count % is out of range for type nps_tally', count
            USING ERRCODE = 'numeric_value_out_of_range',
                  DETAIL = CASE WHEN count < 0 THEN 'Counts are never negative.'
                                ELSE 'A tally counts at most 9223372036854775807 responses.' END;
    ELSIF count <> trunc(count) THEN
        RAISE EXCEPTION 'count % is not a whole number', count
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    RETURN count;
END
$$;
COMMENT ON FUNCTION nps_plain_count(numeric) IS
    'a count, or an error';

CREATE FUNCTION nps_plain_counts(detractors bigint, passives bigint, promoters bigint) RETURNS nps_tally
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF detractors::numeric + passives + promoters > 9223372036854775807 THEN
        RAISE EXCEPTION 'value "(%,%,%)" is out of range for type nps_tally', detractors, passives, promoters
            USING ERRCODE = 'numeric_value_out_of_range',
                  DETAIL = 'A tally counts at most 9223372036854775807 responses.';
    END IF;
    RETURN ROW(detractors, passives, promoters);
END
$$;
COMMENT ON FUNCTION nps_plain_counts(bigint, bigint, bigint) IS
    'tally of counts that are none of them wrong';

CREATE FUNCTION nps_tally(detractors numeric, passives numeric, promoters numeric)
    RETURNS nps_tally
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_counts(nps_plain_count(detractors), nps_plain_count(passives), nps_plain_count(promoters));
COMMENT ON FUNCTION nps_tally(numeric, numeric, numeric) IS
    'tally of known counts';

CREATE FUNCTION nps_tally(category nps_category, count bigint) RETURNS nps_tally
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF count < 0 THEN
        RAISE EXCEPTION 'count % is out of range for type nps_tally', count
            USING ERRCODE = 'numeric_value_out_of_range',
                  DETAIL = 'Counts are never negative.';
    END IF;
    RETURN CASE category WHEN 'detractor' THEN ROW(count, 0::bigint, 0::bigint)
                         WHEN 'passive' THEN ROW(0::bigint, count, 0::bigint)
                         ELSE ROW(0::bigint, 0::bigint, count) END;
END
$$;
COMMENT ON FUNCTION nps_tally(nps_category, bigint) IS
    'tally of that many responses of one category';

CREATE FUNCTION nps_tally(score double precision, count bigint) RETURNS nps_tally
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nps_tally(nps_category(score), count);
COMMENT ON FUNCTION nps_tally(double precision, bigint) IS
    'tally of that many responses of one score';

CREATE FUNCTION nps_tally(score numeric, count bigint) RETURNS nps_tally
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nps_tally(nps_category(score), count);
COMMENT ON FUNCTION nps_tally(numeric, bigint) IS
    'tally of that many responses of one score';

CREATE FUNCTION nps_detractors(tally nps_tally) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (tally).detractors;
COMMENT ON FUNCTION nps_detractors(nps_tally) IS
    'number of detractors of a tally';

CREATE FUNCTION nps_passives(tally nps_tally) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (tally).passives;
COMMENT ON FUNCTION nps_passives(nps_tally) IS
    'number of passives of a tally';

CREATE FUNCTION nps_promoters(tally nps_tally) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (tally).promoters;
COMMENT ON FUNCTION nps_promoters(nps_tally) IS
    'number of promoters of a tally';

CREATE FUNCTION nps_responses(tally nps_tally) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (tally).detractors + (tally).passives + (tally).promoters;
COMMENT ON FUNCTION nps_responses(nps_tally) IS
    'number of responses of a tally';

-- 100 * part / whole, rounded half away from zero to 16 decimal places, exactly:
-- by whole numbers, of which div keeps every digit.
CREATE FUNCTION nps_plain_percentage(part bigint, whole bigint) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN whole > 0
                THEN trim_scale(sign(part::numeric) * div(abs(part::numeric) * 2e18 + whole, whole * 2.0) * 1e-16) END;
COMMENT ON FUNCTION nps_plain_percentage(bigint, bigint) IS
    'percentage, exact to 16 decimal places';

CREATE FUNCTION nps_score(tally nps_tally) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN nps_plain_percentage((tally).promoters - (tally).detractors, nps_responses(tally));
COMMENT ON FUNCTION nps_score(nps_tally) IS
    'Net Promoter Score of a tally, in points; NULL if it counts nothing';

CREATE FUNCTION nps_tally_add(nps_tally, nps_tally) RETURNS nps_tally
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF $1.detractors + $1.passives + $1.promoters >
       9223372036854775807 - ($2.detractors + $2.passives + $2.promoters) THEN
        RAISE EXCEPTION 'sum of tallies % and % is out of range', $1, $2
            USING ERRCODE = 'numeric_value_out_of_range',
                  DETAIL = 'A tally counts at most 9223372036854775807 responses.';
    END IF;
    RETURN ROW($1.detractors + $2.detractors, $1.passives + $2.passives, $1.promoters + $2.promoters);
END
$$;
COMMENT ON FUNCTION nps_tally_add(nps_tally, nps_tally) IS
    'implementation of + operator';

CREATE FUNCTION nps_tally_subtract(nps_tally, nps_tally) RETURNS nps_tally
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    category text := CASE WHEN $1.detractors < $2.detractors THEN 'detractors'
                          WHEN $1.passives < $2.passives THEN 'passives'
                          WHEN $1.promoters < $2.promoters THEN 'promoters' END;
BEGIN
    IF category IS NOT NULL THEN
        RAISE EXCEPTION 'tally % is not a part of tally %', $2, $1
            USING ERRCODE = 'numeric_value_out_of_range',
                  DETAIL = format('The number of %s would fall below zero.', category);
    END IF;
    RETURN ROW($1.detractors - $2.detractors, $1.passives - $2.passives, $1.promoters - $2.promoters);
END
$$;
COMMENT ON FUNCTION nps_tally_subtract(nps_tally, nps_tally) IS
    'implementation of - operator';

CREATE OPERATOR + (
    FUNCTION = nps_tally_add,
    LEFTARG = nps_tally, RIGHTARG = nps_tally,
    COMMUTATOR = +
);
COMMENT ON OPERATOR + (nps_tally, nps_tally) IS
    'tally of both together';

CREATE OPERATOR - (
    FUNCTION = nps_tally_subtract,
    LEFTARG = nps_tally, RIGHTARG = nps_tally
);
COMMENT ON OPERATOR - (nps_tally, nps_tally) IS
    'tally of the rest, once a part is taken away';

-- A cast of a domain is that of the type below it.

CREATE FUNCTION nps_plain_json(counts nps_plain_counts) RETURNS json
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN format('{"detractors":%s,"passives":%s,"promoters":%s,"responses":%s,"score":%s}',
                  counts.detractors, counts.passives, counts.promoters, nps_responses(counts::nps_tally),
                  coalesce(nps_score(counts::nps_tally)::text, 'null'))::json;
COMMENT ON FUNCTION nps_plain_json(nps_plain_counts) IS
    'tally as a JSON object of its counts, total and score';

CREATE FUNCTION nps_plain_jsonb(counts nps_plain_counts) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_json(counts)::jsonb;
COMMENT ON FUNCTION nps_plain_jsonb(nps_plain_counts) IS
    'tally as a JSON object of its counts, total and score';

CREATE CAST (nps_plain_counts AS json) WITH FUNCTION nps_plain_json(nps_plain_counts);
CREATE CAST (nps_plain_counts AS jsonb) WITH FUNCTION nps_plain_jsonb(nps_plain_counts);

----------------------------------------------------------------------------
-- The aggregates
----------------------------------------------------------------------------

-- The state of those over scores and categories is one number, whose digits in
-- base 10^20 are the three counts: detractors, passives, promoters from the
-- lowest up.  So core itself adds the states of parallel workers, and the
-- transition, which runs for every row, handles neither a row nor an array.

CREATE FUNCTION nps_plain_accum(counts numeric, score anyelement) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF score >= 0 AND score <= 10 THEN
        RETURN counts + CASE WHEN score < 7 THEN 1::numeric WHEN score < 9 THEN 1e20 ELSE 1e40 END;
    END IF;
    RAISE EXCEPTION 'score % is outside the Net Promoter scale', score
        USING ERRCODE = 'numeric_value_out_of_range',
              DETAIL = 'Scores run from 0 to 10.',
              HINT = CASE WHEN abs(score) < 'Infinity'::double precision
                          THEN format('Where %1$s stands for no answer, leave it out: FILTER (WHERE score BETWEEN 0 AND 10), or nullif(score, %1$s). '
                                      'For answers on another scale use nps_category(score, passive_from, promoter_from, lowest, highest).', score)
                          ELSE format('%1$s is not an answer on any scale; leave it out: nullif(score, ''%1$s'').', score) END;
END
$$;
COMMENT ON FUNCTION nps_plain_accum(numeric, anyelement) IS
    'aggregate transition function';

CREATE FUNCTION nps_plain_accum_inv(counts numeric, score anyelement) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN counts - CASE WHEN score < 7 THEN 1::numeric WHEN score < 9 THEN 1e20 ELSE 1e40 END;
END
$$;
COMMENT ON FUNCTION nps_plain_accum_inv(numeric, anyelement) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_plain_accum(counts numeric, category nps_category) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN counts + CASE category WHEN 'detractor' THEN 1::numeric WHEN 'passive' THEN 1e20 ELSE 1e40 END;
END
$$;
COMMENT ON FUNCTION nps_plain_accum(numeric, nps_category) IS
    'aggregate transition function';

CREATE FUNCTION nps_plain_accum_inv(counts numeric, category nps_category) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN counts - CASE category WHEN 'detractor' THEN 1::numeric WHEN 'passive' THEN 1e20 ELSE 1e40 END;
END
$$;
COMMENT ON FUNCTION nps_plain_accum_inv(numeric, nps_category) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_plain_tally(counts numeric) RETURNS nps_tally
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ROW(mod(counts, 1e20)::bigint, mod(div(counts, 1e20), 1e20)::bigint, div(counts, 1e40)::bigint);
COMMENT ON FUNCTION nps_plain_tally(numeric) IS
    'aggregate final function';

CREATE FUNCTION nps_plain_score(counts numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_score(nps_plain_tally(counts));
COMMENT ON FUNCTION nps_plain_score(numeric) IS
    'aggregate final function';

CREATE AGGREGATE nps(score smallint) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_score,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(smallint) IS
    'Net Promoter Score of smallint scores, in points';

CREATE AGGREGATE nps(score integer) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_score,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(integer) IS
    'Net Promoter Score of integer scores, in points';

CREATE AGGREGATE nps(score bigint) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_score,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(bigint) IS
    'Net Promoter Score of bigint scores, in points';

CREATE AGGREGATE nps(score numeric) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_score,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(numeric) IS
    'Net Promoter Score of numeric scores, in points';

CREATE AGGREGATE nps(score double precision) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_score,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(double precision) IS
    'Net Promoter Score of double precision scores, in points';

CREATE AGGREGATE nps(category nps_category) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_score,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(nps_category) IS
    'Net Promoter Score of categories, in points';

CREATE AGGREGATE nps_tally(score smallint) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_tally,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(smallint) IS
    'tally of smallint scores';

CREATE AGGREGATE nps_tally(score integer) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_tally,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(integer) IS
    'tally of integer scores';

CREATE AGGREGATE nps_tally(score bigint) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_tally,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(bigint) IS
    'tally of bigint scores';

CREATE AGGREGATE nps_tally(score numeric) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_tally,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(numeric) IS
    'tally of numeric scores';

CREATE AGGREGATE nps_tally(score double precision) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_tally,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(double precision) IS
    'tally of double precision scores';

CREATE AGGREGATE nps_tally(category nps_category) (
    SFUNC = nps_plain_accum,
    STYPE = numeric,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = numeric_add,
    INITCOND = '0',
    MSFUNC = nps_plain_accum,
    MINVFUNC = nps_plain_accum_inv,
    MSTYPE = numeric,
    MFINALFUNC = nps_plain_tally,
    MINITCOND = '0',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(nps_category) IS
    'tally of categories';

-- Those over tallies add up rows that are checked only in the end, which is what
-- makes a domain slow.

CREATE FUNCTION nps_plain_add(nps_plain_counts, nps_plain_counts) RETURNS nps_plain_counts
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN ROW($1.detractors + $2.detractors, $1.passives + $2.passives, $1.promoters + $2.promoters);
END
$$;
COMMENT ON FUNCTION nps_plain_add(nps_plain_counts, nps_plain_counts) IS
    'aggregate transition function';

CREATE FUNCTION nps_plain_subtract(nps_plain_counts, nps_plain_counts) RETURNS nps_plain_counts
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN ROW($1.detractors - $2.detractors, $1.passives - $2.passives, $1.promoters - $2.promoters);
END
$$;
COMMENT ON FUNCTION nps_plain_subtract(nps_plain_counts, nps_plain_counts) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_plain_tally(counts nps_plain_counts) RETURNS nps_tally
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN counts::nps_tally;
COMMENT ON FUNCTION nps_plain_tally(nps_plain_counts) IS
    'aggregate final function';

CREATE FUNCTION nps_plain_score(counts nps_plain_counts) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_score(counts::nps_tally);
COMMENT ON FUNCTION nps_plain_score(nps_plain_counts) IS
    'aggregate final function';

CREATE AGGREGATE nps(tally nps_tally) (
    SFUNC = nps_plain_add,
    STYPE = nps_plain_counts,
    FINALFUNC = nps_plain_score,
    COMBINEFUNC = nps_plain_add,
    MSFUNC = nps_plain_add,
    MINVFUNC = nps_plain_subtract,
    MSTYPE = nps_plain_counts,
    MFINALFUNC = nps_plain_score,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(nps_tally) IS
    'Net Promoter Score of all responses that the tallies count, in points';

CREATE AGGREGATE sum(tally nps_tally) (
    SFUNC = nps_plain_add,
    STYPE = nps_plain_counts,
    FINALFUNC = nps_plain_tally,
    COMBINEFUNC = nps_plain_add,
    MSFUNC = nps_plain_add,
    MINVFUNC = nps_plain_subtract,
    MSTYPE = nps_plain_counts,
    MFINALFUNC = nps_plain_tally,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE sum(nps_tally) IS
    'tally of all responses that the tallies count';

----------------------------------------------------------------------------
-- The statistics
----------------------------------------------------------------------------

-- Formulas and sources are in doc/statistics.md.  The arithmetic is that of the
-- extension, operation by operation, so that the results are the same.
--
-- Where it can, the planner puts the bodies in SQL in place of the calls, and
-- computes the critical value once for a query.

-- A tally as a sample: its responses, the pseudo-responses of the method among
-- them; promoters less detractors, which these leave alone; the variance of one
-- response; and how much of the variance of the score is left where so many of a
-- population have answered, who take as much from the pseudo-responses.  NULL for
-- a tally without responses.
CREATE FUNCTION nps_plain_sample(tally nps_tally, method text, population double precision DEFAULT 'Infinity')
    RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    either double precision := CASE method WHEN 'adjusted-wald' THEN 0.75 WHEN 'agresti-min' THEN 0.5
                                           WHEN 'bonett-price' THEN 1 WHEN 'wald' THEN 0 END;
    neither double precision := CASE method WHEN 'adjusted-wald' THEN 1.5 WHEN 'agresti-min' THEN 1 ELSE 0 END;
    responses double precision := tally.detractors + tally.passives + tally.promoters;
    unanswered double precision := 1;
    d double precision;
    p double precision;
    r double precision;
    above double precision;     -- what the net exceeds -1 by
    below double precision;     -- what it lacks to 1
    net double precision;
BEGIN
    IF population = 'NaN' OR population < 0 THEN
        RAISE EXCEPTION 'population % is not a number of people', population
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'A population is at least the number of responses, or ''Infinity'' where it is not known.';
    ELSIF population < responses THEN
        RAISE EXCEPTION 'population % is smaller than the number of responses %', population,
                        tally.detractors + tally.passives + tally.promoters
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'A population holds all who could have answered, those who did among them.';
    END IF;
    IF method IN ('score', 'always-valid') THEN
        RAISE EXCEPTION 'method "%" needs the extension nps', method
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Without it the methods are "wald", "adjusted-wald", "agresti-min" and "bonett-price".';
    ELSIF either IS NULL THEN
        RAISE EXCEPTION 'unrecognized method: "%"', method
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'The methods are "wald", "adjusted-wald", "agresti-min", "bonett-price", "always-valid" and, for one tally, "score".';
    END IF;
    IF responses = 0 THEN
        RETURN NULL;
    END IF;
    IF population = responses THEN
        unanswered := 0;
    ELSIF population < 'Infinity' THEN
        unanswered := (population - responses) / (population - 1);
    END IF;
    either := either * unanswered;
    neither := neither * unanswered;
    responses := responses + 2 * either + neither;
    d := (tally.detractors + either) / responses;
    p := (tally.passives + neither) / responses;
    r := (tally.promoters + either) / responses;
    above := (2::double precision * tally.promoters + tally.passives + (2 * either + neither)) / responses;
    below := (2::double precision * tally.detractors + tally.passives + (2 * either + neither)) / responses;
    net := (tally.promoters - tally.detractors) / responses;
    RETURN ARRAY[responses, tally.promoters - tally.detractors, above * above * d + below * below * r + net * net * p,
                 unanswered];
END
$$;
COMMENT ON FUNCTION nps_plain_sample(nps_tally, text, double precision) IS
    'a tally as a sample';

-- How many standard errors a bound lies from the estimate: the quantile of the
-- normal distribution where the probability less one half is centre, and the
-- smaller of it and its complement tail (Wichura 1988, AS 241).
CREATE FUNCTION nps_plain_critical(confidence double precision, alternative text)
    RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    centre double precision := 0.5 * confidence;
    tail double precision := 0.5 * (1 - confidence);
    x double precision;
BEGIN
    IF confidence >= 50 AND confidence < 100 THEN
        RAISE EXCEPTION 'confidence % is not between 0 and 1', confidence
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'A confidence is a fraction above 0 and below 1.',
                  HINT = format('For %s percent write %s.', confidence, confidence / 100);
    ELSIF NOT (confidence > 0 AND confidence < 1) THEN
        RAISE EXCEPTION 'confidence % is not between 0 and 1', confidence
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'A confidence is a fraction above 0 and below 1.';
    END IF;
    IF alternative IN ('greater', 'less') THEN
        centre := confidence - 0.5;
        tail := least(confidence, 1 - confidence);
    ELSIF alternative <> 'two-sided' THEN
        RAISE EXCEPTION 'unrecognized alternative: "%"', alternative
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'The alternatives are "two-sided", "greater" and "less".';
    END IF;

    IF abs(centre) <= 0.425 THEN
        x := 0.180625 - centre * centre;
        RETURN centre *
            (((((((x * 2.5090809287301226727e3 + 3.3430575583588128105e4) * x + 6.7265770927008700853e4) * x +
                 4.5921953931549871457e4) * x + 1.3731693765509461125e4) * x + 1.9715909503065514427e3) * x +
              1.3314166789178437745e2) * x + 3.3871328727963666080e0) /
            (((((((x * 5.2264952788528545610e3 + 2.8729085735721942674e4) * x + 3.9307895800092710610e4) * x +
                 2.1213794301586595867e4) * x + 5.3941960214247511077e3) * x + 6.8718700749205790830e2) * x +
              4.2313330701600911252e1) * x + 1);
    END IF;
    x := sqrt(-ln(tail));
    IF x <= 5 THEN
        x := x - 1.6;
        RETURN sign(centre) *
            ((((((((x * 7.74545014278341407640e-4 + 2.27238449892691845833e-2) * x + 2.41780725177450611770e-1) * x +
                  1.27045825245236838258e0) * x + 3.64784832476320460504e0) * x + 5.76949722146069140550e0) * x +
               4.63033784615654529590e0) * x + 1.42343711074968357734e0) /
             (((((((x * 1.05075007164441684324e-9 + 5.47593808499534494600e-4) * x + 1.51986665636164571966e-2) * x +
                  1.48103976427480074590e-1) * x + 6.89767334985100004550e-1) * x + 1.67638483018380384940e0) * x +
               2.05319162663775882187e0) * x + 1));
    END IF;
    x := x - 5;
    RETURN sign(centre) *
        ((((((((x * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * x + 1.24266094738807843860e-3) * x +
              2.65321895265761230930e-2) * x + 2.96560571828504891230e-1) * x +
            1.78482653991729133580e0) * x + 5.46378491116411436990e0) * x + 6.65790464350110377720e0) /
         (((((((x * 2.04426310338993978564e-15 + 1.42151175831644588870e-7) * x + 1.84631831751005468180e-5) * x +
              7.86869131145613259100e-4) * x + 1.48753612908506148525e-2) * x + 1.36929880922735805310e-1) * x +
           5.99832206555887937690e-1) * x + 1));
END
$$;
COMMENT ON FUNCTION nps_plain_critical(double precision, text) IS
    'critical value of the standard normal distribution';

-- So many standard errors of the score of a sample, in points.
CREATE FUNCTION nps_plain_reach(sample double precision[], critical double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN 100 * critical * sqrt(sample[3] / sample[1] * sample[4]);
END
$$;
COMMENT ON FUNCTION nps_plain_reach(double precision[], double precision) IS
    'margin of error of a sample, in points';

-- Points as a numeric of 10 decimal places, rounded half away from zero.
CREATE FUNCTION nps_plain_points(points double precision) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    units double precision := points * 1e10;
BEGIN
    RETURN trim_scale((trunc(units) + trunc(2 * (units - trunc(units))))::bigint * 1e-10);
END
$$;
COMMENT ON FUNCTION nps_plain_points(double precision) IS
    'points as numeric';

-- The score of a sample, give or take that, within the scale; sign says which.
CREATE FUNCTION nps_plain_bound(sample double precision[], critical double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN least(greatest(100 * (sample[2] / sample[1]) + 100 * critical * sqrt(sample[3] / sample[1] * sample[4]), -100), 100);
END
$$;
COMMENT ON FUNCTION nps_plain_bound(double precision[], double precision) IS
    'bound of an interval, in points';

CREATE FUNCTION nps_stderr(tally nps_tally) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_reach(nps_plain_sample(tally, 'wald'), 1);
COMMENT ON FUNCTION nps_stderr(nps_tally) IS
    'standard error of the score of a tally, in points';

CREATE FUNCTION nps_margin(tally nps_tally,
                           confidence double precision DEFAULT 0.95,
                           method text DEFAULT 'adjusted-wald',
                           population double precision DEFAULT 'Infinity')
    RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_points(nps_plain_reach(nps_plain_sample(tally, method, population),
                                            nps_plain_critical(confidence, 'two-sided')));
COMMENT ON FUNCTION nps_margin(nps_tally, double precision, text, double precision) IS
    'margin of error of the score of a tally, in points';

CREATE FUNCTION nps_plain_range(lower numeric, upper numeric) RETURNS numrange
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN numrange(lower, upper, '[]');
END
$$;
COMMENT ON FUNCTION nps_plain_range(numeric, numeric) IS
    'closed range, NULL without its bounds';

CREATE FUNCTION nps_interval(tally nps_tally,
                             confidence double precision DEFAULT 0.95,
                             method text DEFAULT 'adjusted-wald',
                             population double precision DEFAULT 'Infinity')
    RETURNS numrange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_range(nps_plain_points(nps_plain_bound(nps_plain_sample(tally, method, population),
                                                            - nps_plain_critical(confidence, 'two-sided'))),
                           nps_plain_points(nps_plain_bound(nps_plain_sample(tally, method, population),
                                                            nps_plain_critical(confidence, 'two-sided'))));
COMMENT ON FUNCTION nps_interval(nps_tally, double precision, text, double precision) IS
    'confidence interval of the score of a tally, in points';

-- Judges the difference of two samples, in points; lowest and highest are the
-- differences that are possible at all.  A benchmark is a sample without variance.
--
-- The probability that a normal variable exceeds z is by erfc, which core has
-- from PostgreSQL 16 on; this is that of Cody 1969, Rational Chebyshev
-- approximations for the error function, Mathematics of Computation 23, 631-637.
CREATE FUNCTION nps_plain_judge(a double precision[], b double precision[],
                                lowest double precision, highest double precision,
                                critical double precision, alternative text,
                                OUT difference numeric,
                                OUT stderr double precision,
                                OUT z double precision,
                                OUT p_value double precision,
                                OUT lower numeric,
                                OUT upper numeric)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    points double precision := 100 * (a[2] * b[1] - b[2] * a[1]) / (a[1] * b[1]);
    least double precision := lowest;
    greatest double precision := highest;
    units double precision;
    x double precision;         -- whose erfc is sought, and its magnitude
    y double precision;
    s double precision;
BEGIN
    stderr := 100 * sqrt(a[3] / a[1] + b[3] / b[1]);
    z := CASE WHEN stderr > 0 THEN points / stderr
              WHEN points = 0 THEN 0
              ELSE sign(points) * 'Infinity'::double precision END;
    IF alternative <> 'less' THEN
        least := least(greatest(points - critical * stderr, lowest), highest);
    END IF;
    IF alternative <> 'greater' THEN
        greatest := least(greatest(points + critical * stderr, lowest), highest);
    END IF;

    x := CASE alternative WHEN 'greater' THEN z WHEN 'less' THEN -z ELSE abs(z) END * 0.70710678118654752440;
    y := abs(x);
    IF y <= 0.46875 THEN
        s := y * y;
        p_value := 1 - x *
            ((((s * 1.85777706184603153e-1 + 3.16112374387056560e0) * s + 1.13864154151050156e2) * s +
              3.77485237685302021e2) * s + 3.20937758913846947e3) /
            ((((s + 2.36012909523441209e1) * s + 2.44024637934444173e2) * s +
              1.28261652607737228e3) * s + 2.84423683343917062e3);
    ELSIF y > 26.5 THEN
        p_value := CASE WHEN x > 0 THEN 0 ELSE 2 END;
    ELSE
        IF y <= 4 THEN
            p_value :=
                ((((((((y * 2.15311535474403846e-8 + 5.64188496988670089e-1) * y + 8.88314979438837594e0) * y +
                      6.61191906371416295e1) * y + 2.98635138197400131e2) * y + 8.81952221241769090e2) * y +
                   1.71204761263407058e3) * y + 2.05107837782607147e3) * y + 1.23033935479799725e3) /
                ((((((((y + 1.57449261107098347e1) * y + 1.17693950891312499e2) * y +
                      5.37181101862009858e2) * y + 1.62138957456669019e3) * y + 3.29079923573345963e3) * y +
                   4.36261909014324716e3) * y + 3.43936767414372164e3) * y + 1.23033935480374942e3);
        ELSE
            s := 1 / (y * y);
            p_value := (0.56418958354775628695 - s *
                (((((s * 1.63153871373020978e-2 + 3.05326634961232344e-1) * s + 3.60344899949804439e-1) * s +
                   1.25781726111229246e-1) * s + 1.60837851487422766e-2) * s + 6.58749161529837803e-4) /
                (((((s + 2.56852019228982242e0) * s + 1.87295284992346725e0) * s +
                   5.27905102951428412e-1) * s + 6.05183413124413191e-2) * s + 2.33520497626869185e-3)) / y;
        END IF;
        -- exp(-y * y), with y in two parts so that its square loses nothing
        s := trunc(y * 16) / 16;
        p_value := exp(-s * s) * exp(-(y - s) * (y + s)) * p_value;
        IF x < 0 THEN
            p_value := 2 - p_value;
        END IF;
    END IF;
    IF alternative <> 'two-sided' THEN
        p_value := p_value / 2;
    END IF;

    units := points * 1e10;
    difference := trim_scale((trunc(units) + trunc(2 * (units - trunc(units))))::bigint * 1e-10);
    units := least * 1e10;
    lower := trim_scale((trunc(units) + trunc(2 * (units - trunc(units))))::bigint * 1e-10);
    units := greatest * 1e10;
    upper := trim_scale((trunc(units) + trunc(2 * (units - trunc(units))))::bigint * 1e-10);
END
$$;
COMMENT ON FUNCTION nps_plain_judge(double precision[], double precision[], double precision,
                                    double precision, double precision, text) IS
    'judges the difference of two samples by its standard error';

CREATE FUNCTION nps_test(a nps_tally, b nps_tally,
                         confidence double precision DEFAULT 0.95,
                         method text DEFAULT 'adjusted-wald',
                         alternative text DEFAULT 'two-sided',
                         OUT difference numeric,
                         OUT stderr double precision,
                         OUT z double precision,
                         OUT p_value double precision,
                         OUT lower numeric,
                         OUT upper numeric)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_judge(nps_plain_sample(a, method), nps_plain_sample(b, method), -200, 200,
                           nps_plain_critical(confidence, alternative), alternative);
COMMENT ON FUNCTION nps_test(nps_tally, nps_tally, double precision, text, text) IS
    'test of the score of one tally against that of another';

CREATE FUNCTION nps_plain_benchmark(benchmark double precision) RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF NOT benchmark BETWEEN -100 AND 100 THEN
        RAISE EXCEPTION 'benchmark % is not between -100 and 100', benchmark
            USING ERRCODE = 'invalid_parameter_value',
                  DETAIL = 'A benchmark is a Net Promoter Score in points.';
    END IF;
    RETURN ARRAY[100, benchmark, 0];
END
$$;
COMMENT ON FUNCTION nps_plain_benchmark(double precision) IS
    'a fixed score as a sample without variance';

CREATE FUNCTION nps_test(tally nps_tally, benchmark double precision,
                         confidence double precision DEFAULT 0.95,
                         method text DEFAULT 'adjusted-wald',
                         alternative text DEFAULT 'two-sided',
                         OUT difference numeric,
                         OUT stderr double precision,
                         OUT z double precision,
                         OUT p_value double precision,
                         OUT lower numeric,
                         OUT upper numeric)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_plain_judge(nps_plain_sample(tally, method), nps_plain_benchmark(benchmark),
                           -100 - benchmark, 100 - benchmark, nps_plain_critical(confidence, alternative), alternative);
COMMENT ON FUNCTION nps_test(nps_tally, double precision, double precision, text, text) IS
    'test of the score of a tally against a fixed score';

CREATE FUNCTION nps_summary(tally nps_tally,
                            confidence double precision DEFAULT 0.95,
                            method text DEFAULT 'adjusted-wald',
                            population double precision DEFAULT 'Infinity',
                            OUT responses bigint,
                            OUT detractors bigint,
                            OUT passives bigint,
                            OUT promoters bigint,
                            OUT detractor_pct numeric,
                            OUT passive_pct numeric,
                            OUT promoter_pct numeric,
                            OUT score numeric,
                            OUT margin numeric,
                            OUT lower numeric,
                            OUT upper numeric)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT nps_responses(tally), nps_detractors(tally), nps_passives(tally), nps_promoters(tally),
           nps_plain_percentage(nps_detractors(tally), nps_responses(tally)),
           nps_plain_percentage(nps_passives(tally), nps_responses(tally)),
           nps_plain_percentage(nps_promoters(tally), nps_responses(tally)),
           nps_score(tally), nps_margin(tally, confidence, method, population), lower(interval), upper(interval)
    FROM nps_interval(tally, confidence, method, population) AS interval;
END;
COMMENT ON FUNCTION nps_summary(nps_tally, double precision, text, double precision) IS
    'counts, percentages, score and interval of a tally';

COMMIT;
