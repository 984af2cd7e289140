namespace Godwit.Postgres;

/// <summary>The kind of value a setting takes, from pg_settings.</summary>
/// <param name="Type"><c>bool</c>, <c>integer</c>, <c>real</c>, <c>enum</c> or <c>string</c>.</param>
/// <param name="Unit">Of a plain number: <c>8kB</c>, <c>ms</c>. Null: none.</param>
/// <param name="Words">Values of an <c>enum</c>; else empty.</param>
public sealed record SettingShape(string Name, string Type, string? Unit, IReadOnlyList<string> Words)
{
    /// <summary>No server defines it: a text, compared literally.</summary>
    public static SettingShape Custom(string name) => new(name, "string", Unit: null, Words: []);
}

/// <summary>Prints as <c>***</c> if it may be a secret.</summary>
public sealed class SettingValue(SettingShape shape, string text, bool isHidden)
{
    public bool IsHidden => isHidden;

    /// <summary>PostgreSQL's stored text. The caller keeps secrets out of logs and messages.</summary>
    public string Reveal() => text;

    /// <summary>For values of the same setting on any servers.</summary>
    public bool HasSameValueAs(SettingValue other) => Canonical == other.Canonical;

    internal string Canonical => SettingText.Canonical(shape, text);

    /// <summary>As SHOW prints it: <c>64MB</c>, <c>30s</c>.</summary>
    public override string ToString() => isHidden ? "***" : SettingText.Shown(shape, text);
}
