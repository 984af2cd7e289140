using System.Globalization;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Load;

/// <summary>The app and the add-on that this run made, recognized also after a kill during an order. They stay when a
/// run fails, because a resume uses them, and cost money until they are removed.</summary>
public sealed class MadeTarget(
    HerokuTarget target, ChosenAddOn chosen, IRunMemory memory, RunKey<string> orderedKey)
{
    private static readonly RunKey<string> AppKey = RunKey.Text("target.app_made");

    // The app's databases before an order whose answer is unknown, separated and surrounded by spaces.
    private static readonly RunKey<string> OrderingKey = RunKey.Text("target.ordering");

    private const string Primary = "DATABASE", NewName = "NEW_DATABASE";

    public ChosenAddOn Chosen => chosen;

    private string App => target.App;

    /// <summary>Names that an ordered database gets where DATABASE is free: <c>NEW_DATABASE</c>,
    /// <c>NEW_DATABASE_2</c>.</summary>
    public static bool IsGivenName(string attachment) => attachment == NewName
        || (attachment.StartsWith(NewName + "_", StringComparison.Ordinal)
            && attachment[(NewName.Length + 1)..].All(char.IsAsciiDigit));

    /// <param name="app">Has the target's name.</param>
    public async Task CreateAppAsync(NewHerokuApp app, CancellationToken ct)
    {
        memory.Remember(AppKey, App);
        try
        {
            await target.Client.CreateAppAsync(app, ct);
        }
        catch (FaultException) when (!ct.IsCancellationRequested)
        {
            // The name is taken, or Heroku refused: an app that gets this name later is not this run's.
            if (await target.Client.FindAppAsync(App, ct) is null)
                memory.Remember(AppKey, null);
            throw;
        }
    }

    /// <param name="plan">With the service, <c>heroku-postgresql:essential-1</c>.</param>
    /// <param name="attachAs">Null: the name of a database that will be cut over to.</param>
    /// <param name="major">Of PostgreSQL; null: Heroku's default, which is never older than what Heroku's guides move
    /// from.</param>
    public async Task<HerokuAddon> OrderAsync(string plan, string? attachAs, int? major, CancellationToken ct)
    {
        memory.Remember(OrderingKey, $" {string.Join(' ', (await DatabasesAsync(ct)).Select(one => one.Name))} ");
        var config = new Dictionary<string, string>();
        if (major is { } asked)
            config["version"] = asked.ToString(CultureInfo.InvariantCulture);
        var addOn = await target.Client.CreateAddonAsync(App, plan, config, await FreeNameAsync(attachAs, ct), ct);
        memory.Remember(orderedKey, addOn.Name);
        memory.Remember(OrderingKey, null);
        return addOn;
    }

    /// <summary>An order whose answer was lost may have been accepted: a database that was not there before is this
    /// run's.</summary>
    public async Task AdoptAsync(CancellationToken ct)
    {
        if (memory.Recall(OrderingKey) is not { } before)
            return;
        var since = await target.Client.FindAppAsync(App, ct) is null ? []
            : (await DatabasesAsync(ct))
                .Where(one => !before.Contains($" {one.Name} ", StringComparison.Ordinal)).ToList();
        if (since is [var ours])
        {
            memory.Remember(orderedKey, ours.Name);
            chosen.Keep(ours);
        }

        memory.Remember(OrderingKey, null);
    }

    /// <summary>The add-on that this run ordered and that is still there.</summary>
    public async Task<string?> FindAddOnAsync(CancellationToken ct)
    {
        await AdoptAsync(ct);
        return memory.Recall(orderedKey) is { } ordered && await target.Client.FindAppAsync(App, ct) is not null
            && await target.Client.FindAddonAsync(App, ordered, ct) is { IsGone: false } ? ordered : null;
    }

    /// <summary>Destroys what this run made, with all that is in it.</summary>
    /// <returns>What was removed; null: this run made nothing.</returns>
    public async Task<string?> RemoveAsync(CancellationToken ct)
    {
        await AdoptAsync(ct);
        var said = await RemoveAddOnAsync(ct);
        if (memory.Recall(AppKey) is null)
            return said;
        var others = await target.Client.FindAppAsync(App, ct) is null
            ? [] : await target.Client.ListAddonsAsync(App, ct);
        if (others.Count > 0)
            return $"{(said is null ? "" : said + "; ")}the app {App} stays, because it has other add-ons: "
                + $"{string.Join(", ", others.Select(one => one.Name))}";
        await target.Client.DeleteAppAsync(App, ct);
        memory.Remember(AppKey, null);
        return said is null ? $"the app {App} is deleted" : $"{said}, and the app {App} is deleted";
    }

    private async Task<string?> RemoveAddOnAsync(CancellationToken ct)
    {
        if (memory.Recall(orderedKey) is not { } ordered)
            return null;
        await target.Client.DeleteAddonAsync(App, ordered, ct);
        chosen.Forget();
        TargetGuard.HandOver(memory);
        memory.Remember(orderedKey, null);
        return $"the database {ordered} is destroyed";
    }

    // An app's first database would become its DATABASE at once, and an app that runs on after a failed run would write
    // into it.
    private async Task<string?> FreeNameAsync(string? wanted, CancellationToken ct)
    {
        var taken = (await target.Client.ListAttachmentsAsync(App, ct))
            .Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        if (wanted is null && taken.Contains(Primary))
            return null;
        wanted ??= NewName;
        return Enumerable.Range(1, taken.Count + 1)
            .Select(number => number == 1 ? wanted : FormattableString.Invariant($"{wanted}_{number}"))
            .First(name => !taken.Contains(name));
    }

    private async Task<IReadOnlyList<HerokuAddon>> DatabasesAsync(CancellationToken ct) =>
        [.. (await target.Client.ListAddonsAsync(App, ct)).Where(one => one.Plan.IsPostgres)];
}
