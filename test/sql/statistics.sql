-- Standard error, interval, margin and summary: published figures, laws,
-- edges, errors.  Figures are rounded: the last digits of double precision
-- are no server's promise.

-- Published figures, in the units and digits of their sources.
-- whuber, Cross Validated question 18603: variance 5/9, standard error 4.1.
SELECT round(nps_score(t), 1) AS "33.3", round(nps_stderr(t)::numeric, 1) AS "4.1",
       round(((nps_stderr(t) / 100) ^ 2 * nps_responses(t))::numeric, 12) = round(5 / 9.0, 12) AS "variance 5/9"
FROM (VALUES (nps_tally(54, 108, 162))) AS v(t);
-- talkstats.com, thread 58500: -9, give or take 4.4.
SELECT round(nps_score(t)) AS "-9", round(nps_margin(t, method => 'wald'), 1) AS "4.4"
FROM (VALUES (nps_tally(395, 476, 291))) AS v(t);
-- Intervals, as fractions.  statpsych: the R package's examples; Cavo et al.
-- 2012 and Bentur et al. 2009 as in the R package contingencytables and in
-- Fagerland, Lydersen & Laake 2014.
SELECT source, t, method, published, round(lower(i) / 100, scale(lower(published))) AS lower,
       round(upper(i) / 100, scale(upper(published))) AS upper
FROM (VALUES
    ('statpsych, ci.pairs.prop1', nps_tally(82, 92, 125), 'bonett-price',
     '[.05011508,.23559920]'::numrange),
    ('statpsych, ci.prop.ps', nps_tally(4, 18, 26), 'bonett-price', '[.2548067,.6251933]'),
    ('contingencytables, Cavo 2012', nps_tally(16, 139, 6), 'wald', '[-.1184,-.0058]'),
    ('contingencytables, Cavo 2012', nps_tally(16, 139, 6), 'agresti-min', '[-.1182,-.0045]'),
    ('contingencytables, Cavo 2012', nps_tally(16, 139, 6), 'bonett-price', '[-.1195,-.0032]'),
    ('contingencytables, Cavo 2012', nps_tally(16, 139, 6), 'score', '[-.1240,-.0054]'),
    ('Tango 1998, table VII', nps_tally(3, 20, 9), 'score', '[-.027,.390]'),
    ('Fagerland 2014, Bentur 2009', nps_tally(7, 13, 1), 'score', '[-.517,-.026]'))
     AS v(source, t, method, published),
     LATERAL (SELECT nps_interval(t, method => method)) AS l(i)
ORDER BY source COLLATE "C", method COLLATE "C";

-- The defaults: 95 percent, adjusted-wald.
SELECT nps_interval(t) = nps_interval(t, 0.95, 'adjusted-wald') AS interval,
       nps_margin(t) = nps_margin(t, 0.95, 'adjusted-wald') AS margin,
       (SELECT row(s.*) = row(d.*) FROM nps_summary(t) AS s,
        nps_summary(t, 0.95, 'adjusted-wald') AS d) AS summary
FROM (VALUES (nps_tally(54, 108, 162))) AS v(t);
-- Adjusted-wald by hand, 0.75, 1.5 and 0.75 added (Rocks 2016): 1.96^2 is
-- 3.8414588207 for the exact quantile.
SELECT round(nps_margin(t),
             8) = round(100 * sqrt(3.8414588206941 * ((r + d) / n - ((r - d) / n) ^ 2) / n),
             8) AS margin,
       round((lower(nps_interval(t)) + upper(nps_interval(t))) / 2, 8) = round(100 * (r - d) / n, 8) AS middle
FROM (SELECT nps_tally(20, 10, 70) AS t, 20.75 AS d, 70.75 AS r, 103.0 AS n) AS v;

-- Calls by position, by name, on literals.
SELECT round(nps_margin('(20,10,70)'), 2) AS margin,
       round(nps_margin('(20,10,70)', 0.9), 2) AS at_90,
       round(nps_margin('(20,10,70)', method => 'wald'), 2) AS wald,
       round(nps_margin(method => 'score', tally => '(20,10,70)', confidence => 0.99),
             2) AS score_at_99,
       nps_interval('(20,10,70)') @> 40.0 AS compatible_with_40,
       nps_interval('(20,10,70)') && nps_interval('(30,10,60)') AS overlap;

