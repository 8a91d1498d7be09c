-- Reads the server's log and says how the queries went.

-- As the documentation has it for csvlog.
CREATE UNLOGGED TABLE log (
    log_time timestamptz, user_name text, database_name text, process_id integer, connection_from text,
    session_id text, session_line_num bigint, command_tag text, session_start_time timestamptz,
    virtual_transaction_id text, transaction_id bigint, error_severity text, sql_state_code text, message text,
    detail text, hint text, internal_query text, internal_query_pos integer, context text, query text,
    query_pos integer, location text, application_name text, backend_type text, leader_pid integer, query_id bigint
);
COPY log FROM :'log' (FORMAT csv);

-- One row a query: what succeeded is logged with its duration.  What sqlsmith
-- sends beside the queries are BEGIN, SET and ROLLBACK.
CREATE TABLE queries AS
    SELECT error_severity = 'LOG' AS done, sql_state_code AS code, message, location,
           location ~ ('(^|[ /])(' || :'files' || ')\.c:\d') AS raised_by_us,
           text ~ '\mnps|public\.(sum|min|max)\(' AS about_us,
           text ~ 'public\.(nps|nps_tally|nps_weighted|nps_weighted_tally|sum|min|max)\(' AS aggregates, text ~ '\mover \(' AS windows, text
    FROM log, LATERAL (SELECT coalesce(query, regexp_replace(message, '^duration: \S+ ms +statement: ', ''))) AS q(text)
    WHERE application_name = 'sqlsmith::dut' AND database_name = 'sqlsmith' AND error_severity IN ('LOG', 'ERROR')
      AND (query IS NOT NULL OR message ~ '^duration: \S+ ms +statement: ')
      AND text !~* '^(begin|set|rollback)\M';

-- A worker that is no longer needed is told to end, and that is logged.
CREATE VIEW deaths AS
    SELECT * FROM log
    WHERE error_severity = 'PANIC'
       OR (error_severity = 'FATAL' AND NOT (backend_type = 'parallel worker' AND sql_state_code = '57P01'))
       OR message ~ 'terminated by signal|reinitializing|was not properly shut down'
       OR (message ~ 'exited with exit code' AND message !~ '^background worker "parallel worker"');
CREATE VIEW internal_errors AS SELECT * FROM queries WHERE NOT done AND code LIKE 'XX%';
CREATE VIEW wrong_codes AS SELECT * FROM queries WHERE NOT done AND raised_by_us AND code !~ '^(22|XX)';

\pset tuples_only off
\pset footer off
\pset format aligned
SELECT count(*) AS queries, count(*) FILTER (WHERE done) AS succeeded,
       count(*) FILTER (WHERE done AND about_us) AS "with functions or types of nps",
       count(*) FILTER (WHERE done AND aggregates) AS "with aggregates",
       count(*) FILTER (WHERE done AND windows) AS "with windows",
       count(*) FILTER (WHERE code = '57014') AS "stopped after 1 s"
FROM queries;
SELECT code, count(*) AS errors, count(*) FILTER (WHERE raised_by_us) AS "by nps", min(left(message, 70)) AS "for example"
FROM queries WHERE NOT done GROUP BY code ORDER BY count(*) DESC, code;
\pset format unaligned
\pset tuples_only on
SELECT format(E'internal error, %s times: %s at %s, as in\n%s\n', count(*), message, location,
              (array_agg(text ORDER BY length(text)))[1])
FROM internal_errors GROUP BY message, location;
SELECT format(E'error of nps with code %s: %s, as in\n%s\n', code, min(message), (array_agg(text ORDER BY length(text)))[1])
FROM wrong_codes GROUP BY code;
SELECT format('%s: %s %s', error_severity, message, detail) FROM deaths LIMIT 20;
