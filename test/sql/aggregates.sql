-- The aggregates nps, nps_tally and sum over every type of input.

-- Known scores, over answers: 70 promoters, 10 passives, 20 detractors; the
-- last two are from talkstats.com thread 58500 and Cross Validated 18603.
CREATE TEMP TABLE known (name text, detractors integer, passives integer, promoters integer);
INSERT INTO known VALUES ('text book', 20, 10, 70), ('satisfied', 42, 159, 2080),
                         ('talkstats', 395, 476, 291), ('whuber', 54, 108, 162);
SELECT name, nps(score), round(nps(score), 3) AS rounded, nps_tally(score)
FROM known, LATERAL (SELECT 3 FROM generate_series(1, detractors)
                     UNION ALL SELECT 8 FROM generate_series(1, passives)
                     UNION ALL SELECT 10 FROM generate_series(1, promoters)) AS answers(score)
GROUP BY name ORDER BY name;

-- Every shape of group, over every type of input.
CREATE TEMP TABLE shapes (shape text, score integer);
INSERT INTO shapes VALUES ('all NULL', NULL), ('all NULL', NULL),
    ('one detractor', 0), ('one passive', 7), ('one promoter', 10),
    ('many', 10), ('many', 9), ('many', 8), ('many', 6), ('many', 10),
    ('NULL among', NULL), ('NULL among', 9), ('NULL among', NULL), ('NULL among', 1),
    ('NULL among', 9);
CREATE TEMP VIEW groups AS
    SELECT 'no rows' AS shape UNION SELECT shape FROM shapes;
SELECT shape, nps(score::smallint) AS "smallint", nps(score) AS "integer",
       nps(score::bigint) AS "bigint",
       nps(score::numeric) AS "numeric", nps(score::double precision) AS "double precision",
       nps(nps_category(score)) AS nps_category,
       nps(nps_tally((score <= 6)::int, (score BETWEEN 7 AND 8)::int,
                     (score >= 9)::int)) AS nps_tally
FROM groups LEFT JOIN shapes USING (shape) GROUP BY shape ORDER BY shape COLLATE "C";
SELECT shape, nps_tally(score::smallint) AS "smallint", nps_tally(score) AS "integer",
       nps_tally(score::bigint) AS "bigint",
       nps_tally(score::numeric) AS "numeric",
       nps_tally(score::double precision) AS "double precision",
       nps_tally(nps_category(score)) AS nps_category,
       sum(nps_tally((score <= 6)::int, (score BETWEEN 7 AND 8)::int, (score >= 9)::int)) AS sum
FROM groups LEFT JOIN shapes USING (shape) GROUP BY shape ORDER BY shape COLLATE "C";
-- Ungrouped and over no rows at all there is still one row.
SELECT nps(score::smallint) AS "smallint", nps(score) AS "integer", nps(score::bigint) AS "bigint",
       nps(score::numeric) AS "numeric", nps(score::double precision) AS "double precision",
       nps(nps_category(score)) AS nps_category, nps(nps_tally(score, 0, 0)) AS nps_tally
FROM shapes WHERE false;
SELECT nps_tally(score::smallint) AS "smallint", nps_tally(score) AS "integer",
       nps_tally(score::bigint) AS "bigint",
       nps_tally(score::numeric) AS "numeric",
       nps_tally(score::double precision) AS "double precision",
       nps_tally(nps_category(score)) AS nps_category, sum(nps_tally(score, 0, 0)) AS sum
FROM shapes WHERE false;
SELECT pg_typeof(nps(score)) AS nps, pg_typeof(nps_tally(score)) AS nps_tally,
       pg_typeof(sum(nps_tally(1, 1, 1))) AS sum
FROM shapes;

-- NULL answers are not in the denominator.
SELECT nps(score) AS nps, nps(coalesce(score, 0)) AS wrong FROM shapes WHERE shape = 'NULL among';

-- The score of the whole is not the mean of the scores of its parts.
SELECT round(nps(score), 4) AS nps_of_all, round(avg(part), 4) AS mean_of_scores
FROM shapes
     JOIN (SELECT shape, nps(score) AS part FROM shapes GROUP BY shape) AS parts USING (shape);
SELECT nps(tally) = (SELECT nps(score) FROM shapes) AS nps_of_tallies_is_nps_of_all,
       nps_score(sum(tally)) = nps(tally) AS sum_agrees
FROM (SELECT nps_tally(score) AS tally FROM shapes GROUP BY shape) AS parts;

-- Empty tallies count nothing; a NULL tally is passed over.
SELECT nps(t), sum(t) FROM (VALUES (nps_tally(0, 0, 0))) AS v(t);
SELECT nps(t), sum(t) FROM (VALUES
    (nps_tally(0, 0, 0)), (NULL), (nps_tally(1, 1, 2)), (NULL)) AS v(t);
