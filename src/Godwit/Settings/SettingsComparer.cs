using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Settings;

/// <summary>Sorts the settings by what can be done about them, from its input alone.</summary>
/// <param name="role">The application logs in at the source with it.</param>
internal sealed class SettingsComparer(SettingsSide left, SettingsSide right, string role, HerokuSide? heroku)
{
    // The target has this role, which can be altered; otherwise applications log in there as the owner.
    private readonly bool _keepsRole = right.Rights.Roles.Contains(role);

    public IReadOnlyList<SettingDifference> Compare() =>
    [
        .. ForEverybody().Concat(AutoExplain()).Concat(OfRoles())
            .OrderBy(one => one.Kind).ThenBy(one => one.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(one => one.Role, StringComparer.Ordinal),
    ];

    private IEnumerable<SettingDifference> ForEverybody()
    {
        var stored = left.StoredFor(_keepsRole ? null : role)
            .ToDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);
        var names = left.Settings.Keys.Concat(right.Settings.Keys).Concat(stored.Keys)
            .Distinct(StringComparer.OrdinalIgnoreCase);
        return from name in names
               let wanted = Wanted(name, stored.GetValueOrDefault(name))
               where wanted.IsStored || !SettingRules.IsOfSession(name)
               let difference = Compare(wanted)
               where difference is not null
               select difference;
    }

    // The source's value, and whether it was set on purpose.
    private WantedSetting Wanted(string name, StoredSetting? stored)
    {
        var there = left.Settings.GetValueOrDefault(name);
        if (stored is not null)
            return new(name, Value(stored), stored.Role is { } owner ? $"role {owner}" : "database", IsMeant: true,
                IsStored: true);
        // A value of this session, or of its role but not the application's, says nothing about the server.
        return there is null || there.Origin is "client" or "session" or "user" or "database user"
            ? new(name, null, null, IsMeant: false, IsStored: false)
            : new(name, there.Value, there.Origin is "default" or "override" ? "default" : "server",
                !there.IsDefault && there.Origin is not ("default" or "override"), IsStored: false);
    }

    private SettingDifference? Compare(WantedSetting wanted)
    {
        var (target, targetFrom) = AtTarget(wanted.Name);
        var row = new SettingDifference(wanted.Name, SettingKind.Same, Role: null)
        {
            Source = wanted.Value?.ToString(), SourceFrom = wanted.From, Target = target?.ToString(),
            TargetFrom = targetFrom, IsOfDatabase = wanted.IsStored, IsMeant = wanted.IsMeant,
        };
        if (wanted.Value is null)
            return target is null || left.Settings.ContainsKey(wanted.Name) ? null : OnlyAtTarget(row);
        if (target?.HasSameValueAs(wanted.Value) == true)
            return wanted.IsMeant ? row : null;
        if (Noise(wanted) is { } noise)
            return row with { Kind = SettingKind.Noise, Why = noise };
        return wanted.IsMeant ? Meant(wanted, wanted.Value,
            row) : row with { Kind = SettingKind.Decided, Why = "the source never set it" };
    }

    // Of a newer PostgreSQL or another module: matters only if it was set there.
    private SettingDifference OnlyAtTarget(SettingDifference row) => row with
    {
        Kind = row.TargetFrom is "default" || Noise(new(row.Name, null, null, IsMeant: false, IsStored: false))
            is not null ? SettingKind.Noise : SettingKind.Decided,
        Why = "the source does not have it, or does not show it",
    };

    // Why the difference cannot matter to the application; null: it may.
    private string? Noise(WantedSetting wanted)
    {
        if (KnownProviders.IsProviderSetting(wanted.Name))
            return "it belongs to a provider";
        if (SettingRules.IsOfMachine(wanted.Name))
            return "it belongs to a machine";
        if (wanted.Name == SettingRules.ReadOnlyDefault
            || (!wanted.IsMeant && SettingRules.WhyNever(wanted.Name) is not null))
            return SettingRules.WhyNever(wanted.Name);
        if (wanted.IsMeant)
            return null;
        if (right.Settings.GetValueOrDefault(wanted.Name) is not { } there)
            return "the target does not have it, and the source never set it";
        return there.Origin is "default" or "override" && heroku?.Keys?.ContainsKey(wanted.Name) != true
            ? "nobody set it; the two servers have other defaults" : null;
    }

