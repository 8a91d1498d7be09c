-- The catalogue entries: the rules of this house, and those that core checks
-- its own entries by in opr_sanity and type_sanity.  A query that finds nothing
-- finds nothing wrong.

\getenv inputdir PG_ABS_SRCDIR
\set members :inputdir '/members.sql'
\set ECHO none
\i :members
\set ECHO all

CREATE TEMP VIEW operators AS
    SELECT o.*, o.oid::regoperator AS signature, object
    FROM members JOIN pg_operator AS o ON objid = o.oid AND classid = 'pg_operator'::regclass;
CREATE TEMP VIEW types AS
    SELECT t.*, object
    FROM members JOIN pg_type AS t ON objid = t.oid AND classid = 'pg_type'::regclass;
CREATE TEMP VIEW casts AS
    SELECT c.*, object
    FROM members JOIN pg_cast AS c ON objid = c.oid AND classid = 'pg_cast'::regclass;
CREATE TEMP VIEW families AS
    SELECT f.*, amname, object
    FROM members JOIN pg_opfamily AS f ON objid = f.oid AND classid = 'pg_opfamily'::regclass
         JOIN pg_am AS m ON m.oid = opfmethod;
CREATE TEMP VIEW classes AS
    SELECT c.*, amname, object
    FROM members JOIN pg_opclass AS c ON objid = c.oid AND classid = 'pg_opclass'::regclass
         JOIN pg_am AS m ON m.oid = opcmethod;
CREATE TEMP VIEW amops AS
    SELECT a.*, amname FROM families AS f JOIN pg_amop AS a ON amopfamily = f.oid;
CREATE TEMP VIEW amprocs AS
    SELECT a.*, amname FROM families AS f JOIN pg_amproc AS a ON amprocfamily = f.oid;
-- A table, for below initial states are read as what only ours are.
CREATE TEMP TABLE aggregates AS
    SELECT a.*, f.* FROM functions AS f JOIN pg_aggregate AS a ON aggfnoid = f.oid;

-- Each sees something to judge.
SELECT (SELECT count(*) > 50 FROM functions) AS functions,
       (SELECT count(*) > 10 FROM aggregates) AS aggregates,
       (SELECT count(*) > 5 FROM operators) AS operators,
       (SELECT count(*) > 1 FROM types) AS types,
       (SELECT count(*) > 1 FROM casts) AS casts,
       (SELECT count(*) > 2 FROM classes) AS classes,
       (SELECT count(*) > 2 FROM families) AS families,
       (SELECT count(*) > 6 FROM amops) AS amops,
       (SELECT count(*) > 5 FROM amprocs) AS amprocs;

----------------------------------------------------------------------------
-- The rules of this house
----------------------------------------------------------------------------

-- What may break a rule, by name.  What is not immutable is called by no test
-- that calls everything: it needs tests of its own.
CREATE TEMP TABLE exceptions (rule text, name name);
INSERT INTO exceptions VALUES
    -- the planner inlines the filters, which are true of no NULL
    ('strict', 'nps_is_detractor'),
    ('strict', 'nps_is_passive'),
    ('strict', 'nps_is_promoter'),
    -- an answer and its weight, as corr() takes two numbers
    ('one argument', 'nps_weighted'),
    ('one argument', 'nps_weighted_tally'),
    -- roll-ups are tables that triggers write to, and functions that make them
    ('immutable', 'nps_rollup'),
    ('immutable', 'nps_rollup_of'),
    ('immutable', 'nps_create_rollup'),
    ('immutable', 'nps_check_rollup'),
    ('immutable', 'nps_squash_rollup'),
    ('immutable', 'nps_rebuild_rollup'),
    ('immutable', 'nps_drop_rollup'),
    ('parallel safe', 'nps_rollup'),
    ('parallel safe', 'nps_create_rollup'),
    ('parallel safe', 'nps_check_rollup'),
    ('parallel safe', 'nps_squash_rollup'),
    ('parallel safe', 'nps_rebuild_rollup'),
    ('parallel safe', 'nps_drop_rollup'),
    ('strict', 'nps_rollup'),
    ('plain types', 'nps_rollup'),
    ('plain types', 'nps_rebuild_rollup'),
    ('plain types', 'nps_drop_rollup'),
    ('one row', 'nps_check_rollup');

