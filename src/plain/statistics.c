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
 * Cochran 1977, Sampling Techniques, third edition, Wiley.
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
#include "plain/sequence.h"

/*
 * The methods.  Rocks 2016 spreads three pseudo-responses over the categories
 * as 3/4, 3/2, 3/4; Agresti & Min 2005 add 1/2 to each cell of the
 * matched-pairs table, two of whose four cells are passives here; Bonett &
 * Price 2012 add 1 to each of its discordant cells.  A confidence sequence is
 * made of the same sample as the interval of Rocks 2016.
 */
const NpsMethodTraits NpsMethods[NPS_METHODS] =
{
	[NPS_METHOD_WALD] =
	{"wald", {true, true, true, true}, 0.0, 0.0},
	[NPS_METHOD_ADJUSTED_WALD] =
	{"adjusted-wald", {true, true, true, true}, 0.75, 1.5},
	[NPS_METHOD_AGRESTI_MIN] =
	{"agresti-min", {true, true, true, true}, 0.5, 1.0},
	[NPS_METHOD_BONETT_PRICE] =
	{"bonett-price", {true, true, true, true}, 1.0, 0.0},
	[NPS_METHOD_ALWAYS_VALID] =
	{"always-valid", {true, true, true, false}, 0.75, 1.5},
	[NPS_METHOD_TANGO] =
	{"score", {true, false, true, false}, 0.0, 0.0}
};

/* The shares of a sample, which are all that its variance depends on */
typedef struct Shares
{
	double		detractors;
	double		passives;
	double		promoters;
	double		net;			/* promoters less detractors */
} Shares;

/*
 * A sample.  Pseudo-responses that a method adds are in it, so that the
 * number of responses need not be whole.
 */
typedef struct Sample
{
	double		responses;
	Shares		shares;
	double		surplus;		/* the net as a number of responses */
	double		above_lowest;	/* what that number exceeds -responses by */
	double		below_highest;	/* what it lacks to all responses */
} Sample;

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
 * The tally as a sample, with the method's pseudo-responses added.  They are
 * as many promoters as detractors, so that promoters less detractors is
 * taken in whole numbers, where nothing cancels.  Past 2^53 responses a double
 * can't hold that number next to all responses, but it holds what is between.
 * The fewer of a population have not answered, the less is added.
 */
static Sample
MakeSampleOf(NpsTally tally, NpsMethod method, double unanswered)
{
	double		either = NpsMethods[method].either * unanswered;
	double		neither = NpsMethods[method].passives * unanswered;
	double		detractors = (double) tally.count[NPS_DETRACTOR] + either;
	double		passives = (double) tally.count[NPS_PASSIVE] + neither;
	double		promoters = (double) tally.count[NPS_PROMOTER] + either;
	double		responses = (double) NpsTallyTotal(&tally) + 2.0 * either +
		neither;
	Sample		sample;

	sample.responses = responses;
	sample.shares.detractors = detractors / responses;
	sample.shares.passives = passives / responses;
	sample.shares.promoters = promoters / responses;
	sample.surplus = (double) (tally.count[NPS_PROMOTER] -
							   tally.count[NPS_DETRACTOR]);
	sample.shares.net = sample.surplus / responses;
	sample.above_lowest = 2.0 * promoters + passives;
	sample.below_highest = 2.0 * detractors + passives;
	return sample;
}

/*
 * The same of a population without an end.
 */
static Sample
MakeSample(NpsTally tally, NpsMethod method)
{
	return MakeSampleOf(tally, method, 1.0);
}

/*
 * What is left of the variance of an estimate where so many of a population
 * have answered (Cochran 1977): 0 where all of them have.
 */
static double
Unanswered(double responses, double population)
{
	if (isinf(population))
		return 1.0;
	return population > responses ?
		(population - responses) / (population - 1.0) : 0.0;
}

/*
 * Variance of one response, counted as -1, 0 or 1.  With shares d, p and r it
 * is r + d - (r - d)^2, written as p(r + d) + 4rd, in which nothing cancels.
 */
static double
Variance(Shares shares)
{
	return shares.passives * (shares.promoters + shares.detractors) +
		4.0 * shares.promoters * shares.detractors;
}

/*
 * Variance of one response, counted as -1, 0 or 1; at most 1.  The tally has
 * a response.
 */
double
NpsVariance(NpsTally tally)
{
	return Variance(MakeSample(tally, NPS_METHOD_WALD).shares);
}

/*
 * Standard error of the score in points.  The tally has a response.
 */
