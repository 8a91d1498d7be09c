/*-------------------------------------------------------------------------
 *
 * intervals.c
 *	  Fuzzes the variance, the interval, the sample size and the quantiles that
 *	  they stand on, in src/plain.
 *
 * Where a law speaks of equality, what is exact in the code is compared
 * exactly; elsewhere the tolerance is the rounding of doubles.
 *
 *-------------------------------------------------------------------------
 */
#include "samples.h"

#include "plain/normal.h"
#include "plain/power.h"

static unsigned long tallies = 0;	/* with responses */
static unsigned long large = 0; /* past 2^53 responses */
static unsigned long interior = 0;	/* intervals that touch no end */

/*
 * Tells what was reached; the runner wants none of it to be 0.
 */
static void
Report(void)
{
	fprintf(stderr, "reached: %lu tallies, %lu large, %lu intervals inside\n",
			tallies, large, interior);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return atexit(Report);
}

/*
 * The quantile is the inverse of the tail.  An error of the quantile grows by
 * its square, at most 38^2, on the way back.
 */
static void
CheckNormal(double p, double q)
{
	double		z = NpsNormalQuantile(p);
	double		central = NpsNormalCentralQuantile(p);

	Require(isfinite(z) && isfinite(central) && central >= 0.0,
			"quantiles %g, %g of %g", z, central, p);
	if (p >= 0.5)
		Require(Close(NpsNormalUpperTail(z), 1.0 - p, 1e-11),
				"tail %g, expected %g", NpsNormalUpperTail(z), 1.0 - p);
	else if (p >= 1e-300)
		Require(Close(NpsNormalUpperTail(-z), p, 1e-11),
				"tail %g, expected %g", NpsNormalUpperTail(-z), p);
	Require(Close(2.0 * NpsNormalUpperTail(central), 1.0 - p, 1e-11),
			"central tail %g, expected %g",
			2.0 * NpsNormalUpperTail(central), 1.0 - p);
	if (p < q)
	{
		Require(z <= NpsNormalQuantile(q) + 1e-14 * (1.0 + fabs(z)),
				"quantile falls from %g to %g", p, q);
		Require(central <=
				NpsNormalCentralQuantile(q) + 1e-14 * (1.0 + central),
				"central quantile falls from %g to %g", p, q);
	}
}

/*
 * The variance and the standard error against n(r + d) - (r - d)^2 in whole
 * numbers, n^2 times the variance.
 */
static void
CheckVariance(NpsTally a)
{
	Wide		n = NpsTallyTotal(&a);
	Wide		square = n * (n - a.count[NPS_PASSIVE]) - Net(a) * Net(a);
	double		expected = (double) ((long double) square /
									 ((long double) n * (long double) n));
	double		variance = NpsVariance(a);

	Require(Close(variance, expected, ROUNDING),
			"variance %.17g, expected %.17g", variance, expected);
	Require(variance >= 0.0 && variance <= 1.0 + ROUNDING,
			"variance %.17g", variance);
	Require(variance == NpsVariance(Mirror(a)), "mirrored %.17g", variance);
	Require(Close(NpsStandardError(a), 100.0 * sqrt(expected / (double) n),
				  ROUNDING), "standard error %.17g", NpsStandardError(a));
}

/*
 * The interval: inside the scale, as wide as its margin says, symmetric, and
 * no narrower where the confidence is higher.
 */
