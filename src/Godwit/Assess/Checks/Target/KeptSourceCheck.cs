using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Target;

/// <summary>Config vars that name the source, in apps which the run stops and starts again, and that the cut-over does
/// not set.</summary>
internal sealed class KeptSourceCheck : ICheck
{
    public string Name => "config vars that keep naming the source";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        // A rehearsal switches nothing.
        if (world.Request.HoldsSnapshot || !world.Request.Freezes
            || (world.Parts.Heroku ?? world.Parts.Target?.Heroku?.Client) is not { } heroku)
            return;
        string[] own = world.Parts.Target?.Heroku?.App is { } its ? [its] : [];
        var asked = world.Request.Switch;
        (string App, string Name)[] set =
            [.. own.Concat(asked.Attach).Select(app => (app, "DATABASE_URL")), .. asked.ConfigVars];
        foreach (var app in own.Concat(world.Request.Apps).Distinct(StringComparer.Ordinal))
        {
            if (await heroku.FindAppAsync(app, ct) is null)
                continue;
            try
            {
                var kept = await NamingAsync(heroku, app, world.Source.Address, ct);
                kept.RemoveAll(name => set.Contains((app, name)));
                if (kept.Count > 0)
                    notes.Add(KeptSourceFindings.KeepsSource(app, kept, canAttach: own.Length > 0));
            }
            catch (FaultException e) when (e.Fault.Code == "heroku.forbidden")
            {
                // Who may stop an app need not be allowed to read its config vars; the run works without.
                notes.Add(KeptSourceFindings.Unread(app));
            }
        }
    }

    private static async Task<List<string>> NamingAsync(
        HerokuClient heroku, string app, PostgresAddress source, CancellationToken ct)
    {
        // A source at Heroku has attachments, which Heroku names itself.
        var attached = (await heroku.ListAttachmentsAsync(app, ct)).SelectMany(one =>
            one.ConfigVars ?? [one.Name + "_URL"]).Where(name => name != "DATABASE_URL").ToHashSet();
        return [.. (await heroku.GetConfigVarsAsync(app, ct))
            .Where(one => !attached.Contains(one.Key) && Names(one.Value, source))
            .Select(one => one.Key).Order(StringComparer.Ordinal)];
    }

    private static bool Names(Secret value, PostgresAddress source)
    {
        if (!value.Reveal().StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
            return false;
        try
        {
            return PostgresUrl.Parse(value.Reveal(), "a config var").NamesSameDatabaseAs(source);
        }
        catch (FaultException)
        {
            // Other texts begin like a URL.
            return false;
        }
    }
}
