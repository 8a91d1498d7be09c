-- The filters nps_is_detractor, nps_is_passive and nps_is_promoter: what they
-- answer, and that the planner puts the range itself in their place.

CREATE SCHEMA filters;
SET search_path = filters, public;
\pset null NULL

-- What the three filters say of a score: (detractor,passive,promoter).
CREATE FUNCTION said(score anyelement) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN ROW(nps_is_detractor(score), nps_is_passive(score), nps_is_promoter(score));
END $$;

-- How many of the scores each filter picks, and for how many scores one of
-- them contradicts nps_category(score).
CREATE FUNCTION agreement(anyarray, OUT scores bigint, OUT detractors bigint,
                          OUT passives bigint, OUT promoters bigint,
                          OUT contradictions bigint)
    LANGUAGE plpgsql AS $$
BEGIN
    SELECT count(*),
        count(*) FILTER (WHERE nps_is_detractor(score)),
        count(*) FILTER (WHERE nps_is_passive(score)),
        count(*) FILTER (WHERE nps_is_promoter(score)),
        count(*) FILTER (WHERE
            nps_is_detractor(score) IS DISTINCT FROM (nps_category(score) = 'detractor')
            OR nps_is_passive(score) IS DISTINCT FROM (nps_category(score) = 'passive')
            OR nps_is_promoter(score) IS DISTINCT FROM (nps_category(score) = 'promoter'))
    INTO scores, detractors, passives, promoters, contradictions
    FROM unnest($1) AS score;
END $$;

