using Godwit.Postgres;
using Godwit.Settings;

namespace Godwit.Tests.Settings;

/// <summary>The settings of two servers as they might be, and what comes out of comparing them.</summary>
internal sealed class TwoServers
{
    private readonly Dictionary<string, ServerSetting> _left = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ServerSetting> _right = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<StoredSetting> _leftStored = [];
    private readonly List<StoredSetting> _rightStored = [];

    public SettingRights Rights { get; init; } = new(IsSuperuser: false, MayAlterRoles: false,
        OwnsDatabase: true, SeesAll: true,
        new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(["owner"], StringComparer.Ordinal));

    public string Role { get; init; } = "app";

    public HerokuSide? Heroku { get; init; }

    /// <summary>On both sides, with their values; the default is off, or 0, or empty.</summary>
    public TwoServers With(
        string name, string context, string left, string right, string type = "string", string? unit = null,
        string leftOrigin = "configuration file")
    {
        var shape = new SettingShape(name, type, unit, type == "enum" ? ["one", "two", "off"] : []);
        _left[name] = Setting(shape, context, left, leftOrigin);
        _right[name] = Setting(shape, context, right, "configuration file");
        return this;
    }

    public TwoServers OnlyLeft(string name, string value)
    {
        _left[name] = Setting(new(name, "string", null, []), "user", value, "configuration file");
        return this;
    }

    public TwoServers Stored(string? role, string name, string text, bool canLogIn = true)
    {
        _leftStored.Add(new(role, IsOfDatabase: role is null, canLogIn, name, text));
        return this;
    }

    public TwoServers StoredAtTarget(string? role, string name, string text)
    {
        _rightStored.Add(new(role, IsOfDatabase: true, CanLogIn: true, name, text));
        return this;
    }

    public IReadOnlyList<SettingDifference> Compare() => new SettingsComparer(
        new("app", "shop", 15, _left, _leftStored, Rights with { IsSuperuser = false }),
        new("owner", "d123", 17, _right, _rightStored, Rights), Role, Heroku).Compare();

    /// <summary>The one line there is.</summary>
    public SettingDifference Only() => Assert.Single(Compare());

    private static ServerSetting Setting(SettingShape shape, string context, string text, string origin) =>
        new(shape, new(shape, text, SettingRules.MayHoldSecret(shape.Name, isDefined: true)), context, origin,
            IsDefault: text is "off" or "0" or "");
}