static void
CheckInterval(NpsTally a, double confidence, double higher, NpsMethod method)
{
	NpsInterval interval = NpsConfidenceInterval(a, confidence, method,
												 INFINITY);
	NpsInterval mirrored = NpsConfidenceInterval(Mirror(a), confidence, method,
												 INFINITY);
	NpsInterval wider = NpsConfidenceInterval(a, higher, method, INFINITY);
	double		width = interval.upper - interval.lower;
	double		score = (double) (100.0L * Net(a) / NpsTallyTotal(&a));

	Require(interval.lower >= -100.0 && interval.lower <= interval.upper &&
			interval.upper <= 100.0, "interval %.17g, %.17g",
			interval.lower, interval.upper);
	Require(interval.margin >= 0.0 && interval.margin < 2000.0,
			"margin %.17g", interval.margin);
	Require(mirrored.lower == -interval.upper &&
			mirrored.upper == -interval.lower &&
			mirrored.margin == interval.margin,
			"interval %.17g, %.17g, mirrored %.17g, %.17g",
			interval.lower, interval.upper, mirrored.lower, mirrored.upper);

	Require(width <= 2.0 * interval.margin + POINTS,
			"width %.17g, margin %.17g", width, interval.margin);
	if (interval.lower > -100.0 && interval.upper < 100.0)
	{
		Require(Near(width, 2.0 * interval.margin, POINTS),
				"width %.17g, margin %.17g", width, interval.margin);
		interior++;
	}
	if (method == NPS_METHOD_WALD || method == NPS_METHOD_TANGO)
		Require(interval.lower <= score + POINTS &&
				interval.upper >= score - POINTS,
				"interval %.17g, %.17g, score %.17g",
				interval.lower, interval.upper, score);
	if (method == NPS_METHOD_WALD)
		Require(Close(interval.margin, NpsStandardError(a) *
					  NpsNormalCentralQuantile(confidence), ROUNDING),
				"margin %.17g", interval.margin);

	if (confidence <= higher)
		Require(wider.lower <= interval.lower + POINTS &&
				wider.upper >= interval.upper - POINTS &&
				wider.margin >= interval.margin - POINTS,
				"interval %.17g, %.17g, wider %.17g, %.17g",
				interval.lower, interval.upper, wider.lower, wider.upper);
}

/*
 * Of a population: the interval is no wider, and has no width where all have
 * answered.
 */
static void
CheckPopulation(NpsTally a, double confidence, double more, NpsMethod method)
{
	double		answered = (double) NpsTallyTotal(&a);
	double		score = (double) (100.0L * Net(a) / NpsTallyTotal(&a));
	NpsInterval whole;
	NpsInterval part;

	if (!NpsMethods[method].serves[NPS_POPULATION])
		return;
	whole = NpsConfidenceInterval(a, confidence, method, answered);
	part = NpsConfidenceInterval(a, confidence, method, answered + more);
	Require(whole.margin == 0.0 && Near(whole.lower, score, POINTS),
			"all answered: margin %.17g", whole.margin);
	Require(part.margin >= 0.0 && part.lower <= part.upper,
			"margin %.17g, interval %.17g, %.17g", part.margin, part.lower,
			part.upper);
	if (method == NPS_METHOD_WALD)
		Require(part.margin <= NpsConfidenceInterval(a, confidence, method,
													 INFINITY).margin + POINTS,
				"margin %.17g, of %g more", part.margin, more);
}

/*
 * The sample size: a whole number, the least whose Wald margin is no larger
 * than the margin, and no larger where less is asked for.
 */
static void
CheckSampleSize(double margin, double confidence, double variance,
				double other)
{
	double		responses = NpsSampleSize(margin, confidence, variance,
										  INFINITY);
	double		reach = 100.0 * NpsNormalCentralQuantile(confidence) *
		sqrt(variance);

	Require(responses >= 1.0 && responses == floor(responses),
			"sample size %.17g", responses);
	if (responses < 9007199254740992.0)
	{
		/* the margin times the square root does not leave the doubles */
		Require(reach <= margin * sqrt(responses) * (1.0 + ROUNDING) + TINY,
				"margin %g, of %g responses", margin, responses);
		if (responses > 1.0)
			Require(reach > margin * sqrt(responses - 1.0) *
					(1.0 - ROUNDING) - TINY,
					"margin %g, of %g responses less one", margin, responses);
	}

	if (other > margin)
		Require(NpsSampleSize(other, confidence, variance, INFINITY) <=
				responses, "%g responses, more for margin %g", responses,
				other);
	if (other < variance)
		Require(NpsSampleSize(margin, confidence, other, INFINITY) <=
				responses, "%g responses, more for variance %g", responses,
				other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	NpsMethod	method = TakeByte(&bytes) % NPS_METHODS;
	double		confidence = TakeFraction(&bytes, 1.0);
	double		higher = TakeFraction(&bytes, 1.0);
	double		variance = TakeFraction(&bytes, 1.0);
	double		margin = TakeFraction(&bytes, 1000.0);
	double		other = TakeFraction(&bytes, 1000.0);
	NpsTally	tally = TakeTally(&bytes);

	CheckNormal(confidence, higher);
	CheckSampleSize(margin, confidence, variance, other);
	CheckSampleSize(margin, confidence, 1.0, other);

	if (NpsTallyTotal(&tally) == 0)
		return 0;
	tallies++;
	if (NpsTallyTotal(&tally) > INT64_C(1) << 53)
		large++;
	CheckVariance(tally);
	CheckInterval(tally, confidence, higher, method);
	CheckPopulation(tally, confidence, margin, method);
	return 0;
}
