/*-------------------------------------------------------------------------
 *
 * parse.h
 *	  The categories, and the text forms of both types.
 *
 * Plain C99 that knows nothing of PostgreSQL, so that what reads text from
 * anywhere can be tested and fuzzed outside a server.  Nothing here
 * allocates, prints, fails or keeps state; errors are worded by the caller.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_PARSE_H
#define NPS_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The SQL type nps_category is one byte that holds one of these.  They index
 * the counts of a tally, and their order is the order of the type.
 */
typedef enum NpsCategory
{
	NPS_DETRACTOR,
	NPS_PASSIVE,
	NPS_PROMOTER
} NpsCategory;

#define NPS_CATEGORIES 3

/* What a text is, read as a tally */
typedef enum NpsTallyText
{
	NPS_TALLY_TEXT_VALID,
	NPS_TALLY_TEXT_MALFORMED,
	NPS_TALLY_TEXT_OUT_OF_RANGE /* well formed, but too large */
} NpsTallyText;

extern const char *const NpsCategoryNames[NPS_CATEGORIES];

extern int	NpsParseCategory(const char *text);
extern NpsTallyText NpsParseTally(const char *text, int64_t *counts);

/*
 * Would the total of these counts, none negative, overflow?
 */
static inline bool
NpsTotalOverflows(int64_t detractors, int64_t passives, int64_t promoters)
{
	return detractors > INT64_MAX - passives ||
		detractors + passives > INT64_MAX - promoters;
}

#endif							/* NPS_PARSE_H */
