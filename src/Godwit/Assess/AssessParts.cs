using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Assess;

public sealed record AssessParts
{
    public required PostgresAddress Source { get; init; }

    /// <summary>Null: none was named.</summary>
    public ITarget? Target { get; init; }

    /// <summary>What this machine's runs did with an add-on, by its name.</summary>
    public Func<string, AddOnHistory> HistoryOf { get; init; } = _ => AddOnHistory.None;

    /// <summary>For prices and plans. Null: no token.</summary>
    public HerokuClient? Heroku { get; init; }

    /// <summary>Null: none was named.</summary>
    public IObjectStore? Store { get; init; }

    /// <summary>Besides the store's address, with a leading space; may be empty.</summary>
    public string StoreFlags { get; init; } = "";

    /// <summary>Null: no run's assessment.</summary>
    public string? RunId { get; init; }

    /// <summary>Other runs of this machine.</summary>
    public IReadOnlySet<string> EarlierRuns { get; init; } = new HashSet<string>();

    public required AssessRequest Request { get; init; }

    /// <summary>A program that can dump a server of this major; throws a fault if there is none.</summary>
    public required Func<int, CancellationToken, Task<AssessDumper>> FindDumperAsync { get; init; }

    /// <summary>Creates the source's definitions in the target and rolls back. Null: not asked for.</summary>
    public Func<PostgresAddress, CancellationToken, Task<TriedDefinitions>>? TryDefinitionsAsync { get; init; }

    public required TimeProvider Clock { get; init; }
}

/// <summary>The result of a trial of the source's definitions at the target.</summary>
/// <param name="Made">Number of accepted definitions.</param>
/// <param name="Refused">Null: none.</param>
/// <param name="WhyNot">A clause; null: there was a trial.</param>
public sealed record TriedDefinitions(int Made, RefusedDefinitions? Refused, string? WhyNot);

/// <param name="Count">In words.</param>
/// <param name="Named">The first ones, each with the server's message.</param>
/// <param name="Statements">Their SQL.</param>
public sealed record RefusedDefinitions(string Count, string Named, string Statements);

/// <param name="Name">For people: <c>pg_dump 15.14 (/usr/lib/postgresql/15/bin/pg_dump)</c>.</param>
/// <param name="Version">The server's may be older.</param>
public sealed record AssessDumper(string Name, Version Version)
{
    public int Major => Version.Major;
}
