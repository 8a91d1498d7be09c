/*-------------------------------------------------------------------------
 *
 * decimal.h
 *	  Exact decimal results: percentages, and what is whole in some place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_DECIMAL_H
#define NPS_DECIMAL_H

#include "postgres.h"

#include "utils/numeric.h"

extern Numeric NpsDecimal(int64 units, int places);
extern Numeric NpsPercentage(int64 part, int64 whole);

#endif							/* NPS_DECIMAL_H */
