-- How many answers gave each score from 0 to 10; a fraction is with the whole
-- number that it has reached.
SELECT score, coalesce(answers, 0) AS answers,
       round(100.0 * coalesce(answers, 0) / nullif(sum(answers) OVER (), 0), 1) AS pct, nps_category(score) AS category
FROM generate_series(0, 10) AS score LEFT JOIN :scores AS scores USING (score)
ORDER BY score;
