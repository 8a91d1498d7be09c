/*-------------------------------------------------------------------------
 *
 * weight.c
 *	  The weight of one response, as a decimal of 18 places.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/weight.h"

#include <string.h>

/* Digits that a double is sure to hold, as the cast to numeric takes them */
#define DIGITS	15

static const uint64_t PowersOfTen[] = {
	UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000),
	UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
	UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000),
	UINT64_C(10000000000), UINT64_C(100000000000),
	UINT64_C(1000000000000), UINT64_C(10000000000000),
	UINT64_C(100000000000000), UINT64_C(1000000000000000),
	UINT64_C(10000000000000000), UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000), UINT64_C(10000000000000000000)
};

/* The doubles next to 10^-3 ... 10^20 */
static const double Decades[] = {
	1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
	1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20
};

static const uint32_t PowersOfFive[] = {1, 5, 25, 125, 625, 3125};

/*
 * quotient + remainder / divisor, rounded to the nearest, half to even; "twice"
 * is below, at or above zero as twice the remainder compares to the divisor.
 */
static inline uint64_t
RoundHalfToEven(uint64_t quotient, int twice)
{
	return quotient + (twice > 0 || (twice == 0 && (quotient & 1) != 0));
}

/* Below zero, zero or above, as a is less than, equal to or greater than b. */
static inline int
Compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/*
 * The number divided by 2^shift, which leaves less than 2^63, rounded to the
 * nearest, half to even; the shift is from 1 to 127.
 */
static inline uint64_t
ShiftRounded(NpsUint128 number, int shift)
{
	uint64_t	quotient;
	uint64_t	rest;
	uint64_t	half;
	int			twice;

	if (shift < 64)
	{
		half = UINT64_C(1) << (shift - 1);
		quotient = (number.limb[1] << (64 - shift)) |
			(number.limb[0] >> shift);
		rest = number.limb[0] & ((half << 1) - 1);
		return RoundHalfToEven(quotient, Compare(rest, half));
	}

	/* the remainder is all of the lower limb and the end of the higher */
	half = UINT64_C(1) << 63;
	if (shift == 64)
		return RoundHalfToEven(number.limb[1], Compare(number.limb[0], half));
	quotient = number.limb[1] >> (shift - 64);
	half = UINT64_C(1) << (shift - 65);
	rest = number.limb[1] & ((half << 1) - 1);
	twice = Compare(rest, half);
	if (twice == 0 && number.limb[0] != 0)
		twice = 1;
	return RoundHalfToEven(quotient, twice);
}

/*
 * The weight in units of 10^-18: of its 15 leading digits, as the cast to
 * numeric takes them, and below 10^-3 of as many as there are in 18 places.
 * Halves go to even, as printf does it, which makes that cast.  Returns false
 * where it is no weight: NaN, negative, 10^20 or above, also after rounding.
 */
bool
NpsWeightToUnits(double weight, NpsUint128 *units)
{
	uint64_t	bits;
	uint64_t	mantissa;
	uint64_t	digits;
	int			exponent;
	int			places;

	/* NaN fails both comparisons. */
	if (!(weight >= 0.0 && weight < 1e20))
		return false;
	if (weight < 1e-19)
	{
		memset(units, 0, sizeof(NpsUint128));
		return true;
	}

	/* mantissa * 2^(exponent - 52), the mantissa from 2^52 */
	memcpy(&bits, &weight, sizeof(bits));
	exponent = (int) (bits >> 52) - 1023;
	mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | (UINT64_C(1) << 52);

	if (weight < 1e-3)
	{
		digits = ShiftRounded(NpsMultiply64(mantissa, PowersOfTen[18]),
							  52 - exponent);
		memset(units, 0, sizeof(NpsUint128));
		units->limb[0] = digits;
		return true;
	}

	/*
	 * The decade, counted from 10^-3: that of 2^exponent (0.30103 is the
	 * decimal logarithm of 2, 78913 / 2^18 a little less), or the next.  A
	 * double next below a power of ten rounds to it in either decade.
	 */
	places = (exponent * 78913 + (4 << 18)) / (1 << 18) - 1;
	if (weight >= Decades[places + 1])
		places++;
	places = DIGITS - 1 + 3 - places;

	if (places >= 0)
	{
		digits = ShiftRounded(NpsMultiply64(mantissa, PowersOfTen[places]),
							  52 - exponent);
		*units = NpsMultiply64(digits,
							   PowersOfTen[NPS_WEIGHT_PLACES - places]);
	}
	else
	{
		/* the digits are mantissa * 2^exponent2, over a power of five */
		int			exponent2 = exponent - 52 + places;
		uint64_t	divisor = PowersOfFive[-places];
		uint64_t	rest;

		if (exponent2 >= 0)
			mantissa <<= exponent2;
		else
			divisor <<= -exponent2;
		digits = mantissa / divisor;
		rest = mantissa % divisor;
		digits = RoundHalfToEven(digits, Compare(2 * rest, divisor));
		*units = NpsMultiply64(digits * PowersOfTen[-places - 1],
							   PowersOfTen[NPS_WEIGHT_PLACES + 1]);
	}
	return NpsIsBelowLimit(units);
}
