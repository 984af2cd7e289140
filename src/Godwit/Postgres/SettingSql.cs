using System.Text.RegularExpressions;

namespace Godwit.Postgres;

/// <summary>The statements that fix a setting for a database or a role.</summary>
public static partial class SettingSql
{
    /// <summary>Does nothing, and has the server load what it does nothing with.</summary>
    internal const string LoadLanguage = "DO LANGUAGE plpgsql 'BEGIN END'";

    /// <param name="role">Null: for every role in the database.</param>
    /// <returns>Without a semicolon, up to and with the name.</returns>
    public static string Beginning(string database, string? role, string name) =>
        $"ALTER {(role is null ? "" : $"ROLE {ServerCatalog.Quote(role)} IN ")}DATABASE "
        + $"{ServerCatalog.Quote(database)} SET {Name(name)}";

    /// <summary>To paste, with whatever must stand before it.</summary>
    public static string ToPaste(string database, string? role, string name, string text) =>
        (name.StartsWith("plpgsql.", StringComparison.OrdinalIgnoreCase) ? LoadLanguage + "; " : "")
            + Whole(database, role, name, text) + ";";

    /// <summary>Without a semicolon.</summary>
    public static string Whole(string database, string? role, string name, string text) =>
        $"{Beginning(database, role, name)} = {Value(name, text)}";

    /// <summary>The flag that names a role, safe to paste into a shell whatever somebody called it.</summary>
    public static string RoleFlag(string role) =>
        $"--role {(Plain().IsMatch(role) ? role : $"'{role.Replace("'", @"'\''", StringComparison.Ordinal)}'")}";

    /// <summary>Parts of a name that an application made up are quoted: they may be key words.</summary>
    public static string Name(string name) =>
        Plain().IsMatch(name) ? name : string.Join('.', name.Split('.').Select(ServerCatalog.Quote));

    private static string Value(string name, string text) =>
        SettingText.IsQuotedList(name) && SettingText.Names(text) is { Count: > 0 } names
            ? string.Join(", ", names.Select(Literal)) : Literal(text);

    // With a backslash in it, so that it means the same whatever standard_conforming_strings says.
    private static string Literal(string text) =>
        (text.Contains('\\', StringComparison.Ordinal) ? "E" : "")
        + "'" + text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
