/*-------------------------------------------------------------------------
 *
 * weighted.h
 *	  The weighted tally: counts, sums of weights, sums of squared weights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_WEIGHTED_H
#define NPS_WEIGHTED_H

#include "plain/types.h"
#include "plain/weight.h"

/*
 * The SQL type nps_weighted_tally, as it stands on disk: how many responses,
 * the sum of their weights in units of 10^-18, and the sum of the squares of
 * these in units of 10^-36, each by category.
 *
 * The counts keep the promise of a tally.  In each category the three numbers
 * are all 0 or all positive, and with n responses of weight w and square q
 * there are weights like that: q <= w^2 <= n q.  The total weight is below
 * 10^20, so that squares fit: q <= w^2 < 10^40, and 256 bits hold 10^41.
 */
typedef struct NpsWeightedTally
{
	NpsTally	responses;
	NpsUint128	weight[NPS_CATEGORIES];
	NpsUint256	square[NPS_CATEGORIES];
} NpsWeightedTally;

/* What a text is, read as a weighted tally */
typedef enum NpsWeightedText
{
	NPS_WEIGHTED_TEXT_VALID,
	NPS_WEIGHTED_TEXT_MALFORMED,
	NPS_WEIGHTED_TEXT_OUT_OF_RANGE	/* well formed, but promises are broken */
} NpsWeightedText;

/* What the text form of a weighted tally needs at most */
#define NPS_WEIGHTED_SIZE	(9 * NPS_DECIMAL_SIZE + 9)

/* The sum of all weights. */
static inline NpsUint128
NpsTotalWeight(const NpsWeightedTally *tally)
{
	NpsUint128	total = tally->weight[NPS_DETRACTOR];

	NpsAdd128(&total, &tally->weight[NPS_PASSIVE]);
	NpsAdd128(&total, &tally->weight[NPS_PROMOTER]);
	return total;
}

/* The sum of all squares. */
static inline NpsUint256
NpsTotalSquare(const NpsWeightedTally *tally)
{
	NpsUint256	total = tally->square[NPS_DETRACTOR];

	NpsAdd256(&total, &tally->square[NPS_PASSIVE]);
	NpsAdd256(&total, &tally->square[NPS_PROMOTER]);
	return total;
}

/*
 * Counts one response of that weight, above 0, in place.  Returns false, and
 * leaves the tally alone, where there would be too many responses, or too
 * much weight.
 */
static inline bool
NpsWeightedCount(NpsWeightedTally *tally, NpsCategory category,
				 const NpsUint128 *units)
{
	NpsUint128	total = NpsTotalWeight(tally);
	NpsUint256	square;

	/* neither sum overflows, as a weight and the total are below 2^127 */
	NpsAdd128(&total, units);
	if (!NpsIsBelowLimit(&total) ||
		NpsTallyTotal(&tally->responses) == INT64_MAX)
		return false;

	square = NpsSquare128(units);
	tally->responses.count[category]++;
	NpsAdd128(&tally->weight[category], units);
	NpsAdd256(&tally->square[category], &square);
	return true;
}

extern bool NpsWeightedIsValid(const NpsWeightedTally *tally);
extern NpsWeightedTally NpsWeightedOne(NpsCategory category,
									   const NpsUint128 *units);
extern NpsWeightedTally NpsWeightedOfTally(const NpsTally *tally);
extern bool NpsWeightedAdd(NpsWeightedTally *tally,
						   const NpsWeightedTally *other);
extern bool NpsWeightedSubtract(NpsWeightedTally *tally,
								const NpsWeightedTally *part);
extern bool NpsWeightedIsPart(const NpsWeightedTally *part,
							  const NpsWeightedTally *tally);
extern bool NpsWeightsAreEqual(const NpsWeightedTally *tally);
extern NpsUint128 NpsNetWeight(const NpsWeightedTally *tally, int *sign);
extern int64_t NpsWeightedScore(const NpsWeightedTally *tally);
extern int64_t NpsWeightedShare(const NpsWeightedTally *tally,
								NpsCategory category);
extern size_t NpsWriteWeighted(const NpsWeightedTally *tally, char *text);
extern NpsWeightedText NpsReadWeighted(const char *text,
									   NpsWeightedTally *tally);

#endif							/* NPS_WEIGHTED_H */
