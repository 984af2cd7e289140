using System.Net;

namespace Godwit.Storage.S3.Buckets;

/// <summary>The rules for names of new buckets. Existing buckets may have other names.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html</summary>
internal static class S3BucketName
{
    public const string Kind = "bucket";

    private const int LengthMax = 63;

    private static readonly string[] PrefixesReserved = ["xn--", "sthree-", "amzn-s3-demo-"];

    private static readonly string[] SuffixesReserved = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    /// <returns>The broken rule, as a clause. Null: the name is valid.</returns>
    public static string? Problem(string name) => name switch
    {
        { Length: > LengthMax } => $"a new bucket's name has at most {LengthMax} characters",
        _ when name.Any(char.IsAsciiLetterUpper) => "a new bucket's name has no capital letters",
        _ when name.Contains('_', StringComparison.Ordinal) => "a new bucket's name has no underscores",
        _ when !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]) =>
            "a new bucket's name begins and ends with a letter or a digit",
        // The bucket's DNS name would have more labels than the service's certificate covers.
        _ when name.Contains('.', StringComparison.Ordinal) =>
            "a name with dots is not covered by the services' certificates",
        _ when IPAddress.TryParse(name, out _) => "it looks like a network address",
        _ when Array.Exists(PrefixesReserved, one => name.StartsWith(one, StringComparison.Ordinal)) =>
            "names that begin so are reserved by S3",
        _ when Array.Exists(SuffixesReserved, one => name.EndsWith(one, StringComparison.Ordinal)) =>
            "names that end so are reserved by S3",
        _ => null,
    };
}
