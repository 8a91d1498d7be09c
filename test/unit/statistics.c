/*-------------------------------------------------------------------------
 *
 * statistics.c
 *	  Unit test of src/plain/statistics.c and what it stands on, outside a
 *	  server.
 *
 * Prints TAP; exits with 1 if anything failed.  To build it:
 *
 *	  cc -std=c99 -Isrc -o statistics test/unit/statistics.c \
 *		 src/plain/[a-z]*.c -lm
 *
 * Expected figures come from publications, named with each, or from high
 * precision arithmetic by other formulas (mpmath 1.2.1 at 60 digits, taking
 * each input as the double that the literal here stands for):
 *
 * - normal quantiles: root of log(erfc(z/sqrt(2))/2) - log(tail); for central
 *	 probabilities below .6, sqrt(2) erfinv(p)
 * - Tango's method: the shares with a given net that maximise the likelihood,
 *	 found by halving on its derivative; z from their variance; the ends by
 *	 halving on z
 * - tests of two samples: r + d - (r - d)^2 for the variance
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include "plain/normal.h"
#include "plain/statistics.h"

#define LARGEST			7		/* responses in the tallies of the laws ... */
#define MANY			12		/* ... and of those that need no pairs */

static const double confidences[] = {0.01, 0.5, 0.8, 0.95, 0.99, 0.999999};

static NpsTally
Tally(int64_t detractors, int64_t passives, int64_t promoters)
{
	NpsTally	tally = {{detractors, passives, promoters}};

	return tally;
}

static NpsTally
Sum(NpsTally a, NpsTally b)
{
	return Tally(a.count[NPS_DETRACTOR] + b.count[NPS_DETRACTOR],
				 a.count[NPS_PASSIVE] + b.count[NPS_PASSIVE],
				 a.count[NPS_PROMOTER] + b.count[NPS_PROMOTER]);
}

static NpsTally
Mirror(NpsTally a)
{
	return Tally(a.count[NPS_PROMOTER], a.count[NPS_PASSIVE],
				 a.count[NPS_DETRACTOR]);
}

static double
Score(NpsTally a)
{
	return 100.0 * (double) (a.count[NPS_PROMOTER] - a.count[NPS_DETRACTOR]) /
		(double) NpsTallyTotal(&a);
}

/*
 * Put every tally of at most "largest" responses, the empty one first, into
 * the array; returns how many there are.
 */
static int
AllTallies(NpsTally *tallies, int largest)
{
	int			count = 0;

	for (int n = 0; n <= largest; n++)
		for (int detractors = 0; detractors <= n; detractors++)
			for (int passives = 0; passives <= n - detractors; passives++)
				tallies[count++] = Tally(detractors, passives,
										 n - detractors - passives);
	return count;
}

static void
TestNormal(void)
{
	static const double tails[][2] = {
		{-9, 0.99999999999999999989},
		{-3, 0.99865010196836990547},
		{-0.5, 0.69146246127401310364},
		{0, 0.5},
		{0.5, 0.30853753872598689636},
		{1, 0.15865525393145705141},
		{1.96, 0.024997895148220436213},
		{3, 1.3498980316300945267e-3},
		{8, 6.2209605742717841235e-16},
		{15, 3.6709661993127508858e-51},
		{25, 3.0566967063825609164e-138},
		{37, 5.7255712225245768227e-300}
	};
	static const double quantiles[][2] = {
		{2e-300, -37.028395296325460602},
		{1e-200, -30.205594179579643063},
		{1e-100, -21.273453560965324294},
		{1e-50, -14.933337534788488981},
		{1e-20, -9.2623400897984075796},
		{6e-17, -8.2831094890009140639},
		{1.3e-11, -6.6676114565107408347},
		{1.4e-11, -6.6567230915181836356},
		{1e-6, -4.7534243088228989573},
		{0.001, -3.0902323061678135354},
		{0.02425, -1.9729610513118848376},
		{0.0749, -1.4402382675279636631},
		{0.0751, -1.4388253927525399824},
		{0.3, -0.52440051270804081597},
		{0.4999999999, -2.5066284820303539022e-10},
		{0.5, 0.0},
		{0.5000000001, 2.5066284820303539022e-10},
		{0.7, 0.52440051270804065631},
		{0.9249, 1.4388253927525403742},
		{0.9251, 1.4402382675279638594},
		{0.975, 1.9599639845400538556},
		{0.999, 3.0902323061678132778},
		{0.999999, 4.7534243088170877657},
		{0.999999999999, 7.0344869100478352057},
		{0.99999999999999989, 8.2095361516013868556}
	};
	static const double central[][2] = {
		{1e-300, 1.2533141373155002826e-300},
		{1e-20, 1.2533141373155001825e-20},
		{0.01, 0.012533469508069263422},
		{0.5, 0.6744897501960817432},
		{0.8499, 1.4391783421583504615},
		{0.8501, 1.4398847793193502915},
		{0.9, 1.6448536269514728225},
		{0.95, 1.9599639845400538556},
		{0.99, 2.5758293035489004539},
		{0.999999999999, 7.1305098928792724473},
		{0.99999999999999989, 8.2923610758135955382}
	};

	for (int i = 0; i < lengthof(tails); i++)
		Close("tail", NpsNormalUpperTail(tails[i][0]), tails[i][1], 1e-12);
	Near("beyond the tail", NpsNormalUpperTail(INFINITY), 0.0, 0.0);
	Near("all of it", NpsNormalUpperTail(-INFINITY), 1.0, 0.0);
	Finish("upper tail of the normal distribution");

	for (int i = 0; i < lengthof(quantiles); i++)
		Close("quantile", NpsNormalQuantile(quantiles[i][0]),
			  quantiles[i][1], 1e-14);
	for (int i = 0; i < lengthof(central); i++)
		Close("central quantile", NpsNormalCentralQuantile(central[i][0]),
			  central[i][1], 1e-14);
	for (int exponent = -299; exponent < 0; exponent++)
	{
		double		p = pow(10.0, exponent);

		Close("tail of quantile", NpsNormalUpperTail(-NpsNormalQuantile(p)),
			  p, 1e-12);
	}
	Close("two-sided", NpsCriticalValue(0.9, NPS_ALTERNATIVE_TWO_SIDED),
		  1.6448536269514728225, 1e-14);
	Close("greater", NpsCriticalValue(0.975, NPS_ALTERNATIVE_GREATER),
		  1.9599639845400538556, 1e-14);
	Close("less", NpsCriticalValue(0.3, NPS_ALTERNATIVE_LESS),
		  -0.52440051270804081597, 1e-14);
	Finish("quantiles of the normal distribution");
}

