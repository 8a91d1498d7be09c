/*-------------------------------------------------------------------------
 *
 * rollup_definition.c
 *	  The view that defines a roll-up: what it may say, and its query over
 *	  other rows than the table's.
 *
 * The definition is read anew wherever it is used, so that renamed columns,
 * tables, functions and schemas need no care.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "compat.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "rollup.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

/* Refuses the view, with the reason and, perhaps, what to do instead. */
static pg_noreturn void
Refuse(Relation view, const char *reason, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("view \"%s\" cannot be rolled up",
					RelationGetRelationName(view)),
			 errdetail_internal("%s", reason),
			 hint ? errhint("%s", hint) : 0));
}

/*
 * Is it the month, or another part, of a date, as a date:
 * date_trunc('month', day)::date?  It is labelled as dependent on the time
 * zone, because it goes there and back through timestamptz; but both ways use
 * the same one, so that the result is that of the calendar.
 */
static Node *
DateOfTruncatedDate(Node *node)
{
	FuncExpr   *outer = (FuncExpr *) node;
	FuncExpr   *trunc;
	FuncExpr   *inner;

	if (!IsA(outer, FuncExpr) || outer->funcid != F_DATE_TIMESTAMPTZ)
		return NULL;
	trunc = (FuncExpr *) linitial(outer->args);
	if (!IsA(trunc, FuncExpr) ||
		trunc->funcid != F_DATE_TRUNC_TEXT_TIMESTAMPTZ ||
		!IsA(linitial(trunc->args), Const))
		return NULL;
	inner = (FuncExpr *) lsecond(trunc->args);
	if (!IsA(inner, FuncExpr) || inner->funcid != F_TIMESTAMPTZ_DATE)
		return NULL;
	return (Node *) linitial(inner->args);
}

/* Puts the date itself in place of such an expression. */
static Node *
StripTruncatedDates(Node *node, void *context)
{
	Node	   *date;

	if (node == NULL)
		return NULL;
	date = DateOfTruncatedDate(node);
	if (date != NULL)
		return StripTruncatedDates(date, context);
	return expression_tree_mutator(node, StripTruncatedDates, context);
}

/* Can the result of the expression change while its columns do not? */
static bool
IsMutable(Node *expression)
{
	return contain_mutable_functions(StripTruncatedDates(expression, NULL));
}

/* Is there a whole row, or a system column, in the expression? */
static bool
NamesMoreThanColumns(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varattno <= 0;
	return expression_tree_walker(node, NamesMoreThanColumns, context);
}

/*
 * Is there a column in the expression that is generated where it is read?  The
 * rows that a trigger sees have nothing there.
 */
static bool
NamesVirtualColumns(Node *node, void *table)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varattno > 0 &&
			get_attgenerated(*(Oid *) table, ((Var *) node)->varattno) == 'v';
	return expression_tree_walker(node, NamesVirtualColumns, table);
}

/* Is the function of the same extension as the other, its member? */
static bool
IsOfExtension(Oid function, Oid member)
{
	Oid			extension = getExtensionOfObject(ProcedureRelationId, member);

	return OidIsValid(extension) &&
		getExtensionOfObject(ProcedureRelationId, function) == extension;
}

/* Is it the aggregate nps_tally()? */
static bool
IsTally(Node *expression, Oid member)
{
	Aggref	   *aggref = (Aggref *) expression;
	char	   *name;

	if (!IsA(aggref, Aggref))
		return false;
	name = get_func_name(aggref->aggfnoid);
	return name != NULL && strcmp(name, "nps_tally") == 0 &&
		IsOfExtension(aggref->aggfnoid, member);
}

