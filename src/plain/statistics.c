/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  The statistics of the Net Promoter Score: intervals and tests.
 *
 * With a response counted as -1 (detractor), 0 (passive) or 1 (promoter),
 * the score is 100 times the mean.  Everything below is computed on shares,
 * with the score as a fraction called "net", and turned into points last.
 *
 * Sources, named in the comments by author and year:
 *
 * Fagerland, Lydersen & Laake 2014, Recommended tests and confidence
 * intervals for paired binomial proportions, Statistics in Medicine 33,
 * 2850-2875.
 *
 * Rocks 2016, Interval estimation for the "Net Promoter Score", The American
 * Statistician 70, 365-372.
 *
 * Tango 1998, Equivalence test and confidence interval for the difference in
 * proportions for the paired-sample design, Statistics in Medicine 17,
 * 891-908.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/statistics.h"

#include <math.h>

#include "plain/normal.h"
#include "plain/sample.h"
#include "plain/sequence.h"
#include "plain/tango.h"

/* Where a difference lies with a given confidence, or at all, in points */
typedef struct Bounds
{
	double		lower;
	double		upper;
} Bounds;

/*
 * How many standard errors a bound lies from the estimate at the given
 * confidence, with two bounds or only one.
 */
double
NpsCriticalValue(double confidence, NpsAlternative alternative)
{
	if (alternative == NPS_ALTERNATIVE_TWO_SIDED)
		return NpsNormalCentralQuantile(confidence);
	return NpsNormalQuantile(confidence);
}

/*
 * The same by the method, for so many responses: a confidence sequence lies
 * further out, so that it holds at every look.
 */
static double
MethodReach(NpsMethod method, double responses, double confidence,
			NpsAlternative alternative)
{
	if (method == NPS_METHOD_ALWAYS_VALID)
		return NpsSequenceReach(responses, confidence,
								alternative != NPS_ALTERNATIVE_TWO_SIDED);
	return NpsCriticalValue(confidence, alternative);
}

/*
 * ab - cd, precise however much of it cancels (Kahan's algorithm; Jeannerod,
 * Louvet & Muller 2013, Further analysis of Kahan's algorithm for the
 * accurate computation of 2 x 2 determinants, Mathematics of Computation 82,
 * 2245-2264).
 */
static double
DifferenceOfProducts(double a, double b, double c, double d)
{
	double		product = c * d;
	double		lost = fma(-c, d, product);

	return fma(a, b, -product) + lost;
}

/*
 * The value, or the nearer of the two limits where it lies outside them.
 */
static double
Clipped(double value, double least, double greatest)
{
	return fmin(fmax(value, least), greatest);
}

/*
 * Interval for the score of a sample, in points, with that part of its
 * variance.
 *
 * All methods but Tango's are Wald's: the mean of the sample,
 * pseudo-responses included, plus and minus its standard error times what the
 * method asks for.
 */
static NpsInterval
SampleInterval(NpsSample sample, double confidence, NpsMethod method,
			   double unanswered)
{
	double		critical = MethodReach(method, sample.responses, confidence,
									   NPS_ALTERNATIVE_TWO_SIDED);
	double		score = 100.0 * sample.shares.net;
	NpsInterval interval;

	if (method == NPS_METHOD_TANGO)
	{
		interval.lower = 100.0 * NpsTangoLower(sample.shares, sample.weight,
											   critical);
		interval.upper = 100.0 * NpsTangoUpper(sample.shares, sample.weight,
											   critical);
		interval.margin = 0.5 * (interval.upper - interval.lower);
	}
	else
	{
		interval.margin = 100.0 * critical *
			sqrt(NpsSquaredError(sample) * unanswered);
		interval.lower = Clipped(score - interval.margin, -100.0, 100.0);
		interval.upper = Clipped(score + interval.margin, -100.0, 100.0);
	}
	return interval;
}

/*
 * Interval for the score, in points.  The tally has a response.  The
 * population is infinite, or no smaller than the tally and then not for a
 * method that does not serve one.
 */
NpsInterval
NpsConfidenceInterval(NpsTally tally, double confidence, NpsMethod method,
					  double population)
{
	double		unanswered = NpsUnanswered((double) NpsTallyTotal(&tally),
										   population);
	NpsSample	sample = NpsMakeSampleOf(tally, method, unanswered);

	return SampleInterval(sample, confidence, method, unanswered);
}

