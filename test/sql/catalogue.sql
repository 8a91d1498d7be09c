-- The catalogue entries, in the manner of core's own sanity tests.  A query
-- that finds nothing finds nothing wrong.

-- What belongs to the extension.
CREATE TEMP VIEW members AS
    SELECT classid, objid FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nps')
      AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]';    -- array types come along
CREATE TEMP VIEW functions AS
    SELECT p.*, p.oid::regprocedure AS signature FROM members JOIN pg_proc AS p ON objid = p.oid AND classid = 'pg_proc'::regclass;
CREATE TEMP VIEW operators AS
    SELECT o.*, o.oid::regoperator AS signature FROM members JOIN pg_operator AS o ON objid = o.oid AND classid = 'pg_operator'::regclass;
CREATE TEMP VIEW aggregates AS
    SELECT a.*, f.signature, f.prorettype, f.proargtypes, f.proparallel, f.proname FROM functions AS f JOIN pg_aggregate AS a ON a.aggfnoid = f.oid;
-- The views see something to judge.
SELECT (SELECT count(*) > 50 FROM functions) AS functions, (SELECT count(*) > 5 FROM operators) AS operators,
       (SELECT count(*) > 10 FROM aggregates) AS aggregates;

-- Every object has a comment.
SELECT pg_describe_object(classid, objid, 0) AS object FROM members
WHERE coalesce(obj_description(objid, classid::regclass::name), '') = '' ORDER BY 1;

-- Every name begins with nps, but for the operators, sum, min and max.
SELECT signature FROM functions
WHERE proname !~ '^nps' AND NOT (prokind = 'a' AND proname IN ('sum', 'min', 'max')) ORDER BY 1;

-- Every function is immutable, parallel safe, no security definer, has no
-- setting of its own, and may be executed by everybody.
SELECT signature, provolatile, proparallel, prosecdef, proconfig, proacl FROM functions
WHERE provolatile <> 'i' OR proparallel <> 's' OR prosecdef OR proconfig IS NOT NULL OR proacl IS NOT NULL ORDER BY 1;

-- Every function is strict, but for the filters, which the planner inlines.
SELECT proname, count(*) FROM functions WHERE prokind = 'f' AND NOT proisstrict GROUP BY proname ORDER BY proname;

-- SQL functions were parsed when they were created.
SELECT signature FROM functions JOIN pg_language AS l ON l.oid = prolang
WHERE lanname = 'sql' AND prosqlbody IS NULL ORDER BY 1;

-- Leakproof are the comparisons, and only they.
SELECT signature FROM functions WHERE proleakproof ORDER BY signature::text COLLATE "C";

-- Every aggregate over scores, categories and tallies: the state is a plain
-- nps_tally that combines and moves, and shows its result as it declares it.
SELECT signature, aggkind, aggtranstype::regtype, aggmtranstype::regtype, aggcombinefn, aggfinalfn, aggmfinalfn,
       agginitval, aggminitval, aggserialfn, aggdeserialfn, proparallel
FROM aggregates WHERE proname NOT IN ('min', 'max')
ORDER BY signature::text COLLATE "C";
-- What Citus asks: no pseudo-type, no polymorphic or variadic argument, a
-- state with text and binary forms, a final function that returns the result.
SELECT signature FROM aggregates JOIN pg_type AS s ON s.oid = aggtranstype
WHERE aggkind <> 'n' OR aggcombinefn = 0 OR s.typtype <> 'b'
   OR 0 IN (s.typinput, s.typoutput, s.typreceive, s.typsend)
   OR aggfinalextra OR aggmfinalextra
   OR CASE WHEN aggfinalfn = 0 THEN prorettype <> aggtranstype
           ELSE prorettype <> (SELECT p.prorettype FROM pg_proc AS p WHERE p.oid = aggfinalfn) END;
SELECT signature FROM functions JOIN pg_type AS t ON t.oid = ANY (proargtypes || prorettype)
WHERE provariadic <> 0 OR (t.typtype = 'p' AND t.typname NOT IN ('cstring', 'internal', 'record')) ORDER BY 1;
-- One argument, whose type is no pseudo-type; and where there is no initial
-- state, NULL is the identity of combine: it is strict.
SELECT signature FROM aggregates AS a LEFT JOIN pg_proc AS c ON c.oid = aggcombinefn
WHERE array_length(a.proargtypes, 1) <> 1
   OR EXISTS (SELECT FROM pg_type AS t WHERE t.oid = ANY (a.proargtypes) AND t.typtype = 'p')
   OR (agginitval IS NULL AND c.proisstrict IS NOT TRUE) ORDER BY 1;
