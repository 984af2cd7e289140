// Providers: what each managed PostgreSQL is recognised by, what it leaves in a dump, what it lacks, and how things
// are done there.
//
// One file per provider, each one value of the record below: facts, no behaviour. The only room that names a provider;
// the others ask the Provider they were given. What is here comes from the providers' public documentation;
// docs/providers says what was tried.
using System.Text.RegularExpressions;
using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Somebody who runs PostgreSQL servers for others.</summary>
public sealed record Provider
{
    /// <summary>Stable, for scripts: <c>aws-rds</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people: <c>AWS RDS</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Host names of its servers; null where they tell nothing.</summary>
    public Regex? Host { get; init; }

    /// <summary>Roles it creates in every server. They exist nowhere else, so grants to them, their objects and their
    /// names in policies mean nothing at a target.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Beginnings of the names of its own settings, in front of the dot: <c>rds</c>. A server that has one is
    /// the provider's.</summary>
    public IReadOnlyList<string> SettingPrefixes { get; init; } = [];

    /// <summary>Extensions that exist only there.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Schemas of its own that a dump would carry along. Those that belong to one of its extensions go with
    /// it.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>Databases of its own beside the user's.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>What one would look for there in vain; clauses.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];

    /// <summary>Addresses that lead to the database and are not the one to move from.</summary>
    public IReadOnlyList<EndPointRule> EndPoints { get; init; } = [];

    /// <summary>How things are done there, for the texts people read.</summary>
    public required ProviderRemedies Remedies { get; init; }

    /// <summary>Beginnings of the names of settings that mean nothing elsewhere: in a comparison with another server
    /// they are noise.</summary>
    public IReadOnlyList<string> NoiseSettings { get; init; } = [];

    /// <summary>Its own object storage; null where it has none.</summary>
    public ObjectStoreHost? Store { get; init; }

    /// <summary>Of the host's name, the part that is a region of <see cref="Store"/>; null where it holds
    /// none.</summary>
    public Regex? StoreRegion { get; init; }

    /// <summary>The region of its store that is nearest to the server; null when the address does not tell.</summary>
    public string? RegionOf(PostgresAddress address) =>
        StoreRegion?.Match(address.Host.TrimEnd('.')) is { Success: true } found
            ? found.Value.ToLowerInvariant() : null;

    /// <summary>What is special about an address there; null for the one to use, as far as the address tells.</summary>
    public EndPointRule? EndPoint(EndPointKind kind, PostgresAddress address) =>
        EndPoints.FirstOrDefault(rule => rule.Kind == kind && rule.Fits(address));

    /// <summary>The first part of the host's name, which is what several providers call the server by; the placeholder
    /// where the name is not theirs.</summary>
    internal static string FirstLabel(Regex host, PostgresAddress address, string placeholder) =>
        host.IsMatch(address.Host) ? address.Host.Split('.')[0] : placeholder;
}

/// <param name="Pattern">Of its S3 or other end point, with what is to be filled in in capital letters.</param>
/// <param name="Scheme">As <c>--via</c> takes it: <c>s3</c>, <c>linode</c>, <c>azblob</c>, <c>gs</c>.</param>
public sealed record ObjectStoreHost(string Title, string Pattern, string Scheme);
