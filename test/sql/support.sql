-- The support functions of the aggregates, called by hand: they give a right
-- answer or an error, and never change their argument.

CREATE TEMP TABLE stored (state nps_tally, part nps_tally);
INSERT INTO stored VALUES ('(1,2,3)', '(1,1,1)'), ('(0,0,0)', '(0,0,0)'),
                          ('(9223372036854775806,0,1)', '(5,0,0)');
CREATE TEMP TABLE before AS SELECT * FROM stored;

-- Counting one response.
SELECT nps_tally_accum('(1,2,3)', 0::smallint) AS "smallint",
       nps_tally_accum('(1,2,3)', 7) AS "integer",
       nps_tally_accum('(1,2,3)', 9::bigint) AS "bigint",
       nps_tally_accum('(1,2,3)', 8.9) AS "numeric",
       nps_tally_accum('(1,2,3)', 10::double precision) AS "double precision",
       nps_tally_accum('(1,2,3)', 'passive'::nps_category) AS nps_category;
-- Taking one back.
SELECT nps_tally_accum_inv('(1,2,3)', 0::smallint) AS "smallint",
       nps_tally_accum_inv('(1,2,3)', 7) AS "integer",
       nps_tally_accum_inv('(1,2,3)', 9::bigint) AS "bigint",
       nps_tally_accum_inv('(1,2,3)', 8.9) AS "numeric",
       nps_tally_accum_inv('(1,2,3)', 10::double precision) AS "double precision",
       nps_tally_accum_inv('(1,2,3)', 'passive'::nps_category) AS nps_category;
-- Adding and subtracting.
SELECT nps_tally_add('(1,2,3)', '(10,20,30)'), nps_tally_subtract('(10,20,30)', '(1,2,3)'),
       nps_score('(1,2,3)');

-- Strict.
SELECT nps_tally_accum(NULL, 9) IS NULL AS no_state,
       nps_tally_accum('(1,2,3)', NULL::integer) IS NULL AS no_score,
       nps_tally_accum_inv('(1,2,3)', NULL::numeric) IS NULL AS no_score,
       nps_tally_add(NULL, '(1,2,3)') IS NULL AS no_state,
       nps_tally_subtract('(1,2,3)', NULL) IS NULL AS no_part, nps_score(NULL) IS NULL AS no_tally;

-- Bad arguments.
\set VERBOSITY terse
SELECT nps_tally_accum('(1,2,3)', 11::smallint);
SELECT nps_tally_accum('(1,2,3)', -1);
SELECT nps_tally_accum('(1,2,3)', 9223372036854775807);
SELECT nps_tally_accum('(1,2,3)', 'NaN'::numeric);
SELECT nps_tally_accum('(1,2,3)', 'NaN'::double precision);
SELECT nps_tally_accum('(9223372036854775807,0,0)', 0::smallint);
SELECT nps_tally_accum('(9223372036854775806,0,1)', 9);
SELECT nps_tally_accum('(0,9223372036854775807,0)', 9.5);
SELECT nps_tally_accum('(0,0,9223372036854775807)', 'detractor'::nps_category);
SELECT nps_tally_accum_inv('(0,2,3)', 0::smallint);
SELECT nps_tally_accum_inv('(1,0,3)', 7);
SELECT nps_tally_accum_inv('(1,2,0)', 9::bigint);
SELECT nps_tally_accum_inv('(1,2,0)', 9.0);
SELECT nps_tally_accum_inv('(0,0,0)', 'promoter'::nps_category);
SELECT nps_tally_accum_inv('(1,2,3)', 11);
SELECT nps_tally_add('(9223372036854775807,0,0)', '(0,0,1)');
SELECT nps_tally_subtract('(1,2,3)', '(1,2,4)');
\set VERBOSITY default

