/*-------------------------------------------------------------------------
 *
 * weight.h
 *	  The weight of one response, as a decimal of 18 places.
 *
 * Plain C99 that knows nothing of PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_WEIGHT_H
#define NPS_WEIGHT_H

#include "plain/wide.h"

/* Decimal places of a weight and of its square */
#define NPS_WEIGHT_PLACES	18
#define NPS_SQUARE_PLACES	36

/* 10^38 units of 10^-18 are 10^20, which no weight and no sum reaches */
#define NPS_WEIGHT_LIMIT_HIGH	UINT64_C(0x4b3b4ca85a86c47a)
#define NPS_WEIGHT_LIMIT_LOW	UINT64_C(0x098a224000000000)

/* Are so many units below 10^20? */
static inline bool
NpsIsBelowLimit(const NpsUint128 *units)
{
	return units->limb[1] < NPS_WEIGHT_LIMIT_HIGH ||
		(units->limb[1] == NPS_WEIGHT_LIMIT_HIGH &&
		 units->limb[0] < NPS_WEIGHT_LIMIT_LOW);
}

extern bool NpsWeightToUnits(double weight, NpsUint128 *units);

#endif							/* NPS_WEIGHT_H */
