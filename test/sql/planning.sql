-- How many answers, how many promoters: nps_sample_size and
-- nps_promoters_needed.

-- A variance of .167159 and a full width of .1, so a margin of 5 points.
SELECT nps_sample_size(5, variance => 0.167159) AS "257";
-- z squared is 3.841459 at .95 and 6.634897 at .99: chi-square tables.
SELECT nps_sample_size(10) AS "385", nps_sample_size(1) AS "38415",
       nps_sample_size(5, 0.99) AS "2654",
       nps_sample_size(5) = nps_sample_size(5, 0.95, 1) AS defaults,
       nps_sample_size(margin => 5, variance => 0.5, confidence => 0.99) AS "1327";
SELECT nps_sample_size(200), nps_sample_size('Infinity'), nps_sample_size(1, variance => 1e-300);
SELECT nps_sample_size(NULL) IS NULL AS margin, nps_sample_size(5, NULL) IS NULL AS confidence,
       nps_sample_size(5, 0.95, NULL) IS NULL AS variance;
-- The size is enough, and one pair less is not: half promoters, half
-- detractors have the largest variance.
SELECT count(*) AS margins,
       bool_and(nps_margin(nps_tally(half, 0, half), method => 'wald') <= margin) AS enough,
       bool_and(nps_margin(nps_tally(half - 1, 0, half - 1),
                           method => 'wald') > margin) AS not_one_pair_less
FROM generate_series(1, 40) AS margin,
     LATERAL (SELECT (nps_sample_size(margin) + 1) / 2) AS s(half);
-- The variance of a tally gives its own size back.
SELECT nps_sample_size(nps_margin(t, method => 'wald') + 1e-6,
                       variance => (nps_stderr(t) / 100) ^ 2 * nps_responses(t)) AS "324"
FROM (VALUES (nps_tally(54, 108, 162))) AS v(t);
-- Half promoters, half detractors is the largest variance, rounding aside.
SELECT count(*) AS tallies,
       bool_and(nps_sample_size(5,
                                variance => (nps_stderr(t) / 100) ^ 2 * nps_responses(t)) = 1537) AS "1537"
FROM (SELECT nps_tally(half, 0, half) AS t FROM generate_series(1, 1000) AS half) AS v;
-- Close to the end of bigint, and past it.
SELECT nps_sample_size(1e-7) BETWEEN 3841458820000000000 AND 3841458822000000000 AS fits;
SELECT nps_sample_size(6.454e-8) BETWEEN 9222000000000000000 AND 9223372036854775807 AS fits;
SELECT nps_sample_size(6.4531e-8);
SELECT nps_sample_size(1e-9);
SELECT nps_sample_size(0);
-- From 50 on and below 100 it is taken for a percentage.
SELECT nps_sample_size(5, 49.9);
SELECT nps_sample_size(5, 50);
SELECT nps_sample_size(5, 95);
SELECT nps_sample_size(5, 100);
SELECT nps_sample_size(5, variance => 1.0005);
SELECT nps_sample_size(5, variance => 1.01);
\set VERBOSITY terse
SELECT nps_sample_size(5e-324);
SELECT nps_sample_size(-5);
SELECT nps_sample_size('NaN');
SELECT nps_sample_size(5, 0);
SELECT nps_sample_size(5, 'NaN');
SELECT nps_sample_size(5, variance => 0);
SELECT nps_sample_size(5, variance => -1);
SELECT nps_sample_size(5, variance => 'NaN');
\set VERBOSITY sqlstate
SELECT nps_sample_size(1e-9);
SELECT nps_sample_size(0);
SELECT nps_sample_size(5, variance => 2);
\set VERBOSITY default

-- 54/108/162, 33.3, reaches 50 by 108 promoters, and not by 107.
SELECT nps_promoters_needed('(54,108,162)', 50) AS "108", nps_score('(54,108,270)') AS "50",
       nps_score('(54,108,269)') < 50 AS not_yet;
SELECT t, target, nps_promoters_needed(t, target) AS needed
FROM (VALUES
    ( 1, nps_tally(20, 10, 70),                50),
    ( 2, nps_tally(20, 10, 70),                50.0000000000000001),
    ( 3, nps_tally(20, 10, 70),                -100),
    ( 4, nps_tally(7, 0, 0),                   -100),
    ( 5, nps_tally(7, 0, 0),                   0),
    ( 6, nps_tally(7, 0, 0),                   99),
    ( 7, nps_tally(7, 0, 0),                   100),
    ( 8, nps_tally(0, 1, 7),                   100),
    ( 9, nps_tally(0, 0, 7),                   100),
    (10, nps_tally(0, 0, 0),                   0),
    (11, nps_tally(0, 0, 0),                   100),
    (12, nps_tally(54, 108, 162),              33.3333333333333333),
    (13, nps_tally(54, 108, 162),              33.33333333333333333334),
    (14, nps_tally(1, 0, 0),                   99.999999999999),
    (15, nps_tally(3074457345618258602, 0, 0), 0),
    (16, nps_tally(9223372036854775807, 0, 0), 0),
    (17, nps_tally(0, 9223372036854775807, 0), 50),
    (18, nps_tally(9223372036854775807, 0, 0), -99.9999999999999999999),
    (19, NULL,                                 50),
    (20, nps_tally(1, 2, 3),                   NULL)) AS v(n, t, target) ORDER BY n;
-- The promoters needed are enough and no fewer are, over every tally of at
-- most 9 responses; scores compared without a division.
SELECT count(*) AS cases, bool_and(100 * (r + k - d) >= target * (n + k)) AS enough,
       bool_and(k = 0 OR 100 * (r + k - 1 - d) < target * (n + k - 1)) AS no_fewer
FROM generate_series(1, 9) AS n, generate_series(0, n) AS d, generate_series(0, n - d) AS p,
     LATERAL (SELECT n - d - p) AS v(r),
     (VALUES (-100), (-33.3), (0), (12.5), (33.3333333333333333), (50), (66.6666666666666667), (99),
      (99.9999)) AS w(target),
     LATERAL (SELECT nps_promoters_needed(nps_tally(d, p, r), target)) AS l(k);
SELECT nps_promoters_needed('(1,2,3)', 100.01);
SELECT nps_promoters_needed('(9223372036854775807,0,0)', 1);
\set VERBOSITY terse
SELECT nps_promoters_needed('(0,0,0)', -100.0000000000000000000001);
SELECT nps_promoters_needed('(1,2,3)', 'NaN');
SELECT nps_promoters_needed('(1,2,3)', 'Infinity');
SELECT nps_promoters_needed('(1,2,3)', '-Infinity');
SELECT nps_promoters_needed('(1,0,0)', 99.9999999999999999999999);
\set VERBOSITY sqlstate
SELECT nps_promoters_needed('(1,2,3)', 101);
SELECT nps_promoters_needed('(1,0,0)', 99.9999999999999999999999);
\set VERBOSITY default