CREATE TEMP TABLE breaks AS
    SELECT 'immutable' AS rule, proname, object FROM functions WHERE provolatile <> 'i'
    UNION ALL
    SELECT 'parallel safe', proname, object FROM functions WHERE proparallel <> 's'
    UNION ALL
    SELECT 'strict', proname, object FROM functions WHERE prokind = 'f' AND NOT proisstrict
    UNION ALL
    -- cstring and internal stand where core wants them, record where OUT columns do
    SELECT 'plain types', proname, f.object
    FROM functions AS f JOIN pg_type AS t ON t.oid = ANY (proargtypes::oid[] || prorettype)
    WHERE provariadic <> 0 OR t.typtype = 'p' AND t.typname NOT IN ('cstring', 'internal', 'record')
    UNION ALL
    SELECT 'one row', proname, object FROM functions WHERE proretset OR prorows <> 0
    UNION ALL
    SELECT 'no table', proname, f.object
    FROM functions AS f JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = f.oid
    WHERE refclassid = 'pg_class'::regclass
    UNION ALL
    SELECT 'no setting', proname, object FROM functions WHERE proconfig IS NOT NULL
    UNION ALL
    -- Citus before 9.5 splits no other aggregate
    SELECT 'one argument', proname, object FROM aggregates WHERE pronargs <> 1
    UNION ALL
    -- an ORDER BY in the wrong place must fail, not be taken for an argument
    SELECT 'one number of arguments', a.proname, a.object
    FROM aggregates AS a JOIN aggregates AS b ON a.proname = b.proname AND a.pronargs <> b.pronargs;
SELECT rule, object FROM breaks
WHERE (rule, proname) NOT IN (SELECT rule, name FROM exceptions) ORDER BY rule, object COLLATE "C";
-- Nothing is excepted that breaks no rule.
SELECT rule, name FROM exceptions
WHERE (rule, name) NOT IN (SELECT rule, proname FROM breaks) ORDER BY rule, name;

-- Every object has a comment.
SELECT object FROM members
WHERE coalesce(obj_description(objid, classid::regclass::name), '') = '' ORDER BY 1;
-- Every name begins with nps, but for the operators, sum, min and max.
SELECT object FROM functions
WHERE proname !~ '^nps' AND NOT (prokind = 'a' AND proname IN ('sum', 'min', 'max')) ORDER BY 1;
-- No function is a security definer; everybody may execute each.
SELECT object FROM functions WHERE prosecdef OR proacl IS NOT NULL ORDER BY 1;
-- SQL functions were parsed when they were created.
SELECT object FROM functions WHERE lanname = 'sql' AND prosqlbody IS NULL ORDER BY 1;
-- Leakproof are the comparisons, and only they.
SELECT signature FROM functions WHERE proleakproof ORDER BY signature::text COLLATE "C";

-- C functions live in the library, one symbol each; the rest is core's or SQL.
SELECT signature FROM functions
WHERE lanname = 'c' AND (probin NOT LIKE '%nps' OR prosrc !~ '^nps_') ORDER BY 1;
SELECT prosrc, count(*) FROM functions
WHERE lanname = 'c' GROUP BY prosrc HAVING count(*) > 1 ORDER BY prosrc;
SELECT DISTINCT probin FROM functions WHERE lanname = 'c';
SELECT prosrc, count(*) FROM functions
WHERE lanname = 'internal' AND prokind = 'f' GROUP BY prosrc ORDER BY prosrc COLLATE "C";
-- The server finds every symbol and every internal function.
SELECT count(fmgr_c_validator(oid)::text) > 50 AS c FROM functions WHERE lanname = 'c';
SELECT count(fmgr_internal_validator(oid)::text) > 5 AS internal
FROM functions WHERE lanname = 'internal' AND prokind = 'f';

----------------------------------------------------------------------------
-- pg_type
----------------------------------------------------------------------------

