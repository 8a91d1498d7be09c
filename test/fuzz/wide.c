/*-------------------------------------------------------------------------
 *
 * wide.c
 *	  Fuzzes the wide integers, the weights and the weighted tallies in
 *	  src/plain.
 *
 * What is exact is compared exactly: with arithmetic on single bits, with what
 * printf writes, or with itself turned round.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <math.h>

#include "plain/statistics.h"

static unsigned long products = 0;	/* of more than 128 bits */
static unsigned long weights = 0;	/* above 0 */
static unsigned long refused = 0;	/* that are no weights */
static unsigned long texts = 0; /* that are weighted tallies */
static unsigned long parts = 0; /* taken away again */
static unsigned long intervals = 0; /* of unequal weights */

/*
 * Tells what was reached; the runner wants none of it to be 0.
 */
static void
Report(void)
{
	fprintf(stderr, "reached: %lu products, %lu weights, %lu refused, "
			"%lu texts, %lu parts, %lu intervals\n",
			products, weights, refused, texts, parts, intervals);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return atexit(Report);
}

/* Takes a number of 128 bits, of which limbs are often at an end. */
static NpsUint128
TakeWide(Bytes *bytes)
{
	NpsUint128	number;

	for (int limb = 0; limb < 2; limb++)
	{
		uint8_t		kind = TakeByte(bytes) % 4;

		number.limb[limb] = kind == 0 ? 0 : kind == 1 ? UINT64_MAX :
			TakeNumber(bytes);
	}
	return number;
}

/* Takes a double, of any bits or a number with few decimals. */
static double
TakeDouble(Bytes *bytes)
{
	double		number;

	if (TakeByte(bytes) % 2 == 0)
	{
		TakeBytes(bytes, &number, sizeof(number));
		return number;
	}
	number = (double) (TakeNumber(bytes) >> (TakeByte(bytes) % 64));
	return number / pow(10.0, TakeByte(bytes) % 24);
}

/*
 * The product of both, bit by bit.
 */
static void
CheckProduct(NpsUint128 a, NpsUint128 b)
{
	NpsUint256	product = NpsMultiply128(&a, &b);
	NpsUint256	sum = {{0}};

	for (int bit = 127; bit >= 0; bit--)
	{
		NpsUint256	twice = sum;
		NpsUint256	addend = NpsWiden(&a);

		Require(!NpsAdd256(&sum, &twice), "bit %d", bit);
		if ((b.limb[bit / 64] >> (bit % 64) & 1) != 0)
			Require(!NpsAdd256(&sum, &addend), "bit %d", bit);
	}
	Require(NpsCompare256(&sum, &product) == 0, "%016llx%016llx",
			(unsigned long long) product.limb[1],
			(unsigned long long) product.limb[0]);
	products += product.limb[2] != 0 || product.limb[3] != 0;
}

/*
 * A rounded quotient is within half a whole of what it was rounded from.
 */
static void
CheckQuotient(NpsUint128 part, NpsUint128 whole, uint64_t factor)
{
	NpsUint256	exact;
	NpsUint256	rounded;
	NpsUint256	limit;
	uint64_t	quotient;

	part.limb[1] >>= 1;
	whole.limb[1] >>= 1;
	factor >>= 1;
	if (NpsCompare128(&part, &whole) > 0)
	{
		NpsUint128	larger = part;

		part = whole;
		whole = larger;
	}
	if (NpsIsZero128(&whole))
		return;

	quotient = NpsRoundedQuotient(&part, &whole, factor);
	Require(quotient <= factor, "%llu", (unsigned long long) quotient);
	exact = NpsWiden(&part);
	rounded = NpsWiden(&whole);
	limit = rounded;
	NpsMultiplyInPlace(&exact, factor);
	NpsMultiplyInPlace(&rounded, quotient);
	if (NpsCompare256(&exact, &rounded) >= 0)
		NpsSubtract256(&exact, &rounded);
	else
	{
		NpsSubtract256(&rounded, &exact);
		exact = rounded;
	}
	rounded = exact;
	NpsAdd256(&exact, &rounded);
	Require(NpsCompare256(&exact, &limit) <= 0, "quotient %llu",
			(unsigned long long) quotient);
}

/*
 * A weight is what printf writes of it: 15 digits, or below 0.001 the 18
 * places.
 */
