/*-------------------------------------------------------------------------
 *
 * weighted.c
 *	  The algebra of weighted tallies and their text form.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/weighted.h"

/* 100 points in units of 10^-16 */
#define UNITS_OF_100_POINTS	UINT64_C(1000000000000000000)

/*
 * Do the three numbers of that category belong together, as weights of so many
 * responses?
 */
static bool
CategoryIsValid(const NpsWeightedTally *tally, NpsCategory category)
{
	int64_t		responses = tally->responses.count[category];
	const NpsUint128 *weight = &tally->weight[category];
	const NpsUint256 *square = &tally->square[category];
	NpsUint256	squared_weight;
	NpsUint256	product;

	if (responses == 0)
		return NpsIsZero128(weight) && NpsIsZero256(square);
	if (NpsIsZero128(weight) || NpsIsZero256(square))
		return false;

	squared_weight = NpsSquare128(weight);
	if (NpsCompare256(square, &squared_weight) > 0)
		return false;
	product = *square;
	return NpsMultiplyInPlace(&product, (uint64_t) responses) != 0 ||
		NpsCompare256(&squared_weight, &product) <= 0;
}

/* Is the total of these weights too large for a weighted tally? */
static bool
WeightOverflows(const NpsWeightedTally *tally)
{
	NpsUint128	total = {{0}};

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (NpsAdd128(&total, &tally->weight[category]))
			return true;
	}
	return !NpsIsBelowLimit(&total);
}

/*
 * Is the promise of the type kept?
 */
bool
NpsWeightedIsValid(const NpsWeightedTally *tally)
{
	if (!NpsTallyIsValid(&tally->responses) || WeightOverflows(tally))
		return false;
	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (!CategoryIsValid(tally, (NpsCategory) category))
			return false;
	}
	return true;
}

/*
 * A weighted tally of one response of that weight, which is above 0.
 */
NpsWeightedTally
NpsWeightedOne(NpsCategory category, const NpsUint128 *units)
{
	NpsWeightedTally one = {{{0}}, {{{0}}}, {{{0}}}};

	NpsWeightedCount(&one, category, units);
	return one;
}

/*
 * A weighted tally of the same responses, of which each weighs 1.
 */
NpsWeightedTally
NpsWeightedOfTally(const NpsTally *tally)
{
	const uint64_t unit = UINT64_C(1000000000000000000);
	NpsWeightedTally weighted;

	weighted.responses = *tally;
	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		uint64_t	count = (uint64_t) tally->count[category];
		NpsUint128	weight = NpsMultiply64(count, unit);

		weighted.weight[category] = weight;
		weighted.square[category] = NpsWiden(&weight);
		NpsMultiplyInPlace(&weighted.square[category], unit);
	}
	return weighted;
}

/*
 * Adds the other tally to the first, in place.  Returns false, and leaves it
 * alone, where the sum would have too many responses or too much weight.
 */
bool
NpsWeightedAdd(NpsWeightedTally *tally, const NpsWeightedTally *other)
{
	NpsUint128	total = NpsTotalWeight(tally);
	NpsUint128	more = NpsTotalWeight(other);

	NpsAdd128(&total, &more);
	if (!NpsIsBelowLimit(&total) ||
		NpsTallyTotal(&tally->responses) >
		INT64_MAX - NpsTallyTotal(&other->responses))
		return false;

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		tally->responses.count[category] += other->responses.count[category];
		NpsAdd128(&tally->weight[category], &other->weight[category]);
		NpsAdd256(&tally->square[category], &other->square[category]);
	}
	return true;
}

/*
 * Takes the part away from the tally, in place.  Returns false, and leaves it
 * alone, where it is not a part of it: a number would fall below zero, or what
 * is left would keep no promise.
 */
bool
NpsWeightedSubtract(NpsWeightedTally *tally, const NpsWeightedTally *part)
{
	NpsWeightedTally rest = *tally;

	if (!NpsWeightedIsPart(part, tally))
		return false;
	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (part->responses.count[category] == 0)
			continue;
		rest.responses.count[category] -= part->responses.count[category];
		NpsSubtract128(&rest.weight[category], &part->weight[category]);
		NpsSubtract256(&rest.square[category], &part->square[category]);
		if (!CategoryIsValid(&rest, (NpsCategory) category))
			return false;
	}
	*tally = rest;
	return true;
}

/*
 * Does no count, weight or square of the part exceed that of the tally?
 */
bool
NpsWeightedIsPart(const NpsWeightedTally *part, const NpsWeightedTally *tally)
{
	for (int i = 0; i < NPS_CATEGORIES; i++)
	{
		if (part->responses.count[i] > tally->responses.count[i] ||
			NpsCompare128(&part->weight[i], &tally->weight[i]) > 0 ||
			NpsCompare256(&part->square[i], &tally->square[i]) > 0)
			return false;
	}
	return true;
}

/*
 * Have all responses the same weight?  They have where W^2 = n Q (Cauchy and
 * Schwarz), so this is exact.
 */
bool
NpsWeightsAreEqual(const NpsWeightedTally *tally)
{
	NpsUint128	weight = NpsTotalWeight(tally);
	NpsUint256	squared_weight = NpsSquare128(&weight);
	NpsUint256	product = NpsTotalSquare(tally);
	uint64_t	responses = (uint64_t) NpsTallyTotal(&tally->responses);

	return NpsMultiplyInPlace(&product, responses) == 0 &&
		NpsCompare256(&squared_weight, &product) == 0;
}

