-- Roll-ups: what they are made of, what they refuse, and what the functions
-- around them say.  That they stay exact is shown by test/t/17?_rollups*.
CREATE TABLE responses (answered_at date, plan text, score smallint, comment text);
INSERT INTO responses VALUES
    ('2026-01-05', 'Pro', 10), ('2026-01-12', 'Free', 6), ('2026-02-02', 'Pro', 8),
    ('2026-02-09', NULL, 3), ('2026-02-23', 'Team', NULL);
CREATE VIEW monthly_now AS
    SELECT date_trunc('month', answered_at)::date AS month, plan, nps_tally(score) AS tally
    FROM responses GROUP BY 1, 2;
SELECT nps_create_rollup('monthly', 'monthly_now');
SELECT * FROM monthly ORDER BY month, plan;
SELECT * FROM nps_rollups;

-- It follows, and both agree.
INSERT INTO responses VALUES ('2026-02-27', 'Pro', 10), ('2026-03-01', 'Team', 9);
UPDATE responses SET plan = 'Team' WHERE plan IS NULL;
DELETE FROM responses WHERE plan = 'Free';
SELECT * FROM monthly ORDER BY month, plan;
SELECT * FROM nps_check_rollup('monthly');
TRUNCATE responses;
SELECT * FROM monthly;

-- A difference is shown, and what was lost is no tally at all.
INSERT INTO responses VALUES ('2026-03-01', 'Team', 9), ('2026-03-01', NULL, 0), ('2026-03-02', 'Pro', 7);
ALTER TABLE responses DISABLE TRIGGER USER;
DELETE FROM responses WHERE plan = 'Team';
UPDATE responses SET score = 10 WHERE plan = 'Pro';
ALTER TABLE responses ENABLE TRIGGER USER;
SELECT * FROM nps_check_rollup('monthly') ORDER BY keys;
UPDATE monthly_changes SET removed = '(1,0,0)', added = '(0,0,0)' WHERE plan IS NULL;
SELECT * FROM nps_check_rollup('monthly') ORDER BY keys;
SELECT * FROM monthly;
SELECT nps_rebuild_rollup('monthly');
SELECT * FROM nps_check_rollup('monthly');
SELECT * FROM monthly ORDER BY month, plan;

-- Changes of one key become one row; a transaction with one snapshot adds
-- rows, and leaves them.
BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO responses VALUES ('2026-03-01', 'Pro', 9);
INSERT INTO responses VALUES ('2026-03-01', 'Pro', 9), ('2026-04-01', 'Pro', 9);
DELETE FROM responses WHERE answered_at = '2026-04-01';
SELECT nps_squash_rollup('monthly');
COMMIT;
SELECT count(*) FROM monthly_changes;
SELECT nps_squash_rollup('monthly');
SELECT * FROM monthly_changes ORDER BY month, plan;
SELECT * FROM nps_check_rollup('monthly');

-- An off-scale score is the only thing that it refuses.
\set VERBOSITY terse
INSERT INTO responses VALUES ('2026-03-01', 'Pro', 11);
\set VERBOSITY default

-- What is renamed is found again; what is used is not dropped unnoticed.
CREATE SCHEMA dashboard;
ALTER VIEW monthly RENAME TO by_month;
ALTER VIEW by_month SET SCHEMA dashboard;
ALTER TABLE monthly_changes RENAME TO "Changes";
ALTER VIEW monthly_now RENAME TO monthly_definition;
ALTER TABLE responses RENAME COLUMN score TO answer;
ALTER TABLE responses RENAME TO answers;
INSERT INTO answers VALUES ('2026-03-01', 'Pro', 9);
SELECT * FROM nps_check_rollup('dashboard.by_month');
SELECT * FROM nps_rollups;
\set VERBOSITY terse
DROP VIEW dashboard.by_month;
DROP VIEW monthly_definition;
DROP TABLE "Changes";
DROP TABLE answers;
\set VERBOSITY default
SELECT nps_drop_rollup('dashboard.by_month');
SELECT * FROM nps_rollups;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'answers'::regclass;
ALTER TABLE answers RENAME TO responses;
ALTER TABLE responses RENAME COLUMN answer TO score;
DROP VIEW monthly_definition;

-- All goes with the table.
CREATE VIEW by_plan AS SELECT plan, nps_tally(score) AS tally FROM responses GROUP BY plan;
SELECT nps_create_rollup('plans', 'by_plan');
BEGIN;
SET LOCAL client_min_messages = warning;
DROP TABLE responses CASCADE;
SELECT count(*) FROM pg_class WHERE relname IN ('plans', 'plans_changes', 'by_plan');
ROLLBACK;
SELECT nps_drop_rollup('plans');
DROP VIEW by_plan;

