-- Aggregates over window frames: equal to the aggregate computed anew for each
-- frame, by moving from frame to frame where that can be done, and without
-- touching the results of earlier rows.

CREATE SCHEMA windows;
SET search_path = windows, public;
\pset null NULL
-- More than a thousand short queries run below; to compile each takes minutes.
SET jit = off;

----------------------------------------------------------------------------
-- Small frames, by value
----------------------------------------------------------------------------

CREATE TABLE few (id integer, score integer, tally nps_tally);
INSERT INTO few VALUES
    (1, 10, '(0,0,3)'),
    (2, NULL, NULL),
    (3, NULL, NULL),
    (4, 6, '(1,2,1)'),
    (5, 8, '(0,0,0)'),
    (6, 9, '(5,0,0)');

-- A row and the one before it.
SELECT id, score, tally, nps(score) OVER w, nps_tally(score) OVER w,
    nps(tally) OVER w, sum(tally) OVER w
FROM few
WINDOW w AS (ORDER BY id ROWS 1 PRECEDING)
ORDER BY id;

-- The two before the row: no row at all for the first.
SELECT id, score, tally, nps(score) OVER w, nps_tally(score) OVER w,
    nps(tally) OVER w, sum(tally) OVER w
FROM few
WINDOW w AS (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING)
ORDER BY id;

-- All but the row itself.
SELECT id, score, tally, nps(score) OVER w, nps_tally(score) OVER w,
    nps(tally) OVER w, sum(tally) OVER w
FROM few
WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
             EXCLUDE CURRENT ROW)
ORDER BY id;

----------------------------------------------------------------------------
-- All kinds of frames, against the same aggregate over the rows of each frame
----------------------------------------------------------------------------

-- Answers of every input type in three segments, several on the same day, with
-- days between that have none; every seventh is NULL.
CREATE TABLE answers AS
SELECT id, 'all' AS everyone, id % 3 AS segment,
    DATE '2024-01-01' + id / 5 * 2 + CASE WHEN id > 45 THEN 30 ELSE 0 END AS day,
    score::smallint AS as_smallint,
    score AS as_integer,
    score::bigint AS as_bigint,
    (score + part)::numeric AS as_numeric,
    (score + part)::double precision AS as_double,
    (score + part)::real AS as_real,
    nps_category(score) AS category,
    CASE WHEN id % 7 <> 6 THEN nps_tally(id % 4, id % 3, id % 5) END AS tally
FROM generate_series(1, 90) AS id,
    LATERAL (SELECT CASE WHEN id % 7 <> 6 THEN id * 389 % 101 % 11 END AS score) AS s,
    LATERAL (SELECT CASE WHEN score = 10 THEN 0 ELSE id / 2 % 4 * 0.25 END AS part) AS p;

CREATE TABLE aggregates (place serial, aggregate text);
INSERT INTO aggregates (aggregate) VALUES
    ('nps(as_smallint)'), ('nps(as_integer)'), ('nps(as_bigint)'),
    ('nps(as_numeric)'), ('nps(as_double)'), ('nps(as_real)'),
    ('nps(category)'), ('nps(tally)'),
    ('nps_tally(as_smallint)'), ('nps_tally(as_integer)'), ('nps_tally(as_bigint)'),
    ('nps_tally(as_numeric)'), ('nps_tally(as_double)'), ('nps_tally(as_real)'),
    ('nps_tally(category)'), ('sum(tally)'),
    ('nps(as_integer) FILTER (WHERE id % 2 = 0)'),
    ('sum(tally) FILTER (WHERE as_integer < 9)');

