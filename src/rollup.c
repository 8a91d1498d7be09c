/*-------------------------------------------------------------------------
 *
 * rollup.c
 *	  nps_rollup(), the trigger function that keeps a roll-up.
 *
 * A statement trigger computes the definition over the transition tables: what
 * the statement added and removed, a tally a key.  The query is planned once a
 * session, and anew when anything that it depends on has changed.
 *
 * It runs as the owner of the definition, who owns the table of changes, too;
 * so whoever may change the table needs no right on the roll-up, and nothing
 * is done here that the owner could not do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/pg_prng.h"
#include "compat.h"
#include "executor/spi.h"
#include "rollup.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* Of so many calls of a trigger, one folds the rows of the keys it meets. */
#define FOLD_EVERY	16

/* What a session knows of a trigger. */
typedef struct TriggerPlan
{
	Oid			trigger;		/* the key of the hash table */
	bool		valid;			/* until a relation below changes */
	bool		idle;			/* has the trigger nothing to do? */
	Oid			table;			/* that the trigger is on */
	Oid			base;			/* that the definition reads */
	NpsRollup	rollup;
	Oid			owner;
	int			nkeys;
	SPIPlanPtr	plan;
	NpsRowPlan *row;			/* for single rows; NULL if not for them */
	int			running;		/* calls that are using it now */
	uint32		fold_in;		/* calls until rows are folded */
} TriggerPlan;

static HTAB *plans = NULL;

/* Forgets what is known of a relation that has changed; of all, if it is 0. */
static void
ForgetRelation(Datum argument, Oid relation)
{
	HASH_SEQ_STATUS status;
	TriggerPlan *plan;

	hash_seq_init(&status, plans);
	while ((plan = (TriggerPlan *) hash_seq_search(&status)) != NULL)
	{
		if (!OidIsValid(relation) || relation == plan->table ||
			relation == plan->base || relation == plan->rollup.changes ||
			relation == plan->rollup.definition)
			plan->valid = false;
	}
}

