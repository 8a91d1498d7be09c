-- nps 1.0.0: the Net Promoter Score in SQL
--
-- The objects stand in the order in which they need each other: the type
-- nps_category, the classification of scores, the type nps_tally, the
-- aggregates, the statistics, all of these for weighted answers, the bar.
-- Every function is immutable, strict and parallel safe unless a line says why
-- not.

-- Complain if the script is sourced in psql, rather than by CREATE EXTENSION.
\echo Use "CREATE EXTENSION nps" to load this file. \quit

----------------------------------------------------------------------------
-- nps_category: detractor < passive < promoter
----------------------------------------------------------------------------

CREATE TYPE nps_category;

CREATE FUNCTION nps_category_in(cstring) RETURNS nps_category
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_in(cstring) IS 'I/O';

CREATE FUNCTION nps_category_out(nps_category) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_out(nps_category) IS 'I/O';

CREATE FUNCTION nps_category_recv(internal) RETURNS nps_category
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_recv(internal) IS 'I/O';

CREATE FUNCTION nps_category_send(nps_category) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_send(nps_category) IS 'I/O';

CREATE TYPE nps_category (
    INPUT = nps_category_in,
    OUTPUT = nps_category_out,
    RECEIVE = nps_category_recv,
    SEND = nps_category_send,
    INTERNALLENGTH = 1,
    PASSEDBYVALUE,
    ALIGNMENT = char
);
COMMENT ON TYPE nps_category IS
    'Net Promoter category of a respondent: detractor, passive or promoter';

-- One byte compares and hashes as core's "char" does.

CREATE FUNCTION nps_category_eq(nps_category, nps_category) RETURNS boolean
    AS 'chareq' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_eq(nps_category, nps_category) IS
    'implementation of = operator';

CREATE FUNCTION nps_category_ne(nps_category, nps_category) RETURNS boolean
    AS 'charne' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_ne(nps_category, nps_category) IS
    'implementation of <> operator';

CREATE FUNCTION nps_category_lt(nps_category, nps_category) RETURNS boolean
    AS 'charlt' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_lt(nps_category, nps_category) IS
    'implementation of < operator';

CREATE FUNCTION nps_category_le(nps_category, nps_category) RETURNS boolean
    AS 'charle' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_le(nps_category, nps_category) IS
    'implementation of <= operator';

CREATE FUNCTION nps_category_gt(nps_category, nps_category) RETURNS boolean
    AS 'chargt' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_gt(nps_category, nps_category) IS
    'implementation of > operator';

CREATE FUNCTION nps_category_ge(nps_category, nps_category) RETURNS boolean
    AS 'charge' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_ge(nps_category, nps_category) IS
    'implementation of >= operator';

CREATE FUNCTION nps_category_cmp(nps_category, nps_category) RETURNS integer
    AS 'btcharcmp' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_cmp(nps_category, nps_category) IS
    'less-equal-greater';

CREATE FUNCTION nps_category_hash(nps_category) RETURNS integer
    AS 'hashchar' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_hash(nps_category) IS 'hash';

CREATE FUNCTION nps_category_hash_extended(nps_category, bigint) RETURNS bigint
    AS 'hashcharextended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_hash_extended(nps_category, bigint) IS 'hash';

