using System.Diagnostics;

#pragma warning disable CA1050, CA1852 // The runtime looks for a class of this name that is in no namespace.

/// <summary>The runtime runs this before Godwit's Main, if <c>DOTNET_STARTUP_HOOKS</c> names this assembly. It causes a
/// defect, for which the product has no switch: after a statement with a certain text, the driver throws an unforeseen
/// exception with a secret in its message.</summary>
internal static class StartupHook
{
    /// <summary>A text in the statement.</summary>
    public const string AtVariable = "GODWIT_TEST_DEFECT_AT";

    /// <summary>The name of the variable with the URL whose password is in the message.</summary>
    public const string QuotedVariable = "GODWIT_TEST_DEFECT_QUOTES";

    public static void Initialize()
    {
        var at = Environment.GetEnvironmentVariable(AtVariable)!;
        var url = new Uri(Environment.GetEnvironmentVariable(Environment.GetEnvironmentVariable(QuotedVariable)!)!);
        // Without its URL: no pattern finds the secret, only a list of known secrets.
        var secret = Uri.UnescapeDataString(url.UserInfo.Split(':')[1]);
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Tags.Any(tag => tag.Value?.Contains(at, StringComparison.Ordinal) == true))
                    throw new NotSupportedException($"nobody foresaw this, with '{secret}' in it");
            },
        });
    }
}
