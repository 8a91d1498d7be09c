
# examples/without-extension/nps.sql gives a server without the extension the
# same objects: the same signatures, as far as it goes; the same output of the
# documents' queries, as far as they keep to these objects; the same results for
# random tallies and scores; and dumps move either way.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use IPC::Run;
use NPS::Costly;
use NPS::Documents;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $file = 'examples/without-extension/nps.sql';
my $node = PostgreSQL::Test::Cluster->new('both');
$node->init(extra => [ '--locale=C', '--encoding=UTF8' ]);
$node->append_conf('postgresql.conf', "timezone = 'UTC'");
$node->start;

# Who makes the objects is nobody special.
$node->safe_psql('postgres',
	'CREATE ROLE somebody LOGIN; CREATE DATABASE bare OWNER somebody; CREATE DATABASE extended');
$node->safe_psql('extended', 'CREATE EXTENSION nps');
$node->command_checks_all(
	[ 'psql', '-X', '-q', '-U', 'somebody', '-d', $node->connstr('bare'), '-v', 'ON_ERROR_STOP=1', '-f', $file ],
	0, [qr/^$/], [qr/^$/], 'made by somebody, in silence');

# What is made, as lines.
sub objects_of
{
	my ($database) = @_;

	return split /\n/, $node->safe_psql($database, <<'SQL');
SELECT concat_ws(' ', CASE prokind WHEN 'a' THEN 'aggregate' ELSE 'function' END,
	proname || '(' || pg_get_function_arguments(p.oid) || ')', pg_get_function_result(p.oid),
	CASE provolatile WHEN 'i' THEN 'immutable' END, CASE proparallel WHEN 's' THEN 'parallel safe' END)
FROM pg_proc AS p WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'operator', oprleft::regtype, oprname, oprright::regtype, oprresult::regtype)
FROM pg_operator WHERE oprnamespace = 'public'::regnamespace
SQL
}
my %objects = map { $_ => [ objects_of($_) ] } qw(bare extended);
sub name_of { my ($name) = $_[0] =~ /^(?:aggregate|function) (\w+)\(/; return $name // 'operator' }

my @offered = grep { name_of($_) !~ /^nps_plain_/ } @{ $objects{bare} };
my %offered = map { $_ => 1 } @offered;
my %extension = map { $_ => 1 } @{ $objects{extended} };
my %names = map { name_of($_) => 1 } @offered;
is_deeply([ grep { !$extension{$_} } @offered ], [], 'it makes nothing but what the extension has');

# Of a name that it offers, all: else a call would take another function.  It has
# no weighted tallies.
is_deeply(
	[ grep { $names{ name_of($_) } && !$offered{$_} && !/nps_weighted/ } @{ $objects{extended} } ],
	[], 'and of each name all that the extension has');
my @expected = qw(nps nps_tally sum min max nps_category nps_is_detractor nps_is_passive nps_is_promoter nps_detractors
  nps_passives nps_promoters nps_responses nps_score nps_stderr nps_margin nps_interval nps_test operator);
is_deeply([ grep { !$names{$_} } @expected ], [], 'no name is gone');
is($node->safe_psql('bare', "SELECT count(*) FROM pg_extension WHERE extname = 'nps'"), 0, 'there is no extension');
is( $node->safe_psql('bare', "SELECT string_agg(pg_describe_object(classid, objid, 0), ', ') FROM (
		SELECT 'pg_proc'::regclass AS classid, oid AS objid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type
		WHERE typnamespace = 'public'::regnamespace AND typcategory <> 'A') AS made
		WHERE obj_description(objid, classid::regclass::name) IS NULL"),
	'', 'each has a comment');

# Every path by which a search_path could matter: none is there.
is( $node->safe_psql('bare', "SET search_path = ''; SELECT public.nps_category(9), public.nps(s), public.nps_tally(s),
		public.nps_margin(public.nps_tally(s)), public.sum(t), public.nps(t)
		FROM (VALUES (9, public.nps_tally(1, 2, 3)), (3, '(1,1,1)')) AS v (s, t) GROUP BY 1"),
	'promoter|0|(1,0,1)|73.3351372057|(2,3,4)|22.2222222222222222', 'from an empty search_path');

# A tally that is none does not get in.
foreach my $case ([ '(1,,3)', 23514 ], [ '(,,)', 23514 ], [ '(-1,2,3)', 23514 ], [ '(1,2)', '22P02' ],
	[ '(9223372036854775807,1,0)', 22003 ])
{
	my ($text, $state) = @$case;
	my ($ret, $stdout, $stderr) =
	  $node->psql('bare', "\\set VERBOSITY sqlstate\nSELECT '$text'::nps_tally");

	like($stderr, qr/ERROR:  $state$/m, "$text is no tally");
}

# The documents.  What they show is what the extension gives: documentation
# tells.  Here it is what comes without it, but for blocks that name a function
# that is not offered, and those that need what such a block made or changed.
my %lacking = map { name_of($_) => 1 } @{ $objects{extended} };
delete @lacking{ keys %names };
my $lacking = join '|', sort keys %lacking;

# And but for these, which are told in doc/without-extension.md:
my %differs = (
	'CREATE EXTENSION|ALTER EXTENSION|pg_available_extensions' => 'there is none',
	'EXPLAIN' => 'plans show the functions and operators of core that stand behind ours',
	q{'score'|'always-valid'} => 'these two methods are not offered',
	'nps_tally_ops|nps_category_ops' => 'nor are operator classes of our own',
	'to_jsonb?\(|jsonb?_agg|row_to_json|jsonb?_build|jsonb?_populate' => 'core makes JSON of rows by itself',
	udt_name => 'a domain is known there by the type below it',
	'PARTITION BY HASH' => 'an enum hashes otherwise',
	'pg_column_size' => 'a row is larger than a tally',
	q{::nps_category|'nps_category} => 'an enum minds case and white space',
	q{'9'::nps|'\(20, 10, 70\)'} => 'other words for a text that is no value');
my $differs = join '|', sort keys %differs;

my ($compared, $left_out) = (0, 0);
foreach my $path (grep { -e } 'README.md', glob('doc/*.md'), glob('doc/*/*.md'))
{
	my @blocks = blocks_of(slurp_file($path));
	my ($index) = map { -e "$_.md" ? "$_.md" : undef } $path =~ m{(.*)/};
	my ($database, $template) = map { defined $_ ? s/\W/_/gr : 'bare' } $path, $index;
	my %tainted;

	next if !@blocks;
	$node->safe_psql('postgres', qq{CREATE DATABASE "$database" TEMPLATE "$template"});
	foreach my $block (@blocks)
	{
		my $text = $block->{text};
		my $tainted = join '|', sort keys %tainted;

		if ($text =~ /\b(?:$lacking)\b/ || $text =~ /$differs/ ||
			$tainted ne '' && $text =~ /\b(?:$tainted)\b/)
		{
			$tainted{$_} = 1 foreach $text =~
			  /\b(?:nps_create_rollup\('|(?:TABLE|VIEW|FUNCTION|TYPE|DOMAIN|SCHEMA|SEQUENCE|INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+)(?:IF\s+NOT\s+EXISTS\s+)?(\w+)/g;
			$left_out++;
			next;
		}
		my ($got, $shown) = run_block($node, $database, $block);

		# plpgsql tells where in it an error was raised
		$got =~ s/^CONTEXT:.*\n?(?:^(?:SQL|PL).*\n?)*//mg;
		s/\s+\z// foreach $got, $shown;
		is($got, $shown, "$path:$block->{line}");
		$compared++;
	}
}
note("$compared blocks compared, $left_out left out");
cmp_ok($compared, '>', 100, 'many are compared');

# Random tallies: all digits of the score, of margins and of intervals are the
# same, whatever the size of the counts.
my $tallies = <<'SQL';
SELECT setseed(0.2026);
CREATE TABLE drawn AS
SELECT n, nps_tally(d::bigint, p::bigint, r::bigint) AS tally
FROM (SELECT n, floor(power(10, random() * size) * (random() > 0.1)::int) AS d,
			floor(power(10, random() * size) * (random() > 0.1)::int) AS p,
			floor(power(10, random() * size) * (random() > 0.1)::int) AS r
	FROM (SELECT n, random() * random() * 18 AS size FROM generate_series(1, 100000) AS n) AS sizes) AS counts;
SQL
my %queries = (
	tallies => <<'SQL',
SELECT tally, nps_score(tally), nps_responses(tally), nps_stderr(tally), nps_margin(tally), nps_interval(tally)
FROM drawn ORDER BY n
SQL
	'other methods' => <<'SQL',
SELECT n, nps_margin(tally, c, m), nps_interval(tally, c, m)
FROM drawn, (VALUES (0.5, 'wald'), (0.9, 'agresti-min'), (0.999999, 'bonett-price'), (1e-9, 'adjusted-wald')) AS v (c, m)
WHERE n % 20 = 0 ORDER BY n, m
SQL
	'populations' => <<'SQL',
SELECT n, nps_margin(tally, 0.95, m, more + nps_responses(tally)), nps_interval(tally, 0.95, m, more + nps_responses(tally))
FROM drawn, (VALUES (0, 'wald'), (1, 'agresti-min'), (1000, 'adjusted-wald'), (1e7, 'bonett-price')) AS v (more, m)
WHERE n % 20 = 0 ORDER BY n, m
SQL
	'aggregates' => <<'SQL',
SELECT sum(tally), nps(tally), sum(tally) FILTER (WHERE nps_responses(tally) = 0), max(tally::text COLLATE "C")
FROM drawn WHERE nps_responses(tally) < 1e12 GROUP BY n % 1000 ORDER BY n % 1000
SQL
	'moving frames' => <<'SQL',
SELECT n, sum(tally) OVER w, nps(tally) OVER w, nps_tally((n % 11)::smallint) OVER w, nps(nullif(n % 12, 11)) OVER w,
	nps_tally((n % 101) / 10.0) OVER w, nps((n % 101) / 10.0::float8) OVER w, nps(nps_category(n % 11)) OVER w
FROM (SELECT n, CASE WHEN n % 7 > 0 AND n % 100 > 9 THEN tally END AS tally FROM drawn WHERE n <= 3000 AND nps_responses(tally) < 1e12) AS first
WINDOW w AS (ORDER BY n ROWS BETWEEN 5 PRECEDING AND 2 PRECEDING) ORDER BY n
SQL
	'casts and arithmetic' => <<'SQL');
SELECT tally::json, tally::jsonb, tally + '(1,2,3)', (tally + '(1,2,3)') - tally, tally = '(1,2,3)', tally <> '(1,2,3)'
FROM drawn WHERE nps_responses(tally) < 1e12 AND n % 20 = 0 ORDER BY n
SQL

$node->safe_psql('extended', $tallies);
my $tempdir = PostgreSQL::Test::Utils::tempdir();
$node->safe_psql('extended', "COPY drawn TO '$tempdir/drawn'");
$node->safe_psql('bare', "CREATE TABLE drawn (n bigint, tally nps_tally); COPY drawn FROM '$tempdir/drawn'");
is($node->safe_psql('bare', 'SELECT count(*) FROM drawn'), 100000, 'a hundred thousand tallies');
foreach my $name (sort keys %queries)
{
	$node->safe_psql($_, "COPY ($queries{$name}) TO '$tempdir/$name.$_'") foreach qw(bare extended);
	ok(compare_files($name), "the same $name");
}

# Are the files equal?  Shows the first lines that are not.
sub compare_files
{
	my ($name) = @_;
	my @files = map { [ split /\n/, slurp_file("$tempdir/$name.$_") ] } qw(bare extended);
	my @unequal = grep { $files[0][$_] ne $files[1][$_] } 0 .. $#{ $files[1] };

	diag("$name, line $_:\n$files[0][$_]\n$files[1][$_]") foreach @unequal[ 0 .. ($#unequal < 4 ? $#unequal : 4) ];
	return !@unequal && @{ $files[0] } == @{ $files[1] } && @{ $files[0] } > 900;
}

# The tests: points to the tenth place, give or take one there, as sums are
# taken in another order; and all digits of a double but the last few.
my $tests = <<'SQL';
SELECT n, difference, lower, upper, stderr, z, p_value
FROM drawn, (VALUES (0.95, 'adjusted-wald', 'two-sided'), (0.8, 'wald', 'greater'), (0.99, 'bonett-price', 'less')) AS v (c, m, a),
	%s WHERE n %% 20 = 0 ORDER BY n, m
SQL
foreach my $call ("nps_test(tally, '(20,10,70)'::nps_tally, c, m, a)", 'nps_test(tally, 12.5, c, m, a)')
{
	my %rows = map { $_ => [ split /\n/, $node->safe_psql($_, sprintf($tests, $call)) ] } qw(bare extended);
	my @unequal;

	foreach my $row (0 .. $#{ $rows{extended} })
	{
		my ($got, $expected) = map { [ split /\|/, $rows{$_}[$row], -1 ] } qw(bare extended);
		my @far = grep {
			$got->[$_] ne $expected->[$_] && !($got->[$_] =~ /\d/ && abs($got->[$_] - $expected->[$_]) <=
				($_ <= 3 ? 1.01e-10 : 1e-9 * abs($expected->[$_]) + 1e-14))
		} 0 .. 6;

		push @unequal, "$rows{bare}[$row]\n$rows{extended}[$row]" if @far;
	}
	diag($unequal[0]) if @unequal;
	cmp_ok(scalar @{ $rows{extended} }, '==', 15000, "$call: the rows");
	is(scalar @unequal, 0, "$call: the same");
}

# Scores of every type, and what is off the scale.
foreach my $type ('smallint', 'integer', 'bigint', 'numeric', 'double precision', 'real')
{
	my $fraction = $type =~ /int/ ? '' : '/ 10.0';
	my $query = "SELECT count(*), string_agg(nps_category(s)::text, ','), nps(s), nps_tally(s), bool_or(nps_is_passive(s)),
		nps(s) FILTER (WHERE false), nps_tally(NULL::$type)
		FROM (SELECT (n $fraction)::$type AS s FROM generate_series(0, @{[ $fraction ? 100 : 10 ]}) AS n ORDER BY n) AS scores";
	my @results = map { $node->safe_psql($_, $query) } qw(bare extended);

	is($results[0], $results[1], "$type: the same");
	foreach my $score ('11', '-1', $fraction ? ("'NaN'", "'Infinity'", '10.001', '-1e-5') : ())
	{
		same_error("$_($score\::$type)", 22003) foreach qw(nps_category nps nps_tally);
	}
}

# An error is the same but for where in plpgsql it was raised.
sub same_error
{
	my ($call, $state) = @_;
	my @errors = map {
		my ($ret, $stdout, $stderr) = $node->psql($_, "\\set VERBOSITY verbose\nSELECT $call");

		$stderr =~ s/^psql.*?ERROR/ERROR/r =~ s/^(?:CONTEXT|LOCATION|SQL function|PL).*\n?//mgr =~ s/\s+\z//r
	} qw(bare extended);

	is($errors[0], $errors[1], "$call: the same error");
	like($errors[0], qr/^ERROR:  $state/, "$call: $state");
	return;
}
my $tally = "'(20,10,70)'::nps_tally";
same_error($_, 22003)
  foreach 'nps_tally(-1, 0, 0)', 'nps_tally(2.5, 0, 0)', 'nps_tally(0, 0, 1e19)', 'nps_tally(1, 2, 9223372036854775807)',
  'nps_tally(9, -1)', 'nps_tally(11, 1)', "nps_tally('passive'::nps_category, -7)",
  "$tally + '(9223372036854775700,8,0)'", "$tally - '(1,11,0)'", 'nps_category(6, 4, 5, 1, 5)';
same_error($_, 22023)
  foreach 'nps_category(3, 5, 4, 1, 5)', "nps_margin($tally, 95)", "nps_interval($tally, 'NaN')",
  "nps_margin($tally, method => 'Wald')", "nps_test($tally, $tally, alternative => 'more')",
  "nps_test($tally, 101)", "nps_summary($tally, 1)";

# Parallel workers add up what core's own addition adds.
my $parallel = <<'SQL';
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0; SET parallel_leader_participation = off;
SQL
my $scores = 'SELECT nps(n % 11), nps_tally(n % 11), sum(tally), nps(tally) FROM drawn WHERE nps_responses(tally) < 1e12';
like($node->safe_psql('bare', "$parallel EXPLAIN (COSTS OFF) $scores"), qr/Partial Aggregate/, 'a parallel plan');
is($node->safe_psql('bare', "$parallel $scores"), $node->safe_psql('extended', $scores), 'parallel: the same');

# What JSON was made of rows, here or there, makes rows.
is( $node->safe_psql('bare', <<'SQL'), 't|(20,10,70)', 'rows from JSON');
CREATE TABLE stored (plan text, category nps_category, tally nps_tally, tallies nps_tally[]);
INSERT INTO stored VALUES ('Free', 'passive', '(1,2,3)', '{"(2,1,0)",NULL}'), ('Pro', NULL, NULL, NULL);
SELECT bool_and(r IS NOT DISTINCT FROM stored), (SELECT tally FROM jsonb_to_record(
	'{"tally": {"score": 50, "passives": 10, "promoters": 70, "responses": 100, "detractors": 20}}') AS there (tally nps_tally))
FROM stored, jsonb_populate_record(NULL::stored, to_jsonb(stored)) AS r;
SQL

# A dump moves either way.  The objects are in a schema of their own on both
# sides, which stays where it is.
my %made = (
	there => 'CREATE SCHEMA nps; CREATE EXTENSION nps SCHEMA nps',
	back => 'CREATE SCHEMA nps; CREATE EXTENSION nps SCHEMA nps',
	away => "CREATE SCHEMA nps; SET search_path = nps;\n" . slurp_file($file));
foreach my $database (qw(there away back))
{
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql('postgres', "ALTER DATABASE $database SET search_path = public, nps");
	$node->safe_psql($database, $made{$database});
}
$node->safe_psql('there', <<'SQL');
CREATE TABLE responses (id integer PRIMARY KEY, score smallint CHECK (nps_is_detractor(score) OR score >= 7),
	category nps_category GENERATED ALWAYS AS (nps_category(score)) STORED);
INSERT INTO responses SELECT n, n % 11 FROM generate_series(1, 500) AS n;
CREATE INDEX ON responses (category);
CREATE INDEX ON responses ((nps_category(score))) WHERE nps_is_promoter(score);
CREATE TABLE daily (day date, categories nps_category[], tally nps_tally NOT NULL DEFAULT '(0,0,0)', tallies nps_tally[]);
INSERT INTO daily SELECT date '2026-01-01' + n, ARRAY['passive', NULL]::nps_category[], nps_tally(n, n * n, 9000000000000000000 - n),
	ARRAY[nps_tally(0, 1, n), NULL] FROM generate_series(1, 30) AS n;
CREATE VIEW by_category AS SELECT category, nps(score), nps_tally(score), max(category) AS highest FROM responses
	WHERE category >= 'passive' OR category <> 'passive' AND category = 'detractor' GROUP BY category;
CREATE MATERIALIZED VIEW scores AS SELECT day, nps_score(tally), nps_interval(tally, 0.9), tally + '(1,1,1)' AS more FROM daily
	WHERE tally = tally AND tally <> '(1,2,3)' AND (tally::jsonb ->> 'responses')::numeric > 0;
SQL
my $contents = "SELECT * FROM responses ORDER BY id; TABLE daily ORDER BY day; TABLE by_category ORDER BY category;
	REFRESH MATERIALIZED VIEW scores; SELECT * FROM scores ORDER BY day;
	SELECT (SELECT count(*) FROM responses WHERE category > 'detractor'), (SELECT nps(tally) FROM daily WHERE day < '2026-01-03');
	INSERT INTO daily (day) VALUES ('2030-01-01') RETURNING tally; DELETE FROM daily WHERE day = '2030-01-01'";
my %contents = (there => $node->safe_psql('there', $contents));
foreach my $way ([qw(there away)], [qw(away back)])
{
	my ($from, $to) = @$way;

	$node->command_ok(
		[ 'pg_dump', '--no-owner', '--exclude-schema=nps', '--extension=plpgsql', "--file=$tempdir/$to.sql", $from ],
		"$from: dumped");
	# A literal of a domain is one of the type below it, by name.
	my $dump = slurp_file("$tempdir/$to.sql");
	like($dump, qr/nps_plain_counts/, 'there is something to rename') if $to eq 'back';
	open(my $renamed, '>', "$tempdir/$to.sql") or die $!;
	print $renamed $dump =~ s/nps_plain_counts/nps_tally/gr;
	close $renamed;
	$node->command_checks_all(
		[ 'psql', '-X', '-q', '-o', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($to), '-f', "$tempdir/$to.sql" ],
		0, [qr/^$/], [qr/^$/], "$to: restored");
	is($node->safe_psql($to, $contents), $contents{there}, "$to: the same");
}

$node->stop;

# A server without nps subscribes to one with it: by these types or as text.
# In binary it can't, and goes on failing.
my $publisher = PostgreSQL::Test::Cluster->new('publisher');
$publisher->init(allows_streaming => 'logical');
$publisher->start;
$publisher->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;
CREATE TABLE daily (day integer PRIMARY KEY, category nps_category, tally nps_tally);
INSERT INTO daily SELECT n, nps_category(n % 11), nps_tally(n, 2 * n, 3 * n) FROM generate_series(1, 50) AS n;
CREATE PUBLICATION tallies FOR TABLE daily;
SQL
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
$subscriber->append_conf('postgresql.conf', "wal_retrieve_retry_interval = '100ms'");
$subscriber->start;
my $columns = { by_types => 'category nps_category, tally nps_tally', by_text => 'category text, tally text' };
foreach my $database (sort keys %$columns)
{
	$subscriber->safe_psql('postgres', "CREATE DATABASE $database");
	$subscriber->safe_psql($database, slurp_file($file)) if $database eq 'by_types';
	$subscriber->safe_psql($database, "CREATE TABLE daily (day integer PRIMARY KEY, $columns->{$database})");
	$subscriber->safe_psql($database, "CREATE SUBSCRIPTION $database CONNECTION '@{[ $publisher->connstr ]} dbname=postgres' PUBLICATION tallies");
	$subscriber->wait_for_subscription_sync($publisher, $database, $database);
}
$publisher->safe_psql('postgres', "UPDATE daily SET tally = tally + '(1,0,0)' WHERE day % 2 = 0; DELETE FROM daily WHERE day = 7");
$publisher->wait_for_catchup($_) foreach sort keys %$columns;
my $all = 'SELECT day, category::text, tally::text FROM daily ORDER BY day';
is($subscriber->safe_psql($_, $all), $publisher->safe_psql('postgres', $all), "$_: replicated")
  foreach sort keys %$columns;
is($subscriber->safe_psql('by_types', 'SELECT nps(tally) FROM daily'),
	$publisher->safe_psql('postgres', 'SELECT nps(tally) FROM daily'), 'the same score there');

$subscriber->safe_psql('by_types', 'ALTER SUBSCRIPTION by_types SET (binary = true)');
my $log = -s $subscriber->logfile;
$publisher->safe_psql('postgres', "UPDATE daily SET tally = '(7,7,7)' WHERE day = 1");
for (1 .. 600)
{
	last if (() = substr(slurp_file($subscriber->logfile), $log) =~ /ERROR: /g) >= 2;
	select undef, undef, undef, 0.1;
}
my @failures = substr(slurp_file($subscriber->logfile), $log) =~ /ERROR:  (.*)/g;
cmp_ok(scalar @failures, '>=', 2, 'in binary it fails again and again');
note($failures[0]);
isnt($subscriber->safe_psql('by_types', 'SELECT tally FROM daily WHERE day = 1'), '(7,7,7)', 'and nothing comes');
$_->stop foreach $subscriber, $publisher;
done_testing();