-- Arguments that lie in a table's pages stay what they are.
SELECT nps_tally_accum(state, 9), nps_tally_accum(state, 'detractor'::nps_category)
FROM stored WHERE nps_responses(state) < 10 ORDER BY state::text;
SELECT nps_tally_add(state, part), state + part AS plus, nps_tally_subtract(state, part),
       state - part AS minus
FROM stored WHERE nps_responses(state) < 10 ORDER BY state::text;
SELECT nps_tally_accum_inv(state, 0)
FROM stored WHERE nps_detractors(state) > 0 ORDER BY state::text;
SELECT count(*) AS unchanged FROM stored JOIN before USING (state, part);
-- So does a constant that the plan holds on to, and one value given twice.
PREPARE accum(integer) AS SELECT nps_tally_accum('(1,2,3)', $1);
EXECUTE accum(9);
EXECUTE accum(9);
SELECT t + t AS twice, t - t AS nothing, t FROM (VALUES (nps_tally(1, 2, 3))) AS v(t);
DO $$
DECLARE
    state nps_tally := '(1,2,3)';
    other nps_tally;
BEGIN
    other := nps_tally_accum(state, 9);
    other := nps_tally_add(state, other);
    other := nps_tally_subtract(state, '(1,1,1)');
    other := nps_tally_accum_inv(state, 9);
    RAISE NOTICE 'state %, other %', state, other;
END $$;

-- Inside an aggregate's own argument they are ordinary functions, too.
SELECT sum(nps_tally_accum(state, 9)), sum(state + part)
FROM stored WHERE nps_responses(state) < 10;
SELECT count(*) AS unchanged FROM stored JOIN before USING (state, part);

-- The input of sum() and nps() is left alone, the first row's included.
SELECT sum(state), nps(state) FROM stored WHERE nps_responses(state) < 10;
SELECT sum(state) OVER (ORDER BY state::text ROWS 1 PRECEDING), state
FROM stored WHERE nps_responses(state) < 10 ORDER BY state::text;
SELECT count(*) AS unchanged FROM stored JOIN before USING (state, part);

-- An aggregate of a user's own may be made of them.
CREATE AGGREGATE pg_temp.tally_of(integer) (
    SFUNC = nps_tally_accum, STYPE = nps_tally, INITCOND = '(10,0,0)', COMBINEFUNC = nps_tally_add);
SELECT pg_temp.tally_of(i) FROM generate_series(0, 10) AS i;

-- One that begins with almost as much as a tally counts stops where it is full,
-- whatever is counted.
CREATE AGGREGATE pg_temp.almost_full(integer) (
    SFUNC = nps_tally_accum, STYPE = nps_tally, INITCOND = '(9223372036854775800,3,3)');
SELECT pg_temp.almost_full(9), pg_temp.almost_full(7), pg_temp.almost_full(0),
       pg_temp.almost_full(NULL);
SELECT pg_temp.almost_full(i) FROM generate_series(9, 10) AS i;
\set VERBOSITY terse
SELECT pg_temp.almost_full(i) FROM generate_series(7, 8) AS i;
SELECT pg_temp.almost_full(i) FROM generate_series(0, 1) AS i;
DO $$
DECLARE
    type text;
    value text;
BEGIN
    FOREACH type IN ARRAY '{smallint,bigint,numeric,double precision,nps_category}'::text[] LOOP
        EXECUTE format('CREATE AGGREGATE pg_temp.full_of(%s) (SFUNC = nps_tally_accum, STYPE = nps_tally, INITCOND = %L)', type, '(0,9223372036854775807,0)');
        value := CASE type WHEN 'nps_category' THEN 'promoter' ELSE '9' END;
        BEGIN
            EXECUTE format('SELECT pg_temp.full_of(%L::%s)', value, type);
        EXCEPTION WHEN numeric_value_out_of_range THEN
            RAISE NOTICE '%: %', type, SQLERRM;
        END;
    END LOOP;
END $$;
\set VERBOSITY default
