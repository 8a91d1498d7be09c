/*-------------------------------------------------------------------------
 *
 * inference.c
 *	  The SQL face of the statistics: standard error, interval, margin,
 *	  tests, sample size, summary.
 *
 * The mathematics is in statistics.c.  Here arguments are checked and results
 * are made SQL values: points as numeric, rounded half away from zero to 10
 * decimal places, without trailing zeros; z, probabilities and standard
 * errors as double precision.  All functions are strict; arguments are
 * checked before a tally without responses makes the result NULL, so that a
 * wrong one is an error whatever the data are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "funcapi.h"
#include "inference.h"
#include "score.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Decimal places of results in points that come from double precision. */
#define POINTS_PLACES	10
#define POINTS_UNITS	1e10

static const char *const MethodNames[] =
{
	[NPS_METHOD_WALD] = "wald",
	[NPS_METHOD_ADJUSTED_WALD] = "adjusted-wald",
	[NPS_METHOD_AGRESTI_MIN] = "agresti-min",
	[NPS_METHOD_BONETT_PRICE] = "bonett-price",
	[NPS_METHOD_SCORE] = "score"
};

static const char *const AlternativeNames[] =
{
	[NPS_ALTERNATIVE_TWO_SIDED] = "two-sided",
	[NPS_ALTERNATIVE_GREATER] = "greater",
	[NPS_ALTERNATIVE_LESS] = "less"
};

/* The index of a name, spelt exactly, or -1. */
static int
FindName(const char *name, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(name, names[i]) == 0)
			return i;
	}
	return -1;
}

/* The argument confidence. */
static double
ConfidenceArgument(FunctionCallInfo fcinfo, int n)
{
	double		confidence = PG_GETARG_FLOAT8(n);

	/* NaN fails both comparisons. */
	if (!(confidence > 0.0 && confidence < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence %s is not between 0 and 1",
						float8out_internal(confidence)),
				 errdetail("A confidence is a fraction above 0 and below 1."),
				 confidence >= 50.0 && confidence < 100.0 ?
				 errhint("For %.15g percent write %.15g.",
						 confidence, confidence / 100.0) : 0));
	return confidence;
}

/* The argument method. */
static NpsMethod
MethodArgument(FunctionCallInfo fcinfo, int n)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(n));
	int			method = FindName(name, MethodNames, lengthof(MethodNames));

	if (method < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized method: \"%s\"", name),
				 errdetail("The methods are \"wald\", \"adjusted-wald\", \"agresti-min\", \"bonett-price\" and, for one tally, \"score\".")));
	return (NpsMethod) method;
}

/* The argument alternative. */
static NpsAlternative
AlternativeArgument(FunctionCallInfo fcinfo, int n)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(n));
	int			alternative = FindName(name, AlternativeNames,
									   lengthof(AlternativeNames));

	if (alternative < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized alternative: \"%s\"", name),
				 errdetail("The alternatives are \"two-sided\", \"greater\" and \"less\".")));
	return (NpsAlternative) alternative;
}

/* Points as a numeric.  They are few enough: a margin is below 1000. */
static Numeric
PointsToNumeric(double points)
{
	return NpsDecimal((int64) round(points * POINTS_UNITS), POINTS_PLACES);
}

/* The same as a Datum. */
static Datum
PointsGetDatum(double points)
{
	return NumericGetDatum(PointsToNumeric(points));
}

/* A row of the result type that the function was declared with. */
Datum
NpsMakeRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	type;

	if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(type),
											 values, nulls));
}

