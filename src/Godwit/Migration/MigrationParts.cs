// Migration: picks the route, lists the steps, runs them, writes the journal.
//
// The one room that knows every stage, and the only one that writes a journal. Each step gets the handles it
// needs and no bag of everything.
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Migration.Plans;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>What a run works with: the user's wishes, and the world opened for it with its secrets.</summary>
public sealed record MigrationParts
{
    public required RunSettings Settings { get; init; }
    public required PostgresAddress Source { get; init; }
    public required TargetName Target { get; init; }

    /// <summary>Null: the target is no app's, and no app is stopped or switched.</summary>
    public required HerokuClient? Heroku { get; init; }

    /// <summary>Heroku is on this machine (heroku-local), so it can follow links to loopback.</summary>
    public bool HerokuIsHere => Heroku?.IsHere ?? false;

    /// <summary>Null: the contents come over without one.</summary>
    public required IObjectStore? Store { get; init; }

    /// <summary>The ways there are; the settings name one of them.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = Route.All;

    /// <summary>Runs of this machine.</summary>
    public IReadOnlyList<string> EarlierRuns { get; init; } = [];

    /// <summary>What the runs of this machine have done with an add-on, by its name.</summary>
    public Func<string, AddOnHistory> HistoryOf { get; init; } = _ => AddOnHistory.None;
    public required PgTools Tools { get; init; }
    public required IProcessRunner Processes { get; init; }

    /// <summary>What of the environment must not be shown when a command of the user prints it.</summary>
    public IReadOnlyList<Secret> EnvironmentSecrets { get; init; } = [];
    public required TimeProvider Clock { get; init; }

    /// <summary>For a step that works at Heroku.</summary>
    internal HerokuClient RequireHeroku() =>
        Heroku ?? throw new InvalidOperationException("Nobody has opened Heroku for this run.");
}
