/*-------------------------------------------------------------------------
 *
 * rollup_admin.c
 *	  Creates, checks, rebuilds, squashes and drops roll-ups.
 *
 * All of it is SQL that their owner could type.  It runs as the owner of the
 * definition, in a sandbox, so that a superuser may call it on anybody's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/tablecmds.h"
#include "compat.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "rollup.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/typcache.h"

/* A roll-up that one of these functions works on. */
typedef struct Work
{
	Oid			member;			/* the function called, of this extension */
	NpsRollup	rollup;
	NpsDefinition *definition;
	Oid			schema;			/* of a roll-up to be made */
	char	   *view;			/* names, qualified and quoted */
	char	   *changes;
	char	   *source;			/* the definition */
	char	   *keys;			/* of the changes, each followed by a comma */
	NpsSandbox	sandbox;
} Work;

/* Runs a command. */
static void
Run(int expected, const char *command)
{
	int			result = SPI_execute(command, false, 0);

	if (result != expected)
		elog(ERROR, "could not execute \"%s\": %s", command,
			 SPI_result_code_string(result));
}

/* Refuses whoever does not own the relation. */
static void
CheckOwner(Oid relation)
{
	if (!object_ownercheck(RelationRelationId, relation, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER,
					   get_relkind_objtype(get_rel_relkind(relation)),
					   get_rel_name(relation));
}

/* Refuses a transaction that would look at the table by an old snapshot. */
static void
CheckIsolation(const char *function)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("%s must be called in a READ COMMITTED transaction", function),
				 errdetail("It must see what others committed while it waited for its lock.")));
}

/* The OID in a row that SPI has brought. */
static Oid
OidOf(SPITupleTable *rows, uint64 row, int column)
{
	bool		isnull;

	return DatumGetObjectId(SPI_getbinval(rows->vals[row], rows->tupdesc,
										  column, &isnull));
}

/* The number that SPI has brought. */
static int64
NumberOf(SPITupleTable *rows)
{
	bool		isnull;

	return DatumGetInt64(SPI_getbinval(rows->vals[0], rows->tupdesc, 1,
									   &isnull));
}

/* The keys of the table of changes, each followed by a comma. */
static char *
KeysOfChanges(Oid changes, int nkeys)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 1; i <= nkeys; i++)
		appendStringInfo(&list, "%s, ",
						 quote_identifier(get_attname(changes, i, false)));
	return list.data;
}

/*
 * Finds the roll-up behind its view, locks what must not change meanwhile, and
 * reads its definition.
 */
static void
FindRollup(FunctionCallInfo fcinfo, Work *work)
{
	Oid			view = PG_GETARG_OID(0);
	Oid			types[] = {REGCLASSOID};
	Datum		values[] = {ObjectIdGetDatum(view)};
	char	   *query;

	memset(work, 0, sizeof(Work));
	work->member = fcinfo->flinfo->fn_oid;
	work->rollup.view = view;
	if (get_rel_name(view) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", view)));
	LockRelationOid(view, AccessShareLock);
	CheckOwner(view);
	query = psprintf("SELECT changes, definition FROM %s.nps_rollups WHERE rollup OPERATOR(pg_catalog.=) $1",
					 NpsSchemaOf(work->member));
	if (SPI_execute_with_args(query, 1, types, values, NULL, true,
							  0) != SPI_OK_SELECT)
		elog(ERROR, "could not look up a roll-up");
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a roll-up", get_rel_name(view)),
				 errhint("The view nps_rollups lists them.")));
	work->rollup.changes = OidOf(SPI_tuptable, 0, 1);
	work->rollup.definition = OidOf(SPI_tuptable, 0, 2);
	CheckOwner(work->rollup.changes);
	CheckOwner(work->rollup.definition);
	LockRelationOid(work->rollup.definition, AccessShareLock);
	work->definition = NpsReadDefinition(work->rollup.definition,
										 work->member);
	NpsCheckSameOwner(view, work->definition);
	NpsCheckSameOwner(work->rollup.changes, work->definition);
	work->view = NpsQualifiedName(view);
	work->changes = NpsQualifiedName(work->rollup.changes);
	work->source = NpsQualifiedName(work->rollup.definition);
	work->keys = KeysOfChanges(work->rollup.changes, work->definition->nkeys);
}

