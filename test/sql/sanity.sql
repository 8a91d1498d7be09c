-- The catalogue entries once more, by the rules that core checks its own by in
-- opr_sanity and type_sanity.  A query that finds nothing finds nothing wrong.

CREATE TEMP VIEW members AS
    SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'nps')
      AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]';    -- array types come along
CREATE TEMP VIEW functions AS
    SELECT p.*, object, lanname FROM members JOIN pg_proc AS p ON objid = p.oid AND classid = 'pg_proc'::regclass
         JOIN pg_language AS l ON l.oid = prolang;
CREATE TEMP VIEW aggregates AS
    SELECT a.*, f.* FROM functions AS f JOIN pg_aggregate AS a ON aggfnoid = f.oid;
CREATE TEMP VIEW operators AS
    SELECT o.*, object FROM members JOIN pg_operator AS o ON objid = o.oid AND classid = 'pg_operator'::regclass;
CREATE TEMP VIEW types AS
    SELECT t.*, object FROM members JOIN pg_type AS t ON objid = t.oid AND classid = 'pg_type'::regclass;
CREATE TEMP VIEW families AS
    SELECT f.*, amname, object FROM members JOIN pg_opfamily AS f ON objid = f.oid AND classid = 'pg_opfamily'::regclass
         JOIN pg_am AS m ON m.oid = opfmethod;
CREATE TEMP VIEW amops AS
    SELECT a.*, amname FROM families AS f JOIN pg_amop AS a ON amopfamily = f.oid;
CREATE TEMP VIEW amprocs AS
    SELECT a.*, amname FROM families AS f JOIN pg_amproc AS a ON amprocfamily = f.oid;
-- Each view sees something to judge.
SELECT (SELECT count(*) > 50 FROM functions) AS functions, (SELECT count(*) > 10 FROM aggregates) AS aggregates,
       (SELECT count(*) > 5 FROM operators) AS operators, (SELECT count(*) FROM types) AS types,
       (SELECT count(*) FROM families) AS families, (SELECT count(*) FROM amops) AS amops, (SELECT count(*) FROM amprocs) AS amprocs;

----------------------------------------------------------------------------
-- pg_type
----------------------------------------------------------------------------

-- Base types, defined, of a plain kind, readable by all, that no domain or
-- relation is behind; by value what fits and is aligned to its length.
SELECT typname FROM types
WHERE typtype <> 'b' OR NOT typisdefined OR typrelid <> 0 OR typelem <> 0 OR typsubscript <> 0 OR typbasetype <> 0
   OR typtypmod <> -1 OR typndims <> 0 OR typnotnull OR typdefault IS NOT NULL OR typdelim <> ',' OR typacl IS NOT NULL
   OR typmodin <> 0 OR typmodout <> 0 OR typanalyze <> 0;
SELECT typname FROM types
WHERE typlen < 1 OR typstorage <> 'p' OR typbyval <> (typlen, typalign) IN ((1, 'c'), (2, 's'), (4, 'i'), (8, 'd'))
   OR typlen % CASE typalign WHEN 'c' THEN 1 WHEN 's' THEN 2 WHEN 'i' THEN 4 WHEN 'd' THEN 8 END <> 0;
-- Each has an array type, named after it, that takes its alignment if it is
-- wider than that of an array, and belongs to the extension's schema.
SELECT t.typname FROM types AS t LEFT JOIN pg_type AS a ON a.oid = t.typarray
WHERE (a.typname, a.typelem, a.typlen, a.typbyval, a.typstorage, a.typsubscript, a.typalign, a.typnamespace, a.typdelim)
      IS DISTINCT FROM ('_' || t.typname, t.oid, -1::smallint, false, 'x'::"char", 'array_subscript_handler'::regproc,
                        CASE t.typalign WHEN 'd' THEN 'd' ELSE 'i' END::"char", t.typnamespace, t.typdelim);