-- What can't be kept exact is refused, with the reason.
CREATE FUNCTION refusal(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE 'CREATE VIEW refused AS ' || query;
    PERFORM nps_create_rollup('rollup', 'refused');
    PERFORM nps_drop_rollup('rollup');
    DROP VIEW refused;
    RETURN 'accepted';
EXCEPTION WHEN feature_not_supported OR duplicate_column THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' / ', sqlerrm, nullif(detail, ''), nullif(hint, ''));
END
$$;
CREATE TABLE others (plan text, added integer, moment timestamptz, noon timestamp, cluster jsonb, code tsvector);
CREATE VIEW a_view AS SELECT * FROM responses;
SELECT query, refusal(query) AS "outcome" FROM (VALUES
    -- accepted
    ('SELECT nps_tally(score) AS tally FROM responses'),
    ('SELECT nps_tally(score) AS t, plan FROM responses WHERE score > 3 GROUP BY plan'),
    ('SELECT upper(plan) AS "a ""b", plan IS NULL AS c, nps_tally(nps_category(score, 4, 6, 0, 10)) FROM responses GROUP BY 1, 2'),
    ('SELECT nps_tally(score) FILTER (WHERE score > 2) AS t, answered_at FROM responses AS r (answered_at) GROUP BY 2 ORDER BY 2'),
    ('SELECT date_trunc(''week'', noon) AS week, cluster, code, nps_tally(added) AS t FROM others GROUP BY 1, 2, 3'),
    ('SELECT date_trunc(''month'', moment AT TIME ZONE ''Europe/Paris'') AS month, nps_tally(added) AS t FROM others GROUP BY 1'),
    -- mutable
    ('SELECT date_trunc(''month'', moment) AS month, nps_tally(added) AS t FROM others GROUP BY 1'),
    ('SELECT date_trunc(''month'', moment)::date AS month, nps_tally(added) AS t FROM others GROUP BY 1'),
    ('SELECT date_trunc(''month'', answered_at) AS month, nps_tally(score) AS t FROM responses GROUP BY 1'),
    ('SELECT plan, nps_tally((score * random())::numeric) AS t FROM responses GROUP BY 1'),
    ('SELECT plan, nps_tally(score) AS t FROM responses WHERE answered_at > now() GROUP BY 1'),
    -- another shape
    ('SELECT plan FROM responses GROUP BY 1'),
    ('SELECT plan, nps(score) FROM responses GROUP BY 1'),
    ('SELECT plan, nps_tally(score), nps_tally(nps_category(score)) AS two FROM responses GROUP BY 1'),
    ('SELECT plan, count(*), nps_tally(score) FROM responses GROUP BY 1'),
    ('SELECT plan, nps_tally(DISTINCT score) FROM responses GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM responses GROUP BY 1, answered_at'),
    ('SELECT plan, nps_tally(score) FROM responses GROUP BY ROLLUP (1)'),
    ('SELECT plan, nps_tally(score) FROM responses GROUP BY 1 HAVING count(*) > 1'),
    ('SELECT plan, nps_tally(score) FROM responses GROUP BY 1 LIMIT 3'),
    ('SELECT DISTINCT plan, nps_tally(score) FROM responses GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM responses JOIN others USING (plan) GROUP BY 1'),
    ('SELECT r.plan, nps_tally(score) FROM responses r, others GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM a_view GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM (TABLE responses) AS r GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM ONLY responses GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM responses TABLESAMPLE SYSTEM (10) GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM responses WHERE EXISTS (SELECT FROM others) GROUP BY 1'),
    ('WITH r AS (TABLE responses) SELECT plan, nps_tally(score) FROM r GROUP BY 1'),
    ('SELECT plan, nps_tally(score) FROM responses GROUP BY 1 UNION ALL SELECT plan, nps_tally(added) FROM others GROUP BY 1'),
    ('SELECT generate_series(1, score), nps_tally(score) FROM responses GROUP BY 1'),
    ('SELECT tableoid, nps_tally(score) FROM responses GROUP BY 1'),
    ('SELECT responses.*::text AS r, nps_tally(score) FROM responses GROUP BY 1'),
    ('SELECT ''all'' AS plan, nps_tally(score) FROM responses'),
    ('SELECT added, nps_tally(added) AS t FROM others GROUP BY 1'),
    ('SELECT code, nps_tally(added) AS t FROM others GROUP BY 1')
) AS queries (query);

