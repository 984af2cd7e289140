namespace Godwit.Postgres;

/// <summary>What kind of value a setting takes, as pg_settings tells it.</summary>
/// <param name="Type"><c>bool</c>, <c>integer</c>, <c>real</c>, <c>enum</c> or <c>string</c>.</param>
/// <param name="Unit">Of a number without one: <c>8kB</c>, <c>ms</c>. Null: none.</param>
/// <param name="Words">Of an <c>enum</c>; empty otherwise.</param>
public sealed record SettingShape(string Name, string Type, string? Unit, IReadOnlyList<string> Words)
{
    /// <summary>Of a name that no server defines: text, compared as it stands.</summary>
    public static SettingShape Custom(string name) => new(name, "string", Unit: null, Words: []);
}

/// <summary>The value of a setting. Prints as <c>***</c> where it may be somebody's secret.</summary>
public sealed class SettingValue(SettingShape shape, string text, bool isHidden)
{
    public bool IsHidden => isHidden;

    /// <summary>As PostgreSQL stores it. Whoever calls this answers for where it goes.</summary>
    public string Reveal() => text;

    /// <summary>Of the same setting, on whatever server.</summary>
    public bool Means(SettingValue other) => Canonical == other.Canonical;

    /// <summary>For comparing, as <see cref="SettingText.Canonical"/>.</summary>
    internal string Canonical => SettingText.Canonical(shape, text);

    /// <summary>As SHOW prints it: <c>64MB</c>, <c>30s</c>.</summary>
    public override string ToString() => isHidden ? "***" : SettingText.Shown(shape, text);
}
