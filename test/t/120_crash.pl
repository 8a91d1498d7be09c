
# kill -9, of a backend and of the whole server, while many clients merge
# answers into tallies.  Every transaction stores its answers, too, so after
# recovery the tallies have to be those of the answers; and of each client all
# that was acknowledged has to be there, and no more than one transaction else.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use NPS::Costly;
use NPS::Faults;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $seed = 20260101;
srand $seed;
note "seed $seed";

my $node = PostgreSQL::Test::Cluster->new('crash');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
fsync = on
restart_after_crash = on
max_connections = 30
autovacuum = off
log_statement = none
log_line_prefix = '%m [%p] %e %q%a '
CONF
$node->start;
make_tables($node);

# All processes of the server, the first of them the postmaster.
sub processes
{
	my ($postmaster) =
	  slurp_file($node->data_dir . '/postmaster.pid') =~ /\A(\d+)/;

	return $postmaster,
	  split /\n/,
	  $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity');
}

# Kills the server with all of its processes, and waits until they are gone.
sub kill_server
{
	my (undef, @others) = my @all = processes();

	$node->kill9;
	kill 'KILL', @others;
	foreach (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
	{
		return if !kill 0, @all;
		usleep(100_000);
	}
	die 'processes of the server are still there';
}

# Kills one backend that loads, in the middle of a statement if there is one.
sub kill_backend
{
	my $pid = $node->safe_psql('postgres', <<'SQL');
SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
ORDER BY state <> 'active', pid LIMIT 1
SQL

	kill 'KILL', $pid;
	return;
}

my ($killed, $stored) = (0, 0);
foreach my $cycle (1 .. 8)
{
	my $whole = $cycle % 2 == 0;
	my $name = "cycle $cycle, " . ($whole ? 'server' : 'backend');
	my $wanted = $stored + 50 + int rand 600;
	my $load = start_load($node, 8, $cycle * 100_000_000);

	# Not before so many transactions, some time in the next.
	$node->poll_query_until('postgres',
		"SELECT count(DISTINCT customer) >= $wanted FROM responses")
	  or die "the load does not get on: $load->{err}";
	$node->safe_psql('postgres', 'CHECKPOINT') if $cycle % 3 == 0;
	usleep(int rand 50_000);
	if ($whole)
	{
		kill_server();
		wait_for_load($load);
		$node->start;
	}
	else
	{
		kill_backend();
		wait_for_load($load);
	}
	$killed++;
	$node->poll_query_until('postgres', undef, '')
	  or die 'the server does not recover';
	acknowledged($node, $load, $name);
	same_as_raw($node, $name);
	$stored = $node->safe_psql('postgres',
		'SELECT count(DISTINCT customer) FROM responses');
}

# The server that was killed whole could not tell; of a backend it tells.
my @complaints = complaints($node);
is( scalar(grep { /terminated by signal 9/ } @complaints),
	$killed / 2, 'backends killed');
is_deeply(
	[
		grep { !/terminated by signal 9|terminating connection because of crash/ }
		  @complaints
	],
	[],
	'nothing else in the log');
is( () = slurp_file($node->logfile) =~ /redo done at/g,
	$killed, 'as many recoveries');

$node->stop;
done_testing();
