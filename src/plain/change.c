/*-------------------------------------------------------------------------
 *
 * change.c
 *	  What one segment did to the change of the score of the whole.
 *
 * Sources, named in the comments by author and year:
 *
 * Das Gupta 1993, Standardization and decomposition of rates: a user's
 * manual, U.S. Bureau of the Census, Current Population Reports P23-186.
 *
 * Kitagawa 1955, Components of a difference between two rates, Journal of
 * the American Statistical Association 50, 1168-1194.
 *
 *-------------------------------------------------------------------------
 */
#include "plain/sample.h"

/* A segment in one period: what part of the whole it is, and its score */
typedef struct Segment
{
	double		share;			/* 0 where it is absent */
	double		net;			/* of no use where it is absent */
} Segment;

/*
 * What a segment did, in points, to the change of the whole's score between
 * two periods: by the movement of its own score ("rate") and by its changed
 * share ("mix").  "whole" is the mean of the whole's net in both.
 *
 * Kitagawa 1955, in the form of Das Gupta 1993.  The mix effect is taken
 * from the score by which the segment differs from the whole, so that a
 * growing segment counts as good only if it is better than the whole; the
 * sum over all segments is the same.  A segment absent in one period has its
 * score of the other there, which makes its effect all mix.
 */
static NpsChange
DecomposeChange(Segment before, Segment after, double whole)
{
	NpsChange	change = {0.0, 0.0, 0.0};

	if (before.share == 0.0 && after.share == 0.0)
		return change;
	if (before.share == 0.0)
		before.net = after.net;
	if (after.share == 0.0)
		after.net = before.net;

	change.rate = 100.0 * 0.5 * (before.share + after.share) *
		(after.net - before.net);
	change.mix = 100.0 * (after.share - before.share) *
		(0.5 * (before.net + after.net) - whole);
	change.total = change.rate + change.mix;
	return change;
}

/* A tally as a segment of its total, which has a response. */
static Segment
MakeSegment(NpsTally tally, NpsTally total)
{
	double		responses = (double) NpsTallyTotal(&tally);
	Segment		segment = {responses / (double) NpsTallyTotal(&total), 0.0};

	if (responses > 0.0)
		segment.net = NpsMakeSample(tally, NPS_METHOD_WALD).shares.net;
	return segment;
}

/*
 * What a segment did to the change of the score of the whole.  The totals have
 * responses, and the segment is no larger than they are.
 */
NpsChange
NpsDecomposeChange(NpsTally before, NpsTally after,
				   NpsTally total_before, NpsTally total_after)
{
	double		whole = 0.5 *
		(NpsMakeSample(total_before, NPS_METHOD_WALD).shares.net +
		 NpsMakeSample(total_after, NPS_METHOD_WALD).shares.net);

	return DecomposeChange(MakeSegment(before, total_before),
						   MakeSegment(after, total_after), whole);
}

/*
 * A weighted tally as a segment of its total, likewise: its share is that of
 * the weight.  Where that is its share of the responses, too, as with equal
 * weights, it is taken from them, so that it is the same to the last bit.
 */
static Segment
MakeWeightedSegment(const NpsWeightedTally *tally,
					const NpsWeightedTally *total)
{
	int64_t		responses = NpsTallyTotal(&tally->responses);
	int64_t		all_responses = NpsTallyTotal(&total->responses);
	NpsUint128	weight = NpsTotalWeight(tally);
	NpsUint128	all_weight = NpsTotalWeight(total);
	NpsUint256	product = NpsWiden(&weight);
	NpsUint256	other = NpsWiden(&all_weight);
	Segment		segment = {0.0, 0.0};

	if (responses == 0)
		return segment;
	NpsMultiplyInPlace(&product, (uint64_t) all_responses);
	NpsMultiplyInPlace(&other, (uint64_t) responses);
	if (NpsCompare256(&product, &other) == 0)
		segment.share = (double) responses / (double) all_responses;
	else
		segment.share = NpsToDouble128(&weight) / NpsToDouble128(&all_weight);
	segment.net = NpsMakeWeightedSample(tally, NPS_METHOD_WALD).shares.net;
	return segment;
}

/* The same where responses have weights. */
NpsChange
NpsWeightedChange(const NpsWeightedTally *before,
				  const NpsWeightedTally *after,
				  const NpsWeightedTally *total_before,
				  const NpsWeightedTally *total_after)
{
	double		whole = 0.5 *
		(NpsMakeWeightedSample(total_before, NPS_METHOD_WALD).shares.net +
		 NpsMakeWeightedSample(total_after, NPS_METHOD_WALD).shares.net);

	return DecomposeChange(MakeWeightedSegment(before, total_before),
						   MakeWeightedSegment(after, total_after), whole);
}
