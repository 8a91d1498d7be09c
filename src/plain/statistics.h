/*-------------------------------------------------------------------------
 *
 * statistics.h
 *	  The statistics of the Net Promoter Score: intervals, tests, change.
 *
 * Checking arguments is the caller's part; each function says what it takes
 * for granted.
 *
 * Scores, margins and differences are in points, from -100 to 100 for a
 * score.  A confidence is a fraction strictly between 0 and 1.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_PLAIN_STATISTICS_H
#define NPS_PLAIN_STATISTICS_H

#include "plain/types.h"
#include "plain/weighted.h"

/* How an interval or a test is made; NpsMethods[] knows each of them */
typedef enum NpsMethod
{
	NPS_METHOD_WALD,
	NPS_METHOD_ADJUSTED_WALD,
	NPS_METHOD_AGRESTI_MIN,
	NPS_METHOD_BONETT_PRICE,
	NPS_METHOD_ALWAYS_VALID,
	NPS_METHOD_TANGO,
	NPS_METHODS					/* how many there are */
} NpsMethod;

/* What a method may be asked for */
typedef enum NpsUse
{
	NPS_ONE_TALLY,				/* the interval of a score */
	NPS_TWO_TALLIES,			/* a test of two scores */
	NPS_BENCHMARK,				/* a test of one score against a fixed one */
	NPS_POPULATION,				/* an interval for a finite population */
	NPS_WEIGHTS,				/* an interval or a test with weights */
	NPS_USES					/* how many there are */
} NpsUse;

/* What there is to know of a method but its formulas */
typedef struct NpsMethodTraits
{
	const char *name;			/* in SQL */
	bool		serves[NPS_USES];	/* indexed by NpsUse */
	double		either;			/* pseudo-responses: detractors, and as many
								 * promoters */
	double		passives;
} NpsMethodTraits;

extern const NpsMethodTraits NpsMethods[NPS_METHODS];

/* What a test holds against "no difference" */
typedef enum NpsAlternative
{
	NPS_ALTERNATIVE_TWO_SIDED,	/* there is a difference */
	NPS_ALTERNATIVE_GREATER,	/* the difference is above zero */
	NPS_ALTERNATIVE_LESS		/* the difference is below zero */
} NpsAlternative;

/* Where the score lies with a given confidence */
typedef struct NpsInterval
{
	double		lower;			/* from -100 to 100 */
	double		upper;
	double		margin;			/* half the width, before any clipping */
} NpsInterval;

/* What a test found */
typedef struct NpsTestResult
{
	double		difference;		/* adjusted where the method adjusts */
	double		standard_error; /* of the difference */
	double		z;				/* infinite at a standard error of 0 */
	double		p_value;
	double		lower;			/* bounds of the difference, within what is
								 * possible */
	double		upper;
} NpsTestResult;

/* What one segment did to the score of the whole */
typedef struct NpsChange
{
	double		rate;			/* by its own score's movement */
	double		mix;			/* by its changed share of the responses */
	double		total;			/* both together */
} NpsChange;

extern double NpsCriticalValue(double confidence, NpsAlternative alternative);

extern double NpsVariance(NpsTally tally);
extern double NpsStandardError(NpsTally tally);

extern NpsInterval NpsConfidenceInterval(NpsTally tally, double confidence,
										 NpsMethod method, double population);
extern NpsTestResult NpsTestTwoSamples(NpsTally a, NpsTally b,
									   double confidence, NpsMethod method,
									   NpsAlternative alternative);
extern NpsTestResult NpsTestBenchmark(NpsTally tally, double benchmark,
									  double confidence, NpsMethod method,
									  NpsAlternative alternative);
extern double NpsWeightedStandardError(const NpsWeightedTally *tally);
extern NpsInterval NpsWeightedInterval(const NpsWeightedTally *tally,
									   double confidence, NpsMethod method);
extern NpsTestResult NpsWeightedTestTwoSamples(const NpsWeightedTally *a,
											   const NpsWeightedTally *b,
											   double confidence,
											   NpsMethod method,
											   NpsAlternative alternative);
extern NpsTestResult NpsWeightedTestBenchmark(const NpsWeightedTally *tally,
											  double benchmark,
											  double confidence,
											  NpsMethod method,
											  NpsAlternative alternative);

extern NpsChange NpsDecomposeChange(NpsTally before, NpsTally after,
									NpsTally total_before,
									NpsTally total_after);
extern NpsChange NpsWeightedChange(const NpsWeightedTally *before,
								   const NpsWeightedTally *after,
								   const NpsWeightedTally *total_before,
								   const NpsWeightedTally *total_after);

#endif							/* NPS_PLAIN_STATISTICS_H */
