using System.Text;
using Godwit.Faults;

namespace Godwit.Verify.Repair;

/// <summary>The order of one table's statements.</summary>
internal enum RepairPhase
{
    Delete,
    Update,
    Insert,
}

/// <summary>One file per table and phase: statements are found in another order than they run in, and may be as many as
/// rows.</summary>
internal sealed class RepairSpool : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly string _folder;
    private readonly Dictionary<(string Table, RepairPhase Phase), string> _files = [];

    /// <param name="path">The script's. Spool files stay beside it until it is written.</param>
    public RepairSpool(string path)
    {
        (_path, _folder) = (path, path + ".parts");
        Guarded(() =>
        {
            Remove();
            return Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
        });
    }

    public IEnumerable<string> Tables => _files.Keys.Select(one => one.Table).Distinct(StringComparer.Ordinal);

    public void Add(string table, RepairPhase phase, IReadOnlyList<string> statements)
    {
        if (statements.Count == 0)
            return;
        Guarded(() =>
        {
            if (!_files.TryGetValue((table, phase), out var file))
                _files[(table, phase)] = file = Path.Combine(_folder,
                    _files.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var writer = Open(file, FileMode.Append);
            foreach (var statement in statements)
                Line(writer, statement);
            return true;
        });
    }

    /// <summary>Readers see either the old file or the new one.</summary>
    public async Task WriteAsync(Func<TextWriter, Task> write)
    {
        try
        {
            // In the spool folder, which is always removed.
            var unfinished = Path.Combine(_folder, "script");
            await using (var writer = Open(unfinished, FileMode.Create))
                await write(writer);
            File.Move(unfinished, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(VerifyFaults.RepairNotWritten(_path, e.Message.TrimEnd('.')), e);
        }
    }

    public void CopyTo(TextWriter writer, string table, RepairPhase phase)
    {
        if (!_files.TryGetValue((table, phase), out var file))
            return;
        using var reader = new StreamReader(file, Encoding.UTF8);
        var piece = new char[8192];
        for (var read = reader.Read(piece); read > 0; read = reader.Read(piece))
            writer.Write(piece, 0, read);
    }

    /// <summary>LF on every platform.</summary>
    public static void Line(TextWriter writer, string line) => writer.Write(line + "\n");

    public void Dispose()
    {
        try
        {
            Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder beside the script remains. An error here must not hide a fault already thrown.
        }
    }

    private void Remove()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private static StreamWriter Open(string path, FileMode mode) => new(new FileStream(path, new FileStreamOptions
    {
        Mode = mode, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
    }), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    private void Guarded<T>(Func<T> work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(VerifyFaults.RepairNotWritten(_path, e.Message.TrimEnd('.')), e);
        }
    }
}
