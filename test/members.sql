-- What belongs to the extension, for every test that asks the catalogue.
CREATE TEMP VIEW members AS
    SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nps')
      AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]'    -- array types come along
      AND NOT EXISTS (SELECT FROM pg_type AS t JOIN pg_class AS c ON c.oid = typrelid    -- row types, too
                      WHERE classid = 'pg_type'::regclass AND t.oid = objid AND relkind = 'v');
CREATE TEMP VIEW functions AS
    SELECT p.*, p.oid::regprocedure AS signature, object, lanname
    FROM members JOIN pg_proc AS p ON objid = p.oid AND classid = 'pg_proc'::regclass
         JOIN pg_language AS l ON l.oid = prolang;