static void
TestPublished(void)
{
	static const struct
	{
		const char *source;
		NpsTally	tally;
		NpsMethod	method;
		double		lower;
		double		upper;
		double		unit;
	}			intervals[] = {
		{"statpsych, ci.pairs.prop1", {{82, 92, 125}},
		NPS_METHOD_BONETT_PRICE, 5.011508, 23.559920, 1e-6},
		{"statpsych, ci.prop.ps", {{4, 18, 26}},
		NPS_METHOD_BONETT_PRICE, 25.48067, 62.51933, 1e-5},
		{"contingencytables, Cavo 2012", {{16, 139, 6}},
		NPS_METHOD_WALD, -11.84, -0.58, 0.01},
		{"contingencytables, Cavo 2012", {{16, 139, 6}},
		NPS_METHOD_AGRESTI_MIN, -11.82, -0.45, 0.01},
		{"contingencytables, Cavo 2012", {{16, 139, 6}},
		NPS_METHOD_BONETT_PRICE, -11.95, -0.32, 0.01},
		{"contingencytables, Cavo 2012", {{16, 139, 6}},
		NPS_METHOD_TANGO, -12.40, -0.54, 0.01},
		{"Tango 1998, table VII", {{3, 20, 9}},
		NPS_METHOD_TANGO, -2.7, 39.0, 0.1},
		{"Fagerland et al. 2014, Bentur 2009", {{7, 13, 1}},
		NPS_METHOD_TANGO, -51.7, -2.6, 0.1}
	};
	NpsTally	tally;
	NpsInterval interval;
	NpsTestResult result;

	tally = Tally(54, 108, 162);
	result = NpsTestBenchmark(tally, 0.0, 0.95, NPS_METHOD_WALD,
							  NPS_ALTERNATIVE_TWO_SIDED);
	Published("score", result.difference, 33.3, 0.1);
	Close("variance", NpsVariance(tally), 5.0 / 9.0, 1e-15);
	Published("standard error", NpsStandardError(tally), 4.1, 0.1);
	Published("standard error", result.standard_error, 4.1, 0.1);
	Finish("whuber, Cross Validated 18603");

	tally = Tally(395, 476, 291);
	interval = NpsConfidenceInterval(tally, 0.95, NPS_METHOD_WALD, INFINITY);
	Published("score", Score(tally), -9.0, 1.0);
	Published("margin", interval.margin, 4.4, 0.1);
	Published("middle", 0.5 * (interval.lower + interval.upper), -9.0, 1.0);
	Finish("talkstats 58500");

	for (int i = 0; i < lengthof(intervals); i++)
	{
		interval = NpsConfidenceInterval(intervals[i].tally, 0.95,
										 intervals[i].method, INFINITY);
		Published(intervals[i].source, interval.lower, intervals[i].lower,
				  intervals[i].unit);
		Published(intervals[i].source, interval.upper, intervals[i].upper,
				  intervals[i].unit);
	}
	Finish("published intervals");

	result = NpsTestBenchmark(Tally(16, 139, 6), 0.0, 0.95, NPS_METHOD_TANGO,
							  NPS_ALTERNATIVE_TWO_SIDED);
	Published("difference", result.difference, -6.21, 0.01);
	Published("z", result.z, -2.132, 0.001);
	Published("p-value", result.p_value, 0.033006, 1e-6);
	Published("lower", result.lower, -12.40, 0.01);
	Published("upper", result.upper, -0.54, 0.01);
	Finish("Tango test of contingencytables, Cavo 2012");

	/*
	 * By R 4.2.2: the variance as mean(x^2) - mean(x)^2 of answers counted as
	 * -1, 0 and 1, p by pnorm; for adjusted-wald weighted with the counts
	 */
	result = NpsTestTwoSamples(Tally(10, 0, 20), Tally(18, 0, 12), 0.95,
							   NPS_METHOD_WALD, NPS_ALTERNATIVE_TWO_SIDED);
	Published("difference", result.difference, 53.333, 0.001);
	Published("standard error", result.standard_error, 24.825, 0.001);
	Published("z", result.z, 2.1483, 0.0001);
	Published("p-value", result.p_value, 0.03169, 0.00001);
	result = NpsTestTwoSamples(Tally(10, 0, 20), Tally(18, 0, 12), 0.95,
							   NPS_METHOD_ADJUSTED_WALD,
							   NPS_ALTERNATIVE_TWO_SIDED);
	Published("difference", result.difference, 48.485, 0.001);
	Published("z", result.z, 2.0852, 0.0001);
	Published("p-value", result.p_value, 0.03705, 0.00001);
	Finish("two samples");
}

/*
 * Das Gupta 1993, table 5.1: population by age group and the share of it
 * that heads a household, here as tallies of promoters and passives.  Sizes
 * and rates are in tenths of a percent.
 */
