-- The type nps_tally: its forms, its algebra, its errors.

-- The text form is read as it is written.
SELECT '(20,10,70)'::nps_tally, '(0,0,0)'::nps_tally, '(9223372036854775807,0,0)'::nps_tally;
SELECT input, input::nps_tally::text = input AS same
FROM (VALUES
    ('(0,0,9223372036854775807)'), ('(1,9223372036854775805,1)'), ('(10,100,1000)')) AS v(input);

-- Nothing else is a tally.
SELECT ''::nps_tally;
\set VERBOSITY terse
SELECT '20,10,70'::nps_tally;
SELECT '(20,10,70'::nps_tally;
SELECT '(20,10)'::nps_tally;
SELECT '(20,10,)'::nps_tally;
SELECT '(,10,70)'::nps_tally;
SELECT '(20,10,70,1)'::nps_tally;
SELECT '(20,10,70)x'::nps_tally;
SELECT '(20,10,70))'::nps_tally;
SELECT '(20,10,-70)'::nps_tally;
SELECT '(-1,0,0)'::nps_tally;
SELECT '(+1,0,0)'::nps_tally;
SELECT '(1.5,0,0)'::nps_tally;
SELECT '(1e3,0,0)'::nps_tally;
SELECT '(01,0,0)'::nps_tally;
SELECT '(1, 0, 0)'::nps_tally;
SELECT ' (1,0,0)'::nps_tally;
SELECT '(NaN,0,0)'::nps_tally;
-- The total must fit bigint.
SELECT '(9223372036854775808,0,0)'::nps_tally;
SELECT '(0,99999999999999999999999999999999,0)'::nps_tally;
SELECT '(9223372036854775807,1,0)'::nps_tally;
SELECT '(9223372036854775806,1,1)'::nps_tally;
SELECT '(9223372036854775807,9223372036854775807,9223372036854775807)'::nps_tally;
-- A syntax error outdoes a number too large.
SELECT '(9223372036854775808,0,0'::nps_tally;
\set VERBOSITY sqlstate
SELECT '(20,10)'::nps_tally;
SELECT '(9223372036854775807,1,0)'::nps_tally;
\set VERBOSITY default
SELECT '(9223372036854775807,1,0)'::nps_tally;

-- From counts kept elsewhere.
SELECT nps_tally(20, 10, 70), nps_tally(detractors => 20, passives => 10, promoters => 70),
       nps_tally(0, 0, 0), nps_tally(9223372036854775807, 0, 0);
SELECT nps_tally(NULL, 10, 70) IS NULL AS is_null;
SELECT nps_tally(20, -10, 70);
SELECT nps_tally(9223372036854775807, 1, 0);
-- A sum of bigint is numeric.
SELECT nps_tally(sum(n) FILTER (WHERE score < 7), sum(n) FILTER (WHERE score IN (7, 8)),
                 sum(n) FILTER (WHERE score > 8))
FROM (VALUES (3, 2::bigint), (8, 5), (9, 6), (10, 1)) AS v(score, n);
SELECT nps_tally(2.0, 10.000, 70::bigint), nps_tally(9223372036854775807.0, 0, 0),
       nps_tally(-0.0, 0, 1e3);
SELECT nps_tally(2.5, 10, 70);
SELECT nps_tally(0, 0, -9223372036854775809);
SELECT nps_tally(9223372036854775808, 0, 0);
\set VERBOSITY terse
SELECT nps_tally(0, -0.5, 0);
SELECT nps_tally(0, 1e-30, 0);
SELECT nps_tally('NaN', 0, 0);
SELECT nps_tally(0, '-Infinity', 0);
SELECT nps_tally(0, 0, 'Infinity');
SELECT nps_tally(0, 0, 1e300);
\set VERBOSITY sqlstate
SELECT nps_tally(2.5, 0, 0);
SELECT nps_tally(0, 0, 1e300);
SELECT nps_tally(-1, 0, 0);
SELECT nps_tally(0, 0, -9223372036854775808);
SELECT nps_tally(1, 1, 9223372036854775806);
\set VERBOSITY default

-- So many responses of one score, or of one category.
SELECT nps(nps_tally(score, n)), sum(nps_tally(score, n))
FROM (VALUES (9, 6), (3, 2)) AS f(score, n);
SELECT nps_tally(0, 1) AS "0", nps_tally(6.99, 2) AS "6.99", nps_tally(7, 3) AS "7",
       nps_tally(8.99999999999999999, 4) AS "8.9…",
       nps_tally(9, 5) AS "9", nps_tally(10::double precision, 9223372036854775807) AS "10",
       nps_tally('passive'::nps_category, 6) AS passive,
       nps_tally(6::smallint, 7::smallint) AS "smallint",
       nps_tally(8::bigint, 0) AS none, nps_tally(8.5::real, 1) AS "real";
