using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess;

/// <summary>What the user asks of the move, as far as the checks depend on it.</summary>
public sealed record AssessRequest
{
    /// <summary>The run will stop the writes at the source itself.</summary>
    public bool Freezes { get; init; } = true;

    /// <summary>A rehearsal: several sessions of one moment read the source while it goes on working, from its
    /// beginning to its end.</summary>
    public bool HoldsMoment { get; init; }

    /// <summary>The run has frozen the source in an earlier attempt.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Nothing may be written to the store, not even a first byte.</summary>
    public bool OnlyLooks { get; init; } = true;

    /// <summary>The freeze keeps all others from connecting.</summary>
    public bool LocksOut { get; init; }

    /// <summary>Apps that the freeze stops beside the target's.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>A store that is not there is made.</summary>
    public bool CreatesStore { get; init; }

    /// <summary>The contents come over without a store. Null: as a migration would choose by itself.</summary>
    public bool? IsDirect { get; init; }

    /// <summary>Why, as a clause, where a migration has chosen it by itself.</summary>
    public string? DirectWhy { get; init; }

    /// <summary>Flags that say how the dump is made, as far as somebody gave them: <c>--compress</c>.</summary>
    public IReadOnlyList<string> DumpFlags { get; init; } = [];

    /// <summary>Codes of blockers that a person has taken on.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Materialized views that may differ at the target, as they were named: <c>SCHEMA.NAME</c>.</summary>
    public IReadOnlyList<string> AcceptViews { get; init; } = [];

    /// <summary>The plan of the add-on that is to be ordered, short or whole; null: the cheapest that fits.</summary>
    public string? Plan { get; init; }

    /// <summary>Of PostgreSQL, for an add-on that is ordered; null: Heroku's default.</summary>
    public int? PgVersion { get; init; }

    /// <summary>Of an app that is created; null: Heroku's default.</summary>
    public string? Region { get; init; }

    /// <summary>An app that is created has the region of a Private Space.</summary>
    public bool IsInSpace { get; init; }

    /// <summary>The app is created if it does not exist.</summary>
    public bool CreatesApp { get; init; }

    /// <summary>What is in the target may be deleted: its owner said so.</summary>
    public bool MayEmptyTarget { get; init; }

    /// <summary>Add-on and fingerprint of the contents that may be deleted although somebody uses them.</summary>
    public string? EmptyLive { get; init; }

    /// <summary>What the target would refuse is left out of the dump.</summary>
    public bool Cleans { get; init; } = true;

    /// <summary>What stands in the place of roles that the target does not have.</summary>
    public RoleMap RoleMap { get; init; } = RoleMap.None;

    /// <summary>The run has worked on the target before: what is in it, and that the app is in maintenance, is its own
    /// doing.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Workers of the dump, and how small they make it: what the dump takes by itself, unless somebody says
    /// otherwise.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    public int CompressLevel { get; init; } = 5;

    /// <summary>Stock pg_dump makes the dump, with one connection.</summary>
    public bool DumpsAlone { get; init; }

    /// <summary>Tables may be read, to find what only their rows show.</summary>
    public bool IsDeep { get; init; }

    /// <summary>What is to point to the target after the cut-over, besides the app.</summary>
    public SwitchRequest Switch { get; init; } = new();

    /// <summary>How long a transaction must have been open to be named.</summary>
    public TimeSpan LongTransaction { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>What the cut-over is to set besides the target's app.</summary>
public sealed record SwitchRequest
{
    public IReadOnlyList<(string App, string Name)> ConfigVars { get; init; } = [];

    /// <summary>Apps to which the target is attached.</summary>
    public IReadOnlyList<string> Attach { get; init; } = [];

    /// <summary>Null: none.</summary>
    public string? EnvFile { get; init; }

    /// <summary>Why <see cref="EnvFile"/> cannot be written, as a clause; null: it can.</summary>
    public Func<string?> WhyNoEnvFile { get; init; } = () => null;

    /// <summary>What is asked before the cut-over whether the target may be used; null: nothing.</summary>
    public string? AcceptCommand { get; init; }

    /// <summary>Why <see cref="AcceptCommand"/> cannot be run, as a clause; null: nothing is known against it.
    /// </summary>
    public Func<CancellationToken, Task<string?>> WhyNotAcceptedAsync { get; init; } =
        _ => Task.FromResult<string?>(null);
}
