// Providers: what each managed PostgreSQL is recognised by, what it leaves in a dump, what it lacks, and how things are done there.
//
// One file per provider, each one value of the record below: facts, no behaviour. The only room that names a provider; the others ask
// the Provider they were given.
using System.Text.RegularExpressions;

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

    /// <summary>Roles it creates in every server. They exist nowhere else, so grants to them, their objects and their names in policies mean nothing
    /// at a target.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Beginnings of the names of its own settings, in front of the dot: <c>rds</c>.</summary>
    public IReadOnlyList<string> SettingPrefixes { get; init; } = [];

    /// <summary>Extensions that exist only there.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];
}