/*
 * The weight of promoters less that of detractors, as magnitude and sign,
 * which is 1 or -1.
 */
NpsUint128
NpsNetWeight(const NpsWeightedTally *tally, int *sign)
{
	NpsUint128	net = tally->weight[NPS_PROMOTER];

	*sign = 1;
	if (NpsSubtract128(&net, &tally->weight[NPS_DETRACTOR]))
	{
		*sign = -1;
		net = tally->weight[NPS_DETRACTOR];
		NpsSubtract128(&net, &tally->weight[NPS_PROMOTER]);
	}
	return net;
}

/*
 * The score in units of 10^-16 points, rounded half away from zero: 100 times
 * the weight of promoters less that of detractors, over all weight, which is
 * not 0.
 */
int64_t
NpsWeightedScore(const NpsWeightedTally *tally)
{
	int			sign;
	NpsUint128	total = NpsTotalWeight(tally);
	NpsUint128	net = NpsNetWeight(tally, &sign);

	return sign * (int64_t) NpsRoundedQuotient(&net, &total,
											   UNITS_OF_100_POINTS);
}

/*
 * The category's share of all weight, which is not 0, in units of 10^-16
 * percent, rounded half up.
 */
int64_t
NpsWeightedShare(const NpsWeightedTally *tally, NpsCategory category)
{
	NpsUint128	total = NpsTotalWeight(tally);

	return (int64_t) NpsRoundedQuotient(&tally->weight[category], &total,
										UNITS_OF_100_POINTS);
}

/* The number of a field of the text: counts, then weights, then squares. */
static NpsUint256
Field(const NpsWeightedTally *tally, int row, int category)
{
	NpsUint256	field = {{0}};

	if (row == 0)
		field.limb[0] = (uint64_t) tally->responses.count[category];
	else if (row == 1)
		field = NpsWiden(&tally->weight[category]);
	else
		field = tally->square[category];
	return field;
}

/* Sets it likewise.  Returns false where it has no room for the number. */
static bool
SetField(NpsWeightedTally *tally, int row, int category,
		 const NpsUint256 *field)
{
	const uint64_t *limb = field->limb;

	if (row == 0)
	{
		if (limb[0] > INT64_MAX || (limb[1] | limb[2] | limb[3]) != 0)
			return false;
		tally->responses.count[category] = (int64_t) limb[0];
	}
	else if (row == 1)
	{
		if ((limb[2] | limb[3]) != 0)
			return false;
		tally->weight[category].limb[0] = limb[0];
		tally->weight[category].limb[1] = limb[1];
	}
	else
		tally->square[category] = *field;
	return true;
}

/* Decimal places of the rows of the text */
static const int Places[] = {0, NPS_WEIGHT_PLACES, NPS_SQUARE_PLACES};

/*
 * Writes ((detractors,passives,promoters),(weights of these),(squares of
 * these)), the only form that NpsReadWeighted() reads.  The text has
 * NPS_WEIGHTED_SIZE bytes; returns how many are used, but for the closing
 * zero.
 */
size_t
NpsWriteWeighted(const NpsWeightedTally *tally, char *text)
{
	size_t		length = 0;

	for (int row = 0; row < 3; row++)
	{
		text[length++] = row == 0 ? '(' : ',';
		for (int category = 0; category < NPS_CATEGORIES; category++)
		{
			NpsUint256	field = Field(tally, row, category);

			text[length++] = category == 0 ? '(' : ',';
			length += NpsWriteDecimal(&field, Places[row], text + length);
		}
		text[length++] = ')';
	}
	text[length++] = ')';
	text[length] = '\0';
	return length;
}

/*
 * Reads that form and nothing else, so that one value has one text.  Where the
 * text is not valid, the tally is of no use.
 */
NpsWeightedText
NpsReadWeighted(const char *text, NpsWeightedTally *tally)
{
	bool		out_of_range = false;

	for (int row = 0; row < 3; row++)
	{
		if (*text++ != (row == 0 ? '(' : ','))
			return NPS_WEIGHTED_TEXT_MALFORMED;
		for (int category = 0; category < NPS_CATEGORIES; category++)
		{
			NpsUint256	field = {{0}};
			NpsDecimalText outcome;

			if (*text++ != (category == 0 ? '(' : ','))
				return NPS_WEIGHTED_TEXT_MALFORMED;
			outcome = NpsReadDecimal(&text, Places[row], &field);
			if (outcome == NPS_DECIMAL_TEXT_MALFORMED)
				return NPS_WEIGHTED_TEXT_MALFORMED;

			out_of_range |= outcome == NPS_DECIMAL_TEXT_OUT_OF_RANGE ||
				!SetField(tally, row, category, &field);
		}
		if (*text++ != ')')
			return NPS_WEIGHTED_TEXT_MALFORMED;
	}
	if (text[0] != ')' || text[1] != '\0')
		return NPS_WEIGHTED_TEXT_MALFORMED;
	return out_of_range || !NpsWeightedIsValid(tally) ?
		NPS_WEIGHTED_TEXT_OUT_OF_RANGE : NPS_WEIGHTED_TEXT_VALID;
}
