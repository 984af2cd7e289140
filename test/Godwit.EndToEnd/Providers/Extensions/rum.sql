CREATE FUNCTION rum_ts_score(tsvector, tsquery) RETURNS real LANGUAGE sql AS 'SELECT ts_rank($1, $2)';
