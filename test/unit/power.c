/*-------------------------------------------------------------------------
 *
 * power.c
 *	  Unit test of src/plain/power.c, outside a server.
 *
 * Prints TAP; exits with 1 if anything failed.  To build it:
 *
 *	  cc -std=c99 -Isrc -o power test/unit/power.c src/plain/[a-z]*.c -lm
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include "plain/power.h"

static NpsTally
Tally(int64_t detractors, int64_t passives, int64_t promoters)
{
	return (NpsTally) {{detractors, passives, promoters}};
}

static void
TestSampleSize(void)
{
	/* 2 * 1.96 * sqrt(.167159 / n) = .1 */
	Near("responses", NpsSampleSize(5.0, 0.95, 0.167159, INFINITY), 257.0,
		 0.0);
	Finish("sample size at variance .167159 and width .1");

	/* z squared is 3.841459 at .95 and 6.634897 at .99: chi-square tables */
	Near("margin 10", NpsSampleSize(10.0, 0.95, 1.0, INFINITY), 385.0, 0.0);
	Near("margin 1", NpsSampleSize(1.0, 0.95, 1.0, INFINITY), 38415.0, 0.0);
	Near("margin 5 at .99", NpsSampleSize(5.0, 0.99, 1.0, INFINITY), 2654.0,
		 0.0);
	Near("margin 1000", NpsSampleSize(1000.0, 0.95, 1.0, INFINITY), 1.0, 0.0);
	Near("margin infinite", NpsSampleSize(INFINITY, 0.95, 1.0, INFINITY), 1.0,
		 0.0);
	Expect(NpsSampleSize(1e-9, 0.95, 1.0, INFINITY) > 9223372036854775807.0,
		   "margin 1e-9");
	Expect(NpsSampleSize(5e-324, 0.95, 1.0, INFINITY) == INFINITY,
		   "margin 5e-324");

	/* The Wald margin of a sample of that size is the one asked for */
	for (int margin = 1; margin <= 50; margin++)
	{
		double		size = NpsSampleSize(margin, 0.95, 1.0, INFINITY);
		int64_t		half = (int64_t) ceil(size / 2.0);
		NpsInterval interval;

		interval = NpsConfidenceInterval(Tally(half, 0, half), 0.95,
										 NPS_METHOD_WALD, INFINITY);
		Expect(interval.margin <= margin, "%g are too few", size);
		interval = NpsConfidenceInterval(Tally(half - 1, 0, half - 1), 0.95,
										 NPS_METHOD_WALD, INFINITY);
		Expect(interval.margin > margin, "%g are too many", size);
	}
	Finish("sample size");
}

/*
 * Krejcie & Morgan 1970, Determining sample size for research activities,
 * Educational and Psychological Measurement 30, 607-610: their table for a
 * proportion of one half with a margin of .05, which is a score whose variance
 * is 1 with a margin of 10 points.  They round to the nearest number.
 */
