-- schema = aws_commons
CREATE TYPE aws_commons._s3_uri_1 AS (bucket text, file_path text, region text);
CREATE FUNCTION aws_commons.create_s3_uri(text, text, text) RETURNS aws_commons._s3_uri_1 LANGUAGE sql AS 'SELECT ROW($1, $2, $3)::aws_commons._s3_uri_1';
