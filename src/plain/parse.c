/*-------------------------------------------------------------------------
 *
 * parse.c
 *	  Reads the text forms of both types.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/parse.h"

#include <string.h>

const char *const NpsCategoryNames[NPS_CATEGORIES] =
{
	"detractor", "passive", "promoter"
};

/*
 * Is the character white space?  These are the six of the C locale, which
 * core's input functions skip around numbers and booleans, too.
 */
static bool
IsSpace(char character)
{
	return character == ' ' || (character >= '\t' && character <= '\r');
}

/*
 * Is the text of that length the name, but for the case of ASCII letters?
 * No locale has a say, so that a value means the same in every database.
 */
static bool
IsName(const char *text, size_t length, const char *name)
{
	if (length != strlen(name))
		return false;
	for (size_t i = 0; i < length; i++)
	{
		char		letter = text[i];

		if (letter >= 'A' && letter <= 'Z')
			letter += 'a' - 'A';
		if (letter != name[i])
			return false;
	}
	return true;
}

/*
 * The category that the text names, ignoring case and surrounding white
 * space, or -1 where it names none.
 */
int
NpsParseCategory(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end && IsSpace(*text))
		text++;
	while (end > text && IsSpace(end[-1]))
		end--;

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (IsName(text, end - text, NpsCategoryNames[category]))
			return category;
	}
	return -1;
}

/* The text from there on, past its digits. */
static const char *
SkipDigits(const char *text)
{
	while (*text >= '0' && *text <= '9')
		text++;
	return text;
}

/*
 * The number that the text is, as a cast to numeric reads it, without the
 * white space around it, and how long it is; or NULL where it is none.  It
 * serves a hint: NaN and the infinities are left out, and so are exponents.
 */
const char *
NpsFindNumber(const char *text, int *length)
{
	const char *number;
	const char *end;
	int			digits;

	while (IsSpace(*text))
		text++;
	number = text;
	if (*text == '+' || *text == '-')
		text++;
	end = SkipDigits(text);
	digits = (int) (end - text);
	if (*end == '.')
	{
		text = end + 1;
		end = SkipDigits(text);
		digits += (int) (end - text);
	}
	*length = (int) (end - number);
	while (IsSpace(*end))
		end++;
	return digits > 0 && *end == '\0' ? number : NULL;
}

/*
 * Reads one count, and moves the text past it.  Digits only, and no zero in
 * front.  Returns false where the text is not that; a count too large is noted
 * in out_of_range.
 */
bool
NpsReadCount(const char **text, int64_t *count, bool *out_of_range)
{
	const char *next = *text;
	int64_t		value = 0;

	if (*next < '0' || *next > '9')
		return false;
	if (*next == '0' && next[1] >= '0' && next[1] <= '9')
		return false;

	for (; *next >= '0' && *next <= '9'; next++)
	{
		int			digit = *next - '0';

		if (value > (INT64_MAX - digit) / 10)
			*out_of_range = true;
		else
			value = value * 10 + digit;
	}

	*count = value;
	*text = next;
	return true;
}

/*
 * Reads (detractors,passives,promoters), as nps_tally_out writes it and in no
 * other way, or the object that the cast to json writes.  Where the text is
 * not valid, the tally is of no use.
 */
NpsTallyText
NpsParseTally(const char *text, NpsTally *tally)
{
	bool		out_of_range = false;

	if (NpsIsObject(text))
		return NpsParseTallyObject(text, tally);

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (*text++ != "(,,"[category] ||
			!NpsReadCount(&text, &tally->count[category], &out_of_range))
			return NPS_TALLY_TEXT_MALFORMED;
	}
	if (strcmp(text, ")") != 0)
		return NPS_TALLY_TEXT_MALFORMED;
	if (out_of_range || !NpsTallyIsValid(tally))
		return NPS_TALLY_TEXT_OUT_OF_RANGE;
	return NPS_TALLY_TEXT_VALID;
}
