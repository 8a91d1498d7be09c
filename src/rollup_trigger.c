/*-------------------------------------------------------------------------
 *
 * rollup_trigger.c
 *	  Which roll-up a trigger keeps, whether it can, and as whom it does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "compat.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "rollup.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

/*
 * Becomes the owner, who may create nothing temporary and become nobody else,
 * under a search path with nobody's objects: what the owner's expressions call
 * is what they called when they were written.
 */
void
NpsEnterSandbox(NpsSandbox *sandbox, Oid owner)
{
	GetUserIdAndSecContext(&sandbox->user, &sandbox->context);
	SetUserIdAndSecContext(owner, sandbox->context |
						   SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	sandbox->nestlevel = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/* Becomes again who it was.  The end of a transaction does the same. */
void
NpsLeaveSandbox(const NpsSandbox *sandbox)
{
	AtEOXact_GUC(false, sandbox->nestlevel);
	SetUserIdAndSecContext(sandbox->user, sandbox->context);
}

typedef struct MarkerSearch
{
	Oid			namespace;
	NpsRollup  *rollup;
} MarkerSearch;

/* Finds nps_rollup_of(view, changes, definition) in a condition. */
static bool
FindMarker(Node *node, MarkerSearch *search)
{
	FuncExpr   *call = (FuncExpr *) node;

	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr) && list_length(call->args) == 3 &&
		get_func_namespace(call->funcid) == search->namespace &&
		strcmp(get_func_name(call->funcid), "nps_rollup_of") == 0)
	{
		Oid			relations[3] = {0};

		for (int i = 0; i < 3; i++)
		{
			Const	   *argument = (Const *) list_nth(call->args, i);

			if (IsA(argument, Const) && !argument->constisnull)
				relations[i] = DatumGetObjectId(argument->constvalue);
		}
		search->rollup->view = relations[0];
		search->rollup->changes = relations[1];
		search->rollup->definition = relations[2];
		return OidIsValid(relations[1]) && OidIsValid(relations[2]);
	}
	return expression_tree_walker(node, FindMarker, (void *) search);
}

/*
 * Which roll-up does the trigger's WHEN name?  The names are constants there
 * that the server keeps track of: they outlive renaming, and what they name is
 * not dropped without CASCADE.  The member is a function of this extension.
 */
bool
NpsRollupOfTrigger(const Trigger *trigger, Oid member, NpsRollup *rollup)
{
	MarkerSearch search = {get_func_namespace(member), rollup};

	return trigger->tgqual != NULL &&
		FindMarker((Node *) stringToNode(trigger->tgqual), &search);
}

/* Does the table have a trigger that keeps the roll-up of these changes? */
bool
NpsHasTriggers(Oid oid, Oid member, Oid changes)
{
	Relation	table = table_open(oid, NoLock);
	TriggerDesc *triggers = table->trigdesc;
	NpsRollup	rollup;
	bool		found = false;

	if (triggers != NULL)
	{
		for (int i = 0; i < triggers->numtriggers && !found; i++)
			found = NpsRollupOfTrigger(&triggers->triggers[i], member,
									   &rollup) &&
				rollup.changes == changes;
	}
	table_close(table, NoLock);
	return found;
}

/* The relation of that name, by default in the schema of the table. */
static Oid
NamedRelation(const char *name, Relation table)
{
	List	   *names = textToQualifiedNameList(cstring_to_text(name));
	RangeVar   *relation = makeRangeVarFromNameList(names);

	if (relation->schemaname == NULL)
		relation->schemaname = get_namespace_name(RelationGetNamespace(table));
	return RangeVarGetRelid(relation, AccessShareLock, false);
}

