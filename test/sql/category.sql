-- The type nps_category and the classification of scores.

-- Input ignores case and surrounding white space; output is lower case.
SELECT input, input::nps_category
FROM (VALUES ('detractor'), ('passive'), ('promoter'),
             ('PROMOTER'), ('Passive'), ('  detractor'), (E'\t promoter \n')) AS v(input);
SELECT E' \t\n\x0b\f\rpassive\r\f\x0b\n\t '::nps_category;

-- Nothing else is a category.
SELECT ''::nps_category;
SELECT ' '::nps_category;
SELECT 'promoters'::nps_category;
SELECT 'promote'::nps_category;
SELECT 'pro moter'::nps_category;
SELECT '9'::nps_category;

-- Given a literal or a text, nps_category() is a cast, not a classification.
SELECT nps_category('promoter'), nps_category(text 'Passive');
SELECT nps_category('9');
SELECT nps_category(text ' -99.50 ');
SELECT nps_category('9,0');
SELECT nps_category(answer::numeric) FROM (VALUES ('7'), (' 10 ')) AS answers (answer);

-- There is no cast from or to a number.
\set VERBOSITY terse
SELECT 9::nps_category;
SELECT 'promoter'::nps_category::integer;
\set VERBOSITY default

-- Order, and the six comparisons.
SELECT a, b, a = b AS eq, a <> b AS ne, a < b AS lt, a <= b AS le, a > b AS gt, a >= b AS ge
FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS a,
     unnest('{detractor,passive,promoter}'::nps_category[]) AS b
ORDER BY a, b;
SELECT c FROM unnest('{promoter,NULL,detractor,passive,detractor}'::nps_category[]) AS c ORDER BY c;
SELECT c
FROM unnest('{promoter,NULL,detractor,passive,detractor}'::nps_category[]) AS c ORDER BY c DESC;
SELECT 'passive'::nps_category = NULL AS is_null;

-- The comparison and hash functions behind them agree.
SELECT a, b, nps_category_cmp(a, b) < 0 AS less, nps_category_cmp(a, b) = 0 AS equal,
       nps_category_hash(a) = nps_category_hash(b) AS same_hash,
       nps_category_hash_extended(a, 42) = nps_category_hash_extended(b, 42) AS same_seeded_hash
FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS a,
     unnest('{detractor,passive,promoter}'::nps_category[]) AS b
ORDER BY a, b;
-- With the seed 0 the extended hash is the plain one in its low 32 bits.
SELECT bool_and(nps_category_hash_extended(c, 0)::bit(64) << 32 =
                nps_category_hash(c)::bigint::bit(64) << 32) AS low_half_agrees,
       bool_and(nps_category_hash_extended(c, 0) <> nps_category_hash_extended(c, 1)) AS seed_matters
FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS c;

-- Minimum and maximum.
SELECT min(c), max(c), min(c) FILTER (WHERE c > 'detractor'), max(c) FILTER (WHERE false)
FROM unnest('{passive,NULL,promoter,detractor}'::nps_category[]) AS c;
SELECT nps_category_larger('passive', 'promoter'), nps_category_larger('promoter', 'passive'),
       nps_category_smaller('passive', 'promoter'), nps_category_smaller('promoter', 'passive');

-- The hash is core's, of the one byte, and for ever.
SELECT c, nps_category_hash(c) = hashchar(byte::"char") AS hash,
       nps_category_hash_extended(c, 42) = hashcharextended(byte::"char", 42) AS seeded
FROM (VALUES ('detractor'::nps_category, 0), ('passive', 1), ('promoter', 2)) AS bytes (c, byte);

-- In a table: keys, indexes, grouping, hash and merge joins.
CREATE TEMP TABLE labels (category nps_category PRIMARY KEY, label text);
INSERT INTO labels VALUES ('promoter', 'thank'), ('passive', 'ask'), ('detractor', 'call');
INSERT INTO labels VALUES ('passive', 'again');
CREATE INDEX labels_hash ON labels USING hash (category);
CREATE TEMP TABLE answers (category nps_category);
INSERT INTO answers SELECT nps_category(i % 11) FROM generate_series(0, 1099) AS i;
INSERT INTO answers VALUES (NULL);
ANALYZE answers;
SELECT category, count(*) FROM answers GROUP BY category ORDER BY category;
SET enable_mergejoin = off; SET enable_nestloop = off;
SELECT label, count(*) FROM answers JOIN labels USING (category) GROUP BY label ORDER BY label;
RESET enable_mergejoin; SET enable_hashjoin = off;
SELECT label, count(*) FROM answers JOIN labels USING (category) GROUP BY label ORDER BY label;
RESET enable_nestloop; RESET enable_hashjoin;
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT label FROM labels WHERE category = 'detractor';
SELECT label FROM labels WHERE category >= 'passive' ORDER BY category;
SELECT min(category), max(category) FROM labels;
RESET enable_seqscan; RESET enable_bitmapscan;

