using System.Globalization;
using System.Security.Cryptography;
using Godwit.Faults;

namespace Godwit.Journal;

/// <summary>The runs on this machine: one folder each, readable by the owner alone.</summary>
public sealed class RunFolder(string root) : IRunStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string JournalName = "journal.jsonl";

    /// <summary><c>GODWIT_HOME</c>, else <c>XDG_STATE_HOME/godwit</c>, else <c>~/.local/state/godwit</c>.</summary>
    /// <exception cref="FaultException"><c>journal.no_home</c>: none of the variables is set. A temporary folder is no
    /// substitute: after a reboot nobody could undo a run.</exception>
    public static RunFolder FromEnvironment(Func<string, string?> environment)
    {
        if (environment("GODWIT_HOME") is { Length: > 0 } own)
            return new(own);
        if (environment("XDG_STATE_HOME") is { Length: > 0 } state)
            return new(Path.Combine(state, "godwit"));
        return environment("HOME") is { Length: > 0 } home
            ? new(Path.Combine(home, ".local", "state", "godwit"))
            : throw new FaultException(JournalFaults.NoHome());
    }

    public string Root => root;

    public string FilesOf(string runId) => Path.Combine(root, "runs", runId);

    public RunStory Tell(string runId)
    {
        var path = JournalOf(runId);
        return RunTeller.Tell(JournalReader.Read(path), path);
    }

    public IRunJournal Create(TimeProvider clock) => RunJournal.Open(Make(clock.GetUtcNow()), clock);

    public IRunJournal Open(string runId, TimeProvider clock) => RunJournal.Open(JournalOf(runId), clock);

    /// <exception cref="FaultException"><c>journal.no_such_run</c>, <c>journal.unreadable</c>.</exception>
    public string JournalOf(string runId)
    {
        var path = Path.Combine(FilesOf(runId), JournalName);
        // A run id is a folder's name; one with a separator would lead out of the runs' folder.
        if (Path.GetFileName(runId) != runId || StateErrors.Reading(root, () => FindLength(path)) is null)
            throw new FaultException(JournalFaults.NoSuchRun(runId, Path.Combine(root, "runs")));
        return path;
    }

    public IDisposable LockRun(string runId) => RunJournal.Lock(JournalOf(runId));

    /// <summary>Null: no process works on the run now, or it cannot be seen from this machine.</summary>
    public RunProcess? ProcessOf(string runId) => RunProcess.ReadAlive(FilesOf(runId));

    /// <summary>A process works on the run, maybe on another machine that shares this folder.</summary>
    public bool IsHeld(string runId) =>
        ProcessOf(runId) is not null || RunJournal.IsLocked(Path.Combine(FilesOf(runId), JournalName));

    /// <summary>The output of a run in the background.</summary>
    public string OutputOf(string runId) => Path.Combine(FilesOf(runId), "output.log");

    public IReadOnlyList<string> RunIds() => StateErrors.Reading<IReadOnlyList<string>>(root, () =>
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(root, "runs"))
                // A run with an empty journal was killed before it had done anything.
                .Where(folder => FindLength(Path.Combine(folder, JournalName)) > 0)
                .Select(folder => Path.GetFileName(folder))
                .OrderDescending(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    });

    public IDisposable LockTarget(string target)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(target)))[..16];
        return StateErrors.Writing(root, () =>
        {
            Directory.CreateDirectory(Path.Combine(root, "locks"), OwnerOnly);
            try
            {
                return new FileStream(Path.Combine(root, "locks", name), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                    FileShare.None);
            }
            catch (IOException e) when (StateErrors.IsHeldByAnother(e))
            {
                throw new FaultException(JournalFaults.TargetBusy(target), e);
            }
        });
    }

    /// <returns>The path of the new run's journal, which is not written yet.</returns>
    private string Make(DateTimeOffset now) => StateErrors.Writing(root, () =>
    {
        var runs = Directory.CreateDirectory(Path.Combine(root, "runs"), OwnerOnly);
        var stamp = now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var suffix = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 4);
        var runId = $"{stamp}-{suffix}";
        var latest = runs.EnumerateDirectories(stamp + "-*").Select(one => one.Name).Max(StringComparer.Ordinal);
        if (string.CompareOrdinal(runId, latest) <= 0)
            runId = latest + suffix;
        Directory.CreateDirectory(FilesOf(runId), OwnerOnly);
        return Path.Combine(FilesOf(runId), JournalName);
    });

    // Null: there is no such file. Throws if the file may not be seen; File.Exists would say that it is missing.
    private static long? FindLength(string path)
    {
        try
        {
            // Not opened: another process that locks the file now must not fail because of us.
            return File.GetAttributes(path).HasFlag(FileAttributes.Directory) ? null : new FileInfo(path).Length;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
