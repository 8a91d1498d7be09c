-- A page of answers, newest first.  A detractor is to be called back unless he
-- or she has given a better answer since, or has been called.
SELECT :shown
FROM :page AS answers
ORDER BY :order
OFFSET :'skip'::integer LIMIT :'limit'::integer;
