/*-------------------------------------------------------------------------
 *
 * tango.c
 *	  The score method of Tango: what goes with a score, were it the true one.
 *
 * Sources, named in the comments by author and year:
 *
 * Tango 1998, Equivalence test and confidence interval for the difference in
 * proportions for the paired-sample design, Statistics in Medicine 17,
 * 891-908.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/tango.h"

#include <math.h>

/*
 * The shares with detractors and promoters exchanged.
 */
static NpsShares
Mirrored(NpsShares shares)
{
	NpsShares	mirrored = {
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
double
NpsTangoVariance(NpsShares shares, double net, double rest)
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
double
NpsStandardErrors(double difference, double standard_error)
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
double
NpsTangoLower(NpsShares shares, double responses, double critical)
{
	double		below = -1.0;
	double		above = 1.0;

	for (int i = 0; i < 64; i++)
	{
		double		middle = 0.5 * (below + above);
		double		variance = NpsTangoVariance(shares, middle,
												1.0 - fabs(middle));

		if (NpsStandardErrors(shares.net - middle,
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
double
NpsTangoUpper(NpsShares shares, double responses, double critical)
{
	return -NpsTangoLower(Mirrored(shares), responses, critical);
}
