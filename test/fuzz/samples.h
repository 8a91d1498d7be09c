/*-------------------------------------------------------------------------
 *
 * samples.h
 *	  Tallies and other arguments of the statistics, made of random bytes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_SAMPLES_H
#define NPS_SAMPLES_H

#include "fuzz.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "plain/statistics.h"

/* Sums and products of counts are taken in this, where nothing overflows. */
__extension__ typedef __int128 Wide;

#define ALTERNATIVES	3

/* Next to this, doubles have all their digits */
#define TINY			1e-300

/* The smallest number above 0, which C99 has no name for */
#define SMALLEST		4.9406564584124654e-324

/* Largest relative error of a result of a few roundings */
#define ROUNDING		1e-14

/* Largest error of points from -200 to 200 after that */
#define POINTS			(400.0 * ROUNDING)

/*
 * A count up to the limit: small, of any size, or next to the limit.
 */
static inline int64_t
TakeCount(Bytes *bytes, int64_t limit)
{
	uint8_t		kind = TakeByte(bytes);
	uint64_t	number = TakeNumber(bytes);

	if (kind < 96)
		number &= 0xff;
	else if (kind < 128)
		number &= 0xffffff;
	else if (kind < 224)
		number >>= 1 + kind % 32;
	else
	{
		number %= 4;
		return (int64_t) number < limit ? limit - (int64_t) number : limit;
	}
	return (int64_t) (number % ((uint64_t) limit + 1));
}

/*
 * A tally, at times one that counts nothing.
 */
static inline NpsTally
TakeTally(Bytes *bytes)
{
	int64_t		left = INT64_MAX;
	NpsTally	tally;
	uint8_t		first = TakeByte(bytes) % NPS_CATEGORIES;

	for (int i = 0; i < NPS_CATEGORIES; i++)
	{
		int64_t    *count = &tally.count[(first + i) % NPS_CATEGORIES];

		*count = TakeCount(bytes, left);
		left -= *count;
	}
	return tally;
}

/*
 * A number above 0 and below the limit, which is 1 or more: an everyday one,
 * next to an end, or any bits that are such a number.
 */
static inline double
TakeFraction(Bytes *bytes, double limit)
{
	static const double known[] = {
		0.95, 0.9, 0.99, 0.5, 0.8, 0.999, 1e-300, SMALLEST, DBL_MIN,
		1e-16, DBL_EPSILON / 2.0, 0.425, 0.85, 0.85000000000000009,
		1.0 - DBL_EPSILON / 2.0, 1.0 - DBL_EPSILON, 1.0 - 1e-12, 0.99999
	};
	uint8_t		kind = TakeByte(bytes);
	uint64_t	number = TakeNumber(bytes);
	double		value;

	if (kind < 64)
		return limit * known[number % (sizeof(known) / sizeof(known[0]))];
	if (kind < 192)
		return limit * (((double) (number >> 12) + 0.5) / 4503599627370496.0);
	memcpy(&value, &number, sizeof(value));
	return value > 0.0 && value < limit ? value : 0.5 * limit;
}

/*
 * A score from -100 to 100.
 */
static inline double
TakeBenchmark(Bytes *bytes)
{
	static const double known[] = {
		0.0, -0.0, 100.0, -100.0, 50.0, -50.0,
		100.0 - 64.0 * DBL_EPSILON, -100.0 + 64.0 * DBL_EPSILON,
		SMALLEST, -1e-300, 33.333333333333336
	};
	uint8_t		kind = TakeByte(bytes);
	uint64_t	number = TakeNumber(bytes);
	double		value;

	if (kind < 64)
		return known[number % (sizeof(known) / sizeof(known[0]))];
	if (kind < 160)
		return (double) (number % 201) - 100.0;
	memcpy(&value, &number, sizeof(value));
	return value >= -100.0 && value <= 100.0 ? value : 0.0;
}

/*
 * Exchanges promoters and detractors.
 */
static inline NpsTally
Mirror(NpsTally a)
{
	NpsTally	mirrored = {{
			a.count[NPS_PROMOTER], a.count[NPS_PASSIVE], a.count[NPS_DETRACTOR]
	}};

	return mirrored;
}

/*
 * Promoters less detractors.
 */
static inline Wide
Net(NpsTally a)
{
	return (Wide) a.count[NPS_PROMOTER] - a.count[NPS_DETRACTOR];
}

/*
 * Are two values the same but for a distance?
 */
static inline bool
Near(double a, double b, double distance)
{
	return a == b || fabs(a - b) <= distance;
}

/*
 * Are two values the same but for a fraction of them?  The smallest doubles
 * have hardly a digit.
 */
static inline bool
Close(double a, double b, double fraction)
{
	return Near(a, b, fraction * fmax(fabs(a), fabs(b)) + TINY);
}

#endif							/* NPS_SAMPLES_H */
