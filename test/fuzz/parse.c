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
static unsigned long objects = 0;

/*
 * Tells what was accepted; the runner wants none of it to be 0.
 */
static void
Report(void)
{
	fprintf(stderr, "reached: %lu categories, %lu tallies, %lu out of range, %lu objects\n",
			categories, tallies, out_of_range, objects);
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
 * A word of JSON from the text on, and its length: a mark, what is between
 * quotes, or what is up to a mark or white space.
 */
static const char *
NextWord(const char *text, size_t *length)
{
	text += strspn(text, " \t\n\r");
	if (*text == '"')
		*length = 1 + strcspn(text + 1, "\"") + (strchr(text + 1, '"') != NULL);
	else if (*text != '\0' && strchr("{},:", *text) != NULL)
		*length = 1;
	else
		*length = strcspn(text, "{},:\" \t\n\r");
	return text;
}

/*
 * Is it a whole number, so written?  Then its value, or that it is too large.
 */
static int
IsWhole(const char *word, size_t length, uint64_t *value, int *too_large)
{
	char		digits[20] = "";

	if (length == 0 || strspn(word, "0123456789") < length ||
		(length > 1 && *word == '0'))
		return 0;
	*value = 0;
	if (length > 19)
		*too_large = 1;
	else
	{
		memcpy(digits, word, length);
		*value = strtoull(digits, NULL, 10);
		if (*value > INT64_MAX)
			*too_large = 1;
	}
	return 1;
}

/*
 * Is it a number of JSON, or null?  By the states of the form: where it may
 * end is where its last character was a digit.
 */
static int
IsScore(const char *word, size_t length)
{
	size_t		at = 0;
	size_t		digits;

	if (length == 4 && memcmp(word, "null", 4) == 0)
		return 1;
	if (length > 0 && word[0] == '-')
		at = 1;
	digits = strspn(word + at, "0123456789");
	if (digits == 0 || (digits > 1 && word[at] == '0'))
		return 0;
	at += digits;
	if (at < length && word[at] == '.')
	{
		digits = strspn(word + at + 1, "0123456789");
		if (digits == 0)
			return 0;
		at += 1 + digits;
	}
	if (at < length && (word[at] == 'e' || word[at] == 'E'))
	{
		at++;
		if (at < length && (word[at] == '+' || word[at] == '-'))
			at++;
		digits = strspn(word + at, "0123456789");
		if (digits == 0)
			return 0;
		at += digits;
	}
	return at == length;
}

/*
 * What a text is as the object of a tally: by its words, then by which keys
 * there are, then by what they say.
 */
static NpsTallyText
ExpectedObject(const char *text)
{
	static const char *const names[] = {"\"detractors\"", "\"passives\"",
	"\"promoters\"", "\"responses\"", "\"score\""};
	uint64_t	value[5] = {0};
	const char *score = NULL;
	size_t		length;
	int			seen = 0;
	int			too_large = 0;
	uint64_t	total;
	double		net;

	text = NextWord(text, &length);
	text = NextWord(text + length, &length);
	for (;;)
	{
		int			key = 0;

		while (key < 5 && (strlen(names[key]) != length ||
						   memcmp(names[key], text, length) != 0))
			key++;
		if (key == 5 || (seen & 1 << key) != 0)
			return NPS_TALLY_TEXT_NO_OBJECT;
		seen |= 1 << key;

		text = NextWord(text + length, &length);
		if (length != 1 || *text != ':')
			return NPS_TALLY_TEXT_NO_OBJECT;
		text = NextWord(text + length, &length);
		if (key == 4 ? !IsScore(text, length) :
			!IsWhole(text, length, &value[key], &too_large))
			return NPS_TALLY_TEXT_NO_OBJECT;
		if (key == 4)
			score = text;

		text = NextWord(text + length, &length);
		if (length != 1 || *text != ',')
			break;
		text = NextWord(text + length, &length);
	}
	if (length != 1 || *text != '}')
		return NPS_TALLY_TEXT_NO_OBJECT;
	NextWord(text + 1, &length);
	if (length != 0 || (seen != 7 && seen != 31))
		return NPS_TALLY_TEXT_NO_OBJECT;

	if (too_large || value[0] + value[1] > INT64_MAX ||
		value[0] + value[1] + value[2] > INT64_MAX)
		return NPS_TALLY_TEXT_OUT_OF_RANGE;
	if (seen == 7)
		return NPS_TALLY_TEXT_VALID;
	total = value[0] + value[1] + value[2];
	if (value[3] != total)
		return NPS_TALLY_TEXT_OTHER_RESPONSES;
	if (total == 0 || *score == 'n')
		return total == 0 && *score == 'n' ?
			NPS_TALLY_TEXT_VALID : NPS_TALLY_TEXT_OTHER_SCORE;
	net = (double) value[2] - (double) value[0];
	net = strtod(score, NULL) - 100.0 * net / (double) total;
	return net >= -1e-9 && net <= 1e-9 ?
		NPS_TALLY_TEXT_VALID : NPS_TALLY_TEXT_OTHER_SCORE;
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

	if (text[strspn(text, " \t\n\r")] == '{')
		return ExpectedObject(text);
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
		if (strchr(text, '{') == NULL)
		{
			Require(strcmp(written, text) == 0, "written %s", written);
			tallies++;
		}
		else
		{
			NpsTally	read;

			Require(NpsParseTally(written, &read) == NPS_TALLY_TEXT_VALID &&
					memcmp(&tally, &read, sizeof(tally)) == 0,
					"written %s", written);
			objects++;
		}
	}
	else if (outcome == NPS_TALLY_TEXT_OUT_OF_RANGE)
		out_of_range++;
}

/*
 * A tally as the object that its cast writes, its keys in any order, is read
 * as that tally; and not any more once its responses are others.
 */
static void
CheckObject(const NpsTally *tally, uint64_t order)
{
	static const char *const names[] = {"detractors", "passives", "promoters",
	"responses", "score"};
	int64_t		total = NpsTallyTotal(tally);
	NpsTally	read;
	char		text[300] = "{";
	char		value[40];

	for (int place = 0; place < 5; place++)
	{
		/* the first key, then every so many keys, of five, a prime */
		uint64_t	step = 1 + order % 4;
		int			key = (int) ((order % 5 + (uint64_t) place * step) % 5);

		if (key < 3)
			snprintf(value, sizeof(value), "%" PRId64, tally->count[key]);
		else if (key == 3)
			snprintf(value, sizeof(value), "%" PRId64, total);
		else if (total == 0)
			strcpy(value, "null");
		else
			snprintf(value, sizeof(value), "%.16g", 100.0 *
					 ((double) tally->count[2] - (double) tally->count[0]) /
					 (double) total);
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
				 "%s\"%s\": %s", place > 0 ? ", " : "", names[key], value);
	}
	strcat(text, "}");
	CheckTally(text);
	Require(NpsParseTally(text, &read) == NPS_TALLY_TEXT_VALID &&
			memcmp(tally, &read, sizeof(read)) == 0, "%s", text);
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
	if (outcome != NPS_TALLY_TEXT_VALID)
		return;
	Require(memcmp(&tally, &read, sizeof(tally)) == 0, "%s", text);
	CheckObject(&tally, TakeNumber(&bytes));
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
