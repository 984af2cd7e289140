using System.Globalization;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>How the runs of this machine have used an add-on.</summary>
/// <param name="ProvenRun">The newest proven run that filled it; null: none.</param>
/// <param name="LeftStates">Fingerprints of the contents that failed runs left in it. If one matches, nobody has
/// written since.</param>
public sealed record AddOnHistory(string? ProvenRun, IReadOnlySet<string> LeftStates)
{
    public static AddOnHistory None { get; } = new(null, new HashSet<string>());
}

/// <summary>Which apps use a Heroku database, and so whether it may hold live data.</summary>
/// <param name="Apps">Those that have the database as DATABASE_URL.</param>
/// <param name="OtherNames">Its other attachments: <c>LEGACY of shop-reports</c>.</param>
/// <param name="ProvenRun">The proven run of this machine that filled it; null: none.</param>
/// <param name="Fingerprint">Of the database's contents.</param>
public sealed record DatabaseUse(
    HerokuAddon AddOn, IReadOnlyList<DatabaseUser> Apps, IReadOnlyList<string> OtherNames, string? ProvenRun,
    bool IsLeftByFailedRun, string Fingerprint)
{
    private const string Primary = "DATABASE";

    /// <summary><c>--confirm</c> alone is not enough to empty it.</summary>
    public bool IsLive => !IsLeftByFailedRun && (Apps.Count > 0 || ProvenRun is not null);

    /// <summary>The value of <c>--empty-live</c>, valid for these contents only.</summary>
    public string EmptyLiveValue => $"{AddOn.Name}:{Fingerprint}";

    /// <summary>The database's users, as clauses.</summary>
    public string InWords
    {
        get
        {
            List<string> clauses = [.. Apps.Select(app => $"it is the DATABASE_URL of {app.InWords}")];
            if (Apps.Count == 0)
                clauses.Add("no app has it as its DATABASE_URL");
            if (ProvenRun is not null)
                clauses.Add($"the run {ProvenRun} filled it and was proven");
            if (OtherNames.Count > 0)
                clauses.Add($"it is {(Apps.Count > 0 ? "also " : "")}attached as {Phrase.List(OtherNames)}");
            return string.Join("; ", clauses);
        }
    }

    /// <summary>Further options after <c>--confirm APP</c> in an advice, up to the full stop.</summary>
    /// <param name="app">The migration's target app.</param>
    public string MoreOptions(string app) => !IsLive ? "."
        : $" --empty-live {EmptyLiveValue}. Make a backup before: heroku pg:backups:capture {AddOn.Name} --app {app}. "
            + $"Each write to the database makes that value invalid{HowToStop}";

    /// <summary>To paste, for the apps that run.</summary>
    public IReadOnlyList<string> StopCommands => [.. Apps.Where(app => app.Running is { Count: > 0 }).Select(app =>
        $"heroku maintenance:on --app {app.Name}; "
        + $"heroku ps:scale {string.Join(' ', app.Running!.Select(one => one.Type + "=0"))} --app {app.Name}")];

    /// <summary>The end of a sentence about writes.</summary>
    public string HowToStop => StopCommands.Count == 0 ? "."
        : ", so stop the apps before, and start them again when the migration is done: "
            + string.Join("; ", StopCommands);

    public static async Task<DatabaseUse> FindAsync(
        HerokuClient heroku, HerokuAddon addOn, AddOnHistory history, string fingerprint, CancellationToken ct)
    {
        var attached = await heroku.ListAttachmentsOfAsync(addOn.Id, ct);
        var apps = new List<DatabaseUser>();
        foreach (var app in attached.Where(one => one.Name == Primary).DistinctBy(one => one.App.Id)
            .Select(one => one.App.Name))
            apps.Add(new(app, await RunningAsync(heroku, app, ct)));
        var others = attached.Where(one => one.Name != Primary).Select(one => $"{one.Name} of {one.App.Name}")
            .Order(StringComparer.Ordinal).ToList();
        return new(addOn, apps, others, history.ProvenRun, history.LeftStates.Contains(fingerprint), fingerprint);
    }

    // Null: this token may not see the app.
    private static async Task<IReadOnlyList<HerokuProcess>?> RunningAsync(
        HerokuClient heroku, string app, CancellationToken ct)
    {
        try
        {
            return [.. (await heroku.GetFormationAsync(app, ct)).Where(process => process.Quantity > 0)
                .OrderBy(process => process.Type, StringComparer.Ordinal)];
        }
        catch (FaultException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <param name="Running">Process types with running dynos; null: unknown.</param>
public sealed record DatabaseUser(string Name, IReadOnlyList<HerokuProcess>? Running)
{
    /// <summary><c>shop (dynos: web=1 worker=2)</c>.</summary>
    public string InWords => Running switch
    {
        null => $"{Name} (whether its dynos run is unknown)",
        [] => $"{Name} (no dynos run)",
        _ => $"{Name} (dynos: {string.Join(' ', Running.Select(Quantity))})",
    };

    private static string Quantity(HerokuProcess process) =>
        $"{process.Type}={process.Quantity.ToString(CultureInfo.InvariantCulture)}";
}
