-- Laws of weighted tallies, on random answers: exactness, equal weights, windows,
-- parallel plans.  A query that finds nothing finds nothing wrong.

SELECT setseed(0.2026);
-- Weights of all kinds: few decimals, many, whales of 1e15, dust of 1e-15.
CREATE TEMP TABLE answers AS
    SELECT id, id % 37 AS segment, floor(random() * 11)::integer AS score,
           CASE floor(random() * 5)::integer
               WHEN 0 THEN round((random() * 100)::numeric, 2)::double precision
               WHEN 1 THEN exp(random() * 12 - 3)
               WHEN 2 THEN floor(random() * 50)
               WHEN 3 THEN 10 ^ (random() * 30 - 15)
               ELSE random()
           END AS weight
    FROM generate_series(1, 20000) AS id;
UPDATE answers SET score = NULL WHERE id % 91 = 0;
UPDATE answers SET weight = NULL WHERE id % 97 = 0;
SELECT count(*) AS answers, count(*) FILTER (WHERE weight > 0 AND score IS NOT NULL) > 18000 AS weigh,
       count(*) FILTER (WHERE weight < 1e-3) > 1000 AS dust, count(*) FILTER (WHERE weight > 1e12) > 300 AS whales
FROM answers;

-- The state is the sums of the numeric weights and of their squares.  From 1e-3
-- on a weight is its cast to numeric.
CREATE TEMP TABLE segments AS
    SELECT segment, nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) AS score, nps_tally(score) FILTER (WHERE weight > 5e-19) AS people
    FROM answers WHERE weight >= 1e-3 GROUP BY segment;
SELECT segment, tally FROM segments
WHERE tally::text <> (
    SELECT format('((%s,%s,%s),(%s,%s,%s),(%s,%s,%s))',
                  count(w) FILTER (WHERE c = 'detractor'), count(w) FILTER (WHERE c = 'passive'), count(w) FILTER (WHERE c = 'promoter'),
                  trim_scale(coalesce(sum(w) FILTER (WHERE c = 'detractor'), 0)), trim_scale(coalesce(sum(w) FILTER (WHERE c = 'passive'), 0)),
                  trim_scale(coalesce(sum(w) FILTER (WHERE c = 'promoter'), 0)),
                  trim_scale(coalesce(sum(w * w) FILTER (WHERE c = 'detractor'), 0)), trim_scale(coalesce(sum(w * w) FILTER (WHERE c = 'passive'), 0)),
                  trim_scale(coalesce(sum(w * w) FILTER (WHERE c = 'promoter'), 0)))
    FROM (SELECT weight::numeric AS w, nps_category(a.score) AS c FROM answers AS a
          WHERE a.segment = segments.segment AND weight >= 1e-3 AND a.score IS NOT NULL) AS a);
-- The score is the numeric formula, to the last of its 16 places.
SELECT segment, score FROM segments
WHERE score IS DISTINCT FROM (
    SELECT trim_scale(sign(net) * div(2 * abs(net) * 1000000000000000000 + total, 2 * total) * 1e-16)
    FROM (SELECT coalesce(sum(weight::numeric) FILTER (WHERE a.score >= 9), 0) - coalesce(sum(weight::numeric) FILTER (WHERE a.score < 7), 0) AS net,
                 sum(weight::numeric) AS total
          FROM answers AS a WHERE a.segment = segments.segment AND weight >= 1e-3 AND a.score IS NOT NULL) AS sums);
SELECT segment FROM segments WHERE score <> nps_score(tally) OR people <> tally::nps_tally;
-- Below 1e-3 the 18 places round once, and not twice as a rounded cast would.
SELECT count(*) AS dust, count(*) FILTER (WHERE abs(nps_weight(t) - weight::numeric) > 0.5000001e-18) AS wrong
FROM (SELECT weight, nps_weighted_tally(score, weight) AS t FROM answers WHERE weight < 1e-3 AND score IS NOT NULL GROUP BY id, weight) AS d;

