/*-------------------------------------------------------------------------
 *
 * score.h
 *	  The Net Promoter Score of a tally, and other exact results in points.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_SCORE_H
#define NPS_SCORE_H

#include "tally.h"
#include "utils/numeric.h"

extern Numeric NpsDecimal(int64 units, int places);
extern Numeric NpsPercentage(int64 part, int64 whole);
extern Numeric NpsTallyScore(const NpsTally *tally);

#endif							/* NPS_SCORE_H */
