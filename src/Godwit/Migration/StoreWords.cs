using Godwit.Journal;

namespace Godwit.Migration;

/// <summary>How a store is named again on a command line.</summary>
public static class StoreWords
{
    /// <summary>The flags behind a store's address, with a space before each; empty when the address says
    /// all.</summary>
    public static string Flags(RunSettings settings) => string.Concat(
        new[]
        {
            ("--s3-endpoint", settings.S3Endpoint),
            ("--s3-region", settings.S3Region),
            ("--s3-profile", settings.S3Profile),
            ("--s3-path-style", settings.S3PathStyle is { } style ? style ? "true" : "false" : null),
            ("--azure-endpoint", settings.AzureEndpoint),
        }
        .Where(flag => flag.Item2 is not null).Select(flag => $" {flag.Item1} {flag.Item2}"));
}
