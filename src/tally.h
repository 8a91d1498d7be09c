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

/* Gets a tally from a Datum; with assertions on, checks that it is valid. */
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
extern Numeric NpsTallyScore(const NpsTally *tally);
extern NpsTally *NpsTallyCopy(const NpsTally *tally);
pg_noreturn extern pg_attribute_cold void
			NpsTallySumOutOfRange(const NpsTally *a, const NpsTally *b);
extern void NpsTallyAdd(NpsTally *tally, const NpsTally *other);
extern void NpsTallySubtract(NpsTally *tally, const NpsTally *part);

#endif							/* NPS_TALLY_H */
