-- Every object of the extension by its signature: what a user may rely on.
-- A change here is a change of the API, and wants a line in CHANGELOG.md.
\getenv inputdir PG_ABS_SRCDIR
\set members :inputdir '/members.sql'
\set ECHO none
\i :members
\set ECHO all

\pset format unaligned
\pset tuples_only on
SELECT CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'f' THEN 'function' END AS kind,
       proname || '(' || pg_get_function_arguments(p.oid) || ')' AS signature, pg_get_function_result(p.oid) AS result
FROM functions AS p
ORDER BY kind, proname COLLATE "C", pg_get_function_arguments(p.oid) COLLATE "C";

-- The rest.
SELECT type, replace(identity, 'pg_catalog.', '') AS identity
FROM members, pg_identify_object(classid, objid, 0)
WHERE classid <> 'pg_proc'::regclass
ORDER BY type COLLATE "C", pg_identify_object.identity COLLATE "C";
