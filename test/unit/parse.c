/*-------------------------------------------------------------------------
 *
 * parse.c
 *	  Unit test of src/plain/parse.c, outside a server.
 *
 * Prints TAP; exits with 1 if anything failed.  To build it:
 *
 *	  cc -std=c99 -Isrc -o parse test/unit/parse.c src/plain/parse.c \
 *		src/plain/object.c -lm
 *
 *-------------------------------------------------------------------------
 */
#include "check.h"

#include <inttypes.h>
#include <string.h>

#include "plain/parse.h"

/*
 * Check that a text is the category expected, -1 for none.
 */
static void
Category(const char *text, int expected)
{
	int			category = NpsParseCategory(text);

	Expect(category == expected, "\"%s\": %d, expected %d", text, category,
		   expected);
}

/*
 * Check that a text is a tally of these counts, or refused for that reason.
 */
static void
Tally(const char *text, NpsTallyText expected, int64_t detractors,
	  int64_t passives, int64_t promoters)
{
	NpsTally	tally = {{0}};
	NpsTallyText outcome = NpsParseTally(text, &tally);

	Expect(outcome == expected &&
		   (expected != NPS_TALLY_TEXT_VALID ||
			(tally.count[NPS_DETRACTOR] == detractors &&
			 tally.count[NPS_PASSIVE] == passives &&
			 tally.count[NPS_PROMOTER] == promoters)),
		   "\"%s\": %d (%" PRId64 ",%" PRId64 ",%" PRId64 "), expected %d",
		   text, outcome, tally.count[0], tally.count[1], tally.count[2],
		   expected);
}

/*
 * Check that the number in a text is the one expected, NULL for none.
 */
static void
Number(const char *text, const char *expected)
{
	int			length = 0;
	const char *number = NpsFindNumber(text, &length);

	Expect(number == NULL ? expected == NULL : expected != NULL &&
		   length == (int) strlen(expected) &&
		   strncmp(number, expected, length) == 0,
		   "\"%s\": number \"%.*s\"", text, number == NULL ? 0 : length,
		   number == NULL ? "" : number);
}

static void
TestCategories(void)
{
	static const char *const refused[] = {
		"", " ", "\t\n", "promote", "promoters", "pro moter", "p", "9", "0",
		"\"promoter\"", "promoter,", "promoter passive", "\b promoter",
		"promoter\x1b", "promoter\x85", "\xa0promoter", "\xc2\xa0promoter",
		"pass\xc4\xb1ve", "PASS\xc4\xb0VE", "pas\xc5\xbfive",
		"\xf0romoter", "promote\xf2", "pROMOTE\x12"
	};

	Category("detractor", NPS_DETRACTOR);
	Category("passive", NPS_PASSIVE);
	Category("promoter", NPS_PROMOTER);
	for (int category = 0; category < NPS_CATEGORIES; category++)
		Category(NpsCategoryNames[category], category);
	Finish("categories by name");

	Category("DETRACTOR", NPS_DETRACTOR);
	Category("pAsSiVe", NPS_PASSIVE);
	Category("Promoter", NPS_PROMOTER);
	Finish("categories in any case");

	Category(" \t\n\v\f\rpassive", NPS_PASSIVE);
	Category("passive \t\n\v\f\r", NPS_PASSIVE);
	Category("\v PASSIVE\v", NPS_PASSIVE);
	Finish("categories in white space");

	for (int i = 0; i < lengthof(refused); i++)
		Category(refused[i], -1);
	Finish("no categories");
}

/*
 * Every single byte in front of a category, behind it, and in place of each
 * byte of it.
 */
static void
TestBytes(void)
{
	const char *name = "passive";
	int			length = strlen(name);

	for (int byte = 1; byte <= 255; byte++)
	{
		bool		space = byte == ' ' || (byte >= 9 && byte <= 13);
		char		text[16];

		sprintf(text, "%c%s", byte, name);
		Category(text, space ? NPS_PASSIVE : -1);
		sprintf(text, "%s%c", name, byte);
		Category(text, space ? NPS_PASSIVE : -1);
		for (int i = 0; i < length; i++)
		{
			strcpy(text, name);
			text[i] = (char) byte;
			Category(text, byte == name[i] || byte == name[i] - 32 ?
					 NPS_PASSIVE : -1);
		}
	}
	Finish("every byte around and in a category");
}