SELECT nps_tally(score => 8, count => 2), nps_tally(category => 'promoter', count => 2);
SELECT nps_tally(NULL::integer, 2), nps_tally(9, NULL), nps_tally(NULL::nps_category, 2),
       nps_tally(9.0, NULL), nps_tally(11, NULL);
-- Every score: the same as by the aggregate over that many rows.
SELECT bool_and(nps_tally(score, n) = counted AND nps_tally(score::numeric, n) = counted
                AND nps_tally(nps_category(score), n) = counted) AS same
FROM generate_series(0, 10) AS score, generate_series(0, 3) AS n,
     LATERAL (SELECT nps_tally(answer) FROM (SELECT score FROM generate_series(1, n)) AS rows (answer)) AS rows (counted);
-- One answer, added to what is stored.
CREATE TEMP TABLE stored_tallies (tally nps_tally);
INSERT INTO stored_tallies VALUES ('(1,2,3)');
UPDATE stored_tallies SET tally = tally + nps_tally(score, 1)
FROM (VALUES (10)) AS answers (score) RETURNING tally;
SELECT nps_tally(9, -1);
SELECT nps_tally(11, 0);
SELECT sum(nps_tally(score, 9223372036854775807)) FROM (VALUES (9), (3)) AS f(score);
\set VERBOSITY terse
SELECT nps_tally(9.0, -9223372036854775808);
SELECT nps_tally('passive'::nps_category, -1);
SELECT nps_tally('NaN'::double precision, 1);
SELECT nps_tally(-0.1, 1);
SELECT nps_tally('9', 1);
SELECT nps_tally(9, 1.5);
\set VERBOSITY sqlstate
SELECT nps_tally(9, -1);
SELECT nps_tally(11, 0);
\set VERBOSITY default

-- Given a literal or a text, nps_tally() is a cast.
SELECT nps_tally('(20,10,70)'), nps_tally(text '(20,10,70)');
SELECT nps_tally('9');
SELECT nps_tally(text ' -9.5 ');

-- What it counts.
SELECT nps_detractors(t), nps_passives(t), nps_promoters(t), nps_responses(t)
FROM (VALUES
    (nps_tally(20, 10, 70)), (nps_tally(0, 0, 0)), (nps_tally(0, 9223372036854775807, 0)),
    (NULL)) AS v(t);

-- The score: points, rounded half away from zero to 16 decimal places.
SELECT t, nps_score(t)
FROM (VALUES
    (nps_tally(20, 10, 70)), (nps_tally(0, 0, 0)), (NULL), (nps_tally(0, 0, 1)),
    (nps_tally(0, 1, 0)), (nps_tally(1, 0, 0)), (nps_tally(54, 108, 162)), (nps_tally(2, 1, 0)),
    (nps_tally(1, 2, 0)), (nps_tally(0, 1, 2)), (nps_tally(9, 0, 7)), (nps_tally(7, 0, 9)),
    (nps_tally(3, 4, 4)), (nps_tally(0, 9223372036854775806, 1)),
    (nps_tally(9223372036854775807, 0, 0)), (nps_tally(0, 0, 9223372036854775807)),
    (nps_tally(1, 0, 9223372036854775806))) AS v(t);
-- 1/2^17 is 0.00000762939453125 exactly: 100 times that has 15 places, and
-- half a unit of the 16th shows how halves round.
SELECT nps_score(nps_tally(0, 131071, 1)) AS exact,
       nps_score(nps_tally(0, 524287, 1)) AS half_up,
       nps_score(nps_tally(1, 524287, 0)) AS half_down;
-- Published scores: a text book's 70/10/20; 42/159/2080; talkstats.com thread
-- 58500 (395/476/291); Cross Validated question 18603 (54/108/162).
SELECT nps_score('(20,10,70)'), round(nps_score('(42,159,2080)'), 3) AS "89.347",
       round(nps_score('(395,476,291)')) AS "-9",
       nps_score('(54,108,162)') AS "33.3333333333333333";

-- Equality, and no order.
SELECT a = b AS eq, a <> b AS ne
FROM (VALUES (nps_tally(1, 2, 3), nps_tally(1, 2, 3)), (nps_tally(1, 2, 3), nps_tally(3, 2, 1)),
             (nps_tally(0, 0, 0), nps_tally(0, 0, 1)), (NULL, nps_tally(1, 2, 3))) AS v(a, b);
