-- The method always-valid: intervals and tests that hold at every look.  The
-- factors on the standard error are those of Waudby-Smith et al. 2024, and for
-- one bound of Howard et al. 2021, in mpmath 1.2.1.

-- How much wider than the interval that is looked at once: 3.0352089904,
-- 3.8550546335 and 3.2417231454 for 1.9599639845
SELECT n, round(nps_margin(nps_tally(n / 5, n / 5 * 2, n / 5 * 2),
                           method => 'always-valid') / nps_margin(nps_tally(n / 5, n / 5 * 2, n / 5 * 2)), 8) AS wider,
       round(factor / 1.9599639845, 8) AS expected
FROM (VALUES (50, 3.8550546335), (500, 3.0352089904), (5000, 3.2417231454)) AS v(n, factor);
SELECT nps_interval('(0,0,1)', method => 'always-valid') AS one_answer,
       nps_interval('(0,0,0)', method => 'always-valid') IS NULL AS none;

-- p-values by halving in mpmath: 0.05496083 for z = 3 and 500 responses, 0.0977015634 for z = 2.5, one-sided
SELECT alternative, round(z::numeric, 4) AS z, round(p_value::numeric, 6) AS p_value,
       p_value < 0.05 AS found, round(lower, 4) AS lower, round(upper, 4) AS upper
FROM (VALUES ('two-sided'), ('greater'), ('less')) AS v(alternative),
     nps_test('(100,200,200)'::nps_tally, 10, method => 'always-valid', alternative => alternative);
SELECT alternative, round(z::numeric, 4) AS z, round(p_value::numeric, 6) AS p_value,
       round(lower, 4) AS lower, round(upper, 4) AS upper
FROM (VALUES ('two-sided'), ('greater'), ('less')) AS v(alternative),
     nps_test('(100,200,300)'::nps_tally, '(150,200,150)'::nps_tally, method => 'always-valid',
              alternative => alternative);

-- The bounds exclude no difference exactly where p is below 1 - confidence; the estimate is that of adjusted-wald
SELECT count(*) AS tests, count(*) FILTER (WHERE r.p_value < 1 - c) AS found,
       bool_and((r.p_value < 1 - c) = (lower > 0 OR upper < 0)) AS agree,
       bool_and((r.difference, r.stderr, r.z) = (w.difference, w.stderr, w.z)) AS estimate,
       bool_and(r.p_value >= w.p_value) AS no_smaller_p
FROM generate_series(0, 120, 20) AS d, generate_series(0, 120, 20) AS q, (VALUES
    ('two-sided'), ('greater'), ('less')) AS a(alternative), (VALUES (0.8), (0.95)) AS cs(c),
     nps_test(nps_tally(d, 20, 90), nps_tally(30, 10, q), c, 'always-valid', alternative) AS r,
     LATERAL (SELECT difference, stderr, z,
              p_value
              FROM nps_test(nps_tally(d, 20, 90), nps_tally(30, 10, q), c, 'adjusted-wald',
                            alternative)) AS w;

-- Errors
SELECT nps_test('(1,2,3)'::nps_tally, 10, 0.5, 'always-valid', 'greater');
SELECT nps_margin('(1,2,3)', method => 'always_valid');
\set VERBOSITY sqlstate
SELECT nps_test('(1,2,3)'::nps_tally, '(0,0,0)'::nps_tally, 0.79, 'always-valid', 'less');
SELECT difference IS NULL AS none
FROM nps_test('(1,2,3)'::nps_tally, '(0,0,0)'::nps_tally, 0.5, 'always-valid');