static void
TestPopulation(void)
{
	static const double table[][2] = {
		{10, 10}, {50, 44}, {100, 80}, {200, 132}, {500, 217}, {1000, 278},
		{5000, 357}, {10000, 370}
	};
	static const double populations[] = {3, 45, 1000, 123456, 1e15};
	NpsInterval interval;

	for (int i = 0; i < lengthof(table); i++)
	{
		double		size = NpsSampleSize(10.0, 0.95, 1.0, table[i][0]);

		Expect(size == table[i][1] || size == table[i][1] + 1.0,
			   "%g of %g, expected %g or one more", size, table[i][0],
			   table[i][1]);
	}
	Finish("sample sizes of finite populations");

	/* R survey 4.1.1: svymean with fpc, times sqrt((n-1)/n * N/(N-1)) */
	interval = NpsConfidenceInterval(Tally(2, 11, 18), 0.95, NPS_METHOD_WALD,
									 45.0);
	Published("margin of 31 of 45", interval.margin, 12.22064, 1e-5);
	interval = NpsConfidenceInterval(Tally(2, 11, 18), 0.95, NPS_METHOD_WALD,
									 100.0);
	Published("margin of 31 of 100", interval.margin, 18.08686, 1e-5);
	for (int method = 0; method < NPS_METHODS; method++)
	{
		if (!NpsMethods[method].serves[NPS_POPULATION])
			continue;
		interval = NpsConfidenceInterval(Tally(2, 11, 18), 0.95, method, 31.0);
		Near("margin of 31 of 31", interval.margin, 0.0, 0.0);
		Near("all of them", interval.lower, 1600.0 / 31.0, 1e-12);
		Near("all of them", interval.upper, 1600.0 / 31.0, 1e-12);
		interval = NpsConfidenceInterval(Tally(0, 0, 1), 0.95, method, 1.0);
		Near("one of one", interval.lower, 100.0, 0.0);
	}
	Finish("margins of finite populations");

	/* A sample of that size has the margin, one less has not */
	for (int i = 0; i < lengthof(populations); i++)
		for (int margin = 1; margin <= 50; margin++)
		{
			double		n = NpsSampleSize(margin, 0.95, 1.0, populations[i]);
			double		z = NpsCriticalValue(0.95, NPS_ALTERNATIVE_TWO_SIDED);
			double		left = (populations[i] - n) / (populations[i] - 1.0);
			double		left_one_less = (populations[i] - n + 1.0) /
				(populations[i] - 1.0);

			Expect(n <= populations[i], "%g of %g", n, populations[i]);
			Expect(100.0 * z * sqrt(left / n) <= margin * (1.0 + 1e-12),
				   "%g of %g are too few", n, populations[i]);
			if (n > 1.0)
				Expect(100.0 * z * sqrt(left_one_less / (n - 1.0)) > margin *
					   (1.0 - 1e-12), "%g of %g are too many", n,
					   populations[i]);
		}
	Near("impossible margin", NpsSampleSize(5e-324, 0.95, 1.0, 45.0), 45.0,
		 0.0);
	Near("half a person", NpsSampleSize(1e-9, 0.95, 1.0, 45.5), 45.0, 0.0);
	Near("any margin", NpsSampleSize(INFINITY, 0.95, 1.0, 45.0), 1.0, 0.0);
	Near("nearly any", NpsSampleSize(1e200, 0.95, 1.0, 45.0), 1.0, 0.0);
	Near("no confidence", NpsSampleSize(5.0, 5e-324, 1.0, 45.0), 1.0, 0.0);
	Finish("sample size and margin of a finite population agree");
}

/*
 * One answer from customers with these shares, as -1, 0 or 1.
 */
static NpsTally
RandomSample(int responses, double detractors, double promoters)
{
	NpsTally	tally = {{0}};

	for (int i = 0; i < responses; i++)
	{
		double		fraction = RandomFraction();

		if (fraction < detractors)
			tally.count[NPS_DETRACTOR]++;
		else if (fraction >= 1.0 - promoters)
			tally.count[NPS_PROMOTER]++;
		else
			tally.count[NPS_PASSIVE]++;
	}
	return tally;
}

/*
 * How often a test finds ten points between two samples of that size, of
 * customers with shares of 15, 45 and 40 percent and 20, 45 and 35 percent.
 */
static double
SimulatedPower(int responses, double confidence, NpsAlternative alternative)
{
	const int	samples = 4000;
	int			found = 0;

	for (int i = 0; i < samples; i++)
	{
		NpsTally	a = RandomSample(responses, 0.15, 0.40);
		NpsTally	b = RandomSample(responses, 0.20, 0.35);

		if (NpsTestTwoSamples(a, b, confidence, NPS_METHOD_ADJUSTED_WALD,
							  alternative).p_value < 1.0 - confidence)
			found++;
	}
	return (double) found / samples;
}

/*
 * Responses to detect ten points at a confidence of .95, in the worst case.
 */
static double
SizeForTen(double power, NpsAlternative alternative)
{
	return NpsSampleSizeToDetect(10.0, power, 0.95, 1.0, 1.0, alternative);
}