SELECT typname, typlen, typbyval, typalign, typstorage, typcategory, typispreferred,
       typcollation = 0 AS no_collation,
       0 NOT IN (typinput, typoutput, typreceive, typsend) AS all_forms
FROM types ORDER BY typname;
-- Base types, defined, of a plain kind, readable by all, that no domain or
-- relation is behind; by value what fits and is aligned to its length.
SELECT typname FROM types
WHERE typtype <> 'b' OR NOT typisdefined OR typrelid <> 0 OR typelem <> 0 OR typsubscript <> 0
   OR typbasetype <> 0 OR typtypmod <> -1 OR typndims <> 0 OR typnotnull OR typdefault IS NOT NULL
   OR typdelim <> ',' OR typacl IS NOT NULL OR typmodin <> 0 OR typmodout <> 0 OR typanalyze <> 0;
SELECT typname FROM types
WHERE typlen < 1 OR typstorage <> 'p'
   OR typbyval <> (typlen, typalign) IN ((1, 'c'), (2, 's'), (4, 'i'), (8, 'd'))
   OR typlen % CASE typalign WHEN 'c' THEN 1 WHEN 's' THEN 2 WHEN 'i' THEN 4 WHEN 'd' THEN 8 END <> 0;
-- Each has an array type, named after it, that takes its alignment if it is
-- wider than that of an array, and belongs to the extension's schema.
SELECT t.typname FROM types AS t LEFT JOIN pg_type AS a ON a.oid = t.typarray
WHERE (a.typname, a.typelem, a.typlen, a.typbyval, a.typstorage, a.typsubscript, a.typalign,
       a.typnamespace, a.typdelim)
      IS DISTINCT FROM
      ('_' || t.typname, t.oid, -1::smallint, false, 'x'::"char", 'array_subscript_handler'::regproc,
       CASE t.typalign WHEN 'd' THEN 'd' ELSE 'i' END::"char", t.typnamespace, t.typdelim);
-- The four forms have the one signature that serves a type without a modifier,
-- and are called nowhere else.
SELECT typname, p.oid::regprocedure
FROM types AS t JOIN pg_proc AS p ON p.oid IN (typinput, typoutput, typreceive, typsend)
WHERE p.proretset OR p.pronargs <> 1
   OR (p.proargtypes[0], p.prorettype)
      <> CASE p.oid WHEN typinput THEN ('cstring'::regtype::oid, t.oid)
                    WHEN typoutput THEN (t.oid, 'cstring'::regtype::oid)
                    WHEN typreceive THEN ('internal'::regtype::oid, t.oid)
                    WHEN typsend THEN (t.oid, 'bytea'::regtype::oid) END;
SELECT t.typname, o.typname FROM types AS t JOIN pg_type AS o ON o.oid NOT IN (t.oid, t.typarray)
WHERE ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend]
   && ARRAY[o.typinput, o.typoutput, o.typreceive, o.typsend];
-- A column of each type, or of its arrays, is as wide and aligned as the type.
DO $$
BEGIN
    EXECUTE (SELECT format('CREATE TEMP TABLE columns (%s)',
                           string_agg(format('a%s %s, b%1$s %2$s[]', oid, oid::regtype), ', '))
             FROM types);
END
$$;
SELECT attname FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid
WHERE attrelid = 'columns'::regclass AND attnum > 0
  AND (attlen, attalign, attbyval, attstorage) <> (typlen, typalign, typbyval, typstorage);

----------------------------------------------------------------------------
-- pg_proc
----------------------------------------------------------------------------

-- No illegal values; no window function, no support function, and the costs
-- that core's functions have.
SELECT object FROM functions
WHERE prokind NOT IN ('f', 'a') OR prosupport <> 0 OR protrftypes IS NOT NULL
   OR procost <> CASE WHEN lanname IN ('c', 'internal') THEN 1 ELSE 100 END
   OR 0 = ANY (proargtypes) OR array_lower(proargtypes, 1) <> 0
   OR array_length(proargtypes, 1) <> pronargs;
