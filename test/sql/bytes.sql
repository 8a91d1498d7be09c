-- Bytes that come in: the receive functions, and bytes that are no category.

-- What psql writes of a bytea in binary is a file with just these bytes, and is
-- read as a value of that form.
CREATE TEMP TABLE received (category nps_category, tally nps_tally);
\set into_category '\\copy received (category) FROM ''results/bytes'' (FORMAT binary)'
\set into_tally '\\copy received (tally) FROM ''results/bytes'' (FORMAT binary)'

-- Those that are values.
\copy (SELECT '\x00'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\x01'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\x02'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\x000000000000000000000000000000000000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x000000000000000100000000000000020000000000000302'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x00000000000000017ffffffffffffffd0000000000000001'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
SELECT * FROM received;
SELECT nps_category_send(category), nps_tally_send(tally) FROM received;

-- A category of another byte, of no byte, of two.
\copy (SELECT '\x03'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\xff'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\x'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\x0000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category

-- A tally that is too short, by a byte and by all; too long; with a negative
-- count in each place; with too many responses.
\copy (SELECT '\x0000000000000000000000000000000000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x00000000000000000000000000000000000000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\xffffffffffffffff00000000000000000000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x0000000000000000ffffffffffffffff0000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x000000000000000000000000000000008000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x7fffffffffffffff00000000000000000000000000000001'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x7fffffffffffffff7fffffffffffffff0000000000000002'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\set VERBOSITY sqlstate
\copy (SELECT '\x03'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
\copy (SELECT '\x'::bytea) TO 'results/bytes' (FORMAT binary)
:into_category
:into_tally
\copy (SELECT '\xffffffffffffffff00000000000000000000000000000000'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\copy (SELECT '\x7fffffffffffffff00000000000000000000000000000001'::bytea) TO 'results/bytes' (FORMAT binary)
:into_tally
\set VERBOSITY default
SELECT count(*) AS received FROM received;

-- A byte that is no category, made by a cast that looks at none: whatever could
-- write past a name or a count refuses it.  Where assertions are on, one of
-- them would end the server here; a build that only the extension has them in
-- says so by nps.assertions.
BEGIN;
CREATE CAST ("char" AS nps_category) WITHOUT FUNCTION;
DO $$
DECLARE
    call text;
    byte text;
BEGIN
    IF current_setting('debug_assertions')::boolean
       OR coalesce(current_setting('nps.assertions', true), '') = 'on' THEN
        RETURN;
    END IF;
    FOREACH call IN ARRAY ARRAY[
        'SELECT none::text FROM v',
        'SELECT nps(none) FROM v',
        'SELECT nps_tally(none) FROM v',
        'SELECT nps_tally(none, 1) FROM v',
        'SELECT nps_tally_accum(''(1,2,3)'', none) FROM v',
        'SELECT nps_tally_accum_inv(''(1,2,3)'', none) FROM v',
        'SELECT nps_weighted(none, 1) FROM v',
        'SELECT nps_weighted_accum(''((0,0,1),(0,0,1),(0,0,1))'', none, 1) FROM v',
        'SELECT nps_weighted_accum_inv(''((0,0,1),(0,0,1),(0,0,1))'', none, 1) FROM v',
        'SELECT nps_weight(''((0,0,1),(0,0,1),(0,0,1))'', none) FROM v']
    LOOP
        FOREACH byte IN ARRAY ARRAY['\003', '\177', '\377'] LOOP
            BEGIN
                EXECUTE format('WITH v AS MATERIALIZED (SELECT %L::"char"::nps_category AS none) %s',
                               byte, call);
                RAISE WARNING 'taken for a category: %, %', byte, call;
            EXCEPTION WHEN internal_error THEN
                IF sqlerrm <> 'invalid nps_category: ' || get_byte(byte::bytea, 0) THEN
                    RAISE WARNING '%: %', call, sqlerrm;
                END IF;
            END;
        END LOOP;
    END LOOP;
END
$$;
ROLLBACK;
