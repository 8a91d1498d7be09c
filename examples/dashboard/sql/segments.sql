-- The segments, best first, each with its interval, and on which side of the
-- benchmark it is where the answers can tell.  Interval and test are both by
-- the method score, so that they agree: "unclear" is an interval that holds
-- the benchmark.
SELECT segment, responses, round(score, 1) AS score,
       round(summary.lower, 1) AS lower, round(summary.upper, 1) AS upper,
       CASE WHEN p_value >= 0.05 THEN 'unclear' WHEN difference > 0 THEN 'above' WHEN difference < 0 THEN 'below' END AS verdict
FROM (SELECT CASE :'by' WHEN 'plan' THEN plan ELSE country END, sum(tally)
      FROM monthly_tallies
      WHERE month BETWEEN :'from'::date AND :'until'::date
        AND :'plan' IN ('', plan) AND :'country' IN ('', country)
      GROUP BY 1) AS segments (segment, tally),
     nps_summary(tally, method => 'score') AS summary,
     nps_test(tally, nullif(:'benchmark', '')::double precision, method => 'score') AS test
WHERE responses > 0
ORDER BY summary.score DESC, segment;
