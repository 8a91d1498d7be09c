/*-------------------------------------------------------------------------
 *
 * score.c
 *	  The Net Promoter Score of a tally, exactly.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "score.h"
#include "utils/fmgrprotos.h"

/* Decimal places of a score; it runs from -100 to 100 points. */
#define SCORE_SCALE			16
#define POINTS_PER_UNIT		INT64CONST(1000000000000000000) /* 100 * 10^16 */

/* A test defines NPS_WITHOUT_INT128 and compares the two ways to divide. */
#if defined(HAVE_INT128) && !defined(NPS_WITHOUT_INT128)

/*
 * net / total in units of 10^-16 points, rounded half away from zero.  The
 * product stays below 2^63 * 10^18, which 128 bits hold.
 */
static int64
ScaledScore(int64 net, int64 total)
{
	int128		scaled = (int128) net * POINTS_PER_UNIT;
	int128		half = total / 2;

	/* for an odd total no quotient lies halfway, so total / 2 may round down */
	if (net < 0)
		return (int64) ((scaled - half) / total);
	return (int64) ((scaled + half) / total);
}

#else

/* The same in numeric arithmetic, for compilers without a 128-bit integer. */
static int64
ScaledScore(int64 net, int64 total)
{
	Datum		scaled;
	Datum		half;
	Datum		quotient;

	scaled = DirectFunctionCall2(numeric_mul,
								 NumericGetDatum(int64_to_numeric(net)),
								 NumericGetDatum(int64_to_numeric(POINTS_PER_UNIT)));
	half = NumericGetDatum(int64_to_numeric(net < 0 ? -(total / 2) : total / 2));
	quotient = DirectFunctionCall2(numeric_div_trunc,
								   DirectFunctionCall2(numeric_add, scaled, half),
								   NumericGetDatum(int64_to_numeric(total)));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, quotient));
}

#endif

/*
 * The numeric that is so many units of that decimal place, without trailing
 * zeros: 1250 units of the second place are 12.5.
 */
Numeric
NpsDecimal(int64 units, int places)
{
	while (places > 0 && units % 10 == 0)
	{
		units /= 10;
		places--;
	}
	return int64_div_fast_to_numeric(units, places);
}

/*
 * 100 * part / whole, rounded half away from zero to 16 decimal places.  The
 * part is no larger than the whole, but may be negative.
 */
Numeric
NpsPercentage(int64 part, int64 whole)
{
	return NpsDecimal(ScaledScore(part, whole), SCORE_SCALE);
}

/*
 * The score of a tally that counts something: 100 * (promoters - detractors)
 * / responses, in points.
 */
Numeric
NpsTallyScore(const NpsTally *tally)
{
	return NpsPercentage(tally->count[NPS_PROMOTER] -
						 tally->count[NPS_DETRACTOR],
						 NpsTallyTotal(tally));
}

PG_FUNCTION_INFO_V1(nps_score);
/*
 * nps_score(nps_tally), and the final function of nps(): the score in points,
 * NULL where nothing was counted.
 */
Datum
nps_score(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(NpsTallyScore(tally));
}