/* The expression that an index takes in place of a column. */
static char *
IndexColumn(Form_pg_attribute column)
{
	const char *name = quote_identifier(NameStr(column->attname));
	Oid			base = getBaseType(column->atttypid);
	TypeCacheEntry *type = lookup_type_cache(base, TYPECACHE_HASH_PROC |
											 TYPECACHE_BTREE_OPFAMILY);
	Oid		   *arguments;
	int			count;

	if (column->attlen > 0)
		return OidIsValid(type->btree_opf) ? pstrdup(name) : NULL;

	/* What may be too long for an index is found by its hash. */
	if (!OidIsValid(type->hash_proc))
		return NULL;
	(void) get_func_signature(type->hash_proc, &arguments, &count);
	if (count != 1 || arguments[0] == INTERNALOID)
		return NULL;
	return psprintf("%s.%s(%s)", NpsSchemaOf(type->hash_proc),
					quote_identifier(get_func_name(type->hash_proc)), name);
}

/* Makes the table of changes and its index. */
static void
CreateChanges(Work *work, const char *name, const char *schema)
{
	const NpsDefinition *definition = work->definition;
	StringInfoData table;
	StringInfoData index;
	int			indexed = 0;
	char	   *changes = makeObjectName(name, NULL, "changes");
	bool		unlogged = get_rel_persistence(definition->table) ==
		RELPERSISTENCE_UNLOGGED;

	work->changes = quote_qualified_identifier(schema, changes);
	initStringInfo(&table);
	initStringInfo(&index);
	appendStringInfo(&table, "CREATE %sTABLE %s (", unlogged ? "UNLOGGED " : "",
					 work->changes);
	for (int i = 0; i < definition->nkeys; i++)
	{
		Form_pg_attribute key = NpsKey(definition, i);
		const char *key_name = NameStr(key->attname);
		char	   *column = IndexColumn(key);

		if (strcmp(key_name, "added") == 0 || strcmp(key_name, "removed") == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("key \"%s\" has the name of a column of changes", key_name),
					 errhint("Give it another name in the view.")));
		appendStringInfo(&table, "%s %s", quote_identifier(key_name),
						 format_type_with_typemod(key->atttypid,
												  key->atttypmod));
		if (OidIsValid(key->attcollation) &&
			key->attcollation != get_typcollation(key->atttypid))
			appendStringInfo(&table, " COLLATE %s",
							 generate_collation_name(key->attcollation));
		appendStringInfoString(&table, ", ");
		if (column != NULL && indexed < INDEX_MAX_KEYS)
			appendStringInfo(&index, "%s%s", indexed++ == 0 ? "" : ", ", column);
	}
	appendStringInfo(&table, "added %s.nps_tally NOT NULL, removed %s.nps_tally NOT NULL) USING heap WITH (fillfactor = 50)",
					 definition->schema, definition->schema);
	if (indexed == 0 && definition->nkeys > 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("no key of view \"%s\" can be indexed",
						get_rel_name(definition->view))));
	Run(SPI_OK_UTILITY, table.data);
	Run(SPI_OK_UTILITY, psprintf("CREATE INDEX ON %s (%s)", work->changes,
								 indexed == 0 ? "(true)" : index.data));
	/* Publications of all tables must let rows go. */
	Run(SPI_OK_UTILITY, psprintf("ALTER TABLE %s REPLICA IDENTITY FULL", work->changes));
	Run(SPI_OK_UTILITY, psprintf("COMMENT ON TABLE %s IS %s", work->changes,
								 quote_literal_cstr(psprintf("changes of the roll-up %s, written by triggers", name))));
	work->rollup.changes = get_relname_relid(changes, work->schema);
	work->keys = KeysOfChanges(work->rollup.changes, definition->nkeys);
}