-- Any order and any number of parts give the same bits.
SELECT count(DISTINCT tally::text) AS tallies, count(*) AS ways
FROM (SELECT nps_weighted_tally(score, weight) FROM answers
      UNION ALL SELECT nps_weighted_tally(score, weight ORDER BY id DESC) FROM answers
      UNION ALL SELECT nps_weighted_tally(score, weight ORDER BY weight, id) FROM answers
      UNION ALL SELECT nps_weighted_tally(score, weight ORDER BY weight DESC, id) FROM answers
      UNION ALL SELECT nps_weighted_tally(nps_category(score), weight) FROM answers
      UNION ALL SELECT sum(t) FROM (SELECT nps_weighted_tally(score, weight) FROM answers GROUP BY segment) AS p(t)
      UNION ALL SELECT sum(t) FROM (SELECT nps_weighted_tally(score, weight) FROM answers GROUP BY id % 4999) AS p(t)
      UNION ALL SELECT sum(t ORDER BY t::text) FROM (SELECT nps_weighted_tally(score, weight) FROM answers GROUP BY id % 1231) AS p(t)) AS ways(tally);
SELECT count(DISTINCT score) AS scores
FROM (SELECT nps_weighted(score, weight) FROM answers
      UNION ALL SELECT nps(t) FROM (SELECT nps_weighted_tally(score, weight) FROM answers GROUP BY id % 777) AS p(t)
      UNION ALL SELECT nps_weighted(nps_category(score), weight ORDER BY weight) FROM answers) AS ways(score);
-- Parts add and subtract.
SELECT a.segment, b.segment FROM segments AS a, segments AS b
WHERE (a.tally + b.tally) - b.tally <> a.tally OR a.tally + b.tally <> b.tally + a.tally;
SELECT a.segment FROM segments AS a, (SELECT sum(tally) AS tally FROM segments) AS whole
WHERE whole.tally - a.tally <> (SELECT sum(tally) FROM segments AS b WHERE b.segment <> a.segment);

-- Equal weights: what the plain tally gives, to the last digit.
CREATE TEMP TABLE equal AS
    SELECT n, w, nps_tally(d, p, r) AS plain,
           (SELECT nps_weighted_tally(CASE WHEN i <= d THEN 0 WHEN i <= d + p THEN 8 ELSE 10 END, w)
            FROM generate_series(1, d + p + r) AS i) AS weighted
    FROM (SELECT n, (ARRAY[1, 0.1, 3.7, 1e-18, 12345.678901234, 1e15, 0.333333333333333, 1 / 3.0, 7e16])[1 + n % 9]::double precision AS w,
                 (n % 7)::integer AS d, (n % 5)::integer AS p, (n % 11 + 1)::integer AS r
          FROM generate_series(1, 500) AS n) AS v;
SELECT count(*) AS tallies, count(DISTINCT plain::text) > 300 AS many FROM equal;
SELECT n, w, plain FROM equal
WHERE weighted::nps_tally <> plain OR nps_effective_responses(weighted) <> nps_responses(plain)
   OR nps_score(weighted) <> nps_score(plain) OR nps_stderr(weighted) <> nps_stderr(plain);
SELECT n, method, confidence
FROM equal, unnest('{wald,adjusted-wald,agresti-min,bonett-price}'::text[]) AS method, unnest('{0.5,0.8,0.95,0.999}'::float8[]) AS confidence
WHERE nps_interval(weighted, confidence, method) <> nps_interval(plain, confidence, method)
   OR nps_margin(weighted, confidence, method) <> nps_margin(plain, confidence, method)
   OR nps_test(weighted, 12.5, confidence, method) IS DISTINCT FROM nps_test(plain, 12.5, confidence, method);