/* Gets the entry of a trigger; a new one is not valid yet. */
static TriggerPlan *
FindPlan(Oid trigger)
{
	TriggerPlan *plan;
	bool		found;

	if (plans == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(TriggerPlan);
		plans = hash_create("nps roll-ups", 16, &control, HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(ForgetRelation, (Datum) 0);
	}
	plan = (TriggerPlan *) hash_search(plans, &trigger, HASH_ENTER, &found);
	if (!found)
	{
		memset(plan, 0, sizeof(TriggerPlan));
		plan->trigger = trigger;
		plan->fold_in = pg_prng_uint32(&pg_global_prng_state) % FOLD_EVERY;
	}
	return plan;
}

/*
 * Adds the partitions whose own triggers will not count what TRUNCATE removes:
 * those that were made after the roll-up, and have none.
 */
static void
AppendPartitionsWithout(StringInfo list, Oid table, Oid member, Oid changes)
{
	ListCell   *lc;

	foreach(lc, find_inheritance_children(table, AccessShareLock))
	{
		Oid			partition = lfirst_oid(lc);

		if (NpsHasTriggers(partition, member, changes))
			continue;
		if (get_rel_relkind(partition) == RELKIND_PARTITIONED_TABLE)
			AppendPartitionsWithout(list, partition, member, changes);
		else
			appendStringInfo(list, "%s%u", list->len > 0 ? ", " : "", partition);
	}
}

/*
 * What TRUNCATE removes.  The table is read, unless it is all that the roll-up
 * is about: then all that is in the roll-up goes, which is less to read.  A
 * partitioned table has no rows of its own, and the triggers of its partitions
 * are fired, too; it counts for those that have none.
 */
static char *
TruncateQuery(Relation table, const NpsDefinition *definition,
			  Relation changes, const char *nothing, Oid member)
{
	bool		partitioned = table->rd_rel->relkind ==
		RELKIND_PARTITIONED_TABLE;
	StringInfoData query;

	if (partitioned || RelationGetRelid(table) != definition->table ||
		find_inheritance_children(definition->table, NoLock) != NIL)
	{
		StringInfoData partitions;
		char	   *name = NpsQualifiedName(RelationGetRelid(table));

		initStringInfo(&partitions);
		if (partitioned)
			AppendPartitionsWithout(&partitions, RelationGetRelid(table),
									member, RelationGetRelid(changes));
		if (partitioned && partitions.len == 0)
			return NULL;
		return psprintf("WITH nps_rows AS (SELECT * FROM %s) SELECT %s%s, tally FROM (%s) AS removed (%s)",
						partitioned ? psprintf("%s WHERE tableoid IN (%s)", name, partitions.data) :
						psprintf("ONLY %s", name),
						NpsDefinitionKeys(definition),
						nothing, NpsDefinitionOver(definition, "nps_rows"),
						NpsDefinitionColumns(definition));
	}

	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT ");
	for (int i = 0; i < definition->nkeys; i++)
	{
		Form_pg_attribute key = TupleDescAttr(RelationGetDescr(changes), i);

		appendStringInfo(&query, "%s, ",
						 quote_identifier(NameStr(key->attname)));
	}
	appendStringInfo(&query, "%s.sum(removed), %s.sum(added) FROM %s%s",
					 definition->schema, definition->schema,
					 NpsQualifiedName(RelationGetRelid(changes)),
					 NpsGroupByKeys(definition));
	return query.data;
}

/* The query of a trigger: keys, added, removed; NULL if nothing is to do. */
static char *
TriggerQuery(TriggerData *trigdata, const NpsDefinition *definition,
			 Relation changes, Oid member)
{
	char	   *added = trigdata->tg_trigger->tgnewtable;
	char	   *removed = trigdata->tg_trigger->tgoldtable;
	char	   *keys = NpsDefinitionKeys(definition);
	char	   *columns = NpsDefinitionColumns(definition);
	char	   *nothing = psprintf("'(0,0,0)'::%s.nps_tally", definition->schema);

	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		return TruncateQuery(trigdata->tg_relation, definition, changes,
							 nothing, member);

	if (added != NULL)
		added = psprintf("SELECT %stally, %s FROM (%s) AS added (%s)", keys, nothing,
						 NpsDefinitionOver(definition, added), columns);
	if (removed != NULL)
		removed = psprintf("SELECT %s%s, tally FROM (%s) AS removed (%s)", keys, nothing,
						   NpsDefinitionOver(definition, removed), columns);
	if (removed == NULL)
		return added;
	if (added == NULL)
		return removed;
	return psprintf("SELECT %s%s.sum(added), %s.sum(removed) FROM (%s UNION ALL %s) AS changes (%sadded, removed)%s",
					keys, definition->schema, definition->schema,
					added, removed, keys, NpsGroupByKeys(definition));
}

/* Reads the definition, and plans what the trigger does.  SPI is connected. */
static void
MakePlan(FunctionCallInfo fcinfo, TriggerPlan *plan)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Relation	table = trigdata->tg_relation;
	NpsRollup	rollup;
	bool		kept = NpsResolveRollup(fcinfo, &rollup);
	NpsSandbox	sandbox;
	NpsDefinition *definition;
	List	   *tables;
	Relation	changes;
	char	   *query;

	/* What a call further out is using stays, though nobody finds it again. */
	if (plan->running == 0 && plan->plan != NULL)
		SPI_freeplan(plan->plan);
	if (plan->running == 0 && plan->row != NULL)
		NpsFreeRowPlan(plan->row);
	plan->plan = NULL;
	plan->row = NULL;
	plan->idle = false;
	plan->table = RelationGetRelid(table);
	plan->rollup = rollup;

	/* From here on, what changes is noticed. */
	LockRelationOid(rollup.definition, AccessShareLock);
	plan->valid = true;

	definition = NpsReadDefinition(rollup.definition, fcinfo->flinfo->fn_oid);
	plan->base = definition->table;
	plan->owner = definition->owner;
	plan->nkeys = definition->nkeys;

	/*
	 * A partition that was detached takes its triggers along.  Its rows no
	 * longer count; a trigger that somebody made by hand is on a wrong table.
	 */
	tables = find_all_inheritors(definition->table, NoLock, NULL);
	if (!list_member_oid(tables, RelationGetRelid(table)))
	{
		if (!kept)
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("view \"%s\" does not read table \"%s\"",
							get_rel_name(rollup.definition),
							RelationGetRelationName(table)),
					 errdetail("It reads table \"%s\".", get_rel_name(definition->table))));
		plan->idle = true;
		return;
	}

	/* Who may not write to the changes does not even lock them. */
	NpsCheckSameOwner(rollup.changes, definition);
	changes = table_open(rollup.changes, RowExclusiveLock);
	NpsCheckSameOwner(rollup.changes, definition);
	NpsCheckChanges(changes, definition);
	NpsEnterSandbox(&sandbox, plan->owner);
	query = TriggerQuery(trigdata, definition, changes,
						 fcinfo->flinfo->fn_oid);
	if (query != NULL)
	{
		plan->plan = SPI_prepare(query, 0, NULL);
		if (plan->plan == NULL || SPI_keepplan(plan->plan) != 0)
			elog(ERROR, "could not prepare \"%s\": %s", query,
				 SPI_result_code_string(SPI_result));
	}
	else
		plan->idle = true;

	/* A partition may have other columns, or the same in another order. */
	if (!TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event) &&
		RelationGetRelid(table) == definition->table)
		plan->row = NpsMakeRowPlan(definition, RelationGetDescr(table));
	NpsLeaveSandbox(&sandbox);
	table_close(changes, NoLock);
}

