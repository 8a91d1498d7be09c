-- nps_test, of two tallies and against a benchmark: published figures, laws,
-- edges, errors.

-- Figures to compare with, rounded: the last digits of double precision are
-- no server's promise.
CREATE FUNCTION pg_temp.rounded(double precision, places integer) RETURNS numeric LANGUAGE sql
RETURN round($1::numeric, places);

-- Two samples, 10/0/20 against 18/0/12.  By R 4.2.2: the variance as
-- mean(x^2) - mean(x)^2 of answers counted as -1, 0 and 1, p by pnorm; for
-- adjusted-wald with 0.75, 1.5 and 0.75 answers added to each sample.
SELECT round(difference, 3) AS "53.333", pg_temp.rounded(stderr, 3) AS "24.825",
       pg_temp.rounded(z, 4) AS "2.1483",
       pg_temp.rounded(p_value, 5) AS "0.03169"
       FROM nps_test('(10,0,20)', '(18,0,12)'::nps_tally, method => 'wald');
SELECT round(difference, 3) AS "48.485", pg_temp.rounded(z, 4) AS "2.0852",
       pg_temp.rounded(p_value, 5) AS "0.03705"
FROM nps_test('(10,0,20)', '(18,0,12)'::nps_tally);
-- R package contingencytables, Cavo et al. 2012: estimate -.0621, score test
-- against 0: z -2.132, p .033006, interval [-.1240, -.0054].
SELECT round(difference / 100, 4) AS "-0.0621", pg_temp.rounded(z, 3) AS "-2.132",
       pg_temp.rounded(p_value, 6) AS "0.033006",
       round(lower / 100, 4) AS "-0.1240", round(upper / 100, 4) AS "-0.0054"
FROM nps_test('(16,139,6)', 0, method => 'score');
-- whuber, Cross Validated question 18603: standard error 4.1.
SELECT round(difference, 1) AS "33.3", pg_temp.rounded(stderr, 1) AS "4.1"
FROM nps_test('(54,108,162)', 0, method => 'wald');

-- Which nps_test is meant: a number is a benchmark, a tally is a tally.
SELECT round((nps_test(t, 30)).difference, 3) AS integer,
       round((nps_test(t, 30.5)).difference, 3) AS "numeric",
       round((nps_test(t, 30::double precision)).difference, 3) AS "double precision",
       round((nps_test(t, 30::smallint)).difference, 3) AS "smallint",
       round((nps_test(t, t)).difference, 3) AS tally,
       round((nps_test(t, '(54,108,162)')).difference, 3) AS literal,
       round((nps_test(tally => t, benchmark => 30)).difference, 3) AS by_name,
       round((nps_test(a => t, b => '(54,108,162)')).difference, 3) AS by_name
FROM (VALUES (nps_tally(54, 108, 162))) AS v(t);
-- The defaults.
SELECT row(s.*) = row(d.*) AS tallies FROM nps_test('(1,2,3)'::nps_tally, '(3,2,1)') AS s,
       nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, 0.95, 'adjusted-wald',
                'two-sided') AS d;
SELECT row(s.*) = row(d.*) AS benchmark
FROM nps_test('(1,2,3)', 10) AS s, nps_test('(1,2,3)', 10, 0.95, 'adjusted-wald', 'two-sided') AS d;
SELECT pg_typeof(difference), pg_typeof(stderr), pg_typeof(z), pg_typeof(p_value), pg_typeof(lower),
       pg_typeof(upper)
FROM nps_test('(1,2,3)', 10);
-- Literals that could be either are refused: cast them.
\set VERBOSITY sqlstate
SELECT nps_test('(1,2,3)', '(1,2,4)');
SELECT nps_test('(1,2,3)'::nps_tally, '(1,2,4)', method => 'wald');
\set VERBOSITY default

-- The alternatives: one bound each, the other as far as scores can differ.
SELECT alternative, round(difference, 3) AS difference, pg_temp.rounded(z, 4) AS z,
       pg_temp.rounded(p_value, 5) AS p_value,
       round(lower, 3) AS lower, round(upper, 3) AS upper
