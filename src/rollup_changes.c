/*-------------------------------------------------------------------------
 *
 * rollup_changes.c
 *	  The table of changes of a roll-up, and how a change gets into it without
 *	  waiting for anybody.
 *
 * A row holds a key, what was added and what was removed; the tally of a key
 * is the sum over its rows of the one minus that of the other.  A change goes
 * into any row of its key that nobody has locked; if there is none, into a new
 * one.  So a key has as many rows as it ever had writers at the same time.
 * A row that a concurrent transaction has changed is never waited for, so that
 * no writer waits for another, and none can deadlock.
 *
 * Where a session last found or put a row of a key it remembers, as a hint: a
 * transaction of many statements leaves many versions of one row, which an
 * index scan would all visit, each time.
 *
 * Under READ COMMITTED a row may be changed that others have changed since the
 * transaction began.  A transaction with one snapshot for all its statements
 * must not: it would see what they added.  It only inserts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "compat.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "rollup.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

/* At most so many rows of a key are folded into one at a time. */
#define MAX_FOLD	100

/* A row that was not written in so many transactions is not in use. */
#define IDLE_AFTER	500

/*
 * Where this session last saw a row of a key: at the key's hash, whatever the
 * table.  What is found there is looked at before it is believed.
 */
#define HINTS	1024
static ItemPointerData hints[HINTS];

struct NpsChanges
{
	Relation	table;
	int			nkeys;
	AttrNumber	added;
	AttrNumber	removed;
	EState	   *estate;
	ResultRelInfo *result;
	EPQState	epqstate;
	Relation	index;			/* on the keys, NULL if there is none */
	IndexInfo  *indexinfo;
	FmgrInfo	equal[INDEX_MAX_KEYS];	/* of the columns of the index */
	FmgrInfo  **same;			/* of the keys */
	FmgrInfo  **hash;			/* of the keys, NULL if one has none */
	BlockNumber blocks;			/* of the table when it was opened */
	TupleTableSlot *change;		/* to be looked up, and stored */
	TupleTableSlot *seen;		/* what the index leads to */
	TupleTableSlot *locked;		/* the row that takes the change */
	TupleTableSlot *surplus;	/* one that is folded into it */
};

/* The column of that name, which must be a tally. */
static AttrNumber
TallyColumn(Relation table, const char *name)
{
	TupleDesc	columns = RelationGetDescr(table);

	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		if (!column->attisdropped &&
			strcmp(NameStr(column->attname), name) == 0 &&
			column->attlen == sizeof(NpsTally) && !column->attbyval)
			return i + 1;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("table \"%s\" has no column \"%s\" of type %s",
					RelationGetRelationName(table), name, "nps_tally"),
			 errdetail("A table of changes has the keys of the roll-up, in their order, then \"added\" and \"removed\".")));
}

/* Takes the first index that can find the rows of a key. */
static void
ChooseIndex(NpsChanges *changes)
{
	ResultRelInfo *result = changes->result;

	for (int i = 0; i < result->ri_NumIndices; i++)
	{
		Relation	index = result->ri_IndexRelationDescs[i];
		IndexInfo  *info = result->ri_IndexRelationInfo[i];

		if (index->rd_rel->relam != BTREE_AM_OID ||
			!index->rd_index->indisvalid ||
			info->ii_Predicate != NIL)
			continue;
		for (int j = 0; j < info->ii_NumIndexKeyAttrs; j++)
		{
			Oid			type = index->rd_opcintype[j];
			Oid			operator = get_opfamily_member(index->rd_opfamily[j],
													   type, type,
													   BTEqualStrategyNumber);

			fmgr_info(get_opcode(operator), &changes->equal[j]);
		}
		changes->index = index;
		changes->indexinfo = info;
		return;
	}
}

