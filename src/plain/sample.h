/*-------------------------------------------------------------------------
 *
 * sample.h
 *	  A tally as a sample of customers, which all statistics start from.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_SAMPLE_H
#define NPS_SAMPLE_H

#include "plain/statistics.h"

/* The shares of a sample, of its weight where it has weights */
typedef struct NpsShares
{
	double		detractors;
	double		passives;
	double		promoters;
	double		net;			/* promoters less detractors */
} NpsShares;

/*
 * A sample.  Pseudo-responses that a method adds are in it.  The weight of a
 * plain one is the number of its responses, which then need not be whole.
 */
typedef struct NpsSample
{
	double		responses;		/* without those that a method adds */
	double		weight;
	NpsShares	shares;
	double		surplus;		/* the net as a weight */
	double		above_lowest;	/* what that exceeds -weight by */
	double		below_highest;	/* what it lacks to the weight */
	double		squares[NPS_CATEGORIES];	/* sums of squared weights */
} NpsSample;

extern NpsSample NpsMakeSample(NpsTally tally, NpsMethod method);
extern NpsSample NpsMakeSampleOf(NpsTally tally, NpsMethod method,
								 double unanswered);
extern NpsSample NpsMakeWeightedSample(const NpsWeightedTally *tally,
									   NpsMethod method);
extern double NpsUnanswered(double responses, double population);
extern double NpsSquaredError(NpsSample sample);

#endif							/* NPS_SAMPLE_H */
