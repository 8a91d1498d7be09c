
# make demo: its SQL runs and says what plain SQL says, its data is the same
# every time, and its server is gone when it ends, however it ends.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use IPC::Run;
use NPS::Costly;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# mktemp tells where the demo's server lies.  The terminal has no size, so a pager
# would wait after every line.
my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/mktemp",
	"#!/bin/sh\nPATH=\${PATH#*:}\nmktemp \"\$@\" | tee -a '$dir/made'\n");
chmod 0755, "$dir/mktemp" or die "cannot chmod $dir/mktemp: $!";
my %environment = (%ENV, PATH => "$dir:$ENV{PATH}", PAGER => 'cat');
delete @environment{qw(MAKEFLAGS MAKELEVEL MFLAGS)};

# How many servers there were, and what is left of all that was made.
sub leftovers
{
	my @made = split /\n/, slurp_file("$dir/made");
	my @folders = grep { m{^/tmp/nps\.\w+$} } @made;
	my @left = grep { -e } @made;

	foreach my $process (glob '/proc/[0-9]*/cmdline')
	{
		open(my $cmdline, '<', $process) or next;
		my $command = <$cmdline> // '';
		close $cmdline;
		push @left, grep { index($command, $_) >= 0 } @folders;
	}
	unlink "$dir/made";
	return (scalar(@folders), "@left");
}

# To the end, without a terminal.
my ($output, $errors);
{
	local %ENV = %environment;
	ok( IPC::Run::run(
			['tools/demo'], '<', \undef, '>', \$output, '2>', \$errors),
		'make demo runs');
}
is($errors, '', 'it says nothing on standard error');
is_deeply([ leftovers() ], [ 1, '' ], 'its server is gone');

# Interrupted while it works.
foreach my $signal ('INT', 'TERM')
{
	# What was started with the signal ignored could not trap it.
	local $SIG{$signal} = 'DEFAULT';
	local %ENV = %environment;
	my $seen = '';
	my $run =
	  IPC::Run::start(['tools/demo'], '<', \undef, '>', \$seen,
		'2>', \my $ignored,
		IPC::Run::timeout(180));

	$run->pump until $seen =~ /Making the table/;
	$run->signal($signal);
	$run->finish;
	is($run->result, $signal eq 'INT' ? 130 : 143, "ended by SIG$signal");
	is_deeply([ leftovers() ], [ 1, '' ], "no server is left by SIG$signal");
}

# With a terminal it ends in psql.
SKIP:
{
	skip 'no pseudo-terminal by script(1)', 2
	  if system('script -q -e -c true /dev/null </dev/null >/dev/null 2>&1');
	local %ENV = %environment;
	my $input = "SELECT 'answers: ' || count(*) FROM responses;\n\\q\n";

	IPC::Run::run(
		[qw(script -q -e -c tools/demo /dev/null)],
		'<', \$input, '>&', \my $session,
		IPC::Run::timeout(180));
	like($session, qr/^ answers: \d+\s*$/m, 'with a terminal one is in psql');
	is_deeply([ leftovers() ], [ 1, '' ], 'its server is gone after that');
}

# The data: what the design promises of it, and twice the same.
my $node = PostgreSQL::Test::Cluster->new('demo');
$node->init;
$node->start;
foreach my $database (qw(once again))
{
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, 'CREATE EXTENSION nps');
	$node->command_ok(
		[
			qw(psql -X -q -v ON_ERROR_STOP=1 -o /dev/null -d),
			$database,
			qw(-f examples/demo/responses.sql)
		],
		"data made $database");
}
my $hash =
  "SELECT md5(string_agg(r::text, ' ' ORDER BY response_id)) FROM responses r";
is( $node->safe_psql('again', $hash),
	$node->safe_psql('once', $hash),
	'the same data every time');
is($node->safe_psql('once', <<'SQL'), 't|24|t|t|t|t', 'the data of a demo');
SELECT count(*) BETWEEN 110000 AND 130000,
	count(DISTINCT date_trunc('month', answered_at AT TIME ZONE 'UTC')),
	count(DISTINCT plan) >= 3, count(DISTINCT country) >= 3,
	count(score) BETWEEN 1 AND count(*) - 1,
	count(comment) BETWEEN 1 AND count(*) / 2
FROM responses
SQL

# What the demo shows, computed without the extension.
my $score = 'round(100.0 * (count(*) FILTER (WHERE score >= 9)'
  . ' - count(*) FILTER (WHERE score <= 6)) / count(score), 1)';
$output =~ s/ +/ /g;
foreach my $query (
	  "SELECT date_trunc('month', answered_at)::date, count(score), $score"
	. ' FROM responses GROUP BY 1 ORDER BY 1',
	"SELECT plan, $score, count(*) FILTER (WHERE score <= 6),"
	. ' count(*) FILTER (WHERE score IN (7, 8)),'
	. ' count(*) FILTER (WHERE score >= 9), count(*) - count(score)'
	. ' FROM responses GROUP BY plan ORDER BY 2 DESC')
{
	my $rows = $node->safe_psql('once', "SET timezone = 'UTC'; $query");

	$rows =~ s/\|/ | /g;
	$rows =~ s/^/ /mg;
	ok(index($output, $rows) >= 0, 'the demo shows what plain SQL computes')
	  or diag("not in the output of the demo:\n$rows");
}
is( scalar(() = $output =~ /\| (?:\xE2\x96[\x88\x91\x92]){40}$/mg),
	12, 'a bar of 40 characters for each month of a year');

$node->stop;
done_testing();