static void
TestPublishedChange(void)
{
	static const int sizes[2][13] = {
		{129, 109, 95, 80, 78, 84, 86, 78, 70, 59, 47, 36, 49},
		{101, 112, 116, 109, 94, 77, 63, 60, 63, 59, 51, 40, 55}
	};
	static const int rates[2][13] = {
		{19, 258, 457, 496, 512, 516, 518, 549, 587, 604, 628, 666, 668},
		{22, 243, 458, 525, 561, 556, 560, 574, 572, 612, 639, 686, 722}
	};
	NpsTally	segments[2][13];
	NpsTally	totals[2] = {{{0, 0, 0}}, {{0, 0, 0}}};
	double		rate = 0.0;
	double		mix = 0.0;

	for (int year = 0; year < 2; year++)
		for (int i = 0; i < 13; i++)
		{
			int64_t		promoters = sizes[year][i] * rates[year][i];

			segments[year][i] = Tally(0, sizes[year][i] * 1000 - promoters,
									  promoters);
			totals[year] = Sum(totals[year], segments[year][i]);
		}
	for (int i = 0; i < 13; i++)
	{
		NpsChange	change = NpsDecomposeChange(segments[0][i], segments[1][i],
												totals[0], totals[1]);

		rate += change.rate;
		mix += change.mix;
		Near("total", change.total, change.rate + change.mix, 0.0);
	}
	Published("1970", Score(totals[0]), 44.7268, 0.0001);
	Published("1985", Score(totals[1]), 47.6940, 0.0001);
	Published("rate", rate, 1.7403, 0.0001);
	Published("mix", mix, 1.2269, 0.0001);
	Finish("change of Das Gupta 1993, table 5.1");
}

static void
TestTangoPrecision(void)
{
	static const struct
	{
		NpsTally	tally;
		double		confidence;
		double		lower;
		double		upper;
	}			intervals[] = {
		{{{0, 0, 1}}, 0.95, -58.690137124552509699, 100.0},
		{{{0, 1, 0}}, 0.95, -79.34506856227625485, 79.34506856227625485},
		{{{1, 0, 1}}, 0.95, -81.093758853153851996, 81.093758853153851996},
		{{{3, 2, 0}}, 0.5, -73.338279044003970091, -44.993740294694744198},
		{{{0, 1, 99}}, 0.95, 91.638293856809851499, 99.823256793585935161},
		{{{2, 3, 5}}, 0.999999999999,
		-82.836877253230118952, 94.01916305545784681},
		{{{2, 3, 5}}, 0.01, 29.69009170378753281, 30.30919754336228591},
		{{{0, 0, 1000000000}}, 0.95, 99.999999231708238813, 100.0},
		{{{0, 1000000000, 0}}, 0.95,
		-3.8414588059373186547e-7, 3.8414588059373186547e-7},
		{{{1, 2, 1000000000}}, 0.95,
		99.999998644543241875, 99.999999866555437483},
		{{{250000000, 0, 750000000}}, 0.999999999999,
		49.980469752548300682, 50.019525163034824586},
		{{{0, 0, INT64_MAX}}, 0.95, 99.999999999999999917, 100.0},
		{{{0, INT64_MAX, 0}}, 0.95,
		-4.1649179989101735879e-17, 4.1649179989101735879e-17},
		{{{1, INT64_MAX - 1, 0}}, 0.95,
		-6.1419340379234528335e-17, 3.0807158264246691539e-17},
		{{{3000000000000000000, 3000000000000000000, 3223372036854775807}},
		0.95, 2.421804423316005224, 2.421804529293196632}
	};

	for (int i = 0; i < lengthof(intervals); i++)
	{
		NpsInterval interval =
			NpsConfidenceInterval(intervals[i].tally, intervals[i].confidence,
								  NPS_METHOD_TANGO, INFINITY);

		Near("lower", interval.lower, intervals[i].lower, 1e-13);
		Near("upper", interval.upper, intervals[i].upper, 1e-13);
		Near("margin", interval.margin,
			 0.5 * (intervals[i].upper - intervals[i].lower), 1e-13);
	}
	Finish("Tango intervals to 1e-13 points, for counts of all sizes");
}

