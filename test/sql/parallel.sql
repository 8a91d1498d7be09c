-- Partial aggregation: in parallel workers, partition by partition, and in
-- hash tables that spill.  The answer is the serial one to the last digit.

CREATE SCHEMA parallel;
SET search_path = parallel, public;
\pset null NULL
-- What decides on the plans asked for below, whatever the session began with.
SET jit = off;
SET enable_hashagg = on;
SET enable_sort = on;
SET enable_seqscan = on;
SET enable_partitionwise_aggregate = off;
SET work_mem = '4MB';

-- The rows of a query as text, in a fixed order.
CREATE FUNCTION answer(query text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SELECT string_agg(query::text, E''\n'' ORDER BY query::text COLLATE "C")
                    FROM (%s) AS query', query) INTO answer;
    RETURN answer;
END $$;

-- The same, computed in one process, in one piece, from sorted groups, and not
-- compiled.
CREATE FUNCTION plain_answer(query text) RETURNS text
    LANGUAGE sql
    SET jit = off
    SET max_parallel_workers_per_gather = 0
    SET enable_partitionwise_aggregate = off
    SET enable_hashagg = off
    RETURN answer(query);

-- The plan of a query.
CREATE FUNCTION plan(query text, options text = 'COSTS OFF') RETURNS jsonb
    LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON, %s) %s', options, query) INTO plan;
    RETURN plan;
END $$;

-- What to look for in a plan: partial aggregates below a Gather, which is in
-- the workers; below an Append, which is for each partition; both at once, the
-- partitions being shared out among the workers; no partial aggregate, but a
-- whole one for each partition; and hash tables that were done in batches.
\set finalize '$.** ? (@."Partial Mode" == "Finalize")'
\set gather '.** ? (@."Node Type" starts with "Gather")'
\set parallel_append '.** ? (@."Node Type" == "Append" && @."Parallel Aware" == true)'
\set append '.** ? (@."Node Type" == "Append")'
\set partial '.** ? (@."Partial Mode" == "Partial")'
\set simple '.** ? (@."Partial Mode" == "Simple")'
\set in_workers :finalize:gather:partial
\set by_partition :finalize:append:partial
\set in_workers_by_partition :finalize:gather:parallel_append:partial
\set whole_by_partition $:append:simple
\set batches '.** ? (@."HashAgg Batches" > 1)'
\set spilled $:batches
\set partial_spilled $:partial:batches

-- Is that path in the plan of the query, and is the answer the plain one?
CREATE FUNCTION verdict(query text, path jsonpath) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN concat_ws(', ',
        CASE WHEN plan(query) @? path THEN 'so planned' ELSE 'not so planned' END,
        CASE WHEN answer(query) = plain_answer(query) THEN 'same' ELSE 'NOT the same' END);
END $$;

-- Every aggregate that has a combine function.
CREATE TABLE aggregates (place serial, aggregate text);
INSERT INTO aggregates (aggregate) VALUES
    ('nps(as_smallint)'), ('nps(as_integer)'), ('nps(as_bigint)'),
    ('nps(as_numeric)'), ('nps(as_double)'), ('nps(as_real)'),
    ('nps(category)'), ('nps(tally)'),
    ('nps_tally(as_smallint)'), ('nps_tally(as_integer)'), ('nps_tally(as_bigint)'),
    ('nps_tally(as_numeric)'), ('nps_tally(as_double)'), ('nps_tally(as_real)'),
    ('nps_tally(category)'), ('sum(tally)'),
    ('min(category)'), ('max(category)');

-- Answers of every input type; every seventh of them is NULL.
CREATE VIEW source AS
SELECT id,
    CASE id % 3 WHEN 0 THEN 'DE' WHEN 1 THEN 'FR' ELSE 'IT' END AS country,
    id / 500 AS month,
    id % 1000 AS respondent,
    score::smallint AS as_smallint,
    score AS as_integer,
    score::bigint AS as_bigint,
    (score + part)::numeric AS as_numeric,
    (score + part)::double precision AS as_double,
    (score + part)::real AS as_real,
    nps_category(score) AS category,
    nps_tally(score, 10 - score, id % 4) AS tally
