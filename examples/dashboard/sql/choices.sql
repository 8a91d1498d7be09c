-- What there is to choose from: every month from the first answer to the last,
-- also those without an answer, the plans and the countries.
SELECT ARRAY(SELECT to_char(month, 'YYYY-MM')
             FROM (SELECT min(month)::timestamp, max(month)::timestamp FROM monthly_tallies) AS months (first, last),
                  generate_series(first, last, interval '1 month') AS month
             ORDER BY month) AS months,
       ARRAY(SELECT DISTINCT plan FROM monthly_tallies ORDER BY plan) AS plans,
       ARRAY(SELECT DISTINCT country FROM monthly_tallies ORDER BY country) AS countries;