PG_FUNCTION_INFO_V1(nps_stderr);
/* The standard error of the score, in points; 0 where all answers agree. */
Datum
nps_stderr(PG_FUNCTION_ARGS)
{
	NpsCounts	counts = NpsTallyCounts(PG_GETARG_NPS_TALLY_P(0));

	if (NpsResponses(counts) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(NpsStandardError(counts));
}

PG_FUNCTION_INFO_V1(nps_interval);
/* The confidence interval of the score, closed, within -100 and 100. */
Datum
nps_interval(PG_FUNCTION_ARGS)
{
	NpsCounts	counts = NpsTallyCounts(PG_GETARG_NPS_TALLY_P(0));
	double		confidence = ConfidenceArgument(fcinfo, 1);
	NpsMethod	method = MethodArgument(fcinfo, 2);
	NpsInterval interval;
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	if (NpsResponses(counts) == 0)
		PG_RETURN_NULL();
	interval = NpsConfidenceInterval(counts, confidence, method);
	lower.val = PointsGetDatum(interval.lower);
	lower.inclusive = true;
	lower.lower = true;
	upper.val = PointsGetDatum(interval.upper);
	upper.inclusive = true;
	PG_RETURN_RANGE_P(make_range(lookup_type_cache(NUMRANGEOID,
												   TYPECACHE_RANGE_INFO),
								 &lower, &upper, false, NULL));
}

PG_FUNCTION_INFO_V1(nps_margin);
/* The margin of error: half the interval's width before it is clipped. */
Datum
nps_margin(PG_FUNCTION_ARGS)
{
	NpsCounts	counts = NpsTallyCounts(PG_GETARG_NPS_TALLY_P(0));
	double		confidence = ConfidenceArgument(fcinfo, 1);
	NpsMethod	method = MethodArgument(fcinfo, 2);

	if (NpsResponses(counts) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(PointsToNumeric(NpsConfidenceInterval(counts, confidence,
															method).margin));
}

/* The row that both nps_test functions return. */
static Datum
TestRow(FunctionCallInfo fcinfo, NpsTestResult result)
{
	Datum		values[6];
	bool		nulls[6] = {0};

	values[0] = PointsGetDatum(result.difference);
	values[1] = Float8GetDatum(result.standard_error);
	values[2] = Float8GetDatum(result.z);
	values[3] = Float8GetDatum(result.p_value);
	values[4] = PointsGetDatum(result.lower);
	values[5] = PointsGetDatum(result.upper);
	return NpsMakeRow(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(nps_test_two_samples);
/* nps_test(a, b, ...): the score of a less that of b. */
Datum
nps_test_two_samples(PG_FUNCTION_ARGS)
{
	NpsCounts	a = NpsTallyCounts(PG_GETARG_NPS_TALLY_P(0));
	NpsCounts	b = NpsTallyCounts(PG_GETARG_NPS_TALLY_P(1));
	double		confidence = ConfidenceArgument(fcinfo, 2);
	NpsMethod	method = MethodArgument(fcinfo, 3);
	NpsAlternative alternative = AlternativeArgument(fcinfo, 4);

	if (method == NPS_METHOD_SCORE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" does not compare two tallies",
						MethodNames[method]),
				 errdetail("For two tallies the methods are \"wald\", \"adjusted-wald\", \"agresti-min\" and \"bonett-price\"."),
				 errhint("nps_test(tally, benchmark) has it.")));

	if (NpsResponses(a) == 0 || NpsResponses(b) == 0)
		PG_RETURN_NULL();
	return TestRow(fcinfo, NpsTestTwoSamples(a, b, confidence, method,
											 alternative));
}

PG_FUNCTION_INFO_V1(nps_test_benchmark);
/* nps_test(tally, benchmark, ...): the score less the benchmark. */
Datum
nps_test_benchmark(PG_FUNCTION_ARGS)
{
	NpsCounts	counts = NpsTallyCounts(PG_GETARG_NPS_TALLY_P(0));
	double		benchmark = PG_GETARG_FLOAT8(1);
	double		confidence = ConfidenceArgument(fcinfo, 2);
	NpsMethod	method = MethodArgument(fcinfo, 3);
	NpsAlternative alternative = AlternativeArgument(fcinfo, 4);

	if (!(benchmark >= -100.0 && benchmark <= 100.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("benchmark %s is not between -100 and 100",
						float8out_internal(benchmark)),
				 errdetail("A benchmark is a Net Promoter Score in points.")));

	if (NpsResponses(counts) == 0)
		PG_RETURN_NULL();
	return TestRow(fcinfo, NpsTestBenchmark(counts, benchmark, confidence,
											method, alternative));
}

PG_FUNCTION_INFO_V1(nps_sample_size);
/* The number of responses whose Wald margin is no more than the given one. */
Datum
nps_sample_size(PG_FUNCTION_ARGS)
{
	double		margin = PG_GETARG_FLOAT8(0);
	double		confidence = ConfidenceArgument(fcinfo, 1);
	double		variance = PG_GETARG_FLOAT8(2);
	double		responses;

	if (!(margin > 0.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("margin %s is not greater than 0",
						float8out_internal(margin)),
				 errdetail("A margin of error is a number of points above 0.")));
	/* What people compute from a stderr may be 1 and a rounding error. */
	if (variance > 1.0 && variance < 1.0 + 1e-9)
		variance = 1.0;
	if (!(variance > 0.0 && variance <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("variance %s is not between 0 and 1",
						float8out_internal(variance)),
				 errdetail("The variance of one response, counted as -1, 0 or 1, is above 0 and at most 1."),
				 errhint("That of a tally is (nps_stderr(tally) / 100)^2 * nps_responses(tally). Where all responses are of one category it is 0, and no sample size follows.")));

	responses = NpsSampleSize(margin, confidence, variance);
	if (!(responses < 9223372036854775808.0))	/* 2^63 */
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sample size for margin %s is out of range for type %s",
						float8out_internal(margin), "bigint"),
				 errdetail("A sample has at most " INT64_FORMAT " responses.",
						   PG_INT64_MAX)));
	PG_RETURN_INT64((int64) responses);
}

PG_FUNCTION_INFO_V1(nps_summary);
/*
 * Counts, shares, score and interval in one row.  Without responses the
 * counts are 0 and the rest is NULL.
 */
Datum
nps_summary(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	double		confidence = ConfidenceArgument(fcinfo, 1);
	NpsMethod	method = MethodArgument(fcinfo, 2);
	int64		responses = NpsTallyTotal(tally);
	NpsInterval interval;
	Datum		values[11] = {0};
	bool		nulls[11] = {0};

	values[0] = Int64GetDatum(responses);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		values[1 + category] = Int64GetDatum(tally->count[category]);

	if (responses == 0)
	{
		for (int i = 1 + NPS_CATEGORIES; i < (int) lengthof(nulls); i++)
			nulls[i] = true;
		return NpsMakeRow(fcinfo, values, nulls);
	}

	for (int category = 0; category < NPS_CATEGORIES; category++)
		values[4 + category] =
			NumericGetDatum(NpsPercentage(tally->count[category], responses));
	values[7] = NumericGetDatum(NpsTallyScore(tally));
	interval = NpsConfidenceInterval(NpsTallyCounts(tally), confidence, method);
	values[8] = PointsGetDatum(interval.margin);
	values[9] = PointsGetDatum(interval.lower);
	values[10] = PointsGetDatum(interval.upper);
	return NpsMakeRow(fcinfo, values, nulls);
}
