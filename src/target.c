/*-------------------------------------------------------------------------
 *
 * target.c
 *	  How many promoters a target score takes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "tally.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

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
