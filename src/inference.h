/*-------------------------------------------------------------------------
 *
 * inference.h
 *	  Between SQL and the mathematics of statistics.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_INFERENCE_H
#define NPS_INFERENCE_H

#include "statistics.h"
#include "tally.h"

/* A tally as the mathematics knows it. */
static inline NpsCounts
NpsTallyCounts(const NpsTally *tally)
{
	NpsCounts	counts;

	counts.detractors = tally->count[NPS_DETRACTOR];
	counts.passives = tally->count[NPS_PASSIVE];
	counts.promoters = tally->count[NPS_PROMOTER];
	return counts;
}

extern Datum NpsMakeRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

#endif							/* NPS_INFERENCE_H */
