/*-------------------------------------------------------------------------
 *
 * category.h
 *	  The three categories of respondents, and where an answer falls.
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

/* Gets one to index by; a byte that is none would go past the end. */
static inline NpsCategory
DatumGetNpsCategoryAsIndex(Datum datum)
{
	NpsCategory category = DatumGetNpsCategory(datum);

	if (unlikely(!NpsCategoryIsValid(category)))
		elog(ERROR, "invalid nps_category: %d", (int) category);
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
#define PG_GETARG_NPS_CATEGORY_AS_INDEX(n) \
	DatumGetNpsCategoryAsIndex(PG_GETARG_DATUM(n))
#define PG_RETURN_NPS_CATEGORY(x)	return NpsCategoryGetDatum(x)

/* The Net Promoter scale: the first answer of each category, and the ends. */
#define NPS_LOWEST_ANSWER	0
#define NPS_PASSIVE_FROM	7
#define NPS_PROMOTER_FROM	9
#define NPS_HIGHEST_ANSWER	10

extern const uint8 NpsCategoryOfAnswer[NPS_HIGHEST_ANSWER + 1];

extern NpsCategory NpsCategoryOfNumeric(Datum answer);
pg_noreturn extern pg_attribute_cold void NpsIntegerOffScale(int64 answer);
pg_noreturn extern pg_attribute_cold void NpsDoubleOffScale(double answer);

/*
 * The category of a whole answer: one comparison for both ends of the scale
 * and a look into a table, so that mixed answers cost no mispredicted branch.
 */
static inline NpsCategory
NpsCategoryOfInteger(int64 answer)
{
	if (unlikely((uint64) answer > NPS_HIGHEST_ANSWER))
		NpsIntegerOffScale(answer);
	return (NpsCategory) NpsCategoryOfAnswer[answer];
}

/*
 * The category of a fractional answer.  The thresholds are half open: 8.5 is
 * not yet a promoter.  NaN fails both comparisons, so it is off the scale.
 */
static inline NpsCategory
NpsCategoryOfDouble(double answer)
{
	if (unlikely(!(answer >= NPS_LOWEST_ANSWER &&
				   answer <= NPS_HIGHEST_ANSWER)))
		NpsDoubleOffScale(answer);
	return (NpsCategory) ((answer >= NPS_PASSIVE_FROM) +
						  (answer >= NPS_PROMOTER_FROM));
}

#endif							/* NPS_CATEGORY_H */