-- One row for a dashboard.
SELECT responses, detractors, passives, promoters, detractor_pct, passive_pct, promoter_pct, score,
       round(margin, 1) AS margin, round(lower, 1) AS lower, round(upper, 1) AS upper
FROM (VALUES
    (1, nps_tally(20, 10, 70)),
    (2, nps_tally(54, 108, 162)),
    (3, nps_tally(0, 0, 1)),
    (4, nps_tally(0, 0, 0)),
    (5, NULL),
    (6, nps_tally(9223372036854775806, 0, 1))) AS v(n, t),
     nps_summary(t) ORDER BY n;
SELECT pg_typeof(responses), pg_typeof(promoter_pct), pg_typeof(score), pg_typeof(margin),
       pg_typeof(lower)
FROM nps_summary('(20,10,70)');

-- An empty tally and NULL give NULL.
SELECT nps_stderr(t) IS NULL AS stderr, nps_interval(t) IS NULL AS interval,
       nps_margin(t) IS NULL AS margin
FROM (VALUES (1, nps_tally(0, 0, 0)), (2, NULL)) AS v(n, t) ORDER BY n;
SELECT nps_interval('(1,2,3)', NULL) IS NULL AS confidence,
       nps_interval('(1,2,3)', method => NULL) IS NULL AS method,
       nps_margin('(1,2,3)', NULL) IS NULL AS confidence,
       nps_margin('(1,2,3)', method => NULL) IS NULL AS method;
SELECT count(*) AS rows, count(responses) AS with_counts FROM nps_summary('(1,2,3)', NULL);

-- The smallest and the largest tallies.  wald has no width where all answers
-- agree; the others do, until 10 decimal places cannot show it.
SELECT t, method, round(nps_stderr(t)::numeric, 6) AS stderr,
       round(nps_margin(t, method => method), 6) AS margin, i AS interval
FROM (VALUES
    (1, nps_tally(0, 0, 1)),
    (2, nps_tally(0, 1, 0)),
    (3, nps_tally(1, 0, 0)),
    (4, nps_tally(1, 0, 1))) AS v(n, t),
     (VALUES
         (1, 'wald'),
         (2, 'adjusted-wald'),
         (3, 'agresti-min'),
         (4, 'bonett-price'),
         (5, 'score')) AS m(o, method),
     LATERAL (SELECT numrange(round(lower(r), 6), round(upper(r), 6), '[]')
              FROM nps_interval(t, method => method) AS r) AS l(i)
ORDER BY n, o;
SELECT t, method, nps_interval(t, method => method) AS interval
FROM (VALUES
    (1, nps_tally(0, 0, 1000000000)),
    (2, nps_tally(0, 1000000000, 0)),
    (3, nps_tally(1000000000, 0, 0)),
    (4, nps_tally(0, 0, 9223372036854775807)),
    (5, nps_tally(0, 9223372036854775807, 0)),
    (6, nps_tally(4611686018427387903, 0, 4611686018427387903)),
    (7, nps_tally(9223372036854775806, 0, 1))) AS v(n, t),
     (VALUES
         (1, 'wald'),
         (2, 'adjusted-wald'),
         (3, 'agresti-min'),
         (4, 'bonett-price'),
         (5, 'score')) AS m(o, method)
ORDER BY n, o;
-- Confidences near the ends.
SELECT confidence, round(nps_margin(t, confidence), 6) AS margin,
       round(nps_margin(t, confidence, 'score'), 6) AS score
FROM (VALUES (nps_tally(20, 10, 70))) AS v(t),
     (VALUES ('1e-300'::double precision), (0.01), (0.5), (0.95), (0.999999999999),
      (0.99999999999999989)) AS c(confidence)
ORDER BY confidence;

-- Laws over every tally of at most 9 responses and every method.
CREATE TEMP TABLE small AS
SELECT nps_tally(d, p, n - d - p) AS t, nps_tally(n - d - p, p, d) AS mirror, n::numeric,
       d::numeric, (n - d - p)::numeric AS r
