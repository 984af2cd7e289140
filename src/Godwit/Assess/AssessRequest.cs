using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess;

public sealed record AssessRequest
{
    /// <summary>The run itself stops writes at the source.</summary>
    public bool Freezes { get; init; } = true;

    /// <summary>A rehearsal: several sessions read one snapshot of the source throughout, while it is written
    /// to.</summary>
    public bool HoldsSnapshot { get; init; }

    /// <summary>An earlier attempt of the run froze the source.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>The store gets no object, not even for a test.</summary>
    public bool OnlyLooks { get; init; } = true;

    /// <summary>The freeze revokes CONNECT from all others.</summary>
    public bool LocksOut { get; init; }

    /// <summary>Stopped by the freeze besides the target's.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>If the store is missing.</summary>
    public bool CreatesStore { get; init; }

    /// <summary>The data is copied without a store. Null: the default of a migration.</summary>
    public bool? IsDirect { get; init; }

    /// <summary>A clause, if the direct route was chosen automatically.</summary>
    public string? DirectWhy { get; init; }

    /// <summary>Given flags on the dump: <c>--compress</c>.</summary>
    public IReadOnlyList<string> DumpFlags { get; init; } = [];

    /// <summary>Codes of blockers.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>May differ at the target; as typed: <c>SCHEMA.NAME</c>.</summary>
    public IReadOnlyList<string> AcceptViews { get; init; } = [];

    /// <summary>For an add-on to order, short or full name; null: the cheapest that fits.</summary>
    public string? Plan { get; init; }

    /// <summary>Major for an add-on to order; null: Heroku's default.</summary>
    public int? PgVersion { get; init; }

    /// <summary>For an app to create; null: Heroku's default.</summary>
    public string? Region { get; init; }

    /// <summary>An app to create is in a Private Space and gets its region.</summary>
    public bool IsInSpace { get; init; }

    /// <summary>If the app is missing.</summary>
    public bool CreatesApp { get; init; }

    /// <summary>The user allowed it.</summary>
    public bool MayEmptyTarget { get; init; }

    /// <summary>Add-on and fingerprint of contents that may be deleted although in use.</summary>
    public string? EmptyLive { get; init; }

    /// <summary>What the target would refuse is left out of the dump.</summary>
    public bool Cleans { get; init; } = true;

    /// <summary>Replaces roles that the target lacks.</summary>
    public RoleMap RoleMap { get; init; } = RoleMap.None;

    /// <summary>The run has already worked on the target: its contents and the app's maintenance are the
    /// run's.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Workers of the dump, and how small they make it: what the dump takes by itself, unless somebody says
    /// otherwise.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    public int CompressLevel { get; init; } = 5;

    /// <summary>Stock pg_dump makes the dump, over one connection.</summary>
    public bool DumpsAlone { get; init; }

    /// <summary>Checks may read whole tables.</summary>
    public bool IsDeep { get; init; }

    public SwitchRequest Switch { get; init; } = new();

    /// <summary>Minimum age of a reported transaction.</summary>
    public TimeSpan LongTransaction { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>What the cut-over sets besides the target's app.</summary>
public sealed record SwitchRequest
{
    public IReadOnlyList<(string App, string Name)> ConfigVars { get; init; } = [];

    /// <summary>Apps to which the target is attached.</summary>
    public IReadOnlyList<string> Attach { get; init; } = [];

    /// <summary>Null: none.</summary>
    public string? EnvFile { get; init; }

    /// <summary>Why <see cref="EnvFile"/> cannot be written: a clause; null: it can.</summary>
    public Func<string?> WhyNoEnvFile { get; init; } = () => null;

    /// <summary>The user's check of the target before the cut-over.</summary>
    public string? AcceptCommand { get; init; }

    /// <summary>Why <see cref="AcceptCommand"/> cannot be run: a clause; null: no obstacle is known.</summary>
    public Func<CancellationToken, Task<string?>> WhyNotAcceptedAsync { get; init; } =
        _ => Task.FromResult<string?>(null);
}
