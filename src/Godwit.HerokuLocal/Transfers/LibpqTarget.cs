using System.Globalization;
using Godwit.Faults;

namespace Godwit.HerokuLocal.Transfers;

/// <summary>A postgres:// URL for libpq's programs. All users of the machine can see arguments, so the password goes
/// into the environment.</summary>
/// <param name="ConnectionInfo">For <c>--dbname</c>, without the password.</param>
internal sealed record LibpqTarget(string ConnectionInfo, IReadOnlyDictionary<string, Secret?> Environment)
{
    private const int DefaultPort = 5432;

    /// <exception cref="TransferException">Not a postgres:// URL.</exception>
    public static LibpqTarget Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("postgres" or "postgresql"))
            throw new TransferException("Not a postgres:// URL");
        var user = parsed.UserInfo.Split(':', 2);
        var mode = parsed.Query.TrimStart('?').Split('&')
            .FirstOrDefault(p => p.StartsWith("sslmode=", StringComparison.Ordinal))?["sslmode=".Length..];
        var info = new List<string>
        {
            Pair("host", parsed.Host.Trim('[', ']')),
            Pair("port", (parsed.Port > 0 ? parsed.Port : DefaultPort).ToString(CultureInfo.InvariantCulture)),
            Pair("user", Uri.UnescapeDataString(user[0])),
            Pair("dbname", Uri.UnescapeDataString(parsed.AbsolutePath.TrimStart('/'))),
            Pair("application_name", TransferPrograms.ApplicationName),
            Pair("connect_timeout", "15"),
        };
        if (mode is not null)
            info.Add(Pair("sslmode", mode));
        return new(string.Join(' ', info), new Dictionary<string, Secret?>
        {
            ["PGPASSWORD"] = user.Length > 1 ? new(Uri.UnescapeDataString(user[1])) : null,
            // Heroku-local's own libpq settings must not affect this connection.
            ["PGSSLMODE"] = null, ["PGPASSFILE"] = null, ["PGSERVICE"] = null, ["PGOPTIONS"] = null,
            ["PGHOSTADDR"] = null,
            ["LC_ALL"] = Secret.Plain("C"),
        });
    }

    private static string Pair(string name, string value) =>
        $"{name}='"
            + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
