/*-------------------------------------------------------------------------
 *
 * tally.c
 *	  The type nps_tally, its algebra (three counts that add and subtract),
 *	  and the score.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/int.h"
#include "compat.h"
#include "decimal.h"
#include "libpq/pqformat.h"
#include "plain/parse.h"
#include "tally.h"
#include "utils/builtins.h"

/* The text form of a tally, the only one that nps_tally_in reads. */
char *
NpsTallyToString(const NpsTally *tally)
{
	return psprintf("(%" PRId64 ",%" PRId64 ",%" PRId64 ")",
					tally->count[NPS_DETRACTOR], tally->count[NPS_PASSIVE],
					tally->count[NPS_PROMOTER]);
}

/* A copy in the current memory context. */
NpsTally *
NpsTallyCopy(const NpsTally *tally)
{
	NpsTally   *copy = (NpsTally *) palloc(sizeof(NpsTally));

	*copy = *tally;
	return copy;
}

/* Says that two tallies together count more than a tally can. */
void
NpsTallySumOutOfRange(const NpsTally *a, const NpsTally *b)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("sum of tallies %s and %s is out of range",
					NpsTallyToString(a), NpsTallyToString(b)),
			 errdetail("A tally counts at most " INT64_FORMAT " responses.",
					   PG_INT64_MAX)));
	pg_unreachable();
}

/* Adds the other tally to the first, in place. */
void
NpsTallyAdd(NpsTally *tally, const NpsTally *other)
{
	int64		total;

	/* Where the total of both fits, so does every count. */
	if (unlikely(pg_add_s64_overflow(NpsTallyTotal(tally),
									 NpsTallyTotal(other), &total)))
		NpsTallySumOutOfRange(tally, other);

	for (int category = 0; category < NPS_CATEGORIES; category++)
		tally->count[category] += other->count[category];
}

/*
 * Takes the part away from the tally, in place.  What is not a part of it is
 * refused: no count may fall below zero.
 */
void
NpsTallySubtract(NpsTally *tally, const NpsTally *part)
{
	static const char *const plurals[NPS_CATEGORIES] =
	{
		"detractors", "passives", "promoters"
	};

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		if (unlikely(tally->count[category] < part->count[category]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("tally %s is not a part of tally %s",
							NpsTallyToString(part), NpsTallyToString(tally)),
					 errdetail("The number of %s would fall below zero.",
							   plurals[category])));
	}

	for (int category = 0; category < NPS_CATEGORIES; category++)
		tally->count[category] -= part->count[category];
}

/*
 * The score of a tally that counts something: 100 * (promoters - detractors)
 * / responses, in points.
 */
Numeric
NpsTallyScore(const NpsTally *tally)
{
	return NpsPercentage(tally->count[NPS_PROMOTER] -
						 tally->count[NPS_DETRACTOR],
						 NpsTallyTotal(tally));
}

PG_FUNCTION_INFO_V1(nps_tally_in);
/*
 * Reads (detractors,passives,promoters), as nps_tally_out writes it, and the
 * object that the cast to json writes, so that core makes rows again of what
 * it made of them.  An object that contradicts itself is refused, so that
 * whatever is read is a tally.
 */
Datum
nps_tally_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	NpsTally	tally;
	NpsTallyText outcome = NpsParseTally(text, &tally);

	if (outcome == NPS_TALLY_TEXT_MALFORMED)
	{
		/* nps_tally('7') and nps_tally(a text) are casts, too. */
		int			length;
		const char *number = NpsFindNumber(text, &length);

		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						"nps_tally", text),
				 errdetail("A tally is written (detractors,passives,promoters), in digits and without spaces, as in (20,10,70)."),
				 number == NULL ?
				 errhint("Counts kept elsewhere are turned into a tally by nps_tally(detractors, passives, promoters).") :
				 errhint("Cast a text that is a number to one first: nps_tally('%.*s'::numeric).",
						 length, number)));
	}

	if (outcome == NPS_TALLY_TEXT_NO_OBJECT ||
		outcome == NPS_TALLY_TEXT_OTHER_RESPONSES ||
		outcome == NPS_TALLY_TEXT_OTHER_SCORE)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						"nps_tally", text),
				 outcome == NPS_TALLY_TEXT_OTHER_RESPONSES ?
				 errdetail("\"responses\" is not the total of the counts.") :
				 outcome == NPS_TALLY_TEXT_OTHER_SCORE ?
				 errdetail("\"score\" is not the score of the counts.") :
				 errdetail("As a JSON object a tally has the keys \"detractors\", \"passives\" and \"promoters\", which are whole numbers, and \"responses\" and \"score\", or neither of these.")));

	if (outcome == NPS_TALLY_TEXT_OUT_OF_RANGE)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value \"%s\" is out of range for type %s",
						text, "nps_tally"),
				 errdetail("A tally counts at most " INT64_FORMAT " responses.",
						   PG_INT64_MAX)));

	PG_RETURN_NPS_TALLY_P(NpsTallyCopy(&tally));
}

