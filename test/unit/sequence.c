/*-------------------------------------------------------------------------
 *
 * sequence.c
 *	  Unit test of src/plain/sequence.c, and of the method made of it, outside
 *	  a server.
 *
 * Prints TAP; exits with 1 if anything failed.  To build it:
 *
 *	  cc -std=c99 -Isrc -o sequence test/unit/sequence.c src/plain/[a-z]*.c -lm
 *
 * Expected figures come from the formulas of Waudby-Smith et al. 2024 and, for
 * one bound, Howard et al. 2021, in mpmath 1.2.1 at 400 digits; p-values by
 * halving there.
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include "plain/sequence.h"
#include "plain/statistics.h"

static void
TestFigures(void)
{
	static const struct
	{
		double		responses;
		double		confidence;
		bool		one_sided;
		double		reach;
	}			reaches[] = {
		{1, 0.95, false, 19.608121555821252},
		{50, 0.95, false, 3.8550546335303104},
		{500, 0.95, false, 3.0352089903762526},
		{500, 0.99, false, 3.5716299708704491},
		{5000, 0.95, false, 3.2417231454054373},
		{1e6, 0.9, false, 3.7486506643644416},
		{0x1p62, 0.999999, false, 8.2355970001785222},
		{10, 0.5, false, 5.7560959865813621},
		{500, 0.01, false, 1.241906580173921},
		{50, 0.95, true, 3.4718647871413035},
		{500, 0.95, true, 2.7795000399582012},
		{500, 0.8, true, 2.1699643445345525},
		{1e6, 0.99, true, 4.2274468227713449}
	};
	static const struct
	{
		double		z;
		double		responses;
		bool		one_sided;
		double		p_value;
	}			p_values[] = {
		{3, 500, false, 0.054960833803760608},
		{2, 500, false, 0.44780062238744356},
		{3.5, 100, false, 0.033147736387698813},
		{5, 5000, false, 5.9196134807615057e-5},
		{1, 1e6, false, 1.0},
		{10, 50, false, 8.1487763500571324e-20},
		{30, 1000, false, 2.0119097847168059e-194},
		{2.5, 500, true, 0.097701563398790826},
		{4, 2000, true, 0.0015164744732519865},
		{1.9, 500, true, 1.0},
		{-4, 2000, true, 1.0}
	};

	for (int i = 0; i < lengthof(reaches); i++)
		Close("reach", NpsSequenceReach(reaches[i].responses,
										reaches[i].confidence,
										reaches[i].one_sided),
			  reaches[i].reach, 1e-13);
	Finish("how far a sequence reaches");

	for (int i = 0; i < lengthof(p_values); i++)
		Close("p-value", NpsSequencePValue(p_values[i].z,
										   p_values[i].responses,
										   p_values[i].one_sided),
			  p_values[i].p_value, 1e-12);
	Near("no error at all", NpsSequencePValue(INFINITY, 10.0, false), 0.0,
		 0.0);
	Near("beyond the doubles", NpsSequencePValue(1e200, 10.0, true), 0.0, 0.0);
	Finish("p-values of a sequence");
}

/*
 * A higher confidence reaches further, further than the interval that is
 * looked at once, and excludes what has a smaller p-value.
 */
static void
TestLaws(void)
{
	static const double responses[] = {1, 2, 10, 100, 500, 10000, 1e9, 0x1p63};

	for (int i = 0; i < lengthof(responses); i++)
		for (int one_sided = 0; one_sided < 2; one_sided++)
		{
			NpsAlternative alternative = one_sided ?
				NPS_ALTERNATIVE_GREATER : NPS_ALTERNATIVE_TWO_SIDED;
			double		n = responses[i];
			double		least = one_sided ?
				NPS_SEQUENCE_LEAST_ONE_SIDED : 1e-6;
			double		nearer = 0.0;

			for (double confidence = least; confidence < 0.9999999;
				 confidence += 0.01 * (1.0 - confidence))
			{
				double		reach = NpsSequenceReach(n, confidence, one_sided);
				double		critical = NpsCriticalValue(confidence,
														alternative);

				Expect(reach > nearer, "%g responses: reach %g at %g", n,
					   reach, confidence);
				Expect(reach > critical,
					   "%g responses: reach %g, critical value %g", n,
					   reach, critical);
				if (confidence > least)
					Near("risk", NpsSequencePValue(reach, n, one_sided),
						 1.0 - confidence, 1e-9);
				nearer = reach;
			}
		}
	Expect(isfinite(NpsSequenceReach(0x1p63, 0.99999999999999989, true)),
		   "high");
	Expect(isfinite(NpsSequenceReach(1.0, 5e-324, false)), "low");
	Finish("sequences nest, and agree with their p-values");
}

