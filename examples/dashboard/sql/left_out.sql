-- What no figure counts: scores off the scale in the period, and answers
-- without a date.
SELECT (SELECT count(*) FROM :off_scale AS answers) AS off_scale, (SELECT count(*) FROM :undated AS answers) AS undated;
