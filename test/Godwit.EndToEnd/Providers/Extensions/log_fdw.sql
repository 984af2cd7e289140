-- A foreign data wrapper without a handler: it can have servers, as the real one has.
CREATE FOREIGN DATA WRAPPER log_fdw;
