// Requests: what a run was told, one record per group of flags, each with its defaults and with what can be wrong.
//
// Whoever begins runs (the command line, a page, a worker) fills these records and asks for their `Problems`. The
// journal keeps them in one flat object, so that all versions can read it. References to secrets, never secrets.

using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Requests;

/// <summary>What the user asked for. The journal has the properties of all groups, in this order.</summary>
public sealed record RunSettings
{
    /// <summary>Stands for standard input in <see cref="From"/>.</summary>
    public const string FromStdin = "stdin";

    /// <summary>The usual one. Runs of versions that knew this one only have none.</summary>
    public const string UsualRoute = "backup";

    /// <summary>The source as typed: <c>env:NAME</c>, <c>file:PATH</c>, <c>service:NAME</c>, or a URL without its
    /// password.</summary>
    public required string From { get; init; }

    /// <summary><c>heroku:APP</c>, <c>heroku:APP/ATTACHMENT</c>, or a database as in <see cref="From"/>.</summary>
    public required string To { get; init; }

    /// <summary>The name of the way the contents come over, which a later version may have added; null as long as
    /// nobody has chosen.</summary>
    public string? Route { get; init; }

    /// <summary>Why Godwit has chosen <see cref="Route"/> by itself, where it is not the usual one: a clause. Null:
    /// somebody named it, or it is the usual one.</summary>
    public string? RouteWhy { get; init; }

    [JsonIgnore]
    public string RouteOrUsual => Route ?? UsualRoute;

    public StoreSettings Store { get; init; } = new();

    public HerokuSettings Heroku { get; init; } = new();

    public FreezeSettings Freeze { get; init; } = new();

    public bool HasBackup { get; init; }

    /// <summary>Nothing is frozen or switched, and what is made is removed again. Null: the migration itself.</summary>
    public RehearsalKind? Rehearsal { get; init; }

    /// <summary>Where the local Heroku of a rehearsal keeps what it has; null: there is none.</summary>
    public string? RehearsalFolder { get; init; }

    public AcceptSettings Accept { get; init; } = new();

    /// <summary>Workers of the dump, and connections to each database while verifying.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    public VerifySettings Verify { get; init; } = new();

    public DumpSettings Dump { get; init; } = new();

    public CleanSettings Clean { get; init; } = new();

    public SwitchSettings Switch { get; init; } = new();

    public StoreAccess StoreAccess { get; init; } = new();

    /// <summary>What is wrong with it, by flag. Nothing is asked of a server.</summary>
    public IEnumerable<OptionProblem> Problems() =>
    [
        .. ProblemsOnResume(), .. Heroku.Problems(To, mayBeElsewhere: Rehearsal is null),
        .. Store.Address is null ? [] : StoreAccess.Problems(),
    ];

    /// <summary>The same of what can still be said when a run is taken up.</summary>
    /// <param name="compares">Both sides are still to be compared: a query file that is gone behind the cut-over must
    /// not keep the apps stopped.</param>
    public IEnumerable<OptionProblem> ProblemsOnResume(bool compares = true) =>
    [
        .. JobCount.Problems(Jobs, JobCount.AtSource), .. Dump.Problems(), .. Clean.Problems(),
        .. Switch.Problems(To), .. compares ? Verify.Problems() : [], .. Freeze.Problems(), .. Accept.Problems(),
    ];
}