static void
TestTestPrecision(void)
{
	/* against a benchmark, Tango's method: difference, error, z, upper tail */
	static const struct
	{
		NpsTally	tally;
		double		benchmark;
		double		difference;
		double		standard_error;
		double		z;
		double		p_value;
	}			benchmarks[] = {
		{{{2, 3, 5}}, -60.0, 90.0, 22.278286752688658223,
		4.0398079528776303738, 2.6747493249231053945e-5},
		{{{2, 3, 5}}, 99.0, -69.0, 3.7298939439174426222,
		-18.499185509690525465, 1.0},
		{{{0, 14, 58690702}}, 99.999, 9.7614614209648148099e-4,
		5.7674870669297507823e-5,
		16.924981898851844419, 1.4721877152673562397e-64},
		{{{0, 14, 58690702}}, 99.99, 9.9761461420968225415e-3,
		1.8437449237404960928e-4, 54.10806025086010133, 0.0},
		{{{0, 65, 0}}, 1.0, -1.0, 1.2341300268111634747,
		-0.81028739134066288744, 0.79111248984795140946},
		{{{400, 5000, 20}}, 40.0, -47.011070110701107011,
		0.72457261758195788716, -64.881102280108713812, 1.0},
		{{{0, 0, 20}}, -50.0, 150.0, 19.364916731037084426,
		7.7459666924148337704, 4.7428687855369241942e-15},
		{{{148098149, 0, 0}}, -99.9999999, -9.9999994063182384707e-8,
		3.6748546776822173434e-7,
		-0.27211958794042378528, 0.60723496566928153111},
		{{{863319791, 0, 2}}, -99.9999999, 3.6332773598922010898e-7,
		1.5220507585389791492e-7,
		2.3870934260955885323, 8.4910875212552719329e-3},
		{{{3, 500000000, 9}}, 1e-6, 1.9999997120000073645e-7,
		6.8022830900014702113e-7,
		0.29401888829645505015, 0.3843717350911901166},
		{{{1, 50, 50}}, 99.9999999, -51.485148414851491085,
		3.17728288804094745e-4, -162041.43675288623756, 1.0},
		{{{4000000000000000000, 0, 4000000000000001000}}, 0.0,
		1.2499999999999998437e-14, 3.535533905932737401e-8,
		3.535533905932737401e-7, 0.49999985895260411306},
		/* one detractor is enough that the score can't be 100 */
		{{{1, 0, 9200000000000000000}}, 100.0, -2.1739130434782608693e-17, 0.0,
		-INFINITY, 1.0}
	};

	/* two samples, wald: difference, error, z, two-sided p */
	static const struct
	{
		NpsTally	a;
		NpsTally	b;
		double		difference;
		double		standard_error;
		double		z;
		double		p_value;
	}			samples[] = {
		{{{20, 0, 10}}, {{12, 0, 18}}, -53.333333333333333333,
		24.825315633367006524,
		-2.1483446221182986415, 0.031686388539793753232},
		{{{0, 1, 999999999}}, {{1, 0, 999999999}}, 1.0e-7,
		2.2360679763817557074e-7,
		0.4472135957235647372, 0.65472084585714280342},
		{{{300000000, 1, 699999999}}, {{300000001, 0, 699999999}}, 1.0e-7,
		4.0987803080916644745e-3,
		2.4397501813547703767e-5, 0.99998053360998274157},
		{{{100, 50, 7}}, {{7, 50, 100}}, -118.47133757961783439,
		6.4899944228017996071,
		-18.254459073706337352, 1.9069008345775923545e-74},
		{{{0, 0, 1000}}, {{0, 500, 500}}, 50.0, 1.581138830084189666,
		31.62277660168379332, 1.7958327848007261946e-219},
		{{{1, 999999998, 1}}, {{0, 999999998, 2}}, -2.0e-7,
		1.9999999989999999997e-7,
		-1.0000000005000000004, 0.31731050762094337819},
		/* more responses than a double can count */
		{{{1, 0, 9200000000000000000}}, {{0, 0, 1000}},
		-2.1739130434782608693e-17, 2.1739130434782608692e-17,
		-1.0, 0.31731050786291410283},
		{{{0, 0, 1000}}, {{10000, 0, 9200000000000000000}},
		2.1739130434782585066e-13, 2.1739130434782573251e-15,
		100.00000000000005435, 0.0},
		{{{1000, 0, 0}}, {{9200000000000000000, 0, 1}},
		-2.1739130434782608693e-17, 2.1739130434782608692e-17,
		-1.0, 0.31731050786291410283}
	};
	NpsTestResult result;

	for (int i = 0; i < lengthof(benchmarks); i++)
	{
		result = NpsTestBenchmark(benchmarks[i].tally,
								  benchmarks[i].benchmark, 0.95,
								  NPS_METHOD_TANGO, NPS_ALTERNATIVE_GREATER);
		Close("difference", result.difference, benchmarks[i].difference,
			  1e-14);
		Close("standard error", result.standard_error,
			  benchmarks[i].standard_error, 1e-14);
		Close("z", result.z, benchmarks[i].z, 1e-14);
		Close("p-value", result.p_value, benchmarks[i].p_value, 1e-12);
	}
	for (int i = 0; i < lengthof(samples); i++)
	{
		result = NpsTestTwoSamples(samples[i].a, samples[i].b, 0.95,
								   NPS_METHOD_WALD,
								   NPS_ALTERNATIVE_TWO_SIDED);
		Close("difference", result.difference, samples[i].difference, 1e-14);
		Close("standard error", result.standard_error,
			  samples[i].standard_error, 1e-14);
		Close("z", result.z, samples[i].z, 1e-14);
		Close("p-value", result.p_value, samples[i].p_value, 1e-12);
	}
	Finish("tests keep their precision in the tail and near the ends");
}

/*
 * What the variance formula must give: mean of squares less squared mean.
 */
static void
TestVariance(const NpsTally *tallies, int count)
{
	for (int i = 1; i < count; i++)
	{
		double		n = (double) NpsTallyTotal(&tallies[i]);
		double		mean = Score(tallies[i]) / 100.0;
		double		variance = (double) (tallies[i].count[NPS_DETRACTOR] +
										 tallies[i].count[NPS_PROMOTER]) / n -
			mean * mean;

		Near("variance", NpsVariance(tallies[i]), variance, 1e-15);
		Near("standard error", NpsStandardError(tallies[i]),
			 100.0 * sqrt(fmax(variance, 0.0) / n), 1e-6);
	}
	Finish("variance is the mean square less the squared mean");
}