-- The source is there, and the library where it belongs.
SELECT object FROM functions
WHERE coalesce(prosrc, '') IN ('', '-') AND prosqlbody IS NULL
   OR (probin IS NOT NULL) <> (lanname = 'c') OR (prosqlbody IS NOT NULL) <> (lanname = 'sql');
-- Who returns internal takes internal, else SQL could call what it may not.
SELECT object FROM functions
WHERE prorettype = 'internal'::regtype AND NOT 'internal'::regtype = ANY (proargtypes);
-- An internal function under another name is what it is under core's own.
SELECT object FROM functions AS f JOIN pg_proc AS c USING (prosrc)
WHERE lanname = 'internal' AND f.prokind = 'f' AND c.oid < 16384 AND c.prolang = f.prolang
  AND (f.provolatile, f.proparallel, f.proisstrict, f.proretset, f.pronargs, f.prorettype, f.proleakproof)
   <> (c.provolatile, c.proparallel, c.proisstrict, c.proretset, c.pronargs, c.prorettype, c.proleakproof);
SELECT object FROM functions AS f
WHERE lanname = 'internal' AND prokind = 'f'
  AND NOT EXISTS (SELECT FROM pg_proc WHERE oid < 16384 AND prosrc = f.prosrc AND prolang = f.prolang);
-- The arrays that describe arguments are of one length; every argument that
-- can be left out, and every column of a result, has a name.
SELECT object FROM functions
WHERE cardinality(proargmodes) <> cardinality(proallargtypes)
   OR cardinality(proargnames) <> coalesce(cardinality(proallargtypes), pronargs)
   OR (pronargdefaults <> 0) <> (proargdefaults IS NOT NULL)
   OR (proargdefaults IS NOT NULL OR proargmodes IS NOT NULL) AND '' = ANY (coalesce(proargnames, '{""}'))
   OR (SELECT count(*) <> count(DISTINCT name) FROM unnest(proargnames) AS name WHERE name <> '');
SELECT object FROM functions
WHERE (prorettype = 'record'::regtype) <> coalesce(proargmodes::text[] && '{o,t}', false)
   OR proargmodes::text[] && '{b,v}';
-- No call fits two functions because of what may be left out.
CREATE TEMP VIEW calls AS
    SELECT oid, object, proname, (string_to_array(proargtypes::text, ' '))[1:n] AS types
    FROM functions, generate_series(pronargs::integer - pronargdefaults, pronargs) AS n;
SELECT count(*) > (SELECT count(*) + 10 FROM functions) AS with_defaults FROM calls;
SELECT f.object, g.object FROM calls AS f JOIN calls AS g USING (proname, types) WHERE f.oid < g.oid;

-- Made once more by its own definition, a function stays what it is.
BEGIN;
CREATE TEMP TABLE made AS
    SELECT oid, pg_get_functiondef(oid) AS definition,
           to_jsonb(functions) - '{prosqlbody,proargdefaults}'::text[] AS columns
    FROM functions WHERE prokind = 'f';
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
WHERE definition <> pg_get_functiondef(oid)
   OR columns <> to_jsonb(functions) - '{prosqlbody,proargdefaults}'::text[];
ROLLBACK;

----------------------------------------------------------------------------
-- pg_cast
----------------------------------------------------------------------------

SELECT castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod
FROM pg_cast
WHERE castsource IN (SELECT oid FROM types) OR casttarget IN (SELECT oid FROM types)
ORDER BY castsource::regtype::text COLLATE "C", casttarget::regtype::text COLLATE "C";
-- By a function of just these types, that changes with no setting.
SELECT object FROM casts LEFT JOIN pg_proc AS p ON p.oid = castfunc
WHERE castmethod <> 'f' OR castsource = casttarget OR p.provolatile <> 'i' OR p.proretset
   OR (p.pronargs, p.proargtypes[0], p.prorettype) <> (1, castsource, casttarget);

----------------------------------------------------------------------------
-- pg_operator
----------------------------------------------------------------------------

-- Every operator: commutator, negator and estimators.
SELECT signature, oprcom::regoperator AS commutator, oprnegate::regoperator AS negator,
       oprrest, oprjoin, oprcanhash, oprcanmerge
