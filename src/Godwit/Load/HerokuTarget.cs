// Load: makes the target ready and brings the archive into it.
//
// Heroku restores by itself from a link, so this room asks, watches and judges; it never takes Heroku's word
// for a success without having read its warnings.
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.Load;

/// <summary>What <c>--to heroku:APP[/ATTACHMENT]</c> names, looked up when it is needed: a resumed run finds it as the
/// first one did.</summary>
/// <param name="isThrowAway">It is an add-on of this run's own: none that the app has already is ever
/// looked at.</param>
public sealed class HerokuTarget(
    HerokuClient heroku, HerokuTargetName name, IRunMemory memory, RunKey<string> addOnKey, bool isThrowAway = false)
    : ITarget
{
    /// <summary>Heroku makes an empty database, in seconds; one with very many tables takes longer to be given
    /// up.</summary>
    private static readonly TimeSpan ResetMax = TimeSpan.FromMinutes(15);

    private static readonly RunKey<string> OwnerKey = RunKey.Text("target.addon_owner");

    /// <summary>Under which the plan of the add-on is remembered, by its short name: what is left to do after the move
    /// depends on it.</summary>
    public static RunKey<string> PlanKey { get; } = RunKey.Text("target.plan");

    public HerokuTargetName Name => name;

    public string Title => $"{name}";

    public HerokuClient Heroku => heroku;

    /// <summary>Null: there is none yet.</summary>
    /// <exception cref="FaultException">The app has several databases and none was named; or the named one is not
    /// there.</exception>
    public async Task<HerokuAddon?> FindAddOnAsync(CancellationToken ct)
    {
        // It may belong to another app and be attached to this one, and Heroku shows an add-on under its owner.
        if (memory.Recall(addOnKey) is { } known)
            return await heroku.FindAddonAsync(memory.Recall(OwnerKey) ?? name.App, known, ct);
        if (isThrowAway)
            return null;
        if (name.Attachment is { } attachment)
        {
            var found = await heroku.ResolveAttachmentAsync(name.App, attachment, ct)
                ?? throw new FaultException(LoadFaults.NoAttachment(name.App, attachment));
            return await heroku.FindAddonAsync(found.Addon.App.Name, found.Addon.Name, ct);
        }

        var all = (await heroku.ListAddonsAsync(name.App, ct))
            .Where(addOn => addOn.Plan.IsPostgres && !addOn.IsGone).ToList();
        return all.Count > 1
            ? throw new FaultException(LoadFaults.SeveralDatabases(name.App,
                string.Join(", ", all.Select(addOn => addOn.Name))))
            : all.FirstOrDefault();
    }

    /// <summary>The add-on; once it is known it is remembered, so that a second one attached meanwhile does not confuse
    /// a resume.</summary>
    public async Task<HerokuAddon> RequireAddOnAsync(CancellationToken ct) =>
        await FindAddOnAsync(ct)
        ?? throw new FaultException(LoadFaults.Gone(name.App, memory.Recall(addOnKey) ?? "the add-on"));

    public void Keep(HerokuAddon addOn)
    {
        memory.Remember(OwnerKey, addOn.App.Name);
        memory.Remember(PlanKey, addOn.Plan.ShortName);
        memory.Remember(addOnKey, addOn.Name);
    }

    /// <summary>This run has chosen its add-on; if it is gone, another one is not what the user was told
    /// about.</summary>
    public bool IsChosen => memory.Recall(addOnKey) is not null;

    public void Forget() => memory.Remember(addOnKey, null);

    /// <summary>Null while there is no add-on, or none that is provisioned.</summary>
    public async Task<PostgresAddress?> FindAddressAsync(CancellationToken ct)
    {
        if (await FindUrlAsync(ct) is not (var name, { } url))
            return null;
        var address = PostgresUrl.Parse(url.Reveal(), $"The config var {name} of {Name.App}");
        // Heroku speaks TLS only, and its URLs do not say so.
        return address.Ssl == SslMode.Prefer ? address with { Ssl = SslMode.Require } : address;
    }

    /// <summary>Removes everything that is in it, as <c>heroku pg:reset</c> does; whoever is connected is thrown
    /// out.</summary>
    public async Task EmptyAsync(CancellationToken ct)
    {
        var addOn = await RequireAddOnAsync(ct);
        await heroku.ResetAsync(addOn.Id, extensions: null, ct);
        await new HerokuProvisioning(heroku).WaitReadyAsync(Name.App, addOn, ResetMax, progress: null, ct);
    }

    /// <summary>As the application finds it in its environment.</summary>
    public async Task<Secret> UrlAsync(CancellationToken ct) =>
        (await FindUrlAsync(ct)).Url
        ?? throw new FaultException(LoadFaults.Gone(name.App, memory.Recall(addOnKey) ?? "the add-on"));

    private async Task<(string ConfigVar, Secret? Url)> FindUrlAsync(CancellationToken ct)
    {
        if (await heroku.FindAppAsync(name.App, ct) is null
            || await FindAddOnAsync(ct) is not { IsProvisioned: true } addOn)
            return ("", null);
        var attached = (await heroku.ListAttachmentsAsync(name.App, ct))
            .FirstOrDefault(one => one.Addon.Id == addOn.Id && one.Namespace is null)
            ?? throw new FaultException(LoadFaults.NotAttached(name.App, addOn.Name));
        var configVar = attached.Name + "_URL";
        return (await heroku.GetConfigVarsAsync(name.App, ct)).TryGetValue(configVar, out var url)
            ? (configVar, url)
            : throw new FaultException(LoadFaults.NotAttached(name.App, addOn.Name));
    }

    public async Task<PostgresAddress> AddressAsync(CancellationToken ct) =>
        await FindAddressAsync(ct)
        ?? throw new FaultException(LoadFaults.Gone(name.App, memory.Recall(addOnKey) ?? "the add-on"));
}

/// <param name="Attachment">Null: the app's only database, or one that is created.</param>
public sealed record HerokuTargetName(string App, string? Attachment) : TargetName
{
    public const string Prefix = "heroku:";

    /// <summary>How a database is named that is no app's.</summary>
    private static readonly string[] Sources = ["postgres", "env:", "file:", "service:"];

    public new string App { get; } = App;

    public override string Confirmation => App;

    public static bool IsOne(string reference) => reference.StartsWith(Prefix, StringComparison.Ordinal);

    public override string ToString() => Attachment is null ? Prefix + App : $"{Prefix}{App}/{Attachment}";

    /// <exception cref="FaultException"><c>load.target_name</c>.</exception>
    public static HerokuTargetName Parse(string text)
    {
        if (!IsOne(text))
            throw new FaultException(LoadFaults.TargetName(PasswordFree(text),
                Sources.Any(one => text.StartsWith(one, StringComparison.Ordinal))
                    ? "only an app of Heroku is one here, because the database is made for it, and destroyed again"
                    : text.Length == 0 ? "it is empty" : "it does not begin with heroku:", Meant(text)));
        var parts = text[Prefix.Length..].Split('/');
        if (parts.Length > 2
            || parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            throw new FaultException(LoadFaults.TargetName(PasswordFree(text),
                "an app's name has letters, digits and dashes", Meant(text)));
        return new(parts[0], parts.Length == 2 ? parts[1] : null);
    }

    private static string? Meant(string text) => PostgresSource.Meant(text, "--to");

    private static string PasswordFree(string text) => Redactor.Clean(text);
}
