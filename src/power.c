/*-------------------------------------------------------------------------
 *
 * power.c
 *	  How many responses an answer takes, what a sample can find, and how many
 *	  promoters a target score takes.
 *
 * The mathematics is in plain/power.c, but for the exact count of promoters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "plain/power.h"
#include "statistics.h"
#include "tally.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"

/* The argument population: there is somebody to ask. */
static double
PopulationArgument(FunctionCallInfo fcinfo, int n)
{
	double		population = PG_GETARG_FLOAT8(n);

	if (!(population >= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("population %s is less than 1",
						float8out_internal(population)),
				 errdetail("A population is the number of people who could answer, or 'Infinity' where it is not known.")));
	return population;
}

/*
 * An argument that is the variance of one response.  What people compute from
 * a stderr may be 1 and a rounding error.
 */
static double
VarianceArgument(FunctionCallInfo fcinfo, int n)
{
	double		variance = PG_GETARG_FLOAT8(n);

	if (variance > 1.0 && variance < 1.0 + 1e-9)
		variance = 1.0;
	if (!(variance > 0.0 && variance <= 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("variance %s is not between 0 and 1",
						float8out_internal(variance)),
				 errdetail("The variance of one response, counted as -1, 0 or 1, is above 0 and at most 1."),
				 errhint("That of a tally is (nps_stderr(tally) / 100)^2 * nps_responses(tally). Where all responses are of one category it is 0, and no sample size follows.")));
	return variance;
}

/* A number of responses, computed for so many points of a margin or so. */
static Datum
SampleSizeGetDatum(double responses, const char *subject, double points)
{
	if (!(responses < 9223372036854775808.0))	/* 2^63 */
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sample size for %s %s is out of range for type %s",
						subject, float8out_internal(points), "bigint"),
				 errdetail("A sample has at most " INT64_FORMAT " responses.",
						   PG_INT64_MAX)));
	return Int64GetDatum((int64) responses);
}

PG_FUNCTION_INFO_V1(nps_sample_size);
/* The number of responses whose Wald margin is no more than the given one. */
Datum
nps_sample_size(PG_FUNCTION_ARGS)
{
	double		margin = PG_GETARG_FLOAT8(0);
	double		confidence = NpsConfidenceArgument(fcinfo, 1);
	double		variance;
	double		population;

	if (!(margin > 0.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("margin %s is not greater than 0",
						float8out_internal(margin)),
				 errdetail("A margin of error is a number of points above 0.")));
	variance = VarianceArgument(fcinfo, 2);
	population = PopulationArgument(fcinfo, 3);
	PG_RETURN_DATUM(SampleSizeGetDatum(NpsSampleSize(margin, confidence,
													 variance, population),
									   "margin", margin));
}

PG_FUNCTION_INFO_V1(nps_sample_size_to_detect);
/*
 * The number of responses in each of two samples with which a test finds a
 * true difference of so many points with that power.
 */
Datum
nps_sample_size_to_detect(PG_FUNCTION_ARGS)
{
	double		difference = PG_GETARG_FLOAT8(0);
	double		power = NpsFractionArgument(fcinfo, 1, "power");
	double		confidence = NpsConfidenceArgument(fcinfo, 2);
	double		variance_a = VarianceArgument(fcinfo, 3);
	double		variance_b = VarianceArgument(fcinfo, 4);
	NpsAlternative alternative = NpsAlternativeArgument(fcinfo, 5);

	if (!(difference > 0.0 && difference <= 200.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("difference %s is not between 0 and 200",
						float8out_internal(difference)),
				 errdetail("A difference to detect is a number of points above 0 and at most 200.")));
	PG_RETURN_DATUM(SampleSizeGetDatum(NpsSampleSizeToDetect(difference, power,
															 confidence,
															 variance_a,
															 variance_b,
															 alternative),
									   "difference", difference));
}

PG_FUNCTION_INFO_V1(nps_detectable_difference);
/*
 * The true difference in points that a test of two samples like these finds
 * with that power.
 */
Datum
nps_detectable_difference(PG_FUNCTION_ARGS)
{
	NpsTally   *a = PG_GETARG_NPS_TALLY_P(0);
	NpsTally   *b = PG_GETARG_NPS_TALLY_P(1);
	double		power = NpsFractionArgument(fcinfo, 2, "power");
	double		confidence = NpsConfidenceArgument(fcinfo, 3);
	NpsAlternative alternative = NpsAlternativeArgument(fcinfo, 4);
	double		difference;

	if (NpsTallyTotal(a) == 0 || NpsTallyTotal(b) == 0)
		PG_RETURN_NULL();
	difference = NpsDetectableDifference(*a, *b, power, confidence,
										 alternative);
	PG_RETURN_NUMERIC(NpsPointsToNumeric(difference));
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