SELECT n FROM equal, nps_summary(weighted) AS w, nps_summary(plain) AS p
WHERE (w.responses, w.detractors, w.passives, w.promoters, w.detractor_pct, w.passive_pct, w.promoter_pct, w.score, w.margin, w.lower, w.upper)
      IS DISTINCT FROM (p.*);
SELECT a.n, b.n, alternative FROM equal AS a JOIN equal AS b ON b.n = a.n + 1, unnest('{two-sided,greater,less}'::text[]) AS alternative
WHERE nps_test(a.weighted, b.weighted, 0.9, 'adjusted-wald', alternative) IS DISTINCT FROM nps_test(a.plain, b.plain, 0.9, 'adjusted-wald', alternative);
-- Weights of two units, equal in a period: the change is that of the tallies.
SELECT a.n FROM equal AS a JOIN equal AS b ON b.n = a.n + 9 JOIN equal AS c ON c.n = a.n + 1 JOIN equal AS d ON d.n = a.n + 10
WHERE nps_change(a.weighted, c.weighted, a.weighted + b.weighted, c.weighted + d.weighted)
      IS DISTINCT FROM nps_change(a.plain, c.plain, a.plain + b.plain, c.plain + d.plain);
SELECT n FROM equal WHERE w = 1 AND plain::nps_weighted_tally <> weighted;

-- Weights times a power of ten: the same results.
CREATE TEMP TABLE scaled AS
    SELECT segment, k, nps_weighted_tally(score, round(weight::numeric, 4)::double precision) AS one,
           nps_weighted_tally(score, (round(weight::numeric, 4) * 10 ^ k::numeric)::double precision) AS other
    FROM answers, generate_series(-9, 6, 3) AS k WHERE weight BETWEEN 1e-3 AND 1e6 GROUP BY segment, k;
SELECT segment, k FROM scaled
WHERE nps_score(one) <> nps_score(other) OR nps_effective_responses(one) <> nps_effective_responses(other)
   OR abs(lower(nps_interval(one)) - lower(nps_interval(other))) > 2e-10 OR abs(nps_stderr(one) - nps_stderr(other)) > 1e-12
   OR abs(upper(nps_interval(one, method => 'wald')) - upper(nps_interval(other, method => 'wald'))) > 2e-10;
-- Whole weights are counts for the score; they are fewer in effect.
SELECT segment FROM (
    SELECT segment, nps_weighted(score, k) AS weighted, nps(nps_tally(score, k)) AS counted, nps_weighted_tally(score, k) AS tally, sum(k) AS total
    FROM (SELECT segment, score, (id % 5)::bigint AS k FROM answers WHERE score IS NOT NULL) AS a GROUP BY segment) AS s
WHERE weighted <> counted OR nps_weight(tally) <> total OR NOT nps_effective_responses(tally) < nps_responses(tally) OR nps_responses(tally) > total;
-- The effective number of responses lies between 1 and theirs.
SELECT segment FROM segments WHERE NOT nps_effective_responses(tally) BETWEEN 1 AND nps_responses(tally);
-- Exchanging promoters and detractors mirrors everything.
SELECT segment FROM (
    SELECT segment, nps_weighted_tally(score, weight) AS t,
           nps_weighted_tally(CASE nps_category(score) WHEN 'promoter' THEN 0 WHEN 'detractor' THEN 10 WHEN 'passive' THEN 7 END, weight) AS m
    FROM answers GROUP BY segment) AS s
WHERE nps_score(m) <> -nps_score(t) OR lower(nps_interval(m)) <> -upper(nps_interval(t)) OR nps_margin(m) <> nps_margin(t)
   OR (nps_test(m, 20)).z <> -(nps_test(t, -20)).z OR (nps_test(m, 20)).upper <> -(nps_test(t, -20)).lower;