-- The initial state is the identity of combine.
SELECT signature FROM aggregates
WHERE agginitval IS NOT NULL AND agginitval::nps_tally + '(1,2,3)' <> '(1,2,3)' ORDER BY 1;
-- Aggregates over the same input share the transition and the initial state.
SELECT format_type(proargtypes[0], NULL) AS input, count(*) AS aggregates,
       count(DISTINCT (aggtransfn, agginitval, aggcombinefn)) AS transitions
FROM aggregates WHERE proname NOT IN ('min', 'max') GROUP BY 1 ORDER BY 1;
-- min and max are answered by an index where there is one.
SELECT signature, aggtransfn, aggcombinefn, aggsortop::regoperator FROM aggregates
WHERE proname IN ('min', 'max') ORDER BY signature::text COLLATE "C";

-- Every operator: commutator, negator and estimators.
SELECT signature, oprcom::regoperator AS commutator, oprnegate::regoperator AS negator, oprrest, oprjoin, oprcanhash, oprcanmerge
FROM operators ORDER BY signature::text COLLATE "C";
-- Commutators and negators point back, and the negator takes the same types.
SELECT o.signature FROM operators AS o LEFT JOIN pg_operator AS c ON c.oid = o.oprcom
WHERE o.oprcom <> 0 AND (c.oprcom, c.oprleft, c.oprright) IS DISTINCT FROM (o.oid, o.oprright, o.oprleft) ORDER BY 1;
SELECT o.signature FROM operators AS o LEFT JOIN pg_operator AS n ON n.oid = o.oprnegate
WHERE o.oprnegate <> 0 AND (n.oprnegate, n.oprleft, n.oprright) IS DISTINCT FROM (o.oid, o.oprleft, o.oprright) ORDER BY 1;
-- An operator's function has its types.
SELECT o.signature FROM operators AS o JOIN pg_proc AS p ON p.oid = oprcode
WHERE p.proargtypes[0] <> oprleft OR p.proargtypes[1] <> oprright OR p.prorettype <> oprresult ORDER BY 1;

-- The operator classes: complete, default, and valid by the server's own check.
SELECT amname, opcname, opcintype::regtype, opcdefault, amvalidate(c.oid) AS valid
FROM members JOIN pg_opclass AS c ON objid = c.oid AND classid = 'pg_opclass'::regclass
     JOIN pg_am AS m ON m.oid = opcmethod ORDER BY amname, opcname;
SELECT amname, opfname, (SELECT count(*) FROM pg_amop WHERE amopfamily = f.oid) AS operators,
       (SELECT array_agg(amprocnum ORDER BY amprocnum) FROM pg_amproc WHERE amprocfamily = f.oid) AS functions
FROM members JOIN pg_opfamily AS f ON objid = f.oid AND classid = 'pg_opfamily'::regclass
     JOIN pg_am AS m ON m.oid = opfmethod ORDER BY amname, opfname;

-- The types, and no cast but those to JSON.
SELECT typname, typlen, typbyval, typalign, typstorage, typcategory, typispreferred, typcollation = 0 AS no_collation,
       0 NOT IN (typinput, typoutput, typreceive, typsend) AS all_forms
FROM members JOIN pg_type AS t ON objid = t.oid AND classid = 'pg_type'::regclass ORDER BY typname;
SELECT castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod
FROM pg_cast WHERE 'nps_tally'::regtype IN (castsource, casttarget) OR 'nps_category'::regtype IN (castsource, casttarget)
ORDER BY casttarget::regtype::text;

-- C functions live in the library, one symbol each; the rest is core's or SQL.
SELECT signature FROM functions JOIN pg_language AS l ON l.oid = prolang
WHERE lanname = 'c' AND (probin NOT LIKE '%nps' OR prosrc !~ '^nps_') ORDER BY 1;
SELECT prosrc, count(*) FROM functions JOIN pg_language AS l ON l.oid = prolang
WHERE lanname = 'c' GROUP BY prosrc HAVING count(*) > 1 ORDER BY prosrc;
SELECT prosrc, count(*) FROM functions JOIN pg_language AS l ON l.oid = prolang
WHERE lanname = 'internal' AND prokind = 'f' GROUP BY prosrc ORDER BY prosrc COLLATE "C";