double
NpsStandardError(NpsTally tally)
{
	Sample		sample = MakeSample(tally, NPS_METHOD_WALD);

	return 100.0 * sqrt(Variance(sample.shares) / sample.responses);
}

/*
 * The shares with detractors and promoters exchanged.
 */
static Shares
Mirrored(Shares shares)
{
	Shares		mirrored = {
		shares.promoters, shares.passives, shares.detractors, -shares.net
	};

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
NullVariance(Shares shares, double net, double rest)
{
	double		product;
	double		linear;
	double		root;
	double		detractors;

	if (net < 0.0)
	{
		shares = Mirrored(shares);
		net = -net;
	}

	product = shares.detractors * net * rest;
	if (net < 0.5)
		linear = (2.0 - shares.net) * net -
			(shares.promoters + shares.detractors);
	else
		linear = 2.0 * (shares.passives + shares.detractors) -
			(2.0 - shares.net) * rest;

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
 * The lower end of the interval of Tango 1998, as a fraction: the net that a
 * sample's own net exceeds by "critical" null standard errors.  That is -1
 * where all responses are detractors; below a one-sided confidence of
 * one half the critical value is negative, and the end may be 1 likewise.
 *
 * The number of standard errors falls all the way from net -1 to 1 (the
 * logarithm of the likelihood is concave in the net), so halving finds the
 * place.  64 halvings of the 2 to search leave less than a double can show
 * next to a margin.
 */
static double
TangoLower(Shares shares, double responses, double critical)
{
	double		below = -1.0;
	double		above = 1.0;

	for (int i = 0; i < 64; i++)
	{
		double		middle = 0.5 * (below + above);
		double		variance = NullVariance(shares, middle,
											1.0 - fabs(middle));

		if (StandardErrors(shares.net - middle,
						   sqrt(variance / responses)) > critical)
			below = middle;
		else
			above = middle;
	}
	return 0.5 * (below + above);
}

/*
 * The upper end of that interval, found as the lower one of the mirrored
 * sample, so that the interval mirrors exactly when promoters and detractors
 * are exchanged.
 */
static double
TangoUpper(Shares shares, double responses, double critical)
{
	return -TangoLower(Mirrored(shares), responses, critical);
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
 * Interval for the score, in points.  The tally has a response.  The
 * population is infinite, or no smaller than the tally and then not for a
 * method that does not serve one.
 *
 * All methods but Tango's are Wald's: the mean of the sample,
 * pseudo-responses included, plus and minus its standard error times what the
 * method asks for.
 */
NpsInterval
NpsConfidenceInterval(NpsTally tally, double confidence, NpsMethod method,
					  double population)
{
	double		responses = (double) NpsTallyTotal(&tally);
	double		unanswered = Unanswered(responses, population);
	Sample		sample = MakeSampleOf(tally, method, unanswered);
	double		critical;
	NpsInterval interval;

	critical = MethodReach(method, responses, confidence,
						   NPS_ALTERNATIVE_TWO_SIDED);
	if (method == NPS_METHOD_TANGO)
	{
		interval.lower = 100.0 * TangoLower(sample.shares, sample.responses,
											critical);
		interval.upper = 100.0 * TangoUpper(sample.shares, sample.responses,
											critical);
		interval.margin = 0.5 * (interval.upper - interval.lower);
	}
	else
	{
		interval.margin = 100.0 * critical *
			sqrt(Variance(sample.shares) / sample.responses * unanswered);
		interval.lower = Clipped(100.0 * sample.shares.net - interval.margin,
								 -100.0, 100.0);
		interval.upper = Clipped(100.0 * sample.shares.net + interval.margin,
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

	if (a.shares.net > 0.5 && b.shares.net > 0.5)
		products = DifferenceOfProducts(b.below_highest, a.responses,
										a.below_highest, b.responses);
	else if (a.shares.net < -0.5 && b.shares.net < -0.5)
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
TangoBounds(Sample sample, double benchmark, double confidence,
			NpsAlternative alternative)
{
	double		critical = NpsCriticalValue(confidence, alternative);
	Bounds		bounds = {-INFINITY, INFINITY};

	if (alternative != NPS_ALTERNATIVE_LESS)
		bounds.lower = 100.0 * TangoLower(sample.shares, sample.responses,
										  critical) - benchmark;
	if (alternative != NPS_ALTERNATIVE_GREATER)
		bounds.upper = 100.0 * TangoUpper(sample.shares, sample.responses,
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
 * A difference, in points, and what is to be said of it.  Its bounds are
 * clipped to the differences that are possible at all, which also stand where
 * a side is open.
 */
static NpsTestResult
MakeResult(double difference, double standard_error, double p_value,
		   Bounds bounds, Bounds possible)
{
	NpsTestResult result;

	result.difference = difference;
	result.standard_error = standard_error;
	result.z = StandardErrors(difference, standard_error);
	result.p_value = p_value;
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
 * Test the score of a against that of b, two independent samples that each
 * have a response; the difference is a less b.  Each sample gets the
 * method's pseudo-responses, and the variance is not pooled.  Asked for a
 * method that does not serve two tallies, all results are NaN.
 */
NpsTestResult
NpsTestTwoSamples(NpsTally a, NpsTally b, double confidence,
				  NpsMethod method, NpsAlternative alternative)
{
	Sample		sample_a = MakeSample(a, method);
	Sample		sample_b = MakeSample(b, method);
	Bounds		possible = {-200.0, 200.0};
	double		responses = SequenceResponses((double) NpsTallyTotal(&a),
											  (double) NpsTallyTotal(&b));
	NpsTestResult none = {NAN, NAN, NAN, NAN, NAN, NAN};
	double		difference;
	double		standard_error;
	double		reach;

	if (!NpsMethods[method].serves[NPS_TWO_TALLIES])
		return none;

	difference = ScoreDifference(sample_a, sample_b);
	standard_error =
		100.0 * sqrt(Variance(sample_a.shares) / sample_a.responses +
					 Variance(sample_b.shares) / sample_b.responses);
	reach = MethodReach(method, responses, confidence, alternative) *
		standard_error;
	return MakeResult(difference, standard_error,
					  PValue(method, responses,
							 StandardErrors(difference, standard_error),
							 alternative),
					  WaldBounds(difference, reach, alternative), possible);
}

/*
 * Test the score of a sample that has a response against a benchmark, a
 * fixed score from -100 to 100; the difference is the score less the
 * benchmark.
 *
 * With Tango's method (Tango 1998, Fagerland et al. 2014) the standard error
 * is the one that holds if the benchmark is true, and the bounds are the ends
 * of its interval less the benchmark.
 */
NpsTestResult
NpsTestBenchmark(NpsTally tally, double benchmark, double confidence,
				 NpsMethod method, NpsAlternative alternative)
{
	Sample		sample = MakeSample(tally, method);
	double		responses = (double) NpsTallyTotal(&tally);
	Bounds		possible;
	Bounds		bounds;
	double		variance;
	double		difference;
	double		standard_error;

	/* one so small would leave Tango's a difference, but an error of 0 */
	if (method == NPS_METHOD_TANGO && fabs(benchmark) < 1e-280)
		benchmark = 0.0;
	possible.lower = -100.0 - benchmark;
	possible.upper = 100.0 - benchmark;
	difference = BenchmarkDifference(sample, benchmark);

	if (method == NPS_METHOD_TANGO)
		variance = NullVariance(sample.shares, benchmark / 100.0,
								(100.0 - fabs(benchmark)) / 100.0);
	else
		variance = Variance(sample.shares);
	standard_error = 100.0 * sqrt(variance / sample.responses);

	if (method == NPS_METHOD_TANGO)
		bounds = TangoBounds(sample, benchmark, confidence, alternative);
	else
		bounds = WaldBounds(difference,
							MethodReach(method, responses, confidence,
										alternative) * standard_error,
							alternative);
	return MakeResult(difference, standard_error,
					  PValue(method, responses,
							 StandardErrors(difference, standard_error),
							 alternative),
					  bounds, possible);
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
		net_before = MakeSample(after, NPS_METHOD_WALD).shares.net;
	else
		net_before = MakeSample(before, NPS_METHOD_WALD).shares.net;
	if (responses_after == 0.0)
		net_after = net_before;
	else
		net_after = MakeSample(after, NPS_METHOD_WALD).shares.net;

	weight_before = responses_before / (double) NpsTallyTotal(&total_before);
	weight_after = responses_after / (double) NpsTallyTotal(&total_after);
	total_net = 0.5 * (MakeSample(total_before, NPS_METHOD_WALD).shares.net +
					   MakeSample(total_after, NPS_METHOD_WALD).shares.net);

	change.rate = 100.0 * 0.5 * (weight_before + weight_after) *
		(net_after - net_before);
	change.mix = 100.0 * (weight_after - weight_before) *
		(0.5 * (net_before + net_after) - total_net);
	change.total = change.rate + change.mix;
	return change;
}
