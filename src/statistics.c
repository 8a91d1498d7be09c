/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  The SQL face of the statistics: standard error, interval, margin,
 *	  tests, change, summary.
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
#include "plain/sequence.h"
#include "statistics.h"
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
	{"a benchmark", "compare a tally with a benchmark", "nps_test(tally, benchmark)"},
	[NPS_POPULATION] =
	{"a known population", "take a population into account", "nps_interval(tally)"},
	[NPS_WEIGHTS] =
	{"weights", "take weights", "nps_interval(weighted_tally)"}
};

static const char *const AlternativeNames[] =
{
	[NPS_ALTERNATIVE_TWO_SIDED] = "two-sided",
	[NPS_ALTERNATIVE_GREATER] = "greater",
	[NPS_ALTERNATIVE_LESS] = "less"
};

/* An argument that is a fraction; the name says of what. */
double
NpsFractionArgument(FunctionCallInfo fcinfo, int n, const char *name)
{
	double		fraction = PG_GETARG_FLOAT8(n);

	/* NaN fails both comparisons. */
	if (!(fraction > 0.0 && fraction < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s is not between 0 and 1",
						name, float8out_internal(fraction)),
				 errdetail("A %s is a fraction above 0 and below 1.", name),
				 fraction >= 50.0 && fraction < 100.0 ?
				 errhint("For %.15g percent write %.15g.",
						 fraction, fraction / 100.0) : 0));
	return fraction;
}

/* The argument confidence. */
double
NpsConfidenceArgument(FunctionCallInfo fcinfo, int n)
{
	return NpsFractionArgument(fcinfo, n, "confidence");
}

/*
 * What a method is limited to: its first use, where it has not all of those
 * that a function of their own asks for.
 */
static const char *
LimitOf(const NpsMethodTraits *method)
{
	const char *first = NULL;
	bool		limited = false;

	for (int use = 0; use < NPS_POPULATION; use++)
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
NpsMethod
NpsMethodArgument(FunctionCallInfo fcinfo, int n, NpsUse use)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(n));
	int			method = 0;
	int			served = NPS_POPULATION - 1;

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
				 use < NPS_POPULATION ?
				 errhint("%s has it.", Uses[served].function) :
				 use == NPS_WEIGHTS ?
				 errhint("Without the weights, tally::nps_tally has it.") : 0));
	return (NpsMethod) method;
}

/* The argument population, which the tally is a part of. */
static double
PopulationArgument(FunctionCallInfo fcinfo, int n, const NpsTally *tally)
{
	double		population = PG_GETARG_FLOAT8(n);

	/* NaN fails the comparison. */
	if (!(population >= 0.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("population %s is not a number of people",
						float8out_internal(population)),
				 errdetail("A population is at least the number of responses, or 'Infinity' where it is not known.")));
	if (population < (double) NpsTallyTotal(tally))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("population %s is smaller than the number of responses " INT64_FORMAT,
						float8out_internal(population), NpsTallyTotal(tally)),
				 errdetail("A population holds all who could have answered, those who did among them.")));
	return population;
}

/*
 * What nps_interval, nps_margin and nps_summary have in common: the interval
 * by the arguments confidence, method and population, unless the tally has no
 * responses.
 */
static bool
IntervalOfArguments(FunctionCallInfo fcinfo, const NpsTally *tally,
					NpsInterval *interval)
{
	double		confidence = NpsConfidenceArgument(fcinfo, 1);
	double		population = PopulationArgument(fcinfo, 3, tally);
	NpsUse		use = isinf(population) ? NPS_ONE_TALLY : NPS_POPULATION;
	NpsMethod	method = NpsMethodArgument(fcinfo, 2, use);

	if (NpsTallyTotal(tally) == 0)
		return false;
	*interval = NpsConfidenceInterval(*tally, confidence, method, population);
	return true;
}

/* The argument alternative. */
NpsAlternative
NpsAlternativeArgument(FunctionCallInfo fcinfo, int n)
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

/* The argument benchmark. */
double
NpsBenchmarkArgument(FunctionCallInfo fcinfo, int n)
{
	double		benchmark = PG_GETARG_FLOAT8(n);

	if (!(benchmark >= -100.0 && benchmark <= 100.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("benchmark %s is not between -100 and 100",
						float8out_internal(benchmark)),
				 errdetail("A benchmark is a Net Promoter Score in points.")));
	return benchmark;
}

/* Points as a numeric.  They are few enough: a margin is below 2000. */
Numeric
NpsPointsToNumeric(double points)
{
	return NpsDecimal((int64) round(points * POINTS_UNITS), POINTS_PLACES);
}

/* The same as a Datum. */
Datum
NpsPointsGetDatum(double points)
{
	return NumericGetDatum(NpsPointsToNumeric(points));
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
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(NpsStandardError(*tally));
}

/* An interval as a range, closed. */
Datum
NpsIntervalGetDatum(NpsInterval interval)
{
	TypeCacheEntry *type = lookup_type_cache(NUMRANGEOID,
											 TYPECACHE_RANGE_INFO);
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.val = NpsPointsGetDatum(interval.lower);
	lower.inclusive = true;
	lower.lower = true;
	upper.val = NpsPointsGetDatum(interval.upper);
	upper.inclusive = true;
	return RangeTypePGetDatum(make_range(type, &lower, &upper, false, NULL));
}

PG_FUNCTION_INFO_V1(nps_interval);
/* The confidence interval of the score, closed, within -100 and 100. */
Datum
nps_interval(PG_FUNCTION_ARGS)
{
	NpsInterval interval;

	if (!IntervalOfArguments(fcinfo, PG_GETARG_NPS_TALLY_P(0), &interval))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(NpsIntervalGetDatum(interval));
}

