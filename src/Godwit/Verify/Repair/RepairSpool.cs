using System.Text;
using Godwit.Faults;

namespace Godwit.Verify.Repair;

/// <summary>In the order they are run for one table.</summary>
internal enum RepairPhase
{
    Delete,
    Update,
    Insert,
}

/// <summary>Statements on their way into the script, one file for each table and phase: they are found in another order
/// than they have to run in, and may be as many as there are rows.</summary>
internal sealed class RepairSpool : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly string _folder;
    private readonly Dictionary<(string Table, RepairPhase Phase), string> _files = [];

    /// <param name="path">Of the script; what is spooled stands beside it, until it is in it.</param>
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

    /// <summary>Writes the script. Whoever reads the file at this moment sees the old one or the new one.</summary>
    public async Task WriteAsync(Func<TextWriter, Task> write)
    {
        try
        {
            // Among what is removed in any case.
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

    /// <summary>Ends as it does wherever it is written.</summary>
    public static void Line(TextWriter writer, string line) => writer.Write(line + "\n");

    public void Dispose()
    {
        try
        {
            Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left is a folder beside the script; a fault that is on its way says more.
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