FROM operators ORDER BY signature::text COLLATE "C";
SELECT object FROM operators
WHERE oprkind <> 'b' OR 0 IN (oprleft, oprright, oprresult) OR oprcode = 0;
-- Commutators and negators point back, and the negator takes the same types.
SELECT o.signature FROM operators AS o LEFT JOIN pg_operator AS c ON c.oid = o.oprcom
WHERE o.oprcom <> 0
  AND (c.oprcom, c.oprleft, c.oprright) IS DISTINCT FROM (o.oid, o.oprright, o.oprleft);
SELECT o.signature FROM operators AS o LEFT JOIN pg_operator AS n ON n.oid = o.oprnegate
WHERE o.oprnegate <> 0
  AND (n.oprnegate, n.oprleft, n.oprright) IS DISTINCT FROM (o.oid, o.oprleft, o.oprright);
-- They give what the operator gives, are another operator where they negate,
-- and their functions promise the same.
SELECT o.object, m.oprname
FROM operators AS o JOIN pg_operator AS m ON m.oid IN (o.oprcom, o.oprnegate)
     JOIN pg_proc AS f ON f.oid = o.oprcode JOIN pg_proc AS g ON g.oid = m.oprcode
WHERE o.oprresult <> m.oprresult OR o.oprnegate = o.oid
   OR o.oprnegate <> 0 AND o.oprresult <> 'boolean'::regtype
   OR (f.provolatile, f.proleakproof, f.proparallel, f.proisstrict, f.procost)
   <> (g.provolatile, g.proleakproof, g.proparallel, g.proisstrict, g.procost);
-- An operator's function has its types.
SELECT o.signature FROM operators AS o JOIN pg_proc AS p ON p.oid = oprcode
WHERE (p.proargtypes[0], p.proargtypes[1], p.prorettype) <> (oprleft, oprright, oprresult);
-- What merges or hashes is boolean and commutes with what does so, too.
SELECT o.object FROM operators AS o LEFT JOIN pg_operator AS c ON c.oid = o.oprcom
WHERE (o.oprcanmerge OR o.oprcanhash)
  AND (o.oprresult = 'boolean'::regtype AND o.oprcanmerge = c.oprcanmerge
       AND o.oprcanhash = c.oprcanhash) IS NOT TRUE;
-- Merging operators are the equality of a btree family, hashing ones that of a
-- hash family, and the other way round.
SELECT object FROM operators AS o
WHERE oprcanmerge
      <> EXISTS (SELECT FROM amops WHERE amname = 'btree' AND amopstrategy = 3 AND amopopr = o.oid)
   OR oprcanhash
      <> EXISTS (SELECT FROM amops WHERE amname = 'hash' AND amopstrategy = 1 AND amopopr = o.oid);
-- Boolean operators have estimators of the right signature; others have none.
SELECT object FROM operators AS o
WHERE (oprresult = 'boolean'::regtype) <> (oprrest <> 0) OR (oprrest <> 0) <> (oprjoin <> 0);
SELECT object FROM operators JOIN pg_proc AS p ON p.oid = oprrest
WHERE p.oid <> to_regprocedure(format('%s(internal, oid, internal, integer)', oprrest))
   OR p.prorettype <> 'float8'::regtype;
SELECT object FROM operators JOIN pg_proc AS p ON p.oid = oprjoin
WHERE p.oid <> to_regprocedure(format('%s(internal, oid, internal, smallint, internal)', oprjoin))
   OR p.prorettype <> 'float8'::regtype;
-- The comment on an operator's function leads to the operator.
SELECT object, obj_description(oprcode, 'pg_proc') FROM operators
WHERE obj_description(oprcode, 'pg_proc') NOT LIKE 'implementation of ' || oprname || ' operator%';
-- By name, an operator estimates as core's do.
SELECT o.object FROM operators AS o JOIN pg_operator AS c
     ON (c.oprname, c.oprleft, c.oprright) = (o.oprname, 'bigint'::regtype, 'bigint'::regtype)
WHERE (o.oprrest, o.oprjoin) <> (c.oprrest, c.oprjoin);