FROM generate_series(0, 7999) AS id,
    LATERAL (SELECT CASE WHEN id % 7 = 6 THEN NULL
                         ELSE id * id::bigint % 7919 % 11 END::integer AS score) AS s,
    LATERAL (SELECT CASE WHEN score = 10 THEN 0 ELSE id % 100 * 0.01 END AS part) AS p;

----------------------------------------------------------------------------
-- In workers
----------------------------------------------------------------------------

CREATE TABLE answers AS SELECT * FROM source;
ANALYZE answers;

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;

-- What is to come out, by plain SQL.
SELECT country, count(as_integer) AS counted,
    round(100.0 * (count(*) FILTER (WHERE as_integer >= 9)
                   - count(*) FILTER (WHERE as_integer < 7)) / count(as_integer), 10)
        = round(nps(as_integer), 10) AS right
FROM answers
GROUP BY ROLLUP (country)
ORDER BY country;

-- A Partial Aggregate below a Gather, and the plain answer.
SELECT aggregate,
    verdict(format('SELECT %s FROM answers', aggregate),
            :'in_workers') AS whole,
    verdict(format('SELECT country, month, %s FROM answers GROUP BY country, month', aggregate),
            :'in_workers') AS grouped
FROM aggregates
ORDER BY place;

-- The same where the groups come sorted from the workers.
SET enable_hashagg = off;
SELECT aggregate,
    verdict(format('SELECT month, %s FROM answers GROUP BY month', aggregate),
            :'in_workers') AS grouped
FROM aggregates
WHERE aggregate IN ('nps(as_integer)', 'nps_tally(as_integer)', 'nps(tally)', 'sum(tally)')
ORDER BY place;
SET enable_hashagg = on;

-- The same where several aggregates share a transition, with a filter, in
-- HAVING and in an expression.
SELECT query, verdict(query, :'in_workers')
FROM unnest(ARRAY[
    'SELECT nps(as_integer), nps_tally(as_integer), count(as_integer) FROM answers',
    'SELECT nps(as_integer) FILTER (WHERE id % 2 = 0) FROM answers',
    'SELECT month FROM answers GROUP BY month HAVING nps(as_integer) > -50',
    'SELECT nps_tally(category) + sum(tally) FROM answers'
]) WITH ORDINALITY AS q (query, place)
ORDER BY place;

-- Little for the workers to count: no row, one row, and rows that are all NULL.
CREATE TABLE nothing (LIKE answers) WITH (parallel_workers = 2, autovacuum_enabled = off);
CREATE TABLE one_row (LIKE answers) WITH (parallel_workers = 2, autovacuum_enabled = off);
CREATE TABLE all_null (LIKE answers) WITH (parallel_workers = 2, autovacuum_enabled = off);
INSERT INTO one_row SELECT * FROM source WHERE id = 3;
INSERT INTO all_null (id) SELECT id FROM source;