-- The four forms have the one signature that serves a type without a modifier,
-- and are called nowhere else.
SELECT typname, p.oid::regprocedure FROM types AS t JOIN pg_proc AS p ON p.oid IN (typinput, typoutput, typreceive, typsend)
WHERE p.proretset OR p.pronargs <> 1
   OR (p.proargtypes[0], p.prorettype)
      <> CASE p.oid WHEN typinput THEN ('cstring'::regtype::oid, t.oid) WHEN typoutput THEN (t.oid, 'cstring'::regtype::oid)
                    WHEN typreceive THEN ('internal'::regtype::oid, t.oid) WHEN typsend THEN (t.oid, 'bytea'::regtype::oid) END;
SELECT t.typname, o.typname FROM types AS t JOIN pg_type AS o ON o.oid NOT IN (t.oid, t.typarray)
WHERE ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend] && ARRAY[o.typinput, o.typoutput, o.typreceive, o.typsend];
-- A column of either type is as wide and aligned as the type.
CREATE TEMP TABLE columns (category nps_category, tally nps_tally, categories nps_category[], tallies nps_tally[]);
SELECT attname FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid
WHERE attrelid = 'columns'::regclass AND attnum > 0 AND (attlen, attalign, attbyval, attstorage) <> (typlen, typalign, typbyval, typstorage);

----------------------------------------------------------------------------
-- pg_proc
----------------------------------------------------------------------------

-- No illegal values; no set, no window function, no support function, and the
-- costs that core's functions have.
SELECT object FROM functions
WHERE prokind NOT IN ('f', 'a') OR proretset OR prorows <> 0 OR prosupport <> 0 OR procost <> CASE lanname WHEN 'sql' THEN 100 ELSE 1 END
   OR protrftypes IS NOT NULL OR 0 = ANY (proargtypes) OR array_lower(proargtypes, 1) <> 0 OR array_length(proargtypes, 1) <> pronargs;
-- The source is there, and the library where it belongs.
SELECT object FROM functions
WHERE coalesce(prosrc, '') IN ('', '-') AND prosqlbody IS NULL OR (probin IS NOT NULL) <> (lanname = 'c') OR (prosqlbody IS NOT NULL) <> (lanname = 'sql');
SELECT DISTINCT probin FROM functions WHERE lanname = 'c';
-- The server finds every symbol and every internal function.
SELECT count(fmgr_c_validator(oid)::text) > 50 AS c FROM functions WHERE lanname = 'c';
SELECT count(fmgr_internal_validator(oid)::text) > 5 AS internal FROM functions WHERE lanname = 'internal' AND prokind = 'f';
-- Who returns internal takes internal, else SQL could call what it may not.
SELECT object FROM functions WHERE prorettype = 'internal'::regtype AND NOT 'internal'::regtype = ANY (proargtypes);
-- An internal function under another name is what it is under core's own.
SELECT object FROM functions AS f JOIN pg_proc AS c USING (prosrc)
WHERE lanname = 'internal' AND f.prokind = 'f' AND c.oid < 16384 AND c.prolang = f.prolang
  AND (f.provolatile, f.proparallel, f.proisstrict, f.proretset, f.pronargs, f.prorettype, f.proleakproof)
   <> (c.provolatile, c.proparallel, c.proisstrict, c.proretset, c.pronargs, c.prorettype, c.proleakproof);
SELECT object FROM functions AS f
WHERE lanname = 'internal' AND prokind = 'f' AND NOT EXISTS (SELECT FROM pg_proc WHERE oid < 16384 AND prosrc = f.prosrc AND prolang = f.prolang);
-- The arrays that describe arguments are of one length; every argument that
-- can be left out, and every column of a result, has a name.
SELECT object FROM functions
WHERE cardinality(proargmodes) <> cardinality(proallargtypes) OR cardinality(proargnames) <> coalesce(cardinality(proallargtypes), pronargs)
   OR (pronargdefaults <> 0) <> (proargdefaults IS NOT NULL) OR (proargdefaults IS NOT NULL OR proargmodes IS NOT NULL) AND '' = ANY (coalesce(proargnames, '{""}'))
   OR (SELECT count(*) <> count(DISTINCT name) FROM unnest(proargnames) AS name WHERE name <> '');