/* Every so often it is. */
static bool
IsTimeToFold(TriggerPlan *plan)
{
	if (plan->fold_in-- > 0)
		return false;
	plan->fold_in = FOLD_EVERY;
	return true;
}

/* Puts the rows of the query, keys, added and removed, into the changes. */
static void
AddChanges(TriggerPlan *plan)
{
	SPITupleTable *rows = SPI_tuptable;
	int			nkeys = plan->nkeys;
	NpsChanges *changes;
	Datum	   *values = (Datum *) palloc(sizeof(Datum) * (nkeys + 2));
	bool	   *nulls = (bool *) palloc(sizeof(bool) * (nkeys + 2));
	bool		fold = IsTimeToFold(plan);

	changes = NpsOpenChanges(plan->rollup.changes, nkeys);
	for (uint64 i = 0; i < rows->numvals; i++)
	{
		heap_deform_tuple(rows->vals[i], rows->tupdesc, values, nulls);
		if (!nulls[nkeys] && !nulls[nkeys + 1])
			NpsAddChange(changes, values, nulls,
						 DatumGetNpsTallyP(values[nkeys]),
						 DatumGetNpsTallyP(values[nkeys + 1]), fold);
	}
	NpsCloseChanges(changes);
}

/*
 * Runs the query.  What TRUNCATE removes is what is there now, whatever the
 * snapshot of the transaction; the rest is in the transition tables.
 */
