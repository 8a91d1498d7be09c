/*-------------------------------------------------------------------------
 *
 * types.h
 *	  The two types: the category of an answer, and the tally.
 *
 * What is in this folder is plain C99 that knows nothing of PostgreSQL, so
 * that it can be tested and fuzzed outside a server.  Nothing in it
 * allocates, prints, fails or keeps state; errors are worded by the caller.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_TYPES_H
#define NPS_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The SQL type nps_category is one byte that holds one of these.  They index
 * the counts of a tally, and their order is the order of the type.
 */
typedef enum NpsCategory
{
	NPS_DETRACTOR,
	NPS_PASSIVE,
	NPS_PROMOTER
} NpsCategory;

#define NPS_CATEGORIES 3

/*
 * The SQL type nps_tally, as it stands on disk.  Counts are never negative
 * and their total fits int64_t: everything that makes a tally sees to it, so
 * everything that uses one may rely on it.
 */
typedef struct NpsTally
{
	int64_t		count[NPS_CATEGORIES];	/* indexed by NpsCategory */
} NpsTally;

/* Is it one of the three?  All that makes a category sees to it. */
static inline bool
NpsCategoryIsValid(NpsCategory category)
{
	return (unsigned int) category < NPS_CATEGORIES;
}

/* How many responses a tally counts. */
static inline int64_t
NpsTallyTotal(const NpsTally *tally)
{
	return tally->count[NPS_DETRACTOR] + tally->count[NPS_PASSIVE] +
		tally->count[NPS_PROMOTER];
}

/* Is the promise above kept? */
static inline bool
NpsTallyIsValid(const NpsTally *tally)
{
	const int64_t *count = tally->count;

	return count[NPS_DETRACTOR] >= 0 && count[NPS_PASSIVE] >= 0 &&
		count[NPS_PROMOTER] >= 0 &&
		count[NPS_DETRACTOR] <= INT64_MAX - count[NPS_PASSIVE] &&
		count[NPS_DETRACTOR] + count[NPS_PASSIVE] <=
		INT64_MAX - count[NPS_PROMOTER];
}

#endif							/* NPS_TYPES_H */