PG_FUNCTION_INFO_V1(nps_tally_out);
/* Writes (detractors,passives,promoters); no locale or setting matters. */
Datum
nps_tally_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(NpsTallyToString(PG_GETARG_NPS_TALLY_P(0)));
}

PG_FUNCTION_INFO_V1(nps_tally_recv);
/* Reads the binary form: the three counts as int8, ordered as in the text. */
Datum
nps_tally_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	NpsTally	tally;

	if (message->len - message->cursor < (int) sizeof(tally.count))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("insufficient data in external \"nps_tally\" value: %d bytes",
						message->len - message->cursor),
				 errdetail("A tally is %d bytes.", (int) sizeof(tally.count))));

	for (int category = 0; category < NPS_CATEGORIES; category++)
	{
		tally.count[category] = pq_getmsgint64(message);
		if (tally.count[category] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid count %" PRId64 " in external \"nps_tally\" value",
							tally.count[category]),
					 errdetail("Counts are never negative.")));
	}
	if (!NpsTallyIsValid(&tally))	/* then it is the total */
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("total of external \"nps_tally\" value %s is out of range",
						NpsTallyToString(&tally)),
				 errdetail("A tally counts at most " INT64_FORMAT " responses.",
						   PG_INT64_MAX)));

	PG_RETURN_NPS_TALLY_P(NpsTallyCopy(&tally));
}

PG_FUNCTION_INFO_V1(nps_tally_send);
/* Writes the binary form that nps_tally_recv reads. */
Datum
nps_tally_send(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	StringInfoData message;

	pq_begintypsend(&message);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		pq_sendint64(&message, tally->count[category]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* Says that a count, given as text, is not one that a tally can hold. */
pg_noreturn static pg_attribute_cold void
CountOutOfRange(const char *count)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("count %s is out of range for type %s", count, "nps_tally"),
			 *count == '-' ?
			 errdetail("Counts are never negative.") :
			 errdetail("A tally counts at most " INT64_FORMAT " responses.",
					   PG_INT64_MAX)));
	pg_unreachable();
}

/* A count given as numeric, as sum() over bigint gives it. */
static int64
CountOfNumeric(Numeric number)
{
	int64		count;

	if (!NpsIsWhole(number))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("count %s is not a whole number",
						NpsNumericToString(number))));
	if (!NpsWholeToInt64(number, &count) || count < 0)
		CountOutOfRange(NpsNumericToString(number));
	return count;
}

PG_FUNCTION_INFO_V1(nps_tally_of_counts);
/*
 * nps_tally(detractors, passives, promoters): a tally from known counts.  They
 * are numeric so that the sums of a query need no cast.
 */
Datum
nps_tally_of_counts(PG_FUNCTION_ARGS)
{
	NpsTally	tally;

	for (int category = 0; category < NPS_CATEGORIES; category++)
		tally.count[category] = CountOfNumeric(PG_GETARG_NUMERIC(category));
	if (!NpsTallyIsValid(&tally))	/* then it is the total */
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value \"%s\" is out of range for type %s",
						NpsTallyToString(&tally), "nps_tally"),
				 errdetail("A tally counts at most " INT64_FORMAT " responses.",
						   PG_INT64_MAX)));

	PG_RETURN_NPS_TALLY_P(NpsTallyCopy(&tally));
}

/* The tally of that many responses of one category. */
static NpsTally *
TallyOfCategory(NpsCategory category, int64 count)
{
	NpsTally   *tally = (NpsTally *) palloc0(sizeof(NpsTally));

	if (count < 0)
		CountOutOfRange(psprintf(INT64_FORMAT, count));
	tally->count[category] = count;
	return tally;
}

