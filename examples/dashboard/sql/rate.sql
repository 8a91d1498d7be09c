-- How many of those who were invited in the period answered, if each answer
-- falls into the period of its invitation.
SELECT invited, answered, round(100.0 * answered / nullif(invited, 0), 1) AS pct
FROM (SELECT count(*) FROM :invitations AS invitations) AS asked (invited),
     (SELECT coalesce(nps_responses(sum(tally)), 0) FROM :tallies AS tallies) AS counted (answered);
