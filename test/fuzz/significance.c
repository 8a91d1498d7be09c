/*-------------------------------------------------------------------------
 *
 * significance.c
 *	  Fuzzes the tests of one and of two samples, and the decomposition of a
 *	  change, in src/plain.
 *
 * Where a law speaks of equality, what is exact in the code is compared
 * exactly; elsewhere the tolerance is the rounding of doubles.
 *
 *-------------------------------------------------------------------------
 */
#include "samples.h"

#include "plain/normal.h"
#include "plain/sequence.h"

static unsigned long tallies = 0;	/* with responses */
static unsigned long large = 0; /* past 2^53 responses */
static unsigned long significant = 0;	/* tests that find a difference */

/*
 * Tells what was reached; the runner wants none of it to be 0.
 */
static void
Report(void)
{
	fprintf(stderr, "reached: %lu tallies, %lu large, %lu differences\n",
			tallies, large, significant);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void) argc;
	(void) argv;
	return atexit(Report);
}

static NpsAlternative
MirrorAlternative(NpsAlternative alternative)
{
	if (alternative == NPS_ALTERNATIVE_TWO_SIDED)
		return alternative;
	return alternative == NPS_ALTERNATIVE_LESS ?
		NPS_ALTERNATIVE_GREATER : NPS_ALTERNATIVE_LESS;
}

/*
 * How many standard errors of so many responses the method wants between a
 * difference and none.
 */
static double
Critical(NpsMethod method, double responses, double confidence,
		 NpsAlternative alternative)
{
	if (method == NPS_METHOD_ALWAYS_VALID)
		return NpsSequenceReach(responses, confidence,
								alternative != NPS_ALTERNATIVE_TWO_SIDED);
	return NpsCriticalValue(confidence, alternative);
}

/*
 * What holds for the result of any test, of differences that are possible
 * from "least" to "greatest".
 */
static void
CheckResult(NpsTestResult result, double least, double greatest,
			double critical, double confidence, NpsAlternative alternative)
{
	double		z = result.z;
	double		size = 1.0 - confidence;

	Require(result.difference >= least - POINTS &&
			result.difference <= greatest + POINTS,
			"difference %.17g", result.difference);
	Require(isfinite(result.standard_error) && result.standard_error >= 0.0,
			"standard error %g", result.standard_error);
	Require(result.p_value >= 0.0 && result.p_value <= 1.0,
			"p-value %.17g", result.p_value);
	Require(result.lower >= least - POINTS &&
			result.upper <= greatest + POINTS &&
			result.lower <= result.upper + POINTS, "bounds %.17g, %.17g",
			result.lower, result.upper);
	Require(!isnan(z) && (isfinite(z) || result.standard_error == 0.0),
			"z %g", z);
	if (fabs(result.difference) > TINY || result.difference == 0.0)
		Require((z > 0.0) == (result.difference > 0.0) &&
				(z < 0.0) == (result.difference < 0.0),
				"z %g, difference %g", z, result.difference);
	if (isfinite(z) && result.standard_error > 0.0)
		Require(Close(z * result.standard_error, result.difference, ROUNDING),
				"z %g, difference %g", z, result.difference);

	/* an open side */
	if (alternative == NPS_ALTERNATIVE_GREATER)
		Require(result.upper == greatest, "upper %.17g", result.upper);
	if (alternative == NPS_ALTERNATIVE_LESS)
		Require(result.lower == least, "lower %.17g", result.lower);

	/* beyond the critical value is where p is below 1 - confidence */
	if (alternative == NPS_ALTERNATIVE_LESS)
		z = -z;
	else if (alternative == NPS_ALTERNATIVE_TWO_SIDED)
		z = fabs(z);
	if (z > critical + 1e-9)
		Require(result.p_value <= size * (1.0 + 1e-11), "z %g, p-value %g, not %g",
				z, result.p_value, size);
	if (z < critical - 1e-9)
		Require(result.p_value >= size * (1.0 - 1e-11), "z %g, p-value %g, not %g",
				z, result.p_value, size);

	/* and where zero is out of bounds */
	if (least < -POINTS && greatest > POINTS)
	{
		bool		outside = result.lower > POINTS || result.upper < -POINTS;

		Require(!outside || z >= critical - 1e-9, "z %g, bounds %.17g, %.17g",
				z, result.lower, result.upper);
	}
}

/*
 * One result is the other with its sign changed.
 */
