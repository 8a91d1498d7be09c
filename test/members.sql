-- What belongs to the extension, for every test that asks the catalogue.
CREATE TEMP VIEW members AS
    SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nps')
      AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]';    -- array types come along
CREATE TEMP VIEW functions AS
    SELECT p.*, p.oid::regprocedure AS signature, object, lanname
    FROM members JOIN pg_proc AS p ON objid = p.oid AND classid = 'pg_proc'::regclass
         JOIN pg_language AS l ON l.oid = prolang;
