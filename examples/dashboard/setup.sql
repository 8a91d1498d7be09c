-- What the dashboard reads, besides the table responses itself (see
-- examples/demo/responses.sql): a tally a month, plan and country.  New answers
-- show after REFRESH MATERIALIZED VIEW CONCURRENTLY monthly_tallies.
--
-- make dashboard runs this in a database of its own.  For the page on a
-- database of yours with such a table, run this there, then in this folder
-- npm ci and node server.js, with PGHOST, PGDATABASE and the like.  Without
-- PGHOST it connects to localhost by TCP, not to the socket as psql does.

CREATE MATERIALIZED VIEW monthly_tallies AS
SELECT date_trunc('month', answered_at AT TIME ZONE 'UTC')::date AS month,
       plan, country, nps_tally(score) AS tally
FROM responses GROUP BY 1, 2, 3;

CREATE UNIQUE INDEX ON monthly_tallies (month, plan, country);

-- For the comments, and for what their authors answered later.
CREATE INDEX ON responses (answered_at) WHERE comment IS NOT NULL;
CREATE INDEX ON responses (customer_id, answered_at);