-- A hash-partition and a list-partition key.
CREATE TEMP TABLE by_hash (category nps_category) PARTITION BY HASH (category);
CREATE TEMP TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_hash SELECT category FROM answers;
SELECT category, count(*), count(DISTINCT tableoid) AS partitions
FROM by_hash GROUP BY category ORDER BY category;
CREATE TEMP TABLE by_list (category nps_category) PARTITION BY LIST (category);
CREATE TEMP TABLE by_list_promoter PARTITION OF by_list FOR VALUES IN ('promoter');
CREATE TEMP TABLE by_list_other PARTITION OF by_list DEFAULT;
INSERT INTO by_list SELECT category FROM answers;
SELECT tableoid::regclass AS partition, count(*) FROM by_list GROUP BY 1 ORDER BY 1;

-- Whole scores, in every integer type.
SELECT score, nps_category(score::smallint) AS "smallint", nps_category(score) AS "integer",
       nps_category(score::bigint) AS "bigint", nps_category(score::numeric) AS "numeric",
       nps_category(score::double precision) AS "double precision",
       nps_category(score::real) AS "real"
FROM generate_series(0, 10) AS score;

-- Fractions: the thresholds are half open.
SELECT score, nps_category(score) AS "numeric",
       nps_category(score::double precision) AS "double precision"
FROM (VALUES (0.0), (0.01), (6.5), (6.99), (7.00), (7.01), (8.5), (8.99), (9.000), (9.5),
      (10.0)) AS v(score);

-- numeric is exact where double precision has rounded already.
SELECT nps_category(8.99999999999999999999) AS "numeric",
       nps_category(8.99999999999999999999::double precision) AS "double precision";
SELECT nps_category(6.99999999999999999999) AS "numeric",
       nps_category(('6.' || repeat('9', 1000))::numeric) AS a_thousand_nines,
       nps_category(('8.' || repeat('9', 1000))::numeric) AS a_thousand_nines,
       nps_category(('9.' || repeat('0', 1000))::numeric) AS a_thousand_zeros;
SELECT nps_category(-0.0::double precision), nps_category(-0.0),
       nps_category(1e-300::double precision),
       nps_category(('0.' || repeat('0', 1000) || '1')::numeric);

-- The doubles next to each threshold.
SELECT nps_category(6.999999999999999::double precision) AS below_7,
       nps_category(8.999999999999998::double precision) AS below_9,
       nps_category(9.000000000000002::double precision) AS above_9;

-- No score, no category.
SELECT nps_category(NULL::smallint) IS NULL AS "smallint",
       nps_category(NULL::integer) IS NULL AS "integer",
       nps_category(NULL::bigint) IS NULL AS "bigint",
       nps_category(NULL::numeric) IS NULL AS "numeric",
       nps_category(NULL::double precision) IS NULL AS "double precision";

