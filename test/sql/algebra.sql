-- The algebra of tallies and the aggregates, as laws on random data.  Every
-- line shows a law and in how many cases it failed: 0.

SELECT setseed(0.42);
CREATE TEMP TABLE triples AS
    SELECT nps_tally(r[1], r[2], r[3]) AS a, nps_tally(r[4], r[5], r[6]) AS b,
           nps_tally(r[7], r[8], r[9]) AS c
    FROM (SELECT array_agg(floor(random() * 10 ^ (random() * 17))::bigint) AS r
          FROM generate_series(0, 17999) AS i GROUP BY i / 9) AS v;

SELECT count(*) AS cases,
       count(*) FILTER (WHERE a + '(0,0,0)' <> a) AS identity,
       count(*) FILTER (WHERE a + b <> b + a) AS commutativity,
       count(*) FILTER (WHERE (a + b) + c <> a + (b + c)) AS associativity,
       count(*) FILTER (WHERE (a + b) - b <> a) AS subtraction,
       count(*) FILTER (WHERE a - a <> '(0,0,0)') AS self,
       count(*) FILTER (WHERE (a = b) <> (a::text = b::text)) AS equality,
       count(*) FILTER (WHERE (a <> b) = (a = b)) AS negation,
       count(*) FILTER (WHERE nps_tally_hash(a + b) <> nps_tally_hash(b + a)) AS hash,
       count(*) FILTER (WHERE a::text::nps_tally <> a) AS text_form,
       count(*) FILTER (WHERE nps_tally(nps_detractors(a), nps_passives(a),
                                        nps_promoters(a)) <> a) AS parts,
       count(*) FILTER (WHERE nps_responses(a + b) <> nps_responses(a) + nps_responses(b)) AS responses,
       count(*) FILTER (WHERE (a::jsonb ->> 'score')::numeric <> nps_score(a)) AS json_score,
       count(*) FILTER (WHERE nps_score(nps_tally(nps_promoters(a), nps_passives(a),
                                                  nps_detractors(a))) <> -nps_score(a)) AS mirror
FROM triples;

-- The score is the plain formula in exact arithmetic: within half a unit of
-- the 16th decimal place, compared without a division.
SELECT count(*) FILTER (WHERE abs(nps_score(a) * nps_responses(a) - 100 * (nps_promoters(a)::numeric - nps_detractors(a)))
                              > 0.5e-16 * nps_responses(a)) AS formula,
       count(*) FILTER (WHERE scale(nps_score(a)) > 16
                        OR scale(nps_score(a)) <> min_scale(nps_score(a))) AS digits,
       count(*) FILTER (WHERE nps_score(a) NOT BETWEEN -100 AND 100) AS range
FROM triples WHERE nps_responses(a) > 0;

-- Random answers, a tenth of them NULL, in seven segments.
CREATE TEMP TABLE answers AS
    SELECT i, floor(random() * 7)::integer AS segment,
           CASE WHEN random() > 0.1 THEN floor(random() * 11)::integer END AS score
    FROM generate_series(1, 20000) AS i;

-- Every aggregate equals the formula that people write by hand.
CREATE TEMP VIEW by_hand AS
    SELECT segment,
           count(*) FILTER (WHERE score <= 6) AS detractors,
           count(*) FILTER (WHERE score IN (7, 8)) AS passives,
           count(*) FILTER (WHERE score >= 9) AS promoters,
           100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / nullif(count(score), 0) AS nps
    FROM answers GROUP BY segment;
SELECT count(*) AS segments,
       count(*) FILTER (WHERE abs(n.nps - h.nps) < 1e-14) AS nps_agrees,
       count(*) FILTER (WHERE n.tally = nps_tally(detractors, passives, promoters)) AS tally_agrees
FROM by_hand AS h
     JOIN (SELECT segment, nps(score),
           nps_tally(score) AS tally FROM answers GROUP BY segment) AS n USING (segment);

-- One score, whatever its type.
SELECT count(*) AS segments,
       count(*) FILTER (WHERE s = i AND i = b AND b = n AND n = d AND d = c) AS types_agree
FROM (SELECT nps_tally(score::smallint) AS s, nps_tally(score) AS i, nps_tally(score::bigint) AS b,
             nps_tally(score::numeric) AS n, nps_tally(score::double precision) AS d,
             nps_tally(nps_category(score)) AS c
      FROM answers GROUP BY segment) AS v;
SELECT count(*) AS segments,
       count(*) FILTER (WHERE s = i AND i = b AND b = n AND n = d AND d = c) AS types_agree
FROM (SELECT nps(score::smallint) AS s, nps(score) AS i, nps(score::bigint) AS b,
             nps(score::numeric) AS n, nps(score::double precision) AS d,
             nps(nps_category(score)) AS c
      FROM answers GROUP BY segment) AS v;

-- However the answers are split, the pieces add up to the whole.
SELECT pieces, sum(tally) = (SELECT nps_tally(score) FROM answers) AS tally_of_whole,
       nps(tally) = (SELECT nps(score) FROM answers) AS score_of_whole
FROM (VALUES (1), (2), (3), (7), (100), (20000), (30000)) AS v(pieces),
     LATERAL (SELECT nps_tally(score) AS tally FROM answers GROUP BY i % pieces) AS parts
GROUP BY pieces ORDER BY pieces;

-- Nor does the order of the answers matter.
SELECT nps_tally(score ORDER BY score) = nps_tally(score ORDER BY -i) AS same,
       nps(score ORDER BY score DESC) = nps(score) AS same FROM answers;

-- A segment and the rest of its whole.
SELECT count(*) FILTER (WHERE total - tally = rest) AS rest_agrees
FROM (SELECT segment, nps_tally(score) AS tally, (SELECT nps_tally(score) FROM answers) AS total,
             (SELECT nps_tally(score) FROM answers AS other WHERE other.segment <> answers.segment) AS rest
      FROM answers GROUP BY segment) AS v;

-- Points average to the score.
SELECT count(*) FILTER (WHERE abs(avg - nps) < 1e-14) AS points_agree
FROM (SELECT avg(nps_points(nps_category(score))), nps(score) FROM answers GROUP BY segment) AS v;
