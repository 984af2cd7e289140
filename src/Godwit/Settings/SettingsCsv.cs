namespace Godwit.Settings;

/// <summary>RFC 4180: a line per setting that differs from its default or between the two.</summary>
public static class SettingsCsv
{
    public static IReadOnlyList<string> Columns { get; } = ["name", "kind", "role", "source", "source_from", "target",
        "target_from", "why", "do"];

    public static void Write(SettingsComparison comparison, TextWriter writer)
    {
        Line(writer, Columns);
        foreach (var one in comparison.Differences)
            Line(writer, [one.Name, Word(one.Kind), one.Role, one.Source, one.SourceFrom, one.Target, one.TargetFrom,
                one.Why, one.Do]);
    }

    // As in the JSON.
    private static string Word(SettingKind kind) => kind switch
    {
        SettingKind.Carried => "carried",
        SettingKind.Heroku => "heroku",
        SettingKind.Decided => "decided",
        SettingKind.Noise => "noise",
        _ => "same",
    };

    private static void Line(TextWriter writer, IEnumerable<string?> fields)
    {
        writer.Write(string.Join(',', fields.Select(Field)));
        writer.Write("\r\n");
    }

    private static string Field(string? text) =>
        text?.AsSpan().IndexOfAny("\",\r\n") >= 0 ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal)
            + "\"" : text ?? "";
}
