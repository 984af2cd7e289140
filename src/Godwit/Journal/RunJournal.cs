using System.Text;
using System.Text.Json;
using Godwit.Faults;

namespace Godwit.Journal;

/// <summary>A journal in a file.</summary>
public sealed class RunJournal : IRunJournal
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _file;
    private readonly FileStream _lock;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, string> _memory = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private RunJournal(FileStream file, FileStream heldLock, TimeProvider clock)
    {
        _file = file;
        _lock = heldLock;
        _clock = clock;
    }

    /// <exception cref="FaultException">It cannot be written, or another process writes it.</exception>
    public static RunJournal Open(string path, TimeProvider clock)
    {
        var heldLock = Lock(path);
        try
        {
            return Open(path, heldLock, clock);
        }
        catch (Exception e) when (StateErrors.IsOfFileSystem(e))
        {
            heldLock.Dispose();
            throw StateErrors.Unwritable(path, e);
        }
        catch (FaultException)
        {
            heldLock.Dispose();
            throw;
        }
    }

    private static RunJournal Open(string path, FileStream heldLock, TimeProvider clock)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            UnixCreateMode = OwnerOnly,
            // Unbuffered: closing the file must not repeat a write that failed.
            BufferSize = 0,
        });
        var journal = new RunJournal(file, heldLock, clock);
        foreach (var line in JournalReader.Read(path))
        {
            if (line is Remembered remembered)
                journal.Keep(remembered.Key, remembered.Value);
        }

        journal.CutTornLine();
        RunProcess.Note(Path.GetDirectoryName(path)!);
        return journal;
    }

    public string RunId => Path.GetFileName(Path.GetDirectoryName(_file.Name)!);

    public void Append(JournalLine line)
    {
        var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, JournalJson.Options) + "\n");
        lock (_gate)
        {
            var end = _file.Position;
            try
            {
                _file.Write(bytes);
                _file.Flush(flushToDisk: true);
            }
            catch (Exception e) when (StateErrors.IsOfFileSystem(e))
            {
                CutOff(end);
                if (!IsUndoing)
                    throw StateErrors.Unwritable(_file.Name, e);
                HasLost = true;
            }
        }
    }

    // Half a line on a full disk would spoil the next one. A disk that became read-only refuses the cut as well, but
    // then nothing is spoiled, and the undo continues.
    private void CutOff(long end)
    {
        try
        {
            _file.SetLength(end);
        }
        catch (Exception e) when (StateErrors.IsOfFileSystem(e))
        {
            // The caller reports the failed write; the next line begins at the same place.
        }

        _file.Position = end;
    }

    public bool IsUndoing { get; set; }

    public bool HasLost { get; private set; }

    public string? Recall(string key)
    {
        lock (_gate)
            return _memory.GetValueOrDefault(key);
    }

    public IReadOnlyList<string> RememberedKeys
    {
        get
        {
            lock (_gate)
                return [.. _memory.Keys];
        }
    }

    public void Remember(string key, string? value)
    {
        if (Recall(key) == value)
            return;
        Append(new Remembered(_clock.GetUtcNow(), key, value));
        lock (_gate)
            Keep(key, value);
    }

    public void Dispose()
    {
        RunProcess.Forget(Path.GetDirectoryName(_file.Name)!);
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>A file of its own: .NET on Unix locks only a file that nobody else may open (FileShare.None), and a
    /// journal is read while it is written. The kernel releases the lock when the process dies, however it
    /// dies.</summary>
    internal static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
            });
        }
        catch (IOException e) when (StateErrors.IsHeldByAnother(e))
        {
            throw new FaultException(JournalFaults.Busy(path), e);
        }
        catch (Exception e) when (StateErrors.IsOfFileSystem(e))
        {
            throw StateErrors.Unwritable(path, e);
        }
    }

    /// <summary>Only looks; keeps others from the lock for a moment at most.</summary>
    internal static bool IsLocked(string path)
    {
        try
        {
            if (File.Exists(path + ".lock"))
                new FileStream(path + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception e)
            when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void Keep(string key, string? value)
    {
        if (value is null)
            _memory.Remove(key);
        else
            _memory[key] = value;
    }

    // A process killed during a write leaves half a line. It was never acted upon, so it is cut off.
    private void CutTornLine()
    {
        var end = _file.Length;
        while (end > 0)
        {
            _file.Position = end - 1;
            if (_file.ReadByte() == '\n')
                break;
            end--;
        }

        _file.SetLength(end);
        _file.Position = end;
    }
}
