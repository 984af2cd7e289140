using System.Globalization;
using System.Security.Cryptography;
using Godwit.Faults;

namespace Godwit.App.Cli.Commands;

/// <summary>Reports of defects met on this machine: one file each, for its owner only. They are sent nowhere.</summary>
public sealed class ProblemReports(string folder)
{
    /// <summary>The oldest are removed.</summary>
    internal const int Max = 20;

    /// <summary>First line. A file without it, named by mistake, is not printed.</summary>
    internal const string Heading = "Godwit: report of a problem";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Ending = ".txt";

    // Ends the name of a file until it is complete.
    private const string Unfinished = ".part";

    /// <summary>Sorts by time.</summary>
    public static string NewName(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)
        + "-" + RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 4);

    /// <summary>Newest first. Throws IOException or UnauthorizedAccessException.</summary>
    public IReadOnlyList<string> Names()
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder, "*" + Ending)
                    .Select(path => Path.GetFileNameWithoutExtension(path)!)
                    .OrderDescending(StringComparer.Ordinal),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public string PathOf(string name) => Path.Combine(folder, name + Ending);

    /// <summary>Returns the report's path. Throws IOException or UnauthorizedAccessException.</summary>
    public string Write(string name, string text)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var part = Path.Combine(folder, name + Unfinished);
        try
        {
            using (var file = new FileStream(
                part, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
                }))
            using (var writer = new StreamWriter(file))
                writer.Write(text);
            File.Move(part, PathOf(name));
        }
        catch (IOException)
        {
            File.Delete(part);
            throw;
        }

        RemoveOld();
        return PathOf(name);
    }

    /// <param name="name">As <see cref="Names"/> gives it, or a path.</param>
    public string Read(string name)
    {
        var path = Path.GetFileName(name) == name ? PathOf(name) : Path.GetFullPath(name);
        try
        {
            if (!File.Exists(path))
                throw new FaultException(CliFaults.NoSuchReport(Redactor.CleanOfAll(name)));
            using var reader = new StreamReader(path);
            return reader.ReadLine() == Heading ? $"{Heading}\n{reader.ReadToEnd()}"
                : throw new FaultException(CliFaults.NoSuchReport(Redactor.CleanOfAll(name)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CliFaults.ReportUnreadable(path, e.Message.TrimEnd('.')), e);
        }
    }

    private void RemoveOld()
    {
        // Killed processes' unfinished files are older than the newest report.
        var old = Names().Skip(Max).Select(PathOf).Concat(Directory.EnumerateFiles(folder, "*" + Unfinished)
            .Where(path => string.CompareOrdinal(Path.GetFileNameWithoutExtension(path), Names()[0]) < 0));
        foreach (var path in old.ToList())
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The new report is written. The next one tries again to remove the old ones.
            }
        }
    }
}