\set VERBOSITY terse
SELECT '(1,2,3)'::nps_tally < '(3,2,1)'::nps_tally;
SELECT t FROM (VALUES (nps_tally(1, 2, 3))) AS v(t) ORDER BY t;
SELECT count(DISTINCT t) FROM (VALUES (nps_tally(1, 2, 3))) AS v(t);
\set VERBOSITY default
-- Grouping and DISTINCT work by hash.
SELECT t, count(*) FROM (VALUES
    (nps_tally(1, 2, 3)), (nps_tally(1, 2, 3)), (nps_tally(3, 2, 1))) AS v(t)
GROUP BY t ORDER BY t::text;
SELECT count(*)
FROM (SELECT DISTINCT nps_tally(i % 5, 0, i % 2) FROM generate_series(0, 99) AS i) AS d;
-- Equal tallies hash equally, different ones hardly ever; the seed matters.
SELECT count(DISTINCT nps_tally_hash(t)) > 990 AS spread,
       count(DISTINCT nps_tally_hash_extended(t, 7)) > 990 AS spread_seeded,
       bool_and(nps_tally_hash(t) = nps_tally_hash(t::text::nps_tally)) AS stable,
       bool_and(nps_tally_hash_extended(t,
                                        0)::bit(64) << 32 = nps_tally_hash(t)::bigint::bit(64) << 32) AS low_half_agrees,
       bool_and(nps_tally_hash_extended(t, 0) <> nps_tally_hash_extended(t, 1)) AS seed_matters
FROM (SELECT nps_tally(i, i / 7, 1000 - i) AS t FROM generate_series(0, 999) AS i) AS v;

-- The hash is core's, of the 24 bytes; and it is for ever, as indexes and
-- partitions on disk stand on it.  These bytes mean the same in either order.
SELECT t, nps_tally_hash(t) = hashtext(bytes) AS hash,
       nps_tally_hash_extended(t, 0) = hashtextextended(bytes, 0) AS extended,
       nps_tally_hash_extended(t, 42) = hashtextextended(bytes, 42) AS seeded
FROM (VALUES ('(1234605616147931665,72623859773407745,3038570946134551338)'::nps_tally,
              E'\x11\x22\x33\x44\x44\x33\x22\x11\x01\x02\x03\x04\x04\x03\x02\x01\x2a\x2b\x2c\x2d\x2d\x2c\x2b\x2a' COLLATE "C"),
             ('(72623859773407745,72623859773407745,72623859773407745)',
              repeat(E'\x01\x02\x03\x04\x04\x03\x02\x01', 3))) AS bytes (t, bytes);

-- In a table: hash index, hash join, hash partitions.
CREATE TEMP TABLE tallies (id integer, tally nps_tally);
INSERT INTO tallies SELECT i, nps_tally(i, 2 * i, 3 * i) FROM generate_series(0, 999) AS i;
INSERT INTO tallies VALUES (NULL, NULL);
CREATE INDEX tallies_hash ON tallies USING hash (tally);
ANALYZE tallies;
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT id FROM tallies WHERE tally = '(7,14,21)';
RESET enable_seqscan; RESET enable_bitmapscan;
SELECT count(*) FROM tallies AS a JOIN tallies AS b USING (tally);
CREATE TEMP TABLE tallies_by_hash (tally nps_tally) PARTITION BY HASH (tally);
CREATE TEMP TABLE tallies_by_hash_0 PARTITION OF tallies_by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE tallies_by_hash_1 PARTITION OF tallies_by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO tallies_by_hash SELECT tally FROM tallies;
SELECT count(*), count(DISTINCT tableoid) AS partitions FROM tallies_by_hash;

-- Addition and subtraction.
SELECT '(1,2,3)'::nps_tally + '(10,20,30)' AS sum, '(11,22,33)'::nps_tally - '(10,20,30)' AS rest,
       '(1,2,3)'::nps_tally - '(1,2,3)' AS nothing, '(1,2,3)'::nps_tally + NULL IS NULL AS is_null,
       '(9223372036854775806,0,0)'::nps_tally + '(0,1,0)' AS full;
SELECT '(3,0,0)'::nps_tally - '(5,0,0)';
SELECT '(9223372036854775806,0,0)'::nps_tally + '(0,1,1)';
\set VERBOSITY terse
SELECT '(0,3,0)'::nps_tally - '(0,4,0)';
SELECT '(9,9,3)'::nps_tally - '(0,0,9223372036854775807)';
SELECT '(9223372036854775807,0,0)'::nps_tally + '(0,0,9223372036854775807)';
SELECT '(9223372036854775807,0,0)'::nps_tally + '(9223372036854775807,0,0)';
\set VERBOSITY sqlstate
SELECT '(3,0,0)'::nps_tally - '(5,0,0)';
SELECT '(9223372036854775806,0,0)'::nps_tally + '(0,1,1)';
\set VERBOSITY default

