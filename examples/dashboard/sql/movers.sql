-- What moved the score from the period before to this one: by each segment's
-- own score (rate) and by its share of the answers (mix).  The totals add up
-- to the change of the whole; without answers in either period they are NULL.
-- A segment's own change is real where p < 0.05 after Holm's adjustment; with
-- fewer answers than the minimum in either period it is not judged.
WITH segments AS (
    SELECT segment, coalesce(sum(tally) FILTER (WHERE day < :'from'::date), '(0,0,0)') AS before,
           coalesce(sum(tally) FILTER (WHERE day >= :'from'::date), '(0,0,0)') AS after
    FROM :tallies_before AS tallies GROUP BY segment
), tested AS (
    SELECT *, row_number() OVER (ORDER BY p_value, segment) AS place, count(p_value) OVER () AS tests
    FROM segments,
         nps_test(CASE WHEN least(nps_responses(before), nps_responses(after)) >= :'minimum'::bigint THEN after END, before) AS test
), adjusted AS (
    SELECT *, max(least(1, p_value * (tests - place + 1))) OVER (ORDER BY place) AS p_adjusted
    FROM tested
)
SELECT segment, nps_responses(after) AS responses, nps_responses(before) AS responses_before,
       round(nps_score(before), 1) AS score_before, round(nps_score(after), 1) AS score,
       round(100.0 * nps_responses(before) / nullif(nps_responses(whole_before), 0), 1) AS share_before,
       round(100.0 * nps_responses(after) / nullif(nps_responses(whole_after), 0), 1) AS share,
       round(rate, 2) AS rate, round(mix, 2) AS mix, round(total, 2) AS total,
       least(nps_responses(before), nps_responses(after)) < :'minimum'::bigint AS small,
       CASE WHEN p_value IS NULL THEN NULL WHEN p_adjusted >= 0.05 THEN 'unclear' WHEN difference > 0 THEN 'rise' ELSE 'fall' END AS verdict
FROM adjusted, (SELECT sum(before), sum(after) FROM segments) AS whole (whole_before, whole_after),
     nps_change(before, after, whole_before, whole_after)
ORDER BY abs(total) DESC NULLS LAST, segment;