FROM generate_series(1, 9) AS n, generate_series(0, n) AS d, generate_series(0, n - d) AS p;
CREATE TEMP TABLE methods (method, either, passives) AS
VALUES ('wald', 0.0, 0.0), ('adjusted-wald', 0.75, 1.5), ('agresti-min', 0.5, 1.0),
       ('bonett-price', 1.0, 0.0), ('score', NULL, NULL);
CREATE TEMP TABLE intervals AS
SELECT *, nps_interval(t, confidence, method) AS i,
       nps_interval(mirror, confidence, method) AS mirrored,
       nps_margin(t, confidence, method) AS margin
FROM small, methods, (VALUES (0.5), (0.8), (0.95), (0.999)) AS c(confidence);
SELECT method, count(*) AS intervals,
       bool_and(i <@ '[-100,100]') AS possible,
       bool_and(lower_inc(i) AND upper_inc(i)) AS closed,
       bool_and(i = numrange(-upper(mirrored), -lower(mirrored), '[]')) AS mirrors,
       bool_and(greatest(scale(lower(i)), scale(upper(i)), scale(margin)) <= 10) AS rounded,
       bool_and(lower(i) = trim_scale(lower(i)) AND upper(i) = trim_scale(upper(i))
                AND margin = trim_scale(margin)) AS trimmed,
       bool_and(margin > 0) AS has_width,
       -- half the width, where neither end is clipped
       bool_and(abs(margin - (upper(i) - lower(i)) / 2) <= 1e-10 OR lower(i) = -100
                OR upper(i) = 100) AS margin
FROM intervals GROUP BY method ORDER BY method COLLATE "C";
SELECT method, count(*) AS pairs,
       bool_and(narrow.i <@ wide.i AND narrow.margin <= wide.margin) AS nest
FROM intervals AS narrow JOIN intervals AS wide USING (method)
WHERE narrow.t = wide.t AND narrow.confidence < wide.confidence GROUP BY method
ORDER BY method COLLATE "C";
-- Wald's formula in plain numeric, pseudo-responses added; 1.9599639845400542
-- is the normal quantile at .975.
SELECT method, count(*) AS intervals, max(abs(margin - m)) <= 1e-10 AS margin,
       max(abs(lower(i) - greatest(-100, middle - m))) <= 1e-10 AS lower,
       max(abs(upper(i) - least(100, middle + m))) <= 1e-10 AS upper
FROM (SELECT *, 100 * (r - d) / size AS middle,
             195.99639845400542 * sqrt(((r + d + 2 * either) / size - ((r - d) / size) ^ 2) / size) AS m
      FROM intervals, LATERAL (SELECT n + 2 * either + passives) AS s(size)
      WHERE method <> 'score'
        AND confidence = 0.95) AS plain GROUP BY method ORDER BY method COLLATE "C";
SELECT count(*) AS tallies,
       max(abs(nps_stderr(t)::numeric - 100 * sqrt(((r + d) / n - ((r - d) / n) ^ 2) / n))) <= 1e-10 AS stderr
FROM small;
-- The summary says what the functions say.
SELECT count(*) AS summaries,
       bool_and((responses, detractors, s.passives, promoters) = (nps_responses(t), nps_detractors(t), nps_passives(t), nps_promoters(t))) AS counts,
       bool_and((score, s.margin, numrange(lower, upper,
                                           '[]')) = (nps_score(t), v.margin, i)) AS points,
       bool_and(abs(detractor_pct - 100 * d / n) <= 1e-16
                AND abs(promoter_pct - 100 * r / n) <= 1e-16 AND
                abs(passive_pct - 100 * (n - r - d) / n) <= 1e-16) AS percentages
FROM intervals AS v, nps_summary(t, confidence, method) AS s;

-- No negative zero, whatever is rounded.
SELECT nps_interval('(0,9223372036854775807,0)') AS interval,
       nps_interval('(9223372036854775807,0,0)', method => 'wald') AS interval,
       nps_stderr('(7,0,0)') AS stderr;

