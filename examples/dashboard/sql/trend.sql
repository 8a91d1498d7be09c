-- The score and the shares by step: a day, week, month, quarter or year.  A step
-- without answers is a row of NULLs, never a score of 0.  A step is a rise or a
-- fall against the one before where p < 0.05 after Holm's adjustment, as so many
-- tests are made.  Incomplete is a step that the period cuts, or that goes on
-- after the last answer that could be counted.
WITH steps AS (
    SELECT step, coalesce(tally, '(0,0,0)') AS tally, lag(tally) OVER (ORDER BY step) AS previous
    FROM generate_series(date_trunc(:'each', :'from'::timestamp) - :'span'::interval, :'until'::timestamp, :'span'::interval) AS step
         LEFT JOIN (SELECT date_trunc(:'each', day::timestamp), sum(tally) FROM :tallies_trend AS tallies
                    WHERE day >= :'from'::date OR day < date_trunc(:'each', :'from'::timestamp) GROUP BY 1) AS answered (step, tally)
         USING (step)
), tested AS (
    SELECT step, tally, difference, p_value, row_number() OVER (ORDER BY p_value, step) AS place, count(p_value) OVER () AS tests
    FROM steps, nps_test(tally, previous) AS test
    WHERE step >= date_trunc(:'each', :'from'::timestamp)
), adjusted AS (
    SELECT *, max(least(1, p_value * (tests - place + 1))) OVER (ORDER BY place) AS p_adjusted
    FROM tested
)
SELECT to_char(step, 'YYYY-MM-DD') AS step, to_char(step + :'span'::interval - interval '1 day', 'YYYY-MM-DD') AS step_end, responses,
       round(score, 1) AS score, round(lower, 1) AS lower, round(upper, 1) AS upper,
       round(detractor_pct, 1) AS detractor_pct, round(passive_pct, 1) AS passive_pct,
       round(promoter_pct, 1) AS promoter_pct,
       CASE WHEN p_value IS NULL THEN NULL WHEN p_adjusted >= 0.05 THEN 'unclear' WHEN difference > 0 THEN 'rise' ELSE 'fall' END AS verdict,
       step < :'from'::timestamp OR step + :'span'::interval > least(:'until'::timestamp + interval '1 day', :'as_of'::timestamp) AS incomplete
FROM adjusted, nps_summary(tally) AS summary
ORDER BY step;