SELECT object FROM functions
WHERE (prorettype = 'record'::regtype) <> ('o' = ANY (coalesce(proargmodes, '{}'))) OR proargmodes::text[] && '{b,v,t}';
-- No call fits two functions because of what may be left out.
CREATE TEMP VIEW calls AS
    SELECT oid, object, proname, (string_to_array(proargtypes::text, ' '))[1:n] AS types FROM functions, generate_series(pronargs::integer - pronargdefaults, pronargs) AS n;
SELECT count(*) > (SELECT count(*) + 10 FROM functions) AS with_defaults FROM calls;
SELECT f.object, g.object FROM calls AS f JOIN calls AS g USING (proname, types) WHERE f.oid < g.oid;

-- Made once more by its own definition, a function stays what it is.
BEGIN;
CREATE TEMP TABLE made AS
    SELECT oid, pg_get_functiondef(oid) AS definition, to_jsonb(functions) - '{prosqlbody,proargdefaults}'::text[] AS columns FROM functions WHERE prokind = 'f';
DO $$
DECLARE
    function record;
BEGIN
    FOR function IN SELECT definition FROM made LOOP
        EXECUTE function.definition;
    END LOOP;
END
$$;
SELECT count(*) > 50 AS made FROM made;
SELECT object FROM made JOIN functions USING (oid)
WHERE definition <> pg_get_functiondef(oid) OR columns <> to_jsonb(functions) - '{prosqlbody,proargdefaults}'::text[];
ROLLBACK;

----------------------------------------------------------------------------
-- pg_cast
----------------------------------------------------------------------------

CREATE TEMP VIEW casts AS
    SELECT c.*, object FROM members JOIN pg_cast AS c ON objid = c.oid AND classid = 'pg_cast'::regclass;
SELECT object, castcontext FROM casts ORDER BY object;
-- By a function of just these types, that fails and changes with no setting.
SELECT object FROM casts LEFT JOIN pg_proc AS p ON p.oid = castfunc
WHERE castmethod <> 'f' OR castsource = casttarget OR (p.pronargs, p.proargtypes[0], p.prorettype) <> (1, castsource, casttarget) OR p.provolatile <> 'i' OR p.proretset;

----------------------------------------------------------------------------
-- pg_operator
----------------------------------------------------------------------------

SELECT object FROM operators WHERE oprkind <> 'b' OR 0 IN (oprleft, oprright, oprresult) OR oprcode = 0;
-- Commutators and negators give what the operator gives, are another operator
-- where they negate, and their functions promise the same.
SELECT o.object, m.oprname FROM operators AS o JOIN pg_operator AS m ON m.oid IN (o.oprcom, o.oprnegate)
     JOIN pg_proc AS f ON f.oid = o.oprcode JOIN pg_proc AS g ON g.oid = m.oprcode
WHERE o.oprresult <> m.oprresult OR o.oprnegate = o.oid OR o.oprnegate <> 0 AND o.oprresult <> 'boolean'::regtype
   OR (f.provolatile, f.proleakproof, f.proparallel, f.proisstrict, f.procost) <> (g.provolatile, g.proleakproof, g.proparallel, g.proisstrict, g.procost);
