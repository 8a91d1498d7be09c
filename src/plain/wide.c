/*-------------------------------------------------------------------------
 *
 * wide.c
 *	  Unsigned integers of 128 and 256 bits: what is not asked for each row.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/wide.h"

#include <math.h>

/*
 * Multiplies the number by a limb, in place; returns what does not fit.
 */
uint64_t
NpsMultiplyInPlace(NpsUint256 *number, uint64_t factor)
{
	uint64_t	carry = 0;

	for (int i = 0; i < 4; i++)
	{
		NpsUint128	product = NpsMultiply64(number->limb[i], factor);

		number->limb[i] = product.limb[0] + carry;
		carry = product.limb[1] + (number->limb[i] < carry);
	}
	return carry;
}

/*
 * Divides the number by a divisor of at most 32 bits, in place; returns the
 * remainder.
 */
static uint32_t
DivideInPlace(NpsUint256 *number, uint32_t divisor)
{
	uint64_t	remainder = 0;

	for (int i = 3; i >= 0; i--)
	{
		uint64_t	high = (remainder << 32) | (number->limb[i] >> 32);
		uint64_t	low = ((high % divisor) << 32) |
			(number->limb[i] & UINT32_MAX);

		number->limb[i] = ((high / divisor) << 32) | (low / divisor);
		remainder = low % divisor;
	}
	return (uint32_t) remainder;
}

/*
 * factor * part / whole, rounded to the nearest, half up.  The part is no
 * larger than the whole, which is below 2^127 and not 0; the factor is below
 * 2^63.
 *
 * The quotient of doubles is off by less than 2^13, as it is below 2^63.  So
 * much less is too little; what then remains, exactly, tells by how much.
 */
uint64_t
NpsRoundedQuotient(const NpsUint128 *part, const NpsUint128 *whole,
				   uint64_t factor)
{
	const double margin = 8192.0;
	double		divisor = NpsToDouble128(whole);
	double		estimate = NpsToDouble128(part) / divisor * (double) factor;
	NpsUint256	step = NpsWiden(whole);
	NpsUint256	remainder = NpsWiden(part);
	NpsUint256	product = step;
	uint64_t	quotient = 0;
	double		missing;

	NpsMultiplyInPlace(&remainder, factor);
	if (estimate > margin)
	{
		quotient = (uint64_t) (estimate - margin);
		NpsMultiplyInPlace(&product, quotient);
		NpsSubtract256(&remainder, &product);
	}

	/* how often the whole is still in it, or once less */
	missing = NpsToDouble256(&remainder) / divisor;
	if (missing > 1.0)
	{
		quotient += (uint64_t) (missing - 1.0);
		product = step;
		NpsMultiplyInPlace(&product, (uint64_t) (missing - 1.0));
		NpsSubtract256(&remainder, &product);
	}
	while (NpsCompare256(&remainder, &step) >= 0)
	{
		NpsSubtract256(&remainder, &step);
		quotient++;
	}

	product = remainder;
	NpsAdd256(&product, &remainder);
	return quotient + (NpsCompare256(&product, &step) >= 0);
}

/*
 * The double next to the number, halves to even.
 */
static double
LimbsToDouble(const uint64_t *limb, int limbs)
{
	int			top = limbs - 1;
	uint64_t	leading;
	int			shift = 0;

	while (top > 0 && limb[top] == 0)
		top--;
	leading = limb[top];
	if (top == 0)
		return (double) leading;

	/* 64 bits from the highest that is set; the last tells of all below */
	while ((leading >> 63) == 0)
	{
		leading <<= 1;
		shift++;
	}
	if (shift > 0)
		leading |= limb[top - 1] >> (64 - shift);
	if ((shift > 0 ? limb[top - 1] << shift : limb[top - 1]) != 0)
		leading |= 1;
	for (int i = top - 2; i >= 0; i--)
	{
		if (limb[i] != 0)
			leading |= 1;
	}
	return ldexp((double) leading, 64 * top - shift);
}

/* The double next to the number, halves to even. */
double
NpsToDouble128(const NpsUint128 *number)
{
	return LimbsToDouble(number->limb, 2);
}

/* The double next to the number, halves to even. */
double
NpsToDouble256(const NpsUint256 *number)
{
	return LimbsToDouble(number->limb, 4);
}

/*
 * Writes so many units of that decimal place, without zeros at the end: 1250
 * units of the second place are 12.5.  The text has NPS_DECIMAL_SIZE bytes;
 * returns how many are used, but for the closing zero.  A number of 256 bits
 * has at most 78 digits, and there are fewer places.
 */
size_t
NpsWriteDecimal(const NpsUint256 *units, int places, char *text)
{
	NpsUint256	rest = *units;
	char		digits[81];		/* the last digit first */
	int			count = 0;
	int			first = 0;
	size_t		length = 0;

	do
	{
		uint32_t	group = DivideInPlace(&rest, 1000000000);

		for (int i = 0; i < 9; i++)
		{
			digits[count++] = '0' + group % 10;
			group /= 10;
		}
	} while (!NpsIsZero256(&rest));
	while (count > 1 && digits[count - 1] == '0')
		count--;
	while (count <= places)
		digits[count++] = '0';

	while (first < places && digits[first] == '0')
		first++;
	for (int i = count - 1; i >= first; i--)
	{
		text[length++] = digits[i];
		if (i == places && i > first)
			text[length++] = '.';
	}
	text[length] = '\0';
	return length;
}

/*
 * Multiplies the number by ten and adds a digit; is it too large then?
 */
static bool
AppendDigit(NpsUint256 *number, int digit)
{
	NpsUint256	addend = {{(uint64_t) digit, 0, 0, 0}};

	return NpsMultiplyInPlace(number, 10) != 0 || NpsAdd256(number, &addend);
}

/*
 * Reads what NpsWriteDecimal() writes for that many places, and moves the text
 * past it: digits without a zero in front, and where there is a point, digits
 * after it without a zero at the end.  Where the outcome is not "valid", the
 * number is of no use.
 */
NpsDecimalText
NpsReadDecimal(const char **text, int places, NpsUint256 *units)
{
	const char *next = *text;
	bool		too_large = false;
	NpsUint256	number = {{0}};

	if (*next < '0' || *next > '9')
		return NPS_DECIMAL_TEXT_MALFORMED;
	if (*next == '0' && next[1] >= '0' && next[1] <= '9')
		return NPS_DECIMAL_TEXT_MALFORMED;

	for (; *next >= '0' && *next <= '9'; next++)
		too_large |= AppendDigit(&number, *next - '0');
	if (*next == '.')
	{
		next++;
		if (*next < '0' || *next > '9')
			return NPS_DECIMAL_TEXT_MALFORMED;
		for (; *next >= '0' && *next <= '9'; next++)
		{
			if (places-- == 0)
				return NPS_DECIMAL_TEXT_MALFORMED;
			too_large |= AppendDigit(&number, *next - '0');
		}
		if (next[-1] == '0')
			return NPS_DECIMAL_TEXT_MALFORMED;
	}
	while (places-- > 0)
		too_large |= AppendDigit(&number, 0);

	*text = next;
	*units = number;
	return too_large ? NPS_DECIMAL_TEXT_OUT_OF_RANGE : NPS_DECIMAL_TEXT_VALID;
}
