-- schema = google_vacuum_mgmt
CREATE FUNCTION google_vacuum_mgmt.turbo_vacuum() RETURNS void LANGUAGE sql AS '';
