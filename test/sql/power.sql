-- What a test can find, and how many responses it takes:
-- nps_sample_size_to_detect and nps_detectable_difference.  Points.

-- (1.959964 + 0.841621)^2 * (0.4875 + 0.5275) * 10^2 = 796.66
SELECT nps_sample_size_to_detect(10, variance_a => 0.4875, variance_b => 0.5275) AS "797";

-- (1.644854 + 0.841621)^2 * 2 * 10^2 = 1236.5; at a power of one half only the
-- test counts, and of one ten thousandth not even that
SELECT alternative, power,
       nps_sample_size_to_detect(10, power, alternative => alternative) AS responses
FROM (VALUES
    ('two-sided',    0.8),
    ('greater',      0.8),
    ('less',         0.8),
    ('two-sided',    0.5),
    ('two-sided', 0.0001)) AS v(alternative, power);
-- Less than a standard error to see, and nothing to see: then one answer does.
SELECT power, nps_sample_size_to_detect(20, power, 0.5, alternative => 'greater') AS responses
FROM (VALUES (0.7), (0.3)) AS v(power);
SELECT nps_sample_size_to_detect(5) = nps_sample_size_to_detect(difference => 5, power => 0.8, confidence => 0.95, variance_a => 1, variance_b => 1, alternative => 'two-sided') AS defaults,
       nps_sample_size_to_detect(200) AS at_most,
       nps_sample_size_to_detect(1e-6, confidence => 0.5) BETWEEN 10 ^ 16 AND 10 ^ 17 AS tiny;

SELECT nps_sample_size_to_detect(NULL) IS NULL AS difference,
       nps_sample_size_to_detect(5, NULL) IS NULL AS power,
       nps_sample_size_to_detect(5, alternative => NULL) IS NULL AS alternative;

-- One that is asked for is one that can be detected
SELECT n, round(nps_detectable_difference(nps_tally(15 * n, 45 * n, 40 * n),
                                          nps_tally(20 * n, 45 * n, 35 * n)), 4) AS difference,
       nps_sample_size_to_detect(nps_detectable_difference(nps_tally(15 * n, 45 * n, 40 * n),
                                                           nps_tally(20 * n, 45 * n, 35 * n))::float8,
                                 variance_a => 0.4875, variance_b => 0.5275) - 100 * n AS off
FROM (VALUES (1), (10), (100), (1000)) AS v(n);
SELECT round(d, 6) = round((2.8015852180::numeric * s::numeric), 6) AS by_its_stderr,
       e > d AS more_power, f < d AS less_confidence, g < d AS one_sided
FROM (VALUES ('(30,40,50)'::nps_tally, '(3,1,9)'::nps_tally)) AS v(a, b),
     LATERAL (SELECT stderr FROM nps_test(a, b)) AS t(s),
     nps_detectable_difference(a, b) AS d, nps_detectable_difference(a, b, power => 0.9) AS e,
     nps_detectable_difference(a, b, confidence => 0.9) AS f,
     nps_detectable_difference(a, b, alternative => 'less') AS g;

-- All of one category can't find everything; nobody finds nothing
SELECT nps_detectable_difference('(0,0,5)', '(0,0,5)') > 50 AS promoters_alone,
       nps_detectable_difference('(1,1,1)', '(1,1,1)', 0.001, 0.5) AS by_chance,
       nps_detectable_difference('(0,0,0)', '(1,2,3)') IS NULL AS nobody,
       nps_detectable_difference('(1,2,3)', NULL) IS NULL AS "null";

-- Errors
SELECT nps_sample_size_to_detect(0);
SELECT nps_sample_size_to_detect(10, 80);
SELECT nps_sample_size_to_detect(1e-9);
SELECT nps_detectable_difference('(0,0,0)', '(1,2,3)', power => 1);
\set VERBOSITY sqlstate
SELECT nps_sample_size_to_detect(-1);
SELECT nps_sample_size_to_detect(200.1);
SELECT nps_sample_size_to_detect('NaN');
SELECT nps_sample_size_to_detect('Infinity');
SELECT nps_sample_size_to_detect(10, 0);
SELECT nps_sample_size_to_detect(10, 'NaN');
SELECT nps_sample_size_to_detect(10, confidence => 95);
SELECT nps_sample_size_to_detect(10, variance_a => 0);
SELECT nps_sample_size_to_detect(10, variance_b => 1.01);
SELECT nps_sample_size_to_detect(10, alternative => 'both');
SELECT nps_sample_size_to_detect(1e-9);
SELECT nps_detectable_difference('(1,2,3)', '(1,2,3)', 0);
SELECT nps_detectable_difference('(1,2,3)', '(1,2,3)', confidence => 1);
SELECT nps_detectable_difference('(1,2,3)', '(1,2,3)', alternative => '');
