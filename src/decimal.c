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

/* A whole number as a numeric. */
static Datum
WholeGetDatum(int64 number)
{
	return NumericGetDatum(int64_to_numeric(number));
}

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

	/* for an odd whole no quotient lies halfway, so its half may round down */
	if (part < 0)
		return (int64) ((scaled - half) / whole);
	return (int64) ((scaled + half) / whole);
}

#else

/* The same in numeric arithmetic, for compilers without a 128-bit integer. */
static int64
PercentageUnits(int64 part, int64 whole)
{
	int64		half = part < 0 ? -(whole / 2) : whole / 2;
	Datum		units;

	units = DirectFunctionCall2(numeric_mul, WholeGetDatum(part),
								WholeGetDatum(UNITS_OF_WHOLE));
	units = DirectFunctionCall2(numeric_add, units, WholeGetDatum(half));
	units = DirectFunctionCall2(numeric_div_trunc, units,
								WholeGetDatum(whole));
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, units));
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
	Datum		value = NumericGetDatum(number);
	Datum		truncated;

	if (numeric_is_nan(number) || numeric_is_inf(number))
		return false;
	truncated = DirectFunctionCall2(numeric_trunc, value, Int32GetDatum(0));
	return DatumGetBool(DirectFunctionCall2(numeric_eq, value, truncated));
}

/* A whole number as int64.  Returns false where it does not fit. */
bool
NpsWholeToInt64(Numeric whole, int64 *result)
{
	Datum		value = NumericGetDatum(whole);
	Datum		lowest = WholeGetDatum(PG_INT64_MIN);
	Datum		highest = WholeGetDatum(PG_INT64_MAX);

	if (DatumGetBool(DirectFunctionCall2(numeric_lt, value, lowest)) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, value, highest)))
		return false;
	*result = DatumGetInt64(DirectFunctionCall1(numeric_int8, value));
	return true;
}
