// Providers: how to recognise each managed PostgreSQL, what it adds to a dump, what it lacks, and how things are done
// there.
//
// One file per provider, each one value of the record below: facts, no behaviour. No other room names a provider. The
// facts come from the providers' public documentation; docs/providers says what was tried.
using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Providers;

public sealed record Provider
{
    /// <summary>Never changes, for scripts: <c>aws-rds</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people: <c>AWS RDS</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Matches its servers' host names; null: they do not identify it.</summary>
    public Regex? Host { get; init; }

    /// <summary>Roles in each of its servers. No target has them, so their grants, objects and policies are left
    /// out.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Prefixes of its own settings, before the dot: <c>rds</c>. A server with such a setting is the
    /// provider's.</summary>
    public IReadOnlyList<string> SettingPrefixes { get; init; } = [];

    /// <summary>Extensions that no other provider has.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Its schemas that a dump would include. Schemas of its extensions are not listed: they are left out with
    /// the extension.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>Databases of its own in each server.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>Common features that it lacks; clauses.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];

    public IReadOnlyList<EndPointRule> EndPoints { get; init; } = [];

    public required ProviderRemedies Remedies { get; init; }

    /// <summary>Prefixes of settings that a comparison with another server ignores.</summary>
    public IReadOnlyList<string> NoiseSettings { get; init; } = [];

    /// <summary>Null: none.</summary>
    public ObjectStoreHost? Store { get; init; }

    /// <summary>Matches the region of <see cref="Store"/> in the host name; null: it has none.</summary>
    public Regex? StoreRegion { get; init; }

    /// <summary>The region of its store nearest to the server; null: unknown.</summary>
    public string? RegionOf(PostgresAddress address) =>
        StoreRegion?.Match(address.Host.TrimEnd('.')) is { Success: true } found
            ? found.Value.ToLowerInvariant() : null;

    /// <summary>The rule that the address matches; null: none.</summary>
    public EndPointRule? EndPoint(EndPointKind kind, PostgresAddress address) =>
        EndPoints.FirstOrDefault(rule => rule.Kind == kind && rule.Fits(address));

    /// <summary>The first label of the host, which several providers use as the server's name; else the
    /// placeholder.</summary>
    internal static string FirstLabel(Regex host, PostgresAddress address, string placeholder) =>
        host.IsMatch(address.Host) ? address.Host.Split('.')[0] : placeholder;
}

/// <param name="Pattern">Its end point; parts to fill in are in capitals.</param>
/// <param name="Scheme">As <c>--via</c> takes it: <c>s3</c>, <c>linode</c>, <c>azblob</c>, <c>gs</c>.</param>
public sealed record ObjectStoreHost(string Title, string Pattern, string Scheme);
