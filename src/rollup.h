/*-------------------------------------------------------------------------
 *
 * rollup.h
 *	  Roll-ups: tallies by key, kept by triggers, exact in every snapshot.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_ROLLUP_H
#define NPS_ROLLUP_H

#include "nodes/parsenodes.h"
#include "tally.h"
#include "utils/rel.h"
#include "utils/reltrigger.h"
#include "utils/tuplestore.h"

/* What the view that defines a roll-up says. */
typedef struct NpsDefinition
{
	Oid			view;
	Oid			owner;
	Oid			table;			/* the table that it reads */
	Query	   *query;			/* a copy */
	TupleDesc	columns;		/* of the view, a copy */
	int			tally;			/* which of them is the tally, from 0 */
	int			nkeys;
	int		   *keys;			/* which of them are the keys, from 0 */
	const char *schema;			/* of this extension, quoted */
} NpsDefinition;

/* The column of the definition that is its key of that number, from 0. */
static inline Form_pg_attribute
NpsKey(const NpsDefinition *definition, int key)
{
	return TupleDescAttr(definition->columns, definition->keys[key]);
}

/* The three relations of a roll-up. */
typedef struct NpsRollup
{
	Oid			view;			/* InvalidOid if a trigger does not name it */
	Oid			changes;
	Oid			definition;
} NpsRollup;

/* The table of changes, open to be written to; see rollup_changes.c. */
typedef struct NpsChanges NpsChanges;

/* A definition, prepared for single rows; see rollup_row.c. */
typedef struct NpsRowPlan NpsRowPlan;

/* Another user, and a search path that nobody else chooses. */
typedef struct NpsSandbox
{
	Oid			user;
	int			context;
	int			nestlevel;
} NpsSandbox;

/* rollup_definition.c */
extern NpsDefinition *NpsReadDefinition(Oid view, Oid member);
extern char *NpsDefinitionOver(const NpsDefinition *definition,
							   const char *source);
extern char *NpsDefinitionColumns(const NpsDefinition *definition);
extern char *NpsDefinitionKeys(const NpsDefinition *definition);
extern char *NpsQualifiedName(Oid relation);
extern const char *NpsSchemaOf(Oid function);
extern char *NpsGroupByKeys(const NpsDefinition *definition);

/* rollup_row.c */
extern NpsRowPlan *NpsMakeRowPlan(const NpsDefinition *definition,
								  TupleDesc row);
extern void NpsFreeRowPlan(NpsRowPlan *plan);
extern bool NpsTallyOfRow(NpsRowPlan *plan, int number, Tuplestorestate *table,
						  Datum *keys, bool *nulls, NpsTally *tally);
extern void NpsEndRow(NpsRowPlan *plan);

/* rollup_changes.c */
extern NpsChanges *NpsOpenChanges(Oid table, int nkeys);
extern bool NpsSameKeys(const NpsChanges *changes, const Datum *a,
						const bool *anulls, const Datum *b,
						const bool *bnulls);
extern void NpsAddChange(NpsChanges *changes, const Datum *keys,
						 const bool *nulls, const NpsTally *added,
						 const NpsTally *removed, bool fold);
extern void NpsCloseChanges(NpsChanges *changes);

/* rollup_trigger.c */
extern bool NpsRollupOfTrigger(const Trigger *trigger, Oid member,
							   NpsRollup *rollup);
extern void NpsCheckSameOwner(Oid relation, const NpsDefinition *definition);
extern bool NpsHasTriggers(Oid table, Oid member, Oid changes);
extern void NpsCheckTrigger(FunctionCallInfo fcinfo);
extern bool NpsResolveRollup(FunctionCallInfo fcinfo, NpsRollup *rollup);
extern void NpsCheckChanges(Relation changes,
							const NpsDefinition *definition);
extern void NpsEnterSandbox(NpsSandbox *sandbox, Oid owner);
extern void NpsLeaveSandbox(const NpsSandbox *sandbox);

#endif							/* NPS_ROLLUP_H */