/* Refuses all but SELECT keys, tally FROM table WHERE ... GROUP BY keys. */
static RangeTblEntry *
CheckShape(Relation view, const Query *query)
{
	RangeTblEntry *rte;
	Node	   *from;

	if (query->cteList != NIL || query->hasSubLinks)
		Refuse(view, "It has a subquery or a WITH.", NULL);
	if (query->setOperations != NULL)
		Refuse(view, "It has a UNION, INTERSECT or EXCEPT.", NULL);
	if (query->groupingSets != NIL)
		Refuse(view, "It has grouping sets.",
			   "Roll up the finest groups; the others are sums of them.");
	if (query->havingQual != NULL)
		Refuse(view, "It has a HAVING.", "Filter where the roll-up is read.");
	if (query->distinctClause != NIL || query->limitCount != NULL ||
		query->limitOffset != NULL || query->hasWindowFuncs ||
		query->hasTargetSRFs)
		Refuse(view, "It has a DISTINCT, a LIMIT, a window function or a set-returning function.",
			   NULL);

	from = list_length(query->jointree->fromlist) == 1 ?
		(Node *) linitial(query->jointree->fromlist) : NULL;
	if (from == NULL || !IsA(from, RangeTblRef))
		Refuse(view, "It does not read just one table.", NULL);
	rte = rt_fetch(((RangeTblRef *) from)->rtindex, query->rtable);
	if (rte->rtekind != RTE_RELATION ||
		(rte->relkind != RELKIND_RELATION &&
		 rte->relkind != RELKIND_PARTITIONED_TABLE))
		Refuse(view, "It reads something else than a table.",
			   "Triggers keep a roll-up, and they belong to tables.");
	if (!rte->inh || rte->tablesample != NULL)
		Refuse(view, "It has an ONLY or a TABLESAMPLE.", NULL);
	return rte;
}

/* Refuses keys and tallies that triggers can't keep exact. */
static void
CheckColumns(Relation view, const Query *query, NpsDefinition *definition,
			 Oid member)
{
	static const char zone[] =
		"Where a time zone decides, name it, as in date_trunc('month', answered_at AT TIME ZONE 'UTC'); of a date, take date_trunc('month', day::timestamp).";
	static const char stored[] = "Write its expression instead, or make it STORED.";
	List	   *targets = NpsFlattenGroups(query, query->targetList);
	ListCell   *lc;
	int			grouped = 0;

	definition->tally = -1;
	definition->nkeys = 0;
	definition->keys = (int *) palloc(sizeof(int) * list_length(targets));
	foreach(lc, targets)
	{
		TargetEntry *target = (TargetEntry *) lfirst(lc);
		Node	   *expression = (Node *) target->expr;
		Form_pg_attribute column;
		const char *name;

		if (target->resjunk)
		{
			if (target->ressortgroupref != 0)
				Refuse(view, "It groups or orders by what it does not show.", NULL);
			continue;
		}
		column = TupleDescAttr(definition->columns, target->resno - 1);
		name = NameStr(column->attname);
		if (IsTally(expression, member))
		{
			if (definition->tally >= 0)
				Refuse(view, "It has more than one nps_tally().",
					   "Make a roll-up of each.");
			if (((Aggref *) expression)->aggdistinct != NIL)
				Refuse(view, "A tally of distinct scores does not add up.", NULL);
			definition->tally = target->resno - 1;
		}
		else if (target->ressortgroupref == 0 ||
				 get_sortgroupref_clause_noerr(target->ressortgroupref,
											   query->groupClause) == NULL)
			Refuse(view, psprintf("Column \"%s\" is neither grouped by nor an nps_tally().", name),
				   NULL);
		else
		{
			grouped++;
			definition->keys[definition->nkeys++] = target->resno - 1;
		}
		if (NamesMoreThanColumns(expression, NULL))
			Refuse(view, psprintf("Column \"%s\" takes a whole row or a system column.", name),
				   NULL);
		if (NamesVirtualColumns(expression, &definition->table))
			Refuse(view, psprintf("Column \"%s\" takes a virtual generated column.", name),
				   stored);
		if (IsMutable(expression))
			Refuse(view, psprintf("Column \"%s\" depends on more than the row: it calls a function that is not immutable.", name),
				   zone);
	}
	if (definition->tally < 0)
		Refuse(view, "It has no nps_tally().", NULL);
	if (grouped != list_length(query->groupClause))
		Refuse(view, "It groups by what it does not show.", NULL);
	if (NamesMoreThanColumns(query->jointree->quals, NULL))
		Refuse(view, "Its WHERE takes a whole row or a system column.", NULL);
	if (NamesVirtualColumns(query->jointree->quals, &definition->table))
		Refuse(view, "Its WHERE takes a virtual generated column.", stored);
	if (IsMutable(query->jointree->quals))
		Refuse(view, "Its WHERE depends on more than the row: it calls a function that is not immutable.",
			   zone);
}

