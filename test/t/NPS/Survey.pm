
# A database with the types in every place where a schema can have them, for
# the tests that carry it somewhere: what it holds, and whether its indexes
# and partitions still find that.

package NPS::Survey;

use strict;
use warnings;

use Digest::MD5 qw(md5_hex);
use Exporter 'import';
use PostgreSQL::Test::Utils;
use NPS::Scaling;
use Test::More;

our @EXPORT =
  qw(make_survey rows_of_survey check_rows check_lookups dump_of);

my @relations =
  qw(categories answers tallies arrays by_list_ends by_list_middle
  by_range_low by_range_high by_hash_0 by_hash_2 by_tally_0 by_tally_1
  weighted by_weighted_0 by_weighted_1 scores rolling kept without);

# Conditions on a relation, and the index or partition by which its rows are
# found.
my @lookups = (
	[ answers => "nps_category(score) = 'passive'", 'answers_by_category' ],
	[ answers => 'nps_is_promoter(score)', 'answers_of_promoters' ],
	[ answers => "category = 'detractor'", 'answers_hashed' ],
	[ categories => "category >= 'passive'", 'categories_pkey' ],
	[ tallies => "tally = '(0,9223372036854775807,0)'", 'tallies_hashed' ],
	[ weighted => "tally = '((0,1,0),(0,0.5,0),(0,0.25,0))'", 'weighted_hashed' ],
	[ by_weighted => "tally = '((0,1,0),(0,0.5,0),(0,0.25,0))'", 'by_weighted_0' ],
	[ kept => 'nps < 0', 'kept_nps_idx' ],
	[ by_list => "category = 'promoter'", 'by_list_ends' ],
	[ by_range => "category = 'promoter'", 'by_range_high' ],
	[ by_hash => "category = 'passive'", 'by_hash_0' ],
	[ by_tally => "tally = '(3,8,1)'", 'by_tally_1' ]);

# The extension lies in a schema of its own: a dump qualifies every name.
my $survey = <<'SQL';
CREATE SCHEMA metrics;
CREATE EXTENSION nps SCHEMA metrics;
SET search_path = public, metrics;

CREATE TABLE categories (
	category nps_category PRIMARY KEY,
	meaning text);
INSERT INTO categories VALUES
	('promoter', 'tells friends'), ('detractor', 'warns them'), ('passive', NULL);

CREATE TABLE answers (
	id int PRIMARY KEY,
	score int CHECK (nps_is_detractor(score) OR nps_category(score) >= 'passive'),
	category nps_category GENERATED ALWAYS AS (nps_category(score)) STORED
		REFERENCES categories);
INSERT INTO answers
	SELECT id, CASE WHEN id % 17 > 0 THEN id * 7919 % 11 END
	FROM generate_series(1, 1000) id;
CREATE INDEX answers_by_category ON answers (nps_category(score));
CREATE INDEX answers_of_promoters ON answers (id) WHERE nps_is_promoter(score);
CREATE INDEX answers_hashed ON answers USING hash (category);

CREATE DOMAIN some_answers AS nps_tally
	CHECK (nps_responses(VALUE) > 0 AND VALUE <> '(0,0,13)');
CREATE TABLE tallies (
	category nps_category DEFAULT 'detractor',
	tally nps_tally DEFAULT '(0,0,0)',
	answered some_answers,
	CONSTRAINT not_unlucky CHECK (tally <> '(13,0,0)' AND category < 'promoter'));
INSERT INTO tallies VALUES
	(DEFAULT, '(9223372036854775807,0,0)', '(1,0,0)'),
	('passive', '(0,9223372036854775807,0)', '(0,9223372036854775807,0)'),
	('detractor', '(0,0,9223372036854775807)', '(0,0,1)'),
	(NULL, '(3074457345618258602,3074457345618258602,3074457345618258603)', NULL),
	('passive', DEFAULT, NULL),
	(NULL, NULL, NULL);
CREATE TABLE arrays (categories nps_category[], tallies nps_tally[]);
INSERT INTO arrays VALUES
	('{promoter,NULL,detractor}', '{"(1,2,3)",NULL}'),
	('{}', '{}'),
	('{NULL}', NULL),
	('{{passive,detractor},{promoter,NULL}}', '{{"(0,0,0)"},{"(0,0,9223372036854775807)"}}'),
	('[-1:0]={passive,promoter}', '[5:5]={"(7,8,9)"}');
CREATE INDEX tallies_hashed ON tallies USING hash (tally);

CREATE TABLE by_list (category nps_category, n int) PARTITION BY LIST (category);
CREATE TABLE by_list_ends PARTITION OF by_list FOR VALUES IN ('detractor', 'promoter');
CREATE TABLE by_list_middle PARTITION OF by_list FOR VALUES IN ('passive', NULL);
CREATE TABLE by_range (category nps_category, n int) PARTITION BY RANGE (category);
CREATE TABLE by_range_low PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO ('promoter');
CREATE TABLE by_range_high PARTITION OF by_range FOR VALUES FROM ('promoter') TO (MAXVALUE);
CREATE TABLE by_hash (category nps_category, n int) PARTITION BY HASH (category);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE by_hash_2 PARTITION OF by_hash FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE by_hash_odd PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE by_tally (tally nps_tally, n int) PARTITION BY HASH (tally);
CREATE TABLE by_tally_0 PARTITION OF by_tally FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_tally_1 PARTITION OF by_tally FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE weighted (
	tally nps_weighted_tally DEFAULT '((0,0,0),(0,0,0),(0,0,0))');