/* Opens the table of changes, whose first columns are the keys. */
NpsChanges *
NpsOpenChanges(Oid oid, int nkeys)
{
	NpsChanges *changes = (NpsChanges *) palloc0(sizeof(NpsChanges));
	Relation	table = table_open(oid, RowExclusiveLock);
	EState	   *estate = CreateExecutorState();

	if (table->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table", RelationGetRelationName(table)),
				 errdetail("Changes are kept in an ordinary table.")));
	changes->table = table;
	changes->nkeys = nkeys;
	changes->added = TallyColumn(table, "added");
	changes->removed = TallyColumn(table, "removed");
	changes->same = (FmgrInfo **) palloc(sizeof(FmgrInfo *) * Max(nkeys, 1));
	changes->hash = (FmgrInfo **) palloc(sizeof(FmgrInfo *) * Max(nkeys, 1));
	for (int i = 0; i < nkeys; i++)
	{
		Form_pg_attribute key = TupleDescAttr(RelationGetDescr(table), i);
		TypeCacheEntry *type = lookup_type_cache(key->atttypid,
												 TYPECACHE_EQ_OPR_FINFO |
												 TYPECACHE_HASH_PROC_FINFO);

		changes->same[i] = &type->eq_opr_finfo;
		if (!OidIsValid(type->hash_proc))
			changes->hash = NULL;
		if (changes->hash != NULL)
			changes->hash[i] = &type->hash_proc_finfo;
	}
	changes->blocks = RelationGetNumberOfBlocks(table);

	changes->estate = estate;
	changes->result = makeNode(ResultRelInfo);
	InitResultRelInfo(changes->result, table, 0, NULL, 0);
	ExecOpenIndices(changes->result, false);
	ChooseIndex(changes);
	EvalPlanQualInit(&changes->epqstate, estate, NULL, NIL, -1, NIL);
	changes->change = ExecInitExtraTupleSlot(estate, RelationGetDescr(table),
											 &TTSOpsVirtual);
	changes->seen = table_slot_create(table, &estate->es_tupleTable);
	changes->locked = table_slot_create(table, &estate->es_tupleTable);
	changes->surplus = table_slot_create(table, &estate->es_tupleTable);

	/* What happened before in this command must be seen. */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	estate->es_snapshot = GetActiveSnapshot();
	AfterTriggerBeginQuery();
	return changes;
}

/* Closes it, but keeps the lock; its triggers, if the user made some, fire. */
void
NpsCloseChanges(NpsChanges *changes)
{
	AfterTriggerEndQuery(changes->estate);
	EvalPlanQualEnd(&changes->epqstate);
	ExecCloseIndices(changes->result);
	ExecResetTupleTable(changes->estate->es_tupleTable, false);
	PopActiveSnapshot();
	FreeExecutorState(changes->estate);
	table_close(changes->table, NoLock);
}

/* Are both keys the same, as GROUP BY sees it? */
bool
NpsSameKeys(const NpsChanges *changes, const Datum *a, const bool *anulls,
			const Datum *b, const bool *bnulls)
{
	TupleDesc	columns = RelationGetDescr(changes->table);

	for (int i = 0; i < changes->nkeys; i++)
	{
		Oid			collation = TupleDescAttr(columns, i)->attcollation;

		if (anulls[i] != bnulls[i])
			return false;
		if (!anulls[i] && !DatumGetBool(FunctionCall2Coll(changes->same[i],
														  collation,
														  a[i], b[i])))
			return false;
	}
	return true;
}

/* Is the row one of the key of the change? */
static bool
HasKeys(NpsChanges *changes, TupleTableSlot *row)
{
	TupleTableSlot *change = changes->change;

	slot_getsomeattrs(row, changes->nkeys);
	return NpsSameKeys(changes, change->tts_values, change->tts_isnull,
					   row->tts_values, row->tts_isnull);
}

/* The place of the hint for the key of the change, if its types can hash. */
static ItemPointer
HintOf(NpsChanges *changes)
{
	TupleTableSlot *change = changes->change;
	uint32		hash = RelationGetRelid(changes->table);

	if (changes->hash == NULL)
		return NULL;
	for (int i = 0; i < changes->nkeys; i++)
	{
		Form_pg_attribute key = TupleDescAttr(change->tts_tupleDescriptor, i);
		uint32		value = 0;

		if (!change->tts_isnull[i])
			value = DatumGetUInt32(FunctionCall1Coll(changes->hash[i],
													 key->attcollation,
													 change->tts_values[i]));
		hash = hash_combine(hash, value);
	}
	return &hints[murmurhash32(hash) % HINTS];
}

