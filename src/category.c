/*-------------------------------------------------------------------------
 *
 * category.c
 *	  The type nps_category, and the classification of answers.
 *
 * Comparison and hashing are core's functions for one-byte types, declared
 * in the install script.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "category.h"
#include "compat.h"
#include "libpq/pqformat.h"
#include "plain/parse.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

/* The category of each whole answer from 0 to 10. */
const uint8 NpsCategoryOfAnswer[NPS_HIGHEST_ANSWER + 1] =
{
	NPS_DETRACTOR, NPS_DETRACTOR, NPS_DETRACTOR, NPS_DETRACTOR,
	NPS_DETRACTOR, NPS_DETRACTOR, NPS_DETRACTOR,
	NPS_PASSIVE, NPS_PASSIVE,
	NPS_PROMOTER, NPS_PROMOTER
};

PG_FUNCTION_INFO_V1(nps_category_in);
/* Reads a category, ignoring case and surrounding white space. */
Datum
nps_category_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	int			category = NpsParseCategory(text);
	const char *number;
	int			length;

	if (category >= 0)
		PG_RETURN_NPS_CATEGORY(category);

	/* nps_category('7') and nps_category(a text) are casts, too. */
	number = NpsFindNumber(text, &length);
	ereturn(fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"",
					"nps_category", text),
			 errdetail("The categories are \"detractor\", \"passive\" and \"promoter\"."),
			 number == NULL ? 0 :
			 errhint("Cast a text that is a number to one first: nps_category('%.*s'::numeric).",
					 length, number)));
}

PG_FUNCTION_INFO_V1(nps_category_out);
/* Writes a category as its lower-case name. */
Datum
nps_category_out(PG_FUNCTION_ARGS)
{
	NpsCategory category = PG_GETARG_NPS_CATEGORY_AS_INDEX(0);

	PG_RETURN_CSTRING(pstrdup(NpsCategoryNames[category]));
}

PG_FUNCTION_INFO_V1(nps_category_recv);
/*
 * Reads the binary form, one byte: 0 detractor, 1 passive, 2 promoter.
 * charrecv would let any byte in.
 */
Datum
nps_category_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			category;

	if (message->len - message->cursor < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("insufficient data in external \"nps_category\" value"),
				 errdetail("A category is 1 byte.")));
	category = pq_getmsgbyte(message);
	if (category >= NPS_CATEGORIES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid byte %d in external \"nps_category\" value",
						category),
				 errdetail("The byte is 0 for detractor, 1 for passive, 2 for promoter.")));
	PG_RETURN_NPS_CATEGORY(category);
}

PG_FUNCTION_INFO_V1(nps_category_send);
/* Writes the binary form that nps_category_recv reads. */
Datum
nps_category_send(PG_FUNCTION_ARGS)
{
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, PG_GETARG_NPS_CATEGORY(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

PG_FUNCTION_INFO_V1(nps_category_larger);
/* The larger of two categories: the transition of max(nps_category). */
Datum
nps_category_larger(PG_FUNCTION_ARGS)
{
	NpsCategory a = PG_GETARG_NPS_CATEGORY(0);
	NpsCategory b = PG_GETARG_NPS_CATEGORY(1);

	PG_RETURN_NPS_CATEGORY(Max(a, b));
}

PG_FUNCTION_INFO_V1(nps_category_smaller);
/* The smaller of two categories: the transition of min(nps_category). */
Datum
nps_category_smaller(PG_FUNCTION_ARGS)
{
	NpsCategory a = PG_GETARG_NPS_CATEGORY(0);
	NpsCategory b = PG_GETARG_NPS_CATEGORY(1);

	PG_RETURN_NPS_CATEGORY(Min(a, b));
}

PG_FUNCTION_INFO_V1(nps_points);
/*
 * What one answer contributes to the score, in points: -100, 0 or 100.  The
 * plain average of these is the Net Promoter Score.
 */
Datum
nps_points(PG_FUNCTION_ARGS)
{
	NpsCategory category = PG_GETARG_NPS_CATEGORY(0);

	PG_RETURN_INT32(((int32) category - NPS_PASSIVE) * 100);
}

/*
 * Says that an answer, given as text, is not on the Net Promoter scale.  What
 * is no finite number is on no other scale, either.
 */
pg_noreturn static pg_attribute_cold void
OffScale(const char *answer, bool finite)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("score %s is outside the Net Promoter scale", answer),
			 errdetail("Scores run from %d to %d.",
					   NPS_LOWEST_ANSWER, NPS_HIGHEST_ANSWER),
			 finite ?
			 errhint("Where %s stands for no answer, leave it out: FILTER (WHERE score BETWEEN %d AND %d), or nullif(score, %s). "
					 "For answers on another scale use nps_category(score, passive_from, promoter_from, lowest, highest).",
					 answer, NPS_LOWEST_ANSWER, NPS_HIGHEST_ANSWER, answer) :
			 errhint("%s is not an answer on any scale; leave it out: nullif(score, '%s').",
					 answer, answer)));
	pg_unreachable();
}

/* The same for a whole answer. */
void
NpsIntegerOffScale(int64 answer)
{
	OffScale(psprintf(INT64_FORMAT, answer), true);
}

/* The same for a fractional answer, NaN and the infinities among them. */
void
NpsDoubleOffScale(double answer)
{
	OffScale(float8out_internal(answer), isfinite(answer));
}

/* Compares two numerics: less than, equal to or greater than 0. */
static inline int32
CompareNumeric(Numeric a, Numeric b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp,
											 NumericGetDatum(a),
											 NumericGetDatum(b)));
}

