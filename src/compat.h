/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between the supported PostgreSQL servers, and nothing else.
 *
 * The rest of the code is written for the newest server; this header gives
 * the older ones the same names.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_COMPAT_H
#define NPS_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000
#error "nps needs PostgreSQL 15 or newer"
#endif

/*
 * 16 gave input functions soft errors, which the caller can ask for, and moved
 * the varlena macros out of postgres.h.  Before, every error is thrown.
 */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#else
#define ereturn(context, dummy_value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy_value; \
	} while (0)
#endif

/* 18 includes this; its PRId64 goes with int64_t, which int64 need not be. */
#include <inttypes.h>

/* 16 lets make_range report soft errors, too: its last argument. */
#if PG_VERSION_NUM < 160000
#include "utils/rangetypes.h"
#define make_range(typcache, lower, upper, empty, escontext) \
	make_range(typcache, lower, upper, empty)
#endif

/* 18 spells the attribute as C11 does, in front of the declaration. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* 16 wants to know which result relations EvalPlanQual is for. */
#if PG_VERSION_NUM < 160000
#include "executor/executor.h"
#define EvalPlanQualInit(epqstate, estate, subplan, marks, param, relations) \
	EvalPlanQualInit(epqstate, estate, subplan, marks, param)
#endif

/* 16 checks ownership of every class of object by one function. */
#if PG_VERSION_NUM < 160000
#define object_ownercheck(classid, objectid, roleid) \
	pg_class_ownercheck(objectid, roleid)
#endif

/* 18 lets columns stand for what a query groups by; this takes them back. */
#if PG_VERSION_NUM >= 180000
#include "optimizer/optimizer.h"
#define NpsFlattenGroups(query, targets) \
	((query)->hasGroupRTE ? \
	 (List *) flatten_group_exprs(NULL, (Query *) (query), \
								  (Node *) (targets)) : \
	 (targets))
#else
#define NpsFlattenGroups(query, targets) (targets)
#endif

/* 18 counts what index scans do.  The macro must not meet the declaration. */
#if PG_VERSION_NUM < 180000
#include "access/genam.h"
#define index_beginscan(heap, index, snapshot, instrument, nkeys, norderbys) \
	index_beginscan(heap, index, snapshot, nkeys, norderbys)
#endif

#endif							/* NPS_COMPAT_H */
