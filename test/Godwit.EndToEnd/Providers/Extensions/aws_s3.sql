-- schema = aws_s3
-- requires = aws_commons
CREATE FUNCTION aws_s3.query_export_to_s3(text, aws_commons._s3_uri_1) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
