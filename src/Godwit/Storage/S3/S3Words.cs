namespace Godwit.Storage.S3;

/// <summary>Wording of faults for one service, so that they name only its own variables and consoles.</summary>
internal static class S3Words
{
    /// <summary>The places where keys were searched, in order; says so if only one half of a pair is set.</summary>
    /// <param name="mayBorrow">Keys that AWS lends may be used.</param>
    public static string LookedFor(S3Service service, S3Options settled, bool mayBorrow)
    {
        var places = S3Credentials.VariablesOf(service).Select(names => Pair(names, settled, mayBorrow)).ToList();
        if (service.HasAmbientKeys && mayBorrow)
            places.AddRange(["a web identity (AWS_WEB_IDENTITY_TOKEN_FILE)",
                $"the profile 'default' of {Files(settled)}", "a container's or an instance's own service"]);
        else
            places.Add($"a profile of {Files(settled)} with long-lived keys: --profile names none");
        return string.Join("; ", places);
    }

    public static string Files(S3Options settled) =>
        $"{settled.Variable("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials"} and "
        + $"{settled.Variable("AWS_CONFIG_FILE") ?? "~/.aws/config"}";

    /// <summary>AWS's command line for this service, up to the verb.</summary>
    public static string Cli(S3Place place) => place.Endpoint is null ? "aws" : $"aws --endpoint-url {place.Endpoint}";

    private static string Pair(S3KeyVariables names, S3Options settled, bool mayBorrow) =>
        (settled.Variable(names.Id), settled.Variable(names.Key)) switch
        {
            (null, not null) => $"{names.Id}, which is not set, though {names.Key} is",
            (not null, null) => $"{names.Key}, which is not set, though {names.Id} is",
            (not null, not null) when !mayBorrow && names == S3Services.OfAws =>
                $"{names.Id} and {names.Key}, which are temporary ({names.TokenName} is set) and are shown "
                + "to AWS alone",
            _ => $"{names.Id} and {names.Key}",
        };
}
