-- What the random queries have to work with: every type of score, categories,
-- tallies, and the arguments that the statistics take, in tables, partitions
-- and views.  sqlsmith makes constants of integers and booleans only; all other
-- values come from columns and from functions without arguments, so most of them
-- here are such that functions accept them, and some are not.

CREATE EXTENSION nps;
CREATE ROLE sqlsmith LOGIN;
GRANT CREATE ON SCHEMA public TO sqlsmith;
SET ROLE sqlsmith;
SELECT setseed(0.2003);

CREATE TABLE answers (
    id             integer PRIMARY KEY,
    score          integer,
    score_small    smallint,
    score_big      bigint,
    score_numeric  numeric,
    score_double   double precision,
    category       nps_category,
    method         text,
    answered       boolean
);
INSERT INTO answers
SELECT n, s, s, s, s + round(random()::numeric, n % 4), s * random(), nps_category(s),
       (ARRAY['wald', 'adjusted-wald', 'agresti-min', 'bonett-price', 'always-valid', 'score'])[n % 6 + 1], s IS NOT NULL
FROM generate_series(1, 200) AS n,
     LATERAL (SELECT CASE WHEN n % 13 > 0 THEN floor(random() * 10)::integer END AS s) AS a;
INSERT INTO answers VALUES (1001, 10, 10, 10, 10, 10, 'promoter', 'wald', true),
    (1002, 11, -1, 9223372036854775807, 'NaN', 'NaN', NULL, '', false),
    (1003, -2147483648, 32767, -9223372036854775808, 'Infinity', '-Infinity', NULL, NULL, NULL);

-- Partitions by each type, an empty one among them.
CREATE TABLE by_category (category nps_category, score integer, confidence double precision) PARTITION BY LIST (category);
CREATE TABLE by_category_detractor PARTITION OF by_category FOR VALUES IN ('detractor');
CREATE TABLE by_category_passive PARTITION OF by_category FOR VALUES IN ('passive');
CREATE TABLE by_category_promoter PARTITION OF by_category FOR VALUES IN ('promoter') PARTITION BY RANGE (score);
CREATE TABLE by_category_promoter_9 PARTITION OF by_category_promoter FOR VALUES FROM (9) TO (10);
CREATE TABLE by_category_promoter_10 PARTITION OF by_category_promoter FOR VALUES FROM (10) TO (11);
CREATE TABLE by_category_none PARTITION OF by_category DEFAULT;
INSERT INTO by_category SELECT nps_category(n % 9), n % 9, 0.05 + n % 19 / 20.0 FROM generate_series(1, 100) AS n;
CREATE INDEX ON by_category (category);

CREATE TABLE by_tally (tally nps_tally, responses bigint) PARTITION BY HASH (tally);
CREATE TABLE by_tally_0 PARTITION OF by_tally FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_tally_1 PARTITION OF by_tally FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_tally SELECT tally, nps_responses(tally)
FROM (SELECT nps_tally(n % 7, n % 5, n % 11) AS tally FROM generate_series(0, 60) AS n) AS t;

CREATE TABLE tallies (
    id          integer PRIMARY KEY,
    tally       nps_tally NOT NULL,
    whole       nps_tally,
    category    nps_category,
    detractors  bigint,
    target      numeric,
    benchmark   double precision,
    confidence  double precision,
    variance    double precision,
    method      text,
    alternative text,
    width       integer,
    interval    numrange,
    weighted    nps_weighted_tally
);
INSERT INTO tallies
SELECT n, part, part + nps_tally(n, 3 * n, 2 * n), nps_category(n % 11), n * n, n - 30, n - 50, 0.5 + n / 200.0, n / 100.0,
       (ARRAY['wald', 'adjusted-wald', 'agresti-min', 'bonett-price'])[n % 4 + 1],
       (ARRAY['two-sided', 'greater', 'less'])[n % 3 + 1], n, nps_interval(part),
       nps_weighted_accum(part::nps_weighted_tally, n % 11, n / 7.0::double precision)
FROM generate_series(0, 99) AS n, LATERAL (SELECT nps_tally(n % 10, n % 7, n % 23) AS part) AS p;
INSERT INTO tallies VALUES
    (1001, '(9223372036854775807,0,0)', '(0,0,9223372036854775807)', 'passive', -1, 100, 'NaN', 1, 0, 'score', '', 1000, 'empty'),
    (1002, '(3074457345618258602,3074457345618258602,3074457345618258603)', '(0,0,0)', NULL, 9223372036854775807, -100, 100, 1e-300, 1, '', 'score', -1, '(,)'),
    (1003, '(0,0,0)', NULL, NULL, NULL, 'NaN', 'Infinity', 0.9999999999999999, 1e-300, NULL, NULL, 2147483647, NULL);
CREATE INDEX ON tallies USING hash (tally);

-- No more rows than a query can join with themselves within its time limit, and
-- enough for several workers.
CREATE TABLE many (score smallint, plan integer, category nps_category, tally nps_tally);
INSERT INTO many SELECT s, n % 50, nps_category(s), nps_tally(s)
FROM generate_series(1, 2000) AS n, LATERAL (SELECT (random() * 10)::smallint AS s) AS a GROUP BY n, s;

CREATE VIEW scores AS
    SELECT plan, nps(score) AS score, nps_tally(category) AS tally, sum(tally) AS sum, min(category) AS worst, max(category) AS best
    FROM many GROUP BY plan;