    // A difference that was set on purpose at the source.
    private SettingDifference Meant(WantedSetting wanted, SettingValue value, SettingDifference row)
    {
        if (SettingRules.WhyNever(wanted.Name) is { } never)
            return Decided(row, never);
        if (heroku is not null && HerokuSettingKey.Find(wanted.Name) is { } key)
            return WithKey(key, value, row);
        var there = right.Settings.GetValueOrDefault(wanted.Name);
        if (there is null && !SettingRules.IsCustom(wanted.Name))
            return Decided(row, right.Rights.SeesAll
                ? $"PostgreSQL {right.Major} there does not have it" : "the target does not show it to its owner");
        if (!right.Rights.MaySet(wanted.Name, there?.Context))
            return Decided(row, SettingRules.WhyNot(there?.Context));
        if (!wanted.IsStored && !SettingRules.IsOfApplication(wanted.Name))
            return Decided(row, "sized with the plan");
        return there is { Shape.Words: { Count: > 0 } words }
            && !words.Any(word => value.HasSameValueAs(new(there.Shape, word, isHidden: false)))
            ? Decided(row, $"it can only be {string.Join(", ", words)} there")
            : Carried(row, Scope(wanted.Name), value);
    }

    private SettingDifference WithKey(HerokuSettingKey key, SettingValue value, SettingDifference row)
    {
        if (heroku!.Keys is not { } keys)
            return Decided(row, heroku.WhyNoKeys);
        if (!keys.ContainsKey(key.Name))
            return Decided(row, "Heroku does not offer its pg:settings key for this database");
        if (key.ValueOf(value.Canonical) is not { } wanted)
            return Decided(row, $"Heroku takes only {string.Join(", ", key.Words)} for it");
        return keys[key.Name].Value == wanted ? row with { Kind = SettingKind.Same } : AtHeroku(key, wanted, row);
    }

    private SettingDifference AtHeroku(HerokuSettingKey key, string wanted, SettingDifference row) => row with
    {
        Kind = SettingKind.Heroku,
        Do = key.Command(heroku!.App, heroku.AddOn, wanted),
        Change = new SettingChange.Key(key.Name, wanted),
    };

    // Heroku loads the module only on request; a source that uses it has loaded it.
    private IEnumerable<SettingDifference> AutoExplain()
    {
        if (heroku?.Keys?.GetValueOrDefault(HerokuSettingKey.AutoExplain) is { Value: not "true" } off
            && left.Settings.GetValueOrDefault(HerokuSettingKey.AutoExplainDuration) is { } duration
            && !duration.Value.ToString().StartsWith('-'))
        {
            yield return AtHeroku(HerokuSettingKey.Find(HerokuSettingKey.AutoExplain)!, "true",
                new(HerokuSettingKey.AutoExplain, SettingKind.Heroku, Role: null)
                {
                    Source = "on", SourceFrom = "server", Target = off.Value, TargetFrom = "heroku", IsMeant = true,
                });
        }
    }

