using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Settings;

/// <summary>Sets at the target the source's settings for the application, which no dump holds; reports the
/// rest.</summary>
/// <param name="command">Shows all differences: <c>godwit settings …</c>.</param>
public sealed class CarrySettingsStep(
    PostgresAddress source, ITarget target, string command, IRunMemory memory, TimeProvider clock) : IPreviewedStep
{
    // The target does not show that the rest was reported.
    private static readonly RunKey<bool?> ToldKey = RunKey.Mark("settings.told");

    private const string Subject = "settings of the database and its roles";

    private readonly SettingsCarrier _carrier = new(source, target, role: null);

    public string Name => "settings";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => "Carry over the settings of the source's database and roles that no dump holds";

    public async Task<IReadOnlyList<StepPreview>> PreviewAsync(CancellationToken ct)
    {
        if (await target.FindAddressAsync(ct) is null)
            return [new(Subject, "compared when the target is there; what can be carried is said above")];
        var now = await _carrier.CompareAsync(ct);
        var pending = now.Pending.Select(one => one.Name).Distinct(StringComparer.Ordinal).ToList();
        var missing = now.Differences
            .Where(one => one is { Kind: SettingKind.Decided, IsMeant: true, IsOfDatabase: true })
            .Select(one => $"{one.Name} ({one.Why})").ToList();
        List<StepPreview> seen =
        [
            new(Subject, pending.Count == 0
                ? $"nothing would be set: {target.Title} has as it is now what can be carried"
                : $"{Phrase.Count(pending.Count, "setting")} would be set at {target.Title}: {Phrase.List(pending)}"),
        ];
        if (missing.Count > 0)
            seen.Add(new(Subject, $"cannot be set there: {Phrase.ListClauses(missing)}"));
        return seen;
    }

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(ToldKey) is null)
            return null;
        var now = await _carrier.CompareAsync(ct);
        return now.Pending.Any() ? null : Proof([], now);
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var (carried, after) = await _carrier.CarryAsync(await _carrier.CompareAsync(ct), ct);
        foreach (var refused in carried.Where(one => !one.Stands))
            Warn(progress, refused.Difference, refused.Refusal!);
        var decided = after.Differences.Where(one => one is { Kind: SettingKind.Decided, IsMeant: true }).ToList();
        foreach (var one in decided.Where(one => one.IsOfDatabase))
            Warn(progress, one, one.Why);
        var ofServer = decided.Where(one => !one.IsOfDatabase).Select(one => one.Name).ToList();
        if (ofServer.Count > 0)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "settings.decided", Severity.Note,
                "Settings of the source's server have other values at the target",
                $"the plan decides about {Phrase.List(ofServer)}",
                $"See them side by side with: {command}"));
        }

        memory.Remember(ToldKey, true);
        return Proof(carried, after);
    }

    private void Warn(IProgress<StepEvent> progress, SettingDifference one, string why) => progress.Report(new Observed(
        Name, clock.GetUtcNow(), "settings.not_carried", Severity.Warning,
        $"The setting {one.Name} = {one.Source} of the source's {one.SourceFrom} was not carried over", why,
        "Check whether your application relies on it."));

    private static Evidence Proof(IReadOnlyList<CarriedSetting> carried, SettingsComparison now)
    {
        var refused = carried.Count(one => !one.Stands);
        var stand = now.Differences.Count(one => one is { Kind: SettingKind.Same, IsOfDatabase: true })
            + carried.Count(one => one.Stands && !one.Difference.IsOfDatabase);
        return stand + refused == 0
            ? new("There is nothing to carry over",
                "pg_settings and pg_db_role_setting of both sides hold nothing of the application's own that differs")
            : new($"{stand} of {Phrase.Count(stand + refused, "setting")} of the source database "
                + $"{(stand == 1 ? "stands" : "stand")} at the target", "read in a new session there");
    }
}