-- What merges or hashes is boolean and commutes with what does so, too.
SELECT o.object FROM operators AS o LEFT JOIN pg_operator AS c ON c.oid = o.oprcom
WHERE (o.oprcanmerge OR o.oprcanhash) AND (o.oprresult = 'boolean'::regtype AND o.oprcanmerge = c.oprcanmerge AND o.oprcanhash = c.oprcanhash) IS NOT TRUE;
-- Merging operators are the equality of a btree family, hashing ones that of a
-- hash family, and the other way round.
SELECT object FROM operators AS o
WHERE oprcanmerge <> EXISTS (SELECT FROM amops WHERE amname = 'btree' AND amopstrategy = 3 AND amopopr = o.oid)
   OR oprcanhash <> EXISTS (SELECT FROM amops WHERE amname = 'hash' AND amopstrategy = 1 AND amopopr = o.oid);
-- Boolean operators have estimators of the right signature; others have none.
SELECT object FROM operators AS o
WHERE (oprresult = 'boolean'::regtype) <> (oprrest <> 0) OR (oprrest <> 0) <> (oprjoin <> 0);
SELECT object FROM operators JOIN pg_proc AS p ON p.oid = oprrest
WHERE p.oid <> to_regprocedure(format('%s(internal, oid, internal, integer)', oprrest)) OR p.prorettype <> 'float8'::regtype;
SELECT object FROM operators JOIN pg_proc AS p ON p.oid = oprjoin
WHERE p.oid <> to_regprocedure(format('%s(internal, oid, internal, smallint, internal)', oprjoin)) OR p.prorettype <> 'float8'::regtype;
-- The comment on an operator's function leads to the operator.
SELECT o.object, obj_description(oprcode, 'pg_proc') FROM operators AS o
WHERE obj_description(oprcode, 'pg_proc') NOT LIKE 'implementation of ' || oprname || ' operator%';
-- By name, an operator estimates as core's do.
SELECT o.object FROM operators AS o JOIN pg_operator AS c ON c.oprname = o.oprname AND c.oprleft = 'bigint'::regtype AND c.oprright = 'bigint'::regtype
WHERE (o.oprrest, o.oprjoin) <> (c.oprrest, c.oprjoin);

----------------------------------------------------------------------------
-- pg_aggregate
----------------------------------------------------------------------------

-- No default argument, and no direct one; no aggregate of the same name takes
-- another number of arguments, for ORDER BY in the wrong place must fail.
SELECT object FROM aggregates WHERE pronargdefaults <> 0 OR aggnumdirectargs <> 0 OR lanname <> 'internal' OR prosrc <> 'aggregate_dummy';
SELECT a.object, b.object FROM aggregates AS a JOIN aggregates AS b ON a.proname = b.proname AND a.pronargs <> b.pronargs;
-- Transition, forward and back, plain and moving: state and input give a state.
SELECT object, p.oid::regprocedure FROM aggregates AS a,
     LATERAL (VALUES (aggtransfn, aggtranstype), (aggmtransfn, aggmtranstype), (aggminvtransfn, aggmtranstype)) AS v(f, state) JOIN pg_proc AS p ON p.oid = f
WHERE p.proretset OR p.pronargs <> a.pronargs + 1 OR p.prorettype <> state OR p.proargtypes[0] <> state OR p.proargtypes[1] <> a.proargtypes[0];
-- The final functions take the state alone and give the result.
SELECT object FROM aggregates AS a, LATERAL (VALUES (aggfinalfn, aggtranstype), (aggmfinalfn, aggmtranstype)) AS v(f, state) JOIN pg_proc AS p ON p.oid = f
WHERE p.proretset OR p.pronargs <> 1 OR p.proargtypes[0] <> state OR p.prorettype <> a.prorettype;
SELECT object FROM aggregates WHERE aggfinalfn = 0 AND prorettype <> aggtranstype OR aggmtransfn <> 0 AND aggmfinalfn = 0 AND prorettype <> aggmtranstype;
-- Combining takes two states and gives one; where the state is no internal,
-- nothing is serialized.
SELECT object FROM aggregates JOIN pg_proc AS p ON p.oid = aggcombinefn
WHERE p.pronargs <> 2 OR p.prorettype <> aggtranstype OR p.proargtypes[0] <> aggtranstype OR p.proargtypes[1] <> aggtranstype;
SELECT object FROM aggregates WHERE aggserialfn <> 0 OR aggdeserialfn <> 0;
-- A strict transition without an initial state begins with the first input.
SELECT object FROM aggregates AS a, LATERAL (VALUES (aggtransfn, agginitval, aggtranstype), (aggmtransfn, aggminitval, aggmtranstype)) AS v(f, initial, state)
     JOIN pg_proc AS p ON p.oid = f
