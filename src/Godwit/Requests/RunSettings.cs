// Requests: the settings of a run, one record per group of flags, each with its defaults and its checks.
//
// Callers that start runs (the command line, a page, a worker) fill these records and ask for their `Problems`. The
// journal keeps them in one flat object, so that all versions can read it. They hold references to secrets, never
// secrets. The room does not know what a run does with them.

using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Requests;

/// <summary>What the user asked for. The journal has the properties of all groups, in this order.</summary>
public sealed record RunSettings
{
    /// <summary>A <see cref="From"/>: standard input.</summary>
    public const string FromStdin = "stdin";

    /// <summary>Runs of versions that had only this route name none.</summary>
    public const string UsualRoute = "backup";

    /// <summary>As typed: <c>env:NAME</c>, <c>file:PATH</c>, <c>service:NAME</c>, or a URL without its
    /// password.</summary>
    public required string From { get; init; }

    /// <summary><c>heroku:APP</c>, <c>heroku:APP/ATTACHMENT</c>, or a database as in <see cref="From"/>.</summary>
    public required string To { get; init; }

    /// <summary>A later version may have added the route. Null: not chosen yet.</summary>
    public string? Route { get; init; }

    /// <summary>Why Godwit chose a <see cref="Route"/> that is not the usual one: a clause. Null: the user named it, or
    /// it is the usual one.</summary>
    public string? RouteWhy { get; init; }

    [JsonIgnore]
    public string RouteOrUsual => Route ?? UsualRoute;

    public StoreSettings Store { get; init; } = new();

    public HerokuSettings Heroku { get; init; } = new();

    public FreezeSettings Freeze { get; init; } = new();

    public bool HasBackup { get; init; }

    /// <summary>Nothing is frozen or switched, and what is made is removed again. Null: the migration itself.</summary>
    public RehearsalKind? Rehearsal { get; init; }

    /// <summary>Of a rehearsal's local Heroku; null: none.</summary>
    public string? RehearsalFolder { get; init; }

    public AcceptSettings Accept { get; init; } = new();

    /// <summary>Workers of the dump, and connections to each database in verify.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    public VerifySettings Verify { get; init; } = new();

    public DumpSettings Dump { get; init; } = new();

    public CleanSettings Clean { get; init; } = new();

    public SwitchSettings Switch { get; init; } = new();

    public StoreAccess StoreAccess { get; init; } = new();

    /// <summary>No server is asked.</summary>
    public IEnumerable<OptionProblem> Problems() =>
    [
        .. ProblemsOnResume(), .. Heroku.Problems(To, mayBeElsewhere: Rehearsal is null),
        .. Store.Address is null ? [] : StoreAccess.Problems(),
    ];

    /// <summary>In the settings that a resume can be given.</summary>
    /// <param name="compares">Both sides are still to be compared. After the cut-over, a missing query file must not
    /// keep the apps stopped.</param>
    public IEnumerable<OptionProblem> ProblemsOnResume(bool compares = true) =>
    [
        .. JobCount.Problems(Jobs, JobCount.AtSource), .. Dump.Problems(), .. Clean.Problems(),
        .. Switch.Problems(To), .. compares ? Verify.Problems() : [], .. Freeze.Problems(), .. Accept.Problems(),
    ];
}
