using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Assess;

/// <summary>The inputs of an assessment.</summary>
public sealed record AssessParts
{
    public required PostgresAddress Source { get; init; }

    /// <summary>Null: none was named.</summary>
    public ITarget? Target { get; init; }

    /// <summary>What the runs of this machine have done with an add-on, by its name.</summary>
    public Func<string, AddOnHistory> HistoryOf { get; init; } = _ => AddOnHistory.None;

    /// <summary>For prices and plans. Null: there is no token.</summary>
    public HerokuClient? Heroku { get; init; }

    /// <summary>Null: none was named.</summary>
    public IObjectStore? Store { get; init; }

    /// <summary>Flags needed besides the store's address, with a leading space; may be empty.</summary>
    public string StoreFlags { get; init; } = "";

    /// <summary>The run it belongs to; null: none.</summary>
    public string? RunId { get; init; }

    /// <summary>Other runs of this machine.</summary>
    public IReadOnlySet<string> EarlierRuns { get; init; } = new HashSet<string>();

    public required AssessRequest Request { get; init; }

    /// <summary>Finds a program that can dump a server of this major. Throws a fault if there is none.</summary>
    public required Func<int, CancellationToken, Task<AssessDumper>> FindDumperAsync { get; init; }

    /// <summary>Creates the source's definitions in the target and rolls back. Null: not asked for.</summary>
    public Func<PostgresAddress, CancellationToken, Task<TriedDefinitions>>? TryDefinitionsAsync { get; init; }

    public required TimeProvider Clock { get; init; }
}

/// <summary>The result of a trial of the source's definitions at the target.</summary>
/// <param name="Made">Number of accepted definitions.</param>
/// <param name="Refused">Null: none.</param>
/// <param name="WhyNot">Why there was no trial, a clause; null: there was one.</param>
public sealed record TriedDefinitions(int Made, RefusedDefinitions? Refused, string? WhyNot);

/// <param name="Count">In words.</param>
/// <param name="Named">The first ones, each with the server's message.</param>
/// <param name="Statements">The SQL of these.</param>
public sealed record RefusedDefinitions(string Count, string Named, string Statements);

/// <param name="Name">For people: <c>pg_dump 15.14 (/usr/lib/postgresql/15/bin/pg_dump)</c>.</param>
/// <param name="Version">The program's; the server's may be older.</param>
public sealed record AssessDumper(string Name, Version Version)
{
    public int Major => Version.Major;
}
