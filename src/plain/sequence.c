/*-------------------------------------------------------------------------
 *
 * sequence.c
 *	  Confidence sequences: intervals and tests that hold at every look.
 *
 * A confidence interval keeps its promise if it is looked at once.  A
 * confidence sequence keeps it for all samples that a growing one passes
 * through, however often it is looked at and for whatever reason one stops.
 *
 * Sources, named in the comments by author and year:
 *
 * Howard, Ramdas, McAuliffe & Sekhon 2021, Time-uniform, nonparametric,
 * nonasymptotic confidence sequences, Annals of Statistics 49, 1055-1080.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Time-uniform central
 * limit theory and asymptotic confidence sequences, Annals of Statistics 52,
 * 2613-2640.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/sequence.h"

#include <math.h>

/* The number of responses at which a sequence is about as tight as can be. */
#define TIGHTEST_AT		500.0

/*
 * The same as NpsSequenceReach, squared, where "surprise" is -log(1 -
 * confidence).
 *
 * Waudby-Smith et al. 2024: with rho^2 = (2 surprise + log(2 surprise + 1)) /
 * TIGHTEST_AT and t = responses rho^2, the squared reach is
 *
 *		2 (t + 1) / t * log(sqrt(t + 1) / (1 - confidence))
 *
 * and for one bound, the closed form of Howard et al. 2021,
 *
 *		2 (t + 1) / t * log(1 + sqrt(t + 1) / (2 (1 - confidence))).
 *
 * Howard et al. tune a single bound by twice the risk.  Here both are tuned by
 * the same rho, which at a confidence of 0.95 is as tight around TIGHTEST_AT,
 * tighter for smaller samples, and about 1 percent wider for far larger ones.
 */
static double
SquaredReach(double responses, double surprise, bool one_sided)
{
	double		time;
	double		logarithm;

	/* less would leave no time to divide by, and changes nothing */
	surprise = fmax(surprise, 1e-290);
	time = responses * (2.0 * surprise + log1p(2.0 * surprise)) / TIGHTEST_AT;
	logarithm = surprise + 0.5 * log1p(time);

	/* log(1 + e^x / 2), where x itself may be past what e^x can show */
	if (one_sided)
		logarithm += log(0.5 + exp(-logarithm));
	return 2.0 * (1.0 + 1.0 / time) * logarithm;
}

/*
 * How many standard errors a bound lies from the estimate, so that with the
 * given confidence no bound is ever wrong while the number of responses
 * grows.  There is a response; with one bound only, the confidence is at least
 * NPS_SEQUENCE_LEAST_ONE_SIDED.
 */
double
NpsSequenceReach(double responses, double confidence, bool one_sided)
{
	return sqrt(SquaredReach(responses, -log1p(-confidence), one_sided));
}

/*
 * The smallest risk, that is 1 - confidence, at which the sequence excludes no
 * difference at all, for an estimate z standard errors away from it; 1 where
 * none does, or none at which there is a sequence.
 *
 * The squared reach grows with the surprise, and is at least twice the
 * surprise (less log 4 for one bound), so that the place where it passes z^2
 * is between the ends below.  Each halving is of what doubles can tell apart,
 * so it ends.
 */
double
NpsSequencePValue(double z, double responses, bool one_sided)
{
	double		square = z * z;
	double		excluded = one_sided ?
		-log1p(-NPS_SEQUENCE_LEAST_ONE_SIDED) : 0.0;
	double		included = 0.5 * square + 1.0;

	if (one_sided && !(z > 0.0))
		return 1.0;
	if (isinf(square))
		return 0.0;
	/* Without surprise t is 0: what is left is the limit. */
	if (square <= (excluded > 0.0 ?
				   SquaredReach(responses, excluded, one_sided) :
				   1.0 + 0.5 * TIGHTEST_AT / responses))
		return 1.0;

	for (;;)
	{
		double		middle = 0.5 * (excluded + included);

		if (!(middle > excluded && middle < included))
			break;
		if (SquaredReach(responses, middle, one_sided) < square)
			excluded = middle;
		else
			included = middle;
	}
	return exp(-excluded);
}
