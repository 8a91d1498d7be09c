-- The score of the period with its margin, the change against the equally long
-- period before it, and whether that change is more than chance: p < 0.05.  How
-- many steps of the period before have answers says what it is worth.
SELECT now.responses, now.detractors, now.passives, now.promoters,
       round(now.detractor_pct, 1) AS detractor_pct, round(now.passive_pct, 1) AS passive_pct,
       round(now.promoter_pct, 1) AS promoter_pct, round(now.score, 1) AS score,
       round(now.margin, 1) AS margin, round(now.lower, 1) AS lower, round(now.upper, 1) AS upper,
       before.responses AS responses_before, round(before.score, 1) AS score_before,
       steps_before, (SELECT count(*) FROM generate_series(date_trunc(:'each', :'before'::timestamp),
                                                           :'from'::timestamp - interval '1 day', :'span'::interval)) AS all_steps_before,
       round(now.score - before.score, 1) AS change,
       round(test.lower, 1) AS change_lower, round(test.upper, 1) AS change_upper,
       round(test.p_value::numeric, 3) AS p_value, test.p_value < 0.05 AS real,
       nps_promoters_needed(this, nullif(:'benchmark', '')::numeric) AS promoters_needed
FROM (SELECT coalesce(sum(tally) FILTER (WHERE day >= :'from'::date), '(0,0,0)'),
             coalesce(sum(tally) FILTER (WHERE day < :'from'::date), '(0,0,0)'),
             count(DISTINCT date_trunc(:'each', day::timestamp)) FILTER (WHERE day < :'from'::date)
      FROM :tallies_before AS tallies) AS periods (this, previous, steps_before),
     nps_summary(this) AS now, nps_summary(previous) AS before, nps_test(this, previous) AS test;
