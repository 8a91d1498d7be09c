/*-------------------------------------------------------------------------
 *
 * rollup_row.c
 *	  What a single row adds to a roll-up, without a query.
 *
 * Most statements write one row.  To start the executor for it would cost more
 * than everything else that the trigger does, so the definition's expressions
 * are evaluated here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "compat.h"
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "rollup.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

struct NpsRowPlan
{
	MemoryContext context;
	ExprContext *econtext;
	TupleTableSlot *slots[2];	/* the values of a row live as long as it */
	int			nkeys;
	ExprState **keys;
	ExprState  *where;			/* NULL if there is none */
	ExprState  *filter;			/* likewise, of the aggregate */
	ExprState  *score;
	Oid			collation;
	FmgrInfo	transition;		/* of the aggregate */
};

/* Prepares an expression; NULL for none. */
static ExprState *
Prepare(Node *expression)
{
	if (expression == NULL)
		return NULL;
	return ExecInitExpr(expression_planner((Expr *) copyObject(expression)),
						NULL);
}

/* The transition function of an aggregate. */
static Oid
TransitionOf(Oid aggregate)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
	Oid			function;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for aggregate %u", aggregate);
	function = ((Form_pg_aggregate) GETSTRUCT(tuple))->aggtransfn;
	ReleaseSysCache(tuple);
	return function;
}

/* Prepares the expressions of a definition, as who may execute them. */
NpsRowPlan *
NpsMakeRowPlan(const NpsDefinition *definition, TupleDesc row)
{
	MemoryContext context = AllocSetContextCreate(CacheMemoryContext,
												  "nps roll-up row",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	NpsRowPlan *plan = (NpsRowPlan *) palloc0(sizeof(NpsRowPlan));
	List	   *targets = NpsFlattenGroups(definition->query,
										   definition->query->targetList);
	Aggref	   *tally = NULL;
	TargetEntry *argument;
	int			key = 0;
	ListCell   *lc;

	plan->context = context;
	plan->econtext = CreateStandaloneExprContext();
	for (int i = 0; i < 2; i++)
	{
		/* With what rows have that are older than a column. */
		TupleDesc	columns = CreateTupleDescCopyConstr(row);

		plan->slots[i] = MakeSingleTupleTableSlot(columns,
												  &TTSOpsMinimalTuple);
	}
	plan->nkeys = definition->nkeys;
	plan->keys = (ExprState **) palloc(sizeof(ExprState *) *
									   Max(plan->nkeys, 1));
	foreach(lc, targets)
	{
		TargetEntry *target = (TargetEntry *) lfirst(lc);

		if (target->resno - 1 == definition->tally)
			tally = (Aggref *) target->expr;
		else if (!target->resjunk)
			plan->keys[key++] = Prepare((Node *) target->expr);
	}
	plan->where = Prepare(definition->query->jointree->quals);
	plan->filter = Prepare((Node *) tally->aggfilter);
	argument = linitial_node(TargetEntry, tally->args);
	plan->score = Prepare((Node *) argument->expr);
	plan->collation = tally->inputcollid;
	fmgr_info_cxt(TransitionOf(tally->aggfnoid), &plan->transition, context);
	MemoryContextSwitchTo(before);
	return plan;
}

/* Forgets such a plan. */
void
NpsFreeRowPlan(NpsRowPlan *plan)
{
	FreeExprContext(plan->econtext, true);
	MemoryContextDelete(plan->context);
}

/* Is the condition true of the row?  One that is not there is. */
static bool
IsTrue(NpsRowPlan *plan, ExprState *condition)
{
	bool		isnull;
	Datum		value;

	if (condition == NULL)
		return true;
	value = ExecEvalExprSwitchContext(condition, plan->econtext, &isnull);
	return !isnull && DatumGetBool(value);
}

/*
 * The keys and the tally of the only row in a transition table, the first or
 * the second that is looked at.  Returns false if it does not count.
 */
bool
NpsTallyOfRow(NpsRowPlan *plan, int number, Tuplestorestate *table,
			  Datum *keys, bool *nulls, NpsTally *tally)
{
	ExprContext *econtext = plan->econtext;
	TupleTableSlot *slot = plan->slots[number];
	int			reader = tuplestore_alloc_read_pointer(table,
													   EXEC_FLAG_REWIND);
	NpsTally	nothing = {{0}};
	bool		isnull;
	Datum		score;

	tuplestore_select_read_pointer(table, reader);
	tuplestore_rescan(table);
	if (!tuplestore_gettupleslot(table, true, false, slot))
		return false;
	econtext->ecxt_scantuple = slot;
	if (!IsTrue(plan, plan->where) || !IsTrue(plan, plan->filter))
		return false;
	score = ExecEvalExprSwitchContext(plan->score, econtext, &isnull);
	if (isnull)
		return false;
	*tally = *DatumGetNpsTallyP(FunctionCall2Coll(&plan->transition,
												  plan->collation,
												  NpsTallyPGetDatum(&nothing),
												  score));
	for (int i = 0; i < plan->nkeys; i++)
		keys[i] = ExecEvalExprSwitchContext(plan->keys[i], econtext,
											&nulls[i]);
	return true;
}

/* Lets go of the values of the last rows. */
void
NpsEndRow(NpsRowPlan *plan)
{
	ExecClearTuple(plan->slots[0]);
	ExecClearTuple(plan->slots[1]);
	ResetExprContext(plan->econtext);
}
