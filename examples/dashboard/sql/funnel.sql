-- The segments by how many answers they have, beside the limits within which
-- chance alone would keep 95 % and 99.8 % of segments of that size if all were
-- as the whole: overall score ± z · 100 · sqrt(v / n), v the variance of one
-- answer.  Rows without a segment are the limits, at sizes that a curve needs.
WITH segments AS (
    SELECT segment, sum(tally) AS tally FROM :tallies AS tallies GROUP BY segment
), whole AS (
    SELECT nps_score(sum(tally)) AS score, nps_stderr(sum(tally)) * sqrt(nps_responses(sum(tally))) AS deviation,
           greatest(min(nps_responses(tally)), :'minimum'::bigint / 3, 1) AS fewest, greatest(max(nps_responses(tally)), 10) AS most
    FROM segments WHERE nps_responses(tally) > 0
), places AS (
    SELECT true AS is_segment, segment, nps_responses(tally)::double precision AS responses, nps_score(tally) AS score
    FROM segments WHERE nps_responses(tally) > 0
    UNION ALL
    SELECT false, NULL, 0.8 * fewest * power(1.25 * most / (0.8 * fewest), part / 60.0), NULL
    FROM whole, generate_series(0, 60) AS part
    WHERE deviation IS NOT NULL
)
SELECT is_segment, segment, places.responses, round(places.score, 1) AS score, round(whole.score, 1) AS overall,
       is_segment AND places.responses < :'minimum'::bigint AS small,
       greatest(-100, whole.score - 1.959964 * deviation / sqrt(places.responses)) AS lower_95,
       least(100, whole.score + 1.959964 * deviation / sqrt(places.responses)) AS upper_95,
       greatest(-100, whole.score - 3.090232 * deviation / sqrt(places.responses)) AS lower_998,
       least(100, whole.score + 3.090232 * deviation / sqrt(places.responses)) AS upper_998
FROM places, whole
ORDER BY is_segment DESC, places.responses, segment;