static void
TestTallies(void)
{
	static const char *const malformed[] = {
		"", "(", "()", "(,,)", "1,2,3", "(1,2,3", "1,2,3)", "(1,2)", "(1,2,)",
		"(,2,3)", "(1,2,3,4)", "(1,2,3)x", "(1,2,3))", "((1,2,3)", "(1;2;3)",
		"(1,2,-3)", "(+1,2,3)", "(1.0,2,3)", "(1e3,2,3)", "(0x1,2,3)",
		"(01,2,3)", "(1,00,3)", "(1,2,03)", "(1, 2,3)", " (1,2,3)", "(1,2,3) ",
		"(1,2,3)\n", "(1_000,2,3)", "(NaN,0,0)", "(\xd9\xa1,2,3)",
		"[1,2,3]", "(/,2,3)", "(:,2,3)",
		/* what is malformed is so with a large number in it, too */
		"(9223372036854775808,0,0", "(9223372036854775808,0)",
		"(99999999999999999999999999,x,0)"
	};
	static const char *const out_of_range[] = {
		"(9223372036854775808,0,0)", "(0,9223372036854775808,0)",
		"(0,0,9223372036854775808)", "(18446744073709551616,0,0)",
		"(18446744073709551617,2,3)", "(92233720368547758070,0,0)",
		"(99999999999999999999999999999999999999999999999999,1,2)",
		"(9223372036854775807,1,0)", "(0,1,9223372036854775807)",
		"(1,9223372036854775806,1)",
		"(9223372036854775807,9223372036854775807,9223372036854775807)",
		"(4611686018427387904,4611686018427387904,0)"
	};

	Tally("(20,10,70)", NPS_TALLY_TEXT_VALID, 20, 10, 70);
	Tally("(0,0,0)", NPS_TALLY_TEXT_VALID, 0, 0, 0);
	Tally("(10,200,3000)", NPS_TALLY_TEXT_VALID, 10, 200, 3000);
	Tally("(9876543210,0,1234567890)", NPS_TALLY_TEXT_VALID,
		  INT64_C(9876543210), 0, 1234567890);
	Finish("tallies");

	Tally("(9223372036854775807,0,0)", NPS_TALLY_TEXT_VALID, INT64_MAX, 0, 0);
	Tally("(0,9223372036854775807,0)", NPS_TALLY_TEXT_VALID, 0, INT64_MAX, 0);
	Tally("(0,0,9223372036854775807)", NPS_TALLY_TEXT_VALID, 0, 0, INT64_MAX);
	Tally("(1,9223372036854775805,1)", NPS_TALLY_TEXT_VALID,
		  1, INT64_MAX - 2, 1);
	Finish("tallies of all that can be counted");

	for (int i = 0; i < lengthof(malformed); i++)
		Tally(malformed[i], NPS_TALLY_TEXT_MALFORMED, 0, 0, 0);
	Finish("malformed tallies");

	for (int i = 0; i < lengthof(out_of_range); i++)
		Tally(out_of_range[i], NPS_TALLY_TEXT_OUT_OF_RANGE, 0, 0, 0);
	Finish("tallies out of range");
}

/*
 * The JSON object that the cast writes, and what is like it.
 */
