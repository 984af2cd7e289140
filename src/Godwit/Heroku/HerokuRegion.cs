namespace Godwit.Heroku;

/// <summary>Where Heroku's regions are, by the names that the cloud below them has for its own.</summary>
/// <remarks>https://devcenter.heroku.com/articles/regions</remarks>
public static class HerokuRegion
{
    /// <summary>What an app gets when nobody names a region.</summary>
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

    /// <summary><c>eu-west-1</c> of <c>eu</c>; null for a region that this table does not know.</summary>
    public static string? InCloud(string region) => Below.GetValueOrDefault(region);
}
