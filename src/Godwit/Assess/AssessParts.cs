using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Assess;

/// <summary>What an assessment is given.</summary>
public sealed record AssessParts
{
    public required PostgresAddress Source { get; init; }

    /// <summary>Null: none was named.</summary>
    public ITarget? Target { get; init; }

    /// <summary>What the runs of this machine have done with an add-on, by its name.</summary>
    public Func<string, AddOnHistory> HistoryOf { get; init; } = _ => AddOnHistory.None;

    /// <summary>Asks for prices and plans. Null: nobody has told us a token.</summary>
    public HerokuClient? Heroku { get; init; }

    /// <summary>Null: none was named.</summary>
    public IObjectStore? Store { get; init; }

    /// <summary>What must be typed besides the store's address to reach it, with a space before it; empty:
    /// nothing.</summary>
    public string StoreFlags { get; init; } = "";

    /// <summary>Of the run this is for; null: for none.</summary>
    public string? RunId { get; init; }

    /// <summary>Runs of this machine, without the one this is for.</summary>
    public IReadOnlySet<string> EarlierRuns { get; init; } = new HashSet<string>();

    public required AssessRequest Request { get; init; }

    /// <summary>What can dump a server of this major. Throws a fault when nothing here can.</summary>
    public required Func<int, CancellationToken, Task<AssessDumper>> FindDumperAsync { get; init; }

    /// <summary>Makes the source's definitions in the target, and takes them back. Null: nobody asked for
    /// that.</summary>
    public Func<PostgresAddress, CancellationToken, Task<TriedDefinitions>>? TryDefinitionsAsync { get; init; }

    public required TimeProvider Clock { get; init; }
}

/// <summary>How a trial of the source's definitions at the target ended.</summary>
/// <param name="Made">What the target took.</param>
/// <param name="Refused">Null: nothing.</param>
/// <param name="WhyNot">Why there was none, a clause; null: there was one.</param>
public sealed record TriedDefinitions(int Made, RefusedDefinitions? Refused, string? WhyNot);

/// <param name="Count">How many, in words.</param>
/// <param name="Named">The first of them, each with what the server said.</param>
/// <param name="Statements">Of these.</param>
public sealed record RefusedDefinitions(string Count, string Named, string Statements);

/// <param name="Name">For people: <c>pg_dump 15.14 (/usr/lib/postgresql/15/bin/pg_dump)</c>.</param>
/// <param name="Version">Of the program; the server's may be older.</param>
public sealed record AssessDumper(string Name, Version Version)
{
    public int Major => Version.Major;
}