static void
TestIntervalLaws(const NpsTally *tallies, int count)
{
	for (int i = 1; i < count; i++)
		for (int method = 0; method < NPS_METHODS; method++)
		{
			NpsInterval narrower = {0.0, 0.0, 0.0};

			for (int j = 0; j < lengthof(confidences); j++)
			{
				NpsInterval interval =
					NpsConfidenceInterval(tallies[i], confidences[j], method,
										  INFINITY);
				NpsInterval mirrored =
					NpsConfidenceInterval(Mirror(tallies[i]), confidences[j],
										  method, INFINITY);

				Near("mirrored lower", mirrored.lower, -interval.upper, 0.0);
				Near("mirrored upper", mirrored.upper, -interval.lower, 0.0);
				Expect(interval.lower >= -100.0 && interval.upper <= 100.0,
					   "tally %d, method %d: outside the scale", i, method);
				Expect(interval.upper > interval.lower ||
					   (method == NPS_METHOD_WALD &&
						NpsVariance(tallies[i]) == 0.0),
					   "tally %d, method %d: no width", i, method);
				Expect(interval.margin >=
					   0.5 * (interval.upper - interval.lower) - 1e-12,
					   "tally %d, method %d: margin clipped", i, method);
				if (method == NPS_METHOD_WALD || method == NPS_METHOD_TANGO)
					Expect(interval.lower <= Score(tallies[i]) + 1e-12 &&
						   interval.upper >= Score(tallies[i]) - 1e-12,
						   "tally %d, method %d: without the score", i,
						   method);
				if (j > 0)
					Expect(interval.lower <= narrower.lower &&
						   interval.upper >= narrower.upper &&
						   interval.margin >= narrower.margin,
						   "tally %d, method %d: not nested", i, method);
				narrower = interval;
			}
		}
	Finish("intervals mirror, nest, stay on the scale and have a width");
}

/*
 * Wald's interval reaches as far to each side as its margin, and what the
 * other methods add is what their authors say.
 */
static void
TestMethods(const NpsTally *tallies, int count)
{
	for (int i = 1; i < count; i++)
	{
		NpsTally	a = tallies[i];
		NpsTally	b;
		NpsInterval interval;
		double		reach;

		interval = NpsConfidenceInterval(a, 0.9, NPS_METHOD_WALD, INFINITY);
		reach = 1.6448536269514728 * NpsStandardError(a);
		Near("margin", interval.margin, reach, 1e-12);
		Near("lower", interval.lower, fmax(Score(a) - reach, -100.0), 1e-12);
		Near("upper", interval.upper, fmin(Score(a) + reach, 100.0), 1e-12);

		/* A tally of the sum of responses and pseudo-responses, times 4 */
		b = Tally(4 * a.count[NPS_DETRACTOR] + 3, 4 * a.count[NPS_PASSIVE] + 6,
				  4 * a.count[NPS_PROMOTER] + 3);
		interval = NpsConfidenceInterval(a, 0.9, NPS_METHOD_ADJUSTED_WALD,
										 INFINITY);
		Near("adjusted-wald", interval.margin,
			 2.0 * 1.6448536269514728 * NpsStandardError(b), 1e-12);
		Near("adjusted-wald", interval.lower,
			 fmax(Score(b) - interval.margin, -100.0), 1e-12);

		b = Tally(4 * a.count[NPS_DETRACTOR] + 2, 4 * a.count[NPS_PASSIVE] + 4,
				  4 * a.count[NPS_PROMOTER] + 2);
		interval = NpsConfidenceInterval(a, 0.9, NPS_METHOD_AGRESTI_MIN,
										 INFINITY);
		Near("agresti-min", interval.margin,
			 2.0 * 1.6448536269514728 * NpsStandardError(b), 1e-12);
		Near("agresti-min", interval.lower,
			 fmax(Score(b) - interval.margin, -100.0), 1e-12);

		b = Sum(a, Tally(1, 0, 1));
		interval = NpsConfidenceInterval(a, 0.9, NPS_METHOD_BONETT_PRICE,
										 INFINITY);
		Near("bonett-price", interval.margin,
			 1.6448536269514728 * NpsStandardError(b), 1e-12);
		Near("bonett-price", interval.lower,
			 fmax(Score(b) - interval.margin, -100.0), 1e-12);
	}
	Finish("each method adds its own pseudo-responses");
}

/*
 * Each end of Tango's interval is a benchmark that Tango's test just
 * rejects.  The end at 100 or -100 that a tally of one category has is no
 * such benchmark.
 */
static void
TestTangoEnds(const NpsTally *tallies, int count)
{
	for (int i = 1; i < count; i++)
		for (int j = 0; j < lengthof(confidences); j++)
		{
			NpsTally	tally = tallies[i];
			double		confidence = confidences[j];
			NpsInterval interval =
				NpsConfidenceInterval(tally, confidence, NPS_METHOD_TANGO,
									  INFINITY);
			NpsTestResult result;

			if (Score(tally) > -100.0)
			{
				result = NpsTestBenchmark(tally, interval.lower, confidence,
										  NPS_METHOD_TANGO,
										  NPS_ALTERNATIVE_TWO_SIDED);
				Near("p at lower end", result.p_value, 1.0 - confidence,
					 1e-12);
				Expect(result.z > 0.0, "tally %d: lower end above", i);
				Near("bound at lower end", result.lower, 0.0, 1e-12);

				/* Below a confidence of .5 this end is above the score */
				result = NpsTestBenchmark(tally, 0.0, confidence,
										  NPS_METHOD_TANGO,
										  NPS_ALTERNATIVE_GREATER);
				if (confidence == 0.5)
					Near("end at .5", result.lower, Score(tally), 1e-12);
				else if (confidence > 0.5 || Score(tally) < 100.0)
				{
					result = NpsTestBenchmark(tally, result.lower, confidence,
											  NPS_METHOD_TANGO,
											  NPS_ALTERNATIVE_GREATER);
					Near("p at one-sided end", result.p_value,
						 1.0 - confidence, 1e-12);
				}
				else
					Near("end above 100", result.lower, 100.0, 0.0);
			}
			else
				Near("lower end", interval.lower, -100.0, 0.0);

			if (Score(tally) < 100.0)
			{
				result = NpsTestBenchmark(tally, interval.upper, confidence,
										  NPS_METHOD_TANGO,
										  NPS_ALTERNATIVE_TWO_SIDED);
				Near("p at upper end", result.p_value, 1.0 - confidence,
					 1e-12);
				Expect(result.z < 0.0, "tally %d: upper end below", i);
				Near("bound at upper end", result.upper, 0.0, 1e-12);
			}
			else
				Near("upper end", interval.upper, 100.0, 0.0);
		}
	Finish("the ends of Tango's interval have p = 1 - confidence");
}