SELECT rows, plan(query) @? :'in_workers' AS partial, answer(query)
FROM unnest(ARRAY['nothing', 'one_row', 'all_null']) WITH ORDINALITY AS r (rows, place),
    format('SELECT nps(as_integer), nps(category), nps(tally), nps_tally(as_numeric),
                   sum(tally), min(category) FROM %I', rows) AS query
ORDER BY place;

-- The tally that was added up is still what was stored.
SELECT as_integer, tally FROM one_row;

----------------------------------------------------------------------------
-- Partition by partition
----------------------------------------------------------------------------

-- The first partition and the last have no rows, the second has no answers.
CREATE TABLE parted (LIKE answers) PARTITION BY LIST (country);
CREATE TABLE parted_at PARTITION OF parted FOR VALUES IN ('AT');
CREATE TABLE parted_be PARTITION OF parted FOR VALUES IN ('BE');
CREATE TABLE parted_de PARTITION OF parted FOR VALUES IN ('DE');
CREATE TABLE parted_fr PARTITION OF parted FOR VALUES IN ('FR');
CREATE TABLE parted_it PARTITION OF parted FOR VALUES IN ('IT');
CREATE TABLE parted_se PARTITION OF parted FOR VALUES IN ('SE');
INSERT INTO parted SELECT * FROM answers;
INSERT INTO parted (id, country, month) SELECT id, 'BE', month FROM answers;
ANALYZE parted;

SET enable_partitionwise_aggregate = on;

-- In one process: the partitions' states are combined; where the groups are the
-- partitions, there is nothing to combine.
SET max_parallel_workers_per_gather = 0;
SELECT aggregate,
    verdict(format('SELECT %s FROM parted', aggregate),
            :'by_partition') AS whole,
    verdict(format('SELECT month, %s FROM parted GROUP BY month', aggregate),
            :'by_partition') AS by_month,
    verdict(format('SELECT country, %s FROM parted GROUP BY country', aggregate),
            :'whole_by_partition') AS by_country
FROM aggregates
ORDER BY place;

-- In workers: the partitions are shared out among them.
SET max_parallel_workers_per_gather = 2;
SELECT aggregate,
    verdict(format('SELECT %s FROM parted', aggregate),
            :'in_workers_by_partition') AS whole,
    verdict(format('SELECT month, %s FROM parted GROUP BY month', aggregate),
            :'in_workers_by_partition') AS by_month
FROM aggregates
ORDER BY place;

-- Partitions that all have nothing to count, and a partition that has an answer
-- between others that have none.
SET max_parallel_workers_per_gather = 0;
SELECT condition,
    answer('SELECT nps(as_integer), nps(category), nps(tally), nps_tally(as_numeric),
                   sum(tally), min(category) FROM parted WHERE ' || condition)
FROM unnest(ARRAY[
    $$country IN ('AT', 'SE')$$,
    $$country IN ('AT', 'BE')$$,
    $$country IN ('BE', 'SE')$$,
    $$id = 3$$
]) WITH ORDINALITY AS c (condition, place)
ORDER BY place;
SET enable_partitionwise_aggregate = off;

----------------------------------------------------------------------------
-- Hash tables that spill
----------------------------------------------------------------------------

-- More groups than the memory holds are done in several batches, in one process
-- and in workers.  The plain answer has the same groups sorted.
SET enable_sort = off;
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SET max_parallel_workers_per_gather = 0;
SELECT aggregate,
    plan(query, 'ANALYZE') @? :'spilled' AS spilled,
    answer(query) = plain_answer(query) AS same
FROM aggregates, format('SELECT respondent, %s FROM answers GROUP BY respondent', aggregate) AS query
ORDER BY place;

SET max_parallel_workers_per_gather = 2;
-- Sharing the work out pays.
SET cpu_operator_cost = 1;
SELECT aggregate,
    plan(query) @? :'in_workers' AS in_workers,
    plan(query, 'ANALYZE') @? :'partial_spilled' AS spilled,
    answer(query) = plain_answer(query) AS same
FROM aggregates, format('SELECT respondent, %s FROM answers GROUP BY respondent', aggregate) AS query
ORDER BY place;

----------------------------------------------------------------------------
-- Compiled just in time
----------------------------------------------------------------------------

-- If the server can.  This stands last because every worker that is started
-- later in the session loads the compiler, too, which takes its time.
SET enable_sort = on;
SET work_mem = '4MB';
RESET hash_mem_multiplier;
RESET cpu_operator_cost;
SET jit = on;
SET jit_above_cost = 0;
SET jit_inline_above_cost = 0;
SET jit_optimize_above_cost = 0;
SELECT verdict('SELECT country, nps(as_integer), nps_tally(as_numeric), nps(as_double), sum(tally)
                FROM answers GROUP BY country', :'in_workers');
