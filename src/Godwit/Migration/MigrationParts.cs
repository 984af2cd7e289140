// Migration: picks the route, lists the steps, runs them, writes the journal.
//
// The only room that knows every stage, and the only one that writes a journal. Each step gets the handles it needs,
// never a bag of all of them. The room does not know who asks: the command line, a web page or a worker.
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Migration.Plans;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>The user's settings, and all that is opened for them, with its secrets.</summary>
public sealed record MigrationParts
{
    public required RunSettings Settings { get; init; }
    public required PostgresAddress Source { get; init; }
    public required TargetName Target { get; init; }

    /// <summary>Null: the target is no app's database, and no app is stopped or switched.</summary>
    public required HerokuClient? Heroku { get; init; }

    /// <summary>Heroku is on this machine (heroku-local), so it can follow links to loopback.</summary>
    public bool HerokuIsHere => Heroku?.IsHere ?? false;

    /// <summary>Null: the route uses no store.</summary>
    public required IObjectStore? Store { get; init; }

    /// <summary>The available routes; the settings name one of them.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = Route.All;

    public IReadOnlyList<string> EarlierRuns { get; init; } = [];

    /// <summary>What this machine's runs did, by the add-on's name.</summary>
    public Func<string, AddOnHistory> HistoryOf { get; init; } = _ => AddOnHistory.None;
    public required PgTools Tools { get; init; }
    public required IProcessRunner Processes { get; init; }

    /// <summary>Secrets of the environment, hidden when a user's command prints them.</summary>
    public IReadOnlyList<Secret> EnvironmentSecrets { get; init; } = [];
    public required TimeProvider Clock { get; init; }

    internal HerokuClient RequireHeroku() =>
        Heroku ?? throw new InvalidOperationException("Nobody has opened Heroku for this run.");
}