PG_FUNCTION_INFO_V1(nps_margin);
/* The margin of error: half the interval's width before it is clipped. */
Datum
nps_margin(PG_FUNCTION_ARGS)
{
	NpsInterval interval;

	if (!IntervalOfArguments(fcinfo, PG_GETARG_NPS_TALLY_P(0), &interval))
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(NpsPointsToNumeric(interval.margin));
}

/* Refuses a confidence for which there is no sequence with one bound. */
static void
CheckSequence(NpsMethod method, double confidence, NpsAlternative alternative)
{
	if (method == NPS_METHOD_ALWAYS_VALID &&
		alternative != NPS_ALTERNATIVE_TWO_SIDED &&
		confidence < NPS_SEQUENCE_LEAST_ONE_SIDED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence %s is too low for method \"%s\" with alternative \"%s\"",
						float8out_internal(confidence),
						NpsMethods[method].name,
						AlternativeNames[alternative]),
				 errdetail("With one bound, its confidence is at least %g.",
						   NPS_SEQUENCE_LEAST_ONE_SIDED)));
}

/* The row that all nps_test functions return. */
Datum
NpsTestRow(FunctionCallInfo fcinfo, NpsTestResult result)
{
	Datum		values[6];
	bool		nulls[6] = {0};

	values[0] = NpsPointsGetDatum(result.difference);
	values[1] = Float8GetDatum(result.standard_error);
	values[2] = Float8GetDatum(result.z);
	values[3] = Float8GetDatum(result.p_value);
	values[4] = NpsPointsGetDatum(result.lower);
	values[5] = NpsPointsGetDatum(result.upper);
	return NpsMakeRow(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(nps_test_two_samples);
/* nps_test(a, b, ...): the score of a less that of b. */
Datum
nps_test_two_samples(PG_FUNCTION_ARGS)
{
	NpsTally   *a = PG_GETARG_NPS_TALLY_P(0);
	NpsTally   *b = PG_GETARG_NPS_TALLY_P(1);
	double		confidence = NpsConfidenceArgument(fcinfo, 2);
	NpsMethod	method = NpsMethodArgument(fcinfo, 3, NPS_TWO_TALLIES);
	NpsAlternative alternative = NpsAlternativeArgument(fcinfo, 4);

	CheckSequence(method, confidence, alternative);
	if (NpsTallyTotal(a) == 0 || NpsTallyTotal(b) == 0)
		PG_RETURN_NULL();
	return NpsTestRow(fcinfo, NpsTestTwoSamples(*a, *b, confidence, method,
												alternative));
}

PG_FUNCTION_INFO_V1(nps_test_benchmark);
/* nps_test(tally, benchmark, ...): the score less the benchmark. */
Datum
nps_test_benchmark(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	double		benchmark = NpsBenchmarkArgument(fcinfo, 1);
	double		confidence = NpsConfidenceArgument(fcinfo, 2);
	NpsMethod	method = NpsMethodArgument(fcinfo, 3, NPS_BENCHMARK);
	NpsAlternative alternative = NpsAlternativeArgument(fcinfo, 4);

	CheckSequence(method, confidence, alternative);
	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	return NpsTestRow(fcinfo, NpsTestBenchmark(*tally, benchmark, confidence,
											   method, alternative));
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

/* The row that both nps_change functions return. */
Datum
NpsChangeRow(FunctionCallInfo fcinfo, NpsChange change)
{
	int64		rate = (int64) round(change.rate * EFFECT_UNITS);
	int64		mix = (int64) round(change.mix * EFFECT_UNITS);
	Datum		values[3];
	bool		nulls[3] = {0};

	values[0] = NumericGetDatum(NpsDecimal(rate, EFFECT_PLACES));
	values[1] = NumericGetDatum(NpsDecimal(mix, EFFECT_PLACES));
	values[2] = NumericGetDatum(NpsDecimal(rate + mix, EFFECT_PLACES));
	return NpsMakeRow(fcinfo, values, nulls);
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

	CheckSegment(before, total_before);
	CheckSegment(after, total_after);
	if (NpsTallyTotal(total_before) == 0 || NpsTallyTotal(total_after) == 0)
		PG_RETURN_NULL();

	change = NpsDecomposeChange(*before, *after, *total_before, *total_after);
	return NpsChangeRow(fcinfo, change);
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
	int64		responses = NpsTallyTotal(tally);
	NpsInterval interval;
	bool		found = IntervalOfArguments(fcinfo, tally, &interval);
	Datum		values[11] = {0};
	bool		nulls[11] = {0};

	values[0] = Int64GetDatum(responses);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		values[1 + category] = Int64GetDatum(tally->count[category]);

	if (!found)
	{
		for (int i = 1 + NPS_CATEGORIES; i < (int) lengthof(nulls); i++)
			nulls[i] = true;
		return NpsMakeRow(fcinfo, values, nulls);
	}

	for (int category = 0; category < NPS_CATEGORIES; category++)
		values[4 + category] =
			NumericGetDatum(NpsPercentage(tally->count[category], responses));
	values[7] = NumericGetDatum(NpsTallyScore(tally));
	values[8] = NpsPointsGetDatum(interval.margin);
	values[9] = NpsPointsGetDatum(interval.lower);
	values[10] = NpsPointsGetDatum(interval.upper);
	return NpsMakeRow(fcinfo, values, nulls);
}
