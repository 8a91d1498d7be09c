-- The type nps_weighted_tally: its forms, its algebra, its aggregates, its errors.

-- The text form is read as it is written.
SELECT input, input::nps_weighted_tally::text = input AS same
FROM (VALUES ('((0,0,0),(0,0,0),(0,0,0))'),
             ('((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25))'),
             ('((1,0,0),(0.000000000000000001,0,0),(0.000000000000000000000000000000000001,0,0))'),
             ('((0,1,0),(0,99999999999999999999.999999999999999999,0),(0,9999999999999999999999999999999999999800.000000000000000000000000000000000001,0))'),
             ('((0,0,9223372036854775807),(0,0,9223372036854775807),(0,0,9223372036854775807))')) AS v(input);
-- Nothing else is one.
SELECT ''::nps_weighted_tally;
SELECT '((1,0,0),(1,0,0),(2,0,0))'::nps_weighted_tally;
\set VERBOSITY terse
SELECT '(1,2,3)'::nps_weighted_tally;
SELECT '((1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(1,0,0),(1,0,0)) '::nps_weighted_tally;
SELECT '((1,0,0),(1,0,0),(1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0), (1,0,0), (1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(1.0,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(1.,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(.5,0,0),(0.25,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(1e0,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(NaN,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(-1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1.5,0,0),(1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((01,0,0),(1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(0.0000000000000000001,0,0),(1,0,0))'::nps_weighted_tally;
-- Promises that are broken: all of a category or none, q <= w^2 <= n * q, the
-- ends of the range.
SELECT '((1,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally;
SELECT '((0,0,0),(1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(1,0,0),(0.9,0,0))'::nps_weighted_tally;
SELECT '((2,0,0),(2,0,0),(4.1,0,0))'::nps_weighted_tally;
SELECT '((2,0,0),(2,0,0),(1.9,0,0))'::nps_weighted_tally;
SELECT '((9223372036854775808,0,0),(1,0,0),(1,0,0))'::nps_weighted_tally;
SELECT '((9223372036854775807,1,0),(9223372036854775807,1,0),(9223372036854775807,1,0))'::nps_weighted_tally;
SELECT '((1,0,0),(100000000000000000000,0,0),(10000000000000000000000000000000000000000,0,0))'::nps_weighted_tally;
\set VERBOSITY sqlstate
SELECT '((1,0,0))'::nps_weighted_tally;
SELECT '((1,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally;
\set VERBOSITY default

-- The aggregates.  What is not counted: no weight, no score, weight 0.
SELECT nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) AS score,
       nps_weight(nps_weighted_tally(score, weight)) AS weight
FROM (VALUES (10, 2), (9, 0), (NULL, 5), (3, 1), (8, NULL)) AS v(score, weight);
SELECT nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) IS NULL AS no_score,
       nps_responses(nps_weighted_tally(score, weight)) AS responses,
       nps_effective_responses(nps_weighted_tally(score, weight)) IS NULL AS none_effective
FROM (VALUES (10, 0), (3, 0)) AS v(score, weight);
-- A weight counts as its cast to numeric: ten of 0.1 are 1.
SELECT nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) AS score,
       nps_weight(nps_weighted_tally(score, weight)) AS weight
FROM (VALUES (10, 0.1, 10), (3, 0.2, 5)) AS v(score, weight, times), generate_series(1, times);
-- No rows, NULL only, one, many, NULL among; scores and categories.
SELECT n, nps_weighted_tally(s, w) AS of_scores, nps_weighted_tally(nps_category(s), w) AS of_categories,
       nps_weighted(s, w) AS score, nps_weighted(nps_category(s), w) AS of_categories