FROM (VALUES (1, 'two-sided'), (2, 'greater'), (3, 'less')) AS v(n, alternative),
     nps_test('(10,0,20)', '(18,0,12)'::nps_tally, method => 'wald', alternative => alternative)
     ORDER BY n;
SELECT alternative, method, round(difference, 3) AS difference, pg_temp.rounded(z, 4) AS z,
       pg_temp.rounded(p_value, 5) AS p_value,
       round(lower, 3) AS lower, round(upper, 3) AS upper
FROM (VALUES
    (1, 'two-sided'),
    (2, 'greater'),
    (3, 'less')) AS v(n, alternative), (VALUES ('adjusted-wald'), ('score')) AS m(method),
     nps_test('(20,10,70)', 30, 0.9, method, alternative) ORDER BY n, method COLLATE "C";

-- The double next to an end of the scale is the score of 655.36 responses of the
-- other category; 655 are a little less.
SELECT pg_temp.rounded(low.z, 6) AS "-0.014066", pg_temp.rounded(high.z, 6) AS "0.014066"
FROM nps_test(nps_tally(9223372036854775152, 0, 655), -99.99999999999998579,
              method => 'wald') AS low,
     nps_test(nps_tally(655, 0, 9223372036854775152), 99.99999999999998579,
              method => 'wald') AS high;

-- An empty tally and NULL give NULL.
SELECT nps_test(a, b) IS NULL AS tallies, nps_test(a, 0) IS NULL AS benchmark
FROM (VALUES
    (1, nps_tally(0, 0, 0), nps_tally(1, 2, 3)),
    (2, nps_tally(0, 0, 0), nps_tally(0, 0, 0)),
    (3, NULL,               nps_tally(1, 2, 3))) AS v(n, a, b) ORDER BY n;
SELECT nps_test('(1,2,3)'::nps_tally, '(0,0,0)') IS NULL AS second,
       nps_test('(1,2,3)'::nps_tally, NULL) IS NULL AS second,
       nps_test('(1,2,3)', NULL::numeric) IS NULL AS benchmark,
       nps_test('(1,2,3)', 0, NULL) IS NULL AS confidence,
       nps_test('(1,2,3)', 0, method => NULL) IS NULL AS method,
       nps_test('(1,2,3)', 0, alternative => NULL) IS NULL AS alternative,
       nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, NULL) IS NULL AS confidence,
       nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, method => NULL) IS NULL AS method,
       nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally,
                alternative => NULL) IS NULL AS alternative;
SELECT count(*) AS rows, count(z) AS with_z FROM nps_test('(0,0,0)', 0);

-- No standard error: z is 0 or infinite, p 1, .5 or 0 by sign; wald alone.
SELECT a, b, alternative, difference, stderr, z, p_value, lower, upper
FROM (VALUES
    (1, nps_tally(0, 0, 7), nps_tally(0, 0, 9)),
    (2, nps_tally(0, 0, 7), nps_tally(3, 0, 0)),
    (3, nps_tally(0, 3, 0), nps_tally(0, 0, 3))) AS v(n, a, b),
     (VALUES (1, 'two-sided'), (2, 'greater'), (3, 'less')) AS w(o, alternative),
     nps_test(a, b, method => 'wald', alternative => alternative) ORDER BY n, o;
SELECT t, benchmark, alternative, difference, stderr, z, p_value, lower, upper
FROM (VALUES
    (1, nps_tally(7, 0, 0),  -100),
    (2, nps_tally(7, 0, 0),   100),
    (3, nps_tally(0, 7, 0),     0),
    (4, nps_tally(0, 7, 0), -12.5)) AS v(n, t, benchmark),
     (VALUES (1, 'two-sided'), (2, 'greater'), (3, 'less')) AS w(o, alternative),
     nps_test(t, benchmark, method => 'wald', alternative => alternative) ORDER BY n, o;

