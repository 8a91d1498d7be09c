/*-------------------------------------------------------------------------
 *
 * category.h
 *	  The three categories of respondents, and where a score falls.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_CATEGORY_H
#define NPS_CATEGORY_H

#include "compat.h"
#include "fmgr.h"
#include "plain/types.h"
#include "utils/numeric.h"

/* Gets a category from a Datum; with assertions on, checks that it is one. */
static inline NpsCategory
DatumGetNpsCategory(Datum datum)
{
	NpsCategory category = (NpsCategory) DatumGetUInt8(datum);

	Assert(NpsCategoryIsValid(category));
	return category;
}

/* Makes a Datum of a category, with the same check. */
static inline Datum
NpsCategoryGetDatum(NpsCategory category)
{
	Assert(NpsCategoryIsValid(category));
	return UInt8GetDatum((uint8) category);
}

#define PG_GETARG_NPS_CATEGORY(n)	DatumGetNpsCategory(PG_GETARG_DATUM(n))
#define PG_RETURN_NPS_CATEGORY(x)	return NpsCategoryGetDatum(x)

/* The Net Promoter scale: the first score of each category, and the ends. */
#define NPS_LOWEST_SCORE	0
#define NPS_PASSIVE_FROM	7
#define NPS_PROMOTER_FROM	9
#define NPS_HIGHEST_SCORE	10

extern const uint8 NpsCategoryOfScore[NPS_HIGHEST_SCORE + 1];

extern NpsCategory NpsCategoryOfNumeric(Datum score);
pg_noreturn extern pg_attribute_cold void NpsIntegerOffScale(int64 score);
pg_noreturn extern pg_attribute_cold void NpsDoubleOffScale(double score);

/*
 * The category of a whole score: one comparison for both ends of the scale
 * and a look into a table, so that mixed scores cost no mispredicted branch.
 */
static inline NpsCategory
NpsCategoryOfInteger(int64 score)
{
	if (unlikely((uint64) score > NPS_HIGHEST_SCORE))
		NpsIntegerOffScale(score);
	return (NpsCategory) NpsCategoryOfScore[score];
}

/*
 * The category of a fractional score.  The thresholds are half open: 8.5 is
 * not yet a promoter.  NaN fails both comparisons, so it is off the scale.
 */
static inline NpsCategory
NpsCategoryOfDouble(double score)
{
	if (unlikely(!(score >= NPS_LOWEST_SCORE && score <= NPS_HIGHEST_SCORE)))
		NpsDoubleOffScale(score);
	return (NpsCategory) ((score >= NPS_PASSIVE_FROM) +
						  (score >= NPS_PROMOTER_FROM));
}

#endif							/* NPS_CATEGORY_H */
