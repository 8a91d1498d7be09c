/*-------------------------------------------------------------------------
 *
 * power.c
 *	  How many responses an answer takes, and what a sample can find.
 *
 * Sources, named in the comments by author and year:
 *
 * Cochran 1977, Sampling Techniques, third edition, Wiley: 2.6 and 4.6 on
 * finite populations, 4.6 on sample size.
 *
 * Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions,
 * third edition, Wiley: chapter 4 on power and sample size.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/power.h"

#include <math.h>

#include "plain/normal.h"

/*
 * The number of responses, a whole number and at least 1.
 */
static double
WholeResponses(double responses)
{
	responses = ceil(responses);
	return responses < 1.0 ? 1.0 : responses;
}

/*
 * Number of responses, at least 1, for which the Wald margin is no more than
 * the given one in points.  Margin and variance (of one response, at most 1)
 * are positive.  A whole number that may be past the range of int64_t, even
 * infinite.
 *
 * Of a population, which may be infinite and is at least 1, so many have to
 * answer as make up for what is left of it (Cochran 1977): n / (1 + (n - 1) /
 * population), for which n is divided through as it may be infinite.
 */
double
NpsSampleSize(double margin, double confidence, double variance,
			  double population)
{
	double		critical;
	double		ratio;
	double		responses;

	critical = NpsCriticalValue(confidence, NPS_ALTERNATIVE_TWO_SIDED);
	ratio = 100.0 * critical / margin;
	/* a margin that no response is needed for would have none to divide by */
	responses = fmax(variance * ratio * ratio, 1.0);
	if (!isinf(population))
		responses = fmin(1.0 / (1.0 / responses +
								(1.0 - 1.0 / responses) / population),
						 floor(population));
	return WholeResponses(responses);
}

/*
 * How many standard errors of a difference it has to be away from none to be
 * found with that power: the critical value of the test, and as much more as
 * chance may take away from it.  0 where the test finds more than that where
 * there is nothing.
 */
static double
DetectableReach(double power, double confidence, NpsAlternative alternative)
{
	double		reach = NpsCriticalValue(confidence, alternative) +
		NpsNormalQuantile(power);

	return reach > 0.0 ? reach : 0.0;
}

/*
 * Number of responses in each of two samples of the same size, at least 1, for
 * which a test finds a true difference of so many points with that power
 * (Fleiss et al. 2003, without pooling).  The difference is positive, as are
 * the variances of one response, which are at most 1.  A whole number that may
 * be past the range of int64_t, even infinite.
 */
double
NpsSampleSizeToDetect(double difference, double power, double confidence,
					  double variance_a, double variance_b,
					  NpsAlternative alternative)
{
	double		ratio = 100.0 *
		DetectableReach(power, confidence, alternative) / difference;

	return WholeResponses((variance_a + variance_b) * ratio * ratio);
}

/*
 * The true difference in points that a test of two samples like these, which
 * have responses, finds with that power.  Their standard errors are those of
 * the adjusted samples, so that a sample all of one category does not seem to
 * be able to find anything.
 */
double
NpsDetectableDifference(NpsTally a, NpsTally b, double power,
						double confidence, NpsAlternative alternative)
{
	double		standard_error =
		NpsTestTwoSamples(a, b, confidence, NPS_METHOD_ADJUSTED_WALD,
						  alternative).standard_error;

	return DetectableReach(power, confidence, alternative) * standard_error;
}