/* Makes the view that adds the changes up, like the definition. */
static void
CreateRollupView(Work *work, const char *name, const char *schema)
{
	const NpsDefinition *definition = work->definition;
	StringInfoData query;
	char	   *comment;

	work->view = quote_qualified_identifier(schema, name);
	initStringInfo(&query);
	appendStringInfo(&query, "CREATE VIEW %s AS SELECT ", work->view);
	for (int i = 0; i < definition->columns->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(definition->columns, i);
		const char *column = quote_identifier(NameStr(attribute->attname));

		if (i > 0)
			appendStringInfoString(&query, ", ");
		if (i != definition->tally)
			appendStringInfoString(&query, column);
		else if (definition->nkeys > 0)
			appendStringInfo(&query, "%1$s.sum(added) OPERATOR(%1$s.-) %1$s.sum(removed) AS %2$s",
							 definition->schema, column);
		else
			appendStringInfo(&query, "coalesce(%1$s.sum(added) OPERATOR(%1$s.-) %1$s.sum(removed), '(0,0,0)') AS %2$s",
							 definition->schema, column);
	}
	appendStringInfo(&query, " FROM %s", work->changes);
	if (definition->nkeys > 0)
		appendStringInfo(&query, " GROUP BY %1$s HAVING %2$s.sum(added) OPERATOR(%2$s.<>) %2$s.sum(removed)",
						 pnstrdup(work->keys, strlen(work->keys) - 2),
						 definition->schema);
	Run(SPI_OK_UTILITY, query.data);
	comment = psprintf("roll-up of %s, kept by triggers",
					   get_rel_name(definition->view));
	Run(SPI_OK_UTILITY, psprintf("COMMENT ON VIEW %s IS %s", work->view,
								 quote_literal_cstr(comment)));
	work->rollup.view = get_relname_relid(name, work->schema);
}

/*
 * Locks the table and all that belong to it against writers, and gives those
 * triggers that have none.  A statement fires the triggers of the table that
 * it names, so that each row is counted once.
 */
static void
CreateTriggers(Work *work)
{
	static const struct
	{
		const char *name;
		const char *when;
	}			kinds[] =
	{
		{"insert", "AFTER INSERT ON %s REFERENCING NEW TABLE AS nps_added"},
		{"update", "AFTER UPDATE ON %s REFERENCING OLD TABLE AS nps_removed NEW TABLE AS nps_added"},
		{"delete", "AFTER DELETE ON %s REFERENCING OLD TABLE AS nps_removed"},
		{"truncate", "BEFORE TRUNCATE ON %s"}
	};
	const char *schema = work->definition->schema;
	List	   *tables = find_all_inheritors(work->definition->table,
											 ShareRowExclusiveLock, NULL);
	ListCell   *lc;

	foreach(lc, tables)
	{
		Oid			table = lfirst_oid(lc);

		if (get_rel_relkind(table) == RELKIND_FOREIGN_TABLE)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("table \"%s\" cannot be rolled up",
							get_rel_name(work->definition->table)),
					 errdetail("Its partition \"%s\" is a foreign table.",
							   get_rel_name(table))));
		if (NpsHasTriggers(table, work->member, work->rollup.changes))
			continue;
		for (int i = 0; i < lengthof(kinds); i++)
		{
			StringInfoData command;
			char	   *name = makeObjectName(get_rel_name(work->rollup.view),
											  NULL, kinds[i].name);

			initStringInfo(&command);
			appendStringInfo(&command, "CREATE TRIGGER %s ",
							 quote_identifier(name));
			appendStringInfo(&command, kinds[i].when, NpsQualifiedName(table));
			appendStringInfo(&command,
							 " FOR EACH STATEMENT WHEN (%s.nps_rollup_of(%s::pg_catalog.regclass, %s::pg_catalog.regclass, %s::pg_catalog.regclass)) EXECUTE FUNCTION %s.nps_rollup()",
							 schema, quote_literal_cstr(work->view),
							 quote_literal_cstr(work->changes),
							 quote_literal_cstr(work->source), schema);
			Run(SPI_OK_UTILITY, command.data);
		}
	}
}