/* Begins a scan of all rows that the index has for the key of the change. */
static IndexScanDesc
BeginLookup(NpsChanges *changes)
{
	Relation	index = changes->index;
	ScanKeyData keys[INDEX_MAX_KEYS];
	Datum		values[INDEX_MAX_KEYS];
	bool		nulls[INDEX_MAX_KEYS];
	int			nkeys = changes->indexinfo->ii_NumIndexKeyAttrs;
	IndexScanDesc scan;

	GetPerTupleExprContext(changes->estate)->ecxt_scantuple = changes->change;
	FormIndexDatum(changes->indexinfo, changes->change, changes->estate,
				   values, nulls);
	for (int i = 0; i < nkeys; i++)
	{
		if (nulls[i])
			ScanKeyEntryInitialize(&keys[i], SK_ISNULL | SK_SEARCHNULL, i + 1,
								   InvalidStrategy, InvalidOid, InvalidOid,
								   InvalidOid, (Datum) 0);
		else
			ScanKeyEntryInitializeWithInfo(&keys[i], 0, i + 1,
										   BTEqualStrategyNumber, InvalidOid,
										   index->rd_indcollation[i],
										   &changes->equal[i], values[i]);
	}
	scan = index_beginscan(changes->table, index, GetActiveSnapshot(), NULL,
						   nkeys, 0);
	index_rescan(scan, keys, nkeys, NULL, 0);
	return scan;
}

/* Locks the newest version of the row just seen, unless somebody has it. */
static bool
LockRow(NpsChanges *changes, TupleTableSlot *locked)
{
	ItemPointerData place = changes->seen->tts_tid;
	TM_FailureData failure;

	return table_tuple_lock(changes->table, &place, GetActiveSnapshot(),
							locked, GetCurrentCommandId(true),
							LockTupleNoKeyExclusive, LockWaitSkip,
							TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
							&failure) == TM_Ok &&
		HasKeys(changes, locked);
}

/* Adds what the row holds to these tallies. */
static void
AddRow(NpsChanges *changes, TupleTableSlot *row, NpsTally *added,
	   NpsTally *removed)
{
	bool		isnull;
	Datum		value = slot_getattr(row, changes->added, &isnull);

	if (!isnull)
		NpsTallyAdd(added, DatumGetNpsTallyP(value));
	value = slot_getattr(row, changes->removed, &isnull);
	if (!isnull)
		NpsTallyAdd(removed, DatumGetNpsTallyP(value));
}

/* Puts these tallies into a row that is to be stored. */
static void
SetTallies(NpsChanges *changes, TupleTableSlot *row, const NpsTally *added,
		   const NpsTally *removed)
{
	row->tts_values[changes->added - 1] = NpsTallyPGetDatum(added);
	row->tts_isnull[changes->added - 1] = false;
	row->tts_values[changes->removed - 1] = NpsTallyPGetDatum(removed);
	row->tts_isnull[changes->removed - 1] = false;
}

/*
 * Is the row of the hint one of the key, and free?  Then it is locked.  When
 * it is time to fold, only a row that this transaction has made will do.
 */
static bool
LockHintedRow(NpsChanges *changes, ItemPointer hint, bool fold)
{
	TupleTableSlot *seen = changes->seen;

	if (hint == NULL || !ItemPointerIsValid(hint) ||
		ItemPointerGetBlockNumber(hint) >= changes->blocks ||
		!table_tuple_fetch_row_version(changes->table, hint,
									   GetActiveSnapshot(), seen) ||
		!HasKeys(changes, seen))
		return false;
	if (fold)
	{
		bool		isnull;
		Datum		xmin = slot_getsysattr(seen,
										   MinTransactionIdAttributeNumber,
										   &isnull);

		if (!TransactionIdIsCurrentTransactionId(DatumGetTransactionId(xmin)))
			return false;
	}
	return LockRow(changes, changes->locked);
}