-- Refused, too: what is no view, other isolation levels, hidden rows, tables
-- that go with the session.
CREATE VIEW by_plan AS SELECT plan, nps_tally(score) AS tally FROM responses GROUP BY plan;
SELECT nps_create_rollup('plans', 'responses');
SELECT nps_create_rollup('others', 'by_plan');
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT nps_create_rollup('plans', 'by_plan');
ROLLBACK;
ALTER TABLE responses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT nps_create_rollup('plans', 'by_plan');
ALTER TABLE responses NO FORCE ROW LEVEL SECURITY;
ALTER VIEW by_plan SET (security_invoker = true);
SELECT nps_create_rollup('plans', 'by_plan');
ALTER TABLE responses DISABLE ROW LEVEL SECURITY;
CREATE TEMP TABLE here (score integer);
CREATE VIEW by_score AS SELECT score, nps_tally(score) AS tally FROM here GROUP BY 1;
SELECT nps_create_rollup('plans', 'by_score');
SELECT nps_check_rollup('by_plan');
SELECT nps_squash_rollup('responses');
SELECT nps_rebuild_rollup('by_plan');
SELECT nps_drop_rollup('by_plan');
SELECT nps_drop_rollup(0);

-- The trigger function by itself, with names; those without a schema are of the
-- table's.  Whatever else it is called by is told what it wants.
CREATE TABLE plan_changes (plan text, added nps_tally, removed nps_tally);
CREATE TRIGGER kept AFTER INSERT ON responses REFERENCING NEW TABLE AS new
    FOR EACH STATEMENT EXECUTE FUNCTION nps_rollup('plan_changes', 'public.by_plan');