INSERT INTO weighted VALUES
	('((1,0,0),(0.000000000000000001,0,0),(0.000000000000000000000000000000000001,0,0))'),
	('((0,1,0),(0,0.5,0),(0,0.25,0))'),
	('((0,0,9223372036854775807),(0,0,9223372036854775807),(0,0,9223372036854775807))'),
	(DEFAULT), (NULL);
ALTER TABLE arrays ADD weighted nps_weighted_tally[] DEFAULT '{"((0,1,0),(0,0.5,0),(0,0.25,0))",NULL}';
INSERT INTO weighted SELECT nps_weighted_tally(score, id / 7.0 + 1e15 * (id % 2)) FROM answers GROUP BY id % 100;
CREATE INDEX weighted_hashed ON weighted USING hash (tally);
CREATE TABLE by_weighted (tally nps_weighted_tally) PARTITION BY HASH (tally);
CREATE TABLE by_weighted_0 PARTITION OF by_weighted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_weighted_1 PARTITION OF by_weighted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_weighted SELECT tally FROM weighted WHERE tally IS NOT NULL;
INSERT INTO by_list SELECT category, id FROM answers;
INSERT INTO by_range SELECT category, id FROM answers WHERE score IS NOT NULL;
INSERT INTO by_hash SELECT category, id FROM answers;
INSERT INTO by_tally SELECT nps_tally(id, score, 1), id FROM answers;

CREATE VIEW scores AS
	SELECT id / 100 AS batch, nps(score), nps_tally(category) AS tally,
		nps_weighted(score, id), nps_weighted_tally(category, id / 3.0) AS weighted,
		count(*) FILTER (WHERE nps_is_promoter(score)) AS promoters
	FROM answers GROUP BY batch;
CREATE VIEW rolling AS
	SELECT id, nps(score) OVER (ORDER BY id ROWS 9 PRECEDING) FROM answers;
CREATE MATERIALIZED VIEW kept AS
	SELECT nps(tally), sum(tally), to_jsonb(sum(tally)), sum(tally)::jsonb AS jsonb,
		sum(tally) - min(nps_tally(0, 0, 1)::text)::nps_tally AS rest
	FROM scores;
CREATE UNIQUE INDEX ON kept (nps);

CREATE FUNCTION score_without(whole nps_tally, part nps_tally) RETURNS numeric
	RETURN nps_score(whole - part);
CREATE VIEW without AS
	SELECT batch, score_without((SELECT sum(tally) FROM scores), tally) FROM scores;
SQL

# Makes the database.
sub make_survey
{
	my ($node, $database) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, $survey);
	return;
}

# What a relation holds: how many rows, and the hash of them all as text and
# as COPY writes them in binary; arrays there hold the OID of their type, which
# differs from database to database.
sub rows_of
{
	my ($node, $database, $relation) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/rows';
	my $rows = $node->safe_psql($database,
			"SELECT count(*) || ' rows ' ||"
		  . " md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM $relation t"
	);

	return $rows if $relation eq 'arrays';
	$node->safe_psql($database,
			"COPY (SELECT * FROM $relation t"
		  . " ORDER BY t::text) TO '$file' (FORMAT binary)");
	return "$rows " . md5_hex(slurp_file($file));
}

# What every relation holds, by its name.
sub rows_of_survey
{
	my ($node, $database) = @_;
	my %rows = map { $_ => rows_of($node, $database, $_) } @relations;

	like($rows{$_}, qr/^[1-9]\d* rows \w{32}/, "there are rows in $_")
	  foreach @relations;
	return %rows;
}

# Does every relation hold what it held?
sub check_rows
{
	my ($node, $database, $when, %rows) = @_;

	is(rows_of($node, $database, $_), $rows{$_}, "$when: the same rows in $_")
	  foreach @relations;
	return;
}

# Do the indexes and partitions find what is found without them?
sub check_lookups
{
	my ($node, $database, $when) = @_;
	my $options = '-c search_path=public,metrics';
	my $without = "$options -c enable_indexscan=off -c enable_bitmapscan=off"
	  . ' -c enable_indexonlyscan=off -c enable_partition_pruning=off';
	my $with = "$options -c enable_seqscan=off";

	foreach (@lookups)
	{
		my ($relation, $condition, $path) = @$_;
		my $query = "SELECT count(*) || ' ' || string_agg(t::text, ' '"
		  . " ORDER BY t::text) FROM $relation t WHERE $condition";
		my ($found, $expected, @nodes);

		{
			local $ENV{PGOPTIONS} = $without;
			$expected = $node->safe_psql($database, $query);
		}
		{
			local $ENV{PGOPTIONS} = $with;
			$found = $node->safe_psql($database, $query);
			@nodes = nodes_of(plan_of($node, $database, $query));
		}
		like($expected, qr/^[1-9]/, "$when: rows of $relation to find");
		is($found, $expected, "$when: $path finds them");
		is_deeply(
			[
				map { $_->{'Index Name'} || $_->{'Relation Name'} || () }
				grep { ($_->{'Node Type'} || '') ne 'Bitmap Heap Scan' } @nodes
			],
			[$path],
			"$when: it is $path that does, by $condition");
	}
	return;
}

# Dumps a database as text; newer servers frame it in lines with a random key.
sub dump_of
{
	my ($node, $database) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/dump';

	$node->command_ok([ 'pg_dump', "--file=$file", $database ],
		"$database dumped");
	return slurp_file($file) =~ s/^\\(un)?restrict .*\n//mgr;
}

1;
