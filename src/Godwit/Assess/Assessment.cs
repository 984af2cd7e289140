// Assess: looks for everything that would fail or be lost, before anything is changed. Only reads the databases.
//
// Small checks share one set of connections. A check reports findings, each with a remedy; a check that could not look
// is a blocker. Assess does not decide what follows: the step of a run stops on blockers, the command shows all
// findings.
using Godwit.Assess.Checks.Rights;
using Godwit.Assess.Checks.Rows;
using Godwit.Assess.Checks.Schema;
using Godwit.Assess.Checks.Server;
using Godwit.Assess.Checks.Store;
using Godwit.Assess.Checks.Target;
using Godwit.Assess.Checks.Time;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess;

/// <param name="Source">Without its password.</param>
/// <param name="Facts">Names and values, in the order of the checks.</param>
/// <param name="Checks">Also those that failed.</param>
/// <param name="Findings">Blockers first.</param>
public sealed record Assessment(
    string Source, IReadOnlyList<KeyValuePair<string, string>> Facts, IReadOnlyList<CheckRun> Checks,
    IReadOnlyList<Finding> Findings)
{
    /// <summary>In the order of their facts.</summary>
    public static IReadOnlyList<ICheck> AllChecks { get; } =
    [
        new ServerCheck(),
        new VersionCheck(),
        new ConnectionCheck(),
        new WritableCheck(),
        new StandbyCheck(),
        new SizeCheck(),
        new RouteCheck(),
        new RightsCheck(),
        new RowSecurityCheck(),
        new SuperuserCheck(),
        new SettingsCheck(),
        new ExtensionsCheck(),
        new ExtensionRowsCheck(),
        new TrialCheck(),
        new PolicyRolesCheck(),
        new RolesCheck(),
        new LeftOutCheck(),
        new ForeignDataCheck(),
        new TablesCheck(),
        new ViewsCheck(),
        new JobsCheck(),
        new TargetCheck(),
        new PlanCheck(),
        new AppsCheck(),
        new SwitchCheck(),
        new KeptSourceCheck(),
        new ActivityCheck(),
        new SlotCheck(),
        new CapacityCheck(),
        new StructureCheck(),
        new NumbersCheck(),
        new EncodingCheck(),
        new CollationCheck(),
        new ValueCheck(),
        new KeyRowsCheck(),
        new StoreCheck(),
        new RegionCheck(),
        new TimeCheck(),
    ];

    /// <summary>Codes of blockers for <c>--accept</c>. The others would make the move fail.</summary>
    public static IReadOnlyList<string> Acceptable { get; } =
    [
        .. AllChecks.SelectMany(check => check.Acceptable).Concat(CheckFindings.Acceptable)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Those that were not accepted.</summary>
    public IEnumerable<Finding> Blockers =>
        Findings.Where(finding => finding is { Severity: Severity.Blocker, IsAccepted: not true });

    /// <param name="looking">Gets each check's name when it begins.</param>
    /// <exception cref="FaultException">The connection to the source was lost.</exception>
    public static Task<Assessment> RunAsync(AssessWorld world, IProgress<string>? looking, CancellationToken ct) =>
        RunAsync(world, AllChecks, looking, ct);

    /// <inheritdoc cref="RunAsync(AssessWorld, IProgress{string}?, CancellationToken)"/>
    public static async Task<Assessment> RunAsync(
        AssessWorld world, IReadOnlyList<ICheck> checks, IProgress<string>? looking, CancellationToken ct)
    {
        var notes = new Notes();
        var runs = new List<CheckRun>();
        foreach (var check in checks)
        {
            looking?.Report(check.Name);
            var started = world.Parts.Clock.GetTimestamp();
            var ran = await RunAsync(check, world, notes, ct);
            runs.Add(new(check.Name, ran, world.Parts.Clock.GetElapsedTime(started)));
        }

        return new($"{world.Source.Address}", notes.Facts, runs,
            [.. notes.Findings.OrderBy(finding => finding.Severity).Select(finding => finding with
            {
                IsAccepted = finding.Severity == Severity.Blocker && world.Request.Accept.Contains(finding.Code),
            })]);
    }

    // Repeats a check once if something was missing: applications drop tables meanwhile.
    private static async Task<bool> RunAsync(ICheck check, AssessWorld world, Notes notes, CancellationToken ct)
    {
        var before = notes.Count;
        var failure = await TryAsync(check, world, notes, ct);
        if (failure is not null && MayHaveVanished(failure))
        {
            notes.Forget(before);
            await world.RenewAsync(ct);
            failure = await TryAsync(check, world, notes, ct);
            await world.RenewAsync(ct);
        }

        if (failure is not null)
            notes.Add(NotChecked(check, failure));
        return failure is null;
    }

    // Catalog functions return NULL or an error for a dropped object.
    private static bool MayHaveVanished(Exception failure) =>
        failure is InvalidCastException || (failure is FaultException fault && PostgresSession.IsAboutMissing(fault));

    /// <returns>The check's failure; null: none.</returns>
    private static async Task<Exception?> TryAsync(ICheck check, AssessWorld world, Notes notes, CancellationToken ct)
    {
        try
        {
            await check.RunAsync(world, notes, ct);
            return null;
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException)
            || (e is FaultException fault && !PostgresSession.IsLost(fault)))
        {
            return e;
        }
    }

    private static Finding NotChecked(ICheck check, Exception failure)
    {
        if (failure is FaultException { Fault: var fault })
        {
            var why = $"{fault.What}: {fault.Why}";
            return check.IsVital
                ? CheckFindings.VitalUnchecked(check.Name, why, fault.Remedy)
                : CheckFindings.Unchecked(check.Name, why, fault.Remedy);
        }

        // A defect in one check must not count as "nothing found", nor block a move for which the check does not
        // matter.
        var met = Unforeseen.Of(failure);
        return check.IsVital
            ? CheckFindings.VitalUnchecked(check.Name,
                $"the check failed in a way Godwit does not know ({met.Type}: {met.Message})",
                $"Report the error. {met.WhatToSend}")
            : CheckFindings.Unforeseen(check.Name, met);
    }

    private sealed class Notes : IAssessNotes
    {
        public List<Finding> Findings { get; } = [];

        public List<KeyValuePair<string, string>> Facts { get; } = [];

        public (int Findings, int Facts) Count => (Findings.Count, Facts.Count);

        public void Forget((int Findings, int Facts) before)
        {
            Findings.RemoveRange(before.Findings, Findings.Count - before.Findings);
            Facts.RemoveRange(before.Facts, Facts.Count - before.Facts);
        }

        public bool HasBlockers(AssessRequest request) =>
            Findings.Exists(one => one.Severity == Severity.Blocker && !request.Accept.Contains(one.Code));

        public void Add(Finding finding) => Findings.Add(finding);

        public void AddFact(string name, string value) => Facts.Add(new(name, value));
    }
}

/// <param name="CouldLook">False: a finding says why.</param>
public sealed record CheckRun(string Name, bool CouldLook, TimeSpan Took);
