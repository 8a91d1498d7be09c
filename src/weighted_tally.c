/*-------------------------------------------------------------------------
 *
 * weighted_tally.c
 *	  The type nps_weighted_tally, its casts, and the scores and weights that
 *	  are exact.
 *
 * The arithmetic is in plain/weighted.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "compat.h"
#include "decimal.h"
#include "libpq/pqformat.h"
#include "tally.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "weighted_tally.h"

/* Decimal places of a score and of a percentage */
#define SCORE_PLACES		16

/* Decimal places of an effective number of responses */
#define EFFECTIVE_PLACES	10
#define EFFECTIVE_UNITS		INT64CONST(10000000000)

/* Numeric arithmetic, written as short as it is meant. */
#define Add(a, b)		DirectFunctionCall2(numeric_add, a, b)
#define Multiply(a, b)	DirectFunctionCall2(numeric_mul, a, b)
#define Quotient(a, b)	DirectFunctionCall2(numeric_div_trunc, a, b)
#define Whole(n)		NumericGetDatum(int64_to_numeric(n))

/* The text form of a weighted tally, the only one that its input reads. */
char *
NpsWeightedToString(const NpsWeightedTally *tally)
{
	char		text[NPS_WEIGHTED_SIZE];

	NpsWriteWeighted(tally, text);
	return pstrdup(text);
}

/* A copy in the current memory context. */
NpsWeightedTally *
NpsWeightedCopy(const NpsWeightedTally *tally)
{
	NpsWeightedTally *copy;

	copy = (NpsWeightedTally *) palloc(sizeof(NpsWeightedTally));
	*copy = *tally;
	return copy;
}

/* Says that a number is no weight. */
void
NpsWeightOutOfRange(double weight)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("weight %s is out of range", float8out_internal(weight)),
			 errdetail("A weight is a number from 0 to below 10^20."),
			 weight < 0 ?
			 errhint("Calibration may make weights negative; trim them before.") : 0));
	pg_unreachable();
}

/* Says that two weighted tallies together are more than one can hold. */
void
NpsWeightedSumOutOfRange(const NpsWeightedTally *a, const NpsWeightedTally *b)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("sum of weighted tallies %s and %s is out of range",
					NpsWeightedToString(a), NpsWeightedToString(b)),
			 errdetail("A weighted tally holds a weight below 10^20 of at most " INT64_FORMAT " responses.",
					   PG_INT64_MAX)));
	pg_unreachable();
}

/* Says that what is to be taken away is no part of a weighted tally. */
void
NpsWeightedNotAPart(const NpsWeightedTally *part,
					const NpsWeightedTally *tally)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("weighted tally %s is not a part of weighted tally %s",
					NpsWeightedToString(part), NpsWeightedToString(tally)),
			 errdetail("What is left would not be the counts, weights and squared weights of any responses.")));
	pg_unreachable();
}

/* The numeric that is so many units of that decimal place. */
static Numeric
UnitsToNumeric(const NpsUint256 *units, int places)
{
	char		text[NPS_DECIMAL_SIZE];

	NpsWriteDecimal(units, places, text);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in,
											   CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

/* A weight as a numeric. */
Numeric
NpsWeightToNumeric(const NpsUint128 *units)
{
	NpsUint256	wide = NpsWiden(units);

	return UnitsToNumeric(&wide, NPS_WEIGHT_PLACES);
}

/* The score of a weighted tally that counts something, in points. */
Numeric
NpsWeightedTallyScore(const NpsWeightedTally *tally)
{
	return NpsDecimal(NpsWeightedScore(tally), SCORE_PLACES);
}

/* The share of the weight that a category has, where there is any. */
Numeric
NpsWeightedPercentage(const NpsWeightedTally *tally, NpsCategory category)
{
	return NpsDecimal(NpsWeightedShare(tally, category), SCORE_PLACES);
}

/*
 * The number of equal weights that would say as much about a mean, W^2 / Q
 * (Kish 1965), of a tally with responses: rounded half up to 10 decimal
 * places, without trailing zeros.
 */
Numeric
NpsEffectiveResponses(const NpsWeightedTally *tally)
{
	NpsUint128	weight = NpsTotalWeight(tally);
	NpsUint256	square = NpsSquare128(&weight);
	NpsUint256	squares = NpsTotalSquare(tally);
	Datum		unit;
	Datum		dividend;
	Datum		divisor;

	/* (2 W^2 / unit + Q) / 2Q, cut to a whole number of units */
	unit = NumericGetDatum(int64_div_fast_to_numeric(1, EFFECTIVE_PLACES));
	divisor = NumericGetDatum(UnitsToNumeric(&squares, 0));
	dividend = NumericGetDatum(UnitsToNumeric(&square, 0));
	dividend = Multiply(dividend, Whole(EFFECTIVE_UNITS));
	dividend = Add(Multiply(dividend, Whole(2)), divisor);
	divisor = Multiply(divisor, Whole(2));
	return DatumGetNumeric(DirectFunctionCall1(numeric_trim_scale,
											   Multiply(Quotient(dividend,
																 divisor),
														unit)));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_in);
/*
 * Reads ((detractors,passives,promoters),(weights),(squares)).  Nothing is
 * read but what nps_weighted_tally_out writes, so that one value has one text
 * form.
 */
Datum
nps_weighted_tally_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	NpsWeightedTally tally;
	NpsWeightedText outcome = NpsReadWeighted(text, &tally);

	if (outcome == NPS_WEIGHTED_TEXT_MALFORMED)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						"nps_weighted_tally", text),
				 errdetail("A weighted tally is written ((detractors,passives,promoters),(their weights),(their squared weights)), without spaces and closing zeros, as in ((3,3,4),(4.5,2.5,4.5),(7.25,2.25,6.25)).")));

	if (outcome == NPS_WEIGHTED_TEXT_OUT_OF_RANGE)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value \"%s\" is out of range for type %s",
						text, "nps_weighted_tally"),
				 errdetail("A weighted tally holds a weight below 10^20; n responses of weight w have squared weights q with q <= w^2 <= n * q.")));

	PG_RETURN_NPS_WEIGHTED_TALLY_P(NpsWeightedCopy(&tally));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_out);