/*
 * Reads the view, or refuses it; the reader holds a lock on it.  The member is
 * any function of this extension.
 */
NpsDefinition *
NpsReadDefinition(Oid oid, Oid member)
{
	NpsDefinition *definition = palloc0(sizeof(NpsDefinition));
	Relation	view = relation_open(oid, AccessShareLock);

	if (view->rd_rel->relkind != RELKIND_VIEW)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a view", RelationGetRelationName(view)),
				 errdetail("A view defines what is rolled up.")));
	definition->view = oid;
	definition->owner = view->rd_rel->relowner;
	definition->columns = CreateTupleDescCopy(RelationGetDescr(view));
	definition->query = copyObject(get_view_query(view));
	definition->table = CheckShape(view, definition->query)->relid;
	CheckColumns(view, definition->query, definition, member);
	definition->schema = NpsSchemaOf(member);
	relation_close(view, NoLock);
	return definition;
}

/* The names that the columns of a table have now; '' where one was dropped. */
static List *
ColumnNames(Oid oid)
{
	Relation	table = table_open(oid, AccessShareLock);
	TupleDesc	columns = RelationGetDescr(table);
	List	   *names = NIL;

	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		names = lappend(names, makeString(column->attisdropped ? pstrdup("") :
										  pstrdup(NameStr(column->attname))));
	}
	table_close(table, NoLock);
	return names;
}

/*
 * The query of the definition over a source of rows with the table's columns:
 * a transition table, or a name from a WITH.  To the deparser it is a WITH
 * query, which it takes by its name and its column names.
 */
char *
NpsDefinitionOver(const NpsDefinition *definition, const char *source)
{
	Query	   *query = copyObject(definition->query);
	RangeTblRef *from = (RangeTblRef *) linitial(query->jointree->fromlist);
	RangeTblEntry *rte = rt_fetch(from->rtindex, query->rtable);

	rte->eref = makeAlias(source, ColumnNames(rte->relid));
	rte->alias = NULL;
	rte->rtekind = RTE_CTE;
	rte->ctename = pstrdup(source);
	rte->ctelevelsup = 0;
	rte->self_reference = false;
	rte->relid = InvalidOid;
	return pg_get_querydef(query, false);
}

/* The columns of the definition for a query: k1, k2 and so on, and tally. */
char *
NpsDefinitionColumns(const NpsDefinition *definition)
{
	StringInfoData list;
	int			key = 0;

	initStringInfo(&list);
	for (int i = 0; i < definition->columns->natts; i++)
	{
		appendStringInfoString(&list, i == 0 ? "" : ", ");
		if (i == definition->tally)
			appendStringInfoString(&list, "tally");
		else
			appendStringInfo(&list, "k%d", ++key);
	}
	return list.data;
}

/* The keys alone, each followed by a comma. */
char *
NpsDefinitionKeys(const NpsDefinition *definition)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 1; i <= definition->nkeys; i++)
		appendStringInfo(&list, "k%d, ", i);
	return list.data;
}

/* The GROUP BY of a query that begins with the keys, if there are any. */
char *
NpsGroupByKeys(const NpsDefinition *definition)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 1; i <= definition->nkeys; i++)
		appendStringInfo(&list, i == 1 ? " GROUP BY %d" : ", %d", i);
	return list.data;
}

/* The name of a relation, with its schema, quoted. */
char *
NpsQualifiedName(Oid relation)
{
	char	   *schema = get_namespace_name(get_rel_namespace(relation));

	return quote_qualified_identifier(schema, get_rel_name(relation));
}

/* The schema of a function, quoted. */
const char *
NpsSchemaOf(Oid function)
{
	return quote_identifier(get_namespace_name(get_func_namespace(function)));
}