/*
 * The method is made of the same sample as adjusted-wald, and finds nothing
 * that that one does not find.
 */
static void
TestMethod(void)
{
	static const NpsTally tallies[] = {
		{{2, 11, 18}}, {{0, 0, 1}}, {{5000, 1, 0}}, {{15, 45, 40}},
		{{INT64_MAX, 0, 0}}
	};

	for (int i = 0; i < lengthof(tallies); i++)
	{
		NpsTally	tally = tallies[i];
		double		n = (double) NpsTallyTotal(&tally);
		NpsInterval interval = NpsConfidenceInterval(tally, 0.95,
													 NPS_METHOD_ALWAYS_VALID,
													 INFINITY);
		NpsInterval once = NpsConfidenceInterval(tally, 0.95,
												 NPS_METHOD_ADJUSTED_WALD,
												 INFINITY);
		NpsTestResult result[3];
		NpsTestResult looked_at_once;

		Close("margin", interval.margin / once.margin, NpsSequenceReach(n,
																		0.95,
																		false)
			  / NpsCriticalValue(0.95, NPS_ALTERNATIVE_TWO_SIDED), 1e-12);
		for (int side = 0; side < 3; side++)
		{
			result[side] = NpsTestBenchmark(tally, 10.0, 0.95,
											NPS_METHOD_ALWAYS_VALID, side);
			Expect((result[side].p_value < 0.05) == (result[side].lower > 0.0
													 || result[side].upper <
													 0.0),
				   "p %g, bounds %g, %g", result[side].p_value,
				   result[side].lower, result[side].upper);
			looked_at_once = NpsTestBenchmark(tally, 10.0, 0.95,
											  NPS_METHOD_ADJUSTED_WALD, side);
			Expect(result[side].p_value >= looked_at_once.p_value,
				   "p %g, looked at once %g", result[side].p_value,
				   looked_at_once.p_value);
			for (int j = 0; j < lengthof(tallies); j++)
			{
				NpsTestResult two = NpsTestTwoSamples(tally, tallies[j], 0.95,
													  NPS_METHOD_ALWAYS_VALID,
													  side);

				Expect((two.p_value < 0.05) == (two.lower > 0.0 || two.upper <
												0.0), "p %g, bounds %g, %g",
					   two.p_value, two.lower, two.upper);
				looked_at_once = NpsTestTwoSamples(tally, tallies[j], 0.95,
												   NPS_METHOD_ADJUSTED_WALD,
												   side);
				Expect(two.p_value >= looked_at_once.p_value,
					   "p %g, looked at once %g", two.p_value,
					   looked_at_once.p_value);
			}
		}
		Near("lower", result[0].lower, interval.lower - 10.0, 1e-12);
		Near("upper", result[0].upper, interval.upper - 10.0, 1e-12);
		Near("open above", result[NPS_ALTERNATIVE_GREATER].upper, 90.0, 0.0);
		Near("open below", result[NPS_ALTERNATIVE_LESS].lower, -110.0, 0.0);
	}

	/* 100 against 1000 tell as much as 181.8 against as many */
	for (int side = 0; side < 3; side++)
	{
		NpsTestResult two = NpsTestTwoSamples((NpsTally) {{20, 40, 40}},
											  (NpsTally) {{200, 400, 400}},
											  0.95, NPS_METHOD_ALWAYS_VALID,
											  side);
		double		reach = side == NPS_ALTERNATIVE_LESS ?
			two.upper - two.difference : two.difference - two.lower;

		Close("samples of two sizes", reach / two.standard_error,
			  NpsSequenceReach(4000.0 / 11.0, 0.95,
							   side != NPS_ALTERNATIVE_TWO_SIDED), 1e-12);
	}
	Finish("the method always-valid");
}

/*
 * Adds answers of customers with these shares to a tally.
 */