/*
 * Laws that hold for the results of any test at the three alternatives, with
 * the least and the greatest difference that is possible.
 */
static void
CheckAlternatives(NpsTestResult both, NpsTestResult greater,
				  NpsTestResult less, double least, double greatest,
				  double confidence)
{
	Expect(both.difference == greater.difference &&
		   both.difference == less.difference &&
		   both.z == greater.z && both.z == less.z,
		   "difference %g: z depends on the alternative", both.difference);
	Near("less + greater", less.p_value + greater.p_value, 1.0, 1e-15);
	Close("two-sided", both.p_value,
		  2.0 * fmin(less.p_value, greater.p_value), 1e-15);
	Expect(both.lower >= least && both.lower <= both.upper &&
		   both.upper <= greatest, "bounds %g, %g", both.lower, both.upper);
	Near("open above", greater.upper, greatest, 0.0);
	Near("open below", less.lower, least, 0.0);
	if (both.standard_error > 0.0)
		Near("z", both.z * both.standard_error, both.difference, 1e-12);

	/* A bound is beyond zero exactly where the test says so */
	Expect((both.p_value < 1.0 - confidence) ==
		   (both.lower > 0.0 || both.upper < 0.0),
		   "p %g, bounds %g, %g", both.p_value, both.lower, both.upper);
	Expect((greater.p_value < 1.0 - confidence) == (greater.lower > 0.0),
		   "p %g, lower %g", greater.p_value, greater.lower);
	Expect((less.p_value < 1.0 - confidence) == (less.upper < 0.0),
		   "p %g, upper %g", less.p_value, less.upper);
}

static void
TestBenchmarkLaws(const NpsTally *tallies, int count)
{
	static const double benchmarks[] = {-100.0, -37.5, 0.0, 12.5, 60.0};

	for (int i = 1; i < count; i++)
		for (int method = 0; method < NPS_METHODS; method++)
			for (int k = 0; k < lengthof(benchmarks); k++)
			{
				NpsTally	tally = tallies[i];
				double		benchmark = benchmarks[k];
				NpsTestResult result[3];
				NpsTestResult mirrored;
				NpsInterval interval;

				if (method == NPS_METHOD_ALWAYS_VALID)
					continue;	/* its laws are in sequence.c */
				for (int side = 0; side < 3; side++)
					result[side] = NpsTestBenchmark(tally, benchmark, 0.95,
													method, side);
				CheckAlternatives(result[NPS_ALTERNATIVE_TWO_SIDED],
								  result[NPS_ALTERNATIVE_GREATER],
								  result[NPS_ALTERNATIVE_LESS],
								  -100.0 - benchmark, 100.0 - benchmark,
								  0.95);

				mirrored = NpsTestBenchmark(Mirror(tally), -benchmark, 0.95,
											method, NPS_ALTERNATIVE_LESS);
				Expect(mirrored.z == -result[1].z ||
					   fabs(mirrored.z + result[1].z) <= 1e-12,
					   "mirrored z: %g and %g", mirrored.z, result[1].z);
				Near("mirrored p", mirrored.p_value, result[1].p_value, 1e-15);
				Near("mirrored bound", mirrored.upper, -result[1].lower,
					 1e-12);

				interval = NpsConfidenceInterval(tally, 0.95, method,
												 INFINITY);
				Near("lower", result[0].lower, interval.lower - benchmark,
					 1e-12);
				Near("upper", result[0].upper, interval.upper - benchmark,
					 1e-12);
				interval = NpsConfidenceInterval(tally, 0.9, method, INFINITY);
				Near("lower of one", result[1].lower,
					 interval.lower - benchmark, 1e-12);
				Near("upper of one", result[2].upper,
					 interval.upper - benchmark, 1e-12);
			}
	Finish("tests against a benchmark agree with one another and intervals");
}

static void
TestTwoSampleLaws(const NpsTally *tallies, int count)
{
	for (int i = 1; i < count; i++)
		for (int j = 1; j < count; j++)
			for (int method = 0; method < NPS_METHODS; method++)
			{
				NpsTestResult result[3];
				NpsTestResult swapped;

				if (!NpsMethods[method].serves[NPS_TWO_TALLIES] ||
					method == NPS_METHOD_ALWAYS_VALID)
					continue;
				for (int side = 0; side < 3; side++)
					result[side] = NpsTestTwoSamples(tallies[i], tallies[j],
													 0.95, method, side);
				CheckAlternatives(result[NPS_ALTERNATIVE_TWO_SIDED],
								  result[NPS_ALTERNATIVE_GREATER],
								  result[NPS_ALTERNATIVE_LESS],
								  -200.0, 200.0, 0.95);

				swapped = NpsTestTwoSamples(tallies[j], tallies[i], 0.95,
											method, NPS_ALTERNATIVE_LESS);
				Near("swapped difference", swapped.difference,
					 -result[1].difference, 0.0);
				Near("swapped p", swapped.p_value, result[1].p_value, 0.0);
				Near("swapped bound", swapped.upper, -result[1].lower, 0.0);
				swapped = NpsTestTwoSamples(Mirror(tallies[j]),
											Mirror(tallies[i]), 0.95,
											method, NPS_ALTERNATIVE_GREATER);
				Near("mirrored p", swapped.p_value, result[1].p_value, 0.0);
				if (method == NPS_METHOD_WALD)
					Near("difference", result[0].difference,
						 Score(tallies[i]) - Score(tallies[j]), 1e-13);
			}
	Finish("tests of two samples agree with one another");
}

