-- A page of answers, newest first.  A detractor is to be called back unless he
-- or she has given a better answer since, or has been called.
WITH page AS MATERIALIZED (
    SELECT * FROM :page AS answers ORDER BY :order OFFSET :'skip'::integer LIMIT :'limit'::integer
)
SELECT :shown
FROM page AS answers LEFT JOIN :better AS better ON better.customer = :author
ORDER BY :order;
