// Load: makes the target ready and brings the archive into it.
//
// Heroku restores by itself from a link, so this room requests, watches and judges; it accepts no success before it has
// read the warnings. It does not know how a dump is made or how the copy is verified.
using System.Globalization;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Targets;

namespace Godwit.Load;

/// <param name="Plan">Short or whole name; null: the cheapest that fits.</param>
/// <param name="Accept">Accepted faults, of <see cref="Acceptable"/>.</param>
/// <param name="Clean">Extensions that nothing needs are left out of the dump.</param>
public sealed record TargetRequest(bool CreateApp, string? Plan, IReadOnlyList<string> Accept, bool Clean)
{
    /// <summary>PostgreSQL's version for an ordered database; null: Heroku's default.</summary>
    public int? PgVersion { get; init; }

    /// <summary>For a created app: its region, the team that pays, its Private Space. Null: Heroku's default.</summary>
    public string? Region { get; init; }

    public string? Team { get; init; }

    public string? Space { get; init; }

    /// <summary>The name of a database that only this run uses. Null: the database stays.</summary>
    public string? ThrowAwayName { get; init; }

    /// <summary>Finds a throw-away database's plan if none was named; null: there is no plan to copy.</summary>
    public Func<CancellationToken, Task<string?>>? PlanLike { get; init; }

    /// <summary>The faults with which a run may continue; any other is an error.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["load.extension_rows_refused", "load.extensions_refused",
        "load.restore_warnings"];
}

