using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.Targets;

/// <summary><c>--to heroku:APP[/ATTACHMENT]</c>, looked up when needed, so that a resumed run finds it, too.</summary>
/// <param name="chosen">Null: no run uses it.</param>
public sealed class HerokuTarget(HerokuClient client, HerokuTargetName name, ChosenAddOn? chosen = null) : ITarget
{
    // An empty database takes seconds, the removal of one with very many tables longer.
    private static readonly TimeSpan ResetMax = TimeSpan.FromMinutes(15);

    public TargetName Name => name;

    public string App => name.App;

    HerokuTarget ITarget.Heroku => this;

    public HerokuClient Client => client;

    /// <summary>Heroku on this machine follows links to loopback, and runs this machine's PostgreSQL, whatever Heroku's
    /// calendar says.</summary>
    public bool IsHere { get; init; } = client.IsHere;

    /// <summary>Null: none yet.</summary>
    /// <exception cref="FaultException">The app has several databases and none was named; or the named one is not
    /// there.</exception>
    public async Task<HerokuAddon?> FindAddOnAsync(CancellationToken ct)
    {
        if (chosen?.Name is { } known)
            return await client.FindAddonAsync(chosen.Owner ?? name.App, known, ct);
        if (chosen is { IsThrowAway: true })
            return null;
        if (name.Attachment is { } attachment)
        {
            var found = await client.ResolveAttachmentAsync(name.App, attachment, ct)
                ?? throw new FaultException(TargetFaults.NoAttachment(name.App, attachment));
            return await client.FindAddonAsync(found.Addon.App.Name, found.Addon.Name, ct);
        }

        var all = (await client.ListAddonsAsync(name.App, ct))
            .Where(addOn => addOn.Plan.IsPostgres && !addOn.IsGone).ToList();
        return all.Count > 1
            ? throw new FaultException(TargetFaults.SeveralDatabases(name.App,
                string.Join(", ", all.Select(addOn => addOn.Name))))
            : all.FirstOrDefault();
    }

    /// <summary>Null also: no such app, or Heroku gave up or removed the add-on.</summary>
    /// <inheritdoc cref="FindAddOnAsync"/>
    public async Task<HerokuAddon?> FindUsableAddOnAsync(CancellationToken ct) =>
        await client.FindAppAsync(name.App, ct) is not null && await FindAddOnAsync(ct) is { IsGone: false } found
            ? found : null;

    public async Task<HerokuAddon> RequireAddOnAsync(CancellationToken ct) =>
        await FindAddOnAsync(ct) ?? throw Gone();

    /// <summary>Null: no add-on, or none that is provisioned.</summary>
    public async Task<PostgresAddress?> FindAddressAsync(CancellationToken ct)
    {
        if (await FindUrlAsync(ct) is not (var variable, { } url))
            return null;
        var address = PostgresUrl.Parse(url.Reveal(), $"The config var {variable} of {name.App}");
        // Heroku accepts TLS only; its URLs do not say so.
        return address.Ssl == SslMode.Prefer ? address with { Ssl = SslMode.Require } : address;
    }

    public async Task<PostgresAddress> AddressAsync(CancellationToken ct) =>
        await FindAddressAsync(ct) ?? throw Gone();

    /// <exception cref="FaultException"><c>load.app_unknown</c> or <c>load.no_database</c>.</exception>
    public async Task<PostgresAddress> ExistingAddressAsync(CancellationToken ct) =>
        await client.FindAppAsync(name.App, ct) is null
            ? throw new FaultException(TargetFaults.AppUnknown(name.App))
            : await FindAddressAsync(ct) ?? throw new FaultException(TargetFaults.NoDatabase(name.App));

    public async Task<Secret> UrlAsync(CancellationToken ct) => (await FindUrlAsync(ct)).Url ?? throw Gone();

    /// <summary>As <c>heroku pg:reset</c>; closes open connections.</summary>
    public async Task EmptyAsync(CancellationToken ct)
    {
        var addOn = await RequireAddOnAsync(ct);
        await client.ResetAsync(addOn.Id, extensions: null, ct);
        await new HerokuProvisioning(client).WaitReadyAsync(name.App, addOn, ResetMax, progress: null, ct);
    }

    private async Task<(string ConfigVar, Secret? Url)> FindUrlAsync(CancellationToken ct)
    {
        if (await FindUsableAddOnAsync(ct) is not { IsProvisioned: true } addOn)
            return ("", null);
        var attached = (await client.ListAttachmentsAsync(name.App, ct))
            .FirstOrDefault(one => one.Addon.Id == addOn.Id && one.Namespace is null)
            ?? throw new FaultException(TargetFaults.NotAttached(name.App, addOn.Name));
        var configVar = attached.Name + "_URL";
        return (await client.GetConfigVarsAsync(name.App, ct)).TryGetValue(configVar, out var url)
            ? (configVar, url)
            : throw new FaultException(TargetFaults.NotAttached(name.App, addOn.Name));
    }

    private FaultException Gone() => new(TargetFaults.Gone(name.App, chosen?.Name ?? "the add-on"));
}