/* The same where responses have weights, which the method takes. */
NpsInterval
NpsWeightedInterval(const NpsWeightedTally *tally, double confidence,
					NpsMethod method)
{
	return SampleInterval(NpsMakeWeightedSample(tally, method), confidence,
						  method, 1.0);
}

/*
 * The score of a less that of b, in points.  Scores near the same end of the
 * scale are subtracted as their distances from it, which are more precise.
 */
static double
ScoreDifference(NpsSample a, NpsSample b)
{
	double		products;

	if (a.shares.net > 0.5 && b.shares.net > 0.5)
		products = DifferenceOfProducts(b.below_highest, a.weight,
										a.below_highest, b.weight);
	else if (a.shares.net < -0.5 && b.shares.net < -0.5)
		products = DifferenceOfProducts(a.above_lowest, b.weight,
										b.above_lowest, a.weight);
	else
		products = DifferenceOfProducts(a.surplus, b.weight,
										b.surplus, a.weight);
	return 100.0 * products / (a.weight * b.weight);
}

/*
 * The score of a sample less a benchmark, in points, likewise.  What the
 * benchmark lacks to an end of the scale is exact in the half next to it.
 */
static double
BenchmarkDifference(NpsSample sample, double benchmark)
{
	double		products;

	if (benchmark > 50.0)
		products = DifferenceOfProducts(100.0 - benchmark, sample.weight,
										100.0, sample.below_highest);
	else if (benchmark < -50.0)
		products = DifferenceOfProducts(100.0, sample.above_lowest,
										100.0 + benchmark, sample.weight);
	else
		products = DifferenceOfProducts(100.0, sample.surplus,
										benchmark, sample.weight);
	return products / sample.weight;
}

/*
 * The bounds of a difference that reach so far to either side of it, in
 * points.  A side that the alternative leaves open is infinite.
 */
static Bounds
WaldBounds(double difference, double reach, NpsAlternative alternative)
{
	Bounds		bounds = {-INFINITY, INFINITY};

	if (alternative != NPS_ALTERNATIVE_LESS)
		bounds.lower = difference - reach;
	if (alternative != NPS_ALTERNATIVE_GREATER)
		bounds.upper = difference + reach;
	return bounds;
}

/*
 * The bounds of the score less a benchmark by Tango 1998, likewise.  They
 * agree with the p-value, as an end is where it is 1 - confidence.
 */
static Bounds
TangoBounds(NpsSample sample, double benchmark, double confidence,
			NpsAlternative alternative)
{
	double		critical = NpsCriticalValue(confidence, alternative);
	Bounds		bounds = {-INFINITY, INFINITY};

	if (alternative != NPS_ALTERNATIVE_LESS)
		bounds.lower = 100.0 * NpsTangoLower(sample.shares, sample.weight,
											 critical) - benchmark;
	if (alternative != NPS_ALTERNATIVE_GREATER)
		bounds.upper = 100.0 * NpsTangoUpper(sample.shares, sample.weight,
											 critical) - benchmark;
	return bounds;
}

/*
 * The p-value of a z found by the method in so many responses.
 */
static double
PValue(NpsMethod method, double responses, double z,
	   NpsAlternative alternative)
{
	double		against = z;	/* what speaks for the alternative */

	if (alternative == NPS_ALTERNATIVE_TWO_SIDED)
		against = fabs(z);
	else if (alternative == NPS_ALTERNATIVE_LESS)
		against = -z;

	if (method == NPS_METHOD_ALWAYS_VALID)
		return NpsSequencePValue(against, responses,
								 alternative != NPS_ALTERNATIVE_TWO_SIDED);
	return NpsNormalUpperTail(against) *
		(alternative == NPS_ALTERNATIVE_TWO_SIDED ? 2.0 : 1.0);
}

/*
 * A difference, in points, and what the method says of it after so many
 * responses.  Its bounds are clipped to the differences that are possible at
 * all, which also stand where a side is open.
 */
static NpsTestResult
MakeResult(double difference, double standard_error, NpsMethod method,
		   double responses, NpsAlternative alternative, Bounds bounds,
		   Bounds possible)
{
	NpsTestResult result;

	result.difference = difference;
	result.standard_error = standard_error;
	result.z = NpsStandardErrors(difference, standard_error);
	result.p_value = PValue(method, responses, result.z, alternative);
	result.lower = Clipped(bounds.lower, possible.lower, possible.upper);
	result.upper = Clipped(bounds.upper, possible.lower, possible.upper);
	return result;
}