-- Intervals nest, stay on the scale, and hold their margin.
SELECT segment, method FROM segments, unnest('{wald,adjusted-wald,agresti-min,bonett-price}'::text[]) AS method
WHERE NOT nps_interval(tally, 0.8, method) <@ nps_interval(tally, 0.9, method) OR NOT nps_interval(tally, 0.9, method) <@ nps_interval(tally, 0.99, method)
   OR NOT nps_interval(tally, 0.999999, method) <@ '[-100,100]' OR nps_margin(tally, 0.8, method) >= nps_margin(tally, 0.9, method);
-- The segments' changes add up to that of the whole.
SELECT count(*) AS segments, abs(sum((c).total) - min(nps_score(after) - nps_score(before))) < 1e-9 AS add_up
FROM (SELECT nps_change(a.tally, b.tally, sum(a.tally) OVER (), sum(b.tally) OVER ()) AS c, sum(a.tally) OVER () AS before, sum(b.tally) OVER () AS after
      FROM segments AS a JOIN segments AS b ON b.segment = (a.segment + 1) % 37) AS changes;

-- Windows: every frame is what its rows give anew, whales or dust before it.
CREATE TEMP TABLE moving AS
    SELECT id, score, CASE WHEN id % 83 = 0 THEN 1e15 WHEN id % 41 = 0 THEN 1e-15 ELSE weight END AS weight
    FROM answers WHERE id <= 600;
CREATE TEMP VIEW frames AS
    SELECT id, nps_weighted_tally(score, weight) OVER rows_ AS rows_, nps_weighted(score, weight) OVER rows_ AS score,
           nps_weighted_tally(nps_category(score), weight) OVER rows_ AS categories,
           nps_weighted_tally(score, weight) OVER range_ AS range_, nps_weighted_tally(score, weight) OVER (ORDER BY id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS others
    FROM moving WINDOW rows_ AS (ORDER BY id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW), range_ AS (ORDER BY id RANGE BETWEEN 3 PRECEDING AND 4 FOLLOWING);
SELECT f.id FROM frames AS f, LATERAL (SELECT nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) AS score
                                       FROM moving AS m WHERE m.id BETWEEN f.id - 9 AND f.id) AS anew
WHERE f.rows_ <> anew.tally OR f.score IS DISTINCT FROM anew.score OR f.categories <> anew.tally;
SELECT f.id FROM frames AS f, LATERAL (SELECT nps_weighted_tally(score, weight) AS tally FROM moving AS m WHERE m.id BETWEEN f.id - 3 AND f.id + 4) AS anew
WHERE f.range_ <> anew.tally;
SELECT f.id FROM frames AS f, LATERAL (SELECT nps_weighted_tally(score, weight) AS tally FROM moving AS m WHERE m.id BETWEEN f.id - 9 AND f.id - 1) AS anew
WHERE f.others <> anew.tally;
SELECT f.id FROM (SELECT id, sum(t) OVER w AS tally, nps(t) OVER w AS score
                  FROM (SELECT id, nps_weighted_tally(score, weight) AS t FROM moving GROUP BY id) AS m
                  WINDOW w AS (ORDER BY id ROWS BETWEEN 6 PRECEDING AND 2 FOLLOWING)) AS f,
     LATERAL (SELECT nps_weighted_tally(score, weight) AS tally FROM moving AS m WHERE m.id BETWEEN f.id - 6 AND f.id + 2) AS anew
