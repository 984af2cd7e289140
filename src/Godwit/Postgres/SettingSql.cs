using System.Text.RegularExpressions;

namespace Godwit.Postgres;

/// <summary>Stores a setting for a database or a role.</summary>
public static partial class SettingSql
{
    /// <summary>Does nothing, but makes the server load plpgsql.</summary>
    internal const string LoadLanguage = "DO LANGUAGE plpgsql 'BEGIN END'";

    /// <summary>The statement up to the setting's name.</summary>
    /// <param name="role">Null: all roles in the database.</param>
    public static string Beginning(string database, string? role, string name) =>
        $"ALTER {(role is null ? "" : $"ROLE {ServerCatalog.Quote(role)} IN ")}DATABASE "
        + $"{ServerCatalog.Quote(database)} SET {Name(name)}";

    /// <summary>Ready to paste; loads plpgsql first if needed.</summary>
    public static string ToPaste(string database, string? role, string name, string text) =>
        (name.StartsWith("plpgsql.", StringComparison.OrdinalIgnoreCase) ? LoadLanguage + "; " : "")
            + Whole(database, role, name, text) + ";";

    /// <summary>Without a semicolon.</summary>
    public static string Whole(string database, string? role, string name, string text) =>
        $"{Beginning(database, role, name)} = {Value(name, text)}";

    /// <summary>Quoted for a shell if needed.</summary>
    public static string RoleFlag(string role) =>
        $"--role {(Plain().IsMatch(role) ? role : $"'{role.Replace("'", @"'\''", StringComparison.Ordinal)}'")}";

    /// <summary>Parts of an application's own name are quoted: they may be key words.</summary>
    public static string Name(string name) =>
        Plain().IsMatch(name) ? name : string.Join('.', name.Split('.').Select(ServerCatalog.Quote));

    private static string Value(string name, string text) =>
        SettingText.IsQuotedList(name) && SettingText.Names(text) is { Count: > 0 } names
            ? string.Join(", ", names.Select(Literal)) : Literal(text);

    // E'…' for backslashes: the literal is independent of standard_conforming_strings.
    private static string Literal(string text) =>
        (text.Contains('\\', StringComparison.Ordinal) ? "E" : "")
        + "'" + text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