/// <summary>Makes sure that app and add-on exist, are provisioned, large enough, without another run, and empty or
/// released by their owner.</summary>
/// <param name="sourceBytes">Known once the source was assessed.</param>
/// <param name="made">Creates this run's app and add-on.</param>
public sealed class TargetStep(
    HerokuTarget target, TargetRequest request, PostgresAddress source, Func<long> sourceBytes, IRunMemory memory,
    MadeTarget made, TargetGuard guard, TimeProvider clock) : IStep
{
    // Essential plans take seconds to minutes, the largest ones up to an hour.
    private static readonly TimeSpan ProvisionMax = TimeSpan.FromHours(2);

    public const string StepName = "target";

    public string Name => StepName;

    public string Intent => request.ThrowAwayName is { } called
        ? $"Order a throw-away database {called} for {target.App}, "
            + $"on {request.Plan ?? "the plan of the app's own, or the cheapest that fits"}"
        : $"Find{(request.CreateApp ? " or create" : "")} the app {target.App} and find its database, "
            + $"or create one on {request.Plan ?? "the cheapest plan that fits"}";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(TargetGuard.ClaimKey) is not { } claimed
            || await target.FindAddOnAsync(ct) is not { IsProvisioned: true } addOn || addOn.Id != claimed)
            return null;
        await guard.HoldAsync(await target.AddressAsync(ct), ct);
        // Somebody may have written to it since the run failed, which must end the run before the freeze.
        return await guard.MayEmptyAsync(ct) ? Proof(addOn, "claimed by this run before") : null;
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await RequireAppAsync(progress, ct);
        await made.AdoptAsync(ct);
        var existing = await FindUsableAsync(ct);
        if (existing is null && made.Chosen.Name is not null)
            throw new FaultException(TargetFaults.Gone(target.App, "The database of this run"));
        var addOn = existing ?? await OrderAsync(progress, ct);
        made.Chosen.Keep(addOn);
        if (!addOn.IsProvisioned)
        {
            addOn = await new HerokuProvisioning(target.Client).WaitProvisionedAsync(target.App, addOn.Name,
                ProvisionMax, new States(Name, addOn.Name, progress, clock), ct);
        }

        RequireLargeEnough(addOn);
        var address = await target.AddressAsync(ct);
        await guard.HoldAsync(address, ct);
        await RequireExtensionsAsync(addOn, address, progress, ct);
        var there = await guard.RequireAsync(ct);
        memory.Remember(TargetGuard.ClaimKey, addOn.Id);
        var contents = there.IsEmpty ? ", empty" : $"; what it holds ({there.InWords}) may be deleted";
        return Proof(addOn, (existing is null ? "created" : "found") + contents);
    }

    private async Task RequireAppAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var app = target.App;
        if (await target.Client.FindAppAsync(app, ct) is not null)
            return;
        if (!request.CreateApp)
            throw new FaultException(LoadFaults.NoApp(app));
        await made.CreateAppAsync(new(app, request.Region, request.Team, request.Space), ct);
        progress.Report(new StateChanged(Name, clock.GetUtcNow(), app, "created"));
    }

    // A resume does not wait again for an add-on that Heroku gave up making, but finds or orders another. An add-on
    // that this run has worked with is never replaced.
    private async Task<HerokuAddon?> FindUsableAsync(CancellationToken ct)
    {
        var found = await target.FindAddOnAsync(ct);
        if (found is not { IsGone: true } || memory.Recall(TargetGuard.ClaimKey) is not null)
            return found;
        made.Chosen.Forget();
        return await target.FindAddOnAsync(ct) is { IsGone: false } other ? other : null;
    }

    private async Task<HerokuAddon> OrderAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var tables = (await ServerCatalog.TablesAsync(session, ct)).Count;
        var bytes = sourceBytes();
        var like = request.Plan is null && request.PlanLike is { } find ? await find(ct) : null;
        var plan = request.Plan ?? like ?? HerokuPlanSize.Cheapest(bytes, tables)?.Plan
            ?? throw new FaultException(LoadFaults.NoPlanFits(
                $"{Gigabytes(bytes)} and {Phrase.Count(tables, "table")}, with room to grow"));
        var whole = plan.Contains(':', StringComparison.Ordinal) ? plan : "heroku-postgresql:" + plan;
        if (request.ThrowAwayName is { } called)
            progress.Report(await CostAsync(whole, called, ct));
        var addOn = await made.OrderAsync(whole, request.ThrowAwayName, request.PgVersion, ct);
        progress.Report(new StateChanged(Name, clock.GetUtcNow(), addOn.Name,
            $"ordered on {plan}{(request.PgVersion is { } major ? $", PostgreSQL {major}" : "")}"));
        return addOn;
    }

    private void RequireLargeEnough(HerokuAddon addOn)
    {
        var bytes = sourceBytes();
        if (HerokuPlanSize.Find(addOn.Plan.ShortName) is { } size && size.Bytes < bytes)
            throw new FaultException(LoadFaults.PlanTooSmall(
                target.App, addOn.Name, addOn.Plan.ShortName, Gigabytes(size.Bytes), Gigabytes(bytes),
                HerokuPlanSize.Cheapest(bytes, tables: 0)?.Plan ?? "PLAN"));
    }

    // Reported before the order.
    private async Task<Observed> CostAsync(string plan, string called, CancellationToken ct)
    {
        var (name, prices) = (plan.Split(':')[^1], await HerokuPrices.FindAsync(target.Client, ct));
        var cost = prices.Of(name) is { Length: > 0 } month
            ? $"{prices.PerHour(name)} ({month}, {prices.Source})" : "what Heroku charges for the plan";
        return new(Name, clock.GetUtcNow(), "load.throw_away", Severity.Note,
            $"A throw-away database on {name} is ordered for {target.App}, called {called}",
            $"it costs {cost} until it is destroyed at the end; Heroku restarts the app's dynos when it comes and when "
            + "it goes, and nothing else of the app changes", "");
    }

    // Asks the target itself, as Heroku's CLI does.
    private async Task RequireExtensionsAsync(
        HerokuAddon addOn, PostgresAddress address, IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var right = await PostgresSession.OpenAsync(address, ct);
        await using var left = await PostgresSession.OpenAsync(source, ct);
        // Checked again after the assessment, because from here on the target may be emptied.
        if (await ServerCatalog.IsSameDatabaseAsync(left, right, ct))
            throw new FaultException(LoadFaults.SourceItself(source));
        var verdicts = await ExtensionJudge.JudgeAsync(left, await ProviderRecognition.FindAsync(left, ct),
            await TargetOffer.FindAsync(right, ct), ct);
        var refused = verdicts.Where(one =>
            one.Fate == ExtensionFate.Needed || (one.Fate == ExtensionFate.LeftOut && !request.Clean)).ToList();
        var lacking = target.IsHere ? refused.Where(one => one.IsNotInstalled).ToList() : [];
        if (lacking.Count > 0)
        {
            throw new FaultException(LoadFaults.ExtensionsNotHere(
                string.Join(", ", lacking.Select(WithNeeds)),
                DebianPackages.Line(lacking.Select(one => one.Name), right.ServerMajor)));
        }

        if (refused.Count > 0)
            RequireAccepted(LoadFaults.ExtensionsRefused(addOn.Name, string.Join(", ", refused.Select(WithNeeds))),
                progress);
        if (!request.Clean)
            return;
        var tables = await ExtensionTables.FindAsync(left, verdicts.Where(one => one.Fate == ExtensionFate.Stays), ct);
        var closed = (await ExtensionTables.JudgeAsync(tables, left, address, ct))
            .Where(one => one.Fate == OwnRows.Refused).ToList();
        if (closed.Count > 0)
        {
            RequireAccepted(LoadFaults.ExtensionRowsRefused(addOn.Name,
                Phrase.List([.. closed.Select(one => one.Title)]),
                Phrase.ListClauses([.. closed.Select(one => one.Why).Distinct(StringComparer.Ordinal)])), progress);
        }
    }

    private void RequireAccepted(Fault fault, IProgress<StepEvent> progress)
    {
        if (!request.Accept.Contains(fault.Code))
            throw new FaultException(fault);
        progress.Report(new Observed(Name, clock.GetUtcNow(),
            Finding.Warning(fault, "You accepted this with --accept.")));
    }

    private static string WithNeeds(ExtensionVerdict one) => one.NeededByCount switch
    {
        0 => one.Name,
        1 => $"{one.Name} (needed by {one.NeededBy[0]})",
        _ => $"{one.Name} (needed by {one.NeededBy[0]} and {ServerCatalog.Number(one.NeededByCount - 1)} more)",
    };

    private Evidence Proof(HerokuAddon addOn, string how) =>
        new($"{addOn.Name} ({addOn.Plan.ShortName}) of {target.App} is ready", how);

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " GB";

    // Heroku is asked every few seconds; only changes are reported.
    private sealed class States(string step, string addOn, IProgress<StepEvent> progress, TimeProvider clock)
        : IProgress<string>
    {
        private string? _last;

        public void Report(string value)
        {
            if (value != _last)
                progress.Report(new StateChanged(step, clock.GetUtcNow(), addOn, value));
            _last = value;
        }
    }
}