/* Writes that text form; no locale or setting matters. */
Datum
nps_weighted_tally_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(NpsWeightedToString(PG_GETARG_NPS_WEIGHTED_TALLY_P(0)));
}

/* Reads limbs of 64 bits, the highest first. */
static void
ReceiveLimbs(StringInfo message, uint64_t *limb, int limbs)
{
	for (int i = limbs - 1; i >= 0; i--)
		limb[i] = (uint64_t) pq_getmsgint64(message);
}

/* Writes limbs of 64 bits, the highest first. */
static void
SendLimbs(StringInfo message, const uint64_t *limb, int limbs)
{
	for (int i = limbs - 1; i >= 0; i--)
		pq_sendint64(message, limb[i]);
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_recv);
/*
 * Reads the binary form: the counts as int8, the weights in units of 10^-18
 * as 16 bytes each, the squares in units of 10^-36 as 32 bytes each, all in
 * network byte order.
 */
Datum
nps_weighted_tally_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	NpsWeightedTally tally;

	if (message->len - message->cursor < (int) sizeof(tally))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("insufficient data in external \"nps_weighted_tally\" value: %d bytes",
						message->len - message->cursor),
				 errdetail("A weighted tally is %d bytes.", (int) sizeof(tally))));

	for (int category = 0; category < NPS_CATEGORIES; category++)
		tally.responses.count[category] = pq_getmsgint64(message);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		ReceiveLimbs(message, tally.weight[category].limb, 2);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		ReceiveLimbs(message, tally.square[category].limb, 4);
	if (!NpsWeightedIsValid(&tally))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external \"nps_weighted_tally\" value"),
				 errdetail("A weighted tally holds a weight below 10^20; n responses of weight w have squared weights q with q <= w^2 <= n * q.")));

	PG_RETURN_NPS_WEIGHTED_TALLY_P(NpsWeightedCopy(&tally));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_send);