CREATE OPERATOR = (
    FUNCTION = nps_category_eq,
    LEFTARG = nps_category, RIGHTARG = nps_category,
    COMMUTATOR = =, NEGATOR = <>,
    RESTRICT = eqsel, JOIN = eqjoinsel,
    HASHES, MERGES
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

CREATE OPERATOR FAMILY nps_category_ops USING btree;
COMMENT ON OPERATOR FAMILY nps_category_ops USING btree IS
    'order of Net Promoter categories';

CREATE OPERATOR CLASS nps_category_ops
    DEFAULT FOR TYPE nps_category USING btree FAMILY nps_category_ops AS
    OPERATOR 1 <,
    OPERATOR 2 <=,
    OPERATOR 3 =,
    OPERATOR 4 >=,
    OPERATOR 5 >,
    FUNCTION 1 nps_category_cmp(nps_category, nps_category),
    FUNCTION 4 (nps_category, nps_category) btequalimage(oid);
COMMENT ON OPERATOR CLASS nps_category_ops USING btree IS
    'order of Net Promoter categories';

CREATE OPERATOR FAMILY nps_category_ops USING hash;
COMMENT ON OPERATOR FAMILY nps_category_ops USING hash IS
    'equality of Net Promoter categories';

CREATE OPERATOR CLASS nps_category_ops
    DEFAULT FOR TYPE nps_category USING hash FAMILY nps_category_ops AS
    OPERATOR 1 =,
    FUNCTION 1 nps_category_hash(nps_category),
    FUNCTION 2 nps_category_hash_extended(nps_category, bigint);
COMMENT ON OPERATOR CLASS nps_category_ops USING hash IS
    'equality of Net Promoter categories';

CREATE FUNCTION nps_category_larger(nps_category, nps_category) RETURNS nps_category
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_larger(nps_category, nps_category) IS
    'larger of two';

CREATE FUNCTION nps_category_smaller(nps_category, nps_category) RETURNS nps_category
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category_smaller(nps_category, nps_category) IS
    'smaller of two';

CREATE AGGREGATE max(nps_category) (
    SFUNC = nps_category_larger,
    STYPE = nps_category,
    COMBINEFUNC = nps_category_larger,
    SORTOP = >,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE max(nps_category) IS
    'maximum value of all nps_category input values';

CREATE AGGREGATE min(nps_category) (
    SFUNC = nps_category_smaller,
    STYPE = nps_category,
    COMBINEFUNC = nps_category_smaller,
    SORTOP = <,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE min(nps_category) IS
    'minimum value of all nps_category input values';

----------------------------------------------------------------------------
-- The classification of scores
----------------------------------------------------------------------------

-- From 9 to 10 promoter, from 7 passive, from 0 detractor, thresholds half
-- open: 8.5 is a passive.  A score off the scale is an error (22003).

CREATE FUNCTION nps_category(score smallint) RETURNS nps_category
    AS 'MODULE_PATHNAME', 'nps_category_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category(smallint) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score integer) RETURNS nps_category
    AS 'MODULE_PATHNAME', 'nps_category_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category(integer) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score bigint) RETURNS nps_category
    AS 'MODULE_PATHNAME', 'nps_category_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category(bigint) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score numeric) RETURNS nps_category
    AS 'MODULE_PATHNAME', 'nps_category_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category(numeric) IS
    'category of a score from 0 to 10';

CREATE FUNCTION nps_category(score double precision) RETURNS nps_category
    AS 'MODULE_PATHNAME', 'nps_category_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category(double precision) IS
    'category of a score from 0 to 10';

-- The same for other scales; the thresholds are in the units of the score.
CREATE FUNCTION nps_category(score double precision,
                             passive_from double precision,
                             promoter_from double precision,
                             lowest double precision,
                             highest double precision) RETURNS nps_category
    AS 'MODULE_PATHNAME', 'nps_category_on_scale' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_category(double precision, double precision, double precision,
                                 double precision, double precision) IS
    'category of a score on another scale';

CREATE FUNCTION nps_points(category nps_category) RETURNS integer
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_points(nps_category) IS
    'points that one answer contributes to the score: -100, 0 or 100';

-- Filters, for WHERE.  Not strict, so that the planner puts the range itself
-- in place of the call: indexes, statistics and partitions then work as if it
-- had been typed.  NULL still gives NULL; a score off the scale gives false.
-- Where core has no operator for the score's type and integer, the constants
-- are cast: an operator that somebody made for just these two would be taken.

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
-- nps_tally: how many detractors, passives and promoters
----------------------------------------------------------------------------

CREATE TYPE nps_tally;

CREATE FUNCTION nps_tally_in(cstring) RETURNS nps_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_in(cstring) IS 'I/O';

CREATE FUNCTION nps_tally_out(nps_tally) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_out(nps_tally) IS 'I/O';

CREATE FUNCTION nps_tally_recv(internal) RETURNS nps_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_recv(internal) IS 'I/O';

CREATE FUNCTION nps_tally_send(nps_tally) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_send(nps_tally) IS 'I/O';

-- Preferred in a category of its own, so that a bare literal is taken for one
-- wherever a function of that name takes another kind of tally, too.
CREATE TYPE nps_tally (
    INPUT = nps_tally_in,
    OUTPUT = nps_tally_out,
    RECEIVE = nps_tally_recv,
    SEND = nps_tally_send,
    INTERNALLENGTH = 24,
    ALIGNMENT = double,
    CATEGORY = 'n',
    PREFERRED = true
);
COMMENT ON TYPE nps_tally IS
    'Net Promoter tally: (detractors,passives,promoters)';

-- numeric is what sum() gives; integers get there by themselves.
CREATE FUNCTION nps_tally(detractors numeric, passives numeric, promoters numeric)
    RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_of_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally(numeric, numeric, numeric) IS
    'tally of known counts';

CREATE FUNCTION nps_tally(score double precision, count bigint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_of_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally(double precision, bigint) IS
    'tally of that many responses of one score';

CREATE FUNCTION nps_tally(score numeric, count bigint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_of_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally(numeric, bigint) IS
    'tally of that many responses of one score';

CREATE FUNCTION nps_tally(category nps_category, count bigint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_of_category' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally(nps_category, bigint) IS
    'tally of that many responses of one category';

CREATE FUNCTION nps_detractors(tally nps_tally) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_detractors(nps_tally) IS
    'number of detractors of a tally';

CREATE FUNCTION nps_passives(tally nps_tally) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_passives(nps_tally) IS
    'number of passives of a tally';

CREATE FUNCTION nps_promoters(tally nps_tally) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_promoters(nps_tally) IS
    'number of promoters of a tally';

CREATE FUNCTION nps_responses(tally nps_tally) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_responses(nps_tally) IS
    'number of responses of a tally';

CREATE FUNCTION nps_score(tally nps_tally) RETURNS numeric
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_score(nps_tally) IS
    'Net Promoter Score of a tally, in points; NULL if it counts nothing';

-- Equality and hash only: a tally is not more or less than another.

CREATE FUNCTION nps_tally_eq(nps_tally, nps_tally) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_eq(nps_tally, nps_tally) IS
    'implementation of = operator';

CREATE FUNCTION nps_tally_ne(nps_tally, nps_tally) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_ne(nps_tally, nps_tally) IS
    'implementation of <> operator';

CREATE FUNCTION nps_tally_hash(nps_tally) RETURNS integer
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_hash(nps_tally) IS 'hash';

CREATE FUNCTION nps_tally_hash_extended(nps_tally, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_hash_extended(nps_tally, bigint) IS 'hash';

CREATE OPERATOR = (
    FUNCTION = nps_tally_eq,
    LEFTARG = nps_tally, RIGHTARG = nps_tally,
    COMMUTATOR = =, NEGATOR = <>,
    RESTRICT = eqsel, JOIN = eqjoinsel,
    HASHES
);
COMMENT ON OPERATOR = (nps_tally, nps_tally) IS 'equal';

CREATE OPERATOR <> (
    FUNCTION = nps_tally_ne,
    LEFTARG = nps_tally, RIGHTARG = nps_tally,
    COMMUTATOR = <>, NEGATOR = =,
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (nps_tally, nps_tally) IS 'not equal';

CREATE OPERATOR FAMILY nps_tally_ops USING hash;
COMMENT ON OPERATOR FAMILY nps_tally_ops USING hash IS
    'equality of Net Promoter tallies';

CREATE OPERATOR CLASS nps_tally_ops
    DEFAULT FOR TYPE nps_tally USING hash FAMILY nps_tally_ops AS
    OPERATOR 1 =,
    FUNCTION 1 nps_tally_hash(nps_tally),
    FUNCTION 2 nps_tally_hash_extended(nps_tally, bigint);
COMMENT ON OPERATOR CLASS nps_tally_ops USING hash IS
    'equality of Net Promoter tallies';

CREATE FUNCTION nps_tally_add(nps_tally, nps_tally) RETURNS nps_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_add(nps_tally, nps_tally) IS
    'implementation of + operator, and combine function of the nps aggregates';

CREATE FUNCTION nps_tally_subtract(nps_tally, nps_tally) RETURNS nps_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
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

CREATE FUNCTION nps_tally_json(tally nps_tally) RETURNS json
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_json(nps_tally) IS
    'tally as a JSON object of its counts, total and score';

CREATE FUNCTION nps_tally_jsonb(tally nps_tally) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_tally_json(tally)::jsonb;
COMMENT ON FUNCTION nps_tally_jsonb(nps_tally) IS
    'tally as a JSON object of its counts, total and score';

CREATE CAST (nps_tally AS json) WITH FUNCTION nps_tally_json(nps_tally);
COMMENT ON CAST (nps_tally AS json) IS
    'tally as a JSON object of its counts, total and score';

CREATE CAST (nps_tally AS jsonb) WITH FUNCTION nps_tally_jsonb(nps_tally);
COMMENT ON CAST (nps_tally AS jsonb) IS
    'tally as a JSON object of its counts, total and score';

----------------------------------------------------------------------------
-- The aggregates
----------------------------------------------------------------------------

-- All of them have a tally as their state, and those over one type of input
-- the same transition, so that PostgreSQL runs it once for all of them.

CREATE FUNCTION nps_tally_accum(nps_tally, smallint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum(nps_tally, smallint) IS
    'aggregate transition function';

CREATE FUNCTION nps_tally_accum(nps_tally, integer) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum(nps_tally, integer) IS
    'aggregate transition function';

CREATE FUNCTION nps_tally_accum(nps_tally, bigint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum(nps_tally, bigint) IS
    'aggregate transition function';

CREATE FUNCTION nps_tally_accum(nps_tally, numeric) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum(nps_tally, numeric) IS
    'aggregate transition function';

CREATE FUNCTION nps_tally_accum(nps_tally, double precision) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum(nps_tally, double precision) IS
    'aggregate transition function';

CREATE FUNCTION nps_tally_accum(nps_tally, nps_category) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_category' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum(nps_tally, nps_category) IS
    'aggregate transition function';

CREATE FUNCTION nps_tally_accum_inv(nps_tally, smallint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_inv_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum_inv(nps_tally, smallint) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_tally_accum_inv(nps_tally, integer) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_inv_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum_inv(nps_tally, integer) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_tally_accum_inv(nps_tally, bigint) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_inv_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum_inv(nps_tally, bigint) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_tally_accum_inv(nps_tally, numeric) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_inv_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum_inv(nps_tally, numeric) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_tally_accum_inv(nps_tally, double precision) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_inv_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum_inv(nps_tally, double precision) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_tally_accum_inv(nps_tally, nps_category) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_accum_inv_category' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally_accum_inv(nps_tally, nps_category) IS
    'aggregate inverse transition function';

CREATE AGGREGATE nps(score smallint) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(smallint) IS
    'Net Promoter Score of smallint scores, in points';

CREATE AGGREGATE nps(score integer) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(integer) IS
    'Net Promoter Score of integer scores, in points';

CREATE AGGREGATE nps(score bigint) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(bigint) IS
    'Net Promoter Score of bigint scores, in points';

CREATE AGGREGATE nps(score numeric) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(numeric) IS
    'Net Promoter Score of numeric scores, in points';

CREATE AGGREGATE nps(score double precision) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(double precision) IS
    'Net Promoter Score of double precision scores, in points';

CREATE AGGREGATE nps(category nps_category) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(nps_category) IS
    'Net Promoter Score of categories, in points';

CREATE AGGREGATE nps(tally nps_tally) (
    SFUNC = nps_tally_add,
    STYPE = nps_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_tally_add,
    MSFUNC = nps_tally_add,
    MINVFUNC = nps_tally_subtract,
    MSTYPE = nps_tally,
    MFINALFUNC = nps_score,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(nps_tally) IS
    'Net Promoter Score of all responses that the tallies count, in points';

CREATE AGGREGATE nps_tally(score smallint) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(smallint) IS
    'tally of smallint scores';

CREATE AGGREGATE nps_tally(score integer) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(integer) IS
    'tally of integer scores';

CREATE AGGREGATE nps_tally(score bigint) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(bigint) IS
    'tally of bigint scores';

CREATE AGGREGATE nps_tally(score numeric) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(numeric) IS
    'tally of numeric scores';

CREATE AGGREGATE nps_tally(score double precision) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(double precision) IS
    'tally of double precision scores';

CREATE AGGREGATE nps_tally(category nps_category) (
    SFUNC = nps_tally_accum,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    INITCOND = '(0,0,0)',
    MSFUNC = nps_tally_accum,
    MINVFUNC = nps_tally_accum_inv,
    MSTYPE = nps_tally,
    MINITCOND = '(0,0,0)',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_tally(nps_category) IS
    'tally of categories';

CREATE AGGREGATE sum(tally nps_tally) (
    SFUNC = nps_tally_add,
    STYPE = nps_tally,
    COMBINEFUNC = nps_tally_add,
    MSFUNC = nps_tally_add,
    MINVFUNC = nps_tally_subtract,
    MSTYPE = nps_tally,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE sum(nps_tally) IS
    'tally of all responses that the tallies count';

----------------------------------------------------------------------------
-- The statistics
----------------------------------------------------------------------------

-- What each takes, gives and refuses is in doc/reference.md; every formula, with
-- its source, in doc/statistics.md.

-- The standard error of the score.
CREATE FUNCTION nps_stderr(tally nps_tally) RETURNS double precision
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_stderr(nps_tally) IS
    'standard error of the score of a tally, in points';

-- The scores that the answers are compatible with, a closed interval.
CREATE FUNCTION nps_interval(tally nps_tally,
                             confidence double precision DEFAULT 0.95,
                             method text DEFAULT 'adjusted-wald',
                             population double precision DEFAULT 'Infinity')
    RETURNS numrange
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_interval(nps_tally, double precision, text, double precision) IS
    'confidence interval of the score of a tally, in points';

-- Half the width of that interval, before it is clipped to the scale.
CREATE FUNCTION nps_margin(tally nps_tally,
                           confidence double precision DEFAULT 0.95,
                           method text DEFAULT 'adjusted-wald',
                           population double precision DEFAULT 'Infinity')
    RETURNS numeric
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_margin(nps_tally, double precision, text, double precision) IS
    'margin of error of the score of a tally, in points';

-- The score of one tally less that of another, which is independent of it.
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
    AS 'MODULE_PATHNAME', 'nps_test_two_samples' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_test(nps_tally, nps_tally, double precision, text, text) IS
    'test of the score of one tally against that of another';

-- The score of a tally less a fixed one.
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
    AS 'MODULE_PATHNAME', 'nps_test_benchmark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_test(nps_tally, double precision, double precision, text, text) IS
    'test of the score of a tally against a fixed score';

-- How many responses give a wald margin of no more than so many points.
CREATE FUNCTION nps_sample_size(margin double precision,
                                confidence double precision DEFAULT 0.95,
                                variance double precision DEFAULT 1,
                                population double precision DEFAULT 'Infinity')
    RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_sample_size(double precision, double precision, double precision, double precision) IS
    'number of responses needed for a margin of error in points';

-- How many responses each of two samples needs for a test to find a true
-- difference of so many points with that power.
CREATE FUNCTION nps_sample_size_to_detect(difference double precision,
                                          power double precision DEFAULT 0.8,
                                          confidence double precision DEFAULT 0.95,
                                          variance_a double precision DEFAULT 1,
                                          variance_b double precision DEFAULT 1,
                                          alternative text DEFAULT 'two-sided')
    RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_sample_size_to_detect(double precision, double precision, double precision, double precision, double precision, text) IS
    'number of responses needed in each of two samples to find a difference in points';

-- The true difference that a test of these two samples finds with that power.
CREATE FUNCTION nps_detectable_difference(a nps_tally, b nps_tally,
                                          power double precision DEFAULT 0.8,
                                          confidence double precision DEFAULT 0.95,
                                          alternative text DEFAULT 'two-sided')
    RETURNS numeric
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_detectable_difference(nps_tally, nps_tally, double precision, double precision, text) IS
    'difference that a test of two tallies finds with a given power, in points';

-- How many further promoters bring the score to the target.
CREATE FUNCTION nps_promoters_needed(tally nps_tally, target numeric) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_promoters_needed(nps_tally, numeric) IS
    'number of further promoters that bring a tally to a target score';

-- What a segment did to the overall score, by its own score and by its share.
CREATE FUNCTION nps_change(before nps_tally, after nps_tally,
                           total_before nps_tally, total_after nps_tally,
                           OUT rate numeric, OUT mix numeric, OUT total numeric)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_change(nps_tally, nps_tally, nps_tally, nps_tally) IS
    'effect of a segment on the change of the overall score, in points';

-- One row of what a dashboard shows.
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
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary(nps_tally, double precision, text, double precision) IS
    'counts, percentages, score and interval of a tally';

----------------------------------------------------------------------------
-- nps_weighted_tally: a tally whose responses have weights
----------------------------------------------------------------------------

-- Counts, sums of weights, sums of squared weights, each by category: exact, in
-- decimals of 18 and 36 places, so that they add and subtract as counts do.
-- Functions of the present names take it, too; doc/weights.md says what they
-- mean then.

CREATE TYPE nps_weighted_tally;

CREATE FUNCTION nps_weighted_tally_in(cstring) RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_in(cstring) IS 'I/O';

CREATE FUNCTION nps_weighted_tally_out(nps_weighted_tally) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_out(nps_weighted_tally) IS 'I/O';

CREATE FUNCTION nps_weighted_tally_recv(internal) RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_recv(internal) IS 'I/O';

CREATE FUNCTION nps_weighted_tally_send(nps_weighted_tally) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_send(nps_weighted_tally) IS 'I/O';

CREATE TYPE nps_weighted_tally (
    INPUT = nps_weighted_tally_in,
    OUTPUT = nps_weighted_tally_out,
    RECEIVE = nps_weighted_tally_recv,
    SEND = nps_weighted_tally_send,
    INTERNALLENGTH = 168,
    ALIGNMENT = double,
    CATEGORY = 'n'
);
COMMENT ON TYPE nps_weighted_tally IS
    'Net Promoter tally of weighted responses: (counts,weights,squared weights)';

-- People, whatever they weigh.
CREATE FUNCTION nps_detractors(tally nps_weighted_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'nps_weighted_detractors' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_detractors(nps_weighted_tally) IS
    'number of detractors of a weighted tally';

CREATE FUNCTION nps_passives(tally nps_weighted_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'nps_weighted_passives' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_passives(nps_weighted_tally) IS
    'number of passives of a weighted tally';

CREATE FUNCTION nps_promoters(tally nps_weighted_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'nps_weighted_promoters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_promoters(nps_weighted_tally) IS
    'number of promoters of a weighted tally';

CREATE FUNCTION nps_responses(tally nps_weighted_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'nps_weighted_responses' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_responses(nps_weighted_tally) IS
    'number of responses of a weighted tally';

CREATE FUNCTION nps_weight(tally nps_weighted_tally) RETURNS numeric
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weight(nps_weighted_tally) IS
    'weight of all responses of a weighted tally';

CREATE FUNCTION nps_weight(tally nps_weighted_tally, category nps_category) RETURNS numeric
    AS 'MODULE_PATHNAME', 'nps_weight_of_category' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weight(nps_weighted_tally, nps_category) IS
    'weight of the responses of one category of a weighted tally';

-- How many responses of equal weight would tell as much: W^2 / Q, with W the sum
-- of the weights and Q that of their squares (Kish 1965).  Rounded to 10 decimal
-- places.
CREATE FUNCTION nps_effective_responses(tally nps_weighted_tally) RETURNS numeric
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_effective_responses(nps_weighted_tally) IS
    'effective number of responses of a weighted tally; NULL if it counts nothing';

CREATE FUNCTION nps_score(tally nps_weighted_tally) RETURNS numeric
    AS 'MODULE_PATHNAME', 'nps_weighted_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_score(nps_weighted_tally) IS
    'Net Promoter Score of a weighted tally, in points; NULL if it counts nothing';

-- Equality and hash only, as for tallies.

CREATE FUNCTION nps_weighted_tally_eq(nps_weighted_tally, nps_weighted_tally) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_eq(nps_weighted_tally, nps_weighted_tally) IS
    'implementation of = operator';

CREATE FUNCTION nps_weighted_tally_ne(nps_weighted_tally, nps_weighted_tally) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_ne(nps_weighted_tally, nps_weighted_tally) IS
    'implementation of <> operator';

CREATE FUNCTION nps_weighted_tally_hash(nps_weighted_tally) RETURNS integer
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_hash(nps_weighted_tally) IS 'hash';

CREATE FUNCTION nps_weighted_tally_hash_extended(nps_weighted_tally, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_hash_extended(nps_weighted_tally, bigint) IS 'hash';

CREATE OPERATOR = (
    FUNCTION = nps_weighted_tally_eq,
    LEFTARG = nps_weighted_tally, RIGHTARG = nps_weighted_tally,
    COMMUTATOR = =, NEGATOR = <>,
    RESTRICT = eqsel, JOIN = eqjoinsel,
    HASHES
);
COMMENT ON OPERATOR = (nps_weighted_tally, nps_weighted_tally) IS 'equal';

CREATE OPERATOR <> (
    FUNCTION = nps_weighted_tally_ne,
    LEFTARG = nps_weighted_tally, RIGHTARG = nps_weighted_tally,
    COMMUTATOR = <>, NEGATOR = =,
    RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (nps_weighted_tally, nps_weighted_tally) IS 'not equal';

CREATE OPERATOR FAMILY nps_weighted_tally_ops USING hash;
COMMENT ON OPERATOR FAMILY nps_weighted_tally_ops USING hash IS
    'equality of weighted Net Promoter tallies';

CREATE OPERATOR CLASS nps_weighted_tally_ops
    DEFAULT FOR TYPE nps_weighted_tally USING hash FAMILY nps_weighted_tally_ops AS
    OPERATOR 1 =,
    FUNCTION 1 nps_weighted_tally_hash(nps_weighted_tally),
    FUNCTION 2 nps_weighted_tally_hash_extended(nps_weighted_tally, bigint);
COMMENT ON OPERATOR CLASS nps_weighted_tally_ops USING hash IS
    'equality of weighted Net Promoter tallies';

CREATE FUNCTION nps_weighted_tally_add(nps_weighted_tally, nps_weighted_tally) RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_add(nps_weighted_tally, nps_weighted_tally) IS
    'implementation of + operator, and combine function of the weighted aggregates';

CREATE FUNCTION nps_weighted_tally_subtract(nps_weighted_tally, nps_weighted_tally) RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_subtract(nps_weighted_tally, nps_weighted_tally) IS
    'implementation of - operator';

CREATE OPERATOR + (
    FUNCTION = nps_weighted_tally_add,
    LEFTARG = nps_weighted_tally, RIGHTARG = nps_weighted_tally,
    COMMUTATOR = +
);
COMMENT ON OPERATOR + (nps_weighted_tally, nps_weighted_tally) IS
    'weighted tally of both together';

CREATE OPERATOR - (
    FUNCTION = nps_weighted_tally_subtract,
    LEFTARG = nps_weighted_tally, RIGHTARG = nps_weighted_tally
);
COMMENT ON OPERATOR - (nps_weighted_tally, nps_weighted_tally) IS
    'weighted tally of the rest, once a part is taken away';

-- The casts between the two are explicit: whoever mixes them says so.

CREATE FUNCTION nps_weighted_tally(tally nps_tally) RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME', 'nps_weighted_of_tally' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally(nps_tally) IS
    'weighted tally in which each response weighs 1';

CREATE FUNCTION nps_tally(tally nps_weighted_tally) RETURNS nps_tally
    AS 'MODULE_PATHNAME', 'nps_tally_of_weighted' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_tally(nps_weighted_tally) IS
    'tally of the same responses without their weights';

CREATE CAST (nps_tally AS nps_weighted_tally) WITH FUNCTION nps_weighted_tally(nps_tally);
COMMENT ON CAST (nps_tally AS nps_weighted_tally) IS
    'weighted tally in which each response weighs 1';

CREATE CAST (nps_weighted_tally AS nps_tally) WITH FUNCTION nps_tally(nps_weighted_tally);
COMMENT ON CAST (nps_weighted_tally AS nps_tally) IS
    'tally of the same responses without their weights';

CREATE FUNCTION nps_weighted_tally_json(tally nps_weighted_tally) RETURNS json
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_tally_json(nps_weighted_tally) IS
    'weighted tally as a JSON object of its counts, weight and score';

CREATE FUNCTION nps_weighted_tally_jsonb(tally nps_weighted_tally) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN nps_weighted_tally_json(tally)::jsonb;
COMMENT ON FUNCTION nps_weighted_tally_jsonb(nps_weighted_tally) IS
    'weighted tally as a JSON object of its counts, weight and score';

CREATE CAST (nps_weighted_tally AS json) WITH FUNCTION nps_weighted_tally_json(nps_weighted_tally);
COMMENT ON CAST (nps_weighted_tally AS json) IS
    'weighted tally as a JSON object of its counts, weight and score';

CREATE CAST (nps_weighted_tally AS jsonb) WITH FUNCTION nps_weighted_tally_jsonb(nps_weighted_tally);
COMMENT ON CAST (nps_weighted_tally AS jsonb) IS
    'weighted tally as a JSON object of its counts, weight and score';

-- The aggregates.  A weight counts as its cast to numeric does, to 18 decimal
-- places: 0.1 is 0.1.  A response of weight 0, or without a weight or a score, is
-- not counted; a weight that is negative, NaN, infinite or 10^20 and more is an
-- error (22003), and so is a sum of them from 10^20 on.

CREATE FUNCTION nps_weighted_accum(nps_weighted_tally, double precision, weight double precision)
    RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME', 'nps_weighted_accum_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_accum(nps_weighted_tally, double precision, double precision) IS
    'aggregate transition function';

CREATE FUNCTION nps_weighted_accum(nps_weighted_tally, nps_category, weight double precision)
    RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME', 'nps_weighted_accum_category' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_accum(nps_weighted_tally, nps_category, double precision) IS
    'aggregate transition function';

CREATE FUNCTION nps_weighted_accum_inv(nps_weighted_tally, double precision, weight double precision)
    RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME', 'nps_weighted_accum_inv_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_accum_inv(nps_weighted_tally, double precision, double precision) IS
    'aggregate inverse transition function';

CREATE FUNCTION nps_weighted_accum_inv(nps_weighted_tally, nps_category, weight double precision)
    RETURNS nps_weighted_tally
    AS 'MODULE_PATHNAME', 'nps_weighted_accum_inv_category' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_weighted_accum_inv(nps_weighted_tally, nps_category, double precision) IS
    'aggregate inverse transition function';

CREATE AGGREGATE nps_weighted(score double precision, weight double precision) (
    SFUNC = nps_weighted_accum,
    STYPE = nps_weighted_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_weighted_tally_add,
    INITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    MSFUNC = nps_weighted_accum,
    MINVFUNC = nps_weighted_accum_inv,
    MSTYPE = nps_weighted_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_weighted(double precision, double precision) IS
    'Net Promoter Score of weighted scores, in points';

CREATE AGGREGATE nps_weighted(category nps_category, weight double precision) (
    SFUNC = nps_weighted_accum,
    STYPE = nps_weighted_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_weighted_tally_add,
    INITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    MSFUNC = nps_weighted_accum,
    MINVFUNC = nps_weighted_accum_inv,
    MSTYPE = nps_weighted_tally,
    MFINALFUNC = nps_score,
    MINITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_weighted(nps_category, double precision) IS
    'Net Promoter Score of weighted categories, in points';

CREATE AGGREGATE nps_weighted_tally(score double precision, weight double precision) (
    SFUNC = nps_weighted_accum,
    STYPE = nps_weighted_tally,
    COMBINEFUNC = nps_weighted_tally_add,
    INITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    MSFUNC = nps_weighted_accum,
    MINVFUNC = nps_weighted_accum_inv,
    MSTYPE = nps_weighted_tally,
    MINITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_weighted_tally(double precision, double precision) IS
    'weighted tally of scores';

CREATE AGGREGATE nps_weighted_tally(category nps_category, weight double precision) (
    SFUNC = nps_weighted_accum,
    STYPE = nps_weighted_tally,
    COMBINEFUNC = nps_weighted_tally_add,
    INITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    MSFUNC = nps_weighted_accum,
    MINVFUNC = nps_weighted_accum_inv,
    MSTYPE = nps_weighted_tally,
    MINITCOND = '((0,0,0),(0,0,0),(0,0,0))',
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_weighted_tally(nps_category, double precision) IS
    'weighted tally of categories';

CREATE AGGREGATE nps(tally nps_weighted_tally) (
    SFUNC = nps_weighted_tally_add,
    STYPE = nps_weighted_tally,
    FINALFUNC = nps_score,
    COMBINEFUNC = nps_weighted_tally_add,
    MSFUNC = nps_weighted_tally_add,
    MINVFUNC = nps_weighted_tally_subtract,
    MSTYPE = nps_weighted_tally,
    MFINALFUNC = nps_score,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps(nps_weighted_tally) IS
    'Net Promoter Score of all responses of the weighted tallies, in points';

CREATE AGGREGATE sum(tally nps_weighted_tally) (
    SFUNC = nps_weighted_tally_add,
    STYPE = nps_weighted_tally,
    COMBINEFUNC = nps_weighted_tally_add,
    MSFUNC = nps_weighted_tally_add,
    MINVFUNC = nps_weighted_tally_subtract,
    MSTYPE = nps_weighted_tally,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE sum(nps_weighted_tally) IS
    'weighted tally of all responses of the weighted tallies';

-- The statistics.  Each is that of the plain tally where all weights are equal;
-- the method is one of wald, adjusted-wald, agresti-min and bonett-price, and
-- score is an error (22023).

-- The standard error of a weighted mean, linearised, in points: the root of the
-- sum of (w * (x - s))^2 over all responses x of weight w, over the sum of the
-- weights (Woodruff 1971, Binder 1983).
CREATE FUNCTION nps_stderr(tally nps_weighted_tally) RETURNS double precision
    AS 'MODULE_PATHNAME', 'nps_weighted_stderr' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_stderr(nps_weighted_tally) IS
    'standard error of the score of a weighted tally, in points';

-- The interval: the pseudo-responses that a method adds have the weight
-- Q / W each, with W the sum of the weights and Q that of their squares.
CREATE FUNCTION nps_interval(tally nps_weighted_tally,
                             confidence double precision DEFAULT 0.95,
                             method text DEFAULT 'adjusted-wald')
    RETURNS numrange
    AS 'MODULE_PATHNAME', 'nps_weighted_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_interval(nps_weighted_tally, double precision, text) IS
    'confidence interval of the score of a weighted tally, in points';

CREATE FUNCTION nps_margin(tally nps_weighted_tally,
                           confidence double precision DEFAULT 0.95,
                           method text DEFAULT 'adjusted-wald')
    RETURNS numeric
    AS 'MODULE_PATHNAME', 'nps_weighted_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_margin(nps_weighted_tally, double precision, text) IS
    'margin of error of the score of a weighted tally, in points';

CREATE FUNCTION nps_test(a nps_weighted_tally, b nps_weighted_tally,
                         confidence double precision DEFAULT 0.95,
                         method text DEFAULT 'adjusted-wald',
                         alternative text DEFAULT 'two-sided',
                         OUT difference numeric,
                         OUT stderr double precision,
                         OUT z double precision,
                         OUT p_value double precision,
                         OUT lower numeric,
                         OUT upper numeric)
    AS 'MODULE_PATHNAME', 'nps_weighted_test_two_samples' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_test(nps_weighted_tally, nps_weighted_tally, double precision, text, text) IS
    'test of the score of one weighted tally against that of another';

CREATE FUNCTION nps_test(tally nps_weighted_tally, benchmark double precision,
                         confidence double precision DEFAULT 0.95,
                         method text DEFAULT 'adjusted-wald',
                         alternative text DEFAULT 'two-sided',
                         OUT difference numeric,
                         OUT stderr double precision,
                         OUT z double precision,
                         OUT p_value double precision,
                         OUT lower numeric,
                         OUT upper numeric)
    AS 'MODULE_PATHNAME', 'nps_weighted_test_benchmark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_test(nps_weighted_tally, double precision, double precision, text, text) IS
    'test of the score of a weighted tally against a fixed score';

-- The share of a segment is that of the weight.  A segment with more responses,
-- weight or squared weight of a category than its total is an error (22023).
CREATE FUNCTION nps_change(before nps_weighted_tally,
                           after nps_weighted_tally,
                           total_before nps_weighted_tally,
                           total_after nps_weighted_tally,
                           OUT rate numeric, OUT mix numeric, OUT total numeric)
    AS 'MODULE_PATHNAME', 'nps_weighted_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_change(nps_weighted_tally, nps_weighted_tally,
                               nps_weighted_tally, nps_weighted_tally) IS
    'effect of a segment on the change of the overall weighted score, in points';

-- The row of a dashboard tile: people, percentages of the weight, and what the
-- weights are.  Without responses the counts and the weight are 0, and the rest
-- is NULL.
CREATE FUNCTION nps_summary(tally nps_weighted_tally,
                            confidence double precision DEFAULT 0.95,
                            method text DEFAULT 'adjusted-wald',
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
                            OUT upper numeric,
                            OUT weight numeric,
                            OUT effective_responses numeric)
    AS 'MODULE_PATHNAME', 'nps_weighted_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary(nps_weighted_tally, double precision, text) IS
    'counts, percentages, score, interval and weight of a weighted tally';

----------------------------------------------------------------------------
-- The bar
----------------------------------------------------------------------------

-- The three shares as a bar of text.  Immutable, as a database never changes its
-- encoding.
CREATE FUNCTION nps_bar(tally nps_tally, width integer DEFAULT 20) RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_bar(nps_tally, integer) IS
    'bar of text that shows the shares of a tally';

----------------------------------------------------------------------------
-- Roll-ups: stored tallies that triggers keep
----------------------------------------------------------------------------

-- What is above reads no table.  These functions read and write tables that
-- are their caller's own: they are volatile, and parallel unsafe.

CREATE FUNCTION nps_rollup() RETURNS trigger
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION nps_rollup() IS
    'trigger function that keeps a roll-up';

-- Always true, but stable, as what the relations are called.  In the WHEN of a
-- trigger it names what the trigger keeps, by constants that follow when a
-- relation is renamed, and prevent that it is dropped unnoticed.
CREATE FUNCTION nps_rollup_of(rollup regclass, changes regclass, definition regclass) RETURNS boolean
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_rollup_of(regclass, regclass, regclass) IS
    'mark of a trigger that keeps this roll-up: true';

-- A trigger of somebody else, or on another table, makes no roll-up, whatever
-- it names.
CREATE VIEW nps_rollups AS
    WITH sources AS (
        SELECT DISTINCT r.ev_class AS view, d.refobjid AS source
        FROM pg_rewrite AS r
             JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                  AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
             JOIN pg_class AS c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p')
    ), named AS (
        SELECT DISTINCT t.oid AS trigger, t.tgrelid AS on_table, d.refobjid AS relation, c.relowner AS owner
        FROM pg_trigger AS t
             JOIN pg_depend AS d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
                  AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
             JOIN pg_class AS c ON c.oid = d.refobjid
        WHERE t.tgfoid = 'nps_rollup()'::regprocedure
    )
    SELECT DISTINCT r.relation::regclass AS rollup, d.relation::regclass AS definition,
           source.source::regclass AS source, c.relation::regclass AS changes
    FROM named AS r
         JOIN sources AS kept ON kept.view = r.relation
         JOIN named AS c ON c.trigger = r.trigger AND c.owner = r.owner AND c.relation = kept.source
         JOIN named AS d ON d.trigger = r.trigger AND d.owner = r.owner AND d.relation NOT IN (r.relation, c.relation)
         JOIN sources AS source ON source.view = d.relation AND source.source = d.on_table;
COMMENT ON VIEW nps_rollups IS
    'the roll-ups of this database: view, definition, table rolled up, table of changes';
GRANT SELECT ON nps_rollups TO PUBLIC;

CREATE FUNCTION nps_create_rollup(name name, definition regclass) RETURNS regclass
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION nps_create_rollup(name, regclass) IS
    'make a roll-up of what this view defines, and triggers that keep it';

CREATE FUNCTION nps_check_rollup(rollup regclass, OUT keys jsonb, OUT expected nps_tally, OUT found nps_tally) RETURNS SETOF record
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION nps_check_rollup(regclass) IS
    'where a roll-up differs from its definition: nowhere';

CREATE FUNCTION nps_squash_rollup(rollup regclass) RETURNS bigint
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION nps_squash_rollup(regclass) IS
    'merge the changes of a roll-up, without waiting';

CREATE FUNCTION nps_rebuild_rollup(rollup regclass) RETURNS void
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION nps_rebuild_rollup(regclass) IS
    'fill a roll-up anew, and give new partitions their triggers';

CREATE FUNCTION nps_drop_rollup(rollup regclass) RETURNS void
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION nps_drop_rollup(regclass) IS
    'drop a roll-up with its triggers; its definition stays';
