/*-------------------------------------------------------------------------
 *
 * weighted_tally.h
 *	  The weighted tally: a tally whose responses have weights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_WEIGHTED_TALLY_H
#define NPS_WEIGHTED_TALLY_H

#include "category.h"
#include "plain/weighted.h"

/* Gets a weighted tally from a Datum; with assertions on, checks it. */
static inline NpsWeightedTally *
DatumGetNpsWeightedTallyP(Datum datum)
{
	NpsWeightedTally *tally = (NpsWeightedTally *) DatumGetPointer(datum);

	Assert(NpsWeightedIsValid(tally));
	return tally;
}

#define PG_GETARG_NPS_WEIGHTED_TALLY_P(n) \
	DatumGetNpsWeightedTallyP(PG_GETARG_DATUM(n))
#define PG_RETURN_NPS_WEIGHTED_TALLY_P(x)	PG_RETURN_POINTER(x)

extern char *NpsWeightedToString(const NpsWeightedTally *tally);
extern NpsWeightedTally *NpsWeightedCopy(const NpsWeightedTally *tally);
extern Numeric NpsWeightToNumeric(const NpsUint128 *units);
extern Numeric NpsWeightedTallyScore(const NpsWeightedTally *tally);
extern Numeric NpsWeightedPercentage(const NpsWeightedTally *tally,
									 NpsCategory category);
extern Numeric NpsEffectiveResponses(const NpsWeightedTally *tally);
pg_noreturn extern pg_attribute_cold void
			NpsWeightOutOfRange(double weight);
pg_noreturn extern pg_attribute_cold void
			NpsWeightedSumOutOfRange(const NpsWeightedTally *a,
									 const NpsWeightedTally *b);
pg_noreturn extern pg_attribute_cold void
			NpsWeightedNotAPart(const NpsWeightedTally *part,
								const NpsWeightedTally *tally);

#endif							/* NPS_WEIGHTED_TALLY_H */
