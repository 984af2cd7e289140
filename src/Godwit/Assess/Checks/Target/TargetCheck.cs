// Checks.Target: the target's app, database and plan, and the apps and variables of the cut-over.
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Assess.Checks.Target;

/// <summary>Whether the target exists, is another database than the source, empty and writable, and whether we have the
/// rights to fill it.</summary>
internal sealed class TargetCheck : ICheck
{
    // Our own session is read-only: the reset value shows a new one's default.
    private const string IsReadOnly = """
        SELECT pg_catalog.pg_is_in_recovery() OR EXISTS (
            SELECT FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only' AND reset_val = 'on')
        """;

    // A missing schema public is created from the archive.
    private const string Lacking = """
        SELECT pg_catalog.concat_ws('; ',
            CASE WHEN NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
                 THEN pg_catalog.format('GRANT CREATE ON DATABASE %I TO %I', pg_catalog.current_database(),
                     current_user) END,
            (SELECT pg_catalog.format('GRANT CREATE, USAGE ON SCHEMA public TO %I', current_user)
             FROM pg_catalog.pg_namespace n
             WHERE n.nspname = 'public' AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')))
        """;

    private const string UnknownUse = "who uses it is not known";

    public string Name => "target";

    public IReadOnlyList<string> Acceptable => [];

    /// <summary>The target must be proven to differ from the source.</summary>
    public bool IsVital => true;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Target is not { } named)
        {
            notes.Add(TargetFindings.NoTarget());
            return;
        }

        if (world.Target is { } same && await ServerCatalog.IsSameDatabaseAsync(world.Source, same, ct))
        {
            notes.Add(TargetFindings.SameDatabase(world.Source.Address));
            return;
        }

        if (named.Heroku is { } heroku)
            await LookAtAppAsync(heroku, world.Request, notes, ct);
        if (world.Target is not { } target)
            return;
        notes.AddFact("target", $"PostgreSQL {target.ServerVersion}, {named.Title}");
        await LookIntoAsync(target, named, world.Parts, notes, ct);
    }

    private static async Task LookIntoAsync(
        PostgresSession target, ITarget named, AssessParts parts, IAssessNotes notes, CancellationToken ct)
    {
        if (!parts.Request.GoesOn)
            await LookAtContentsAsync(target, named, parts, notes, ct);
        if (await target.ScalarAsync<bool>(IsReadOnly, ct))
            notes.Add(TargetFindings.ReadOnly(named.Title, ServerCatalog.Quote(target.Address.Database)));
        if (await target.ScalarAsync<string>(Lacking, ct) is { Length: > 0 } grants)
            notes.Add(TargetFindings.NoRight(named.Title, target.Address.User, grants));
    }

    // The target's step checks the same again right before it uses the target.
    private static async Task LookAtContentsAsync(
        PostgresSession target, ITarget named, AssessParts parts, IAssessNotes notes, CancellationToken ct)
    {
        var (request, state) = (parts.Request, await DatabaseState.ReadAsync(target, ct));
        if (state.IsEmpty)
            return;
        if (named.Heroku is not { } heroku || await heroku.FindAddOnAsync(ct) is not { } addOn)
        {
            if (!request.MayEmptyTarget)
                notes.Add(TargetFindings.NotEmpty(named.Title, UnknownUse, state.Contents, app: null, ""));
            return;
        }

        var (app, history) = (heroku.App, parts.HistoryOf(addOn.Name));
        var use = await DatabaseUse.FindAsync(heroku.Client, addOn, history, state.Fingerprint, ct);
        if (!request.MayEmptyTarget)
        {
            notes.Add(TargetFindings.NotEmpty(named.Title, use.InWords, state.Contents, app, use.MoreOptions(app)));
        }
        else if (use.IsLive && request.EmptyLive != use.EmptyLiveValue)
        {
            var isOld = request.EmptyLive is not null;
            notes.Add(TargetFindings.Live(app, addOn.Name, use.InWords, state.Contents, isOld,
                use.EmptyLiveValue, use.HowToStop));
        }
    }

    private static async Task LookAtAppAsync(
        HerokuTarget heroku, AssessRequest request, IAssessNotes notes, CancellationToken ct)
    {
        if (await heroku.Client.FindAppAsync(heroku.App, ct) is not { } app)
        {
            notes.AddFact("target", $"the app {heroku.App}, which does not exist yet");
            if (!request.CreatesApp)
                notes.Add(TargetFindings.NoApp(heroku.App));
            return;
        }

        var addOn = await heroku.FindAddOnAsync(ct);
        if (addOn is null or { IsGone: true })
            notes.AddFact("target", $"the app {app.Name}, which gets a new database");
        else if (!addOn.IsProvisioned)
            notes.Add(TargetFindings.NotReady(addOn.Name, app.Name, addOn.State));
        if (request.GoesOn)
            return;
        if (app.Maintenance)
            notes.Add(TargetFindings.Maintenance(app.Name));
        if (await FindOtherPrimaryAsync(heroku, addOn, ct) is { } other)
            notes.Add(TargetFindings.OtherPrimary(app.Name, other));
    }

    // The add-on behind DATABASE_URL, unless it is the target.
    private static async Task<string?> FindOtherPrimaryAsync(
        HerokuTarget heroku, HerokuAddon? addOn, CancellationToken ct) =>
        (await heroku.Client.ListAttachmentsAsync(heroku.App, ct)).FirstOrDefault(one => one.Name == "DATABASE")
            is { } primary && primary.Addon.Id != addOn?.Id
            ? primary.Addon.Name
            : null;
}