static void
AddAnswers(NpsTally *tally, int answers, double detractors, double promoters)
{
	for (int i = 0; i < answers; i++)
	{
		double		fraction = RandomFraction();

		if (fraction < detractors)
			tally->count[NPS_DETRACTOR]++;
		else if (fraction >= 1.0 - promoters)
			tally->count[NPS_PROMOTER]++;
		else
			tally->count[NPS_PASSIVE]++;
	}
}

#define STREAMS		2000

/* What is watched, and by which test */
typedef struct Scenario
{
	const char *what;
	double		detractors;		/* shares of them, in both samples */
	double		promoters;
	NpsAlternative alternative;
	int			answers;		/* of each stream */
	int			between;		/* looks at it */
	int			complete;		/* answers of the other sample at the start */
	int			meanwhile;		/* and between looks; else no other sample */
} Scenario;

/*
 * Does a test by the method find the difference that is not there?
 */
static bool
Finds(const Scenario *scenario, NpsTally a, NpsTally b, NpsMethod method)
{
	double		truth = 100.0 * (scenario->promoters - scenario->detractors);
	NpsTestResult result;

	if (NpsTallyTotal(&b) == 0)
		result = NpsTestBenchmark(a, truth, 0.95, method,
								  scenario->alternative);
	else
		result = NpsTestTwoSamples(a, b, 0.95, method, scenario->alternative);
	return result.p_value < 0.05;
}

/*
 * The test that is made to be looked at once finds a difference in far more
 * streams than one of twenty, at one look or another; the sequence in no more,
 * but for chance: 100 of 2000 and three standard deviations are 129.  A look
 * at which the first finds nothing need not be shown to the second, as
 * TestMethod knows.
 */
static void
Watch(const Scenario *scenario)
{
	int			by_once = 0;
	int			by_always = 0;

	for (int stream = 0; stream < STREAMS; stream++)
	{
		NpsTally	a = {{0}};
		NpsTally	b = {{0}};
		bool		once = false;
		bool		always = false;

		AddAnswers(&b, scenario->complete, scenario->detractors,
				   scenario->promoters);
		for (int answer = 0; answer < scenario->answers && !always;
			 answer += scenario->between)
		{
			AddAnswers(&a, scenario->between, scenario->detractors,
					   scenario->promoters);
			AddAnswers(&b, scenario->meanwhile, scenario->detractors,
					   scenario->promoters);
			if (!Finds(scenario, a, b, NPS_METHOD_ADJUSTED_WALD))
				continue;
			once = true;
			always = Finds(scenario, a, b, NPS_METHOD_ALWAYS_VALID);
		}
		by_once += once;
		by_always += always;
	}

	Expect(by_once > 400, "%s: adjusted-wald finds something in only %d",
		   scenario->what, by_once);
	Expect(by_always <= 129, "%s: always-valid finds something in %d",
		   scenario->what, by_always);
	printf("# %s, %d streams: adjusted-wald finds something in %d, "
		   "always-valid in %d\n", scenario->what, STREAMS, by_once, by_always);
}

static void
TestWatched(void)
{
	static const Scenario benchmarks[] = {
		{"a score of 15", 0.2, 0.35, NPS_ALTERNATIVE_TWO_SIDED, 5000, 50, 0, 0},
		{"a score of 77", 0.03, 0.8, NPS_ALTERNATIVE_TWO_SIDED, 5000, 50, 0, 0},
		{"one-sided", 0.2, 0.35, NPS_ALTERNATIVE_GREATER, 5000, 50, 0, 0}
	};
	static const Scenario samples[] = {
		{"two alike", 0.2, 0.35, NPS_ALTERNATIVE_TWO_SIDED, 5000, 50, 0, 50},
		{"one of them a tenth", 0.2, 0.35, NPS_ALTERNATIVE_TWO_SIDED, 5000, 50,
		0, 5},
		{"against 300, from the first on", 0.3, 0.35,
		NPS_ALTERNATIVE_TWO_SIDED, 500, 1, 300, 0},
		{"against 5000, from the first on", 0.3, 0.35,
		NPS_ALTERNATIVE_TWO_SIDED, 500, 1, 5000, 0}
	};

	for (int i = 0; i < lengthof(benchmarks); i++)
		Watch(&benchmarks[i]);
	Finish("a score that is watched against a benchmark");

	for (int i = 0; i < lengthof(samples); i++)
		Watch(&samples[i]);
	Finish("two scores that are watched");
}

int
main(void)
{
	TestFigures();
	TestLaws();
	TestMethod();
	TestWatched();
	return Report();
}