static void
TestObjects(void)
{
#define COUNTS "\"detractors\":20,\"passives\":10,\"promoters\":70"
	static const char *const valid[] = {
		"{" COUNTS "}",
		"{" COUNTS ",\"responses\":100,\"score\":50}",
		"{\"score\": 50, \"passives\": 10, \"promoters\": 70, \"responses\": 100, \"detractors\": 20}",
		" \t\n\r{ \"promoters\" :\t70 ,\n\"detractors\"\r:20,\"passives\":10 } \n",
		"{" COUNTS ",\"responses\":100,\"score\":50.0}",
		"{" COUNTS ",\"responses\":100,\"score\":5e1}",
		"{" COUNTS ",\"responses\":100,\"score\":0.5E+2}",
		"{" COUNTS ",\"responses\":100,\"score\":500e-1}",
		"{" COUNTS ",\"responses\":100,\"score\":50.0000000001}"
	};
	static const char *const no_object[] = {
		"{", "{}", "{}}", "{" COUNTS, "{" COUNTS "}}", "{" COUNTS "}x", "{" COUNTS ",}",
		"{," COUNTS "}", "{{" COUNTS "}", "[{" COUNTS "}", "{" COUNTS ",\"responses\":100}",
		"{" COUNTS ",\"score\":50}", "{" COUNTS ",\"passives\":10}",
		"{" COUNTS ",\"plan\":1,\"score\":50}", "{" COUNTS ",\"responses\":100,\"score\":50,\"x\":1}",
		"{\"detractors\":20,\"passives\":10}", "{\"detractors\":20,\"passives\":10,\"promoters\":}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":null}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":-70}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":70.0}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":7e1}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":070}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":\"70\"}",
		"{\"detractors\":20,\"passives\":10,\"promoters\" 70}",
		"{\"detractors\":20 \"passives\":10,\"promoters\":70}",
		"{\"Detractors\":20,\"passives\":10,\"promoters\":70}",
		"{\"\\u0064etractors\":20,\"passives\":10,\"promoters\":70}",
		"{\"detractors \":20,\"passives\":10,\"promoters\":70}",
		"{\"detractors':20,\"passives\":10,\"promoters\":70}",
		"{detractors:20,passives:10,promoters:70}", "{'detractors':20}",
		"{\"detractors\":20,\"passives\":10,\"promoters\":7 0}",
		"\v{" COUNTS "}", "{\v" COUNTS "}", "{\"detractors", "{\"detractors\"", "{\"detractors\":",
		"{" COUNTS ",\"responses\":100,\"score\":}", "{" COUNTS ",\"responses\":100,\"score\":NaN}",
		"{" COUNTS ",\"responses\":100,\"score\":nul}", "{" COUNTS ",\"responses\":100,\"score\":nulll}",
		"{" COUNTS ",\"responses\":100,\"score\":050}", "{" COUNTS ",\"responses\":100,\"score\":50.}",
		"{" COUNTS ",\"responses\":100,\"score\":.5e2}", "{" COUNTS ",\"responses\":100,\"score\":+50}",
		"{" COUNTS ",\"responses\":100,\"score\":50e}", "{" COUNTS ",\"responses\":100,\"score\":-}",
		"{" COUNTS ",\"responses\":100,\"score\":0x32}", "{" COUNTS ",\"responses\":1e2,\"score\":50}"
	};

	for (int i = 0; i < lengthof(valid); i++)
		Tally(valid[i], NPS_TALLY_TEXT_VALID, 20, 10, 70);
	Tally("{\"detractors\":0,\"passives\":0,\"promoters\":0,\"responses\":0,\"score\":null}",
		  NPS_TALLY_TEXT_VALID, 0, 0, 0);
	Tally("{\"detractors\":2,\"passives\":1,\"promoters\":0,\"responses\":3,\"score\":-66.6666666666666667}",
		  NPS_TALLY_TEXT_VALID, 2, 1, 0);
	Tally("{\"detractors\":2,\"passives\":1,\"promoters\":0,\"responses\":3,\"score\":-66.66666666666667}",
		  NPS_TALLY_TEXT_VALID, 2, 1, 0);
	Tally("{\"detractors\":0,\"passives\":9223372036854775806,\"promoters\":1,"
		  "\"responses\":9223372036854775807,\"score\":0.0000000000000000}",
		  NPS_TALLY_TEXT_VALID, 0, INT64_MAX - 1, 1);
	Finish("objects");

	for (int i = 0; i < lengthof(no_object); i++)
		Tally(no_object[i], no_object[i][0] == '[' || no_object[i][0] == '\v' ?
			  NPS_TALLY_TEXT_MALFORMED : NPS_TALLY_TEXT_NO_OBJECT, 0, 0, 0);
	Finish("no objects");

	Tally("{" COUNTS ",\"responses\":99,\"score\":50}", NPS_TALLY_TEXT_OTHER_RESPONSES, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":0,\"score\":null}", NPS_TALLY_TEXT_OTHER_RESPONSES, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":100,\"score\":null}", NPS_TALLY_TEXT_OTHER_SCORE, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":100,\"score\":-50}", NPS_TALLY_TEXT_OTHER_SCORE, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":100,\"score\":50.1}", NPS_TALLY_TEXT_OTHER_SCORE, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":100,\"score\":50.00000001}", NPS_TALLY_TEXT_OTHER_SCORE, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":100,\"score\":1e999}", NPS_TALLY_TEXT_OTHER_SCORE, 0, 0, 0);
	Tally("{\"detractors\":0,\"passives\":0,\"promoters\":0,\"responses\":0,\"score\":0}",
		  NPS_TALLY_TEXT_OTHER_SCORE, 0, 0, 0);
	Finish("objects that contradict themselves");

	Tally("{\"detractors\":9223372036854775807,\"passives\":1,\"promoters\":0}",
		  NPS_TALLY_TEXT_OUT_OF_RANGE, 0, 0, 0);
	Tally("{\"detractors\":9223372036854775808,\"passives\":0,\"promoters\":0}",
		  NPS_TALLY_TEXT_OUT_OF_RANGE, 0, 0, 0);
	Tally("{" COUNTS ",\"responses\":18446744073709551716,\"score\":50}",
		  NPS_TALLY_TEXT_OUT_OF_RANGE, 0, 0, 0);
	Finish("objects out of range");