static void
CheckOpposite(NpsTestResult result, NpsTestResult opposite)
{
	Require(Near(opposite.difference, -result.difference, POINTS),
			"difference %.17g, opposite %.17g",
			result.difference, opposite.difference);
	Require(opposite.standard_error == result.standard_error,
			"standard error %.17g, opposite %.17g",
			result.standard_error, opposite.standard_error);
	Require(Near(opposite.lower, -result.upper, POINTS) &&
			Near(opposite.upper, -result.lower, POINTS),
			"bounds %.17g, %.17g, opposite %.17g, %.17g",
			result.lower, result.upper, opposite.lower, opposite.upper);
	if (isfinite(result.z) && isfinite(opposite.z) &&
		Close(opposite.z, -result.z, ROUNDING))
		Require(Near(opposite.p_value, result.p_value, 1e-12),
				"p-value %.17g, opposite %.17g",
				result.p_value, opposite.p_value);
}

/*
 * A difference against the exact one.  Past 2^53 responses their numbers are
 * rounded before the subtraction.
 */
static void
CheckDifference(double difference, double expected, Wide responses)
{
	if (responses <= (Wide) 1 << 53)
		Require(Close(difference, expected, ROUNDING),
				"difference %.17g, expected %.17g", difference, expected);
	else
		Require(Near(difference, expected, POINTS),
				"difference %.17g, expected %.17g", difference, expected);
}

/*
 * A test against a benchmark, and the interval of the same method.
 */
static void
CheckBenchmark(NpsTally a, double benchmark, double confidence,
			   NpsMethod method, NpsAlternative alternative)
{
	NpsTestResult result = NpsTestBenchmark(a, benchmark, confidence, method,
											alternative);
	NpsInterval interval = NpsConfidenceInterval(a, confidence, method,
												 INFINITY);

	CheckResult(result, -100.0 - benchmark, 100.0 - benchmark,
				Critical(method, (double) NpsTallyTotal(&a), confidence,
						 alternative),
				confidence, alternative);
	CheckOpposite(result,
				  NpsTestBenchmark(Mirror(a), -benchmark, confidence, method,
								   MirrorAlternative(alternative)));
	if (alternative == NPS_ALTERNATIVE_TWO_SIDED)
		Require(Near(result.lower + benchmark, interval.lower, POINTS) &&
				Near(result.upper + benchmark, interval.upper, POINTS),
				"bounds %.17g, %.17g, interval %.17g, %.17g",
				result.lower, result.upper, interval.lower, interval.upper);
	if (result.p_value < 0.05)
		significant++;

	/* without pseudo-responses the difference is that of whole numbers */
	if ((method == NPS_METHOD_WALD || method == NPS_METHOD_TANGO) &&
		benchmark == floor(benchmark))
	{
		Wide		n = NpsTallyTotal(&a);
		Wide		points = 100 * Net(a) - (Wide) benchmark * n;

		CheckDifference(result.difference,
						(double) ((long double) points / n), n);
	}
}

/*
 * A test of two samples.
 */
static void
CheckTwoSamples(NpsTally a, NpsTally b, double confidence, NpsMethod method,
				NpsAlternative alternative)
{
	NpsAlternative opposite = MirrorAlternative(alternative);
	NpsTestResult result = NpsTestTwoSamples(a, b, confidence, method,
											 alternative);
	NpsTestResult same;

	if (!NpsMethods[method].serves[NPS_TWO_TALLIES])
	{
		/* there is none */
		Require(isnan(result.difference) && isnan(result.p_value),
				"difference %g, p-value %g", result.difference, result.p_value);
		return;
	}
	CheckResult(result, -200.0, 200.0,
				Critical(method, 4.0 / (1.0 / (double) NpsTallyTotal(&a) +
										1.0 / (double) NpsTallyTotal(&b)),
						 confidence, alternative),
				confidence, alternative);
	CheckOpposite(result, NpsTestTwoSamples(b, a, confidence, method,
											opposite));
	CheckOpposite(result, NpsTestTwoSamples(Mirror(a), Mirror(b), confidence,
											method, opposite));
	if (method == NPS_METHOD_WALD)
	{
		Wide		n = NpsTallyTotal(&a);
		Wide		m = NpsTallyTotal(&b);

		CheckDifference(result.difference,
						(double) (100.0L * (Net(a) * m - Net(b) * n) /
								  ((long double) n * (long double) m)),
						n > m ? n : m);
	}

	same = NpsTestTwoSamples(a, a, confidence, method, alternative);
	Require(same.difference == 0.0 && same.z == 0.0 &&
			same.p_value ==
			(alternative == NPS_ALTERNATIVE_TWO_SIDED ||
			 method == NPS_METHOD_ALWAYS_VALID ? 1.0 : 0.5),
			"against itself: difference %g, z %g, p-value %g",
			same.difference, same.z, same.p_value);
}

