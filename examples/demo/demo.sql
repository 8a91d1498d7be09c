-- What nps is for, in one reading: psql -f this file against any database
-- that holds the extension and the table responses (see responses.sql).

\set QUIET on
SET timezone = 'UTC';
\encoding UTF8
\pset pager off
\pset footer off
\pset null '-'
\set ECHO queries

\echo
\echo 'The table: one row an answer; score is NULL where somebody gave none.'
SELECT response_id, answered_at::date AS day, plan, country, score, nps_category(score), comment
FROM responses WHERE comment IS NOT NULL ORDER BY response_id LIMIT 6;

\echo 'The score by month.'
SELECT date_trunc('month', answered_at)::date AS month,
       count(score) AS answers, round(nps(score), 1) AS nps
FROM responses GROUP BY month ORDER BY month;

\echo 'The last year as a picture: detractors, passives, promoters.'
SELECT date_trunc('month', answered_at)::date AS month,
       round(nps(score)) AS nps, nps_bar(nps_tally(score), 40) AS shares
FROM responses WHERE answered_at >= '2025-01-01' GROUP BY month ORDER BY month;

\echo 'The score by plan, with the counts behind it: one pass serves both.'
SELECT plan, round(nps(score), 1) AS nps,
       nps_detractors(nps_tally(score)) AS detractors,
       nps_passives(nps_tally(score)) AS passives,
       nps_promoters(nps_tally(score)) AS promoters,
       count(*) - count(score) AS unanswered
FROM responses GROUP BY plan ORDER BY nps DESC;

\echo 'A tally a month, plan and country, stored: 120,000 rows become 576.'
CREATE TABLE monthly AS
SELECT date_trunc('month', answered_at)::date AS month, plan, country, nps_tally(score) AS tally
FROM responses GROUP BY 1, 2, 3;
SELECT * FROM monthly ORDER BY month, plan, country LIMIT 4;

\echo 'Months add up to years, exactly. Never average scores: add tallies.'
SELECT extract(year FROM month) AS year, sum(tally) AS tally, round(nps(tally), 2) AS nps,
       round(avg(nps_score(tally)), 2) AS mean_of_scores_is_wrong
FROM monthly GROUP BY ROLLUP (year) ORDER BY year;

\echo 'A rolling 90-day score, shown for the last day of each month.'
WITH daily AS (
    SELECT answered_at::date AS day, nps_tally(score) AS tally FROM responses GROUP BY day
), rolling AS (
    SELECT day, sum(tally) OVER last_90_days AS tally, nps(tally) OVER last_90_days AS nps
    FROM daily
    WINDOW last_90_days AS (ORDER BY day RANGE BETWEEN '89 days' PRECEDING AND CURRENT ROW)
)
SELECT day, nps_responses(tally) AS answers, round(nps, 1) AS nps_90_days
FROM rolling WHERE day + 1 = date_trunc('month', day + 1) AND day >= '2025-01-01' ORDER BY day;

\echo 'Two segments compared: what happened to Basic in March 2025?'
SELECT month,
       round(nps(tally) FILTER (WHERE plan = 'Basic'), 1) AS basic,
       round(nps(tally) FILTER (WHERE plan <> 'Basic'), 1) AS all_others,
       round(nps(tally) FILTER (WHERE plan = 'Basic')
             - nps(tally) FILTER (WHERE plan <> 'Basic'), 1) AS difference
FROM monthly WHERE month BETWEEN '2025-01-01' AND '2025-06-01' GROUP BY month ORDER BY month;

\echo 'Is that real? Basic against the rest in that month, and against itself a month before.'
SELECT versus, round(difference, 1) AS difference, round(lower, 1) AS lower, round(upper, 1) AS upper, p_value < 0.001 AS real
FROM (SELECT sum(tally) FILTER (WHERE plan = 'Basic' AND month = '2025-03-01') AS basic,
             sum(tally) FILTER (WHERE month = '2025-03-01') AS whole,
             sum(tally) FILTER (WHERE plan = 'Basic' AND month = '2025-02-01') AS basic_before
      FROM monthly) AS march,
     LATERAL (VALUES ('the rest', whole - basic), ('the month before', basic_before)) AS others (versus, other),
     nps_test(basic, other) ORDER BY versus;

\echo 'Whom to call back: the latest detractors of that month who said why.'
SELECT answered_at::date AS day, customer_id, country, score, comment
FROM responses
WHERE plan = 'Basic' AND answered_at >= '2025-03-01' AND answered_at < '2025-04-01'
  AND nps_is_detractor(score) AND comment IS NOT NULL
ORDER BY answered_at DESC LIMIT 5;

\echo 'A live roll-up: an answer comes in, and the score moves; no refresh, no job.'
CREATE VIEW plans_now AS SELECT plan, nps_tally(score) AS tally FROM responses GROUP BY plan;
SELECT nps_create_rollup('plans', 'plans_now');
SELECT plan, tally, round(nps_score(tally), 4) AS nps FROM plans WHERE plan = 'Basic';
INSERT INTO responses SELECT max(response_id) + 1, 1, now(), 'Basic', 'DE', 10 FROM responses;
SELECT plan, tally, round(nps_score(tally), 4) AS nps FROM plans WHERE plan = 'Basic';