/* Fills the table of changes from the definition. */
static void
Fill(Work *work)
{
	const NpsDefinition *definition = work->definition;
	char	   *keys = NpsDefinitionKeys(definition);

	Run(SPI_OK_INSERT,
		psprintf("INSERT INTO %1$s (%2$sadded, removed) SELECT %3$stally, '(0,0,0)'::%4$s.nps_tally FROM %5$s AS definition (%6$s) WHERE tally OPERATOR(%4$s.<>) '(0,0,0)'::%4$s.nps_tally",
				 work->changes, work->keys, keys, definition->schema,
				 work->source, NpsDefinitionColumns(definition)));
}

/* Refuses tables whose rows the triggers would not see as readers do. */
static void
CheckTable(const NpsDefinition *definition)
{
	Relation	table = table_open(definition->table, AccessShareLock);
	Relation	view = relation_open(definition->view, AccessShareLock);
	const char *reason = NULL;

	CheckOwner(definition->view);
	CheckOwner(definition->table);
	if (table->rd_rel->relowner != definition->owner)
		reason = "It and the view have different owners.";
	else if (table->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		reason = "It is temporary.";
	else if (view->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		reason = "The view is temporary.";
	else if (table->rd_rel->relforcerowsecurity)
		reason = "Row-level security hides rows even from its owner; the roll-up would count them.";
	else if (table->rd_rel->relrowsecurity && RelationHasSecurityInvoker(view))
		reason = "Row-level security hides rows from who reads the view; the roll-up would count them.";
	if (reason != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" cannot be rolled up", RelationGetRelationName(table)),
				 errdetail_internal("%s", reason)));
	relation_close(view, NoLock);
	table_close(table, NoLock);
}

PG_FUNCTION_INFO_V1(nps_create_rollup);
/*
 * nps_create_rollup(name, definition): makes the roll-up of that name, a view,
 * in the schema of the definition, with all that it takes, and fills it.
 * Writers wait until the transaction ends, readers do not.
 */
