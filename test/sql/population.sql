-- A small, known population: the argument population of nps_interval,
-- nps_margin, nps_summary and nps_sample_size.  Points.

-- 31 answers: R 4.2.2, survey 4.1.1, svymean with fpc, times
-- sqrt((n - 1) / n * N / (N - 1)) as R divides by n - 1: 12.22064 and 18.08686
SELECT population,
       round(nps_margin('(2,11,18)', method => 'wald', population => population), 4) AS margin
FROM (VALUES (31), (45), (100), (1000), ('Infinity'::float8)) AS v(population);

-- Where everybody has answered the interval is the score
SELECT method, nps_interval(t, method => method, population => 31) AS interval,
       nps_margin(t, method => method, population => 31) AS margin,
       round(nps_score(t), 10) AS score
FROM (VALUES ('(2,11,18)'::nps_tally)) AS v(t),
     (VALUES ('wald'), ('adjusted-wald'), ('agresti-min'), ('bonett-price')) AS m(method);
SELECT nps_interval('(0,0,1)', population => 1) AS one_of_one,
       nps_margin('(1,1,1)', 0.99, 'bonett-price', 3) AS three_of_three;

-- Without it, and with a population without end, nothing changes; with it the interval shrinks as more of it have answered
SELECT count(*) AS cases,
       bool_and(nps_interval(t, c, m) = nps_interval(t, c, m, 'Infinity')) AS the_same,
       bool_and(nps_margin(t, c, m, n) = 0
                AND nps_margin(t, c, m, n + 1) <= nps_margin(t, c, m, n + 10)) AS shrinks,
       bool_and((s.margin, s.lower, s.upper) = (nps_margin(t, c, m, n + 10),
                                                lower(nps_interval(t, c, m, n + 10)),
                                                upper(nps_interval(t, c, m, n + 10)))) AS summary
FROM (SELECT nps_tally(d, p, r) AS t, d + p + r AS n FROM generate_series(0, 6) AS d,
      generate_series(0, 6, 2) AS p, generate_series(0, 40, 5) AS r
      WHERE d + p + r > 0) AS tallies, (VALUES (0.5), (0.95)) AS cs(c), (VALUES ('wald'),
        ('adjusted-wald'), ('agresti-min'), ('bonett-price')) AS ms(m),
     nps_summary(t, c, m, n + 10) AS s;
SELECT (SELECT string_agg(key, ' ') FROM json_object_keys(row_to_json(s)) AS key) AS columns
FROM nps_summary('(2,11,18)', population => 45) AS s;

-- n / (1 + (n - 1) / N), rounded up and at most N (Cochran 1977): the table
-- of Krejcie & Morgan 1970, rounded to the nearest there
SELECT population, nps_sample_size(10, population => population) AS responses
FROM (VALUES (1), (10), (50), (100), (500), (1000), (10000), (1e6), ('Infinity')) AS v(population);
SELECT nps_sample_size(0.001, population => 45) AS all_of_them,
       nps_sample_size(5e-324, population => 45) AS still,
       nps_sample_size(100, population => 45.7) AS few,
       nps_sample_size(1e200, population => 45) AS one,
       nps_sample_size('Infinity', population => 45) AS any_margin;

SELECT nps_margin('(0,0,0)', population => 0) IS NULL AS nobody_of_nobody,
       nps_margin('(1,2,3)', population => NULL) IS NULL AS unknown,
       nps_interval('(1,2,3)', population => NULL) IS NULL AS interval,
       nps_sample_size(5, population => NULL) IS NULL AS size;

-- Errors
SELECT nps_margin('(2,11,18)', population => 30);
SELECT nps_interval('(2,11,18)', population => 'NaN');
SELECT nps_interval('(2,11,18)', method => 'score', population => 45);
SELECT nps_sample_size(5, population => 0.5);
\set VERBOSITY sqlstate
SELECT nps_interval('(0,0,0)', population => -1);
SELECT nps_summary('(2,11,18)', population => 30.9);
SELECT nps_summary('(0,0,0)', method => 'always-valid', population => 100);
SELECT nps_margin('(2,11,18)', method => 'always-valid', population => 100);
SELECT nps_sample_size(5, population => 'NaN');
SELECT nps_sample_size(5, population => -1);