WHERE p.proisstrict AND initial IS NULL AND a.proargtypes[0] <> state;
-- Moving support is whole or not there, of one strictness, and begins and ends
-- as the plain one does.
SELECT object FROM aggregates
WHERE (aggmtransfn <> 0) <> (aggminvtransfn <> 0) OR (aggmtransfn <> 0) <> (aggmtranstype <> 0) OR aggmtransfn = 0 AND (aggmfinalfn <> 0 OR aggminitval IS NOT NULL)
   OR aggmtransfn <> 0 AND (aggmtransfn, aggmtranstype, aggmfinalfn, aggfinalextra, aggfinalmodify) <> (aggtransfn, aggtranstype, aggfinalfn, aggmfinalextra, aggmfinalmodify)
   OR aggmtransfn <> 0 AND agginitval IS DISTINCT FROM aggminitval;
SELECT object FROM aggregates JOIN pg_proc AS f ON f.oid = aggmtransfn JOIN pg_proc AS b ON b.oid = aggminvtransfn
WHERE (f.proisstrict, f.provolatile, f.proparallel) <> (b.proisstrict, b.provolatile, b.proparallel);
-- The server knows the state's size, and what the final function does to it:
-- nothing.
SELECT object FROM aggregates WHERE aggtransspace <> 0 OR aggmtransspace <> 0 OR aggfinalmodify <> 'r' OR aggmfinalmodify <> 'r';
-- The state can be read from the text that stands for it, and comes out so.
SELECT object FROM aggregates WHERE agginitval IS NOT NULL AND agginitval <> agginitval::nps_tally::text;
-- An aggregate by an operator takes the first or the last of its btree.
SELECT object, oprname, amopstrategy FROM aggregates AS a JOIN pg_operator AS o ON o.oid = aggsortop LEFT JOIN amops ON amopopr = o.oid AND amname = 'btree'
WHERE o.oprleft = a.proargtypes[0] AND o.oprright = a.proargtypes[0] ORDER BY object;
SELECT object FROM aggregates WHERE (aggsortop <> 0) <> (proname IN ('min', 'max'));

----------------------------------------------------------------------------
-- pg_opfamily, pg_opclass, pg_amop, pg_amproc
----------------------------------------------------------------------------

-- A class is of its family's method and schema, of its type and nothing else,
-- and the one default for it.
SELECT opcname, opcintype::regtype FROM members JOIN pg_opclass AS c ON objid = c.oid AND classid = 'pg_opclass'::regclass LEFT JOIN families AS f ON f.oid = opcfamily
WHERE (opcmethod, opcnamespace, opcdefault, opckeytype) IS DISTINCT FROM (opfmethod, opfnamespace, true, 0::oid) OR opcintype NOT IN (SELECT oid FROM types);
SELECT f.object FROM families AS f WHERE (SELECT count(*) FROM pg_opclass WHERE opcfamily = f.oid) <> 1;
-- The operators of a family search, are of its type on both sides, and
-- immutable; each strategy goes by the name that core's goes by.
SELECT amname, amopopr::regoperator FROM amops JOIN pg_operator AS o ON o.oid = amopopr JOIN pg_proc AS p ON p.oid = oprcode
WHERE amoppurpose <> 's' OR amopsortfamily <> 0 OR amoplefttype <> oprleft OR amoprighttype <> oprright OR amoplefttype <> amoprighttype OR oprresult <> 'boolean'::regtype
   OR p.provolatile <> 'i' OR NOT p.proisstrict OR NOT p.proleakproof OR 0 IN (oprrest, oprjoin)
   OR oprname <> (SELECT oprname FROM pg_amop AS c JOIN pg_operator AS co ON co.oid = c.amopopr
                  WHERE c.amopmethod = amops.amopmethod AND c.amopstrategy = amops.amopstrategy
                    AND c.amopfamily = (SELECT opcfamily FROM pg_opclass WHERE opcmethod = amops.amopmethod AND opcintype = 'bigint'::regtype AND opcdefault)
                    AND c.amoplefttype = 'bigint'::regtype AND c.amoprighttype = 'bigint'::regtype);