-- How many rows a query gives.
CREATE FUNCTION rows(query text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    rows bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (%s) AS query', query) INTO rows;
    RETURN rows;
END $$;

-- The plan of a query.
CREATE FUNCTION plan(query text) RETURNS jsonb
    LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
    RETURN plan;
END $$;

----------------------------------------------------------------------------
-- What they answer
----------------------------------------------------------------------------

-- Every whole score, one below and one above the scale, and NULL.
SELECT score,
    said(score::smallint) AS "smallint",
    said(score::integer) AS "integer",
    said(score::bigint) AS "bigint",
    said(score::numeric) AS "numeric",
    said(score::double precision) AS "double precision",
    said(score::real) AS "real"
FROM unnest(ARRAY[-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, NULL]) AS score
ORDER BY score;

-- Fractions, and what is next to a threshold.  Where a type cannot tell a
-- score from the threshold, it is the threshold.
SELECT score,
    said(score::numeric) AS "numeric",
    said(score::double precision) AS "double precision",
    said(score::real) AS "real"
FROM unnest(ARRAY[
    '-Infinity', '-0.5', '-0.00000000000000000001', '-0',
    '0.00000000000000000001', '0.1', '6.5', '6.9999995', '6.999999999999999',
    '6.99999999999999999999', '7.000000000000001', '8.5', '8.999999',
    '8.999999999999998', '8.99999999999999999999', '9.000000000000002', '9.5',
    '9.999999999999998', '10.000000000000002', '10.00000000000000000001',
    '10.5', 'Infinity', 'NaN']) AS score
ORDER BY score::numeric;

-- The ends of each type are off the scale, which is none of the three.
SELECT type, least, greatest
FROM (VALUES
    (1, 'smallint', said('-32768'::smallint), said(32767::smallint)),
    (2, 'integer', said('-2147483648'::integer), said(2147483647)),
    (3, 'bigint', said('-9223372036854775808'::bigint), said(9223372036854775807)),
    (4, 'numeric', said('-1e1000'::numeric), said('1e1000'::numeric)),
    (5, 'double precision', said('-1.7976931348623157e308'::double precision),
                            said('1.7976931348623157e308'::double precision)),
    -- The least by size: just below the scale, and just on it.
    (6, 'double precision, tiny', said('-4.9e-324'::double precision),
                                  said('4.9e-324'::double precision)),
    (7, 'real', said('-3.4028235e38'::real), said('3.4028235e38'::real))
) AS ends (place, type, least, greatest)
ORDER BY place;

-- They agree with nps_category(score) on every value on the scale.
SELECT 'smallint, whole' AS scale, a.*
FROM agreement(ARRAY(SELECT n::smallint FROM generate_series(0, 10) AS n)) AS a
UNION ALL
SELECT 'integer, whole', a.*
FROM agreement(ARRAY(SELECT n FROM generate_series(0, 10) AS n)) AS a
UNION ALL
SELECT 'bigint, whole', a.*
FROM agreement(ARRAY(SELECT n::bigint FROM generate_series(0, 10) AS n)) AS a
UNION ALL
SELECT 'numeric, by 0.1', a.*
FROM agreement(ARRAY(SELECT n / 10.0 FROM generate_series(0, 100) AS n)) AS a
UNION ALL
SELECT 'numeric, by 0.01', a.*
FROM agreement(ARRAY(SELECT n / 100.0 FROM generate_series(0, 1000) AS n)) AS a
UNION ALL
SELECT 'numeric, next to a threshold', a.*
FROM agreement(ARRAY[0.00000000000000000001, 6.99999999999999999999,
                     7.00000000000000000001, 8.99999999999999999999,
                     9.00000000000000000001, 9.99999999999999999999]) AS a
UNION ALL
SELECT 'double precision, by 0.1', a.*
FROM agreement(ARRAY(SELECT n / 10::double precision FROM generate_series(0, 100) AS n)) AS a
UNION ALL
SELECT 'double precision, by 0.01', a.*
FROM agreement(ARRAY(SELECT n / 100::double precision FROM generate_series(0, 1000) AS n)) AS a
UNION ALL
SELECT 'double precision, next to a threshold', a.*
FROM agreement(ARRAY['4.9e-324', '6.999999999999999', '7.000000000000001',
                     '8.999999999999998', '9.000000000000002',
                     '9.999999999999998']::double precision[]) AS a
UNION ALL
SELECT 'real, by 0.01', a.*
FROM agreement(ARRAY(SELECT (n / 100.0)::real FROM generate_series(0, 1000) AS n)) AS a
ORDER BY scale COLLATE "C";

-- A score that must not be computed twice is computed once.
CREATE SEQUENCE scores START 8;
SELECT nps_is_passive(nextval('scores')) AS passive, currval('scores');

-- In WHERE, NULL is not picked, and NOT does not pick it either.
SELECT count(*) FILTER (WHERE nps_is_promoter(score)) AS promoters,
    count(*) FILTER (WHERE NOT nps_is_promoter(score)) AS others,
    count(*) FILTER (WHERE nps_is_promoter(score) IS NULL) AS unanswered
FROM unnest(ARRAY[10, 9, 8, 3, NULL, NULL, NULL]) AS score;

----------------------------------------------------------------------------
-- Indexes and statistics
----------------------------------------------------------------------------

-- 10000 answers of which 80 % are tens, the rest spread over 0 to 9, with
-- fractions where the type has them; and 1000 without an answer.  So there are
-- 7 * 200 detractors, 2 * 200 passives and 200 + 8000 promoters.
CREATE DOMAIN answer AS smallint CHECK (VALUE BETWEEN 0 AND 10);

CREATE TABLE answers AS
SELECT id,
    whole::smallint AS as_smallint,
    whole AS as_integer,
    whole::bigint AS as_bigint,
    (whole + part)::numeric AS as_numeric,
    (whole + part)::double precision AS as_double,
    (whole + part)::real AS as_real,
    whole::answer AS as_domain
FROM generate_series(1, 11000) AS id,
    LATERAL (SELECT CASE WHEN id > 10000 THEN NULL
                         WHEN id % 10 < 8 THEN 10
                         ELSE id / 10 % 10 END AS whole) AS w,
    LATERAL (SELECT CASE WHEN whole = 10 THEN 0
                         ELSE id / 100 % 100 * 0.01 END AS part) AS p;

CREATE INDEX ON answers (as_smallint);
CREATE INDEX ON answers (as_integer);
CREATE INDEX ON answers (as_bigint);
CREATE INDEX ON answers (as_numeric);
CREATE INDEX ON answers (as_double);
CREATE INDEX ON answers ((as_real::double precision));
CREATE INDEX ON answers (as_domain);
ANALYZE answers;

-- An index on the score finds the rows by both ends of the range and leaves
-- nothing to filter; the estimate is within a factor of 2 of the truth.
SET enable_seqscan = off;
SELECT score, filter, rows, indexed,
    estimate BETWEEN rows / 2.0 AND rows * 2.0 AS estimated
FROM unnest(ARRAY['as_smallint', 'as_integer', 'as_bigint', 'as_numeric',
                  'as_double', 'as_real', 'as_domain'])
        WITH ORDINALITY AS s (score, place),
    unnest(ARRAY['detractor', 'passive', 'promoter']) AS filter,
    format('SELECT * FROM answers WHERE nps_is_%s(%I)', filter, score) AS query,
    rows(query),
    plan(query),
    CAST(plan #>> '{0,Plan,Plan Rows}' AS numeric) AS estimate,
    LATERAL (SELECT count(*) = 1
                AND NOT jsonb_path_exists(plan, '$.**."Filter"') AS indexed
        FROM jsonb_path_query(plan, 'strict $.**."Index Cond"') AS condition
        WHERE condition #>> '{}' LIKE '%' || score || '%AND%' || score || '%') AS i
ORDER BY place, filter;
RESET enable_seqscan;

-- A partial index on a filter serves the filter, and the range typed by hand.
CREATE INDEX to_call ON answers (id) WHERE nps_is_detractor(as_integer);
SELECT condition,
    jsonb_path_exists(plan(format('SELECT id FROM answers WHERE %s ORDER BY id LIMIT 10',
                                  condition)),
                      '$.**."Index Name" ? (@ == "to_call")') AS indexed
FROM unnest(ARRAY['nps_is_detractor(as_integer)',
                  'nps_is_passive(as_integer)',
                  'as_integer >= 0 AND as_integer < 7']) AS condition
ORDER BY condition COLLATE "C";

----------------------------------------------------------------------------
-- Partitions
----------------------------------------------------------------------------

-- For each type a table whose partitions are ranges of the score, named after
-- the first score in them; what is below the scale, and NULL, is elsewhere.
DO $$
DECLARE
    type text;
BEGIN
    FOREACH type IN ARRAY ARRAY['smallint', 'integer', 'bigint', 'numeric',
                                'double precision', 'answer'] LOOP
        EXECUTE format('
            CREATE TABLE "by %1$s" (score %1$s) PARTITION BY RANGE (score);
            CREATE TABLE "%1$s 0" PARTITION OF "by %1$s" FOR VALUES FROM (0) TO (5);
            CREATE TABLE "%1$s 5" PARTITION OF "by %1$s" FOR VALUES FROM (5) TO (7);
            CREATE TABLE "%1$s 7" PARTITION OF "by %1$s" FOR VALUES FROM (7) TO (9);
            CREATE TABLE "%1$s 9" PARTITION OF "by %1$s" FOR VALUES FROM (9) TO (10);
            CREATE TABLE "%1$s 10" PARTITION OF "by %1$s" FOR VALUES FROM (10) TO (MAXVALUE);
            CREATE TABLE "%1$s elsewhere" PARTITION OF "by %1$s" DEFAULT', type);
    END LOOP;
END $$;

-- Only the partitions that can hold such a score are read.
SELECT type, filter, partitions
FROM unnest(ARRAY['smallint', 'integer', 'bigint', 'numeric',
                  'double precision', 'answer'])
        WITH ORDINALITY AS t (type, place),
    unnest(ARRAY['detractor', 'passive', 'promoter']) AS filter,
    plan(format('SELECT * FROM "by %s" WHERE nps_is_%s(score)', type, filter)),
    LATERAL (SELECT string_agg(name #>> '{}', ', ' ORDER BY name #>> '{}') AS partitions
        FROM jsonb_path_query(plan, 'strict $.**."Relation Name"') AS name) AS p
ORDER BY place, filter;