FROM (VALUES (1, NULL, NULL), (2, 9.5, 1.5), (3, 9.5, 1.5), (3, 0, 3), (3, 7, 0.25), (4, 8.9, NULL), (4, NULL, 1), (4, 6, 2)) AS v(n, s, w)
GROUP BY n ORDER BY n;
SELECT nps_weighted_tally(9, 1) AS tally, nps_weighted(9, 1) AS score, sum('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally) AS sum,
       nps('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally) AS nps WHERE false;
-- Over weighted tallies: of the whole, no mean of scores.
SELECT sum(t) AS tally, nps(t) AS score, count(t)
FROM (VALUES ('((1,0,1),(1,0,2),(1,0,4))'::nps_weighted_tally), (NULL), ('((0,0,0),(0,0,0),(0,0,0))'),
             ('((0,1,2),(0,4,1),(0,16,0.5))')) AS v(t);
-- Every number gets there by itself.
SELECT nps_weighted_tally(10::smallint, 2::smallint) AS "smallint", nps_weighted_tally(10::bigint, 2::bigint) AS "bigint",
       nps_weighted_tally(8.5::numeric, 0.1::numeric) AS "numeric", nps_weighted_tally(6.5::real, 0.5::real) AS "real";
-- Ends of the range of weights; below half of 10^-18 it is 0.
SELECT w, nps_weighted_tally(9, w)
FROM (VALUES (1, '5.1e-19'::float8), (2, '4.9e-19'), (3, '-0'), (4, '5e-324'), (5, '1e-18'), (6, '123.456789012345678'), (7, '99999999999999900000')) AS v(n, w)
GROUP BY n, w ORDER BY n;
SELECT nps_weighted_tally(9, -1);
SELECT nps_weighted_tally(9, 'NaN'::float8);
SELECT nps_weighted_tally(9, 'Infinity'::float8);
SELECT nps_weighted_tally(9, 1e20);
SELECT nps_weighted_tally(9, 6e19) FROM generate_series(1, 2);
\set VERBOSITY sqlstate
SELECT nps_weighted_tally(9, '-Infinity'::float8);
SELECT nps_weighted(9, -1);
SELECT nps_weighted_tally(9, '99999999999999983616'::float8);
SELECT nps_weighted_tally('promoter'::nps_category, -1);
\set VERBOSITY default
-- A score off the scale is wrong whatever it weighs; unread where it has none.
SELECT nps_weighted_tally(11, 0);
SELECT nps_weighted_tally(11, NULL);
\set VERBOSITY terse
SELECT nps_weighted_tally('NaN'::float8, 1);
-- Literals of no type are as ambiguous as for nps().
SELECT nps_weighted_tally('9', '1');
\set VERBOSITY default
-- A weight is no count, and is not taken for one.
\set VERBOSITY terse
SELECT nps_tally(9, 5.5);
\set VERBOSITY default

-- What it holds.
SELECT nps_detractors(t), nps_passives(t), nps_promoters(t), nps_responses(t), nps_weight(t),
       nps_weight(t, 'detractor') AS of_detractors, nps_weight(t, 'passive') AS of_passives, nps_weight(t, 'promoter') AS of_promoters,
       nps_effective_responses(t), nps_score(t)
FROM (VALUES (1, '((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25))'::nps_weighted_tally), (2, '((0,0,0),(0,0,0),(0,0,0))'), (3, NULL),
             (4, '((1,0,0),(0.000000000000000001,0,0),(0.000000000000000000000000000000000001,0,0))'),
             (5, '((0,0,9223372036854775807),(0,0,9223372036854775807),(0,0,9223372036854775807))'),
             (6, '((2,0,3),(0.1,0,99999999999999999999),(0.005,0,4000000000000000000000000000000000000000))')) AS v(n, t) ORDER BY n;

-- Equality, hash, and no order.
SELECT a = b AS eq, a <> b AS ne
FROM (VALUES (1, '((1,0,1),(1,0,2),(1,0,4))'::nps_weighted_tally, '((1,0,1),(1,0,2),(1,0,4))'::nps_weighted_tally),
             (2, '((1,0,1),(1,0,2),(1,0,4))', '((1,0,1),(1,0,2.1),(1,0,4.41))'),
             (3, '((0,0,2),(0,0,2),(0,0,2))', '((0,0,2),(0,0,2),(0,0,2.5))'), (4, NULL, '((0,0,0),(0,0,0),(0,0,0))')) AS v(n, a, b) ORDER BY n;
\set VERBOSITY terse
SELECT t FROM (SELECT nps_weighted_tally(9, 1) AS t) AS v ORDER BY t;
\set VERBOSITY default
CREATE TEMP TABLE weighted (id integer, tally nps_weighted_tally);
INSERT INTO weighted SELECT i, nps_weighted_tally(i % 11, i / 7.0) FROM generate_series(1, 1000) AS i GROUP BY i;
SELECT count(*), count(DISTINCT nps_weighted_tally_hash(tally)) > 990 AS spread,
       count(DISTINCT nps_weighted_tally_hash_extended(tally, 7)) > 990 AS spread_seeded,
       bool_and(nps_weighted_tally_hash(tally) = nps_weighted_tally_hash(tally::text::nps_weighted_tally)) AS stable,
       bool_and(nps_weighted_tally_hash_extended(tally, 0)::bit(64) << 32 = nps_weighted_tally_hash(tally)::bigint::bit(64) << 32) AS low_half_agrees,
       bool_and(nps_weighted_tally_hash_extended(tally, 0) <> nps_weighted_tally_hash_extended(tally, 1)) AS seed_matters
FROM weighted;
SELECT count(*) FROM (SELECT DISTINCT nps_weighted_tally(i % 2, i % 3 + 1) FROM generate_series(0, 99) AS i GROUP BY i) AS d;
CREATE INDEX weighted_hash ON weighted USING hash (tally);
ANALYZE weighted;
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT id FROM weighted WHERE tally = '((1,0,0),(5,0,0),(25,0,0))';
RESET enable_seqscan; RESET enable_bitmapscan;
SELECT count(*) FROM weighted AS a JOIN weighted AS b USING (tally);
CREATE TEMP TABLE weighted_by_hash (tally nps_weighted_tally) PARTITION BY HASH (tally);
CREATE TEMP TABLE weighted_by_hash_0 PARTITION OF weighted_by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE weighted_by_hash_1 PARTITION OF weighted_by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO weighted_by_hash SELECT tally FROM weighted;
SELECT count(*), count(DISTINCT tableoid) AS partitions FROM weighted_by_hash;
-- The hash is core's, of the 168 bytes, limbs of 8 with the lowest first; and it
-- is for ever.  Each of these limbs means the same in either order of bytes.
SELECT nps_weighted_tally_hash(t) = hashtext(bytes) AS hash, nps_weighted_tally_hash_extended(t, 0) = hashtextextended(bytes, 0) AS extended,
       nps_weighted_tally_hash_extended(t, 42) = hashtextextended(bytes, 42) AS seeded
FROM (VALUES ('((72340172838076673,72340172838076673,72340172838076673),(32026575710205973031.919362048769202457,32026575710205973031.919362048769202457,32026575710205973031.919362048769202457),(908173248920127023003816765582493560775.321785231306622995060443128285823747,908173248920127023003816765582493560775.321785231306622995060443128285823747,908173248920127023003816765582493560775.321785231306622995060443128285823747))'::nps_weighted_tally,
              (repeat(E'\x01', 24) || repeat(repeat(E'\x19', 8) || repeat(E'\x18', 8), 3)
               || repeat(repeat(E'\x03', 8) || repeat(E'\x04', 8) || repeat(E'\x05', 8) || repeat(E'\x02', 8), 3)) COLLATE "C")) AS v(t, bytes);

-- Addition and subtraction.
SELECT '((1,0,1),(1,0,2),(1,0,4))'::nps_weighted_tally + '((0,1,2),(0,4,1),(0,16,0.5))' AS sum,
       '((1,1,3),(1,4,3),(1,16,4.5))'::nps_weighted_tally - '((0,1,2),(0,4,1),(0,16,0.5))' AS rest,
       '((1,0,0),(0.1,0,0),(0.01,0,0))'::nps_weighted_tally - '((1,0,0),(0.1,0,0),(0.01,0,0))' AS nothing,
       '((1,0,0),(0.1,0,0),(0.01,0,0))'::nps_weighted_tally + NULL IS NULL AS is_null;
SELECT '((1,0,0),(1,0,0),(1,0,0))'::nps_weighted_tally - '((0,0,1),(0,0,1),(0,0,1))';
-- By each number a part, but what is left would have w^2 > n * q.
SELECT '((2,0,0),(3,0,0),(5,0,0))'::nps_weighted_tally - '((1,0,0),(1.5,0,0),(2.25,0,0))';
SELECT '((0,0,1),(0,0,60000000000000000000),(0,0,3600000000000000000000000000000000000000))'::nps_weighted_tally
       + '((0,0,1),(0,0,60000000000000000000),(0,0,3600000000000000000000000000000000000000))';
\set VERBOSITY sqlstate
SELECT '((2,0,0),(3,0,0),(5,0,0))'::nps_weighted_tally - '((1,0,0),(2.5,0,0),(6.25,0,0))';
SELECT '((9223372036854775807,0,0),(9223372036854775807,0,0),(9223372036854775807,0,0))'::nps_weighted_tally + '((1,0,0),(1,0,0),(1,0,0))';
\set VERBOSITY default

-- Casts from and to a plain tally are explicit.
SELECT nps_tally(20, 10, 70)::nps_weighted_tally, '((1,0,2),(5,0,3),(25,0,5))'::nps_weighted_tally::nps_tally,
       nps_tally(9223372036854775807, 0, 0)::nps_weighted_tally::nps_tally AS all_there_are;
\set VERBOSITY terse
SELECT nps_tally(20, 10, 70) + '((1,0,2),(5,0,3),(25,0,5))'::nps_weighted_tally;
CREATE TEMP TABLE plain (tally nps_tally);
INSERT INTO plain VALUES ('((1,0,2),(5,0,3),(25,0,5))'::nps_weighted_tally);
\set VERBOSITY default
SELECT nps_test('((1,0,2),(5,0,3),(25,0,5))'::nps_weighted_tally, nps_tally(20, 10, 70)::nps_weighted_tally) IS NOT NULL AS compared;

-- As JSON.
SELECT t::json, t::jsonb
FROM (VALUES (1, '((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25))'::nps_weighted_tally), (2, '((0,0,0),(0,0,0),(0,0,0))'), (3, NULL)) AS v(n, t) ORDER BY n;
SELECT to_jsonb(t) -> 'effective_responses' AS effective, json_agg(t) FROM (VALUES ('((1,0,2),(5,0,3),(25,0,5))'::nps_weighted_tally)) AS v(t) GROUP BY t;

-- The binary form: counts, weights and squares, the highest byte first.
SELECT nps_weighted_tally_send('((1,0,258),(0.000000000000000001,0,18.446744073709551617),(0.000000000000000000000000000000000001,0,2))');
SELECT ARRAY['((1,0,0),(1,0,0),(1,0,0))', NULL]::nps_weighted_tally[];

-- Literals stay plain tallies beside the overloads.
SELECT nps_score('(20,10,70)'), round(nps_stderr('(20,10,70)')::numeric, 6) AS stderr, nps_interval('(20,10,70)'), nps_margin('(20,10,70)'),
       nps_responses('(20,10,70)'), nps_test('(20,10,70)', 40.0) IS NOT NULL AS test, nps_change('(1,0,1)', '(1,1,1)', '(2,0,2)', '(2,2,2)'),
       (nps_summary('(20,10,70)')).score, nps_score(NULL) IS NULL AS of_null;
PREPARE weighted_score AS SELECT nps_score($1), nps_interval($1);
EXECUTE weighted_score('(20,10,70)');
DEALLOCATE weighted_score;
SELECT '((1,0,2),(5,0,3),(25,0,5))'::nps_weighted_tally = '((0,0,2),(0,0,3),(0,0,5))' AS literal_beside_typed,
       coalesce(NULL, '((0,0,2),(0,0,3),(0,0,5))'::nps_weighted_tally) AS coalesced;

-- Arguments are checked, whatever the tally.
SELECT nps_interval('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, method => 'score');
SELECT nps_change('((2,0,0),(1,0,0),(0.5,0,0))', '((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, '((1,0,0),(1,0,0),(1,0,0))', '((0,0,0),(0,0,0),(0,0,0))');
\set VERBOSITY terse
SELECT nps_margin('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, 95);
SELECT nps_margin('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, method => 'Wald');
SELECT nps_test('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, 101);
SELECT nps_test('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, 0, method => 'score');
SELECT nps_test('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, '((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, method => 'score');
SELECT nps_test('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, '((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, alternative => 'both');
SELECT nps_summary('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, method => 'score');
\set VERBOSITY sqlstate
SELECT nps_interval('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, method => 'score');
SELECT nps_change('((2,0,0),(1,0,0),(0.5,0,0))', '((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally, '((1,0,0),(1,0,0),(1,0,0))', '((0,0,0),(0,0,0),(0,0,0))');
\set VERBOSITY default
-- Without responses there is no result.
SELECT nps_stderr(t) IS NULL AS stderr, nps_interval(t) IS NULL AS interval, nps_margin(t) IS NULL AS margin,
       nps_test(t, t) IS NULL AS test, nps_test(t, 0) IS NULL AS benchmark, nps_change(t, t, t, t) IS NULL AS change
FROM (VALUES ('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally)) AS v(t);
SELECT * FROM nps_summary('((0,0,0),(0,0,0),(0,0,0))'::nps_weighted_tally);
SELECT * FROM nps_summary('((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25))'::nps_weighted_tally);
