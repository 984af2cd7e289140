using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Targets;

public abstract record TargetName
{
    /// <summary>For <c>--confirm</c>: the app's name, or the database's.</summary>
    public abstract string Confirmation { get; }

    /// <summary>Null: no Heroku app's.</summary>
    public string? App => (this as HerokuTargetName)?.App;
}

public sealed record PostgresTargetName(PostgresAddress Address) : TargetName
{
    public override string Confirmation => Address.Database;

    public override string ToString() => $"{Address}";
}

/// <param name="Attachment">Null: the app's only database, or one that is created.</param>
public sealed record HerokuTargetName(string App, string? Attachment) : TargetName
{
    public const string Prefix = "heroku:";

    // Beginnings of names of databases that are no app's.
    private static readonly string[] Sources = ["postgres", "env:", "file:", "service:"];

    public new string App { get; } = App;

    public override string Confirmation => App;

    public static bool IsOne(string reference) => reference.StartsWith(Prefix, StringComparison.Ordinal);

    public override string ToString() => Attachment is null ? Prefix + App : $"{Prefix}{App}/{Attachment}";

    /// <exception cref="FaultException"><c>load.target_name</c>.</exception>
    public static HerokuTargetName Parse(string text)
    {
        if (!IsOne(text))
            throw new FaultException(TargetFaults.TargetName(Redactor.Clean(text),
                Sources.Any(one => text.StartsWith(one, StringComparison.Ordinal))
                    ? "only an app of Heroku is one here, because the database is made for it, and destroyed again"
                    : text.Length == 0 ? "it is empty" : "it does not begin with heroku:", Meant(text)));
        var parts = text[Prefix.Length..].Split('/');
        if (parts.Length > 2
            || parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            throw new FaultException(TargetFaults.TargetName(Redactor.Clean(text),
                "an app's name has letters, digits and dashes", Meant(text)));
        return new(parts[0], parts.Length == 2 ? parts[1] : null);
    }

    private static string? Meant(string text) => PostgresSource.Meant(text, "--to");
}
