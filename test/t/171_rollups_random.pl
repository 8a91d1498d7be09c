
# Thousands of random statements of all kinds on a plain and on a partitioned
# table, each beside three roll-ups, by which every few statements are compared
# with their definitions.  ROLLUP_STATEMENTS is how many, ROLLUP_SEED where the
# random numbers start; both are printed.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $statements = $ENV{ROLLUP_STATEMENTS} || 4000;
my $seed = $ENV{ROLLUP_SEED} || 20260101;
note "ROLLUP_STATEMENTS=$statements ROLLUP_SEED=$seed";
srand($seed);

my $node = PostgreSQL::Test::Cluster->new('random');
$node->init;
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION nps;
CREATE TABLE plain (id serial PRIMARY KEY, day date, plan text, score numeric);
CREATE TABLE parted (LIKE plain INCLUDING DEFAULTS) PARTITION BY RANGE (day);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE parted_b (plan text, gone text, score numeric, day date, id integer DEFAULT nextval('plain_id_seq') NOT NULL);
ALTER TABLE parted_b DROP COLUMN gone;
ALTER TABLE parted ATTACH PARTITION parted_b FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
DO $$ DECLARE t text; BEGIN
	FOREACH t IN ARRAY ARRAY['plain', 'parted'] LOOP
		EXECUTE format('CREATE VIEW %I AS SELECT date_trunc(''month'', day)::date AS month, plan, nps_tally(score) AS tally FROM %I GROUP BY 1, 2', t || '_months', t);
		EXECUTE format('CREATE VIEW %I AS SELECT nps_tally(score) FILTER (WHERE id %% 3 > 0) AS t, day FROM %I WHERE plan <> ''Pro'' OR plan IS NULL GROUP BY day', t || '_days', t);
		EXECUTE format('CREATE VIEW %I AS SELECT nps_tally(score) AS tally FROM %I', t || '_whole', t);
		PERFORM nps_create_rollup((t || '_' || kind || '_kept')::name, (t || '_' || kind)::regclass) FROM unnest(ARRAY['months', 'days', 'whole']) AS kind;
	END LOOP;
END $$;
SQL

sub pick { return $_[ int rand @_ ] }
sub day { return pick('NULL', map { "'$_'" } pick('2026-01-', '2026-02-', '2026-03-') . (1 + int rand 28)) }
sub a_plan { return pick(map { "'$_'" } qw(Free Basic Pro Team)) }
sub maybe_plan { return pick('NULL', a_plan(), a_plan(), a_plan()) }
sub score { return pick('NULL', 0 .. 10, 8.5, 6.99) }
sub row { return '(' . join(', ', day(), maybe_plan(), score()) . ')' }
sub some { return pick('id % ' . (2 + int rand 9) . ' = ' . int rand 9, 'plan = ' . a_plan(), 'plan IS NULL', 'score > ' . int rand 10, 'day = ' . day()) }

# Rows for a table, of days that it takes.
sub rows_for
{
	my ($table) = @_;
	my @rows = map { row() } 0 .. int rand pick(1, 1, 10);

	s/'2026-\d\d-/'2026-01-/, s/\(NULL/('2026-01-31'/ foreach $table eq 'parted_a' ? @rows : ();
	s/'2026-\d\d-/'2026-02-/, s/\(NULL/('2026-02-28'/ foreach $table eq 'parted_b' ? @rows : ();
	return join ', ', @rows;
}

my @kinds = (
	(sub { my $t = shift; return "INSERT INTO $t (day, plan, score) VALUES " . rows_for($t) }) x 4,
	(sub { return "UPDATE $_[0] SET score = " . score() . ' WHERE ' . some() }) x 2,
	sub { return "UPDATE $_[0] SET plan = " . maybe_plan() . ' WHERE ' . some() },
	sub { return $_[0] =~ /_/ ? "UPDATE $_[0] SET score = 10 - score" : "UPDATE $_[0] SET day = " . day() . ' WHERE ' . some() },
	sub { return "UPDATE $_[0] SET plan = plan" },
	(sub { return "DELETE FROM $_[0] WHERE " . some() }) x 2,
	sub { return "DELETE FROM $_[0] WHERE id = (SELECT min(id) FROM $_[0])" },
	sub { return "UPDATE $_[0] SET score = 10 WHERE id = (SELECT max(id) FROM $_[0])" },
	sub { return "INSERT INTO $_[0] (day, plan, score) SELECT day, plan, score FROM $_[0] LIMIT 50" },
	sub { return "WITH gone AS (DELETE FROM $_[0] WHERE " . some() . " RETURNING *) INSERT INTO $_[0] (day, plan, score) SELECT day, plan, 3 FROM gone" },
	sub { return "MERGE INTO $_[0] AS t USING (SELECT id FROM $_[0] WHERE " . some() . ') AS s ON t.id = s.id WHEN MATCHED AND t.score > 5 THEN DELETE WHEN MATCHED THEN UPDATE SET score = 9' },
	sub { return $_[0] eq 'plain' ? "INSERT INTO plain SELECT id * sign, day, plan, score FROM plain, (VALUES (1), (-1)) AS v (sign) ON CONFLICT (id) DO NOTHING" : "DELETE FROM $_[0] WHERE score IS NULL" },
	sub { return rand > 0.9 ? "TRUNCATE $_[0]" : "DELETE FROM $_[0] WHERE id % 2 = 0" });

# A transaction of several, with savepoints, in any isolation level; now and
# then something that looks after a roll-up.
sub transaction
{
	my $isolation = pick('READ COMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE');
	my $sql = "BEGIN ISOLATION LEVEL $isolation;\n";

	foreach my $n (0 .. int rand 5)
	{
		my $table = pick('plain', 'plain', 'parted', 'parted', 'parted_a', 'parted_b', 'parted_rest');
		my $statement = pick(@kinds)->($table) . ";\n";

		# the default partition can't take what another is for
		$statement = "DELETE FROM parted_rest WHERE " . some() . ";\n" if $table eq 'parted_rest' && $statement !~ /^(DELETE|TRUNCATE)/;
		$sql .= rand > 0.8 ? "SAVEPOINT s;\n${statement}ROLLBACK TO s;\n" : $statement;
	}
	$sql .= "SELECT nps_squash_rollup('" . pick('plain', 'parted') . '_' . pick('months', 'days', 'whole') . "_kept');\n"
	  if rand > 0.8 && $isolation eq 'READ COMMITTED';
	$sql .= rand > 0.85 ? "ROLLBACK;\n" : "COMMIT;\n";
	return $sql;
}

my $check = join ' UNION ALL ', map { "SELECT '$_', c.* FROM nps_check_rollup('$_') AS c" }
  map { ("${_}_months_kept", "${_}_days_kept", "${_}_whole_kept") } 'plain', 'parted';
my ($done, $script) = (0, '');
while ($done < $statements && Test::More->builder->is_passing)
{
	my $part = join '', map { transaction() } 1 .. 20;
	my ($code, $out, $err) = $node->psql('postgres', "SET client_min_messages = warning;\n$part", on_error_stop => 0);

	$done += () = $part =~ /;\n/g;
	is($err, '', "no error up to statement $done") or diag $part;
	is($node->safe_psql('postgres', $check), '', "all agree after $done statements") or diag $part;
}
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM plain, (SELECT count(*) FROM parted) AS p (n)'), '>', 0, 'there was something to compare');
$node->stop;
done_testing();