static NpsTally
Sum(NpsTally a, NpsTally b)
{
	for (int category = 0; category < NPS_CATEGORIES; category++)
		a.count[category] += b.count[category];
	return a;
}

/*
 * The tally with its counts halved, so that two of them can be added.
 */
static NpsTally
Half(NpsTally a)
{
	for (int category = 0; category < NPS_CATEGORIES; category++)
		a.count[category] /= 2;
	return a;
}

/*
 * Two segments and the whole that they make: the effects of both are the
 * change of the score, and back in time all is the other way round.  For a
 * segment with the score of the whole its share is of no effect.
 */
static void
CheckChange(NpsTally before, NpsTally after, NpsTally rest_before,
			NpsTally rest_after)
{
	NpsTally	total_before = Sum(before, rest_before);
	NpsTally	total_after = Sum(after, rest_after);
	NpsChange	change;
	NpsChange	rest;
	NpsChange	back;
	NpsChange	mirrored;
	NpsChange	whole;
	NpsChange	typical;
	double		expected;

	if (NpsTallyTotal(&total_before) == 0 || NpsTallyTotal(&total_after) == 0)
		return;
	change = NpsDecomposeChange(before, after, total_before, total_after);
	rest = NpsDecomposeChange(rest_before, rest_after,
							  total_before, total_after);
	back = NpsDecomposeChange(after, before, total_after, total_before);
	mirrored = NpsDecomposeChange(Mirror(before), Mirror(after),
								  Mirror(total_before), Mirror(total_after));
	whole = NpsDecomposeChange(total_before, total_after,
							   total_before, total_after);
	expected = (double) (100.0L * Net(total_after) /
						 NpsTallyTotal(&total_after) -
						 100.0L * Net(total_before) /
						 NpsTallyTotal(&total_before));

	Require(change.total == change.rate + change.mix, "total %.17g",
			change.total);
	Require(fabs(change.rate) <= 200.0 + POINTS &&
			fabs(change.mix) <= 200.0 + POINTS, "rate %g, mix %g",
			change.rate, change.mix);
	Require(Near(change.total + rest.total, expected, 2.0 * POINTS),
			"segments %.17g and %.17g, whole %.17g",
			change.total, rest.total, expected);
	Require(Near(back.rate, -change.rate, POINTS) &&
			Near(back.mix, -change.mix, POINTS),
			"rate %.17g, mix %.17g, back %.17g, %.17g",
			change.rate, change.mix, back.rate, back.mix);
	Require(mirrored.rate == -change.rate && mirrored.mix == -change.mix,
			"rate %.17g, mix %.17g, mirrored %.17g, %.17g",
			change.rate, change.mix, mirrored.rate, mirrored.mix);
	Require(whole.mix == 0.0 && Near(whole.rate, expected, POINTS),
			"whole: rate %.17g, mix %.17g", whole.rate, whole.mix);

	if (NpsTallyTotal(&after) == 0)
		return;
	typical = NpsDecomposeChange(total_before, after,
								 total_before, Sum(after, after));
	Require(Near(typical.mix, 0.0, POINTS), "typical: mix %.17g", typical.mix);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	NpsMethod	method = TakeByte(&bytes) % NPS_METHODS;
	NpsAlternative alternative = TakeByte(&bytes) % ALTERNATIVES;
	double		confidence = TakeFraction(&bytes, 1.0);
	double		benchmark = TakeBenchmark(&bytes);
	NpsTally	samples[4];

	/* with one bound there is no sequence for less */
	if (method == NPS_METHOD_ALWAYS_VALID &&
		alternative != NPS_ALTERNATIVE_TWO_SIDED)
		confidence = fmax(confidence, NPS_SEQUENCE_LEAST_ONE_SIDED);

	for (int i = 0; i < 4; i++)
		samples[i] = TakeTally(&bytes);
	CheckChange(Half(samples[0]), Half(samples[1]), Half(samples[2]),
				Half(samples[3]));

	if (NpsTallyTotal(&samples[0]) == 0)
		return 0;
	tallies++;
	if (NpsTallyTotal(&samples[0]) > INT64_C(1) << 53)
		large++;
	CheckBenchmark(samples[0], benchmark, confidence, method, alternative);
	if (NpsTallyTotal(&samples[1]) > 0)
		CheckTwoSamples(samples[0], samples[1], confidence, method,
						alternative);
	return 0;
}
