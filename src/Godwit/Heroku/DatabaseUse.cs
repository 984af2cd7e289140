using System.Globalization;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>What the runs of this machine have done with an add-on.</summary>
/// <param name="ProvenRun">The newest proven run that filled it; null when there is none.</param>
/// <param name="LeftStates">Fingerprints of what failed runs left in it: while it has one of them, nobody has written since.</param>
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
    HerokuAddon AddOn, IReadOnlyList<DatabaseUser> Apps, IReadOnlyList<string> OtherNames, string? ProvenRun, bool IsLeftByFailedRun, string Fingerprint)
{
    private const string Primary = "DATABASE";

    /// <summary>More than <c>--confirm</c> is needed to empty it.</summary>
    public bool IsLive => !IsLeftByFailedRun && (Apps.Count > 0 || ProvenRun is not null);

    /// <summary>The value of <c>--empty-live</c>: good for these contents alone.</summary>
    public string Word => $"{AddOn.Name}:{Fingerprint}";

    /// <summary>A clause about the database; empty: nobody uses it.</summary>
    public string InWords
    {
        get
        {
            List<string> clauses = [.. Apps.Select(app => $"it is the DATABASE_URL of {app.InWords}")];
            if (ProvenRun is not null)
                clauses.Add($"the run {ProvenRun} filled it and was proven");
            if (OtherNames.Count > 0)
                clauses.Add($"it is also attached as {Named.Some(OtherNames)}");
            return string.Join("; ", clauses);
        }
    }

    /// <summary>What emptying it would delete: a clause.</summary>
    /// <param name="amount">How much it holds.</param>
    /// <param name="contents">What it holds, by name, for the end of the sentence.</param>
    public string Why(string amount, string contents) => $"{(InWords is { Length: > 0 } use ? use + "; " : "")}a restore deletes what is there: {amount} {contents}";

    /// <param name="given">What was typed behind <c>--empty-live</c>; null: nothing.</param>
    /// <inheritdoc cref="Why"/>
    public string WhyLive(string amount, string contents, string? given) => (given is null
        ? "--confirm alone does not empty a database with live data"
        : "what was given with --empty-live is for other contents: they have changed since it was printed, or it is another database's")
        + $"; {Why(amount, contents)}";

    /// <param name="app">Whose database it is for the migration.</param>
    public string Remedy(string app) => $"{(ProvenRun is null ? "" : $"If that migration is all you want, there is nothing to do: godwit status {ProvenRun}. ")}To keep it, name another database or another app: --to heroku:{app}/NAME. "
        + (!IsLive ? $"If all of it may be lost, add --confirm {app}."
            : $"If all of it may be lost, make a backup first (heroku pg:backups:capture {AddOn.Name} --app {app}), then add "
                + $"--confirm {app} --empty-live {Word}. Each write to the database makes that value invalid"
                + (StopCommands.Length > 0 ? $", so stop the apps before, and start them again when the migration is done: {StopCommands}" : "."));

    /// <summary>Stops the writes of the apps, in commands to paste.</summary>
    private string StopCommands => string.Join("; ", Apps.Where(app => app.Running is { Count: > 0 }).Select(app =>
        $"heroku maintenance:on --app {app.Name}; heroku ps:scale {string.Join(' ', app.Running!.Select(one => one.Type + "=0"))} --app {app.Name}"));

    /// <param name="fingerprint">Of its contents.</param>
    public static async Task<DatabaseUse> FindAsync(HerokuClient heroku, HerokuAddon addOn, AddOnHistory history, string fingerprint, CancellationToken ct)
    {
        var attached = await heroku.ListAttachmentsOfAsync(addOn.Id, ct);
        var apps = new List<DatabaseUser>();
        foreach (var app in attached.Where(one => one.Name == Primary).Select(one => one.App.Name).Distinct(StringComparer.Ordinal))
            apps.Add(new(app, await RunningAsync(heroku, app, ct)));
        var others = attached.Where(one => one.Name != Primary).Select(one => $"{one.Name} of {one.App.Name}").Order(StringComparer.Ordinal).ToList();
        return new(addOn, apps, others, history.ProvenRun, history.LeftStates.Contains(fingerprint), fingerprint);
    }

    /// <summary>Null: this token may not see the app.</summary>
    private static async Task<IReadOnlyList<HerokuProcess>?> RunningAsync(HerokuClient heroku, string app, CancellationToken ct)
    {
        try
        {
            return [.. (await heroku.GetFormationAsync(app, ct)).Where(process => process.Quantity > 0).OrderBy(process => process.Type, StringComparer.Ordinal)];
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
        _ => $"{Name} (dynos: {string.Join(' ', Running.Select(one => $"{one.Type}={one.Quantity.ToString(CultureInfo.InvariantCulture)}"))})",
    };
}
