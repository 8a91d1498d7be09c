/*-------------------------------------------------------------------------
 *
 * normal.c
 *	  The standard normal distribution.
 *
 * Source of the quantile: Wichura 1988, Algorithm AS 241: the percentage
 * points of the normal distribution, Applied Statistics 37, 477-484.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/normal.h"

#include <math.h>

/* The square root of 1/2, which C99 itself has no name for */
#define SQRT_HALF	0.70710678118654752440

/*
 * Probability that a standard normal variable exceeds z.  By erfc, which
 * keeps its relative precision far into the tail.
 */
double
NpsNormalUpperTail(double z)
{
	return 0.5 * erfc(z * SQRT_HALF);
}

/*
 * Value of the polynomial of degree 7 whose coefficients are given from the
 * constant term up (Horner's rule).
 */
static double
Polynomial(const double *coefficients, double x)
{
	double		sum = coefficients[7];

	for (int i = 6; i >= 0; i--)
		sum = sum * x + coefficients[i];
	return sum;
}

/*
 * Quantile of the standard normal distribution where the probability less
 * one half is "centre" and the smaller of the probability and its complement
 * is "tail".  Taking both lets the caller compute each of them without
 * cancellation.
 *
 * Wichura 1988, routine PPND16: about 16 digits for tails from 1e-316.
 */
static double
Quantile(double centre, double tail)
{
	static const double near_numerator[8] = {
		3.3871328727963666080e0, 1.3314166789178437745e2,
		1.9715909503065514427e3, 1.3731693765509461125e4,
		4.5921953931549871457e4, 6.7265770927008700853e4,
		3.3430575583588128105e4, 2.5090809287301226727e3
	};
	static const double near_denominator[8] = {
		1.0, 4.2313330701600911252e1,
		6.8718700749205790830e2, 5.3941960214247511077e3,
		2.1213794301586595867e4, 3.9307895800092710610e4,
		2.8729085735721942674e4, 5.2264952788528545610e3
	};
	static const double middle_numerator[8] = {
		1.42343711074968357734e0, 4.63033784615654529590e0,
		5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1,
		2.27238449892691845833e-2, 7.74545014278341407640e-4
	};
	static const double middle_denominator[8] = {
		1.0, 2.05319162663775882187e0,
		1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2,
		5.47593808499534494600e-4, 1.05075007164441684324e-9
	};
	static const double far_numerator[8] = {
		6.65790464350110377720e0, 5.46378491116411436990e0,
		1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3,
		2.71155556874348757815e-5, 2.01033439929228813265e-7
	};
	static const double far_denominator[8] = {
		1.0, 5.99832206555887937690e-1,
		1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5,
		1.42151175831644588870e-7, 2.04426310338993978564e-15
	};
	double		x;
	double		distance;

	if (fabs(centre) <= 0.425)
	{
		x = 0.180625 - centre * centre;
		return centre * Polynomial(near_numerator, x) /
			Polynomial(near_denominator, x);
	}

	x = sqrt(-log(tail));
	if (x <= 5.0)
		distance = Polynomial(middle_numerator, x - 1.6) /
			Polynomial(middle_denominator, x - 1.6);
	else
		distance = Polynomial(far_numerator, x - 5.0) /
			Polynomial(far_denominator, x - 5.0);
	return copysign(distance, centre);
}

/*
 * Value that a standard normal variable stays below with the given
 * probability, which lies strictly between 0 and 1.  From one half up its
 * complement is exact, so that no digit of a probability near 1 is lost.
 */
double
NpsNormalQuantile(double probability)
{
	return Quantile(probability - 0.5, fmin(probability, 1.0 - probability));
}

/*
 * Value that the magnitude of a standard normal variable stays below with
 * the given probability, which lies strictly between 0 and 1: the quantile
 * at (1 + probability)/2, without the rounding of that sum.
 */
double
NpsNormalCentralQuantile(double probability)
{
	return Quantile(0.5 * probability, 0.5 * (1.0 - probability));
}