-- A frame, and which other rows o of the partition are in the frame of a row r.
-- The place is the number of the row, the peers that of its day.
CREATE TABLE frames (place serial, frame text, member text);
INSERT INTO frames (frame, member) VALUES
    -- The start stays where it is.
    ('ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
        'o.place <= r.place'),
    ('ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING',
        'o.place <= r.place - 2'),
    ('ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
        'true'),
    ('RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
        'o.day <= r.day'),
    ('GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING',
        'o.peers <= r.peers + 1'),
    -- The start moves.
    ('ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
        'o.place BETWEEN r.place - 2 AND r.place'),
    ('ROWS BETWEEN 9 PRECEDING AND 1 FOLLOWING',
        'o.place BETWEEN r.place - 9 AND r.place + 1'),
    ('ROWS BETWEEN 5 PRECEDING AND 3 PRECEDING',
        'o.place BETWEEN r.place - 5 AND r.place - 3'),
    ('ROWS BETWEEN 2 FOLLOWING AND 6 FOLLOWING',
        'o.place BETWEEN r.place + 2 AND r.place + 6'),
    ('ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
        'o.place >= r.place'),
    ('ROWS BETWEEN CURRENT ROW AND CURRENT ROW',
        'o.place = r.place'),
    ('ROWS BETWEEN 3 FOLLOWING AND 2 FOLLOWING',
        'false'),
    ('RANGE BETWEEN ''3 days'' PRECEDING AND CURRENT ROW',
        'o.day BETWEEN r.day - 3 AND r.day'),
    ('RANGE BETWEEN ''30 days'' PRECEDING AND ''1 day'' FOLLOWING',
        'o.day BETWEEN r.day - 30 AND r.day + 1'),
    ('RANGE BETWEEN ''7 days'' PRECEDING AND ''3 days'' PRECEDING',
        'o.day BETWEEN r.day - 7 AND r.day - 3'),
    ('RANGE BETWEEN ''1 day'' PRECEDING AND ''1 day'' PRECEDING',
        'o.day = r.day - 1'),
    ('RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
        'o.day >= r.day'),
    ('GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW',
        'o.peers BETWEEN r.peers - 1 AND r.peers'),
    ('GROUPS BETWEEN 3 PRECEDING AND 1 PRECEDING',
        'o.peers BETWEEN r.peers - 3 AND r.peers - 1'),
    ('GROUPS BETWEEN CURRENT ROW AND CURRENT ROW',
        'o.peers = r.peers'),
    ('GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING',
        'o.peers > r.peers'),
    -- Something is left out.
    ('ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW',
        'o.place BETWEEN r.place - 3 AND r.place + 3 AND o.place <> r.place'),
    ('ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE GROUP',
        'o.place BETWEEN r.place - 3 AND r.place + 3 AND o.day <> r.day'),
    ('ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE TIES',
        'o.place BETWEEN r.place - 3 AND r.place + 3 AND (o.day <> r.day OR o.place = r.place)'),
    ('RANGE BETWEEN ''4 days'' PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW',
        'o.day BETWEEN r.day - 4 AND r.day AND o.place <> r.place'),
    ('RANGE BETWEEN ''4 days'' PRECEDING AND CURRENT ROW EXCLUDE GROUP',
        'o.day BETWEEN r.day - 4 AND r.day - 1'),
    ('RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES',
        'o.day < r.day OR o.place = r.place'),
    ('GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW',
        'o.peers BETWEEN r.peers - 1 AND r.peers + 1 AND o.place <> r.place'),
    ('GROUPS BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE GROUP',
        'false'),
    ('GROUPS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES',
        'o.peers <> r.peers OR o.place = r.place');