-- As JSON: an object with the total and the score, null where there is none.
SELECT t::json, t::jsonb
FROM (VALUES (nps_tally(20, 10, 70)), (nps_tally(0, 0, 1)), (nps_tally(0, 0, 0)), (NULL)) AS v(t);
SELECT '(9223372036854775807,0,0)'::nps_tally::json,
       '(54,108,162)'::nps_tally::json ->> 'score' AS score;
SELECT to_json(t), to_jsonb(t) -> 'responses' AS responses
FROM (VALUES (nps_tally(20, 10, 70))) AS v(t);
SELECT json_agg(t), jsonb_build_object('plan', 'Pro', 'tally', min(t::text)::nps_tally)
FROM (VALUES (nps_tally(20, 10, 70))) AS v(t);
SELECT row_to_json(r) FROM (SELECT 'Pro' AS plan, nps_tally(1, 0, 1) AS tally) AS r;

-- And back: what JSON was made of rows makes rows, in any order of the keys, with or
-- without what follows from the counts.
CREATE TABLE stored (plan text, category nps_category, tally nps_tally, tallies nps_tally[]);
INSERT INTO stored VALUES ('Free', 'passive', '(20,10,70)', '{"(2,1,0)",NULL}'), ('Pro', NULL, '(0,0,0)', '{}'), ('Team', 'promoter', NULL, NULL);
SELECT bool_and(r IS NOT DISTINCT FROM stored) AS same_rows
FROM stored, jsonb_populate_record(NULL::stored, to_jsonb(stored)) AS r;
SELECT bool_and(r IS NOT DISTINCT FROM stored) AS same_rows
FROM stored, json_populate_record(NULL::stored, row_to_json(stored)) AS r;
SELECT r.* FROM (SELECT json_agg(stored) AS rows FROM stored) AS j, json_to_recordset(rows) AS r(plan text, tally nps_tally) ORDER BY plan;
SELECT bool_and(t::json::text::nps_tally = t AND t::jsonb::text::nps_tally = t AND
                (t::jsonb - '{responses,score}'::text[])::text::nps_tally = t AND
                jsonb_set(t::jsonb, '{score}', to_jsonb(nps_score(t)::float8))::text::nps_tally = t) AS the_same
FROM (VALUES ('(20,10,70)'::nps_tally), ('(2,1,0)'), ('(54,108,162)'), ('(9223372036854775806,0,1)'),
             ('(3074457345618258602,3074457345618258602,3074457345618258603)')) AS v(t);
DROP TABLE stored;
SELECT ' {"score": null, "passives": 0, "promoters": 0, "responses": 0, "detractors": 0} '::nps_tally;
SELECT '{"detractors":20,"passives":10,"promoters":70,"responses":99,"score":50}'::nps_tally;
SELECT '{"detractors":20,"passives":10,"promoters":70,"responses":100,"score":51}'::nps_tally;
SELECT '{"detractors":20,"passives":10}'::nps_tally;
SELECT '{"detractors":9223372036854775807,"passives":1,"promoters":0}'::nps_tally;

-- The binary form is three int8; the array of it round-trips as text.
SELECT nps_tally_send('(1,2,258)');
SELECT ARRAY['(1,2,3)', NULL, '(0,0,0)']::nps_tally[],
       ARRAY['(1,2,3)']::nps_tally[] = '{"(1,2,3)"}' AS same;

-- A literal stays a tally beside an overload for another type of the category:
-- tallies are preferred in it.  A type's category can never be altered.
CREATE SCHEMA other_tally;
SET client_min_messages = warning;
SET search_path = other_tally, public;
CREATE TYPE other_tally;
CREATE FUNCTION other_tally_in(cstring) RETURNS other_tally
     LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION other_tally_out(other_tally) RETURNS cstring
     LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE other_tally (INPUT = other_tally_in, OUTPUT = other_tally_out, LIKE = integer,
                         CATEGORY = 'n');
CREATE FUNCTION nps_score(other_tally) RETURNS text LANGUAGE sql IMMUTABLE RETURN 'other';
SELECT nps_score('(20,10,70)'), nps_score(NULL) IS NULL AS of_null, nps_score('1'::other_tally);
PREPARE score AS SELECT nps_score($1);
EXECUTE score('(20,10,70)');
DEALLOCATE score;
RESET search_path;
DROP SCHEMA other_tally CASCADE;
RESET client_min_messages;
