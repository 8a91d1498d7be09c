-- Every object of the extension by its signature: what a user may rely on.
-- A change here is a change of the API, and wants a line in CHANGELOG.md.
CREATE TEMP VIEW members AS
    SELECT classid, objid FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nps');

\pset format unaligned
\pset tuples_only on
SELECT CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'f' THEN 'function' END AS kind,
       proname || '(' || pg_get_function_arguments(p.oid) || ')' AS signature, pg_get_function_result(p.oid) AS result
FROM members JOIN pg_proc AS p ON p.oid = objid AND classid = 'pg_proc'::regclass
ORDER BY kind, proname COLLATE "C", pg_get_function_arguments(p.oid) COLLATE "C";

-- The rest; a type brings its array type along, which not every server lists.
SELECT type, replace(identity, 'pg_catalog.', '') AS identity
FROM members, pg_identify_object(classid, objid, 0)
WHERE classid <> 'pg_proc'::regclass AND identity NOT LIKE '%[]'
ORDER BY type COLLATE "C", pg_identify_object.identity COLLATE "C";
