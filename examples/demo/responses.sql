-- The demo's data: about 120,000 answers to "How likely are you to recommend
-- us?" over the 24 months of 2024 and 2025, the same every time.
--
-- The story in it: customers grow happier, slowly, and more of them answer.
-- In March 2025 the Basic plan suffers an outage.  Enterprise is looked after
-- well; the Free plan is what one would expect.

SET timezone = 'UTC';
SELECT setseed(0.2003);

CREATE TABLE responses (
    response_id integer PRIMARY KEY,
    customer_id integer NOT NULL,
    answered_at timestamptz NOT NULL,
    plan        text NOT NULL,
    country     text NOT NULL,
    score       smallint CHECK (score BETWEEN 0 AND 10),    -- NULL: no answer
    comment     text
);

COMMENT ON TABLE responses IS
    'Answers to: How likely are you to recommend us to a friend or colleague?';
COMMENT ON COLUMN responses.score IS '0 to 10; NULL where the customer gave none';

INSERT INTO responses
WITH days AS (
    -- More answers a day as time goes by, fewer at week-ends.
    SELECT day::timestamptz AS day,
           (130 + n / 9.0) * CASE WHEN extract(isodow FROM day) > 5 THEN 0.55 ELSE 1.15 END AS answers
    FROM generate_series(timestamptz '2024-01-01', '2025-12-31', '1 day') WITH ORDINALITY AS d(day, n)
), drawn AS MATERIALIZED (
    SELECT day + random() * interval '24 hours' AS answered_at,
           random() AS plan_draw, random() AS country_draw, random() AS customer_draw,
           random() + random() + random() + random() - 2 AS mood,
           random() AS answer_draw, random() AS comment_draw, random() AS wording_draw
    FROM days, generate_series(1, answers::integer)
), placed AS (
    SELECT *, date_trunc('second', answered_at) AS at,
           CASE WHEN plan_draw < 0.40 THEN 'Free' WHEN plan_draw < 0.72 THEN 'Basic'
                WHEN plan_draw < 0.93 THEN 'Pro' ELSE 'Enterprise' END AS plan,
           CASE WHEN country_draw < 0.34 THEN 'US' WHEN country_draw < 0.56 THEN 'DE'
                WHEN country_draw < 0.74 THEN 'FR' WHEN country_draw < 0.87 THEN 'GB'
                WHEN country_draw < 0.95 THEN 'BR' ELSE 'JP' END AS country
    FROM drawn
), felt AS (
    SELECT *,
           7.5 + 3.9 * mood
           + CASE plan WHEN 'Free' THEN -0.5 WHEN 'Basic' THEN 0.2 WHEN 'Pro' THEN 0.9 ELSE 1.3 END
           + CASE country WHEN 'US' THEN 0.3 WHEN 'BR' THEN 0.6 WHEN 'JP' THEN -0.9 WHEN 'FR' THEN -0.2 ELSE 0 END
           + 0.6 * extract(epoch FROM at - timestamptz '2024-01-01') / extract(epoch FROM interval '730 days')
           - CASE WHEN plan = 'Basic' AND at >= '2025-03-01' AND at < '2025-04-01' THEN 1.8 ELSE 0 END AS feeling
    FROM placed
), scored AS (
    SELECT *, CASE WHEN answer_draw > 0.04 THEN greatest(0, least(10, round(feeling)))::smallint END AS score
    FROM felt
)
SELECT row_number() OVER (ORDER BY at, customer_draw),
       1 + floor(customer_draw * customer_draw * 30000),
       at, plan, country, score,
       CASE WHEN comment_draw < 0.12 THEN
           (CASE WHEN score <= 6 THEN
                    (ARRAY['Support took days to answer.', 'Too expensive for what it does.',
                           'It was down again when we needed it.', 'The export loses my columns.',
                           'Hard to set up, and the guide is out of date.', 'The app is slow since the update.'])
                WHEN score <= 8 THEN
                    (ARRAY['Good, but the reports could be better.', 'Does the job.', 'I miss an offline mode.',
                           'Fine once it is set up.', 'Price went up, features did not.', 'Works, mostly.'])
                WHEN score <= 10 THEN
                    (ARRAY['Saves us hours every week.', 'Support answered within minutes!', 'Just works.',
                           'My whole team uses it now.', 'Best tool we bought this year.', 'Easy from the first day.'])
           END)[1 + floor(wording_draw * 6)::integer]
       END
FROM scored;

ANALYZE responses;