static void
TestNoError(void)
{
	static const double smallest[] = {
		4.9406564584124654e-324, 1e-310, 1e-300, -1e-290, 1e-281, 1e-279
	};
	NpsTally	all = Tally(0, 0, 7);
	NpsTally	none = Tally(3, 0, 0);
	NpsTestResult result[3];

	for (int side = 0; side < 3; side++)
		result[side] = NpsTestTwoSamples(all, Tally(0, 0, 9), 0.95,
										 NPS_METHOD_WALD, side);
	Expect(result[0].z == 0.0 && result[0].p_value == 1.0 &&
		   result[1].p_value == 0.5 && result[2].p_value == 0.5,
		   "no difference: z %g", result[0].z);
	Expect(result[0].lower == 0.0 && result[0].upper == 0.0 &&
		   result[1].upper == 200.0 && result[2].lower == -200.0,
		   "no difference: bounds");

	for (int side = 0; side < 3; side++)
		result[side] = NpsTestTwoSamples(all, none, 0.95, NPS_METHOD_WALD,
										 side);
	Expect(result[0].z == INFINITY && result[0].p_value == 0.0 &&
		   result[1].p_value == 0.0 && result[2].p_value == 1.0,
		   "above: z %g", result[0].z);
	Expect(result[0].lower == 200.0 && result[0].upper == 200.0,
		   "above: bounds");

	for (int side = 0; side < 3; side++)
		result[side] = NpsTestBenchmark(none, 100.0, 0.95, NPS_METHOD_WALD,
										side);
	Expect(result[0].z == -INFINITY && result[0].p_value == 0.0 &&
		   result[1].p_value == 1.0 && result[2].p_value == 0.0,
		   "below: z %g", result[0].z);

	/* A benchmark of 100 leaves Tango's test no error either */
	for (int side = 0; side < 3; side++)
		result[side] = NpsTestBenchmark(Tally(0, 1, 7), 100.0, 0.95,
										NPS_METHOD_TANGO, side);
	Expect(result[0].z == -INFINITY && result[0].p_value == 0.0 &&
		   result[0].standard_error == 0.0 &&
		   result[1].p_value == 1.0 && result[2].p_value == 0.0,
		   "score below: z %g", result[0].z);
	for (int side = 0; side < 3; side++)
		result[side] = NpsTestBenchmark(all, 100.0, 0.95, NPS_METHOD_TANGO,
										side);
	Expect(result[0].z == 0.0 && result[0].p_value == 1.0 &&
		   result[1].p_value == 0.5 && result[2].p_value == 0.5,
		   "score at 100: z %g", result[0].z);

	/* No passives differ from the smallest benchmark by a standard error */
	for (int i = 0; i < lengthof(smallest); i++)
	{
		for (int side = 0; side < 3; side++)
			result[side] = NpsTestBenchmark(Tally(0, INT64_MAX, 0),
											smallest[i], 0.95,
											NPS_METHOD_TANGO, side);
		Expect(fabs(result[0].z) < 1e-100 && result[0].p_value == 1.0 &&
			   result[1].p_value == 0.5 && result[2].p_value == 0.5,
			   "score next to 0: z %g", result[0].z);
	}
	for (int side = 0; side < 3; side++)
		result[side] = NpsTestBenchmark(Tally(0, 5, 0), 0.0, 0.95,
										NPS_METHOD_TANGO, side);
	Expect(result[0].z == 0.0 && result[0].p_value == 1.0 &&
		   result[1].p_value == 0.5 && result[2].p_value == 0.5,
		   "score of passives: z %g", result[0].z);

	result[0] = NpsTestTwoSamples(all, none, 0.95, NPS_METHOD_TANGO,
								  NPS_ALTERNATIVE_TWO_SIDED);
	Expect(isnan(result[0].z) && isnan(result[0].p_value) &&
		   isnan(result[0].difference), "a score test of two samples");
	Finish("results without a standard error");
}

/*
 * Over every pair of segments that may be empty in either period: the effects
 * sum to the change of the whole.
 */
static void
TestChange(const NpsTally *tallies, int count)
{
	NpsChange	change;

	for (int a = 0; a < count; a++)
		for (int b = 0; b < count; b++)
			for (int c = 0; c < count; c++)
				for (int d = 0; d < count; d++)
				{
					NpsTally	before = Sum(tallies[a], tallies[c]);
					NpsTally	after = Sum(tallies[b], tallies[d]);
					NpsChange	other;

					if (NpsTallyTotal(&before) == 0 ||
						NpsTallyTotal(&after) == 0)
						continue;
					change = NpsDecomposeChange(tallies[a], tallies[b],
												before, after);
					other = NpsDecomposeChange(tallies[c], tallies[d],
											   before, after);
					Near("sum", change.total + other.total,
						 Score(after) - Score(before), 1e-12);
					Near("total", change.total, change.rate + change.mix,
						 0.0);
					if (a == 0 || b == 0)
						Near("rate where absent", change.rate, 0.0, 0.0);
					if (a == 0 && b == 0)
						Near("mix where absent", change.mix, 0.0, 0.0);
				}
	Finish("the effects of change sum to the change of the whole");

	/*
	 * Worked by hand: the segment goes from 1/4 of the responses at 0 to 1/2
	 * at 50, the whole from 50 to 25.
	 */
	change = NpsDecomposeChange(Tally(5, 15, 5), Tally(0, 25, 25),
								Tally(10, 30, 60), Tally(15, 45, 40));
	Near("rate", change.rate, 18.75, 1e-12);
	Near("mix", change.mix, -3.125, 1e-12);
	Near("total", change.total, 15.625, 1e-12);
	change = NpsDecomposeChange(Tally(0, 0, 0), Tally(0, 0, 10),
								Tally(50, 0, 50), Tally(45, 0, 55));
	Near("rate of a new segment", change.rate, 0.0, 0.0);
	Near("mix of a new segment", change.mix, 9.5, 1e-12);
	change = NpsDecomposeChange(Tally(0, 0, INT64_MAX / 2),
								Tally(INT64_MAX / 2, 0, 0),
								Tally(INT64_MAX / 2, 0, INT64_MAX / 2),
								Tally(INT64_MAX / 2, 0, INT64_MAX / 2));
	Near("largest counts", change.rate, -100.0, 1e-12);
	Near("largest counts", change.mix, 0.0, 1e-12);
	Finish("change worked by hand");
}