SELECT nps(t), sum(t) FROM (VALUES (NULL::nps_tally), (NULL)) AS v(t);

-- Fractions, off-scale scores, and the overflow of a sum.
SELECT nps_tally(score) AS "numeric", nps_tally(score::double precision) AS "double precision",
       nps_tally(score::real) AS "real"
FROM (VALUES (6.5), (8.5), (8.99), (9.0), (10.0), (0.0)) AS v(score);
SELECT nps_tally(8.99999999999999999999), nps(6.99999999999999999999);
\set VERBOSITY terse
SELECT nps(score) FROM (VALUES (9), (11)) AS v(score);
SELECT nps(score) FROM (VALUES (9::smallint), (-1)) AS v(score);
SELECT nps_tally(score) FROM (VALUES (9::bigint), (4294967305)) AS v(score);
SELECT nps_tally(score) FROM (VALUES (9), (10.01)) AS v(score);
SELECT nps(score) FROM (VALUES (9), ('NaN'::double precision)) AS v(score);
SELECT nps(score) FROM (VALUES (9), ('NaN'::numeric)) AS v(score);
SELECT nps(score) FROM (VALUES (9), ('Infinity'::numeric)) AS v(score);
SELECT nps(score) FROM (VALUES (9), ('-Infinity'::double precision)) AS v(score);
SELECT sum(t) FROM (VALUES (nps_tally(9223372036854775807, 0, 0)), (nps_tally(0, 0, 1))) AS v(t);
SELECT nps(t) FROM (VALUES (nps_tally(9223372036854775807, 0, 0)), (nps_tally(1, 0, 0))) AS v(t);
\set VERBOSITY sqlstate
SELECT nps(score) FROM (VALUES (9), (11)) AS v(score);
SELECT sum(t) FROM (VALUES (nps_tally(9223372036854775807, 0, 0)), (nps_tally(0, 0, 1))) AS v(t);
\set VERBOSITY default

-- DISTINCT, ORDER BY and FILTER; grouping sets and rollup.
SELECT nps(DISTINCT score), nps_tally(DISTINCT score), nps(score ORDER BY score DESC),
       nps(score) FILTER (WHERE score > 6)
FROM shapes;
SELECT shape, nps(score), nps_tally(score) FROM shapes
GROUP BY ROLLUP (shape) HAVING nps(score) IS NOT NULL ORDER BY shape COLLATE "C" NULLS LAST;

-- One pass serves nps and nps_tally, and neither disturbs the other.
SELECT shape, nps(score), nps_tally(score), nps_score(nps_tally(score)),
       nps(score) = nps_score(nps_tally(score)) AS same
FROM shapes GROUP BY shape ORDER BY shape COLLATE "C";

-- Hashed and sorted grouping agree, and so do results kept while others are made.
SET enable_hashagg = off;
CREATE TEMP TABLE sorted AS SELECT i % 97 AS g, nps(i % 11), nps_tally(i % 11)
FROM generate_series(1, 9700) AS i GROUP BY g;
RESET enable_hashagg; SET enable_sort = off;
CREATE TEMP TABLE hashed AS SELECT i % 97 AS g, nps(i % 11), nps_tally(i % 11)
FROM generate_series(1, 9700) AS i GROUP BY g;
RESET enable_sort;
SELECT count(*) AS same FROM sorted JOIN hashed USING (g, nps, nps_tally);
SELECT count(DISTINCT t::text) AS tallies, sum(t) AS total
FROM (SELECT unnest(array_agg(t)) AS t
      FROM (SELECT nps_tally(g % 11) AS t FROM generate_series(1, 100) AS g GROUP BY g) AS parts) AS v;

-- Stored tallies are aggregated again: days to months, months to years.
CREATE TEMP TABLE daily AS
    SELECT day, nps_tally((day - date '2024-01-01') * 7 % 11) AS tally
    FROM generate_series(date '2024-01-01', '2025-12-31', '1 day') AS d(at),
         LATERAL (SELECT at::date AS day) AS l
    GROUP BY day;
CREATE TEMP TABLE monthly AS
    SELECT date_trunc('month', day)::date AS month, sum(tally) AS tally FROM daily GROUP BY month;
SELECT extract(year FROM month) AS year, sum(tally), nps(tally)
FROM monthly GROUP BY year ORDER BY year;
SELECT extract(year FROM day) AS year, sum(tally), nps(tally)
FROM daily GROUP BY year ORDER BY year;

-- An unknown literal does not say which nps() is meant; core's sum() is the same.
\set VERBOSITY terse
SELECT nps('9');
SELECT nps(NULL);
\set VERBOSITY default
SELECT nps(NULL::integer) IS NULL AS is_null, nps('9'::integer);