/* Refuses a call that is none of a trigger that can do it. */
void
NpsCheckTrigger(FunctionCallInfo fcinfo)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Trigger    *trigger;
	TriggerEvent event;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						"nps_rollup")));
	trigger = trigdata->tg_trigger;
	event = trigdata->tg_event;
	if (!TRIGGER_FIRED_FOR_STATEMENT(event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired FOR EACH STATEMENT",
						trigger->tgname)));
	if (TRIGGER_FIRED_BY_TRUNCATE(event))
	{
		if (!TRIGGER_FIRED_BEFORE(event))
			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg("trigger \"%s\" must be fired BEFORE TRUNCATE",
							trigger->tgname),
					 errdetail("What is removed must still be there.")));
		return;
	}
	if (!TRIGGER_FIRED_AFTER(event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired AFTER the statement",
						trigger->tgname)));
	if ((trigger->tgnewtable == NULL && !TRIGGER_FIRED_BY_DELETE(event)) ||
		(trigger->tgoldtable == NULL && !TRIGGER_FIRED_BY_INSERT(event)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" lacks a transition table", trigger->tgname),
				 errhint("Write REFERENCING NEW TABLE AS name after INSERT, OLD TABLE AS name after DELETE, both after UPDATE.")));
}

/* Finds the relations of the roll-up: in WHEN, or by name in the arguments. */
bool
NpsResolveRollup(FunctionCallInfo fcinfo, NpsRollup *rollup)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Trigger    *trigger = trigdata->tg_trigger;
	NpsSandbox	sandbox;

	memset(rollup, 0, sizeof(NpsRollup));
	if (NpsRollupOfTrigger(trigger, fcinfo->flinfo->fn_oid, rollup))
		return true;
	if (trigger->tgnargs != 2)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" has %d arguments, not two",
						trigger->tgname, trigger->tgnargs),
				 errdetail("%s takes the names of the table of changes and of the view that defines the roll-up.",
						   "nps_rollup()")));

	/* Who writes to the table may have no right on the schemas. */
	NpsEnterSandbox(&sandbox, trigdata->tg_relation->rd_rel->relowner);
	rollup->changes = NamedRelation(trigger->tgargs[0],
									trigdata->tg_relation);
	rollup->definition = NamedRelation(trigger->tgargs[1],
									   trigdata->tg_relation);
	NpsLeaveSandbox(&sandbox);
	return false;
}

/* Who owns the relation; nobody, if it is gone. */
static Oid
OwnerOf(Oid relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	Oid			owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

/*
 * Refuses a relation of the roll-up that is somebody else's: what he made of
 * it would be done in the name of the definition's owner.
 */
void
NpsCheckSameOwner(Oid relation, const NpsDefinition *definition)
{
	if (OwnerOf(relation) != definition->owner)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("%s \"%s\" and view \"%s\" have different owners",
						get_rel_relkind(relation) == RELKIND_VIEW ? "view" : "table",
						get_rel_name(relation),
						get_rel_name(definition->view)),
				 errhint("Give both the same owner.")));
}

/* Checks that the table of changes has the columns of the definition. */
void
NpsCheckChanges(Relation changes, const NpsDefinition *definition)
{
	TupleDesc	columns = RelationGetDescr(changes);
	Form_pg_attribute tally = TupleDescAttr(definition->columns,
											definition->tally);

	for (int i = 0; i < definition->nkeys; i++)
	{
		Form_pg_attribute key = NpsKey(definition, i);

		if (i >= columns->natts ||
			TupleDescAttr(columns, i)->atttypid != key->atttypid ||
			TupleDescAttr(columns, i)->attcollation != key->attcollation)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column %d of table \"%s\" is not like key \"%s\" of view \"%s\"",
							i + 1, RelationGetRelationName(changes),
							NameStr(key->attname),
							get_rel_name(definition->view)),
					 errdetail("A table of changes has the keys of the roll-up, in their order, then \"added\" and \"removed\"."),
					 errhint("If the view was replaced, drop the roll-up and create it again.")));
	}

	/* Other types are as long as a tally. */
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		if (!column->attisdropped && column->atttypid != tally->atttypid &&
			(strcmp(NameStr(column->attname), "added") == 0 ||
			 strcmp(NameStr(column->attname), "removed") == 0))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of table \"%s\" is of type %s, not %s",
							NameStr(column->attname),
							RelationGetRelationName(changes),
							format_type_be(column->atttypid),
							format_type_be(tally->atttypid))));
	}
}
