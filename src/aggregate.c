/*-------------------------------------------------------------------------
 *
 * aggregate.c
 *	  What the aggregates over answers, weighted answers and tallies are made
 *	  of.
 *
 * Their state is a tally, or a weighted one.  Called by an aggregate, these
 * functions change it in place; called by hand, they leave their arguments
 * alone and return a copy.  All of them check for overflow: from an empty
 * tally no aggregate gets to see 2^63 rows, but whoever makes one of these
 * functions may let it begin with as many.  The final function is nps_score(),
 * in tally.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodes.h"
#include "tally.h"
#include "weighted_tally.h"

/*
 * Does an aggregate call?  AggCheckCallContext() knows; what it answers for
 * all but window functions is looked up here, as this is asked for each row.
 */
static inline bool
InAggregate(FunctionCallInfo fcinfo)
{
	return (fcinfo->context != NULL && IsA(fcinfo->context, AggState)) ||
		AggCheckCallContext(fcinfo, NULL);
}

/* The first argument: the state itself in an aggregate, else a copy. */
static inline NpsTally *
TransitionState(FunctionCallInfo fcinfo)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	return likely(InAggregate(fcinfo)) ? tally : NpsTallyCopy(tally);
}

/* A tally of one response. */
static NpsTally
OneResponse(NpsCategory category)
{
	NpsTally	one = {{0}};

	one.count[category] = 1;
	return one;
}

/* Counts one response: the transition of every aggregate over answers. */
static inline Datum
Accumulate(FunctionCallInfo fcinfo, NpsCategory category)
{
	NpsTally   *tally = TransitionState(fcinfo);

	/* A full tally can't count another response. */
	if (unlikely(NpsTallyTotal(tally) == PG_INT64_MAX))
	{
		NpsTally	one = OneResponse(category);

		NpsTallySumOutOfRange(tally, &one);
	}
	tally->count[category]++;
	PG_RETURN_NPS_TALLY_P(tally);
}

/* Takes one response back: the inverse transition, for moving frames. */
static Datum
AccumulateInverse(FunctionCallInfo fcinfo, NpsCategory category)
{
	NpsTally   *tally = TransitionState(fcinfo);
	NpsTally	one = OneResponse(category);

	NpsTallySubtract(tally, &one);
	PG_RETURN_NPS_TALLY_P(tally);
}