/* Writes the binary form that nps_weighted_tally_recv reads. */
Datum
nps_weighted_tally_send(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	StringInfoData message;

	pq_begintypsend(&message);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		pq_sendint64(&message, tally->responses.count[category]);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		SendLimbs(&message, tally->weight[category].limb, 2);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		SendLimbs(&message, tally->square[category].limb, 4);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(nps_weighted_of_tally);
/* The cast from nps_tally: each response weighs 1. */
Datum
nps_weighted_of_tally(PG_FUNCTION_ARGS)
{
	NpsWeightedTally tally = NpsWeightedOfTally(PG_GETARG_NPS_TALLY_P(0));

	PG_RETURN_NPS_WEIGHTED_TALLY_P(NpsWeightedCopy(&tally));
}

PG_FUNCTION_INFO_V1(nps_tally_of_weighted);
/* The cast to nps_tally: the same responses without their weights. */
Datum
nps_tally_of_weighted(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	PG_RETURN_NPS_TALLY_P(NpsTallyCopy(&tally->responses));
}

PG_FUNCTION_INFO_V1(nps_weighted_detractors);
/* How many detractors a weighted tally counts, whatever they weigh. */
Datum
nps_weighted_detractors(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	PG_RETURN_INT64(tally->responses.count[NPS_DETRACTOR]);
}

PG_FUNCTION_INFO_V1(nps_weighted_passives);
/* How many passives a weighted tally counts, whatever they weigh. */
Datum
nps_weighted_passives(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	PG_RETURN_INT64(tally->responses.count[NPS_PASSIVE]);
}

PG_FUNCTION_INFO_V1(nps_weighted_promoters);
/* How many promoters a weighted tally counts, whatever they weigh. */
Datum
nps_weighted_promoters(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	PG_RETURN_INT64(tally->responses.count[NPS_PROMOTER]);
}

PG_FUNCTION_INFO_V1(nps_weighted_responses);
/* How many responses a weighted tally counts, whatever they weigh. */
Datum
nps_weighted_responses(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	PG_RETURN_INT64(NpsTallyTotal(&tally->responses));
}

PG_FUNCTION_INFO_V1(nps_weight);
/* The weight of all responses. */
Datum
nps_weight(PG_FUNCTION_ARGS)
{
	NpsUint128	weight = NpsTotalWeight(PG_GETARG_NPS_WEIGHTED_TALLY_P(0));

	PG_RETURN_NUMERIC(NpsWeightToNumeric(&weight));
}

PG_FUNCTION_INFO_V1(nps_weight_of_category);
/* The weight of the responses of one category. */
Datum
nps_weight_of_category(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	NpsCategory category = PG_GETARG_NPS_CATEGORY_AS_INDEX(1);

	PG_RETURN_NUMERIC(NpsWeightToNumeric(&tally->weight[category]));
}

PG_FUNCTION_INFO_V1(nps_effective_responses);
/* The effective number of responses; NULL where there are none. */
Datum
nps_effective_responses(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	if (NpsTallyTotal(&tally->responses) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(NpsEffectiveResponses(tally));
}

PG_FUNCTION_INFO_V1(nps_weighted_score);
/*
 * nps_score(nps_weighted_tally), and the final function of nps_weighted(): the
 * score in points, NULL where nothing was counted.
 */
Datum
nps_weighted_score(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	if (NpsTallyTotal(&tally->responses) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(NpsWeightedTallyScore(tally));
}

/* Are both arguments the same? */
static inline bool
ArgumentsEqual(FunctionCallInfo fcinfo)
{
	return memcmp(PG_GETARG_NPS_WEIGHTED_TALLY_P(0),
				  PG_GETARG_NPS_WEIGHTED_TALLY_P(1),
				  sizeof(NpsWeightedTally)) == 0;
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_eq);
/* The operator =. */
Datum
nps_weighted_tally_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ArgumentsEqual(fcinfo));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_ne);
/* The operator <>. */
Datum
nps_weighted_tally_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!ArgumentsEqual(fcinfo));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_hash);
/* The hash that goes with =. */
Datum
nps_weighted_tally_hash(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	return hash_any((const unsigned char *) tally, sizeof(*tally));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_hash_extended);
/* The same with a seed, 64 bits wide. */
Datum
nps_weighted_tally_hash_extended(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);

	return hash_any_extended((const unsigned char *) tally, sizeof(*tally),
							 PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(nps_weighted_tally_json);
/*
 * The cast to json: an object of the counts, their total, the weight, the
 * effective number of responses and the score, which both are null where there
 * is no response.
 */
Datum
nps_weighted_tally_json(PG_FUNCTION_ARGS)
{
	NpsWeightedTally *tally = PG_GETARG_NPS_WEIGHTED_TALLY_P(0);
	const int64_t *count = tally->responses.count;
	NpsUint128	weight = NpsTotalWeight(tally);
	const char *effective = "null";
	const char *score = "null";
	StringInfoData json;

	if (NpsTallyTotal(&tally->responses) > 0)
	{
		effective = NpsNumericToString(NpsEffectiveResponses(tally));
		score = NpsNumericToString(NpsWeightedTallyScore(tally));
	}

	initStringInfo(&json);
	appendStringInfo(&json, "{\"detractors\":%" PRId64
					 ",\"passives\":%" PRId64 ",\"promoters\":%" PRId64
					 ",\"responses\":%" PRId64,
					 count[NPS_DETRACTOR], count[NPS_PASSIVE],
					 count[NPS_PROMOTER], NpsTallyTotal(&tally->responses));
	appendStringInfo(&json, ",\"weight\":%s,\"effective_responses\":%s",
					 NpsNumericToString(NpsWeightToNumeric(&weight)),
					 effective);
	appendStringInfo(&json, ",\"score\":%s}", score);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(json.data, json.len));
}