/*
 * The category of an exact answer, by exact comparison: 8.999... is a passive
 * however many nines follow.  NaN sorts above all numbers, so it is off the
 * scale.  The thresholds are made once a session; they outlive every query.
 */
static NpsCategory
ClassifyNumeric(Numeric answer)
{
	static Numeric lowest = NULL;
	static Numeric passive_from;
	static Numeric promoter_from;
	static Numeric highest;

	if (unlikely(lowest == NULL))
	{
		MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);

		highest = int64_to_numeric(NPS_HIGHEST_ANSWER);
		promoter_from = int64_to_numeric(NPS_PROMOTER_FROM);
		passive_from = int64_to_numeric(NPS_PASSIVE_FROM);
		lowest = int64_to_numeric(NPS_LOWEST_ANSWER);
		MemoryContextSwitchTo(caller);
	}

	if (CompareNumeric(answer, promoter_from) >= 0)
	{
		if (CompareNumeric(answer, highest) <= 0)
			return NPS_PROMOTER;
	}
	else if (CompareNumeric(answer, passive_from) >= 0)
		return NPS_PASSIVE;
	else if (CompareNumeric(answer, lowest) >= 0)
		return NPS_DETRACTOR;

	OffScale(DatumGetCString(DirectFunctionCall1(numeric_out,
												 NumericGetDatum(answer))),
			 !numeric_is_nan(answer) && !numeric_is_inf(answer));
}

/* A numeric answer that has been classified */
typedef struct SeenAnswer
{
	uint64		bytes;
	uint8		length;			/* 0 in an empty slot; no numeric has it */
	uint8		category;
} SeenAnswer;

/*
 * The category of a numeric datum.  Few different answers come in many rows,
 * and to unpack and compare a numeric costs more than all the rest of a row.
 * So the answers seen last are remembered by their bytes, as long as those
 * fit a word: the same bytes are the same number, whatever they mean.
 */
NpsCategory
NpsCategoryOfNumeric(Datum answer)
{
	static SeenAnswer seen[256];

	struct varlena *value = (struct varlena *) DatumGetPointer(answer);
	SeenAnswer *slot;
	uint64		bytes = 0;
	Size		length;

	if (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value) ||
		VARSIZE_ANY_EXHDR(value) > sizeof(bytes))
		return ClassifyNumeric(DatumGetNumeric(answer));

	length = VARSIZE_ANY_EXHDR(value);
	memcpy(&bytes, VARDATA_ANY(value), length);
	/* Fibonacci hashing: the top byte depends on all of them */
	slot = &seen[(bytes * UINT64CONST(0x9E3779B97F4A7C15)) >> 56];
	if (unlikely(slot->bytes != bytes || slot->length != length))
	{
		slot->category = ClassifyNumeric(DatumGetNumeric(answer));
		slot->bytes = bytes;
		slot->length = length;
	}
	return (NpsCategory) slot->category;
}

PG_FUNCTION_INFO_V1(nps_category_int2);
/* nps_category(smallint): the category of an answer. */
Datum
nps_category_int2(PG_FUNCTION_ARGS)
{
	PG_RETURN_NPS_CATEGORY(NpsCategoryOfInteger(PG_GETARG_INT16(0)));
}

PG_FUNCTION_INFO_V1(nps_category_int4);
/* nps_category(integer): the category of an answer. */
Datum
nps_category_int4(PG_FUNCTION_ARGS)
{
	PG_RETURN_NPS_CATEGORY(NpsCategoryOfInteger(PG_GETARG_INT32(0)));
}

PG_FUNCTION_INFO_V1(nps_category_int8);
/* nps_category(bigint): the category of an answer. */
Datum
nps_category_int8(PG_FUNCTION_ARGS)
{
	PG_RETURN_NPS_CATEGORY(NpsCategoryOfInteger(PG_GETARG_INT64(0)));
}

PG_FUNCTION_INFO_V1(nps_category_numeric);
/* nps_category(numeric): the category of an answer. */
Datum
nps_category_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NPS_CATEGORY(NpsCategoryOfNumeric(PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(nps_category_float8);
/* nps_category(double precision): the category of an answer. */
Datum
nps_category_float8(PG_FUNCTION_ARGS)
{
	PG_RETURN_NPS_CATEGORY(NpsCategoryOfDouble(PG_GETARG_FLOAT8(0)));
}

PG_FUNCTION_INFO_V1(nps_category_on_scale);
/*
 * nps_category(score, passive_from, promoter_from, lowest, highest): the
 * category of an answer on another scale, thresholds half open as above.
 */
Datum
nps_category_on_scale(PG_FUNCTION_ARGS)
{
	double		answer = PG_GETARG_FLOAT8(0);
	double		passive_from = PG_GETARG_FLOAT8(1);
	double		promoter_from = PG_GETARG_FLOAT8(2);
	double		lowest = PG_GETARG_FLOAT8(3);
	double		highest = PG_GETARG_FLOAT8(4);

	/* A NaN makes one of the comparisons false. */
	if (!(lowest <= passive_from && passive_from <= promoter_from &&
		  promoter_from <= highest) || isinf(lowest) || isinf(highest))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid scale: lowest %s, passive_from %s, promoter_from %s, highest %s",
						float8out_internal(lowest),
						float8out_internal(passive_from),
						float8out_internal(promoter_from),
						float8out_internal(highest)),
				 errdetail("The four must be finite and in ascending order; equal ones are allowed.")));

	if (!(answer >= lowest && answer <= highest))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("score %s is outside the scale",
						float8out_internal(answer)),
				 errdetail("Scores run from %s to %s.",
						   float8out_internal(lowest),
						   float8out_internal(highest))));

	PG_RETURN_NPS_CATEGORY((answer >= passive_from) +
						   (answer >= promoter_from));
}