PG_FUNCTION_INFO_V1(nps_tally_of_float8);
/* nps_tally(double precision, count): that many responses of one score. */
Datum
nps_tally_of_float8(PG_FUNCTION_ARGS)
{
	NpsCategory category = NpsCategoryOfDouble(PG_GETARG_FLOAT8(0));

	PG_RETURN_NPS_TALLY_P(TallyOfCategory(category, PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_of_numeric);
/* nps_tally(numeric, count): the same, and 8.999... is a passive. */
Datum
nps_tally_of_numeric(PG_FUNCTION_ARGS)
{
	NpsCategory category = NpsCategoryOfNumeric(PG_GETARG_DATUM(0));

	PG_RETURN_NPS_TALLY_P(TallyOfCategory(category, PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(nps_tally_of_category);
/* nps_tally(nps_category, count): that many responses of one category. */
Datum
nps_tally_of_category(PG_FUNCTION_ARGS)
{
	NpsCategory category = PG_GETARG_NPS_CATEGORY_AS_INDEX(0);

	PG_RETURN_NPS_TALLY_P(TallyOfCategory(category, PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(nps_detractors);
/* How many detractors a tally counts. */
Datum
nps_detractors(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_NPS_TALLY_P(0)->count[NPS_DETRACTOR]);
}

PG_FUNCTION_INFO_V1(nps_passives);
/* How many passives a tally counts. */
Datum
nps_passives(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_NPS_TALLY_P(0)->count[NPS_PASSIVE]);
}

PG_FUNCTION_INFO_V1(nps_promoters);
/* How many promoters a tally counts. */
Datum
nps_promoters(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_NPS_TALLY_P(0)->count[NPS_PROMOTER]);
}

PG_FUNCTION_INFO_V1(nps_responses);
/* How many responses a tally counts, all three categories together. */
Datum
nps_responses(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(NpsTallyTotal(PG_GETARG_NPS_TALLY_P(0)));
}

PG_FUNCTION_INFO_V1(nps_score);
/*
 * nps_score(nps_tally), and the final function of nps(): the score in points,
 * NULL where nothing was counted.
 */
Datum
nps_score(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	if (NpsTallyTotal(tally) == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(NpsTallyScore(tally));
}

/* Do both arguments count the same? */
static inline bool
ArgumentsEqual(FunctionCallInfo fcinfo)
{
	return memcmp(PG_GETARG_NPS_TALLY_P(0), PG_GETARG_NPS_TALLY_P(1),
				  sizeof(NpsTally)) == 0;
}

PG_FUNCTION_INFO_V1(nps_tally_eq);
/* The operator =. */
Datum
nps_tally_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ArgumentsEqual(fcinfo));
}

PG_FUNCTION_INFO_V1(nps_tally_ne);
/* The operator <>. */
Datum
nps_tally_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!ArgumentsEqual(fcinfo));
}

PG_FUNCTION_INFO_V1(nps_tally_hash);
/* The hash that goes with =. */
Datum
nps_tally_hash(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	return hash_any((const unsigned char *) tally, sizeof(NpsTally));
}

PG_FUNCTION_INFO_V1(nps_tally_hash_extended);
/* The same with a seed, 64 bits wide. */
Datum
nps_tally_hash_extended(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);

	return hash_any_extended((const unsigned char *) tally, sizeof(NpsTally),
							 PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(nps_tally_json);
/*
 * The cast to json: an object of the counts, their total and the score, which
 * is null where there is no response.
 */
Datum
nps_tally_json(PG_FUNCTION_ARGS)
{
	NpsTally   *tally = PG_GETARG_NPS_TALLY_P(0);
	char	   *score = "null";

	if (NpsTallyTotal(tally) > 0)
	{
		Datum		number = NumericGetDatum(NpsTallyScore(tally));

		score = DatumGetCString(DirectFunctionCall1(numeric_out, number));
	}
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("{\"detractors\":%" PRId64
											  ",\"passives\":%" PRId64
											  ",\"promoters\":%" PRId64
											  ",\"responses\":%" PRId64
											  ",\"score\":%s}",
											  tally->count[NPS_DETRACTOR],
											  tally->count[NPS_PASSIVE],
											  tally->count[NPS_PROMOTER],
											  NpsTallyTotal(tally), score)));
}
