/*-------------------------------------------------------------------------
 *
 * decimal.h
 *	  Exact decimals: percentages, what is whole in some place, whole numbers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_DECIMAL_H
#define NPS_DECIMAL_H

#include "postgres.h"

#include "utils/numeric.h"

extern Numeric NpsDecimal(int64 units, int places);
extern Numeric NpsPercentage(int64 part, int64 whole);
extern char *NpsNumericToString(Numeric number);
extern bool NpsIsWhole(Numeric number);
extern bool NpsWholeToInt64(Numeric whole, int64 *result);

#endif							/* NPS_DECIMAL_H */