-- Straight on answers, groups without counted answers included.
CREATE TEMP TABLE answers (plan text, score integer);
INSERT INTO answers SELECT 'Pro', 4 + i % 7 FROM generate_series(1, 200) AS i;
INSERT INTO answers SELECT 'Free', i % 11 FROM generate_series(1, 30) AS i;
INSERT INTO answers VALUES ('New', NULL), ('New', NULL);
SELECT plan, round(nps(score), 1) AS nps, round(nps_margin(nps_tally(score)), 1) AS margin,
       round(nps_stderr(nps_tally(score))::numeric, 2) AS stderr,
       nps_interval(nps_tally(score)) @> 0.0 AS may_be_0
FROM answers GROUP BY plan ORDER BY plan COLLATE "C";
-- One transition a row serves all of it: the argument of each transition is
-- evaluated once a row, and here it counts.
CREATE TEMP SEQUENCE evaluations;
CREATE FUNCTION pg_temp.counted(score integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE
AS 'BEGIN PERFORM nextval(''evaluations''); RETURN score; END';
SELECT round(nps(pg_temp.counted(score)), 1) AS nps,
       round(nps_margin(nps_tally(pg_temp.counted(score))), 1) AS margin,
       nps_promoters_needed(nps_tally(pg_temp.counted(score)), 50) AS promoters_needed FROM answers;
SELECT currval('evaluations') AS evaluations, count(*) AS rows FROM answers;
-- Another aggregate has a transition of its own, and is seen.
ALTER SEQUENCE evaluations RESTART;
SELECT round(nps(pg_temp.counted(score)), 1) AS nps, count(pg_temp.counted(score)) FROM answers;
SELECT currval('evaluations') AS evaluations, count(*) AS rows FROM answers;
-- So it is with stored tallies: nps() and sum() share theirs.
CREATE FUNCTION pg_temp.counted(tally nps_tally) RETURNS nps_tally LANGUAGE plpgsql IMMUTABLE
AS 'BEGIN PERFORM nextval(''evaluations''); RETURN tally; END';
CREATE TEMP TABLE stored AS SELECT plan, nps_tally(score) AS tally FROM answers GROUP BY plan;
ALTER SEQUENCE evaluations RESTART;
SELECT round(nps(pg_temp.counted(tally)), 1) AS nps,
       round(nps_margin(sum(pg_temp.counted(tally))), 1) AS margin
FROM stored;
SELECT currval('evaluations') AS evaluations, count(*) AS rows FROM stored;

-- Immutable: a generated column may hold an interval, and an index serve it.
CREATE TEMP TABLE monthly (month date, tally nps_tally,
                           interval numrange GENERATED ALWAYS AS (nps_interval(tally)) STORED);
INSERT INTO monthly VALUES
    ('2026-01-01', '(20,10,70)'),
    ('2026-02-01', '(60,10,30)'),
    ('2026-03-01', '(0,0,0)');
CREATE INDEX ON monthly USING gist (interval);
SELECT month FROM monthly WHERE interval @> 40.0 ORDER BY month;

-- Errors, whatever the tally is.
SELECT nps_interval('(20,10,70)', 95);
SELECT nps_interval('(20,10,70)', 99.9);
SELECT nps_interval('(0,0,0)', 0);
SELECT nps_interval('(20,10,70)', method => 'Wald');
\set VERBOSITY terse
SELECT nps_interval('(20,10,70)', 1);
SELECT nps_interval('(20,10,70)', -0.95);
SELECT nps_interval('(20,10,70)', 'NaN');
SELECT nps_interval('(20,10,70)', 'Infinity');
SELECT nps_margin('(20,10,70)', 100);
SELECT nps_margin('(20,10,70)', 'NaN');
SELECT nps_margin('(0,0,0)', 2);
SELECT nps_margin('(20,10,70)', method => '');
SELECT nps_margin('(0,0,0)', method => 'wilson');
SELECT nps_margin('(20,10,70)', method => 'wald ');
SELECT nps_summary('(20,10,70)', 0);
SELECT nps_summary('(0,0,0)', 1.5);
SELECT nps_summary('(20,10,70)', method => 'adjusted_wald');
\set VERBOSITY sqlstate
SELECT nps_interval('(20,10,70)', 1);
SELECT nps_margin('(20,10,70)', method => 'wilson');
SELECT nps_summary('(20,10,70)', 0);
\set VERBOSITY default
