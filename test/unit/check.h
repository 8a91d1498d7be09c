/*-------------------------------------------------------------------------
 *
 * check.h
 *	  What the unit tests check with, and report by.
 *
 * A test is made of checks; a test fails if one of them does, or if there are
 * none.  Report() prints the plan of TAP, and is what main() returns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#define lengthof(array) ((int) (sizeof(array) / sizeof((array)[0])))

static int	tests = 0;
static int	failed_tests = 0;
static long checks = 0;			/* of the test that is under way */
static long failed_checks = 0;

/*
 * Count one check of the test under way, and say what was wrong if it failed.
 */
static inline void
Expect(int holds, const char *format,...)
{
	va_list		arguments;

	checks++;
	if (holds)
		return;
	if (++failed_checks > 5)
		return;
	printf("# ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

/*
 * Report the test under way, which fails if it checked nothing.
 */
static inline void
Finish(const char *name)
{
	int			good = checks > 0 && failed_checks == 0;

	if (!good)
	{
		printf("# %ld of %ld checks failed\n", failed_checks, checks);
		failed_tests++;
	}
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
	checks = 0;
	failed_checks = 0;
}

/*
 * Check that a value is within a distance of the expected one.
 */
static inline void
Near(const char *what, double actual, double expected, double distance)
{
	Expect(fabs(actual - expected) <= distance, "%s: %.17g, expected %.17g",
		   what, actual, expected);
}

/*
 * Check a value against the expected one by their ratio.
 */
static inline void
Close(const char *what, double actual, double expected, double tolerance)
{
	Expect(actual == expected ||
		   fabs(actual - expected) <= tolerance * fabs(expected),
		   "%s: %.17g, expected %.17g", what, actual, expected);
}

/*
 * Check that a value rounds to the published one, whose last digit counts
 * "unit".
 */
static inline void
Published(const char *what, double actual, double published, double unit)
{
	Near(what, actual, published, 0.5 * unit * (1.0 + 1e-9));
}

/*
 * Print the plan, and tell whether a test failed.
 */
static inline int
Report(void)
{
	printf("1..%d\n", tests);
	return failed_tests > 0;
}

/*
 * Random numbers of 64 bits, the same in every run (xorshift64*, Vigna 2016,
 * An experimental exploration of Marsaglia's xorshift generators, scrambled,
 * ACM Transactions on Mathematical Software 42).
 */
static inline uint64_t
Random(void)
{
	static uint64_t state = UINT64_C(20261126);

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

/*
 * The same as fractions, from 0 to below 1.
 */
static inline double
RandomFraction(void)
{
	return (double) (Random() >> 11) * 0x1p-53;
}

#endif							/* CHECK_H */
