/*-------------------------------------------------------------------------
 *
 * sequence.h
 *	  Confidence sequences: intervals and tests that hold at every look.
 *
 * Plain C99 that knows nothing of PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NPS_SEQUENCE_H
#define NPS_SEQUENCE_H

#include <stdbool.h>

/*
 * A sequence with one bound is made for confidences from here on.  Below about
 * 0.754 a lower confidence would make its bound wider for small samples.
 */
#define NPS_SEQUENCE_LEAST_ONE_SIDED	0.8

extern double NpsSequenceReach(double responses, double confidence,
							   bool one_sided);
extern double NpsSequencePValue(double z, double responses, bool one_sided);

#endif							/* NPS_SEQUENCE_H */
