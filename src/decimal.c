/*-------------------------------------------------------------------------
 *
 * decimal.c
 *	  Exact decimals: percentages, what is whole in some place, whole numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "decimal.h"
#include "utils/fmgrprotos.h"

/* Decimal places of a percentage; it runs from -100 to 100. */
#define PERCENTAGE_PLACES	16
#define UNITS_OF_WHOLE		INT64CONST(1000000000000000000) /* 100 * 10^16 */

/* A test defines NPS_WITHOUT_INT128 and compares the two ways to divide. */
#if defined(HAVE_INT128) && !defined(NPS_WITHOUT_INT128)

/*
 * 100 * part / whole in units of 10^-16, rounded half away from zero.  The
 * product stays below 2^63 * 10^18, which 128 bits hold.
 */
static int64
PercentageUnits(int64 part, int64 whole)
{
	int128		scaled = (int128) part * UNITS_OF_WHOLE;
	int128		half = whole / 2;

	/* for an odd whole no quotient lies halfway, so whole / 2 may round down */
	if (part < 0)
		return (int64) ((scaled - half) / whole);
	return (int64) ((scaled + half) / whole);
}

#else

/* The same in numeric arithmetic, for compilers without a 128-bit integer. */
static int64
PercentageUnits(int64 part, int64 whole)
{
	Datum		scaled;
	Datum		half;
	Datum		quotient;

	scaled = DirectFunctionCall2(numeric_mul,
								 NumericGetDatum(int64_to_numeric(part)),
								 NumericGetDatum(int64_to_numeric(UNITS_OF_WHOLE)));
	half = NumericGetDatum(int64_to_numeric(part < 0 ? -(whole / 2) : whole / 2));
	quotient = DirectFunctionCall2(numeric_div_trunc,
								   DirectFunctionCall2(numeric_add, scaled, half),
								   NumericGetDatum(int64_to_numeric(whole)));
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
	return NpsDecimal(PercentageUnits(part, whole), PERCENTAGE_PLACES);
}

/* A numeric as text, for messages. */
char *
NpsNumericToString(Numeric number)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(number)));
}

/* Is the numeric a whole number?  NaN and the infinities are none. */
bool
NpsIsWhole(Numeric number)
{
	Datum		truncated;

	if (numeric_is_nan(number) || numeric_is_inf(number))
		return false;
	truncated = DirectFunctionCall2(numeric_trunc, NumericGetDatum(number),
									Int32GetDatum(0));
	return DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(number),
											truncated));
}

/* A whole number as int64.  Returns false where it does not fit. */
bool
NpsWholeToInt64(Numeric whole, int64 *result)
{
	Datum		lowest = NumericGetDatum(int64_to_numeric(PG_INT64_MIN));
	Datum		highest = NumericGetDatum(int64_to_numeric(PG_INT64_MAX));

	if (DatumGetBool(DirectFunctionCall2(numeric_lt, NumericGetDatum(whole), lowest)) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(whole), highest)))
		return false;
	*result = DatumGetInt64(DirectFunctionCall1(numeric_int8,
												NumericGetDatum(whole)));
	return true;
}
