namespace Godwit.Heroku;

/// <summary>Heroku's regions, with the names of the AWS regions they run in.
/// https://devcenter.heroku.com/articles/regions</summary>
public static class HerokuRegion
{
    /// <summary>The region of an app when none is given.</summary>
    public const string Default = "us";

    private static readonly Dictionary<string, string> Below = new(StringComparer.Ordinal)
    {
        ["us"] = "us-east-1",
        ["eu"] = "eu-west-1",
        ["virginia"] = "us-east-1",
        ["oregon"] = "us-west-2",
        ["montreal"] = "ca-central-1",
        ["dublin"] = "eu-west-1",
        ["frankfurt"] = "eu-central-1",
        ["london"] = "eu-west-2",
        ["mumbai"] = "ap-south-1",
        ["singapore"] = "ap-southeast-1",
        ["sydney"] = "ap-southeast-2",
        ["tokyo"] = "ap-northeast-1",
    };

    /// <summary><c>eu-west-1</c> for <c>eu</c>; null for an unknown region.</summary>
    public static string? InCloud(string region) => Below.GetValueOrDefault(region);
}
