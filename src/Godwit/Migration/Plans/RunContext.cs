using Godwit.Copy;
using Godwit.Cutover.Freeze;
using Godwit.Cutover.Switch;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Requests;

namespace Godwit.Migration.Plans;

/// <summary>What the steps of one run share, until it is disposed.</summary>
internal sealed class RunContext : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private HeldSnapshot? _moment;

    /// <param name="folder">Of the run.</param>
    /// <param name="onlyLooks">For a plan or a dry run: not even a first byte is sent to the store.</param>
    public RunContext(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks)
    {
        (Parts, Memory, RunId, Folder, OnlyLooks) = (parts, memory, runId, folder, onlyLooks);
        if (parts.Target is PostgresTargetName { Address: var address })
        {
            Target = Postgres = new PostgresTarget(address, memory, CopyLedger.Schema);
        }
        else
        {
            Target = Heroku = new HerokuTarget(parts.RequireHeroku(), (HerokuTargetName)parts.Target, memory,
                RunStory.AddOnKey, isThrowAway: Settings.Rehearsal == RehearsalKind.AddOn);
            Made = new MadeTarget(Heroku, memory, RunStory.OrderedKey);
        }

        var freeze = Settings.Freeze;
        Guard = new EmptyingGuard(Target, new EmptyingConsent(Settings.Heroku.Confirm, Settings.Heroku.EmptyLive),
            parts.HistoryOf, memory, runId, freeze.IsOn);
        Apps = AppsFreezer.Of(parts.Heroku, parts.Target.App, freeze.Apps, freeze.OnlyWorkers, memory, SwitchedApps);
        EnvFile = Settings.Switch.EnvFile is { } file ? new EnvFilePart(file, runId, Target.UrlAsync, memory) : null;
    }

    public MigrationParts Parts { get; }

    public IRunMemory Memory { get; }

    public string RunId { get; }

    public string Folder { get; }

    public bool OnlyLooks { get; }

    public ITarget Target { get; }

    /// <summary>The target, if it is a Heroku app's; null: it is none.</summary>
    public HerokuTarget? Heroku { get; }

    /// <summary>The target, if it is no app's; null: it is one.</summary>
    public PostgresTarget? Postgres { get; }

    /// <summary>Null: nothing is made at Heroku.</summary>
    public MadeTarget? Made { get; }

    public EmptyingGuard Guard { get; }

    public AppsFreezer Apps { get; }

    public EnvFilePart? EnvFile { get; }

    public RunLock TargetLock { get; } = new();

    public RunSettings Settings => Parts.Settings;

    public PostgresAddress Source => Parts.Source;

    public TimeProvider Clock => Parts.Clock;

    public string LeftOutFile => Path.Combine(Folder, Extract.Cleaning.LeftOutFile.Name);

    /// <summary>Of the source, where it goes on working meanwhile; null where it is frozen.</summary>
    public string? Snapshot => _moment?.Id;

    /// <summary>Beside the target's own.</summary>
    public IEnumerable<string> SwitchedApps => Settings.Switch.ConfigVars.Select(one => one.App)
        .Concat(Settings.Switch.Attach);

    /// <summary>Disposed with this.</summary>
    public void Hold(HeldSnapshot moment) => _moment = moment;

    /// <inheritdoc cref="Hold"/>
    public T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    /// <summary>Also for a way back that comes without the step that takes the lock.</summary>
    /// <exception cref="FaultException"><c>load.target_locked</c>: another run works on the target.</exception>
    public async Task HoldTargetAsync(CancellationToken ct)
    {
        var address = await Target.AddressAsync(ct);
        if (await TargetLock.TakeAsync(address, ct) is { } who)
            throw new FaultException(LoadFaults.TargetLocked(address, who));
    }

    public Task<PgDumpCall> CallAsync(CancellationToken ct) =>
        PgDumpCall.FindAsync(Source, Parts.Tools, Parts.Processes, ct);

    public async ValueTask DisposeAsync()
    {
        _owned.ForEach(part => part.Dispose());
        if (_moment is not null)
            await _moment.DisposeAsync();
        await TargetLock.DisposeAsync();
    }
}
