namespace Godwit.Storage.S3;

/// <summary>Limits of one object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html</summary>
internal static class S3Limits
{
    public const int PartsMax = 10_000;
}