-- Off the scale is an error, in every type, with the score in the message.
SELECT nps_category((-1)::smallint);
\set VERBOSITY terse
SELECT nps_category(11::smallint);
SELECT nps_category(32767::smallint);
SELECT nps_category((-32768)::smallint);
SELECT nps_category(-1);
SELECT nps_category(11);
SELECT nps_category(2147483647);
SELECT nps_category(-2147483648);
SELECT nps_category(-1::bigint);
SELECT nps_category(11::bigint);
SELECT nps_category(4294967297::bigint);
SELECT nps_category(-9223372036854775808);
SELECT nps_category(-1::numeric);
SELECT nps_category(11::numeric);
SELECT nps_category(-0.00000000000000000001);
SELECT nps_category(10.00000000000000000001);
SELECT nps_category('NaN'::numeric);
SELECT nps_category('Infinity'::numeric);
SELECT nps_category('-Infinity'::numeric);
SELECT nps_category(-1::double precision);
SELECT nps_category(11::double precision);
SELECT nps_category(10.000000000000002::double precision);
SELECT nps_category(-5e-324::double precision);
SELECT nps_category('NaN'::double precision);
SELECT nps_category('Infinity'::double precision);
SELECT nps_category('-Infinity'::double precision);
SELECT nps_category(10.5::real);
\set VERBOSITY default
-- The hint names what such a score may stand for; what is no number is on no scale.
SELECT nps_category(-99);
SELECT nps(score) FROM (VALUES (9::numeric), (99)) AS answers (score);
SELECT nps_category('NaN'::numeric);
SELECT nps_category('NaN'::double precision);
SELECT nps_category('-Infinity'::double precision);
SELECT nps_category('Infinity'::numeric);
SELECT nps(nullif(score, 'NaN')), nps(nullif(nullif(score, 'NaN'), 5))
FROM (VALUES (9::double precision), ('NaN'), (5)) AS answers (score);
\set VERBOSITY sqlstate
SELECT nps_category(11);
SELECT 'nine'::nps_category;
\set VERBOSITY default

-- A domain over a score type is taken as that type.
CREATE DOMAIN pg_temp.score AS smallint CHECK (VALUE BETWEEN 0 AND 10);
SELECT nps_category(9::score), nps(v::score) FROM generate_series(0, 10) AS v;

-- Other scales: 1 to 5 stars.
SELECT stars, nps_category(stars, passive_from => 4, promoter_from => 5, lowest => 1, highest => 5)
FROM generate_series(1, 5) AS stars;
-- 0 to 5 with decimals.
SELECT stars, nps_category(stars, 3.5, 4.5, 0, 5)
FROM (VALUES (0), (3.4), (3.5), (4.4), (4.5), (5)) AS v(stars);
-- 0 to 10 with promoters from 8.
SELECT score, nps_category(score, 6, 8, 0, 10) FROM generate_series(5, 9) AS score;
-- The same on the scale from 0 to 10.
SELECT bool_and(nps_category(score / 8.0, 7, 9, 0, 10) = nps_category(score / 8.0)) AS same
FROM generate_series(0, 80) AS score;
-- Thresholds may coincide: then a category is empty.
SELECT nps_category(3, 3, 3, 1, 5), nps_category(2.9, 3, 3, 1, 5), nps_category(5, 5, 5, 5, 5),
       nps_category(-7, -8, -6, -9, -5);
-- Off that scale.
SELECT nps_category(6, passive_from => 4, promoter_from => 5, lowest => 1, highest => 5);
\set VERBOSITY terse
SELECT nps_category(0, 4, 5, 1, 5);
SELECT nps_category('NaN', 4, 5, 1, 5);
SELECT nps_category('Infinity', 4, 5, 1, 5);
\set VERBOSITY default
-- Thresholds out of order, or not finite.
SELECT nps_category(3, 5, 4, 1, 5);
\set VERBOSITY terse
SELECT nps_category(3, 4, 6, 1, 5);
SELECT nps_category(3, 0, 4, 1, 5);
SELECT nps_category(3, 4, 5, '-Infinity', 5);
SELECT nps_category(3, 4, 5, 1, 'Infinity');
SELECT nps_category(3, 'NaN', 5, 1, 5);
SELECT nps_category(3, 4, 'NaN', 1, 5);
SELECT nps_category(3, 4, 5, 'NaN', 5);
SELECT nps_category(3, 4, 5, 1, 'NaN');
\set VERBOSITY sqlstate
SELECT nps_category(3, 5, 4, 1, 5);
SELECT nps_category(6, 4, 5, 1, 5);
\set VERBOSITY default
SELECT nps_category(NULL, 4, 5, 1, 5) IS NULL AS is_null;

-- What one answer contributes; the plain average of it is the score.
SELECT c, nps_points(c) FROM unnest('{detractor,passive,promoter,NULL}'::nps_category[]) AS c;
SELECT avg(nps_points(nps_category(score))) = nps(score) AS same
FROM (VALUES (10), (9), (9), (8), (3)) AS v(score);

-- The binary form is one byte.
SELECT c, nps_category_send(c) FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS c;
