namespace Godwit.Storage.S3;

/// <summary>Limits of one object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html</summary>
internal static class S3Limits
{
    public const int PartsMax = 10_000;
    public const long ObjectBytesMax = 5L * 1024 * 1024 * 1024 * 1024;
    public const long PartBytesMin = 5L * 1024 * 1024;
}
