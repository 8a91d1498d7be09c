/*-------------------------------------------------------------------------
 *
 * statistics.h
 *	  What the SQL functions of the statistics have in common: arguments that
 *	  are checked, results that are made SQL values.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_STATISTICS_H
#define NPS_STATISTICS_H

#include "fmgr.h"
#include "plain/statistics.h"
#include "utils/numeric.h"

extern double NpsFractionArgument(FunctionCallInfo fcinfo, int n,
								  const char *name);
extern double NpsConfidenceArgument(FunctionCallInfo fcinfo, int n);
extern NpsMethod NpsMethodArgument(FunctionCallInfo fcinfo, int n, NpsUse use);
extern NpsAlternative NpsAlternativeArgument(FunctionCallInfo fcinfo, int n);

extern Numeric NpsPointsToNumeric(double points);
extern Datum NpsMakeRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls);
extern double NpsBenchmarkArgument(FunctionCallInfo fcinfo, int n);
extern Datum NpsPointsGetDatum(double points);
extern Datum NpsIntervalGetDatum(NpsInterval interval);
extern Datum NpsTestRow(FunctionCallInfo fcinfo, NpsTestResult result);
extern Datum NpsChangeRow(FunctionCallInfo fcinfo, NpsChange change);

#endif							/* NPS_STATISTICS_H */
