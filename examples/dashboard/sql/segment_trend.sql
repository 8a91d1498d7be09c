-- The score by step of the segments with the most answers.
WITH tallies AS (
    SELECT segment, date_trunc(:'each', day::timestamp) AS step, sum(tally) AS tally
    FROM :tallies AS tallies
    GROUP BY 1, 2
), most AS (
    SELECT segment, nps_responses(sum(tally)) AS answers, count(*) OVER () AS segments
    FROM tallies GROUP BY segment
    ORDER BY answers DESC, segment LIMIT :'most'::integer
)
SELECT most.segment, most.answers, most.segments, to_char(step, 'YYYY-MM-DD') AS step, nps_responses(tally) AS responses,
       round(nps_score(tally), 1) AS score, nps_responses(tally) < :'minimum'::bigint AS small,
       step < :'from'::timestamp OR step + :'span'::interval > least(:'until'::timestamp + interval '1 day', :'as_of'::timestamp) AS incomplete
FROM most JOIN tallies ON tallies.segment IS NOT DISTINCT FROM most.segment
ORDER BY most.answers DESC, most.segment, step;
