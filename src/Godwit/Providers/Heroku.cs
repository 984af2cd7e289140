using System.Text.RegularExpressions;

namespace Godwit.Providers;

/// <remarks>Heroku's hosts belong to another provider, as do some roles and settings of Essential plans. The shape of
/// Heroku's generated names identifies it, and on larger plans the setting with the allowed extensions.</remarks>
internal static partial class Heroku
{
    /// <summary>Lists the extensions of Standard and larger plans. Other providers use the same library, so it decides
    /// only if nothing else does.</summary>
    public const string AllowListSetting = "extwlist.extensions";

    public static Provider Provider { get; } = new()
    {
        Name = "heroku",
        Title = "Heroku Postgres",
        Lacks = ["a superuser", "roles of the user's own: credentials stand in", "logical replication out of it",
            "an object store of its own"],
        Remedies = new()
        {
            TakeBackup = _ => "Take a backup and see it completed: heroku pg:backups:capture DATABASE_URL -a APP",
            OpenNetwork = _ => "Databases outside of Private and Shield Spaces take connections from anywhere; "
                + "for one inside, run Godwit in its space or let this machine in there.",
            DeleteDatabase = _ => new("Its backups are deleted with it.",
                "heroku addons:destroy ADDON --app FORMER-APP"),
        },
        NoiseSettings = ["rds.", "apg_", "aurora_", "extwlist."],
    };

    /// <summary>Heroku's names: a letter and about thirteen random letters and digits. Names without a digit were
    /// chosen by a person.</summary>
    public static bool HasGiven(string user, string database) =>
        UserName().IsMatch(user) && DatabaseName().IsMatch(database) && (user + database).Any(char.IsAsciiDigit);

    /// <summary>Users choose the names of credentials, but not of databases.</summary>
    public static bool MayHaveGiven(string database) =>
        DatabaseName().IsMatch(database) && database.Any(char.IsAsciiDigit);

    [GeneratedRegex("^u[a-z0-9]{10,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex UserName();

    [GeneratedRegex("^d[a-z0-9]{10,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex DatabaseName();
}