#undef COUNTS
}

/*
 * The total of all triples of these overflows or not as arithmetic that can't
 * overflow says, and so it is with their texts.
 */
static void
TestTotals(void)
{
	static const int64_t values[] = {
		0, 1, 2, 3, INT64_MAX / 3 - 1, INT64_MAX / 3, INT64_MAX / 3 + 1,
		INT64_MAX / 2 - 1, INT64_MAX / 2, INT64_MAX / 2 + 1,
		INT64_MAX - 3, INT64_MAX - 2, INT64_MAX - 1, INT64_MAX
	};

	for (int i = 0; i < lengthof(values); i++)
		for (int j = 0; j < lengthof(values); j++)
			for (int k = 0; k < lengthof(values); k++)
			{
				/* two never overflow an unsigned sum, and then a third may */
				uint64_t	two = (uint64_t) values[i] + (uint64_t) values[j];
				bool		overflows = two > INT64_MAX ||
					two + (uint64_t) values[k] > INT64_MAX;
				NpsTally	tally = {{values[i], values[j], values[k]}};
				char		text[80];

				Expect(NpsTallyIsValid(&tally) != overflows,
					   "total of %d, %d, %d", i, j, k);
				sprintf(text, "(%" PRId64 ",%" PRId64 ",%" PRId64 ")",
						values[i], values[j], values[k]);
				Tally(text, overflows ? NPS_TALLY_TEXT_OUT_OF_RANGE :
					  NPS_TALLY_TEXT_VALID, values[i], values[j], values[k]);
			}
	Finish("totals");
}

static void
TestNumbers(void)
{
	static const char *const refused[] = {
		"", " ", ".", "-", "+", "-.", "+.", "promoter", "9x", "x9", "9 9",
		"9,0", "9/10", "1.2.3", "--9", "+-9", "9-", "- 9", "1e1", "0x9", "1_0",
		"NaN", "Infinity", "\xc2\xa0" "9", "9\xc2\xa0", "(1,2,3)", "\xd9\xa9"
	};

	Number("9", "9");
	Number("0", "0");
	Number(" \t\n\v\f\r9 \t\n\v\f\r", "9");
	Number("-99", "-99");
	Number(" +8.50 ", "+8.50");
	Number(".5", ".5");
	Number("5.", "5.");
	Number("-.5\n", "-.5");
	Number("00012345678901234567890", "00012345678901234567890");
	Finish("numbers");

	for (int i = 0; i < lengthof(refused); i++)
		Number(refused[i], NULL);
	Finish("no numbers");
}

int
main(void)
{
	TestCategories();
	TestBytes();
	TestTallies();
	TestObjects();
	TestTotals();
	TestNumbers();

	return Report();
}
