/*-------------------------------------------------------------------------
 *
 * change.c
 *	  What a segment did to the change of the overall score.
 *
 * The mathematics is in statistics.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "inference.h"
#include "score.h"

/*
 * Decimal places of an effect.  Effects are summed over segments, so they
 * have more than other results: ten thousand segments add up to 1e-9.
 */
#define EFFECT_PLACES	13
#define EFFECT_UNITS	1e13

/*
 * Refuses a segment that is no part of its total: segments and totals given
 * in the wrong order would else make a plausible row.
 */
static void
CheckSegment(const NpsTally *segment, const NpsTally *total)
{
	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (segment->count[category] > total->count[category])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("segment %s is larger than its total %s",
							NpsTallyToString(segment),
							NpsTallyToString(total)),
					 errdetail("No count of a segment exceeds that of its total."),
					 errhint("The arguments are before, after, total_before, total_after.")));
	}
}

PG_FUNCTION_INFO_V1(nps_change);
/*
 * The effect of a segment's own score (rate), of its share of the responses
 * (mix), and both together, in points.  NULL where a total has no responses.
 */
Datum
nps_change(PG_FUNCTION_ARGS)
{
	NpsTally   *before = PG_GETARG_NPS_TALLY_P(0);
	NpsTally   *after = PG_GETARG_NPS_TALLY_P(1);
	NpsTally   *total_before = PG_GETARG_NPS_TALLY_P(2);
	NpsTally   *total_after = PG_GETARG_NPS_TALLY_P(3);
	NpsChange	change;
	int64		rate;
	int64		mix;
	Datum		values[3];
	bool		nulls[3] = {0};

	CheckSegment(before, total_before);
	CheckSegment(after, total_after);
	if (NpsTallyTotal(total_before) == 0 || NpsTallyTotal(total_after) == 0)
		PG_RETURN_NULL();

	change = NpsDecomposeChange(NpsTallyCounts(before), NpsTallyCounts(after),
								NpsTallyCounts(total_before),
								NpsTallyCounts(total_after));
	rate = (int64) round(change.rate * EFFECT_UNITS);
	mix = (int64) round(change.mix * EFFECT_UNITS);
	values[0] = NumericGetDatum(NpsDecimal(rate, EFFECT_PLACES));
	values[1] = NumericGetDatum(NpsDecimal(mix, EFFECT_PLACES));
	values[2] = NumericGetDatum(NpsDecimal(rate + mix, EFFECT_PLACES));
	return NpsMakeRow(fcinfo, values, nulls);
}