-- The functions are immutable and strict, and have the signatures that the
-- access methods call them by.
SELECT amname, amprocnum, amproc::regprocedure FROM amprocs JOIN pg_proc AS p ON p.oid = amproc
WHERE p.provolatile <> 'i' OR NOT p.proisstrict OR p.proretset OR amproclefttype <> amprocrighttype
   OR (amname, amprocnum, p.prorettype::regtype, pg_get_function_arguments(p.oid)) NOT IN (
        ('btree', 1, 'integer'::regtype, format('%1$s, %1$s', amproclefttype::regtype)), ('btree', 4, 'boolean'::regtype, 'oid'),
        ('hash', 1, 'integer'::regtype, format('%s', amproclefttype::regtype)), ('hash', 2, 'bigint'::regtype, format('%s, bigint', amproclefttype::regtype)));
-- The comparison of a btree family promises what its operators promise.
SELECT amproc::regprocedure, amopopr::regoperator FROM amprocs JOIN amops ON amopfamily = amprocfamily AND amprocnum = 1
     JOIN pg_operator AS o ON o.oid = amopopr JOIN pg_proc AS f ON f.oid = amproc JOIN pg_proc AS g ON g.oid = oprcode
WHERE amprocs.amname = 'btree' AND (f.provolatile, f.proleakproof, f.proparallel) <> (g.provolatile, g.proleakproof, g.proparallel);
-- Equality is one operator in all families of a type, and the one that
-- GROUP BY, DISTINCT and IN find.
SELECT amoplefttype::regtype, count(DISTINCT amopopr) AS equalities, count(*) AS families, bool_and(amopopr = to_regoperator(format('=(%1$s, %1$s)', amoplefttype::regtype))) AS found
FROM amops WHERE (amname, amopstrategy) IN (('btree', 3), ('hash', 1)) GROUP BY 1 ORDER BY 1;
-- What is equal hashes alike, in 32 and in 64 bits, and a seed of 0 gives the
-- low 32 bits of the one in the other.
SELECT count(*) AS pairs, bool_and(NOT a = b OR nps_tally_hash(a) = nps_tally_hash(b) AND nps_tally_hash_extended(a, 42) = nps_tally_hash_extended(b, 42)) AS alike,
       bool_and(nps_tally_hash_extended(a, 0) & 4294967295 = nps_tally_hash(a) & 4294967295::bigint) AS low, count(DISTINCT nps_tally_hash(a)) AS hashes
FROM (SELECT nps_tally(d, p, r) AS a FROM generate_series(0, 3) AS d, generate_series(0, 3) AS p, generate_series(0, 3) AS r) AS x,
     (SELECT nps_tally(d, p, r) AS b FROM generate_series(0, 3) AS d, generate_series(0, 3) AS p, generate_series(0, 3) AS r) AS y;
SELECT a, bool_and(NOT a = b OR nps_category_hash(a) = nps_category_hash(b) AND nps_category_hash_extended(a, 42) = nps_category_hash_extended(b, 42)) AS alike,
       bool_and(nps_category_hash_extended(a, 0) & 4294967295 = nps_category_hash(a) & 4294967295::bigint) AS low
FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS a, unnest('{detractor,passive,promoter}'::nps_category[]) AS b GROUP BY a ORDER BY a;