static bool
CheckWeight(double weight, NpsUint128 *units)
{
	char		decimal[80];
	char		text[NPS_DECIMAL_SIZE];
	NpsUint256	wide;

	if (!NpsWeightToUnits(weight, units))
	{
		Require(!(weight >= 0.0 && weight < 99999999999999950000.0),
				"refused %.17g", weight);
		refused++;
		return false;
	}
	Require(weight >= 0.0 && weight < 1e20, "taken %.17g", weight);
	wide = NpsWiden(units);
	NpsWriteDecimal(&wide, NPS_WEIGHT_PLACES, text);

	/* half a unit of the last place, and what reading rounds */
	Require(fabs(strtod(text, NULL) - weight) <=
			fmax(0.5e-18, weight * 0.5e-14) + weight * 4e-16, "%.17g as %s",
			weight, text);
	if (weight >= 1e-3)
	{
		double		printed;

		snprintf(decimal, sizeof(decimal), "%.14e", weight);
		printed = strtod(decimal, NULL);
		Require(printed == strtod(text, NULL), "%.17g as %s", weight, text);
	}
	weights += !NpsIsZero128(units);
	return !NpsIsZero128(units);
}

/*
 * What holds for a weighted tally and for its statistics.
 */
static void
CheckTally(const NpsWeightedTally *tally)
{
	char		text[NPS_WEIGHTED_SIZE];
	NpsWeightedTally read;
	int64_t		score;
	NpsInterval interval;
	double		standard_error;

	Require(NpsWeightedIsValid(tally), "not valid");
	NpsWriteWeighted(tally, text);
	Require(NpsReadWeighted(text, &read) == NPS_WEIGHTED_TEXT_VALID &&
			memcmp(&read, tally, sizeof(read)) == 0, "%s", text);
	if (NpsTallyTotal(&tally->responses) == 0)
		return;

	score = NpsWeightedScore(tally);
	Require(score >= INT64_C(-1000000000000000000) &&
			score <= INT64_C(1000000000000000000), "%s", text);
	standard_error = NpsWeightedStandardError(tally);
	Require(standard_error >= 0.0 && standard_error <= 100.0 * (1.0 + 1e-12),
			"%s: %.17g", text, standard_error);
	for (int method = 0; method < NPS_METHODS; method++)
	{
		if (!NpsMethods[method].serves[NPS_WEIGHTS])
			continue;
		interval = NpsWeightedInterval(tally, 0.95, (NpsMethod) method);
		Require(interval.lower >= -100.0 && interval.upper <= 100.0 &&
				interval.lower <= interval.upper && interval.margin >= 0.0,
				"%s: %.17g, %.17g", text, interval.lower, interval.upper);
	}
	intervals += !NpsWeightsAreEqual(tally);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	NpsWeightedTally tally = {{{0}}, {{{0}}}, {{{0}}}};
	NpsWeightedTally first = {{{0}}, {{{0}}}, {{{0}}}};
	NpsWeightedTally sum;
	int			responses;
	char		text[256];

	/* any text that is a weighted tally is written as it was read */
	if (size > 0 && data[0] == '(')
	{
		char		written[NPS_WEIGHTED_SIZE];

		TakeBytes(&bytes, text, size < sizeof(text) ? size : sizeof(text) - 1);
		text[size < sizeof(text) ? size : sizeof(text) - 1] = '\0';
		if (NpsReadWeighted(text, &tally) == NPS_WEIGHTED_TEXT_VALID)
		{
			NpsWriteWeighted(&tally, written);
			Require(strcmp(text, written) == 0, "%s as %s", text, written);
			CheckTally(&tally);
			texts++;
		}
		return 0;
	}

	CheckProduct(TakeWide(&bytes), TakeWide(&bytes));
	CheckQuotient(TakeWide(&bytes), TakeWide(&bytes), TakeNumber(&bytes));

	responses = TakeByte(&bytes) % 8;
	for (int i = 0; i < responses; i++)
	{
		NpsUint128	units;
		NpsCategory category = (NpsCategory) (TakeByte(&bytes) % 3);
		NpsWeightedTally before = tally;

		if (!CheckWeight(TakeDouble(&bytes), &units))
			continue;
		if (!NpsWeightedCount(&tally, category, &units))
			Require(memcmp(&tally, &before, sizeof(tally)) == 0, "changed");
		if (i == responses / 2)
			first = tally;
	}
	CheckTally(&tally);

	/* what was added is taken away again, whole or in part */
	sum = tally;
	if (NpsWeightedAdd(&sum, &first))
	{
		NpsWeightedTally swapped = first;

		Require(NpsWeightedAdd(&swapped, &tally) &&
				memcmp(&sum, &swapped, sizeof(sum)) == 0, "a + b, b + a");
		CheckTally(&sum);
		Require(NpsWeightedSubtract(&sum, &first) &&
				memcmp(&sum, &tally, sizeof(sum)) == 0, "a + b - b");
	}
	Require(NpsWeightedSubtract(&sum, &first), "no part");
	CheckTally(&sum);
	parts += NpsTallyTotal(&first.responses) > 0;
	return 0;
}
