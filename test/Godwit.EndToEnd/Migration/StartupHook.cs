using System.Diagnostics;

#pragma warning disable CA1050, CA1852 // The runtime looks for a class of this name that is in no namespace.

/// <summary>The runtime runs this before Godwit's own Main, where <c>DOTNET_STARTUP_HOOKS</c> names this assembly: a
/// defect that the product has no door for. From then on a statement that holds a text makes the driver throw what no
/// room foresees, with a secret in its message.</summary>
internal static class StartupHook
{
    /// <summary>The statement, by a text in it.</summary>
    public const string AtVariable = "GODWIT_TEST_DEFECT_AT";

    /// <summary>Names the variable with the URL whose password is in the message.</summary>
    public const string QuotedVariable = "GODWIT_TEST_DEFECT_QUOTES";

    public static void Initialize()
    {
        var at = Environment.GetEnvironmentVariable(AtVariable)!;
        var url = new Uri(Environment.GetEnvironmentVariable(Environment.GetEnvironmentVariable(QuotedVariable)!)!);
        // Alone: no pattern finds it, only somebody who knows it.
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