static int
RunPlan(TriggerData *trigdata, TriggerPlan *plan)
{
	int			result;

	if (!TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		return SPI_execute_plan(plan->plan, NULL, NULL, true, 0);
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	result = SPI_execute_snapshot(plan->plan, NULL, NULL, GetActiveSnapshot(),
								  InvalidSnapshot, false, false, 0);
	PopActiveSnapshot();
	return result;
}

/* Has the statement written one row, or none? */
static bool
IsSingleRow(TriggerData *trigdata)
{
	return (trigdata->tg_newtable == NULL ||
			tuplestore_tuple_count(trigdata->tg_newtable) <= 1) &&
		(trigdata->tg_oldtable == NULL ||
		 tuplestore_tuple_count(trigdata->tg_oldtable) <= 1);
}

/* Puts what a single row, its old and its new version, adds and removes. */
static void
AddSingleRow(TriggerData *trigdata, TriggerPlan *plan)
{
	NpsTally	nothing = {{0}};
	NpsTally	added = {{0}};
	NpsTally	removed = {{0}};
	Datum		new_keys[MaxHeapAttributeNumber];
	bool		new_nulls[MaxHeapAttributeNumber];
	Datum		old_keys[MaxHeapAttributeNumber];
	bool		old_nulls[MaxHeapAttributeNumber];
	bool		is_new = trigdata->tg_newtable != NULL &&
		NpsTallyOfRow(plan->row, 0, trigdata->tg_newtable, new_keys, new_nulls,
					  &added);
	bool		is_old = trigdata->tg_oldtable != NULL &&
		NpsTallyOfRow(plan->row, 1, trigdata->tg_oldtable, old_keys, old_nulls,
					  &removed);

	if (is_new || is_old)
	{
		NpsChanges *changes = NpsOpenChanges(plan->rollup.changes,
											 plan->nkeys);
		bool		fold = IsTimeToFold(plan);

		if (is_new && is_old && NpsSameKeys(changes, new_keys, new_nulls,
											old_keys, old_nulls))
			NpsAddChange(changes, new_keys, new_nulls, &added, &removed, fold);
		else
		{
			if (is_old)
				NpsAddChange(changes, old_keys, old_nulls, &nothing, &removed,
							 fold);
			if (is_new)
				NpsAddChange(changes, new_keys, new_nulls, &added, &nothing,
							 fold);
		}
		NpsCloseChanges(changes);
	}
}

/* Puts what many rows add and remove. */
static void
AddRows(TriggerData *trigdata, TriggerPlan *plan)
{
	int			result = RunPlan(trigdata, plan);

	if (result != SPI_OK_SELECT)
		elog(ERROR, "could not compute a roll-up: %s",
			 SPI_result_code_string(result));
	if (SPI_processed > 0)
		AddChanges(plan);
}

/*
 * Puts the changes as the owner of the definition.  What he calls may write to
 * the table itself: the plan is then needed twice at a time, or made anew
 * while it is needed, so that this works on a copy.  A row must be let go of
 * even after an error, before its memory goes.
 */
static void
RunAsOwner(TriggerData *trigdata, TriggerPlan *plan,
		   void (*add) (TriggerData *trigdata, TriggerPlan *plan))
{
	TriggerPlan copy = *plan;
	NpsSandbox	sandbox;

	NpsEnterSandbox(&sandbox, copy.owner);
	plan->running++;
	PG_TRY();
	{
		add(trigdata, &copy);
	}
	PG_FINALLY();
	{
		plan->running--;
		if (add == AddSingleRow)
			NpsEndRow(copy.row);
	}
	PG_END_TRY();
	plan->fold_in = copy.fold_in;
	NpsLeaveSandbox(&sandbox);
}

PG_FUNCTION_INFO_V1(nps_rollup);
/*
 * The trigger function of roll-ups: FOR EACH STATEMENT, AFTER INSERT, UPDATE
 * and DELETE with their transition tables, BEFORE TRUNCATE.  Its arguments are
 * the names of the table of changes and of the definition, unless WHEN names
 * them by nps_rollup_of().
 */
Datum
nps_rollup(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	TriggerPlan *plan;

	NpsCheckTrigger(fcinfo);
	plan = FindPlan(trigdata->tg_trigger->tgoid);
	if (plan->valid && plan->row != NULL && plan->running == 0 &&
		IsSingleRow(trigdata) && SPI_plan_is_valid(plan->plan))
	{
		RunAsOwner(trigdata, plan, AddSingleRow);
		return PointerGetDatum(NULL);
	}

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_register_trigger_data(trigdata) < 0)
		elog(ERROR, "could not connect to SPI");

	/* Of the partitions below, the plan takes no notice. */
	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		plan->valid = false;

	/* A plan that is not there is one that could not be made last time. */
	if (!plan->valid || (plan->plan == NULL && !plan->idle) ||
		(plan->plan != NULL && !SPI_plan_is_valid(plan->plan)))
		MakePlan(fcinfo, plan);
	if (!plan->idle)
		RunAsOwner(trigdata, plan, AddRows);
	SPI_finish();
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(nps_rollup_of);
/*
 * Marks a trigger, in its WHEN, as one that keeps this roll-up: always true.
 * As arguments of it, the relations are constants that the server tracks.
 */
Datum
nps_rollup_of(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}
