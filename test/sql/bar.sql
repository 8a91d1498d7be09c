-- nps_bar: the three shares as a bar of text.

-- The three characters, in this database's encoding.
SELECT convert_to(nps_bar('(1,1,1)', 3), 'UTF8') =
       CASE getdatabaseencoding() WHEN 'UTF8' THEN '\xe29688e29692e29691'::bytea ELSE '-.+' END AS cells;
-- Below they are shown as detractors d, passives p, promoters r.
SELECT nps_bar('(1,1,1)', 3) AS cells \gset
CREATE FUNCTION pg_temp.bar(tally nps_tally, width integer) RETURNS text
    LANGUAGE sql RETURN translate(nps_bar(tally, width), :'cells', 'dpr');

SELECT pg_typeof(nps_bar('(1,1,1)')), length(nps_bar('(1,1,1)')),
       nps_bar('(20,10,70)') = nps_bar('(20,10,70)', 20) AS default_width;

-- By hand: shares that fit; largest remainders; ties.
SELECT tally, width, pg_temp.bar(tally, width)
FROM (VALUES
    ( 1, nps_tally(20, 10, 70), 10),
    ( 2, '(20,10,70)',          20),
    ( 3, '(20,10,70)',           1),
    ( 4, '(20,10,70)',           0),
    ( 5, '(5,0,0)',              4),
    ( 6, '(0,5,0)',              4),
    ( 7, '(0,0,5)',              4),
    ( 8, '(1,1,2)',              5),
    ( 9, '(2,1,1)',              5),
    (10, '(1,2,3)',              4),
    (11, '(3,2,1)',              4),
    (12, '(1,1,1)',              1),
    (13, '(1,1,1)',              2),
    (14, '(1,1,1)',              4),
    (15, '(1,1,1)',              5),
    (16, '(1,0,1)',              1),
    (17, '(0,1,1)',              1),
    (18, '(1,0,1)',              5),
    (19, '(0,1,1)',              5),
    (20, '(1,1,0)',              5),
    (21, '(1,0,999)',           20),
    (22, '(1,998,1)',           20),
    (23, '(30,0,970)',          20)) AS v(n, tally, width) ORDER BY n;

-- Nothing counted, nothing shown; not NULL.
SELECT nps_bar('(0,0,0)') = '' AS empty, nps_bar('(0,0,0)', 0) = '' AS no_width,
       nps_bar('(0,0,0)', 1000) = '' AS wide;
SELECT nps_bar(NULL) IS NULL AS tally, nps_bar('(1,1,1)', NULL) IS NULL AS width;
SELECT month, nps_bar(nps_tally(score), 4) = '' AS empty
FROM (VALUES (1, 9), (2, NULL)) AS v(month, score) GROUP BY month ORDER BY month;

-- Against the definition in exact SQL arithmetic: every tally of at most 7
-- responses, and totals of all magnitudes up to the largest.
CREATE TEMP TABLE tallies AS
SELECT nps_tally(d, p, n - d - p) AS tally
FROM generate_series(1, 7) AS n, generate_series(0, n) AS d, generate_series(0, n - d) AS p
UNION
SELECT nps_tally(d, (9223372036854775807 - d) / (1 + i % 7),
                 9223372036854775807 - d - (9223372036854775807 - d) / (1 + i % 7))
FROM generate_series(0, 60) AS i, LATERAL (SELECT (1::bigint << (i + 1)) - 1 - i AS d) AS detractors
UNION
SELECT nps_tally((1::bigint << i) / 3, (1::bigint << i) / 3 + i % 2, (1::bigint << i) / 3 + i % 3)
FROM generate_series(1, 62) AS i
UNION
VALUES (nps_tally(9223372036854775807, 0, 0)), ('(0,0,9223372036854775807)'),
       ('(3074457345618258602,3074457345618258602,3074457345618258603)'),
       ('(1,9223372036854775805,1)'), ('(4611686018427387903,1,4611686018427387903)'),
       ('(4611686018427387904,0,4611686018427387903)');
CREATE TEMP TABLE bars AS
SELECT tally::nps_tally AS tally, width,
       string_agg(repeat(letter, cells), '' ORDER BY category) AS bar
FROM (SELECT tally::text, width, category, letter,
             (rounded + (row_number() OVER (PARTITION BY tally::text, width ORDER BY remainder DESC,
                                            category)
                         <= width - sum(rounded) OVER (PARTITION BY tally::text,
                                                       width))::integer)::integer AS cells
      FROM tallies, unnest(ARRAY[0, 1, 2, 3, 7, 10, 20, 79, 511, 512, 999, 1000]) AS width,
           LATERAL (VALUES
               (1, 'd', nps_detractors(tally)),
               (2, 'p', nps_passives(tally)),
               (3, 'r', nps_promoters(tally))) AS c(category, letter, count),
           LATERAL (SELECT div(count::numeric * width, nps_responses(tally)) AS rounded,
                           mod(count::numeric * width,
                               nps_responses(tally)) AS remainder) AS share) AS apportioned
GROUP BY tally, width;
SELECT count(*) > 2500 AS thousands, bool_and(length(bar) = width) AS widths FROM bars;
SELECT tally, width, bar, pg_temp.bar(tally, width)
FROM bars WHERE bar IS DISTINCT FROM pg_temp.bar(tally, width) ORDER BY tally::text, width LIMIT 5;

-- It may stand in a generated column and in an index.
CREATE TEMP TABLE monthly (tally nps_tally,
                           bar text GENERATED ALWAYS AS (nps_bar(tally, 4)) STORED);
CREATE INDEX ON monthly (nps_bar(tally));
INSERT INTO monthly VALUES ('(1,1,2)');
SELECT translate(bar, :'cells', 'dpr') AS bar FROM monthly;

-- Widths that are none, whatever the tally.
SELECT nps_bar('(1,1,1)', -1);
\set VERBOSITY terse
SELECT nps_bar('(1,1,1)', 1001);
SELECT nps_bar('(0,0,0)', -1);
SELECT nps_bar('(1,1,1)', 2147483647);
SELECT nps_bar('(1,1,1)', -2147483648);
\set VERBOSITY sqlstate
SELECT nps_bar('(1,1,1)', 1001);
\set VERBOSITY default
