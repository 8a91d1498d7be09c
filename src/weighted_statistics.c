/*-------------------------------------------------------------------------
 *
 * weighted_statistics.c
 *	  The SQL face of the statistics of weighted tallies.
 *
 * As statistics.c has it for plain ones: arguments are checked before a tally
 * without responses makes the result NULL.  Methods that take no weights are
 * refused.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "decimal.h"
#include "statistics.h"
#include "weighted_tally.h"

/* Does the weighted tally count nothing? */
static inline bool
IsEmpty(const NpsWeightedTally *tally)
{
	return NpsTallyTotal(&tally->responses) == 0;
}

PG_FUNCTION_INFO_V1(nps_weighted_stderr);
/* The standard error of the score, in points; 0 where all answers agree. */
Datum
nps_weighted_stderr(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	if (IsEmpty(tally))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(NpsWeightedStandardError(tally));
}

PG_FUNCTION_INFO_V1(nps_weighted_interval);
/* The confidence interval of the score, closed, within -100 and 100. */
Datum
nps_weighted_interval(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	double		confidence = NpsConfidenceArgument(fcinfo, 1);
	NpsMethod	method = NpsMethodArgument(fcinfo, 2, NPS_WEIGHTS);
	NpsInterval interval;

	if (IsEmpty(tally))
		PG_RETURN_NULL();
	interval = NpsWeightedInterval(tally, confidence, method);
	PG_RETURN_DATUM(NpsIntervalGetDatum(interval));
}

PG_FUNCTION_INFO_V1(nps_weighted_margin);
/* The margin of error: half the interval's width before it is clipped. */
Datum
nps_weighted_margin(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	double		confidence = NpsConfidenceArgument(fcinfo, 1);
	NpsMethod	method = NpsMethodArgument(fcinfo, 2, NPS_WEIGHTS);
	NpsInterval interval;

	if (IsEmpty(tally))
		PG_RETURN_NULL();
	interval = NpsWeightedInterval(tally, confidence, method);
	PG_RETURN_DATUM(NpsPointsGetDatum(interval.margin));
}

PG_FUNCTION_INFO_V1(nps_weighted_test_two_samples);
/* nps_test(a, b, ...): the score of a less that of b. */
Datum
nps_weighted_test_two_samples(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *a = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	NpsWeightedTally *b = PG_GETARG_NPS_WEIGHTED_TALLY_P(1);
	double		confidence = NpsConfidenceArgument(fcinfo, 2);
	NpsMethod	method = NpsMethodArgument(fcinfo, 3, NPS_WEIGHTS);
	NpsAlternative alternative = NpsAlternativeArgument(fcinfo, 4);
	NpsTestResult result;

	if (IsEmpty(a) || IsEmpty(b))
		PG_RETURN_NULL();
	result = NpsWeightedTestTwoSamples(a, b, confidence, method, alternative);
	return NpsTestRow(fcinfo, result);
}

PG_FUNCTION_INFO_V1(nps_weighted_test_benchmark);
/* nps_test(tally, benchmark, ...): the score less the benchmark. */
Datum
nps_weighted_test_benchmark(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	double		benchmark = NpsBenchmarkArgument(fcinfo, 1);
	double		confidence = NpsConfidenceArgument(fcinfo, 2);
	NpsMethod	method = NpsMethodArgument(fcinfo, 3, NPS_WEIGHTS);
	NpsAlternative alternative = NpsAlternativeArgument(fcinfo, 4);
	NpsTestResult result;

	if (IsEmpty(tally))
		PG_RETURN_NULL();
	result = NpsWeightedTestBenchmark(tally, benchmark, confidence, method,
									  alternative);
	return NpsTestRow(fcinfo, result);
}

/* Refuses a segment that is no part of its total, as for plain tallies. */
static void
CheckSegment(const NpsWeightedTally *segment, const NpsWeightedTally *total)
{
	if (!NpsWeightedIsPart(segment, total))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segment %s is larger than its total %s",
						NpsWeightedToString(segment),
						NpsWeightedToString(total)),
				 errdetail("No count, weight or squared weight of a segment exceeds that of its total."),
				 errhint("The arguments are before, after, total_before, total_after.")));
}

PG_FUNCTION_INFO_V1(nps_weighted_change);
/*
 * The effect of a segment's own score (rate), of its share of the weight
 * (mix), and both together, in points.  NULL where a total has no responses.
 */
Datum
nps_weighted_change(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *before = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	NpsWeightedTally *after = PG_GETARG_NPS_WEIGHTED_TALLY_P(1);
	NpsWeightedTally *total_before = PG_GETARG_NPS_WEIGHTED_TALLY_P(2);
	NpsWeightedTally *total_after = PG_GETARG_NPS_WEIGHTED_TALLY_P(3);
	NpsChange	change;

	CheckSegment(before, total_before);
	CheckSegment(after, total_after);
	if (IsEmpty(total_before) || IsEmpty(total_after))
		PG_RETURN_NULL();
	change = NpsWeightedChange(before, after, total_before, total_after);
	return NpsChangeRow(fcinfo, change);
}

PG_FUNCTION_INFO_V1(nps_weighted_summary);
/*
 * Counts, shares of the weight, score, interval, weight and effective number
 * of responses in one row.  Without responses the counts and the weight are 0
 * and the rest is NULL.
 */
Datum
nps_weighted_summary(PG_FUNCTION_ARGS)
{
	enum
	{
		RESPONSES,
		COUNTS,
		SHARES = COUNTS + NPS_CATEGORIES,
		SCORE = SHARES + NPS_CATEGORIES,
		MARGIN,
		LOWER,
		UPPER,
		WEIGHT,
		EFFECTIVE,
		COLUMNS
	};
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	double		confidence = NpsConfidenceArgument(fcinfo, 1);
	NpsMethod	method = NpsMethodArgument(fcinfo, 2, NPS_WEIGHTS);
	NpsUint128	weight = NpsTotalWeight(tally);
	NpsInterval interval;
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS] = {0};

	values[RESPONSES] = Int64GetDatum(NpsTallyTotal(&tally->responses));
	for (int category = 0; category < NPS_CATEGORIES; category++)
		values[COUNTS + category] =
			Int64GetDatum(tally->responses.count[category]);
	values[WEIGHT] = NumericGetDatum(NpsWeightToNumeric(&weight));

	if (IsEmpty(tally))
	{
		for (int i = SHARES; i < COLUMNS; i++)
			nulls[i] = i != WEIGHT;
		return NpsMakeRow(fcinfo, values, nulls);
	}

	for (int i = 0; i < NPS_CATEGORIES; i++)
		values[SHARES + i] =
			NumericGetDatum(NpsWeightedPercentage(tally, (NpsCategory) i));
	values[SCORE] = NumericGetDatum(NpsWeightedTallyScore(tally));
	interval = NpsWeightedInterval(tally, confidence, method);
	values[MARGIN] = NpsPointsGetDatum(interval.margin);
	values[LOWER] = NpsPointsGetDatum(interval.lower);
	values[UPPER] = NpsPointsGetDatum(interval.upper);
	values[EFFECTIVE] = NumericGetDatum(NpsEffectiveResponses(tally));
	return NpsMakeRow(fcinfo, values, nulls);
}