PG_FUNCTION_INFO_V1(nps_tally_accum_int2);
/* nps_tally_accum(nps_tally, smallint) */
Datum
nps_tally_accum_int2(PG_FUNCTION_ARGS)
{
	return Accumulate(fcinfo, NpsCategoryOfInteger(PG_GETARG_INT16(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_int4);
/* nps_tally_accum(nps_tally, integer) */
Datum
nps_tally_accum_int4(PG_FUNCTION_ARGS)
{
	return Accumulate(fcinfo, NpsCategoryOfInteger(PG_GETARG_INT32(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_int8);
/* nps_tally_accum(nps_tally, bigint) */
Datum
nps_tally_accum_int8(PG_FUNCTION_ARGS)
{
	return Accumulate(fcinfo, NpsCategoryOfInteger(PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_numeric);
/* nps_tally_accum(nps_tally, numeric) */
Datum
nps_tally_accum_numeric(PG_FUNCTION_ARGS)
{
	return Accumulate(fcinfo, NpsCategoryOfNumeric(PG_GETARG_DATUM(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_float8);
/* nps_tally_accum(nps_tally, double precision) */
Datum
nps_tally_accum_float8(PG_FUNCTION_ARGS)
{
	return Accumulate(fcinfo, NpsCategoryOfDouble(PG_GETARG_FLOAT8(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_category);
/* nps_tally_accum(nps_tally, nps_category) */
Datum
nps_tally_accum_category(PG_FUNCTION_ARGS)
{
	return Accumulate(fcinfo, PG_GETARG_NPS_CATEGORY_AS_INDEX(1));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_inv_int2);
/* nps_tally_accum_inv(nps_tally, smallint) */
Datum
nps_tally_accum_inv_int2(PG_FUNCTION_ARGS)
{
	return AccumulateInverse(fcinfo, NpsCategoryOfInteger(PG_GETARG_INT16(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_inv_int4);
/* nps_tally_accum_inv(nps_tally, integer) */
Datum
nps_tally_accum_inv_int4(PG_FUNCTION_ARGS)
{
	return AccumulateInverse(fcinfo, NpsCategoryOfInteger(PG_GETARG_INT32(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_inv_int8);
/* nps_tally_accum_inv(nps_tally, bigint) */
Datum
nps_tally_accum_inv_int8(PG_FUNCTION_ARGS)
{
	return AccumulateInverse(fcinfo, NpsCategoryOfInteger(PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_inv_numeric);
/* nps_tally_accum_inv(nps_tally, numeric) */
Datum
nps_tally_accum_inv_numeric(PG_FUNCTION_ARGS)
{
	return AccumulateInverse(fcinfo, NpsCategoryOfNumeric(PG_GETARG_DATUM(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_inv_float8);
/* nps_tally_accum_inv(nps_tally, double precision) */
Datum
nps_tally_accum_inv_float8(PG_FUNCTION_ARGS)
{
	return AccumulateInverse(fcinfo, NpsCategoryOfDouble(PG_GETARG_FLOAT8(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_accum_inv_category);
/* nps_tally_accum_inv(nps_tally, nps_category) */
Datum
nps_tally_accum_inv_category(PG_FUNCTION_ARGS)
{
	return AccumulateInverse(fcinfo, PG_GETARG_NPS_CATEGORY_AS_INDEX(1));
}

PG_FUNCTION_INFO_V1(nps_tally_add);
/*
 * The operator +, the transition of aggregates over tallies, and the combine
 * function of all: one addition, whoever asks for it.
 */
Datum
nps_tally_add(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = TransitionState(fcinfo);

	NpsTallyAdd(tally, PG_GETARG_NPS_TALLY_P(1));
	PG_RETURN_NPS_TALLY_P(tally);
}

PG_FUNCTION_INFO_V1(nps_tally_subtract);
/* The operator -, and the inverse transition of aggregates over tallies. */
Datum
nps_tally_subtract(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = TransitionState(fcinfo);

	NpsTallySubtract(tally, PG_GETARG_NPS_TALLY_P(1));
	PG_RETURN_NPS_TALLY_P(tally);
}

/* The first argument, likewise, where it is a weighted tally. */
static inline NpsWeightedTally *
WeightedTransitionState(FunctionCallInfo fcinfo)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	return likely(InAggregate(fcinfo)) ? tally : NpsWeightedCopy(tally);
}

/* The third argument, a weight, in units of 10^-18. */
static inline NpsUint128
WeightArgument(FunctionCallInfo fcinfo)
{
	NpsUint128	units;

	if (unlikely(!NpsWeightToUnits(PG_GETARG_FLOAT8(2), &units)))
		NpsWeightOutOfRange(PG_GETARG_FLOAT8(2));
	return units;
}

/*
 * Counts one weighted response: the transition of the aggregates over weighted
 * answers.  One that weighs nothing is not counted.
 */
static inline Datum
AccumulateWeighted(FunctionCallInfo fcinfo, NpsCategory category)
{
	NpsUint128	units = WeightArgument(fcinfo);
	NpsWeightedTally *tally = WeightedTransitionState(fcinfo);

	if (unlikely(NpsIsZero128(&units)))
		PG_RETURN_NPS_WEIGHTED_TALLY_P(tally);
	if (unlikely(!NpsWeightedCount(tally, category, &units)))
	{
		NpsWeightedTally one = NpsWeightedOne(category, &units);

		NpsWeightedSumOutOfRange(tally, &one);
	}
	PG_RETURN_NPS_WEIGHTED_TALLY_P(tally);
}

/* Takes one weighted response back: the inverse transition. */
static Datum
AccumulateWeightedInverse(FunctionCallInfo fcinfo, NpsCategory category)
{
	NpsUint128	units = WeightArgument(fcinfo);
	NpsWeightedTally *tally = WeightedTransitionState(fcinfo);
	NpsWeightedTally one;

	if (NpsIsZero128(&units))
		PG_RETURN_NPS_WEIGHTED_TALLY_P(tally);
	one = NpsWeightedOne(category, &units);
	if (!NpsWeightedSubtract(tally, &one))
		NpsWeightedNotAPart(&one, tally);
	PG_RETURN_NPS_WEIGHTED_TALLY_P(tally);
}

PG_FUNCTION_INFO_V1(nps_weighted_accum_float8);
/* nps_weighted_accum(nps_weighted_tally, double precision, weight) */
Datum
nps_weighted_accum_float8(PG_FUNCTION_ARGS)
{
	return AccumulateWeighted(fcinfo,
							  NpsCategoryOfDouble(PG_GETARG_FLOAT8(1)));
}

PG_FUNCTION_INFO_V1(nps_weighted_accum_category);
/* nps_weighted_accum(nps_weighted_tally, nps_category, weight) */
Datum
nps_weighted_accum_category(PG_FUNCTION_ARGS)
{
	return AccumulateWeighted(fcinfo,
							  PG_GETARG_NPS_CATEGORY_AS_INDEX(1));
}

PG_FUNCTION_INFO_V1(nps_weighted_accum_inv_float8);
/* nps_weighted_accum_inv(nps_weighted_tally, double precision, weight) */
Datum
nps_weighted_accum_inv_float8(PG_FUNCTION_ARGS)
{
	return AccumulateWeightedInverse(fcinfo,
									 NpsCategoryOfDouble(PG_GETARG_FLOAT8(1)));
}

PG_FUNCTION_INFO_V1(nps_weighted_accum_inv_category);
/* nps_weighted_accum_inv(nps_weighted_tally, nps_category, weight) */
Datum
nps_weighted_accum_inv_category(PG_FUNCTION_ARGS)
{
	return AccumulateWeightedInverse(fcinfo,
									 PG_GETARG_NPS_CATEGORY_AS_INDEX(1));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_add);
/* The operator +, a transition, and the combine function, as above. */
Datum
nps_weighted_tally_add(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = WeightedTransitionState(fcinfo);
	NpsWeightedTally *other = PG_GETARG_NPS_WEIGHTED_TALLY_P(1);

	if (unlikely(!NpsWeightedAdd(tally, other)))
		NpsWeightedSumOutOfRange(tally, other);
	PG_RETURN_NPS_WEIGHTED_TALLY_P(tally);
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_subtract);
/* The operator -, and an inverse transition, as above. */
Datum
nps_weighted_tally_subtract(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = WeightedTransitionState(fcinfo);
	NpsWeightedTally *part = PG_GETARG_NPS_WEIGHTED_TALLY_P(1);

	if (unlikely(!NpsWeightedSubtract(tally, part)))
		NpsWeightedNotAPart(part, tally);
	PG_RETURN_NPS_WEIGHTED_TALLY_P(tally);
}