/*
 * The same with the shares above.
 */
static double
SizeForTheseTen(double power, NpsAlternative alternative)
{
	return NpsSampleSizeToDetect(10.0, power, 0.95, 0.4875, 0.5275,
								 alternative);
}

static void
TestPower(void)
{
	static const double powers[] = {0.5, 0.8, 0.9};
	NpsTally	promoter = Tally(0, 0, 1);
	double		difference;

	/* (1.959964 + .841621)^2 (.4875 + .5275) 10^2 = 796.66, by hand */
	Near("ten points", SizeForTheseTen(0.8, NPS_ALTERNATIVE_TWO_SIDED),
		 797.0, 0.0);
	/* (1.644854 + .841621)^2 = 6.18256 as in tables of power */
	Near("one-sided", SizeForTen(0.8, NPS_ALTERNATIVE_GREATER), 1237.0, 0.0);
	Near("the other", SizeForTen(0.8, NPS_ALTERNATIVE_LESS), 1237.0, 0.0);
	/* at a power of one half, z of the power is 0: twice 384.146 */
	Near("one half", SizeForTen(0.5, NPS_ALTERNATIVE_TWO_SIDED), 769.0, 0.0);
	/* a test finds more than that where there is nothing */
	Near("no power", SizeForTen(0.0001, NPS_ALTERNATIVE_TWO_SIDED), 1.0, 0.0);
	Expect(NpsSampleSizeToDetect(5e-324, 0.8, 0.95, 1.0, 1.0,
								 NPS_ALTERNATIVE_TWO_SIDED) == INFINITY,
		   "no difference");
	Finish("sample size to detect a difference");

	/* Within four standard deviations of a share of 4000 */
	for (int i = 0; i < lengthof(powers); i++)
		for (int alternative = NPS_ALTERNATIVE_TWO_SIDED;
			 alternative <= NPS_ALTERNATIVE_GREATER; alternative++)
		{
			double		size = SizeForTheseTen(powers[i], alternative);

			Near("power", SimulatedPower((int) size, 0.95, alternative),
				 powers[i],
				 4.0 * sqrt(powers[i] * (1.0 - powers[i]) / 4000.0));
		}
	Near("390 responses",
		 SimulatedPower(390, 0.95, NPS_ALTERNATIVE_TWO_SIDED),
		 0.49, 4.0 * sqrt(0.25 / 4000.0));
	Finish("simulated power");

	/* What can be detected and what has to be asked are inverse */
	for (int hundreds = 100; hundreds < 1000000; hundreds *= 10)
	{
		NpsTally	a = Tally(15 * hundreds, 45 * hundreds, 40 * hundreds);
		NpsTally	b = Tally(20 * hundreds, 45 * hundreds, 35 * hundreds);

		difference = NpsDetectableDifference(a, b, 0.8, 0.95,
											 NPS_ALTERNATIVE_TWO_SIDED);
		Close("responses",
			  NpsSampleSizeToDetect(difference, 0.8, 0.95, 0.4875, 0.5275,
									NPS_ALTERNATIVE_TWO_SIDED),
			  100.0 * hundreds, 1e-3);
	}

	/* With three responses added, .75, 1.5 and 1.75 of 4 */
	difference = NpsDetectableDifference(promoter, promoter, 0.8, 0.95,
										 NPS_ALTERNATIVE_TWO_SIDED);
	Near("a promoter each", difference,
		 (1.959964 + 0.841621) * 100.0 *
		 sqrt(2.0 * (0.375 * 0.625 + 4.0 * 0.1875 * 0.4375) / 4.0), 1e-4);
	difference = NpsDetectableDifference(promoter, promoter, 0.001, 0.5,
										 NPS_ALTERNATIVE_TWO_SIDED);
	Near("by chance", difference, 0.0, 0.0);
	Finish("detectable difference");
}

int
main(void)
{
	TestSampleSize();
	TestPopulation();
	TestPower();
	return Report();
}