    // Of roles other than the application's.
    private IEnumerable<SettingDifference> OfRoles()
    {
        var applications = left.StoredFor(role).ToDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);
        var own = from one in left.Stored
                  where one.Role is not null && one.CanLogIn && !KnownProviders.HasRole(one.Role)
                      && (_keepsRole || one.Role != role)
                  group one by (one.Role, Name: one.Name.ToLowerInvariant()) into same
                  select same.MaxBy(one => one.Rank);
        foreach (var one in own)
        {
            if (KnownProviders.IsProviderSetting(one.Name) || one.Name == SettingRules.ReadOnlyDefault)
                continue;
            if (right.Rights.Roles.Contains(one.Role!))
                yield return ForRole(one);
            else if (Effective(one.Name, applications)?.HasSameValueAs(Value(one)) != true)
                yield return Decided(RowOf(one) with
                {
                    Target = AtTarget(one.Name).Value?.ToString(),
                    TargetFrom = AtTarget(one.Name).From,
                }, $"the target has no such role; is it your application's? {SettingSql.RoleFlag(one.Role!)}");
        }
    }

    private SettingValue? Effective(string name, Dictionary<string, StoredSetting> stored) =>
        stored.GetValueOrDefault(name) is { } said ? Value(said) : left.Settings.GetValueOrDefault(name)?.Value;

    private SettingDifference ForRole(StoredSetting one)
    {
        var value = Value(one);
        var there = right.Stored.Where(other => other.Role == one.Role
            && string.Equals(other.Name, one.Name, StringComparison.OrdinalIgnoreCase)).MaxBy(other => other.Rank);
        var row = RowOf(one) with
        {
            Target = there is null ? null : Value(there).ToString(),
            TargetFrom = there is null ? null : $"role {one.Role}",
        };
        var context = right.Settings.GetValueOrDefault(one.Name)?.Context;
        return (there is not null && Value(there).HasSameValueAs(value), SettingRules.WhyNever(one.Name)) switch
        {
            (true, _) => row,
            (_, { } never) => Decided(row, never),
            _ when !right.Rights.MaySet(one.Name, context) => Decided(row, SettingRules.WhyNot(context)),
            _ when !right.Rights.MayAlterRoles && one.Role != right.User =>
                Decided(row, $"{right.User} may not alter other roles there"),
            _ => Carried(row, one.Role, value),
        };
    }

    private SettingDifference RowOf(StoredSetting one) =>
        new(one.Name, SettingKind.Same, one.Role)
        {
            Source = Value(one).ToString(), SourceFrom = $"role {one.Role}", IsOfDatabase = true, IsMeant = true,
        };

    private SettingDifference Carried(SettingDifference row, string? scope, SettingValue value) => row with
    {
        Kind = SettingKind.Carried,
        Do = value.IsHidden ? null : SettingSql.ToPaste(right.Database, scope, row.Name, value.Reveal()),
        Change = new SettingChange.Sql(scope, row.Name, value),
    };

    private static SettingDifference Decided(SettingDifference row, string why) =>
        row with { Kind = SettingKind.Decided, Why = why };

    // Null, everybody, unless only the role's own value would count.
    private string? Scope(string name) =>
        !right.Rights.OwnsDatabase || right.Stored.Any(one => one.Role == right.User
            && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) ? right.User : null;

    private (SettingValue? Value, string? From) AtTarget(string name)
    {
        if (heroku?.Keys?.GetValueOrDefault(name) is { Value: { } said } && HerokuSettingKey.Find(name) is not null)
            return (new(right.Shape(name), said, isHidden: false), "heroku");
        if (right.Settings.GetValueOrDefault(name) is { } there && there.Origin is not ("client" or "session"))
            return (there.Value, From(there.Origin));
        return right.StoredFor(right.User)
            .FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) is { } stored
            ? (Value(stored, right), stored.Role is null ? "database" : "role")
            : (null, null);
    }

    private static string From(string origin) => origin switch
    {
        "default" or "override" => "default",
        "database" or "global" => "database",
        "user" or "database user" => "role",
        _ => "server",
    };

    private SettingValue Value(StoredSetting stored) => Value(stored, left);

    // The shape of the given side, else of the other: only one may have loaded the module.
    private SettingValue Value(StoredSetting stored, SettingsSide side)
    {
        var isDefined = left.Settings.ContainsKey(stored.Name) || right.Settings.ContainsKey(stored.Name);
        var shape = side.Settings.GetValueOrDefault(stored.Name)?.Shape
            ?? (side == left ? right : left).Shape(stored.Name);
        return new(shape, stored.Text, SettingRules.MayHoldSecret(stored.Name, isDefined));
    }
}

/// <param name="IsMeant">Changed from its default.</param>
/// <param name="IsStored">For the database or a role.</param>
internal sealed record WantedSetting(string Name, SettingValue? Value, string? From, bool IsMeant, bool IsStored);
