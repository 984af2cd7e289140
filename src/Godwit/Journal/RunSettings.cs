using System.Text.Json.Serialization;

namespace Godwit.Journal;

/// <summary>What the user asked for, as it is kept with the run: references to secrets, never secrets.</summary>
public sealed record RunSettings
{
    /// <summary>Stands for standard input in <see cref="From"/>.</summary>
    public const string FromStdin = "stdin";

    /// <summary>The source as typed: <c>env:NAME</c>, <c>file:PATH</c>, <c>service:NAME</c>, or a URL without its
    /// password.</summary>
    public required string From { get; init; }

    /// <summary><c>heroku:APP</c> or <c>heroku:APP/ATTACHMENT</c>.</summary>
    public required string To { get; init; }

    /// <summary>The usual one. Runs of versions that knew this one only have none.</summary>
    public const string UsualRoute = "backup";

    /// <summary>How the contents come over, e.g. <c>direct</c>; null as long as nobody has chosen.</summary>
    public string? Route { get; init; }

    /// <summary>Why Godwit has chosen <see cref="Route"/> by itself, where it is not the usual one: a clause. Null:
    /// somebody named it, or it is the usual one.</summary>
    public string? RouteWhy { get; init; }

    [JsonIgnore]
    public string RouteOrUsual => Route ?? UsualRoute;

    /// <summary>The store's address: <c>s3://bucket/prefix</c>, <c>disk:PATH</c>. Empty as long as nobody named or
    /// chose one, and where none is needed.</summary>
    public required string Via { get; init; }

    /// <summary>The store is made if it is not there.</summary>
    public bool CreateStore { get; init; }

    /// <summary>The host of Heroku's API when the run began. A resume that reaches another Heroku (a rehearsal's, or
    /// the real one) would change the wrong app. Null: not looked at yet.</summary>
    public string? HerokuHost { get; init; }

    /// <summary>The app (or attachment) whose contents may be replaced, as typed behind <c>--confirm</c>.</summary>
    public string? Confirm { get; init; }

    /// <summary>Add-on and fingerprint of live contents that may be deleted, as typed behind
    /// <c>--empty-live</c>.</summary>
    public string? EmptyLive { get; init; }

    public bool CreateApp { get; init; }

    /// <summary>The plan to create the add-on on; null: the cheapest that fits.</summary>
    public string? Plan { get; init; }

    /// <summary>Of PostgreSQL, for an add-on that is ordered; null: Heroku's default.</summary>
    public int? PgVersion { get; init; }

    /// <summary>Of an app that is created. Null: as Heroku does by itself.</summary>
    public string? Region { get; init; }

    /// <summary>That pays for an app that is created.</summary>
    public string? Team { get; init; }

    /// <summary>The Private Space in which an app is created.</summary>
    public string? Space { get; init; }

    /// <summary>False: the user stops the writes.</summary>
    public bool Freeze { get; init; } = true;

    /// <summary>How the source is frozen, if it is: <c>read-only</c> or <c>revoke</c>.</summary>
    public string FreezeHow { get; init; } = Journal.FreezeHow.ReadOnly;

    /// <summary>Heroku apps that write to the source, beside the target's.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Of the apps only what is no web dyno is stopped.</summary>
    public bool OnlyWorkers { get; init; }

    public bool HasBackup { get; init; }

    /// <summary>A <see cref="RehearsalKind"/>: nothing is frozen or switched, and what is made is removed again. Null:
    /// the migration itself.</summary>
    public string? Rehearsal { get; init; }

    /// <summary>Where the local Heroku of a rehearsal keeps what it has; null: there is none.</summary>
    public string? RehearsalFolder { get; init; }

    /// <summary>Codes of findings and faults that a person has taken on.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Materialized views that may differ, as they were named: <c>SCHEMA.NAME</c>.</summary>
    public IReadOnlyList<string> AcceptViews { get; init; } = [];

    /// <summary>Workers of the dump, and connections to each database while verifying.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>How deep both sides are compared: <c>counts</c>, <c>checksums</c> or <c>rows</c>.</summary>
    public string Verify { get; init; } = "checksums";

    /// <summary>Files with queries whose results are compared, with their whole paths.</summary>
    public IReadOnlyList<string> QueryFiles { get; init; } = [];

    /// <summary>By how much two floats in the results of queries may differ, as a part of the larger one; 0: not at
    /// all.</summary>
    public double FloatTolerance { get; init; }

    /// <summary>Of the dump; null: what the engine finds best.</summary>
    public int? CompressLevel { get; init; }

    /// <summary>What dumps: <c>godwit</c> or <c>pg_dump</c>.</summary>
    public string Engine { get; init; } = "godwit";

    /// <summary>How long is waited for somebody's lock at the source; null: nobody said it.</summary>
    public int? LockWaitSeconds { get; init; }

    /// <summary>Flags that say how the dump is made, where it lies and how that is reached, as far as somebody gave
    /// them: where nothing is dumped they have no effect, and that is said.</summary>
    public IReadOnlyList<string> DumpFlags { get; init; } = [];

    /// <summary>What the target would refuse is left out of the dump.</summary>
    public bool Clean { get; init; } = true;

    /// <summary>Roles of the source and what stands in their place at the target: <c>OLD=NEW</c>.</summary>
    public IReadOnlyList<string> MapRoles { get; init; } = [];

    /// <summary>Decides before the cut-over whether the target may be used; null: nobody asks.</summary>
    public string? AcceptCommand { get; init; }

    /// <summary>Config vars of apps that get the target's URL, as typed: <c>APP:VAR</c>.</summary>
    public IReadOnlyList<string> SetConfig { get; init; } = [];

    /// <summary><see cref="SetConfig"/>, taken apart.</summary>
    [JsonIgnore]
    public IEnumerable<(string App, string Name)> ConfigVars =>
        SetConfig.Select(one => one.Split(':', 2)).Select(parts => (parts[0], parts[1]));

    /// <summary>Apps to which the target is attached in the cut-over, as their DATABASE_URL.</summary>
    public IReadOnlyList<string> Attach { get; init; } = [];

    /// <summary>A file for the target's URL, with its whole path.</summary>
    public string? EnvFile { get; init; }

    public string? S3Endpoint { get; init; }
    public string? S3Region { get; init; }
    public string? S3Profile { get; init; }

    /// <summary>Null: as the service is known to want it.</summary>
    public bool? S3PathStyle { get; init; }

    /// <summary>Of the blob service of an azblob:// address; null: the public cloud's.</summary>
    public string? AzureEndpoint { get; init; }

    /// <summary>Where Google Cloud Storage answers, for a gs:// address; null: as the environment says.</summary>
    public string? GcsEndpoint { get; init; }

    /// <summary>Where a gs:// bucket is made that is not there yet.</summary>
    public string? GsLocation { get; init; }

    /// <summary>Where a disk store serves its links, <c>address:port</c>; null: loopback.</summary>
    public string? DiskListen { get; init; }

    /// <summary>The address under which others reach what <see cref="DiskListen"/> serves.</summary>
    public string? DiskPublicUrl { get; init; }
}
