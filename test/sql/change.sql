-- nps_change: which segment moved the overall score, and how.

-- Kitagawa's decomposition, Das Gupta 1993, table 5.1: household heads by age
-- group, 1970 and 1985; 44.7268 became 47.6940, rate effect 1.7403, mix
-- effect 1.2269.
CREATE TEMP TABLE groups AS
SELECT age,
       nps_tally(0, (size_1970 * 10000 - size_1970 * rate_1970 * 100)::bigint,
                 (size_1970 * rate_1970 * 100)::bigint) AS before,
       nps_tally(0, (size_1985 * 10000 - size_1985 * rate_1985 * 100)::bigint,
                 (size_1985 * rate_1985 * 100)::bigint) AS after
FROM (VALUES
    ('15-19', 12.9, 10.1,  1.9,  2.2),
    ('20-24', 10.9, 11.2, 25.8, 24.3),
    ('25-29',  9.5, 11.6, 45.7, 45.8),
    ('30-34',  8.0, 10.9, 49.6, 52.5),
    ('35-39',  7.8,  9.4, 51.2, 56.1),
    ('40-44',  8.4,  7.7, 51.6, 55.6),
    ('45-49',  8.6,  6.3, 51.8, 56.0),
    ('50-54',  7.8,  6.0, 54.9, 57.4),
    ('55-59',  7.0,  6.3, 58.7, 57.2),
    ('60-64',  5.9,  5.9, 60.4, 61.2),
    ('65-69',  4.7,  5.1, 62.8, 63.9),
    ('70-74',  3.6,  4.0, 66.6, 68.6),
    ('75+',    4.9,  5.5, 66.8, 72.2)) AS v(age, size_1970, size_1985, rate_1970, rate_1985);
SELECT round(nps_score(total_before), 4) AS "44.7268",
       round(nps_score(total_after), 4) AS "47.6940",
       round(sum(rate), 4) AS "1.7403", round(sum(mix), 4) AS "1.2269",
       abs(sum(total) - (nps_score(total_after) - nps_score(total_before))) <= 1e-9 AS whole
FROM groups, (SELECT sum(before) AS total_before, sum(after) AS total_after FROM groups) AS totals,
     nps_change(before, after, total_before, total_after) GROUP BY total_before, total_after;

-- By hand: the first segment goes from 1/4 of the responses at 0 to 1/2 at 50,
-- the whole from 50 to 25: rate (1/4 + 1/2)/2 * 50, mix 1/4 * (25 - 37.5).
SELECT rate, mix, total FROM nps_change('(5,15,5)', '(0,25,25)', '(10,30,60)', '(15,45,40)');
SELECT pg_typeof(rate), pg_typeof(mix), pg_typeof(total)
FROM nps_change('(5,15,5)', '(0,25,25)', '(10,30,60)', '(15,45,40)');
-- A segment that is the whole: all rate.  One that grows without being better
-- or worse than the whole: no effect.
SELECT what, rate, mix, total
FROM (VALUES
    (1, 'whole', nps_tally(5, 15, 5), nps_tally(0, 25, 25), nps_tally(5, 15, 5),
     nps_tally(0, 25, 25)),
    (2, 'average', nps_tally(1, 1, 2), nps_tally(2, 2, 4), nps_tally(4, 4, 8), nps_tally(4, 4, 8)),
    (3, 'new', nps_tally(0, 0, 0), nps_tally(0, 0, 10), nps_tally(50, 0, 50), nps_tally(45, 0, 55)),
    (4, 'gone', nps_tally(0, 0, 10), nps_tally(0, 0, 0), nps_tally(45, 0, 55),
     nps_tally(50, 0, 50)),
    (5, 'absent in both', nps_tally(0, 0, 0), nps_tally(0, 0, 0), nps_tally(45, 0, 55),
     nps_tally(50, 0, 50)),
    (6, 'largest counts', nps_tally(0, 0, 4611686018427387903),
     nps_tally(4611686018427387903, 0, 0), nps_tally(4611686018427387903, 0, 4611686018427387903),
     nps_tally(4611686018427387903, 0, 4611686018427387903)))
     AS v(n, what, before, after, total_before, total_after),
     nps_change(before, after, total_before, total_after)
     ORDER BY n;