WHERE f.tally <> anew.tally OR f.score IS DISTINCT FROM nps_score(anew.tally);
-- Frames are moved, not made anew: the inverse is called.  Where the part was
-- never added, it refuses.
SELECT nps_weighted_accum_inv(nps_weighted_accum('((0,0,0),(0,0,0),(0,0,0))', 9, 0.3), 9, 0.3);
\set VERBOSITY terse
SELECT nps_weighted_accum_inv('((0,0,1),(0,0,1),(0,0,1))', 9, 0.3);
SELECT nps_weighted_accum_inv('((0,0,2),(0,0,2),(0,0,2))', 9, 0.3);
SELECT nps_weighted_accum_inv('((0,0,0),(0,0,0),(0,0,0))', 'passive'::nps_category, 1);
SELECT nps_weighted_accum_inv('((0,0,0),(0,0,0),(0,0,0))', 9, -1);
\set VERBOSITY default
-- Called by hand, support functions leave their arguments alone.
SELECT t, nps_weighted_accum(t, 3, 5) AS accum, nps_weighted_accum_inv(t, 9, 2) AS inverse, nps_weighted_tally_add(t, t) AS add, t AS unchanged
FROM (SELECT '((0,0,2),(0,0,4),(0,0,8))'::nps_weighted_tally AS t OFFSET 0) AS v;

-- Parallel, and partition by partition: there is a partial aggregate, and the
-- same bits.
CREATE TABLE weighted_answers (id integer, segment integer, score integer, weight double precision) PARTITION BY RANGE (segment);
CREATE TABLE weighted_answers_1 PARTITION OF weighted_answers FOR VALUES FROM (0) TO (10);
CREATE TABLE weighted_answers_2 PARTITION OF weighted_answers FOR VALUES FROM (10) TO (30);
CREATE TABLE weighted_answers_3 PARTITION OF weighted_answers FOR VALUES FROM (30) TO (1000);
CREATE TABLE weighted_answers_4 PARTITION OF weighted_answers FOR VALUES FROM (1000) TO (2000);
INSERT INTO weighted_answers SELECT id, segment, score, weight FROM answers;
ANALYZE weighted_answers;
CREATE FUNCTION nodes_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json, COSTS off) ' || query INTO plan;
    RETURN CASE WHEN plan::text ~ '"Partial Mode": "Partial"' THEN 'partial ' ELSE '' END
        || CASE WHEN plan::text ~ 'Gather' THEN 'gather ' ELSE '' END || CASE WHEN plan::text ~ '"Partial Mode": "Finalize"' THEN 'finalize' ELSE '' END;
END $$;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 4; SET enable_partitionwise_aggregate = on;
SELECT query, nodes_of(query)
FROM (VALUES ('SELECT nps_weighted(score, weight), nps_weighted_tally(score, weight) FROM weighted_answers'),
             ('SELECT segment, nps_weighted(nps_category(score), weight) FROM weighted_answers GROUP BY segment')) AS v(query);
CREATE TEMP VIEW parallel AS SELECT nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) AS score FROM weighted_answers;
SELECT (SELECT tally FROM parallel) = tally AS same, (SELECT score FROM parallel) = nps_score(tally) AS same_score
FROM (SELECT nps_weighted_tally(score, weight) AS tally FROM answers) AS serial;
SET parallel_leader_participation = off;
SELECT (SELECT tally FROM parallel) = tally AS same, (SELECT score FROM parallel) = nps_score(tally) AS same_score
FROM (SELECT nps_weighted_tally(score, weight) AS tally FROM answers) AS serial;
SELECT count(*) AS segments, count(*) FILTER (WHERE p.tally <> s.tally) AS differ
FROM (SELECT segment, nps_weighted_tally(score, weight) AS tally FROM weighted_answers GROUP BY segment) AS p
JOIN (SELECT segment, nps_weighted_tally(score, weight) AS tally FROM answers GROUP BY segment) AS s USING (segment);
CREATE TABLE stored_weighted AS SELECT segment, nps_weighted_tally(score, weight) AS tally FROM weighted_answers GROUP BY segment, id % 50;
ANALYZE stored_weighted;
SELECT nodes_of('SELECT sum(tally), nps(tally) FROM stored_weighted'),
       (SELECT sum(tally) FROM stored_weighted) = (SELECT nps_weighted_tally(score, weight) FROM answers) AS same;
RESET ALL;
DROP VIEW parallel;
DROP TABLE weighted_answers, stored_weighted;
DROP FUNCTION nodes_of(text);