CREATE VIEW rolling AS
    SELECT id, nps(score) OVER w AS score, nps_tally(score_small) OVER w AS tally, nps_tally(category) OVER w AS counted
    FROM answers WHERE id < 1000 WINDOW w AS (ORDER BY id ROWS 5 PRECEDING EXCLUDE CURRENT ROW);
CREATE VIEW rolling_tallies AS
    SELECT id, sum(tally) OVER w AS tally, nps(tally) OVER w AS score
    FROM tallies WHERE id < 1000 WINDOW w AS (ORDER BY id RANGE BETWEEN 5 PRECEDING AND 2 FOLLOWING);
CREATE VIEW changes AS
    SELECT id, (nps_change(tally, tally + nps_tally(1, id, 2), whole, whole + nps_tally(2, id, 3))).*,
           (nps_test(tally, whole, confidence, method, alternative)).p_value,
           (nps_test(tally, benchmark, confidence, method, alternative)).lower AS above
    FROM tallies WHERE id < 1000;
CREATE VIEW weighted AS
    SELECT plan, nps_weighted(score, plan + 0.5) AS score, nps_weighted_tally(category, plan) AS tally FROM many GROUP BY plan;
CREATE VIEW rolling_weighted AS
    SELECT id, sum(weighted) OVER w AS tally, nps_weighted(category, confidence) OVER w AS score
    FROM tallies WHERE id < 1000 WINDOW w AS (ORDER BY id ROWS 5 PRECEDING);
CREATE VIEW called_back AS SELECT * FROM answers WHERE nps_is_detractor(score);
CREATE MATERIALIZED VIEW summaries AS
    SELECT plan, (nps_summary(sum(tally))).*, (nps_summary(sum(tally))).margin::double precision AS points FROM many GROUP BY plan;

-- A function a value.
DO $$
DECLARE
    type_name text;
    literals text[];
    literal text;
    n integer := 0;
BEGIN
    FOR type_name, literals IN VALUES
        ('nps_category', '{detractor,passive,promoter}'::text[]),
        ('nps_weighted_tally', '{"((0,0,0),(0,0,0),(0,0,0))","((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25))","((1,0,0),(99999999999999999999,0,0),(9999999999999999999800000000000000000001,0,0))"}'),
        ('nps_tally', '{"(0,0,0)","(3,2,5)","(20,10,70)","(1,0,0)","(0,0,9223372036854775807)"}'),
        ('smallint', '{-1,0,6,10}'), ('bigint', '{0,7,9,11,9223372036854775807}'),
        ('numeric', '{8.9999999999999999999,7,50,-12.5,NaN}'), ('double precision', '{0.9,0.95,0.5,7.5,30,NaN}'),
        ('text', '{wald,adjusted-wald,bonett-price,score,two-sided,greater}')
    LOOP
        FOREACH literal IN ARRAY literals LOOP
            n := n + 1;
            EXECUTE format('CREATE FUNCTION value_%s() RETURNS %s LANGUAGE sql IMMUTABLE RETURN %L::%s', n, type_name, literal, type_name);
        END LOOP;
    END LOOP;
END
$$;

RESET ROLE;
ANALYZE;

-- sqlsmith picks functions and operators from the catalogues, and would seldom
-- find ours among some thousands.  It is shown ours, and of core's some over
-- the same types; immutable ones, as no other can kill a session or sleep.  It
-- takes nothing else from information_schema when told to leave the catalogues
-- out.
CREATE TABLE information_schema.types AS
    SELECT unnest('{boolean,smallint,integer,bigint,numeric,double precision,text,numrange,nps_category,nps_tally,nps_weighted_tally}'::regtype[])::oid AS oid;
CREATE VIEW information_schema.pg_proc AS
    SELECT * FROM pg_catalog.pg_proc
    WHERE pronamespace = 'public'::regnamespace
       OR (provolatile = 'i' AND pronamespace = 'pg_catalog'::regnamespace AND oid::bigint % 5 = 0 AND pronargs > 0
           AND prorettype IN (TABLE information_schema.types)
           AND NOT EXISTS (SELECT unnest(proargtypes) EXCEPT TABLE information_schema.types));
GRANT SELECT ON information_schema.pg_proc, information_schema.types TO sqlsmith;
ALTER ROLE sqlsmith SET search_path = information_schema, pg_catalog, public;
-- Operators it looks for under their full name, but not those without a result.
-- Its own queries need those of oid, name and "char"; and columns of any type
-- that there is, no array or enum among them, it joins by =.
INSERT INTO information_schema.types VALUES ('oid'::regtype), ('name'::regtype), ('"char"'::regtype);
SET allow_system_table_mods = on;
UPDATE pg_operator SET oprresult = 0
WHERE (oprname <> '=' OR oprleft IN ('anyarray'::regtype, 'anyenum'::regtype, 'anymultirange'::regtype))
  AND NOT (oprleft IN (TABLE information_schema.types) AND oprright IN (TABLE information_schema.types));
RESET allow_system_table_mods;

ALTER ROLE sqlsmith SET enable_partitionwise_aggregate = on;
ALTER ROLE sqlsmith SET enable_partitionwise_join = on;
ALTER ROLE sqlsmith SET track_functions = 'all';
ALTER ROLE sqlsmith SET log_min_duration_statement = 0;