Datum
nps_create_rollup(PG_FUNCTION_ARGS)
{
	char	   *name = NameStr(*PG_GETARG_NAME(0));
	Oid			view = PG_GETARG_OID(1);
	char	   *schema;
	Work		work = {0};
	ObjectAddress changes,
				definition;

	CheckIsolation("nps_create_rollup()");
	LockRelationOid(view, AccessShareLock);
	if (get_rel_name(view) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", view)));
	work.member = fcinfo->flinfo->fn_oid;
	work.definition = NpsReadDefinition(view, work.member);
	work.rollup.definition = view;
	work.source = NpsQualifiedName(view);
	work.schema = get_rel_namespace(view);
	schema = get_namespace_name(work.schema);
	CheckTable(work.definition);

	SPI_connect();
	NpsEnterSandbox(&work.sandbox, work.definition->owner);
	(void) find_all_inheritors(work.definition->table, ShareRowExclusiveLock,
							   NULL);
	CreateChanges(&work, name, schema);
	CreateRollupView(&work, name, schema);
	CreateTriggers(&work);
	ObjectAddressSet(changes, RelationRelationId, work.rollup.changes);
	ObjectAddressSet(definition, RelationRelationId, view);
	recordDependencyOn(&changes, &definition, DEPENDENCY_NORMAL);
	Fill(&work);
	NpsLeaveSandbox(&work.sandbox);
	SPI_finish();
	PG_RETURN_OID(work.rollup.view);
}

PG_FUNCTION_INFO_V1(nps_rebuild_rollup);
/*
 * nps_rebuild_rollup(rollup): fills it anew, after what no trigger sees, and
 * gives new partitions their triggers.  Writers wait, readers do not.
 */
Datum
nps_rebuild_rollup(PG_FUNCTION_ARGS)
{
	Work		work;

	CheckIsolation("nps_rebuild_rollup()");
	SPI_connect();
	FindRollup(fcinfo, &work);
	NpsEnterSandbox(&work.sandbox, work.definition->owner);
	CreateTriggers(&work);
	/* What is being squashed would be deleted; what it becomes would not. */
	LockRelationOid(work.rollup.changes, ShareRowExclusiveLock);
	Run(SPI_OK_DELETE, psprintf("DELETE FROM %s", work.changes));
	Fill(&work);
	/* Functions that the definition calls may be others now: plan anew. */
	CacheInvalidateRelcacheByRelid(work.rollup.changes);
	NpsLeaveSandbox(&work.sandbox);
	SPI_finish();
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(nps_drop_rollup);
/* nps_drop_rollup(rollup): drops it with its triggers, not its definition. */
Datum
nps_drop_rollup(PG_FUNCTION_ARGS)
{
	Work		work;
	SPITupleTable *triggers;

	SPI_connect();
	FindRollup(fcinfo, &work);
	NpsEnterSandbox(&work.sandbox, work.definition->owner);
	/* Somebody else may have made triggers that name it, on tables of his. */
	Run(SPI_OK_SELECT,
		psprintf("SELECT DISTINCT t.tgname, t.tgrelid FROM pg_trigger AS t JOIN pg_depend AS d ON d.objid = t.oid"
				 " WHERE d.classid = 'pg_trigger'::regclass AND d.refclassid = 'pg_class'::regclass"
				 " AND d.refobjid = %u AND d.deptype = 'n'"
				 " AND t.tgrelid IN (SELECT oid FROM pg_class WHERE pg_has_role(relowner, 'usage')) ORDER BY t.tgrelid",
				 work.rollup.changes));
	triggers = SPI_tuptable;
	for (uint64 i = 0; i < triggers->numvals; i++)
	{
		char	   *name = SPI_getvalue(triggers->vals[i], triggers->tupdesc,
										1);

		Run(SPI_OK_UTILITY,
			psprintf("DROP TRIGGER %s ON %s", quote_identifier(name),
					 NpsQualifiedName(OidOf(triggers, i, 2))));
	}
	Run(SPI_OK_UTILITY, psprintf("DROP VIEW %s", work.view));
	Run(SPI_OK_UTILITY, psprintf("DROP TABLE %s", work.changes));
	NpsLeaveSandbox(&work.sandbox);
	SPI_finish();
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(nps_squash_rollup);
/*
 * nps_squash_rollup(rollup): makes one row of the rows of each key, but for
 * those that somebody has locked, and drops those that amount to nothing.
 * Returns by how many rows there are fewer.
 */
Datum
nps_squash_rollup(PG_FUNCTION_ARGS)
{
	Work		work;
	int64		fewer;

	if (IsolationUsesXactSnapshot())
	{
		ereport(NOTICE,
				(errmsg("nothing was squashed: only a READ COMMITTED transaction can do it without failing")));
		PG_RETURN_INT64(0);
	}
	SPI_connect();
	FindRollup(fcinfo, &work);

	/* Whoever locks all of it, as a rebuild does, leaves nothing to squash. */
	if (!ConditionalLockRelationOid(work.rollup.changes, RowExclusiveLock))
	{
		SPI_finish();
		PG_RETURN_INT64(0);
	}
	NpsEnterSandbox(&work.sandbox, work.definition->owner);
	Run(SPI_OK_SELECT,
		psprintf("WITH spare AS MATERIALIZED (SELECT ctid AS place FROM %1$s WHERE ctid = ANY (ARRAY("
				 "SELECT unnest(places) FROM (SELECT %2$sarray_agg(ctid) AS places, count(*) AS number, %4$s.sum(added) AS added, %4$s.sum(removed) AS removed FROM %1$s%3$s) AS keys"
				 " WHERE number > 1 OR added OPERATOR(%4$s.=) removed)) FOR UPDATE SKIP LOCKED),"
				 " gone AS (DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT place FROM spare)) RETURNING %2$sadded, removed),"
				 " kept AS (INSERT INTO %1$s (%2$sadded, removed) SELECT * FROM (SELECT %2$s%4$s.sum(added) AS added, %4$s.sum(removed) AS removed FROM gone%3$s) AS sums"
				 " WHERE added OPERATOR(%4$s.<>) removed RETURNING 1)"
				 " SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM kept)",
				 work.changes, work.keys, NpsGroupByKeys(work.definition),
				 work.definition->schema));
	fewer = NumberOf(SPI_tuptable);
	NpsLeaveSandbox(&work.sandbox);
	SPI_finish();
	PG_RETURN_INT64(fewer);
}

/* The keys of a row as an object: the arguments of jsonb_build_object(). */
static char *
KeysAsObject(const NpsDefinition *definition)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < definition->nkeys; i++)
	{
		char	   *name = NameStr(NpsKey(definition, i)->attname);

		appendStringInfo(&list, "%s%s, k%d", i == 0 ? "" : ", ",
						 quote_literal_cstr(name), i + 1);
	}
	return list.data;
}

PG_FUNCTION_INFO_V1(nps_check_rollup);
/*
 * nps_check_rollup(rollup): the keys whose tally is not that of the
 * definition, both in one snapshot; no row where all is well.  A key without a
 * tally is one of nothing.
 */
Datum
nps_check_rollup(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Work		work;
	const char *schema;
	char	   *keys;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	FindRollup(fcinfo, &work);
	schema = work.definition->schema;
	keys = NpsDefinitionKeys(work.definition);
	NpsEnterSandbox(&work.sandbox, work.definition->owner);
	Run(SPI_OK_SELECT,
		psprintf("SELECT jsonb_build_object(%1$s), expected,"
				 " CASE WHEN %2$s.nps_detractors(removed) <= %2$s.nps_detractors(added) AND %2$s.nps_passives(removed) <= %2$s.nps_passives(added)"
				 " AND %2$s.nps_promoters(removed) <= %2$s.nps_promoters(added) THEN added OPERATOR(%2$s.-) removed END"
				 " FROM (SELECT %3$s%2$s.sum(expected) AS expected, %2$s.sum(added) AS added, %2$s.sum(removed) AS removed FROM ("
				 "SELECT %3$stally, '(0,0,0)'::%2$s.nps_tally, '(0,0,0)'::%2$s.nps_tally FROM %4$s AS definition (%5$s)"
				 " UNION ALL SELECT %6$s'(0,0,0)'::%2$s.nps_tally, added, removed FROM %7$s) AS rows (%3$sexpected, added, removed)%8$s) AS sums"
				 " WHERE expected OPERATOR(%2$s.+) removed OPERATOR(%2$s.<>) added",
				 KeysAsObject(work.definition), schema, keys, work.source,
				 NpsDefinitionColumns(work.definition), work.keys,
				 work.changes, NpsGroupByKeys(work.definition)));
	for (uint64 i = 0; i < SPI_tuptable->numvals; i++)
	{
		Datum		values[3];
		bool		nulls[3];

		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc,
						  values, nulls);
		tuplestore_putvalues(result->setResult, result->setDesc,
							 values, nulls);
	}
	NpsLeaveSandbox(&work.sandbox);
	SPI_finish();
	return (Datum) 0;
}
