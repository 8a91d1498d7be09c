-- The latest comments, six of each category, detractors first.  A detractor is
-- to be called back unless he or she has given a better answer since.
SELECT to_char(answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
       category, score, customer_id, plan, country, comment,
       category = 'detractor' AND NOT EXISTS (
           SELECT FROM responses AS later
           WHERE later.customer_id = latest.customer_id AND later.answered_at > latest.answered_at
             AND nps_category(later.score) > 'detractor') AS call_back
FROM (SELECT *, nps_category(score) AS category,
             row_number() OVER (PARTITION BY nps_category(score)
                                ORDER BY answered_at DESC, response_id DESC) AS place
      FROM responses
      WHERE comment IS NOT NULL AND score IS NOT NULL
        AND answered_at >= :'from'::timestamp AT TIME ZONE 'UTC'
        AND answered_at < (:'until'::timestamp + interval '1 month') AT TIME ZONE 'UTC'
        AND :'plan' IN ('', plan) AND :'country' IN ('', country)) AS latest
WHERE place <= 6
ORDER BY category, place;
