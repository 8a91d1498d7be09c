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
	NPS_TALLY_TEXT_OUT_OF_RANGE /* well formed, but too large */
} NpsTallyText;

extern const char *const NpsCategoryNames[NPS_CATEGORIES];

extern int	NpsParseCategory(const char *text);
extern const char *NpsFindNumber(const char *text, int *length);
extern NpsTallyText NpsParseTally(const char *text, NpsTally *tally);

#endif							/* NPS_PARSE_H */
