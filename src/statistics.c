/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  The SQL face of the statistics: standard error, interval, margin,
 *	  tests, sample size, promoters needed, change, summary.
 *
 * The mathematics is in plain/statistics.c.  Here arguments are checked and
 * results are made SQL values: points as numeric, rounded half away from zero
 * to 10 decimal places, without trailing zeros; z, probabilities and standard
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
#include "decimal.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "plain/statistics.h"
#include "tally.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Decimal places of results in points that come from double precision. */
#define POINTS_PLACES	10
#define POINTS_UNITS	1e10

/*
 * Decimal places of an effect.  Effects are summed over segments, so they
 * have more than other results: ten thousand segments add up to 1e-9.
 */
#define EFFECT_PLACES	13
#define EFFECT_UNITS	1e13

/* How messages speak of what a method may be asked for */
typedef struct UseWords
{
	const char *subject;
	const char *verb;			/* what a method does for it */
	const char *function;		/* where to ask */
} UseWords;

static const UseWords Uses[NPS_USES] =
{
	[NPS_ONE_TALLY] =
	{"one tally", "give an interval", "nps_interval(tally)"},
	[NPS_TWO_TALLIES] =
	{"two tallies", "compare two tallies", "nps_test(a, b)"},
	[NPS_BENCHMARK] =
	{"a benchmark", "compare a tally with a benchmark", "nps_test(tally, benchmark)"}
};

static const char *const AlternativeNames[] =
{
	[NPS_ALTERNATIVE_TWO_SIDED] = "two-sided",
	[NPS_ALTERNATIVE_GREATER] = "greater",
	[NPS_ALTERNATIVE_LESS] = "less"
};

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

/* What a method is limited to: its first use, where it has not all of them. */
static const char *
LimitOf(const NpsMethodTraits *method)
{
	const char *first = NULL;
	bool		limited = false;

	for (int use = 0; use < NPS_USES; use++)
	{
		if (!method->serves[use])
			limited = true;
		else if (first == NULL)
			first = Uses[use].subject;
	}
	return limited ? first : NULL;
}

/*
 * The names of the methods, as a sentence lists them: of those that serve the
 * use, or with NPS_USES of all, the limited ones with what they are for.
 */
static char *
MethodList(NpsUse use)
{
	const NpsMethodTraits *listed[NPS_METHODS];
	int			count = 0;
	StringInfoData list;

	for (int method = 0; method < NPS_METHODS; method++)
	{
		if (use == NPS_USES || NpsMethods[method].serves[use])
			listed[count++] = &NpsMethods[method];
	}

	initStringInfo(&list);
	for (int i = 0; i < count; i++)
	{
		const char *limit = use == NPS_USES ? LimitOf(listed[i]) : NULL;
		bool		last = i == count - 1;

		if (i > 0)
			appendStringInfoString(&list, last ? " and" : ",");
		if (limit != NULL)
			appendStringInfo(&list, "%s for %s,", last ? "," : "", limit);
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? " " : "", listed[i]->name);
	}
	return list.data;
}

/* The argument method, which must serve the use. */
static NpsMethod
MethodArgument(FunctionCallInfo fcinfo, int n, NpsUse use)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(n));
	int			method = 0;
	int			served = NPS_USES - 1;

	while (method < NPS_METHODS && strcmp(name, NpsMethods[method].name) != 0)
		method++;
	if (method == NPS_METHODS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized method: \"%s\"", name),
				 errdetail("The methods are %s.", MethodList(NPS_USES))));

	while (!NpsMethods[method].serves[served])
		served--;
	if (!NpsMethods[method].serves[use])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method \"%s\" does not %s", name, Uses[use].verb),
				 errdetail("For %s the methods are %s.",
						   Uses[use].subject, MethodList(use)),
				 errhint("%s has it.", Uses[served].function)));
	return (NpsMethod) method;
}

/* The argument alternative. */
static NpsAlternative
AlternativeArgument(FunctionCallInfo fcinfo, int n)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(n));
	int			count = lengthof(AlternativeNames);
	int			alternative = 0;

	while (alternative < count &&
		   strcmp(name, AlternativeNames[alternative]) != 0)
		alternative++;
	if (alternative == count)
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
static Datum
MakeRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
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
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(NpsStandardError(*tally));
}