/* Has nobody written the row just seen for a while? */
static bool
IsIdle(NpsChanges *changes)
{
	bool		isnull;
	Datum		xmin = slot_getsysattr(changes->seen,
									   MinTransactionIdAttributeNumber,
									   &isnull);
	TransactionId before = ReadNextTransactionId() - IDLE_AFTER;

	return !TransactionIdIsNormal(before) ||
		TransactionIdPrecedes(DatumGetTransactionId(xmin), before);
}

/*
 * Finds a row of the key that is free, and locks it.  To fold is to take all
 * together that are free and idle: the others are deleted, and added to these
 * tallies.  Those that writers use would soon be missed.
 */
static bool
LockFreeRow(NpsChanges *changes, NpsTally *added, NpsTally *removed, bool fold)
{
	IndexScanDesc scan = BeginLookup(changes);
	bool		found = false;
	int			folded = 0;

	while (index_getnext_slot(scan, ForwardScanDirection, changes->seen))
	{
		CHECK_FOR_INTERRUPTS();
		if (!HasKeys(changes, changes->seen) ||
			(found && !IsIdle(changes)) ||
			!LockRow(changes, found ? changes->surplus : changes->locked))
			continue;
		if (found)
		{
			AddRow(changes, changes->surplus, added, removed);
			ExecSimpleRelationDelete(changes->result, changes->estate,
									 &changes->epqstate, changes->surplus);
		}
		found = true;
		if (!fold || ++folded > MAX_FOLD)
			break;
	}
	index_endscan(scan);
	return found;
}

/* Puts the change into the row that was locked; drops what is nothing then. */
static void
ChangeRow(NpsChanges *changes, NpsTally added, NpsTally removed)
{
	TupleTableSlot *change = changes->change;

	AddRow(changes, changes->locked, &added, &removed);
	if (memcmp(&added, &removed, sizeof(NpsTally)) == 0)
		ExecSimpleRelationDelete(changes->result, changes->estate,
								 &changes->epqstate, changes->locked);
	else
	{
		/* Columns that the user added to the table stay as they are. */
		ExecCopySlot(change, changes->locked);
		SetTallies(changes, change, &added, &removed);
		ExecSimpleRelationUpdate(changes->result, changes->estate,
								 &changes->epqstate, changes->locked, change);
	}
}

/*
 * Adds a change.  One call for each key between opening and closing the table:
 * what was changed by this command can't be changed again by it.
 */
void
NpsAddChange(NpsChanges *changes, const Datum *keys, const bool *nulls,
			 const NpsTally *added, const NpsTally *removed, bool fold)
{
	TupleTableSlot *change = changes->change;
	NpsTally	all_added = *added;
	NpsTally	all_removed = *removed;
	ItemPointer hint;

	if (memcmp(added, removed, sizeof(NpsTally)) == 0)
		return;
	ExecClearTuple(change);
	memset(change->tts_isnull, true,
		   sizeof(bool) * change->tts_tupleDescriptor->natts);
	for (int i = 0; i < changes->nkeys; i++)
	{
		change->tts_values[i] = keys[i];
		change->tts_isnull[i] = nulls[i];
	}
	SetTallies(changes, change, added, removed);
	ExecStoreVirtualTuple(change);

	hint = HintOf(changes);
	if (changes->index == NULL || IsolationUsesXactSnapshot())
		ExecSimpleRelationInsert(changes->result, changes->estate, change);
	else if (LockHintedRow(changes, hint, fold) ||
			 LockFreeRow(changes, &all_added, &all_removed, fold))
		ChangeRow(changes, all_added, all_removed);
	else
		ExecSimpleRelationInsert(changes->result, changes->estate, change);
	if (hint != NULL)
		*hint = change->tts_tid;
	ResetPerTupleExprContext(changes->estate);
}
