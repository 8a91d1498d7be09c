/*-------------------------------------------------------------------------
 *
 * tally.h
 *	  The tally: how many detractors, passives and promoters.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_TALLY_H
#define NPS_TALLY_H

#include "category.h"

/*
 * The SQL type nps_tally, as it stands on disk.  Counts are never negative
 * and their total fits int64: everything that makes a tally sees to it, so
 * everything that uses one may rely on it.
 */
typedef struct NpsTally
{
	int64		count[NPS_CATEGORIES];	/* indexed by NpsCategory */
} NpsTally;

/* How many responses a tally counts. */
static inline int64
NpsTallyTotal(const NpsTally *tally)
{
	return tally->count[NPS_DETRACTOR] + tally->count[NPS_PASSIVE] +
		tally->count[NPS_PROMOTER];
}

/* Is the promise above kept? */
static inline bool
NpsTallyIsValid(const NpsTally *tally)
{
	const int64 *count = tally->count;

	return count[NPS_DETRACTOR] >= 0 && count[NPS_PASSIVE] >= 0 &&
		count[NPS_PROMOTER] >= 0 &&
		count[NPS_DETRACTOR] <= PG_INT64_MAX - count[NPS_PASSIVE] &&
		count[NPS_DETRACTOR] + count[NPS_PASSIVE] <= PG_INT64_MAX - count[NPS_PROMOTER];
}

/* Gets a tally from a Datum; with assertions on, checks that promise. */
static inline NpsTally *
DatumGetNpsTallyP(Datum datum)
{
	NpsTally   *tally = (NpsTally *) DatumGetPointer(datum);

	Assert(NpsTallyIsValid(tally));
	return tally;
}

/* Makes a Datum of a tally, with the same check. */
static inline Datum
NpsTallyPGetDatum(const NpsTally *tally)
{
	Assert(NpsTallyIsValid(tally));
	return PointerGetDatum(tally);
}

#define PG_GETARG_NPS_TALLY_P(n)	DatumGetNpsTallyP(PG_GETARG_DATUM(n))
#define PG_RETURN_NPS_TALLY_P(x)	return NpsTallyPGetDatum(x)

extern char *NpsTallyToString(const NpsTally *tally);
extern NpsTally *NpsTallyCopy(const NpsTally *tally);
extern void NpsTallyAdd(NpsTally *tally, const NpsTally *other);
extern void NpsTallySubtract(NpsTally *tally, const NpsTally *part);

#endif							/* NPS_TALLY_H */