/*
 * Everything that a result must be whatever the counts are.
 */
static void
CheckResult(NpsTestResult result, double least, double greatest)
{
	Expect(isfinite(result.difference) && isfinite(result.standard_error) &&
		   !isnan(result.z) && result.p_value >= 0.0 &&
		   result.p_value <= 1.0 && result.lower >= least &&
		   result.upper <= greatest && result.lower <= greatest &&
		   result.upper >= least,
		   "%g, error %g, z %g, p %g, bounds %g, %g", result.difference,
		   result.standard_error, result.z, result.p_value, result.lower,
		   result.upper);
	Expect(isfinite(result.z) == (result.standard_error > 0.0 ||
								  result.difference == 0.0),
		   "z %g at standard error %g", result.z, result.standard_error);
}

static void
TestExtremes(void)
{
	static const NpsTally extremes[] = {
		{{0, 0, INT64_MAX}}, {{0, INT64_MAX, 0}}, {{INT64_MAX, 0, 0}},
		{{1, 0, INT64_MAX - 1}}, {{INT64_MAX - 1, 1, 0}},
		{{1, INT64_MAX - 2, 1}}, {{INT64_MAX / 2, 0, INT64_MAX / 2}},
		{{INT64_MAX / 2, INT64_MAX / 2, 0}},
		{{INT64_MAX / 3, INT64_MAX / 3, INT64_MAX / 3}},
		{{0, 0, 1000000000}}, {{0, 1000000000, 0}}, {{1000000000, 0, 0}},
		{{0, 0, 1}}, {{0, 1, 0}}, {{1, 0, 0}}
	};
	static const double bounds[] = {
		1e-300, 1e-9, 0.5, 0.95, 0.999999999999, 0.99999999999999989
	};
	static const double benchmarks[] = {
		-100.0, -99.99999999999999, -1e-300, 0.0, 33.333333333333336, 50.0,
		100.0
	};

	for (int i = 0; i < lengthof(extremes); i++)
	{
		NpsTally	a = extremes[i];

		Expect(NpsVariance(a) >= 0.0 && NpsVariance(a) <= 1.0,
			   "variance %g", NpsVariance(a));
		Expect(NpsStandardError(a) >= 0.0 && NpsStandardError(a) <= 100.0,
			   "standard error %g", NpsStandardError(a));
		for (int j = 0; j < lengthof(bounds); j++)
			for (int method = 0; method < NPS_METHODS; method++)
			{
				NpsInterval interval =
					NpsConfidenceInterval(a, bounds[j], method, INFINITY);

				Expect(interval.lower >= -100.0 &&
					   interval.lower <= interval.upper &&
					   interval.upper <= 100.0 && isfinite(interval.margin),
					   "interval %g, %g", interval.lower, interval.upper);
				if (NpsTallyTotal(&a) <= 1000000000 && bounds[j] >= 0.5 &&
					method != NPS_METHOD_WALD)
					Expect(interval.upper - interval.lower > 1e-8,
						   "method %d: width %g", method,
						   interval.upper - interval.lower);
				for (int side = 0; side < 3; side++)
				{
					for (int k = 0; k < lengthof(benchmarks); k++)
						CheckResult(NpsTestBenchmark(a, benchmarks[k],
													 bounds[j], method, side),
									-100.0 - benchmarks[k],
									100.0 - benchmarks[k]);
					if (!NpsMethods[method].serves[NPS_TWO_TALLIES])
						continue;
					for (int k = 0; k < lengthof(extremes); k++)
						CheckResult(NpsTestTwoSamples(a, extremes[k],
													  bounds[j], method,
													  side),
									-200.0, 200.0);
				}
			}
	}
	Finish("the largest and the smallest tallies and confidences");
}

int
main(void)
{
	/* n + 1 over 2 tallies have n responses, n + 3 over 3 at most n */
	static NpsTally tallies[(MANY + 3) * (MANY + 2) * (MANY + 1) / 6];
	int			all = AllTallies(tallies, MANY);
	int			some = (LARGEST + 3) * (LARGEST + 2) * (LARGEST + 1) / 6;

	TestNormal();
	TestPublished();
	TestPublishedChange();
	TestTangoPrecision();
	TestTestPrecision();
	TestVariance(tallies, all);
	TestIntervalLaws(tallies, all);
	TestMethods(tallies, all);
	TestTangoEnds(tallies, all);
	TestBenchmarkLaws(tallies, all);
	TestTwoSampleLaws(tallies, some);
	TestNoError();
	TestChange(tallies, 20);	/* of at most 3 responses */
	TestExtremes();

	return Report();
}
