using System.Globalization;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>What the runs of this machine have done with an add-on.</summary>
/// <param name="ProvenRun">The newest proven run that filled it; null when there is none.</param>
/// <param name="LeftStates">Fingerprints of what failed runs left in it: with one of them, nobody has written
/// since.</param>
public sealed record AddOnHistory(string? ProvenRun, IReadOnlySet<string> LeftStates)
{
    public static AddOnHistory None { get; } = new(null, new HashSet<string>());
}

/// <summary>Who uses a database at Heroku, and so whether somebody's live data is in it.</summary>
/// <param name="Apps">Apps whose DATABASE_URL it is.</param>
/// <param name="OtherNames">Its other attachments: <c>LEGACY of shop-reports</c>.</param>
/// <param name="ProvenRun">The run of this machine that filled it and was proven; null: none did.</param>
/// <param name="Fingerprint">Of its contents.</param>
public sealed record DatabaseUse(
    HerokuAddon AddOn, IReadOnlyList<DatabaseUser> Apps, IReadOnlyList<string> OtherNames, string? ProvenRun,
    bool IsLeftByFailedRun, string Fingerprint)
{
    private const string Primary = "DATABASE";

    /// <summary>More than <c>--confirm</c> is needed to empty it.</summary>
    public bool IsLive => !IsLeftByFailedRun && (Apps.Count > 0 || ProvenRun is not null);

    /// <summary>The value of <c>--empty-live</c>: good for these contents alone.</summary>
    public string Word => $"{AddOn.Name}:{Fingerprint}";

    /// <summary>Who uses it, for a sentence about it.</summary>
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
                clauses.Add($"it is {(Apps.Count > 0 ? "also " : "")}attached as {Named.Some(OtherNames)}");
            return string.Join("; ", clauses);
        }
    }

    /// <summary>What follows <c>--confirm APP</c> in an advice, up to its full stop.</summary>
    /// <param name="app">Whose database it is for the migration.</param>
    public string MoreOptions(string app) => !IsLive ? "."
        : $" --empty-live {Word}. Make a backup before: heroku pg:backups:capture {AddOn.Name} --app {app}. "
            + $"Each write to the database makes that value invalid{HowToStop}";

    /// <summary>To paste, for the apps that run.</summary>
    public IReadOnlyList<string> StopCommands => [.. Apps.Where(app => app.Running is { Count: > 0 }).Select(app =>
        $"heroku maintenance:on --app {app.Name}; "
        + $"heroku ps:scale {string.Join(' ', app.Running!.Select(one => one.Type + "=0"))} --app {app.Name}")];

    /// <summary>The end of a sentence about writes.</summary>
    public string HowToStop => StopCommands.Count == 0 ? "."
        : ", so stop the apps before, and start them again when the migration is done: "
            + string.Join("; ", StopCommands);

    /// <param name="fingerprint">Of its contents.</param>
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

    /// <summary>Null: this token may not see the app.</summary>
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

/// <param name="Running">Its process types with dynos; null: unknown.</param>
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