PG_FUNCTION_INFO_V1(nps_interval);
/* The confidence interval of the score, closed, within -100 and 100. */
Datum
nps_interval(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	double		confidence = ConfidenceArgument(fcinfo, 1);
	NpsMethod	method = MethodArgument(fcinfo, 2, NPS_ONE_TALLY);
	NpsInterval interval;
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	interval = NpsConfidenceInterval(*tally, confidence, method);
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
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	double		confidence = ConfidenceArgument(fcinfo, 1);
	NpsMethod	method = MethodArgument(fcinfo, 2, NPS_ONE_TALLY);

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(PointsToNumeric(NpsConfidenceInterval(*tally, confidence,
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
	return MakeRow(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(nps_test_two_samples);
/* nps_test(a, b, ...): the score of a less that of b. */
Datum
nps_test_two_samples(PG_FUNCTION_ARGS)
{
	NpsTally   *a = PG_GETARG_NPS_TALLY_P(0);
	NpsTally   *b = PG_GETARG_NPS_TALLY_P(1);
	double		confidence = ConfidenceArgument(fcinfo, 2);
	NpsMethod	method = MethodArgument(fcinfo, 3, NPS_TWO_TALLIES);
	NpsAlternative alternative = AlternativeArgument(fcinfo, 4);

	if (NpsTallyTotal(a) == 0 || NpsTallyTotal(b) == 0)
		PG_RETURN_NULL();
	return TestRow(fcinfo, NpsTestTwoSamples(*a, *b, confidence, method,
											 alternative));
}

PG_FUNCTION_INFO_V1(nps_test_benchmark);
/* nps_test(tally, benchmark, ...): the score less the benchmark. */
Datum
nps_test_benchmark(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	double		benchmark = PG_GETARG_FLOAT8(1);
	double		confidence = ConfidenceArgument(fcinfo, 2);
	NpsMethod	method = MethodArgument(fcinfo, 3, NPS_BENCHMARK);
	NpsAlternative alternative = AlternativeArgument(fcinfo, 4);

	if (!(benchmark >= -100.0 && benchmark <= 100.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("benchmark %s is not between -100 and 100",
						float8out_internal(benchmark)),
				 errdetail("A benchmark is a Net Promoter Score in points.")));

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	return TestRow(fcinfo, NpsTestBenchmark(*tally, benchmark, confidence,
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

/* Numeric arithmetic, written as short as it is meant. */
#define Compare(a, b)	DatumGetInt32(DirectFunctionCall2(numeric_cmp, a, b))
#define Add(a, b)		DirectFunctionCall2(numeric_add, a, b)
#define Subtract(a, b)	DirectFunctionCall2(numeric_sub, a, b)
#define Multiply(a, b)	DirectFunctionCall2(numeric_mul, a, b)
#define Quotient(a, b)	DirectFunctionCall2(numeric_div_trunc, a, b)
#define Whole(n)		NumericGetDatum(int64_to_numeric(n))

PG_FUNCTION_INFO_V1(nps_promoters_needed);
/*
 * The least k >= 0 for which 100 * (promoters + k - detractors) / (responses
 * + k) is no less than the target: (target * responses - 100 * (promoters -
 * detractors)) / (100 - target), rounded up.  Numeric arithmetic, as a
 * target may have any number of decimal places.  NULL where no k is enough,
 * and where there is no response to begin with.
 */
Datum
nps_promoters_needed(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	Datum		target = NumericGetDatum(PG_GETARG_NUMERIC(1));
	Datum		hundred = Whole(100);
	Datum		lacking;		/* points, times responses */
	Datum		step;			/* what each promoter gives of them */
	Datum		promoters;

	/* NaN sorts above all numbers. */
	if (Compare(target, Whole(-100)) < 0 || Compare(target, hundred) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target %s is not between -100 and 100",
						DatumGetCString(DirectFunctionCall1(numeric_out,
															target))),
				 errdetail("A target is a Net Promoter Score in points.")));

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();

	lacking = Subtract(Multiply(target, Whole(NpsTallyTotal(tally))),
					   Multiply(hundred, Whole(tally->count[NPS_PROMOTER] -
											   tally->count[NPS_DETRACTOR])));
	if (Compare(lacking, Whole(0)) <= 0)
		PG_RETURN_INT64(0);

	step = Subtract(hundred, target);
	if (Compare(step, Whole(0)) == 0)
		PG_RETURN_NULL();

	promoters = Quotient(lacking, step);
	if (Compare(Multiply(promoters, step), lacking) < 0)
		promoters = Add(promoters, Whole(1));

	if (Compare(promoters, Whole(PG_INT64_MAX)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of promoters needed for target %s is out of range for type %s",
						DatumGetCString(DirectFunctionCall1(numeric_out,
															target)),
						"bigint"),
				 errdetail("At most " INT64_FORMAT " can be counted.",
						   PG_INT64_MAX)));
	PG_RETURN_DATUM(DirectFunctionCall1(numeric_int8, promoters));
}

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

	change = NpsDecomposeChange(*before, *after, *total_before, *total_after);
	rate = (int64) round(change.rate * EFFECT_UNITS);
	mix = (int64) round(change.mix * EFFECT_UNITS);
	values[0] = NumericGetDatum(NpsDecimal(rate, EFFECT_PLACES));
	values[1] = NumericGetDatum(NpsDecimal(mix, EFFECT_PLACES));
	values[2] = NumericGetDatum(NpsDecimal(rate + mix, EFFECT_PLACES));
	return MakeRow(fcinfo, values, nulls);
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
	NpsMethod	method = MethodArgument(fcinfo, 2, NPS_ONE_TALLY);
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
		return MakeRow(fcinfo, values, nulls);
	}

	for (int category = 0; category < NPS_CATEGORIES; category++)
		values[4 + category] =
			NumericGetDatum(NpsPercentage(tally->count[category], responses));
	values[7] = NumericGetDatum(NpsTallyScore(tally));
	interval = NpsConfidenceInterval(*tally, confidence, method);
	values[8] = PointsGetDatum(interval.margin);
	values[9] = PointsGetDatum(interval.lower);
	values[10] = PointsGetDatum(interval.upper);
	return MakeRow(fcinfo, values, nulls);
}
