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
 * Where responses have weights, the mean is the weighted one, and its
 * standard error that of a ratio, linearised.  It is the plain one where all
 * weights are equal, so one formula serves both.
 *
 * Sources, named in the comments by author and year:
 *
 * Agresti & Min 2005, Simple improved confidence intervals for comparing
 * matched proportions, Statistics in Medicine 24, 729-740.
 *
 * Binder 1983, On the variances of asymptotically normal estimators from
 * complex surveys, International Statistical Review 51, 279-292.
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
 * Kish 1992, Weighting for unequal P_i, Journal of Official Statistics 8,
 * 183-200.
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
 * Woodruff 1971, A simple method for approximating the variance of a
 * complicated estimate, Journal of the American Statistical Association 66,
 * 411-414.
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
	{"wald", {true, true, true, true, true}, 0.0, 0.0},
	[NPS_METHOD_ADJUSTED_WALD] =
	{"adjusted-wald", {true, true, true, true, true}, 0.75, 1.5},
	[NPS_METHOD_AGRESTI_MIN] =
	{"agresti-min", {true, true, true, true, true}, 0.5, 1.0},
	[NPS_METHOD_BONETT_PRICE] =
	{"bonett-price", {true, true, true, true, true}, 1.0, 0.0},
	[NPS_METHOD_ALWAYS_VALID] =
	{"always-valid", {true, true, true, false, false}, 0.75, 1.5},
	[NPS_METHOD_TANGO] =
	{"score", {true, false, true, false, false}, 0.0, 0.0}
};

/* The shares of a sample, of its weight where it has weights */
typedef struct Shares
{
	double		detractors;
	double		passives;
	double		promoters;
	double		net;			/* promoters less detractors */
} Shares;

/*
 * A sample.  Pseudo-responses that a method adds are in it.  The weight of a
 * plain one is the number of its responses, which then need not be whole.
 */
