using Godwit.Copy;
using Godwit.Cutover.Freeze;
using Godwit.Cutover.Switch;
using Godwit.Extract;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

/// <summary>What the steps of one run share, until it is disposed.</summary>
internal sealed class RunContext : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private HeldSnapshot? _moment;

    /// <param name="onlyLooks">For a plan or a dry run: not even a first byte is sent to the store.</param>
    public RunContext(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks)
    {
        (Parts, Memory, RunId, Folder, OnlyLooks) = (parts, memory, runId, folder, onlyLooks);
        TargetLock = new(Clock);
        if (parts.Target is PostgresTargetName { Address: var address })
        {
            Target = new PostgresTarget(address, memory, CopyLedger.Schema);
        }
        else
        {
            var chosen = new ChosenAddOn(memory, RunStory.AddOnKey, Settings.Rehearsal == RehearsalKind.AddOn);
            var heroku = new HerokuTarget(parts.RequireHeroku(), (HerokuTargetName)parts.Target, chosen);
            (Target, Made) = (heroku, new MadeTarget(heroku, chosen, memory, RunStory.OrderedKey));
        }

        var freeze = Settings.Freeze;
        Guard = new TargetGuard(Target, TargetLock,
            new EmptyingConsent(Settings.Heroku.Confirm, Settings.Heroku.EmptyLive), parts.HistoryOf, memory, runId,
            freeze.IsOn);
        Apps = AppsFreezer.Of(parts.Heroku, parts.Target.App, freeze.Apps, freeze.OnlyWorkers, memory, SwitchedApps);
        EnvFile = Settings.Switch.EnvFile is { } file ? new EnvFilePart(file, runId, Target.UrlAsync, memory) : null;
    }

    public MigrationParts Parts { get; }

    public IRunMemory Memory { get; }

    public string RunId { get; }

    public string Folder { get; }

    public bool OnlyLooks { get; }

    public ITarget Target { get; }

    /// <summary>Null: the target is no Heroku app's.</summary>
    public HerokuTarget? Heroku => Target.Heroku;

    /// <summary>Null: the target is a Heroku app's.</summary>
    public PostgresTarget? Postgres => Target as PostgresTarget;

    /// <summary>Null: nothing is made at Heroku.</summary>
    public MadeTarget? Made { get; }

    public TargetGuard Guard { get; }

    public AppsFreezer Apps { get; }

    public EnvFilePart? EnvFile { get; }

    public RunLock TargetLock { get; }

    public RunSettings Settings => Parts.Settings;

    public PostgresAddress Source => Parts.Source;

    public TimeProvider Clock => Parts.Clock;

    public string LeftOutFile => Path.Combine(Folder, Extract.Cleaning.LeftOutFile.Name);

    /// <summary>The source's snapshot in a rehearsal; null: none is held.</summary>
    public string? Snapshot => _moment?.Id;

    /// <summary>Without the target's own app.</summary>
    public IEnumerable<string> SwitchedApps => Settings.Switch.ConfigVars.Select(one => one.App)
        .Concat(Settings.Switch.Attach);

    /// <summary>Disposed with this context.</summary>
    public void Hold(HeldSnapshot moment) => _moment = moment;

    /// <inheritdoc cref="Hold"/>
    public T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
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
