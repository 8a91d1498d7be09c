/*-------------------------------------------------------------------------
 *
 * parse.h
 *	  Reads the text forms of both types.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_PARSE_H
#define NPS_PARSE_H

#include "plain/types.h"

/* What a text is, read as a tally */
typedef enum NpsTallyText
{
	NPS_TALLY_TEXT_VALID,
	NPS_TALLY_TEXT_MALFORMED,
	NPS_TALLY_TEXT_OUT_OF_RANGE,	/* well formed, but too large */
	NPS_TALLY_TEXT_NO_OBJECT,	/* begins as one, but is none of a tally */
	NPS_TALLY_TEXT_OTHER_RESPONSES, /* an object of which these are not the */
	NPS_TALLY_TEXT_OTHER_SCORE	/* total, or the score, of its counts */
} NpsTallyText;

extern const char *const NpsCategoryNames[NPS_CATEGORIES];

extern int	NpsParseCategory(const char *text);
extern const char *NpsFindNumber(const char *text, int *length);
extern bool NpsReadCount(const char **text, int64_t *count,
						 bool *out_of_range);
extern NpsTallyText NpsParseTally(const char *text, NpsTally *tally);
extern bool NpsIsObject(const char *text);
extern NpsTallyText NpsParseTallyObject(const char *text, NpsTally *tally);

#endif							/* NPS_PARSE_H */