typedef struct Sample
{
	double		responses;		/* without those that a method adds */
	double		weight;
	Shares		shares;
	double		surplus;		/* the net as a weight */
	double		above_lowest;	/* what that exceeds -weight by */
	double		below_highest;	/* what it lacks to the weight */
	double		squares[NPS_CATEGORIES];	/* sums of squared weights */
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
 * Completes a sample of which weight, surplus, distances and squares are
 * known, and the weights of the categories: adds the method's
 * pseudo-responses, each of the weight given, or only that part of their
 * number.  They are as many promoters as detractors, so that the surplus
 * stays as it is.
 */
static Sample
CompleteSample(Sample sample, const double *weights, NpsMethod method,
			   double part, double weight)
{
	double		either = NpsMethods[method].either * part * weight;
	double		passives = NpsMethods[method].passives * part * weight;

	sample.weight += 2.0 * either + passives;
	sample.above_lowest += 2.0 * either + passives;
	sample.below_highest += 2.0 * either + passives;
	sample.squares[NPS_DETRACTOR] += either * weight;
	sample.squares[NPS_PASSIVE] += passives * weight;
	sample.squares[NPS_PROMOTER] += either * weight;
	sample.shares.detractors =
		(weights[NPS_DETRACTOR] + either) / sample.weight;
	sample.shares.passives = (weights[NPS_PASSIVE] + passives) / sample.weight;
	sample.shares.promoters = (weights[NPS_PROMOTER] + either) / sample.weight;
	sample.shares.net = sample.surplus / sample.weight;
	return sample;
}

/*
 * The tally as a sample.  Promoters less detractors is taken in whole numbers,
 * where nothing cancels.  Past 2^53 responses a double can't hold that number
 * next to all responses, but it holds what is between.  The fewer of a
 * population have not answered, the less is added.
 */
static Sample
MakeSampleOf(NpsTally tally, NpsMethod method, double unanswered)
{
	double		counts[NPS_CATEGORIES];
	Sample		sample = {0};

	for (int category = 0; category < NPS_CATEGORIES; category++)
		sample.squares[category] = counts[category] =
			(double) tally.count[category];
	sample.responses = sample.weight = (double) NpsTallyTotal(&tally);
	sample.surplus = (double) (tally.count[NPS_PROMOTER] -
							   tally.count[NPS_DETRACTOR]);
	sample.above_lowest = 2.0 * counts[NPS_PROMOTER] + counts[NPS_PASSIVE];
	sample.below_highest = 2.0 * counts[NPS_DETRACTOR] + counts[NPS_PASSIVE];
	return CompleteSample(sample, counts, method, unanswered, 1.0);
}

/*
 * The same of a population without an end.
 */
static Sample
MakeSample(NpsTally tally, NpsMethod method)
{
	return MakeSampleOf(tally, method, 1.0);
}

/* So many units of 10^-18 as a number. */
static double
WeightToDouble(NpsUint128 units)
{
	return NpsToDouble128(&units) / 1e18;
}

/* 2a + b */
static NpsUint128
TwiceAndOnce(NpsUint128 a, NpsUint128 b)
{
	NpsUint128	sum = a;

	NpsAdd128(&sum, &a);
	NpsAdd128(&sum, &b);
	return sum;
}

/*
 * The weighted tally as a sample, likewise.  Where all weights are equal they
 * don't matter, and it is that of the plain tally, to the last bit.
 *
 * Each pseudo-response has the weight Q / W, with W the sum of the weights and
 * Q of their squares: where all weights are equal that is their weight, it
 * does not depend on their unit, and the effective number of responses,
 * W^2 / Q (Kish 1992), grows by exactly the number that the method adds.
 */
static Sample
MakeWeightedSample(const NpsWeightedTally *tally, NpsMethod method)
{
	const NpsUint128 *weight = tally->weight;
	double		weights[NPS_CATEGORIES];
	NpsUint256	square = NpsTotalSquare(tally);
	NpsUint128	surplus;
	int			sign;
	Sample		sample = {0};

	if (NpsWeightsAreEqual(tally))
		return MakeSample(tally->responses, method);

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		weights[category] = WeightToDouble(weight[category]);
		sample.squares[category] =
			NpsToDouble256(&tally->square[category]) / 1e36;
	}
	sample.responses = (double) NpsTallyTotal(&tally->responses);
	sample.weight = WeightToDouble(NpsTotalWeight(tally));
	surplus = NpsNetWeight(tally, &sign);
	sample.surplus = sign * WeightToDouble(surplus);
	sample.above_lowest = WeightToDouble(TwiceAndOnce(weight[NPS_PROMOTER],
													  weight[NPS_PASSIVE]));
	sample.below_highest = WeightToDouble(TwiceAndOnce(weight[NPS_DETRACTOR],
													   weight[NPS_PASSIVE]));
	return CompleteSample(sample, weights, method, 1.0,
						  NpsToDouble256(&square) / 1e36 / sample.weight);
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
 * The squared standard error of the net: the sum of w^2 (x - net)^2 over all
 * responses x of weight w, over the squared weight (Woodruff 1971, Binder
 * 1983).  As x is -1, 0 or 1, the squares by category are enough.  Nothing
 * cancels; and exchanging promoters and detractors changes nothing.
 *
 * Without weights this is v / n, with v = r + d - (r - d)^2 the variance of
 * one of n responses, of which r and d are the shares of promoters and
 * detractors.
 */
static double
SquaredError(Sample sample)
{
	double		above = sample.above_lowest / sample.weight;
	double		below = sample.below_highest / sample.weight;
	double		net = sample.shares.net;

	return (above * above * (sample.squares[NPS_DETRACTOR] / sample.weight) +
			below * below * (sample.squares[NPS_PROMOTER] / sample.weight) +
			net * net * (sample.squares[NPS_PASSIVE] / sample.weight)) /
		sample.weight;
}

/*
 * Variance of one response, counted as -1, 0 or 1; at most 1.  The tally has
 * a response.
 */
double
NpsVariance(NpsTally tally)
{
	Sample		sample = MakeSample(tally, NPS_METHOD_WALD);

	return SquaredError(sample) * sample.weight;
}

/*
 * Standard error of the score in points.  The tally has a response.
 */
double
NpsStandardError(NpsTally tally)
{
	return 100.0 * sqrt(SquaredError(MakeSample(tally, NPS_METHOD_WALD)));
}

/* The same where responses have weights. */
double
NpsWeightedStandardError(const NpsWeightedTally *tally)
{
	return 100.0 * sqrt(SquaredError(MakeWeightedSample(tally,
														NPS_METHOD_WALD)));
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
 * Interval for the score of a sample, in points, with that part of its
 * variance.
 *
 * All methods but Tango's are Wald's: the mean of the sample,
 * pseudo-responses included, plus and minus its standard error times what the
 * method asks for.
 */
static NpsInterval
SampleInterval(Sample sample, double confidence, NpsMethod method,
			   double unanswered)
{
	double		critical = MethodReach(method, sample.responses, confidence,
									   NPS_ALTERNATIVE_TWO_SIDED);
	double		score = 100.0 * sample.shares.net;
	NpsInterval interval;

	if (method == NPS_METHOD_TANGO)
	{
		interval.lower = 100.0 * TangoLower(sample.shares, sample.weight,
											critical);
		interval.upper = 100.0 * TangoUpper(sample.shares, sample.weight,
											critical);
		interval.margin = 0.5 * (interval.upper - interval.lower);
	}
	else
	{
		interval.margin = 100.0 * critical *
			sqrt(SquaredError(sample) * unanswered);
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
	double		unanswered = Unanswered((double) NpsTallyTotal(&tally),
										population);

	return SampleInterval(MakeSampleOf(tally, method, unanswered), confidence,
						  method, unanswered);
}

/* The same where responses have weights, which the method takes. */
NpsInterval
NpsWeightedInterval(const NpsWeightedTally *tally, double confidence,
					NpsMethod method)
{
	return SampleInterval(MakeWeightedSample(tally, method), confidence,
						  method, 1.0);
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
BenchmarkDifference(Sample sample, double benchmark)
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
TangoBounds(Sample sample, double benchmark, double confidence,
			NpsAlternative alternative)
{
	double		critical = NpsCriticalValue(confidence, alternative);
	Bounds		bounds = {-INFINITY, INFINITY};

	if (alternative != NPS_ALTERNATIVE_LESS)
		bounds.lower = 100.0 * TangoLower(sample.shares, sample.weight,
										  critical) - benchmark;
	if (alternative != NPS_ALTERNATIVE_GREATER)
		bounds.upper = 100.0 * TangoUpper(sample.shares, sample.weight,
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
 * Test the score of a against that of b, two independent samples; the
 * difference is a less b.  The variance is not pooled.
 */
static NpsTestResult
TestTwoSamples(Sample a, Sample b, double confidence, NpsMethod method,
			   NpsAlternative alternative)
{
	Bounds		possible = {-200.0, 200.0};
	double		responses = SequenceResponses(a.responses, b.responses);
	double		difference = ScoreDifference(a, b);
	double		standard_error =
		100.0 * sqrt(SquaredError(a) + SquaredError(b));
	double		reach = MethodReach(method, responses, confidence,
									alternative) * standard_error;

	return MakeResult(difference, standard_error,
					  PValue(method, responses,
							 StandardErrors(difference, standard_error),
							 alternative),
					  WaldBounds(difference, reach, alternative), possible);
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
	return TestTwoSamples(MakeSample(a, method), MakeSample(b, method),
						  confidence, method, alternative);
}

/* The same where responses have weights, which the method takes. */
NpsTestResult
NpsWeightedTestTwoSamples(const NpsWeightedTally *a, const NpsWeightedTally *b,
						  double confidence, NpsMethod method,
						  NpsAlternative alternative)
{
	return TestTwoSamples(MakeWeightedSample(a, method),
						  MakeWeightedSample(b, method),
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
TestBenchmark(Sample sample, double benchmark, double confidence,
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
		squared_error = NullVariance(sample.shares, benchmark / 100.0,
									 (100.0 - fabs(benchmark)) / 100.0) /
			sample.weight;
	else
		squared_error = SquaredError(sample);
	standard_error = 100.0 * sqrt(squared_error);

	if (method == NPS_METHOD_TANGO)
		bounds = TangoBounds(sample, benchmark, confidence, alternative);
	else
		bounds = WaldBounds(difference,
							MethodReach(method, sample.responses, confidence,
										alternative) * standard_error,
							alternative);
	return MakeResult(difference, standard_error,
					  PValue(method, sample.responses,
							 StandardErrors(difference, standard_error),
							 alternative),
					  bounds, possible);
}

/*
 * Test the score of a tally that has a response against a benchmark, a fixed
 * score from -100 to 100.
 */
NpsTestResult
NpsTestBenchmark(NpsTally tally, double benchmark, double confidence,
				 NpsMethod method, NpsAlternative alternative)
{
	return TestBenchmark(MakeSample(tally, method), benchmark, confidence,
						 method, alternative);
}

/* The same where responses have weights, which the method takes. */
NpsTestResult
NpsWeightedTestBenchmark(const NpsWeightedTally *tally, double benchmark,
						 double confidence, NpsMethod method,
						 NpsAlternative alternative)
{
	return TestBenchmark(MakeWeightedSample(tally, method), benchmark,
						 confidence, method, alternative);
}

/* A segment in one period: what part of the whole it is, and its score */
typedef struct Segment
{
	double		share;			/* 0 where it is absent */
	double		net;			/* of no use where it is absent */
} Segment;

/*
 * What a segment did, in points, to the change of the whole's score between
 * two periods: by the movement of its own score ("rate") and by its changed
 * share ("mix").  "whole" is the mean of the whole's net in both.
 *
 * Kitagawa 1955, in the form of Das Gupta 1993.  The mix effect is taken
 * from the score by which the segment differs from the whole, so that a
 * growing segment counts as good only if it is better than the whole; the
 * sum over all segments is the same.  A segment absent in one period has its
 * score of the other there, which makes its effect all mix.
 */
static NpsChange
DecomposeChange(Segment before, Segment after, double whole)
{
	NpsChange	change = {0.0, 0.0, 0.0};

	if (before.share == 0.0 && after.share == 0.0)
		return change;
	if (before.share == 0.0)
		before.net = after.net;
	if (after.share == 0.0)
		after.net = before.net;

	change.rate = 100.0 * 0.5 * (before.share + after.share) *
		(after.net - before.net);
	change.mix = 100.0 * (after.share - before.share) *
		(0.5 * (before.net + after.net) - whole);
	change.total = change.rate + change.mix;
	return change;
}

/* A tally as a segment of its total, which has a response. */
static Segment
MakeSegment(NpsTally tally, NpsTally total)
{
	double		responses = (double) NpsTallyTotal(&tally);
	Segment		segment = {responses / (double) NpsTallyTotal(&total), 0.0};

	if (responses > 0.0)
		segment.net = MakeSample(tally, NPS_METHOD_WALD).shares.net;
	return segment;
}

/*
 * What a segment did to the change of the score of the whole.  The totals have
 * responses, and the segment is no larger than they are.
 */
NpsChange
NpsDecomposeChange(NpsTally before, NpsTally after,
				   NpsTally total_before, NpsTally total_after)
{
	double		whole = 0.5 *
		(MakeSample(total_before, NPS_METHOD_WALD).shares.net +
		 MakeSample(total_after, NPS_METHOD_WALD).shares.net);

	return DecomposeChange(MakeSegment(before, total_before),
						   MakeSegment(after, total_after), whole);
}

/*
 * A weighted tally as a segment of its total, likewise: its share is that of
 * the weight.  Where that is its share of the responses, too, as with equal
 * weights, it is taken from them, so that it is the same to the last bit.
 */
static Segment
MakeWeightedSegment(const NpsWeightedTally *tally,
					const NpsWeightedTally *total)
{
	int64_t		responses = NpsTallyTotal(&tally->responses);
	int64_t		all_responses = NpsTallyTotal(&total->responses);
	NpsUint128	weight = NpsTotalWeight(tally);
	NpsUint128	all_weight = NpsTotalWeight(total);
	NpsUint256	product = NpsWiden(&weight);
	NpsUint256	other = NpsWiden(&all_weight);
	Segment		segment = {0.0, 0.0};

	if (responses == 0)
		return segment;
	NpsMultiplyInPlace(&product, (uint64_t) all_responses);
	NpsMultiplyInPlace(&other, (uint64_t) responses);
	if (NpsCompare256(&product, &other) == 0)
		segment.share = (double) responses / (double) all_responses;
	else
		segment.share = NpsToDouble128(&weight) / NpsToDouble128(&all_weight);
	segment.net = MakeWeightedSample(tally, NPS_METHOD_WALD).shares.net;
	return segment;
}

/* The same where responses have weights. */
NpsChange
NpsWeightedChange(const NpsWeightedTally *before,
				  const NpsWeightedTally *after,
				  const NpsWeightedTally *total_before,
				  const NpsWeightedTally *total_after)
{
	double		whole = 0.5 *
		(MakeWeightedSample(total_before, NPS_METHOD_WALD).shares.net +
		 MakeWeightedSample(total_after, NPS_METHOD_WALD).shares.net);

	return DecomposeChange(MakeWeightedSegment(before, total_before),
						   MakeWeightedSegment(after, total_after), whole);
}
