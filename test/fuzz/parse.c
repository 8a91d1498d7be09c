/*-------------------------------------------------------------------------
 *
 * parse.c
 *	  Fuzzes src/plain/parse.c: any text, read as a category and as a tally.
 *
 * What is read is compared with what other code here, written for clarity
 * only, makes of the same text; and a tally that is read is written again,
 * which must give the text.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include <inttypes.h>

#include "plain/parse.h"

static unsigned long categories = 0;	/* accepted */
static unsigned long tallies = 0;
static unsigned long out_of_range = 0;

/*
 * Tells what was accepted; the runner wants none of it to be 0.
 */
static void
Report(void)
{
	fprintf(stderr, "reached: %lu categories, %lu tallies, %lu out of range\n",
			categories, tallies, out_of_range);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return atexit(Report);
}

/*
 * The category of a text, found by writing the text anew, in lower case and
 * without white space around.
 */
static int
ExpectedCategory(const char *text)
{
	static const char *const names[] = {"detractor", "passive", "promoter"};
	static const char spaces[] = " \t\n\v\f\r";
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
	char		word[16];
	size_t		length = 0;

	text += strspn(text, spaces);
	for (; *text != '\0' && strchr(spaces, *text) == NULL; text++)
	{
		const char *letter = strchr(upper, *text);

		if (length == sizeof(word) - 1)
			return -1;
		word[length++] = letter ? lower[letter - upper] : *text;
	}
	word[length] = '\0';
	if (text[strspn(text, spaces)] != '\0')
		return -1;

	for (int category = 0; category < 3; category++)
	{
		if (strcmp(word, names[category]) == 0)
			return category;
	}
	return -1;
}

/*
 * What a text is as a tally: by its form, then by its numbers as strings of
 * digits, then by their sum without a sign, which overflows later.
 */
static NpsTallyText
ExpectedTally(const char *text)
{
	static const char ends[] = ",,)";
	static const char largest[] = "9223372036854775807";
	int			too_large = 0;
	uint64_t	total = 0;

	if (*text++ != '(')
		return NPS_TALLY_TEXT_MALFORMED;
	for (int i = 0; i < 3; i++)
	{
		size_t		digits = strspn(text, "0123456789");

		if (digits == 0 || (digits > 1 && *text == '0') ||
			text[digits] != ends[i])
			return NPS_TALLY_TEXT_MALFORMED;
		if (digits > strlen(largest) ||
			(digits == strlen(largest) &&
			 strncmp(text, largest, digits) > 0))
			too_large = 1;
		else if (total <= INT64_MAX)
			total += strtoull(text, NULL, 10);
		text += digits + 1;
	}
	if (*text != '\0')
		return NPS_TALLY_TEXT_MALFORMED;
	return too_large || total > INT64_MAX ?
		NPS_TALLY_TEXT_OUT_OF_RANGE : NPS_TALLY_TEXT_VALID;
}

/*
 * Any text as a category.
 */
static void
CheckCategory(const char *text)
{
	int			category = NpsParseCategory(text);
	int			expected = ExpectedCategory(text);

	Require(category == expected, "category %d, expected %d",
			category, expected);
	if (category >= 0)
	{
		Require(NpsParseCategory(NpsCategoryNames[category]) == category,
				"category %d is not read as it is written", category);
		categories++;
	}
}

/*
 * Any text as a number: what is found is a part of it, of nothing but a
 * number's characters.
 */
static void
CheckNumber(const char *text)
{
	int			length;
	const char *number = NpsFindNumber(text, &length);

	if (number != NULL)
		Require(number >= text && length > 0 &&
				(size_t) length <= strlen(number) &&
				(int) strspn(number, "+-.0123456789") >= length,
				"number of %d characters", length);
}

/*
 * Any text as a tally.
 */
static void
CheckTally(const char *text)
{
	NpsTally	tally;
	NpsTallyText outcome = NpsParseTally(text, &tally);
	NpsTallyText expected = ExpectedTally(text);
	char		written[80];

	Require(outcome == expected, "tally %d, expected %d", outcome, expected);
	if (outcome == NPS_TALLY_TEXT_VALID)
	{
		snprintf(written, sizeof(written),
				 "(%" PRId64 ",%" PRId64 ",%" PRId64 ")",
				 tally.count[NPS_DETRACTOR], tally.count[NPS_PASSIVE],
				 tally.count[NPS_PROMOTER]);
		Require(strcmp(written, text) == 0, "written %s", written);
		tallies++;
	}
	else if (outcome == NPS_TALLY_TEXT_OUT_OF_RANGE)
		out_of_range++;
}

/*
 * Any three numbers, written as a tally and read again: refused as malformed
 * where one is negative, out of range where the sum is.
 */
static void
CheckCounts(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	NpsTally	tally;
	NpsTally	read;
	int			negative = 0;
	NpsTallyText outcome;
	char		text[80];

	for (int i = 0; i < NPS_CATEGORIES; i++)
	{
		tally.count[i] = (int64_t) TakeNumber(&bytes);
		if (tally.count[i] < 0)
			negative = 1;
	}
	snprintf(text, sizeof(text), "(%" PRId64 ",%" PRId64 ",%" PRId64 ")",
			 tally.count[0], tally.count[1], tally.count[2]);
	CheckTally(text);

	outcome = NpsParseTally(text, &read);
	Require((outcome == NPS_TALLY_TEXT_MALFORMED) == negative,
			"%s: %d", text, outcome);
	if (negative)
		return;
	Require((outcome == NPS_TALLY_TEXT_OUT_OF_RANGE) ==
			!NpsTallyIsValid(&tally),
			"%s: %d", text, outcome);
	if (outcome == NPS_TALLY_TEXT_VALID)
		Require(memcmp(&tally, &read, sizeof(tally)) == 0, "%s", text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* just as long as it is, so that a byte read past its end is seen */
	char	   *text = malloc(size + 1);

	if (text == NULL)
		abort();
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	CheckCategory(text);
	CheckNumber(text);
	CheckTally(text);
	free(text);

	CheckCounts(data, size);
	return 0;
}