/*
 * How many responses two samples of one size have that tell as much of a
 * difference as these two: all of them, if these are of one size.  A sequence
 * goes by that number, as the larger sample does not make up for what the
 * smaller one still lacks; by all responses, a small sample against a large
 * one, looked at from its first response on, would find what is not there too
 * often.
 */
static double
SequenceResponses(double a, double b)
{
	return 4.0 * a * (b / (a + b));
}

/*
 * Test the score of a against that of b, two independent samples; the
 * difference is a less b.  The variance is not pooled.
 */
static NpsTestResult
TestTwoSamples(NpsSample a, NpsSample b, double confidence, NpsMethod method,
			   NpsAlternative alternative)
{
	Bounds		possible = {-200.0, 200.0};
	double		responses = SequenceResponses(a.responses, b.responses);
	double		difference = ScoreDifference(a, b);
	double		standard_error =
		100.0 * sqrt(NpsSquaredError(a) + NpsSquaredError(b));
	double		reach = MethodReach(method, responses, confidence,
									alternative) * standard_error;

	return MakeResult(difference, standard_error, method, responses,
					  alternative, WaldBounds(difference, reach, alternative),
					  possible);
}

/*
 * Test the score of a against that of b, two independent samples that each
 * have a response.  Each sample gets the method's pseudo-responses.  Asked for
 * a method that does not serve two tallies, all results are NaN.
 */
NpsTestResult
NpsTestTwoSamples(NpsTally a, NpsTally b, double confidence,
				  NpsMethod method, NpsAlternative alternative)
{
	NpsTestResult none = {NAN, NAN, NAN, NAN, NAN, NAN};

	if (!NpsMethods[method].serves[NPS_TWO_TALLIES])
		return none;
	return TestTwoSamples(NpsMakeSample(a, method), NpsMakeSample(b, method),
						  confidence, method, alternative);
}

/* The same where responses have weights, which the method takes. */
NpsTestResult
NpsWeightedTestTwoSamples(const NpsWeightedTally *a, const NpsWeightedTally *b,
						  double confidence, NpsMethod method,
						  NpsAlternative alternative)
{
	return TestTwoSamples(NpsMakeWeightedSample(a, method),
						  NpsMakeWeightedSample(b, method),
						  confidence, method, alternative);
}

/*
 * Test the score of a sample against a benchmark, a fixed score from -100 to
 * 100; the difference is the score less the benchmark.
 *
 * With Tango's method (Tango 1998, Fagerland et al. 2014) the standard error
 * is the one that holds if the benchmark is true, and the bounds are the ends
 * of its interval less the benchmark.
 */
static NpsTestResult
TestBenchmark(NpsSample sample, double benchmark, double confidence,
			  NpsMethod method, NpsAlternative alternative)
{
	Bounds		possible;
	Bounds		bounds;
	double		squared_error;
	double		difference;
	double		standard_error;

	/* one so small would leave Tango's a difference, but an error of 0 */
	if (method == NPS_METHOD_TANGO && fabs(benchmark) < 1e-280)
		benchmark = 0.0;
	possible.lower = -100.0 - benchmark;
	possible.upper = 100.0 - benchmark;
	difference = BenchmarkDifference(sample, benchmark);

	if (method == NPS_METHOD_TANGO)
		squared_error = NpsTangoVariance(sample.shares, benchmark / 100.0,
										 (100.0 - fabs(benchmark)) / 100.0) /
			sample.weight;
	else
		squared_error = NpsSquaredError(sample);
	standard_error = 100.0 * sqrt(squared_error);

	if (method == NPS_METHOD_TANGO)
		bounds = TangoBounds(sample, benchmark, confidence, alternative);
	else
		bounds = WaldBounds(difference,
							MethodReach(method, sample.responses, confidence,
										alternative) * standard_error,
							alternative);
	return MakeResult(difference, standard_error, method, sample.responses,
					  alternative, bounds, possible);
}

/*
 * Test the score of a tally that has a response against a benchmark, a fixed
 * score from -100 to 100.
 */
NpsTestResult
NpsTestBenchmark(NpsTally tally, double benchmark, double confidence,
				 NpsMethod method, NpsAlternative alternative)
{
	return TestBenchmark(NpsMakeSample(tally, method), benchmark, confidence,
						 method, alternative);
}

/* The same where responses have weights, which the method takes. */
NpsTestResult
NpsWeightedTestBenchmark(const NpsWeightedTally *tally, double benchmark,
						 double confidence, NpsMethod method,
						 NpsAlternative alternative)
{
	return TestBenchmark(NpsMakeWeightedSample(tally, method), benchmark,
						 confidence, method, alternative);
}
