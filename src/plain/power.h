/*-------------------------------------------------------------------------
 *
 * power.h
 *	  How many responses an answer takes, and what a sample can find.
 *
 * Plain C99 that knows nothing of PostgreSQL.  Margins and differences are in
 * points; confidence and power are fractions strictly between 0 and 1.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_POWER_H
#define NPS_POWER_H

#include "plain/statistics.h"

extern double NpsSampleSize(double margin, double confidence,
							double variance, double population);
extern double NpsSampleSizeToDetect(double difference, double power,
									double confidence, double variance_a,
									double variance_b,
									NpsAlternative alternative);
extern double NpsDetectableDifference(NpsTally a, NpsTally b,
									  double power, double confidence,
									  NpsAlternative alternative);

#endif							/* NPS_POWER_H */
