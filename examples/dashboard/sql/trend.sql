-- The score and the shares by month.  A month without answers is a row of
-- NULLs, never a score of 0.  A month differs from the one before where
-- p < 0.05, divided by the number of months, as so many tests are made.
SELECT to_char(months.month, 'YYYY-MM') AS month, responses,
       round(score, 1) AS score, round(summary.lower, 1) AS lower, round(summary.upper, 1) AS upper,
       round(detractor_pct, 1) AS detractor_pct, round(passive_pct, 1) AS passive_pct,
       round(promoter_pct, 1) AS promoter_pct,
       p_value < 0.05 / count(*) OVER () AS real
FROM (SELECT month, coalesce(tally, '(0,0,0)'), lag(tally) OVER (ORDER BY month)
      FROM generate_series(:'from'::timestamp - interval '1 month', :'until'::timestamp, interval '1 month') AS month
           LEFT JOIN (SELECT month, sum(tally)
                      FROM monthly_tallies
                      WHERE :'plan' IN ('', plan) AND :'country' IN ('', country)
                      GROUP BY month) AS answered (month, tally) USING (month)
     ) AS months (month, tally, previous),
     nps_summary(tally) AS summary, nps_test(tally, previous) AS test
WHERE months.month >= :'from'::timestamp
ORDER BY months.month;