-- In how many rows the aggregate over the frame is not that over its members,
-- and how many rows have a frame with members and how many one without.
CREATE FUNCTION differences(aggregate text, partition text, frame text, member text,
                            OUT filled bigint, OUT empty bigint, OUT different bigint)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('
        WITH framed AS MATERIALIZED (
            SELECT *, row_number() OVER w AS place, dense_rank() OVER w AS peers,
                count(*) OVER w AS members, %1$s OVER w AS value
            FROM answers
            WINDOW w AS (PARTITION BY %2$I ORDER BY day %3$s)
        )
        SELECT count(*) FILTER (WHERE members > 0),
            count(*) FILTER (WHERE members = 0),
            count(*) FILTER (WHERE CAST(value AS text) IS DISTINCT FROM
                (SELECT CAST(%1$s AS text) FROM framed AS o
                 WHERE o.%2$I = r.%2$I AND (%4$s)))
        FROM framed AS r', aggregate, partition, frame, member)
    INTO filled, empty, different;
END $$;

-- For all answers and by segment: for each frame the rows compared, and the
-- aggregates that differ.
SELECT frame, sum(filled) AS filled, sum(empty) AS empty,
    sum(different) AS different,
    string_agg(aggregate || ' by ' || partition, ', ' ORDER BY a.place, partition)
        FILTER (WHERE different > 0) AS differ
FROM frames AS f, aggregates AS a, unnest(ARRAY['everyone', 'segment']) AS partition,
    differences(aggregate, partition, frame, member)
GROUP BY f.place, frame
ORDER BY f.place;

----------------------------------------------------------------------------
-- Moving from frame to frame
----------------------------------------------------------------------------

-- The server counts the calls of a function that has a setting of its own, also
-- where an aggregate makes them.  Here the inverse functions get one, until the
-- end of this transaction.  Calls in a worker would be counted there.
BEGIN;
SET LOCAL track_functions = 'all';
SET LOCAL max_parallel_workers_per_gather = 0;
ALTER FUNCTION nps_tally_accum_inv(nps_tally, smallint) SET work_mem = '4MB';
ALTER FUNCTION nps_tally_accum_inv(nps_tally, integer) SET work_mem = '4MB';
ALTER FUNCTION nps_tally_accum_inv(nps_tally, bigint) SET work_mem = '4MB';
ALTER FUNCTION nps_tally_accum_inv(nps_tally, numeric) SET work_mem = '4MB';
ALTER FUNCTION nps_tally_accum_inv(nps_tally, double precision) SET work_mem = '4MB';
ALTER FUNCTION nps_tally_accum_inv(nps_tally, nps_category) SET work_mem = '4MB';
ALTER FUNCTION nps_tally_subtract(nps_tally, nps_tally) SET work_mem = '4MB';

-- How often the aggregate takes an answer back, over ten rows without NULL.
CREATE FUNCTION taken_back(aggregate text, frame text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    calls CONSTANT text := 'SELECT coalesce(sum(calls), 0) FROM pg_stat_xact_user_functions
        WHERE funcname IN (''nps_tally_accum_inv'', ''nps_tally_subtract'')';
    before bigint;
    after bigint;
BEGIN
    EXECUTE calls INTO before;
    EXECUTE format('SELECT %s OVER (ORDER BY id %s)
                    FROM (SELECT * FROM answers WHERE tally IS NOT NULL
                          ORDER BY id LIMIT 10) AS ten', aggregate, frame);
    EXECUTE calls INTO after;
    RETURN after - before;
END $$;

-- A frame of three rows drops one when it comes to the fourth row, and so on.
SELECT aggregate, taken_back(aggregate, 'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW')
FROM aggregates
WHERE aggregate NOT LIKE '%FILTER%'
ORDER BY place;

-- Other frames.
SELECT frame, taken_back('nps(as_integer)', frame) AS answers,
    taken_back('nps(tally)', frame) AS tallies
FROM (VALUES
    -- One for each row but the first.
    (1, 'ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING'),
    -- The same, but the last frame has no row and is begun anew.
    (2, 'ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING'),
    -- Nothing to take back where only the end moves.
    (3, 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'),
    -- No row stays: each frame is begun anew.
    (4, 'ROWS BETWEEN CURRENT ROW AND CURRENT ROW'),
    -- The server never moves a frame that leaves something out.
    (5, 'ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW')
) AS f (place, frame)
ORDER BY place;
ROLLBACK;

----------------------------------------------------------------------------
-- Results of earlier rows
----------------------------------------------------------------------------

-- A tally is the state itself, which the next row changes in place.  What was
-- given out before must not change with it, wherever it is kept.
CREATE VIEW tallied AS
SELECT id,
    nps_tally(score) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS running,
    nps_tally(score) OVER (ORDER BY id ROWS 2 PRECEDING) AS moving,
    sum(tally) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS running_sum,
    sum(tally) OVER (ORDER BY id ROWS 2 PRECEDING) AS moving_sum
FROM few;

-- As they come.
SELECT * FROM tallied ORDER BY id;

-- In arrays.
SELECT array_agg(running), array_agg(moving) FROM tallied;
SELECT array_agg(running_sum), array_agg(moving_sum) FROM tallied;

-- In a materialised subquery that is read backwards.
WITH kept AS MATERIALIZED (SELECT * FROM tallied)
SELECT * FROM kept ORDER BY id DESC;

-- In another window.
SELECT id, lag(running) OVER w AS running, lag(moving) OVER w AS moving,
    lag(running_sum) OVER w AS running_sum, first_value(moving_sum) OVER w AS moving_sum
FROM tallied
WINDOW w AS (ORDER BY id)
ORDER BY id;

-- As keys of a hash table.
SET enable_sort = off;
SELECT count(*) AS groups, sum(rows) AS rows
FROM (SELECT count(*) AS rows FROM tallied GROUP BY running, running_sum) AS grouped;
RESET enable_sort;

-- In a cursor that goes back.
BEGIN;
DECLARE tallies SCROLL CURSOR FOR SELECT * FROM tallied ORDER BY id;
MOVE FORWARD ALL FROM tallies;
FETCH BACKWARD 2 FROM tallies;
COMMIT;

-- The tally of a group is not changed by the running sum of the groups.
SELECT id / 3 AS third, nps_tally(score), sum(nps_tally(score)) OVER w, nps(sum(tally)) OVER w
FROM few
GROUP BY id / 3
WINDOW w AS (ORDER BY id / 3)
ORDER BY third;

-- Nor is a tally that is stored.
SELECT id, tally FROM few ORDER BY id;
