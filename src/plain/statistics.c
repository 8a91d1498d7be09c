/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  The statistics of the Net Promoter Score: intervals, tests, sample
 *	  size, change.
 *
 * With a response counted as -1 (detractor), 0 (passive) or 1 (promoter),
 * the score is 100 times the mean.  Everything below is computed on shares,
 * with the score as a fraction called "net", and turned into points last.
 *
 * Sources, named in the comments by author and year:
 *
 * Agresti & Min 2005, Simple improved confidence intervals for comparing
 * matched proportions, Statistics in Medicine 24, 729-740.
 *
 * Bonett & Price 2012, Adjusted Wald confidence interval for a difference of
 * binomial proportions based on paired data, Journal of Educational and
 * Behavioral Statistics 37, 479-488.
 *
 * Das Gupta 1993, Standardization and decomposition of rates: a user's
 * manual, U.S. Bureau of the Census, Current Population Reports P23-186.
 *
 * Fagerland, Lydersen & Laake 2014, Recommended tests and confidence
 * intervals for paired binomial proportions, Statistics in Medicine 33,
 * 2850-2875.
 *
 * Kitagawa 1955, Components of a difference between two rates, Journal of
 * the American Statistical Association 50, 1168-1194.
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

/*
 * A sample as shares of its responses.  Pseudo-responses that a method adds
 * are in it, so that the number of responses need not be whole.
 */
typedef struct Sample
{
	double		responses;
	double		detractors;
	double		passives;
	double		promoters;
	double		net;			/* promoters less detractors */
	double		surplus;		/* the same as a number of responses */
	double		above_lowest;	/* what that number exceeds -responses by */
	double		below_highest;	/* what it lacks to all responses */
} Sample;

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
 * The tally as shares, with the method's pseudo-responses added.  They are
 * as many promoters as detractors, so that promoters less detractors is
 * taken in whole numbers, where nothing cancels.  Past 2^53 responses a double
 * can't hold that number next to all responses, but it holds what is between.
 *
 * Rocks 2016 spreads three over the categories as 3/4, 3/2, 3/4; Agresti &
 * Min 2005 add 1/2 to each cell of the matched-pairs table, two of whose four
 * cells are passives here; Bonett & Price 2012 add 1 to each of its
 * discordant cells.
 */
static Sample
MakeSample(NpsTally tally, NpsMethod method)
{
	static const struct
	{
		double		either;		/* detractors, and as many promoters */
		double		passives;
	}			pseudo[] = {
		[NPS_METHOD_WALD] = {0.0, 0.0},
		[NPS_METHOD_ADJUSTED_WALD] = {0.75, 1.5},
		[NPS_METHOD_AGRESTI_MIN] = {0.5, 1.0},
		[NPS_METHOD_BONETT_PRICE] = {1.0, 0.0},
		[NPS_METHOD_TANGO] = {0.0, 0.0}
	};
	double		either = pseudo[method].either;
	double		detractors = (double) tally.count[NPS_DETRACTOR] + either;
	double		passives = (double) tally.count[NPS_PASSIVE] +
		pseudo[method].passives;
	double		promoters = (double) tally.count[NPS_PROMOTER] + either;
	double		responses = (double) NpsTallyTotal(&tally) + 2.0 * either +
		pseudo[method].passives;
	Sample		sample;

	sample.responses = responses;
	sample.detractors = detractors / responses;
	sample.passives = passives / responses;
	sample.promoters = promoters / responses;
	sample.surplus = (double) (tally.count[NPS_PROMOTER] -
							   tally.count[NPS_DETRACTOR]);
	sample.net = sample.surplus / responses;
	sample.above_lowest = 2.0 * promoters + passives;
	sample.below_highest = 2.0 * detractors + passives;
	return sample;
}

/*
 * Variance of one response, counted as -1, 0 or 1.  With shares d, p and r it
 * is r + d - (r - d)^2, written as p(r + d) + 4rd, in which nothing cancels.
 */
static double
SampleVariance(Sample sample)
{
	return sample.passives * (sample.promoters + sample.detractors) +
		4.0 * sample.promoters * sample.detractors;
}

/*
 * Variance of one response, counted as -1, 0 or 1; at most 1.  The tally has
 * a response.
 */