----------------------------------------------------------------------------
-- pg_aggregate
----------------------------------------------------------------------------

-- Over scores, categories and tallies: the state is a plain tally that combines
-- and moves, and shows its result as it declares it.
SELECT signature, aggkind, aggtranstype::regtype, aggmtranstype::regtype, aggcombinefn,
       nullif(aggfinalfn, 0)::regprocedure AS final, nullif(aggmfinalfn, 0)::regprocedure AS moving_final, agginitval, aggminitval, aggserialfn, aggdeserialfn, proparallel
FROM aggregates WHERE aggsortop = 0 ORDER BY signature::text COLLATE "C";
-- min and max are answered by an index where there is one, by the first or the
-- last operator of a btree.
SELECT signature, aggtransfn, aggcombinefn, aggsortop::regoperator, amopstrategy
FROM aggregates AS a LEFT JOIN amops
     ON amopopr = aggsortop AND amname = 'btree' AND amoplefttype = a.proargtypes[0]
WHERE aggsortop <> 0 OR proname IN ('min', 'max') ORDER BY signature::text COLLATE "C";
-- What Citus asks: a state with text and binary forms that combines, and a final
-- function that takes the state alone and returns the result; and where there
-- is no initial state, NULL is the identity of combine: it is strict.
SELECT object FROM aggregates JOIN pg_type AS s ON s.oid = aggtranstype
     LEFT JOIN pg_proc AS c ON c.oid = aggcombinefn
WHERE aggkind <> 'n' OR aggcombinefn = 0 OR s.typtype <> 'b' OR aggfinalextra OR aggmfinalextra
   OR 0 IN (s.typinput, s.typoutput, s.typreceive, s.typsend)
   OR agginitval IS NULL AND c.proisstrict IS NOT TRUE;
SELECT object FROM aggregates AS a,
     LATERAL (VALUES (aggfinalfn, aggtranstype), (aggmfinalfn, aggmtranstype)) AS v(f, state)
     JOIN pg_proc AS p ON p.oid = f
WHERE p.proretset OR p.pronargs <> 1 OR p.proargtypes[0] <> state OR p.prorettype <> a.prorettype;
SELECT object FROM aggregates
WHERE aggfinalfn = 0 AND prorettype <> aggtranstype
   OR aggmtransfn <> 0 AND aggmfinalfn = 0 AND prorettype <> aggmtranstype;
-- No default argument, and no direct one.
SELECT object FROM aggregates
WHERE pronargdefaults <> 0 OR aggnumdirectargs <> 0 OR lanname <> 'internal' OR prosrc <> 'aggregate_dummy';
-- Transition, forward and back, plain and moving: state and input give a state.
SELECT object, p.oid::regprocedure
FROM aggregates AS a,
     LATERAL (VALUES (aggtransfn, aggtranstype), (aggmtransfn, aggmtranstype),
                     (aggminvtransfn, aggmtranstype)) AS v(f, state) JOIN pg_proc AS p ON p.oid = f
WHERE p.proretset OR p.prorettype <> state OR p.proargtypes::text <> state || ' ' || a.proargtypes::text;
-- Combining takes two states and gives one; where the state is no internal,
-- nothing is serialized.
SELECT object FROM aggregates JOIN pg_proc AS p ON p.oid = aggcombinefn
WHERE p.prorettype <> aggtranstype OR p.proargtypes::text <> format('%1$s %1$s', aggtranstype);
SELECT object FROM aggregates WHERE aggserialfn <> 0 OR aggdeserialfn <> 0;
-- A strict transition without an initial state begins with the first input.
SELECT object
FROM aggregates AS a,
     LATERAL (VALUES (aggtransfn, agginitval, aggtranstype),
                     (aggmtransfn, aggminitval, aggmtranstype)) AS v(f, initial, state)
     JOIN pg_proc AS p ON p.oid = f
