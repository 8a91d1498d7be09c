-- The segments, best first, each with its interval, and on which side of the
-- benchmark it is where the answers can tell: p < 0.05 after Holm's adjustment,
-- as each segment is a test.  A segment with fewer answers than the minimum is
-- not judged.
WITH segments AS (
    SELECT segment, sum(tally) AS tally FROM :tallies AS tallies GROUP BY segment
), tested AS (
    SELECT segment, tally, difference, p_value, row_number() OVER (ORDER BY p_value, segment) AS place, count(p_value) OVER () AS tests
    FROM segments,
         nps_test(CASE WHEN nps_responses(tally) >= :'minimum'::bigint THEN tally END,
                  nullif(:'benchmark', '')::double precision, method => 'score') AS test
    WHERE nps_responses(tally) > 0
), adjusted AS (
    SELECT *, max(least(1, p_value * (tests - place + 1))) OVER (ORDER BY place) AS p_adjusted
    FROM tested
)
SELECT segment, responses, round(score, 1) AS score, round(lower, 1) AS lower, round(upper, 1) AS upper,
       responses < :'minimum'::bigint AS small, CASE WHEN p_value IS NOT NULL THEN round(p_adjusted::numeric, 3) END AS p_adjusted,
       CASE WHEN p_value IS NULL THEN NULL WHEN p_adjusted >= 0.05 THEN 'unclear' WHEN difference > 0 THEN 'above' ELSE 'below' END AS verdict
FROM adjusted, nps_summary(tally, method => 'score') AS summary
ORDER BY summary.score DESC, segment;
