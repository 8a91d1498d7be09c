-- What moved the score from the period before to this one: by each segment's
-- own score (rate) and by its share of the answers (mix).  The totals add up
-- to the change of the whole; without answers in either period they are NULL.
-- A segment's change is real where p < 0.05, divided by the number of segments.
WITH segments AS (
    SELECT CASE :'by' WHEN 'plan' THEN plan ELSE country END AS segment,
           coalesce(sum(tally) FILTER (WHERE month < :'from'::date), '(0,0,0)') AS before,
           coalesce(sum(tally) FILTER (WHERE month >= :'from'::date), '(0,0,0)') AS after
    FROM monthly_tallies
    WHERE month >= :'from'::date - age(:'until'::date + interval '1 month', :'from'::date)
      AND month <= :'until'::date
      AND :'plan' IN ('', plan) AND :'country' IN ('', country)
    GROUP BY 1
)
SELECT segment, round(nps_score(before), 1) AS score_before, round(nps_score(after), 1) AS score,
       round(100.0 * nps_responses(before) / nullif(nps_responses(whole_before), 0), 1) AS share_before,
       round(100.0 * nps_responses(after) / nullif(nps_responses(whole_after), 0), 1) AS share,
       round(rate, 2) AS rate, round(mix, 2) AS mix, round(total, 2) AS total,
       (nps_test(after, before)).p_value < 0.05 / count(*) OVER () AS real
FROM segments, (SELECT sum(before), sum(after) FROM segments) AS whole (whole_before, whole_after),
     nps_change(before, after, whole_before, whole_after)
ORDER BY abs(total) DESC NULLS LAST, segment;