SET search_path = pg_catalog;
INSERT INTO public.responses VALUES ('2026-05-01', 'Pro', 9), ('2026-05-01', 'Pro', 3);
RESET search_path;
SELECT * FROM plan_changes;
DROP TRIGGER kept ON responses;
SELECT nps_rollup();
SELECT nps_rollup_of('responses', 'by_plan', NULL), nps_rollup_of('responses', 'by_plan', 'plan_changes');
CREATE FUNCTION complaint(trigger text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE 'CREATE TRIGGER wrong ' || trigger;
    EXECUTE statement;
    RAISE EXCEPTION 'no complaint';
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' / ', sqlstate, sqlerrm, nullif(detail, ''), nullif(hint, ''));
END
$$;
CREATE TABLE few (added nps_tally);
CREATE TABLE numbered (plan integer, added nps_tally, removed nps_tally);
SELECT complaint(format(trigger, 'nps_rollup(' || arguments || ')'), statement) FROM (VALUES
    ('BEFORE INSERT ON responses FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses FOR EACH ROW EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER UPDATE ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'UPDATE responses SET plan = plan'),
    ('AFTER TRUNCATE ON responses FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'TRUNCATE responses'),
    ('INSTEAD OF INSERT ON a_view FOR EACH ROW EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'INSERT INTO a_view DEFAULT VALUES'),
    ('AFTER INSERT ON others REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan'$$, 'INSERT INTO others DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', '', 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'by_plan', 'more'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'nowhere', 'by_plan'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'a.b.c.d'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'plan_changes', 'responses'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'a_view', 'by_plan'$$, 'INSERT INTO responses VALUES (NULL, NULL, 3)'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'few', 'by_plan'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'numbered', 'by_plan'$$, 'INSERT INTO responses DEFAULT VALUES'),
    ('AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION %s', $$'others', 'by_plan'$$, 'INSERT INTO responses VALUES (NULL, NULL, 3)')
) AS wrong (trigger, arguments, statement);

-- A row so long that its transition table is a file, and an error: the next
-- statement finds nothing of it.  What a definition calls may write to the
-- table, and even make the plan of the trigger obsolete, while it is running.
CREATE TABLE comments (plan text, score integer, comment text);
CREATE VIEW comments_now AS SELECT plan, nps_tally(score) AS tally FROM comments GROUP BY plan;
SELECT nps_create_rollup('comment_plans', 'comments_now');
SET work_mem = '64kB';
INSERT INTO comments VALUES ('Pro', 9, 'short');
INSERT INTO comments VALUES ('Pro', 3, 'short');
INSERT INTO comments VALUES ('Pro', 11, repeat('long', 100000));
INSERT INTO comments VALUES ('Pro', 11, repeat('long', 100000));
INSERT INTO comments VALUES ('Pro', 8, repeat('long', 100000));
UPDATE comments SET score = 8 WHERE score = 8;
UPDATE comments SET score = 11 WHERE score = 8;
UPDATE comments SET score = 7, comment = comment || '!' WHERE score = 8;
RESET work_mem;
SELECT * FROM comment_plans;
SELECT * FROM nps_check_rollup('comment_plans');
SELECT nps_drop_rollup('comment_plans');
CREATE FUNCTION meddle() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER VIEW public.comments_now SET (security_barrier = true);
    INSERT INTO public.comments VALUES ('by meddling', 9);
    INSERT INTO public.comments VALUES ('by meddling', 3), ('by meddling', 0);
END
$$;
CREATE FUNCTION shout(plan text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    IF plan = 'meddle' THEN
        PERFORM public.meddle();
    END IF;
    RETURN upper(plan);
END
$$;
TRUNCATE comments;
DROP VIEW comments_now;
CREATE VIEW comments_now AS SELECT shout(plan) AS plan, nps_tally(score) AS tally FROM comments GROUP BY 1;
SELECT nps_create_rollup('comment_plans', 'comments_now');
INSERT INTO comments VALUES ('quiet', 9);
INSERT INTO comments VALUES ('meddle', 8);
INSERT INTO comments VALUES ('meddle', 8), ('quiet', 9);
INSERT INTO comments VALUES ('meddle', 8);
SELECT * FROM comment_plans ORDER BY plan;

-- TRUNCATE of a table with partitions that were made after the roll-up, and so
-- have no triggers of their own.
CREATE TABLE by_region (region text, plan text, score integer) PARTITION BY LIST (region);
CREATE TABLE north PARTITION OF by_region FOR VALUES IN ('north');
CREATE VIEW regions_now AS SELECT region, nps_tally(score) AS tally FROM by_region GROUP BY region;
SELECT nps_create_rollup('regions', 'regions_now');
CREATE TABLE rest (score integer, plan text, region text) PARTITION BY LIST (plan);
CREATE TABLE rest_pro PARTITION OF rest FOR VALUES IN ('Pro');
CREATE TABLE rest_other PARTITION OF rest DEFAULT;
ALTER TABLE by_region ATTACH PARTITION rest DEFAULT;
INSERT INTO by_region VALUES ('north', 'Pro', 3), ('south', 'Pro', 9), ('south', 'Free', 8), ('west', 'Free', 0);
SELECT * FROM regions ORDER BY region;
TRUNCATE by_region;
SELECT * FROM regions;
INSERT INTO by_region VALUES ('north', 'Pro', 3), ('south', 'Pro', 9), ('south', 'Free', 8), ('west', 'Free', 0);
SELECT nps_rebuild_rollup('regions');
CREATE TABLE east PARTITION OF by_region FOR VALUES IN ('east');
INSERT INTO by_region VALUES ('east', 'Pro', 3);
TRUNCATE rest;
SELECT * FROM regions ORDER BY region;
TRUNCATE by_region;
SELECT * FROM regions;

-- An error is the same at the second time.
CREATE TRIGGER wrong AFTER INSERT ON others REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION nps_rollup('plan_changes', 'by_plan');
INSERT INTO others DEFAULT VALUES;
INSERT INTO others DEFAULT VALUES;
DROP TRIGGER wrong ON others;

-- A function that an inlined one calls is another: a rebuild lets go of the old.
CREATE FUNCTION inner_key(plan text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT plan || '!' $$;
CREATE FUNCTION outer_key(plan text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT public.inner_key(plan) || '.' $$;
CREATE TABLE called (plan text, score integer);
CREATE VIEW called_now AS SELECT outer_key(plan) AS plan, nps_tally(score) AS tally FROM called GROUP BY 1;
SELECT nps_create_rollup('calls', 'called_now');
INSERT INTO called VALUES ('Pro', 3);
INSERT INTO called VALUES ('Pro', 3);
CREATE OR REPLACE FUNCTION inner_key(plan text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT plan || '?' $$;
SELECT nps_rebuild_rollup('calls');
INSERT INTO called VALUES ('Pro', 9);
SELECT * FROM calls;

-- A circle is as long as a tally, and is none.
CREATE TABLE circles (plan text, added circle, removed circle);
CREATE TRIGGER wrong AFTER INSERT ON responses REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION nps_rollup('circles', 'by_plan');
INSERT INTO responses DEFAULT VALUES;
DROP TRIGGER wrong ON responses;

-- No index, no roll-up.
CREATE VIEW odd_keys AS SELECT plan::xid AS transaction, plan::tsvector AS words, nps_tally(score) AS tally FROM responses GROUP BY 1, 2;
SELECT nps_create_rollup('odd_rollup', 'odd_keys');
