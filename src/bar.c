/*-------------------------------------------------------------------------
 *
 * bar.c
 *	  A tally as a bar of text: a picture of the three shares.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "tally.h"
#include "utils/builtins.h"

/* The widest bar has many times the characters that a terminal shows. */
#define WIDTH_BITS	10
#define MAX_WIDTH	1000

StaticAssertDecl(MAX_WIDTH < (1 << WIDTH_BITS),
				 "WIDTH_BITS must hold every width");

/* The character of each category: in UTF-8 a full, medium and light shade, */
static const char *const ShadedCells[NPS_CATEGORIES] =
{
	"\xE2\x96\x88",				/* U+2588 */
	"\xE2\x96\x92",				/* U+2592 */
	"\xE2\x96\x91"				/* U+2591 */
};

/* and what every other encoding has. */
static const char *const PlainCells[NPS_CATEGORIES] = {"-", ".", "+"};

/*
 * count * width / total, rounded down, and the remainder of it.  The product
 * may be wider than 64 bits, so it is divided while it is made, from one
 * binary digit of the width to the next.  The count is no larger than the
 * total and the remainder is smaller, both below 2^63: no sum of two of them
 * overflows.
 */
static int
DivideProduct(uint64 count, int width, uint64 total, uint64 *remainder)
{
	int			quotient = 0;

	*remainder = 0;
	for (int bit = WIDTH_BITS - 1; bit >= 0; bit--)
	{
		quotient *= 2;
		*remainder *= 2;
		if (*remainder >= total)
		{
			quotient++;
			*remainder -= total;
		}
		if (width & (1 << bit))
		{
			*remainder += count;
			if (*remainder >= total)
			{
				quotient++;
				*remainder -= total;
			}
		}
	}
	return quotient;
}

/*
 * How many characters of the width each category gets: its share rounded
 * down, and what is then left goes, one by one, to the largest remainders.
 * Of equal ones the first category's wins, so that detractors are not the
 * ones to be rounded away.
 */
static void
Apportion(const NpsTally *tally, int width, int *cells)
{
	uint64		remainders[NPS_CATEGORIES];
	int			left = width;

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		cells[category] = DivideProduct(tally->count[category], width,
										NpsTallyTotal(tally),
										&remainders[category]);
		left -= cells[category];
	}

	for (; left > 0; left--)
	{
		int			largest = 0;

		for (int category = 1; category < NPS_CATEGORIES; category++)
		{
			if (remainders[category] > remainders[largest])
				largest = category;
		}
		cells[largest]++;
		remainders[largest] = 0;
	}
}

PG_FUNCTION_INFO_V1(nps_bar);
/*
 * A bar as wide as asked for, detractors first; empty for a tally that counts
 * nothing.
 *
 * It is immutable although it looks at the encoding of the database, as that
 * never changes.  A dump holds neither indexes nor the values of generated
 * columns, only their definitions: in a database of another encoding they are
 * made anew.
 */
Datum
nps_bar(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	int			width = PG_GETARG_INT32(1);
	const char *const *characters = PlainCells;
	int			cells[NPS_CATEGORIES] = {0};
	StringInfoData bar;

	if (width < 0 || width > MAX_WIDTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("width %d is not between 0 and %d", width, MAX_WIDTH),
				 errdetail("The width of a bar is a number of characters.")));

	if (GetDatabaseEncoding() == PG_UTF8)
		characters = ShadedCells;
	if (NpsTallyTotal(tally) > 0)
		Apportion(tally, width, cells);

	initStringInfo(&bar);
	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		for (int i = 0; i < cells[category]; i++)
			appendStringInfoString(&bar, characters[category]);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(bar.data, bar.len));
}