double
NpsVariance(NpsTally tally)
{
	return SampleVariance(MakeSample(tally, NPS_METHOD_WALD));
}

/*
 * Standard error of the score in points.  The tally has a response.
 */
double
NpsStandardError(NpsTally tally)
{
	Sample		sample = MakeSample(tally, NPS_METHOD_WALD);

	return 100.0 * sqrt(SampleVariance(sample) / sample.responses);
}

/*
 * The sample with detractors and promoters exchanged.
 */
static Sample
Mirrored(Sample sample)
{
	Sample		mirrored = sample;

	mirrored.detractors = sample.promoters;
	mirrored.promoters = sample.detractors;
	mirrored.net = -sample.net;
	mirrored.surplus = -sample.surplus;
	mirrored.above_lowest = sample.below_highest;
	mirrored.below_highest = sample.above_lowest;
	return mirrored;
}

/*
 * Variance of one response where the shares are the likeliest ones for this
 * sample among those whose net is the given one, from -1 to 1; "rest" is
 * what its magnitude lacks to 1.
 *
 * Tango 1998: the likeliest share q of detractors is the larger root of
 * 2q^2 + bq - d net (1 - net) = 0, where b = (2 - r + d) net - (r + d), and
 * the variance is 2q + net (1 - net).  Exchanging the categories for a
 * negative net, taking b from 1 - net when that is the smaller, and dividing
 * where b is positive keep the result precise when nearly all responses are
 * in one category.
 */
static double
NullVariance(Sample sample, double net, double rest)
{
	double		product;
	double		linear;
	double		root;
	double		detractors;

	if (net < 0.0)
	{
		sample = Mirrored(sample);
		net = -net;
	}

	product = sample.detractors * net * rest;
	if (net < 0.5)
		linear = (2.0 - sample.net) * net -
			(sample.promoters + sample.detractors);
	else
		linear = 2.0 * (sample.passives + sample.detractors) -
			(2.0 - sample.net) * rest;

	root = sqrt(linear * linear + 8.0 * product);
	if (linear < 0.0)
		detractors = (root - linear) / 4.0;
	else if (product > 0.0)
		detractors = 2.0 * product / (root + linear);
	else
		detractors = 0.0;

	return 2.0 * detractors + net * rest;
}

/*
 * A difference in standard errors.  Without a standard error, no difference
 * at all is 0, and any other is infinitely far away.
 */
static double
StandardErrors(double difference, double standard_error)
{
	if (standard_error > 0.0)
		return difference / standard_error;
	if (difference == 0.0)
		return 0.0;
	return copysign(INFINITY, difference);
}

/*
 * The lower end of the score interval of Tango 1998, as a fraction: the net
 * that the sample's own net exceeds by "critical" null standard errors.  That
 * is -1 where all responses are detractors; below a one-sided confidence of
 * one half the critical value is negative, and the end may be 1 likewise.
 *
 * The number of standard errors falls all the way from net -1 to 1 (the
 * logarithm of the likelihood is concave in the net), so halving finds the
 * place.  64 halvings of the 2 to search leave less than a double can show
 * next to a margin.
 */
static double
TangoLower(Sample sample, double critical)
{
	double		below = -1.0;
	double		above = 1.0;

	for (int i = 0; i < 64; i++)
	{
		double		middle = 0.5 * (below + above);
		double		variance = NullVariance(sample, middle,
											1.0 - fabs(middle));

		if (StandardErrors(sample.net - middle,
						   sqrt(variance / sample.responses)) > critical)
			below = middle;
		else
			above = middle;
	}
	return 0.5 * (below + above);
}

/*
 * The upper end of the score interval, found as the lower one of the mirrored
 * sample, so that the interval mirrors exactly when promoters and detractors
 * are exchanged.
 */