-- The effects of two segments add up to the change of the whole, over all
-- tallies of at most 2 responses, segments absent in either period included.
CREATE TEMP TABLE small AS
SELECT nps_tally(d, p, n - d - p) AS t
FROM generate_series(0, 2) AS n, generate_series(0, n) AS d, generate_series(0, n - d) AS p;
SELECT count(*) AS cases,
       max(abs(one.total + two.total - (nps_score(c.t + d.t) - nps_score(a.t + b.t)))) <= 1e-9 AS adds_up,
       bool_and(one.total = one.rate + one.mix AND two.total = two.rate + two.mix) AS total,
       bool_and(one.rate = 0) FILTER (WHERE 0 IN (nps_responses(a.t),
                                                  nps_responses(c.t))) AS absent_is_mix,
       max(abs(one.total - (nps_change(c.t, a.t, c.t + d.t,
                                       a.t + b.t)).total * -1)) <= 1e-11 AS backwards
FROM small AS a, small AS b, small AS c, small AS d,
     nps_change(a.t, c.t, a.t + b.t, c.t + d.t) AS one,
     nps_change(b.t, d.t, a.t + b.t, c.t + d.t) AS two
WHERE nps_responses(a.t + b.t) > 0 AND nps_responses(c.t + d.t) > 0;
-- The formula in plain numeric, over segments of 40 answers to 60.
SELECT count(*) AS cases, max(abs(rate - (w0 + w1) / 2 * (s1 - s0))) <= 1e-11 AS rate,
       max(abs(mix - (w1 - w0) * ((s0 + s1) / 2 - (t0 + t1) / 2))) <= 1e-11 AS mix
FROM (SELECT nps_tally(i % 13, i % 7, 40 - i % 20) AS before,
      nps_tally(i % 5, 20 + i % 11, i % 17 + 1) AS after FROM generate_series(1, 500) AS i) AS v,
     LATERAL (SELECT before + '(11,7,30)' AS total_before, after + '(20,5,9)' AS total_after) AS w,
     LATERAL (SELECT nps_score(before) AS s0, nps_score(after) AS s1, nps_score(total_before) AS t0,
              nps_score(total_after) AS t1,
                     nps_responses(before)::numeric / nps_responses(total_before) AS w0,
                     nps_responses(after)::numeric / nps_responses(total_after) AS w1) AS x,
     nps_change(before, after, total_before, total_after);

-- NULL only where a total is empty, or an argument NULL.
SELECT nps_change('(0,0,0)', '(1,0,0)', '(0,0,0)', '(1,0,0)') IS NULL AS nothing_before,
       nps_change('(1,0,0)', '(0,0,0)', '(1,0,0)', '(0,0,0)') IS NULL AS nothing_after,
       nps_change(NULL, '(0,0,0)', '(1,0,0)', '(1,0,0)') IS NULL AS segment,
       nps_change('(0,0,0)', '(0,0,0)', '(1,0,0)', NULL) IS NULL AS total;

-- From answers: segments that come and go by a full join of the periods.
SELECT plan, round(rate, 2) AS rate, round(mix, 2) AS mix, round(total, 2) AS total,
       round(sum(total) OVER (), 2) AS overall
FROM (VALUES ('Free', nps_tally(40, 30, 30)), ('Old', nps_tally(10, 5, 5))) AS b(plan, tally)
     FULL JOIN (VALUES ('Free', nps_tally(45, 30, 45)), ('New', nps_tally(2, 8, 20))) AS a(plan, tally)
     USING (plan),
     (VALUES (nps_tally(50, 35, 35), nps_tally(47, 38, 65))) AS t(total_before, total_after),
     nps_change(coalesce(b.tally, '(0,0,0)'), coalesce(a.tally, '(0,0,0)'), total_before,
                total_after)
ORDER BY plan COLLATE "C";

-- A segment that is no part of its total, in size or in one category.
SELECT nps_change('(5,15,5)', '(10,30,60)', '(0,25,25)', '(15,45,40)');
\set VERBOSITY terse
SELECT nps_change('(1,2,3)', '(1,2,4)', '(1,2,3)', '(1,2,3)');
SELECT nps_change('(1,0,0)', '(0,0,0)', '(0,9,9)', '(0,9,9)');
SELECT nps_change('(0,0,0)', '(0,0,1)', '(0,0,0)', '(0,0,0)');
\set VERBOSITY sqlstate
SELECT nps_change('(1,2,3)', '(1,2,4)', '(1,2,3)', '(1,2,3)');
\set VERBOSITY default
