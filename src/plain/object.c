/*-------------------------------------------------------------------------
 *
 * object.c
 *	  Reads a tally from the JSON object that its cast to json writes.
 *
 * So what to_jsonb() made of a row is made a row again.  The object has the
 * three counts, and either both or none of what follows from them: their
 * total and the score.  Its keys stand in any order, as jsonb keeps none.
 *
 * JSON is that of RFC 8259.  No key of ours needs an escape, and no writer
 * that we know of escapes what needs none, so none is read.
 *
 *-------------------------------------------------------------------------
 */
#include "parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The keys, the counts first, so that NpsCategory indexes them. */
enum
{
	RESPONSES = NPS_CATEGORIES,
	SCORE,
	KEYS
};

static const char *const Keys[KEYS] =
{
	"detractors", "passives", "promoters", "responses", "score"
};

/*
 * How far a score may be off, in points.  A program that reads numbers as
 * doubles, and writes them again, moves it by less than 10^-13.
 */
#define SCORE_TOLERANCE		1e-9

/* The text past its white space, of which JSON has four characters. */
static const char *
SkipSpace(const char *text)
{
	return text + strspn(text, " \t\n\r");
}

/* Does the text begin as an object does? */
bool
NpsIsObject(const char *text)
{
	return *SkipSpace(text) == '{';
}

/*
 * Reads a character that stands by itself, and moves the text past it and the
 * white space around.  Returns false where there is another.
 */
static bool
ReadMark(const char **text, char mark)
{
	const char *next = SkipSpace(*text);

	if (*next != mark)
		return false;
	*text = SkipSpace(next + 1);
	return true;
}

/* Reads a key, in quotes, and moves the text past it; -1 for any other. */
static int
ReadKey(const char **text)
{
	for (int key = 0; key < KEYS; key++)
	{
		size_t		length = strlen(Keys[key]);

		if ((*text)[0] == '"' && strncmp(*text + 1, Keys[key], length) == 0 &&
			(*text)[1 + length] == '"')
		{
			*text += length + 2;
			return key;
		}
	}
	return -1;
}

/* Moves the text past its digits; returns false where there is none. */
static bool
SkipDigits(const char **text)
{
	size_t		digits = strspn(*text, "0123456789");

	*text += digits;
	return digits > 0;
}

/*
 * Reads a score, a number or null, and moves the text past it; null is NaN.
 * Returns false where the text is neither.
 */
static bool
ReadScore(const char **text, double *score)
{
	const char *next = *text;

	if (strncmp(next, "null", 4) == 0)
	{
		*score = NAN;
		*text = next + 4;
		return true;
	}

	if (*next == '-')
		next++;
	if (next[0] == '0' && next[1] >= '0' && next[1] <= '9')
		return false;
	if (!SkipDigits(&next))
		return false;
	if (*next == '.')
	{
		next++;
		if (!SkipDigits(&next))
			return false;
	}
	if (*next == 'e' || *next == 'E')
	{
		next++;
		if (*next == '+' || *next == '-')
			next++;
		if (!SkipDigits(&next))
			return false;
	}

	/* a backend's decimal point is that of the C locale */
	*score = strtod(*text, NULL);
	*text = next;
	return true;
}

/* Is it the score of the tally, NaN where that counts nothing? */
static bool
IsScoreOf(double score, const NpsTally *tally)
{
	double		net = (double) (tally->count[NPS_PROMOTER] -
								tally->count[NPS_DETRACTOR]);

	if (NpsTallyTotal(tally) == 0)
		return isnan(score);
	return fabs(score - 100.0 * net / (double) NpsTallyTotal(tally)) <=
		SCORE_TOLERANCE;
}

/*
 * Reads the object.  Where the text is not valid, the tally is of no use.
 */
NpsTallyText
NpsParseTallyObject(const char *text, NpsTally *tally)
{
	bool		seen[KEYS] = {false};
	bool		out_of_range = false;
	int64_t		responses = 0;
	double		score = NAN;

	if (!ReadMark(&text, '{'))
		return NPS_TALLY_TEXT_NO_OBJECT;
	do
	{
		int			key = ReadKey(&text);
		bool		valid;

		if (key < 0 || seen[key] || !ReadMark(&text, ':'))
			return NPS_TALLY_TEXT_NO_OBJECT;
		seen[key] = true;

		if (key == SCORE)
			valid = ReadScore(&text, &score);
		else if (key == RESPONSES)
			valid = NpsReadCount(&text, &responses, &out_of_range);
		else
			valid = NpsReadCount(&text, &tally->count[key], &out_of_range);
		if (!valid)
			return NPS_TALLY_TEXT_NO_OBJECT;
	} while (ReadMark(&text, ','));
	if (!ReadMark(&text, '}') || *text != '\0')
		return NPS_TALLY_TEXT_NO_OBJECT;

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (!seen[category])
			return NPS_TALLY_TEXT_NO_OBJECT;
	}
	if (seen[RESPONSES] != seen[SCORE])
		return NPS_TALLY_TEXT_NO_OBJECT;
	if (out_of_range || !NpsTallyIsValid(tally))
		return NPS_TALLY_TEXT_OUT_OF_RANGE;
	if (seen[RESPONSES] && responses != NpsTallyTotal(tally))
		return NPS_TALLY_TEXT_OTHER_RESPONSES;
	if (seen[SCORE] && !IsScoreOf(score, tally))
		return NPS_TALLY_TEXT_OTHER_SCORE;
	return NPS_TALLY_TEXT_VALID;
}