static double
TangoUpper(Sample sample, double critical)
{
	return -TangoLower(Mirrored(sample), critical);
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
 * Interval for the score, in points.  The tally has a response.
 *
 * All methods but score are Wald's: the mean of the sample, pseudo-responses
 * included, plus and minus the critical value times its standard error.
 */
NpsInterval
NpsConfidenceInterval(NpsTally tally, double confidence, NpsMethod method)
{
	Sample		sample = MakeSample(tally, method);
	double		critical;
	NpsInterval interval;

	critical = NpsCriticalValue(confidence, NPS_ALTERNATIVE_TWO_SIDED);
	if (method == NPS_METHOD_TANGO)
	{
		interval.lower = 100.0 * TangoLower(sample, critical);
		interval.upper = 100.0 * TangoUpper(sample, critical);
		interval.margin = 0.5 * (interval.upper - interval.lower);
	}
	else
	{
		interval.margin = 100.0 * critical *
			sqrt(SampleVariance(sample) / sample.responses);
		interval.lower = Clipped(100.0 * sample.net - interval.margin,
								 -100.0, 100.0);
		interval.upper = Clipped(100.0 * sample.net + interval.margin,
								 -100.0, 100.0);
	}
	return interval;
}

/*
 * The score of a less that of b, in points.  Scores near the same end of the
 * scale are subtracted as their distances from it, which are more precise.
 */
static double
ScoreDifference(Sample a, Sample b)
{
	double		products;

	if (a.net > 0.5 && b.net > 0.5)
		products = DifferenceOfProducts(b.below_highest, a.responses,
										a.below_highest, b.responses);
	else if (a.net < -0.5 && b.net < -0.5)
		products = DifferenceOfProducts(a.above_lowest, b.responses,
										b.above_lowest, a.responses);
	else
		products = DifferenceOfProducts(a.surplus, b.responses,
										b.surplus, a.responses);
	return 100.0 * products / (a.responses * b.responses);
}

/*
 * The score of a sample less a benchmark, in points, likewise.  What the
 * benchmark lacks to an end of the scale is exact in the half next to it.
 */
static double
BenchmarkDifference(Sample sample, double benchmark)
{
	double		products;

	if (benchmark > 50.0)
		products = DifferenceOfProducts(100.0 - benchmark, sample.responses,
										100.0, sample.below_highest);
	else if (benchmark < -50.0)
		products = DifferenceOfProducts(100.0, sample.above_lowest,
										100.0 + benchmark, sample.responses);
	else
		products = DifferenceOfProducts(100.0, sample.surplus,
										benchmark, sample.responses);
	return products / sample.responses;
}

/*
 * Judge a difference, in points, by its standard error: z, p-value and Wald
 * bounds.  "least" and "greatest" are the differences that are possible at
 * all; they clip the bounds, and stand where the alternative leaves a side
 * open.
 */
static NpsTestResult
JudgeDifference(double difference, double standard_error,
				double least, double greatest,
				double confidence, NpsAlternative alternative)
{
	double		reach;
	NpsTestResult result;

	result.difference = difference;
	result.standard_error = standard_error;
	result.z = StandardErrors(difference, standard_error);

	result.lower = least;
	result.upper = greatest;
	reach = NpsCriticalValue(confidence, alternative) * standard_error;
	if (alternative != NPS_ALTERNATIVE_LESS)
		result.lower = Clipped(difference - reach, least, greatest);
	if (alternative != NPS_ALTERNATIVE_GREATER)
		result.upper = Clipped(difference + reach, least, greatest);

	if (alternative == NPS_ALTERNATIVE_GREATER)
		result.p_value = NpsNormalUpperTail(result.z);
	else if (alternative == NPS_ALTERNATIVE_LESS)
		result.p_value = NpsNormalUpperTail(-result.z);
	else
		result.p_value = 2.0 * NpsNormalUpperTail(fabs(result.z));
	return result;
}

/*
 * Test the score of a against that of b, two independent samples that each
 * have a response; the difference is a less b.  Each sample gets the
 * method's pseudo-responses, and the variance is not pooled.  The score
 * method has no such test: asked for it, all results are NaN.
 */
NpsTestResult
NpsTestTwoSamples(NpsTally a, NpsTally b, double confidence,
				  NpsMethod method, NpsAlternative alternative)
{
	Sample		sample_a = MakeSample(a, method);
	Sample		sample_b = MakeSample(b, method);
	double		standard_error;

	if (method == NPS_METHOD_TANGO)
		return (NpsTestResult) {NAN, NAN, NAN, NAN, NAN, NAN};

	standard_error =
		100.0 * sqrt(SampleVariance(sample_a) / sample_a.responses +
					 SampleVariance(sample_b) / sample_b.responses);
	return JudgeDifference(ScoreDifference(sample_a, sample_b),
						   standard_error, -200.0, 200.0,
						   confidence, alternative);
}

/*
 * Test the score of a sample that has a response against a benchmark, a
 * fixed score from -100 to 100; the difference is the score less the
 * benchmark.
 *
 * With the score method (Tango 1998, Fagerland et al. 2014) the standard
 * error is the one that holds if the benchmark is true, and the bounds are
 * the ends of the score interval less the benchmark; these agree with the
 * p-value, as an end is where it is 1 - confidence.
 */
NpsTestResult
NpsTestBenchmark(NpsTally tally, double benchmark, double confidence,
				 NpsMethod method, NpsAlternative alternative)
{
	Sample		sample = MakeSample(tally, method);
	double		critical;
	double		variance;
	NpsTestResult result;

	if (method == NPS_METHOD_TANGO)
	{
		/* one so small would leave a difference, but an error of 0 */
		if (fabs(benchmark) < 1e-280)
			benchmark = 0.0;
		variance = NullVariance(sample, benchmark / 100.0,
								(100.0 - fabs(benchmark)) / 100.0);
	}
	else
		variance = SampleVariance(sample);

	result = JudgeDifference(BenchmarkDifference(sample, benchmark),
							 100.0 * sqrt(variance / sample.responses),
							 -100.0 - benchmark, 100.0 - benchmark,
							 confidence, alternative);

	if (method == NPS_METHOD_TANGO)
	{
		critical = NpsCriticalValue(confidence, alternative);
		if (alternative != NPS_ALTERNATIVE_LESS)
			result.lower = 100.0 * TangoLower(sample, critical) - benchmark;
		if (alternative != NPS_ALTERNATIVE_GREATER)
			result.upper = 100.0 * TangoUpper(sample, critical) - benchmark;
	}
	return result;
}

/*
 * Number of responses, at least 1, for which the Wald margin is no more than
 * the given one in points.  Margin and variance (of one response, at most 1)
 * are positive.  A whole number that may be past the range of int64_t, even
 * infinite.
 */
double
NpsSampleSize(double margin, double confidence, double variance)
{
	double		critical;
	double		ratio;
	double		responses;

	critical = NpsCriticalValue(confidence, NPS_ALTERNATIVE_TWO_SIDED);
	ratio = 100.0 * critical / margin;
	responses = ceil(variance * ratio * ratio);
	return responses < 1.0 ? 1.0 : responses;
}

/*
 * What a segment did, in points, to the change of the whole's score between
 * two periods: by the movement of its own score ("rate") and by its changed
 * share of the responses ("mix").  The totals have responses, and the
 * segment is no larger than they are.
 *
 * Kitagawa 1955, in the form of Das Gupta 1993.  The mix effect is taken
 * from the score by which the segment differs from the whole, so that a
 * growing segment counts as good only if it is better than the whole; the
 * sum over all segments is the same.  A segment without responses in one
 * period has its score of the other there, which makes its effect all mix.
 */
NpsChange
NpsDecomposeChange(NpsTally before, NpsTally after,
				   NpsTally total_before, NpsTally total_after)
{
	double		responses_before = (double) NpsTallyTotal(&before);
	double		responses_after = (double) NpsTallyTotal(&after);
	double		weight_before;
	double		weight_after;
	double		net_before;
	double		net_after;
	double		total_net;
	NpsChange	change = {0.0, 0.0, 0.0};

	if (responses_before == 0.0 && responses_after == 0.0)
		return change;
	if (responses_before == 0.0)
		net_before = MakeSample(after, NPS_METHOD_WALD).net;
	else
		net_before = MakeSample(before, NPS_METHOD_WALD).net;
	if (responses_after == 0.0)
		net_after = net_before;
	else
		net_after = MakeSample(after, NPS_METHOD_WALD).net;

	weight_before = responses_before / (double) NpsTallyTotal(&total_before);
	weight_after = responses_after / (double) NpsTallyTotal(&total_after);
	total_net = 0.5 * (MakeSample(total_before, NPS_METHOD_WALD).net +
					   MakeSample(total_after, NPS_METHOD_WALD).net);

	change.rate = 100.0 * 0.5 * (weight_before + weight_after) *
		(net_after - net_before);
	change.mix = 100.0 * (weight_after - weight_before) *
		(0.5 * (net_before + net_after) - total_net);
	change.total = change.rate + change.mix;
	return change;
}
