-- The statistics of weighted tallies against the package survey of R, and
-- against its formulas computed again, respondent by respondent, with 50
-- digits.  Where nothing is found, nothing is wrong.

-- The cases.  A1: Bock 2023, ten cases on displayr.com; A2, A3: Bhaskaran 2017,
-- weights by revenue; A4: ten respondents; B1, B2, B5, B6: the California
-- schools of survey (apistrat by sampling weight, high and middle schools by
-- enrolment; scores are min(10, floor((api - 300) / 55))); B3: its hospital data;
-- C1: equal weights; C2: Cavo 2012; D1: promoters only; D3: a detractor
-- who outweighs everybody; D5: weights of 0 and NULL.
CREATE TEMP TABLE cases (id text, answers text);
INSERT INTO cases VALUES
    ('A1', '7:9 7:1*4 9:1*5'),
    ('A2', '10:2000 2:8000 9:2000 8:2000 7:8000'),
    ('A3', '10:2000 2:8000 7:2000 8:2000 6:8000'),
    ('A4', '10:2 9:1 8:1 7:0.5 6:1.5 3:1 9:0.5 10:1 0:2 8:1'),
    ('B1', '1:44.21 2:44.21*2 3:44.21*10 4:44.21*11 5:44.21*13 6:44.21*16 7:44.21*12 8:44.21*16 9:44.21*10
            10:44.21*9 1:20.36*2 2:20.36 3:20.36*5 4:20.36*9 5:20.36*5 6:20.36*12 7:20.36*5 8:20.36*7
            9:20.36 10:20.36*3 1:15.1 2:15.1*3 3:15.1*6 4:15.1*5 5:15.1*9 6:15.1*11 7:15.1*8 8:15.1*5
            9:15.1 10:15.1'),
    ('B2', '1:44.21*4 2:44.21*6 3:44.21*11 4:44.21*17 5:44.21*9 6:44.21*15 7:44.21*12 8:44.21*10 9:44.21*9
            10:44.21*7 1:20.36*2 2:20.36*3 3:20.36*8 4:20.36*7 5:20.36*8 6:20.36*9 7:20.36*7 8:20.36*3
            9:20.36 10:20.36*2 1:15.1*2 2:15.1*3 3:15.1*5 4:15.1*7 5:15.1*9 6:15.1*9 7:15.1*8 8:15.1*4
            9:15.1*2 10:15.1'),
    ('B3', '0:10.5 1:10.5 2:10.5*2 2:19.8*2 4:19.8 9:19.8 10:19.8 8:2.8333*2 10:2.8333*4'),
    ('B5', '3:2165 4:1894 2:357 3:2552 6:1105 6:1586 5:1527 6:331 3:983 4:1423 6:682 7:1820 4:1033 7:532
            6:1115 8:1956 8:695 5:637 3:1515 8:633 7:1771 7:588 9:1469 6:119 6:1989 5:1139 5:195 7:1148
            5:1032 10:1692 6:2247 2:1068 7:2018 8:1788 3:216 8:1377 6:1115 5:2181 4:1783 5:1389 5:1313
            7:542 1:1684 6:1520 3:3156 7:763 2:2237 4:1602 6:1754 5:599'),
    ('B6', '3:1293 3:1043 1:739 5:1116 10:739 7:912 6:1173 8:539 7:363 6:475 10:558 3:491 6:715 4:179 4:598
            6:1162 4:817 2:2039 8:1345 6:390 5:618 10:767 8:829 4:529 6:775 4:954 6:893 4:635 6:725 4:1087
            3:554 8:358 8:802 1:608 7:525 4:480 3:892 6:1191 8:934 8:348 7:714 6:708 6:895 7:696 6:933
            5:1524 4:2171 5:1012 9:1358 5:423'),
    ('C1', '3:3.7*54 8:3.7*108 9:3.7*162'),
    ('D1', '9:1 10:2 10:3 9:4 10:10'),
    ('D3', '2:1000000000 10:1200 9:800 8:950 10:400 7:3000 9:2500 10:100 6:700 9:650 10:900 8:1000'),
    ('D5', '10:2 9:0 NULL:5 3:1 8:NULL 2:1.5 7:0.75'),
    ('C2', '0:1*16 7:1*139 9:1*6');
-- Each answer is written score:weight, or score:weight*times.
CREATE TEMP VIEW answers AS
    SELECT id, nullif(part[1], 'NULL')::integer AS score, nullif(part[2], 'NULL')::double precision AS weight
    FROM cases, regexp_matches(answers, '(\w+):([\w.]+)(?:\*(\d+))?', 'g') AS m(part),
         generate_series(1, coalesce(part[3], '1')::integer);
CREATE TEMP TABLE samples AS
    SELECT id, nps_weighted_tally(score, weight) AS tally, nps_weighted(score, weight) AS score
    FROM answers GROUP BY id;
SELECT id, count(*) AS answers, count(weight) FILTER (WHERE weight > 0 AND score IS NOT NULL) AS counted
FROM answers GROUP BY id ORDER BY id;

-- What R gives: svymean of -100, 0, 100 and its standard error, which has a
-- factor n / (n - 1) in its square that ours has not; and intervals, for which R
-- was given the pseudo-respondents.
CREATE TEMP TABLE expected (id text, counts nps_tally, weights text, effective numeric, score numeric,
                            svymean_se double precision, stderr double precision,
                            wald_lower numeric, wald_upper numeric, rocks_lower numeric, rocks_upper numeric,
                            min_lower numeric, min_upper numeric, price_lower numeric, price_upper numeric);
INSERT INTO expected VALUES
    ('A1', '(0,5,5)', '(0,13.0,5.0)', 3.6, 27.77777777778, 17.73013162512, 16.82027974499,
     -5.18936473228, 60.7449202878, -24.5896802116, 54.8927105147, -22.1577437958, 57.8720295101, -35.3043670437, 71.018652758),
    ('A2', '(1,2,2)', '(8000.0,10000.0,4000.0)', 3.457142857143, -18.18181818182, 38.11969472975, 34.0952914789,
     -85.0073615229, 48.6437251592, -62.9173055349, 43.4482789862, -68.6658111638, 45.6291619491, -79.0147201902, 55.9780709756),
    ('A4', '(3,3,4)', '(4.5,2.5,4.5)', 8.396825396825, 0.0, 33.67811605398, 31.94986621022,
     -62.6205870829, 62.6205870829, -50.7172731134, 50.7172731134, -53.9737007162, 53.9737007162, -57.1711619474, 57.1711619474),
    ('B1', '(122,53,25)', '(3563.87,1678.5,951.63)', 168.5813289156, -42.17371649984, 5.891579354774, 5.876831949029,
     -53.6920954631, -30.6553375365, -52.8634580368, -30.0092090277, -53.136645566, -30.2218464572, -53.1941139956, -30.1643780276),
    ('B3', '(7,2,6)', '(101.4,5.6666,50.9332)', 10.19200134085, -31.94105308994, 30.52882838227, 29.49365024715,
     -89.747545347, 25.8654391671, -73.4662312299, 24.1115885931, -78.0803329388, 24.677573733, -80.5365798012, 27.1338205954),
    ('B5', '(35,13,2)', '(47243.0,15631.0,3161.0)', 39.90353126231, -66.75550844249, 8.819594625728, 8.730953234036,
     -83.8678623319, -49.6431545531, -79.7738330397, -44.4015175524, -81.10762483, -46.0310882007, -81.7206158826, -45.4180971482),
    ('B6', '(34,12,4)', '(29837.0,8365.0,3422.0)', 40.94892513399, -63.46098404766, 9.65471693016, 9.557682136454,
     -82.1936968108, -44.7282712845, -78.1121388351, -40.1460018032, -79.4348027876, -41.5767976932, -79.9771240944, -41.0344763864),
    ('C1', '(54,108,162)', '(199.8,399.6,599.4)', 324.0, 33.33333333333, 4.147271681612, 4.140866625,
     25.2173838836, 41.4492827831, 24.945251413, 41.1097944585, 25.0353676749, 41.2223010367, 25.0130680008, 41.2446007108),
    ('D1', '(0,0,5)', '(0,0,20.0)', 3.076923076923, 100.0, 0.0, 0.0,
     100.0, 100.0, -5.40668491277, 100.0, 3.18754406647, 100.0, -8.58396167826, 100.0),
    ('D3', '(2,3,7)', '(1000000700.0,4950.0,6550.0)', 1.000024400128, -99.99819502202, 0.0020242622608, 0.001938083561698,
     -100.0, -99.994396448, -98.4984314961, 48.4984190024, -100.0, 51.0097353128, -100.0, 73.3530014684),
    ('D5', '(2,1,1)', '(2.5,0.75,2.0)', 3.528, -9.52380952381, 60.08799320749, 52.03772858011,
     -100.0, 92.4682643305, -71.1051442655, 60.8110266184, -79.9031692784, 67.7468740541, -87.9756793762, 75.8193841519);

SELECT count(*) AS compared FROM expected JOIN samples USING (id);
SELECT id, tally::nps_tally AS counts, counts FROM expected JOIN samples USING (id) WHERE tally::nps_tally <> counts;
SELECT id, weights FROM expected JOIN samples USING (id)
WHERE (nps_weight(tally, 'detractor'), nps_weight(tally, 'passive'), nps_weight(tally, 'promoter'))
      IS DISTINCT FROM (SELECT (w[1], w[2], w[3]) FROM (SELECT string_to_array(trim(weights, '()'), ',')::numeric[]) AS l(w));
-- Figures of 13 digits.
CREATE TEMP VIEW results AS
    SELECT e.id, what, got, wanted
    FROM expected AS e JOIN samples AS s USING (id),
         LATERAL (VALUES ('effective', nps_effective_responses(tally), effective),
                         ('score', nps_score(tally), e.score), ('aggregate', s.score, e.score),
                         ('stderr', nps_stderr(tally)::numeric, stderr::numeric),
                         ('svymean', (nps_stderr(tally) * sqrt(nps_responses(tally) / (nps_responses(tally) - 1.0)))::numeric, svymean_se::numeric),
                         ('wald', lower(nps_interval(tally, method => 'wald')), wald_lower),
                         ('wald', upper(nps_interval(tally, method => 'wald')), wald_upper),
                         ('adjusted-wald', lower(nps_interval(tally)), rocks_lower),
                         ('adjusted-wald', upper(nps_interval(tally)), rocks_upper),
                         ('agresti-min', lower(nps_interval(tally, method => 'agresti-min')), min_lower),
                         ('agresti-min', upper(nps_interval(tally, method => 'agresti-min')), min_upper),
                         ('bonett-price', lower(nps_interval(tally, method => 'bonett-price')), price_lower),
                         ('bonett-price', upper(nps_interval(tally, method => 'bonett-price')), price_upper))
                 AS v(what, got, wanted);
SELECT count(*) AS figures, count(got) AS computed FROM results;
SELECT * FROM results WHERE abs(got - wanted) > 6e-11 + abs(wanted) * 4e-12 ORDER BY id, what;

-- Bock's published figures: 27.78 %, standard error 0.18, from -6.97 to 62.53 %,
-- with n / (n - 1).
SELECT round(nps_score(tally), 2) AS "27.78", round(se::numeric / 100, 2) AS "0.18",
       round(nps_score(tally) - 1.959963985 * se::numeric, 2) AS "-6.97",
       round(nps_score(tally) + 1.959963985 * se::numeric, 2) AS "62.53"
FROM samples, LATERAL (SELECT nps_stderr(tally) * sqrt(nps_responses(tally) / (nps_responses(tally) - 1.0))) AS l(se)
WHERE id = 'A1';
-- Cavo 2012, published: wald -11.84 to -0.58, agresti-min -11.82 to -0.45,
-- bonett-price -11.95 to -0.32.
SELECT method, round(lower(i), 2) AS lower, round(upper(i), 2) AS upper
FROM samples, unnest('{wald,agresti-min,bonett-price}'::text[]) AS method,
     LATERAL (SELECT nps_interval(tally, method => method)) AS l(i)
WHERE id = 'C2' ORDER BY method COLLATE "C";
-- The trap: a detractor who outweighs all, and an interval that is absurdly sure.
SELECT method, nps_interval(tally, method => method)
FROM samples, unnest('{wald,adjusted-wald}'::text[]) AS method WHERE id = 'D3' ORDER BY method COLLATE "C";

-- Tests: two-sided, then the p-value and bound of greater, and that of less.
CREATE TEMP TABLE expected_tests (id text, a text, against text, method text, difference numeric, stderr double precision,
                                  z double precision, p_value double precision, lower numeric, upper numeric,
                                  p_greater double precision, lower_greater numeric, upper_less numeric);
INSERT INTO expected_tests VALUES
    ('F1', 'B5', 'B6', 'wald', -3.294524394828, 12.94522430074, -0.2544972816454, 0.799111403909, -28.6666977961, 22.0776490064, 0.600444298045, -24.5875235376, 17.9984747479),
    ('F1', 'B5', 'B6', 'adjusted-wald', -2.958604976893, 13.23762619883, -0.2234996616807, 0.823146646409, -28.9038755674, 22.9866656136, 0.588426676796, -24.7325624423, 18.8153524885),
    ('F3', 'A2', 'A3', 'wald', 45.45454545455, 42.43139719998, 1.071247907306, 0.284057975829, -37.7094648711, 128.61855578, 0.142028987914, -24.3388921265, 115.247983036),
    ('F3', 'A2', 'A3', 'adjusted-wald', 24.33628318584, 39.46090846866, 0.6167187763851, 0.537420234282, -53.00567621, 101.678242582, 0.268710117141, -40.5711352316, 89.2437016033),
    ('G1', 'A4', '10.0', 'wald', -10.0, 31.94986621022, -0.3129903560223, 0.7542879891, -72.6205870829, 52.6205870829, 0.62285600545, -62.5528533165, 42.5528533165),
    ('G1', 'A4', '10.0', 'adjusted-wald', -10.0, 25.87663524098, -0.3864490072559, 0.69916416111, -60.7172731134, 40.7172731134, 0.650417919445, -52.5632773294, 32.5632773294),
    ('G2', 'B1', '-30.0', 'wald', -12.17371649984, 5.876831949029, -2.071476027462, 0.0383143324608, -23.6920954631, -0.655337536547, 0.98084283377, -21.8402448462, -2.50718815349),
    ('G2', 'B1', '-30.0', 'adjusted-wald', -11.43633353224, 5.830272696185, -1.961543503742, 0.0498156553511, -22.8634580368, -0.00920902767511, 0.975092172324, -21.0262787227, -1.84638834181);
CREATE TEMP VIEW test_results AS
    SELECT e.id, e.method, alternative, what, got, wanted
    FROM expected_tests AS e JOIN samples AS s ON s.id = e.a LEFT JOIN samples AS b ON b.id = e.against,
         unnest('{two-sided,greater,less}'::text[]) AS alternative,
         LATERAL (SELECT (nps_test(s.tally, b.tally, 0.95, e.method, alternative)).* WHERE b.id IS NOT NULL
                  UNION ALL
                  SELECT (nps_test(s.tally, against::double precision, 0.95, e.method, alternative)).* WHERE b.id IS NULL) AS t,
         LATERAL (VALUES ('difference', t.difference::numeric, e.difference), ('stderr', t.stderr::numeric, e.stderr::numeric),
                         ('z', t.z::numeric, e.z::numeric),
                         ('p', t.p_value::numeric, CASE alternative WHEN 'two-sided' THEN e.p_value WHEN 'greater' THEN p_greater
                                                   ELSE 1 - p_greater END::numeric),
                         ('lower', t.lower, CASE alternative WHEN 'two-sided' THEN e.lower WHEN 'greater' THEN lower_greater END),
                         ('upper', t.upper, CASE alternative WHEN 'two-sided' THEN e.upper WHEN 'less' THEN upper_less END))
                 AS v(what, got, wanted);
SELECT count(*) AS figures, count(wanted) AS compared FROM test_results;
SELECT * FROM test_results WHERE abs(got - wanted) > 6e-11 + abs(wanted) * 4e-12 ORDER BY id, what;
-- An open side ends at what is possible.
SELECT DISTINCT id, what, got FROM test_results WHERE wanted IS NULL ORDER BY id, what, got;

-- Change from B2 to enrolment: the published shares and scores of survey, of
-- elementary (E), high (H) and middle schools (M).  The weights of E after are
-- made to have its share and score.
CREATE TEMP TABLE segments AS
    WITH before AS (
        SELECT CASE weight WHEN 44.21 THEN 'E' WHEN 15.1 THEN 'H' ELSE 'M' END AS segment, nps_weighted_tally(score, weight) AS tally
        FROM answers WHERE id = 'B2' GROUP BY 1
    ), after AS (
        SELECT CASE id WHEN 'B5' THEN 'H' ELSE 'M' END AS segment, tally FROM samples WHERE id IN ('B5', 'B6')
        UNION ALL
        SELECT 'E', nps_weighted_tally(score, weight)
        FROM (SELECT sum(nps_weight(tally)) * 0.2790868974 / 0.7209131026 AS total FROM samples WHERE id IN ('B5', 'B6')) AS t,
             LATERAL (VALUES (0, total * 0.711658428908), (10, total * 0.288341571092)) AS v(score, weight)
    )
    SELECT segment, before.tally AS before, after.tally AS after FROM before JOIN after USING (segment);
CREATE TEMP VIEW changes AS
    SELECT segment, before, after, total_before, total_after, (nps_change(before, after, total_before, total_after)).*
    FROM segments, (SELECT sum(before) AS total_before, sum(after) AS total_after FROM segments) AS t;
SELECT DISTINCT round(nps_score(total_before), 9) AS "-51.8098159509", round(nps_score(total_after), 7) AS "-59.0208722554",
       round(sum(total) OVER (), 7) AS "-7.2110563044",
       abs(sum(total) OVER () - nps_score(total_after) + nps_score(total_before)) < 1e-12 AS exact
FROM changes;
SELECT segment, round(nps_weight(before) / nps_weight(total_before), 8) AS share_before, round(nps_weight(after) / nps_weight(total_after), 8) AS share_after,
       round(nps_score(before), 8) AS score_before, round(nps_score(after), 8) AS score_after,
       round(rate, 7) AS rate, round(mix, 7) AS mix, round(total, 7) AS total
FROM changes ORDER BY segment;
SELECT segment, rate, mix, wanted.*
FROM changes JOIN (VALUES ('E', 1.8210284776, -4.8898021257, -3.0687736482), ('H', -0.7771635420, -3.1909166216, -3.9680801637),
                          ('M', 1.0055688246, -1.1797713172, -0.1742024926)) AS wanted(segment, r, m, t) USING (segment)
WHERE abs(rate - r) > 2e-8 OR abs(mix - m) > 2e-8 OR abs(total - t) > 2e-8;

-- Strata, post-strata and clusters are recipes over the tallies of groups.
-- S1: apistrat by type of school; P1: apisrs post-stratified by it.  R's
-- postStratify gives the error times sqrt(n / (n - 1)) with n = 200.
WITH strata(id, tally, share) AS (
    VALUES ('S1', nps_tally(53, 28, 19), 4421 / 6194.0), ('S1', nps_tally(35, 13, 2), 755 / 6194.0), ('S1', nps_tally(34, 12, 4), 1018 / 6194.0),
           ('P1', nps_tally(76, 37, 29), 4421 / 6194.0), ('P1', nps_tally(18, 7, 0), 755 / 6194.0), ('P1', nps_tally(18, 11, 4), 1018 / 6194.0)
)
SELECT id, round(sum(share * nps_score(tally)), 9) AS nps, round(sqrt(sum(share ^ 2 * nps_stderr(tally) ^ 2))::numeric, 9) AS stderr,
       round(sqrt(sum(share ^ 2 * nps_stderr(tally) ^ 2 * CASE id WHEN 'S1' THEN nps_responses(tally) / (nps_responses(tally) - 1.0) ELSE 200 / 199.0 END))::numeric, 9) AS r
FROM strata GROUP BY id ORDER BY id;
-- S3: strata whose responses have weights, their share that of the weight.
SELECT round(sum(share * nps_score(tally)), 9) AS "-65.4817525706", round(sqrt(sum(share ^ 2 * nps_stderr(tally) ^ 2))::numeric, 9) AS "6.5064948359"
FROM (SELECT tally, nps_weight(tally) / sum(nps_weight(tally)) OVER () AS share FROM samples WHERE id IN ('B5', 'B6')) AS strata;
-- K1: apiclus1, schools by district; K2: A4 with accounts 1, 1, 2, 2, 2, 3, 3, 4, 4, 4.
WITH account(id, tally) AS (
    SELECT 'K1', nps_tally(d, p, r)::nps_weighted_tally
    FROM (VALUES (1,11,1), (18,13,3), (4,0,0), (7,5,1), (6,5,5), (2,0,0), (1,0,0), (4,0,0), (1,7,4), (15,6,0), (2,6,1), (7,4,0), (35,2,0), (2,0,0), (3,1,0)) AS v(d, p, r)
    UNION ALL
    SELECT 'K2', nps_weighted_tally(score, weight)
    FROM (VALUES (10, 2, 1), (9, 1, 1), (8, 1, 2), (7, 0.5, 2), (6, 1.5, 2), (3, 1, 3), (9, 0.5, 3), (10, 1, 4), (0, 2, 4), (8, 1, 4)) AS v(score, weight, account)
    GROUP BY account
), whole AS (SELECT id, sum(tally) AS tally, count(*) AS clusters FROM account GROUP BY id)
SELECT whole.id, round(nps_score(whole.tally), 9) AS nps, round(stderr::numeric, 9) AS stderr,
       round((stderr * sqrt(clusters / (clusters - 1.0)))::numeric, 9) AS r, round(nps_stderr(whole.tally)::numeric, 6) AS ignoring_clusters
FROM whole, LATERAL (SELECT sqrt(sum((nps_weight(account.tally) * (nps_score(account.tally) - nps_score(whole.tally))) ^ 2)) / nps_weight(whole.tally)
                     FROM account WHERE account.id = whole.id AND nps_responses(account.tally) > 0) AS l(stderr)
ORDER BY whole.id;