-- The largest tallies: nothing overflows, and one promoter is seen.
SELECT a, b, round(difference, 6) AS difference, pg_temp.rounded(stderr, 9) AS stderr,
       pg_temp.rounded(z, 3) AS z, pg_temp.rounded(p_value, 3) AS p_value,
       round(lower, 6) AS lower, round(upper, 6) AS upper
FROM (VALUES
    (1, nps_tally(4611686018427387903, 0, 4611686018427387903),
     nps_tally(4611686018427387903, 0, 4611686018427387904)),
    (2, nps_tally(0, 0, 9223372036854775807), nps_tally(9223372036854775807, 0, 0)),
    (3, nps_tally(0, 9223372036854775807, 0), nps_tally(0, 0, 1))) AS v(n, a, b), nps_test(a,
    b) ORDER BY n;

-- Laws over every two tallies of at most 4 responses, and every method.
CREATE TEMP TABLE small AS
SELECT nps_tally(d, p, n - d - p) AS t, nps_tally(n - d - p, p, d) AS mirror, n::numeric,
       d::numeric, (n - d - p)::numeric AS r
FROM generate_series(1, 4) AS n, generate_series(0, n) AS d, generate_series(0, n - d) AS p;
CREATE TEMP TABLE methods (method, either, passives) AS
VALUES ('wald', 0.0, 0.0), ('adjusted-wald', 0.75, 1.5), ('agresti-min', 0.5, 1.0),
       ('bonett-price', 1.0, 0.0);
SELECT method, count(*) AS pairs,
       max(abs(two.difference - plain)) <= 1e-10 AS difference,
       max(abs(two.stderr::numeric - error)) <= 1e-10 AS stderr,
       max(abs(two.z::numeric - plain / nullif(error, 0))) FILTER (WHERE error > 0) <= 1e-9 AS z,
       max(abs(two.lower - greatest(-200, plain - 1.9599639845400542 * error))) <= 2e-10 AS lower,
       max(abs(two.upper - least(200, plain + 1.9599639845400542 * error))) <= 2e-10 AS upper,
       max(abs(greater.p_value + less.p_value - 1)) <= 1e-14 AS less_and_greater,
       max(abs(two.p_value - 2 * least(greater.p_value, less.p_value))) <= 1e-14 AS two_sided,
       bool_and(greater.upper = 200 AND less.lower = -200) AS open_side,
       bool_and(swapped.difference = -two.difference AND swapped.z = -two.z
                AND swapped.p_value = two.p_value AND
                swapped.lower = -two.upper AND swapped.upper = -two.lower) AS swapped,
       bool_and(mirrored.difference = two.difference AND mirrored.z = two.z) AS mirrored,
       bool_and((two.p_value < 0.05) = (two.lower > 0 OR two.upper < 0)) AS p_agrees_with_bounds
FROM (SELECT a.t AS a, b.t AS b, a.mirror AS mirror_a, b.mirror AS mirror_b, methods.*,
             100 * ((a.r - a.d) / na - (b.r - b.d) / nb) AS plain,
             100 * sqrt(((a.r + a.d + 2 * either) / na - ((a.r - a.d) / na) ^ 2) / na +
                        ((b.r + b.d + 2 * either) / nb - ((b.r - b.d) / nb) ^ 2) / nb) AS error
      FROM small AS a, small AS b, methods,
           LATERAL (SELECT a.n + 2 * either + passives, b.n + 2 * either + passives) AS s(na, nb)) AS formula,
     nps_test(a, b, method => method) AS two,
     nps_test(a, b, method => method, alternative => 'greater') AS greater,
     nps_test(a, b, method => method, alternative => 'less') AS less,
     nps_test(b, a, method => method) AS swapped,
     nps_test(mirror_b, mirror_a, method => method) AS mirrored
