using System.Text.RegularExpressions;

namespace Godwit.Providers;

/// <remarks>Its hosts are another provider's, and so are some roles and settings of its Essential plans. It is told by
/// the shape of the names it gives, and by the setting that its own command line reads for the extensions of the larger
/// plans.</remarks>
internal static partial class Heroku
{
    /// <summary>The list of extensions on Standard and larger plans. Others use the same library, so it counts only
    /// where nothing else tells who it is.</summary>
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

    /// <summary>Names as Heroku gives them: a letter and about thirteen random letters and digits. Two names without
    /// any digit are a person's.</summary>
    public static bool HasGiven(string user, string database) =>
        UserName().IsMatch(user) && DatabaseName().IsMatch(database) && (user + database).Any(char.IsAsciiDigit);

    /// <summary>A credential's name is its user's choice; the database's is not.</summary>
    public static bool MayHaveGiven(string database) =>
        DatabaseName().IsMatch(database) && database.Any(char.IsAsciiDigit);

    [GeneratedRegex("^u[a-z0-9]{10,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex UserName();

    [GeneratedRegex("^d[a-z0-9]{10,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex DatabaseName();
}
