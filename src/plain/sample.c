/*-------------------------------------------------------------------------
 *
 * sample.c
 *	  A tally as a sample of customers, which all statistics start from.
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
 * Kish 1992, Weighting for unequal P_i, Journal of Official Statistics 8,
 * 183-200.
 *
 * Rocks 2016, Interval estimation for the "Net Promoter Score", The American
 * Statistician 70, 365-372.
 *
 * Woodruff 1971, A simple method for approximating the variance of a
 * complicated estimate, Journal of the American Statistical Association 66,
 * 411-414.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/sample.h"

#include <math.h>

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

/*
 * Completes a sample of which weight, surplus, distances and squares are
 * known, and the weights of the categories: adds the method's
 * pseudo-responses, each of the weight given, or only that part of their
 * number.  They are as many promoters as detractors, so that the surplus
 * stays as it is.
 */
static NpsSample
CompleteSample(NpsSample sample, const double *weights, NpsMethod method,
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
NpsSample
NpsMakeSampleOf(NpsTally tally, NpsMethod method, double unanswered)
{
	double		counts[NPS_CATEGORIES];
	NpsSample	sample = {0};

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
NpsSample
NpsMakeSample(NpsTally tally, NpsMethod method)
{
	return NpsMakeSampleOf(tally, method, 1.0);
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
NpsSample
NpsMakeWeightedSample(const NpsWeightedTally *tally, NpsMethod method)
{
	const NpsUint128 *weight = tally->weight;
	double		weights[NPS_CATEGORIES];
	NpsUint256	square = NpsTotalSquare(tally);
	NpsUint128	surplus;
	int			sign;
	NpsSample	sample = {0};

	if (NpsWeightsAreEqual(tally))
		return NpsMakeSample(tally->responses, method);

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
double
NpsUnanswered(double responses, double population)
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
double
NpsSquaredError(NpsSample sample)
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
	NpsSample	sample = NpsMakeSample(tally, NPS_METHOD_WALD);

	return NpsSquaredError(sample) * sample.weight;
}

/*
 * Standard error of the score in points.  The tally has a response.
 */
double
NpsStandardError(NpsTally tally)
{
	NpsSample	sample = NpsMakeSample(tally, NPS_METHOD_WALD);

	return 100.0 * sqrt(NpsSquaredError(sample));
}

/* The same where responses have weights. */
double
NpsWeightedStandardError(const NpsWeightedTally *tally)
{
	NpsSample	sample = NpsMakeWeightedSample(tally, NPS_METHOD_WALD);

	return 100.0 * sqrt(NpsSquaredError(sample));
}