GROUP BY method ORDER BY method COLLATE "C";
-- Against a benchmark; the bounds are the interval's ends minus the benchmark.
INSERT INTO methods VALUES ('score', 0, 0);
SELECT method, count(*) AS tests,
       bool_and(method = 'score' OR
                abs(two.difference - (100 * (r - d) / (n + 2 * either + passives) - benchmark)) <= 1e-10) AS difference,
       max(abs(two.lower - (lower(i) - benchmark))) <= 1e-10 AS lower,
       max(abs(two.upper - (upper(i) - benchmark))) <= 1e-10 AS upper,
       max(abs(greater.p_value + less.p_value - 1)) <= 1e-14 AS less_and_greater,
       bool_and(greater.upper = 100 - benchmark AND less.lower = -100 - benchmark) AS open_side,
       max(abs(mirrored.z + two.z)) FILTER (WHERE abs(two.z) < 'Infinity') <= 1e-12 AS mirrored,
       bool_and((two.p_value < 0.05) = (two.lower > 0 OR two.upper < 0)) AS p_agrees_with_bounds
FROM small, methods, (VALUES (-100), (-37.5), (0), (12.25), (60)) AS b(benchmark),
     nps_test(t, benchmark, method => method) AS two,
     nps_test(t, benchmark, method => method, alternative => 'greater') AS greater,
     nps_test(t, benchmark, method => method, alternative => 'less') AS less,
     nps_test(mirror, -benchmark, method => method) AS mirrored,
     nps_interval(t, method => method) AS i
GROUP BY method ORDER BY method COLLATE "C";
-- Each end of the score interval has p = 1 - confidence, the ±100 end of a
-- tally of one category aside.
SELECT confidence, count(*) AS ends, max(abs(p_value - (1 - confidence))) <= 1e-8 AS p,
       bool_and(sign(z) = side) AS side
FROM small, (VALUES (0.5), (0.8), (0.95), (0.999)) AS c(confidence),
     nps_interval(t, confidence, 'score') AS i,
     LATERAL (VALUES (1, lower(i)), (-1, upper(i))) AS e(side, benchmark),
     nps_test(t, benchmark, method => 'score')
WHERE abs(benchmark) < 100 GROUP BY confidence ORDER BY confidence;

-- A segment against the rest of its whole: independent samples.
SELECT plan, round(difference, 1) AS difference, pg_temp.rounded(p_value, 4) AS p_value
FROM (VALUES
    ('Basic', nps_tally(300, 400, 500)),
    ('Pro',   nps_tally(50, 60, 190)),
    ('Free',  nps_tally(10, 5, 12))) AS v(plan, tally),
     (VALUES (nps_tally(360, 465, 702))) AS w(total), nps_test(tally, total - tally)
     ORDER BY plan COLLATE "C";

-- Errors, whatever the tallies are.
SELECT nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, method => 'score');
SELECT nps_test('(1,2,3)', 101);
SELECT nps_test('(1,2,3)', 0, alternative => 'larger');
SELECT nps_test('(1,2,3)', 0, method => 'WALD');
SELECT nps_test('(1,2,3)', 0, 90);
\set VERBOSITY terse
SELECT nps_test('(0,0,0)'::nps_tally, '(3,2,1)'::nps_tally, method => 'score');
SELECT nps_test('(0,0,0)', -100.001);
SELECT nps_test('(1,2,3)', 'NaN'::double precision);
SELECT nps_test('(1,2,3)', '-Infinity'::double precision);
SELECT nps_test('(1,2,3)', 0, 0);
SELECT nps_test('(1,2,3)', 0, 'NaN');
SELECT nps_test('(1,2,3)', 0, alternative => 'Greater');
SELECT nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, 1);
SELECT nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, 'NaN');
SELECT nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, method => 'pooled');
SELECT nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, alternative => '');
SELECT nps_test('(0,0,0)'::nps_tally, '(0,0,0)'::nps_tally, alternative => 'two.sided');
\set VERBOSITY sqlstate
SELECT nps_test('(1,2,3)'::nps_tally, '(3,2,1)'::nps_tally, method => 'score');
SELECT nps_test('(1,2,3)', 101);
SELECT nps_test('(1,2,3)', 0, alternative => 'larger');
\set VERBOSITY default