WHERE p.proisstrict AND initial IS NULL AND a.proargtypes[0] <> state;
-- Moving support is whole or not there, of one strictness, and begins and ends
-- as the plain one does.
SELECT object FROM aggregates
WHERE (aggmtransfn <> 0) <> (aggminvtransfn <> 0) OR (aggmtransfn <> 0) <> (aggmtranstype <> 0)
   OR aggmtransfn = 0 AND (aggmfinalfn <> 0 OR aggminitval IS NOT NULL)
   OR aggmtransfn <> 0 AND agginitval IS DISTINCT FROM aggminitval
   OR aggmtransfn <> 0 AND (aggmtransfn, aggmtranstype, aggmfinalfn, aggfinalextra, aggfinalmodify)
                        <> (aggtransfn, aggtranstype, aggfinalfn, aggmfinalextra, aggmfinalmodify);
SELECT object FROM aggregates
     JOIN pg_proc AS f ON f.oid = aggmtransfn JOIN pg_proc AS b ON b.oid = aggminvtransfn
WHERE (f.proisstrict, f.provolatile, f.proparallel) <> (b.proisstrict, b.provolatile, b.proparallel);
-- The server knows the state's size, and what the final function does to it:
-- nothing.
SELECT object FROM aggregates
WHERE aggtransspace <> 0 OR aggmtransspace <> 0 OR aggfinalmodify <> 'r' OR aggmfinalmodify <> 'r';
-- The initial state is the identity of combine, and comes out as it is written.
CREATE FUNCTION pg_temp.combined(combine regproc, state regtype, a text, b text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT %s(%L::%s, %L::%3$s)', combine, a, state, b) INTO result;
    RETURN result;
END
$$;
CREATE TEMP TABLE states (type regtype, value text);
INSERT INTO states VALUES ('nps_tally', '(1,2,3)'),
                          ('nps_weighted_tally', '((1,2,3),(1,3,5.5),(1,5,14.25))');
SELECT object FROM aggregates LEFT JOIN states ON type = aggtranstype
WHERE agginitval IS NOT NULL
  AND ((pg_temp.combined(aggcombinefn, aggtranstype, agginitval, value) = value) IS NOT TRUE
       OR pg_temp.combined(aggcombinefn, aggtranstype, agginitval, agginitval) <> agginitval);
-- Aggregates over the same input share the transition and the initial state.
SELECT input, count(*) AS aggregates,
       count(DISTINCT (aggtransfn, agginitval, aggcombinefn)) AS transitions
FROM aggregates, array_to_string(proargtypes::oid[]::regtype[], ', ') AS input
WHERE aggsortop = 0 GROUP BY input, aggtranstype ORDER BY input COLLATE "C", aggtranstype;

----------------------------------------------------------------------------
-- pg_opfamily, pg_opclass, pg_amop, pg_amproc
----------------------------------------------------------------------------

-- The operator classes: complete, default, and valid by the server's own check.
SELECT amname, opcname, opcintype::regtype, opcdefault, amvalidate(oid) AS valid
FROM classes ORDER BY amname, opcname;
SELECT amname, opfname, (SELECT count(*) FROM pg_amop WHERE amopfamily = f.oid) AS operators,
       (SELECT array_agg(amprocnum ORDER BY amprocnum) FROM pg_amproc WHERE amprocfamily = f.oid) AS functions
FROM families AS f ORDER BY amname, opfname;
-- A class is of its family's method and schema, of its type and nothing else,
-- and the one default for it.
SELECT opcname, opcintype::regtype FROM classes LEFT JOIN families AS f ON f.oid = opcfamily
WHERE (opcmethod, opcnamespace, opcdefault, opckeytype)
      IS DISTINCT FROM (opfmethod, opfnamespace, true, 0::oid)
   OR opcintype NOT IN (SELECT oid FROM types);
SELECT object FROM families AS f WHERE (SELECT count(*) FROM pg_opclass WHERE opcfamily = f.oid) <> 1;
-- The operators of a family search, are of its type on both sides, and
-- immutable; each strategy goes by the name that core's goes by.
SELECT amname, amopopr::regoperator
FROM amops AS a JOIN pg_operator AS o ON o.oid = amopopr JOIN pg_proc AS p ON p.oid = oprcode
WHERE amoppurpose <> 's' OR amopsortfamily <> 0 OR oprresult <> 'boolean'::regtype
   OR (amoplefttype, amoprighttype) <> (oprleft, oprright) OR amoplefttype <> amoprighttype
   OR p.provolatile <> 'i' OR NOT p.proisstrict OR NOT p.proleakproof OR 0 IN (oprrest, oprjoin)
   OR oprname <> (SELECT oprname
                  FROM pg_amop AS c JOIN pg_operator AS co ON co.oid = c.amopopr
                       JOIN pg_opclass ON opcfamily = c.amopfamily
                  WHERE (c.amopmethod, c.amopstrategy) = (a.amopmethod, a.amopstrategy)
                    AND opcintype = 'bigint'::regtype AND opcdefault
                    AND (c.amoplefttype, c.amoprighttype) = (opcintype, opcintype));
-- The functions are immutable and strict, and have the signatures that the
-- access methods call them by.
SELECT amname, amprocnum, amproc::regprocedure
FROM amprocs JOIN pg_proc AS p ON p.oid = amproc
WHERE p.provolatile <> 'i' OR NOT p.proisstrict OR p.proretset OR amproclefttype <> amprocrighttype
   OR (amname, amprocnum, p.prorettype::regtype, pg_get_function_arguments(p.oid))
      NOT IN (('btree', 1, 'integer'::regtype, format('%1$s, %1$s', amproclefttype::regtype)),
              ('btree', 4, 'boolean'::regtype, 'oid'),
              ('hash', 1, 'integer'::regtype, format('%s', amproclefttype::regtype)),
              ('hash', 2, 'bigint'::regtype, format('%s, bigint', amproclefttype::regtype)));
-- The comparison of a btree family promises what its operators promise.
SELECT amproc::regprocedure, amopopr::regoperator
FROM amprocs JOIN amops ON amopfamily = amprocfamily AND amprocnum = 1
     JOIN pg_operator AS o ON o.oid = amopopr
     JOIN pg_proc AS f ON f.oid = amproc JOIN pg_proc AS g ON g.oid = oprcode
WHERE amprocs.amname = 'btree'
  AND (f.provolatile, f.proleakproof, f.proparallel) <> (g.provolatile, g.proleakproof, g.proparallel);
-- Equality is one operator in all families of a type, and the one that
-- GROUP BY, DISTINCT and IN find.
SELECT amoplefttype::regtype, count(DISTINCT amopopr) AS equalities, count(*) AS families,
       bool_and(amopopr = to_regoperator(format('=(%1$s, %1$s)', amoplefttype::regtype))) AS found
FROM amops WHERE (amname, amopstrategy) IN (('btree', 3), ('hash', 1))
GROUP BY 1 ORDER BY amoplefttype::regtype::text COLLATE "C";
-- What is equal hashes alike, in 32 and in 64 bits, and a seed of 0 gives the
-- low 32 bits of the one in the other.
CREATE TEMP TABLE tallies AS
    SELECT nps_tally(d, p, r) AS t
    FROM generate_series(0, 3) AS d, generate_series(0, 3) AS p, generate_series(0, 3) AS r;
SELECT count(*) AS pairs, count(DISTINCT nps_tally_hash(a.t)) AS hashes,
       bool_and(NOT a.t = b.t OR nps_tally_hash(a.t) = nps_tally_hash(b.t)
                AND nps_tally_hash_extended(a.t, 42) = nps_tally_hash_extended(b.t, 42)) AS alike,
       bool_and(nps_tally_hash_extended(a.t, 0) & 4294967295
                = nps_tally_hash(a.t) & 4294967295::bigint) AS low
FROM tallies AS a, tallies AS b;
SELECT a, bool_and(NOT a = b OR nps_category_hash(a) = nps_category_hash(b)
                   AND nps_category_hash_extended(a, 42) = nps_category_hash_extended(b, 42)) AS alike,
       bool_and(nps_category_hash_extended(a, 0) & 4294967295
                = nps_category_hash(a) & 4294967295::bigint) AS low
FROM unnest('{detractor,passive,promoter}'::nps_category[]) AS a,
     unnest('{detractor,passive,promoter}'::nps_category[]) AS b GROUP BY a ORDER BY a;
