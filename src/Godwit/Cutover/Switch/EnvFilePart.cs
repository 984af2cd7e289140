using System.Runtime.InteropServices;
using System.Text;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Cutover.Switch;

/// <summary>Writes the target's URL into a file, for programs outside of Heroku. No other file of Godwit holds a
/// password.</summary>
/// <param name="path">Absolute. Names that end with pgpass get that format, all others the format of .env
/// files.</param>
public sealed class EnvFilePart(
    string path, string runId, Func<CancellationToken, Task<Secret>> url, IRunMemory memory) : ISwitchPart
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly RunKey<string> WrittenKey = RunKey.Text("cutover.env_file");

    // W_OK | X_OK of unistd.h: needed to create a file in a folder.
    private const int WriteAndEnter = 2 | 1;

    // Bytes. Our first line is shorter, and no more of a foreign file is read.
    private const int FirstLineMax = 300;

    public string Subject => path;

    public string Intent => $"write the target's URL into {path}, readable for you alone";

    public string UndoIntent => $"remove {path}";

    private string Claim => $"{path} holds the target's URL";

    private string Mark => $"# Written by godwit run {runId}; holds a password";

    // In the same folder, so that the rename is atomic.
    private string Unfinished => $"{path}.{runId}.new";

    /// <returns>Why the file may not be written, as a clause; null: it may.</returns>
    public string? WhyNot()
    {
        if (Directory.Exists(path))
            return "it is a folder";
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return "there is no such folder";
        if (Access(Path.GetDirectoryName(path)!, WriteAndEnter) != 0)
            return "nothing may be written into its folder";
        return File.Exists(path) && !IsOurs() ? "there is a file already, and this run did not write it" : null;
    }

    /// <summary>Whether this run wrote the file. Null: there is no file.</summary>
    public bool? IsThereAndOurs => File.Exists(path) ? IsOurs() : null;

    public Task<string> FindNowAsync(CancellationToken ct) => Task.FromResult(
        WhyNot() ?? "it is not there, and may be written");

    public async Task<string?> FindDoneAsync(CancellationToken ct)
    {
        try
        {
            return File.Exists(path) && File.GetUnixFileMode(path) == OwnerOnly
                && await File.ReadAllTextAsync(path, ct) == Contents(await url(ct)) ? Claim : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CutoverFaults.EnvFile(path, e.Message), e);
        }
    }

    public async Task<string> DoAsync(CancellationToken ct)
    {
        if (WhyNot() is { } why)
            throw new FaultException(CutoverFaults.EnvFile(path, why));
        var contents = Contents(await url(ct));
        memory.Remember(WrittenKey, path);
        try
        {
            File.Delete(Unfinished);
            await using (var file = new FileStream(Unfinished, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
            }))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes(contents), ct);
                await file.FlushAsync(ct);
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            File.Move(Unfinished, path, overwrite: File.Exists(path) && IsOurs());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CutoverFaults.EnvFile(path, e.Message), e);
        }

        return Claim;
    }

    public Task<string?> UndoAsync(CancellationToken ct)
    {
        if (memory.Recall(WrittenKey) is null)
            return Task.FromResult<string?>(null);
        var removes = File.Exists(path) && IsOurs();
        try
        {
            File.Delete(Unfinished);
            if (removes)
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CutoverFaults.EnvFileStays(path, e.Message), e);
        }

        memory.Remember(WrittenKey, null);
        return Task.FromResult(removes ? $"{path} is removed" : null);
    }

    // Reads only the first line.
    private bool IsOurs()
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[FirstLineMax];
            var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(start, 0, count).StartsWith(Mark + "\n", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string Contents(Secret target) => Path.GetFileName(path).EndsWith("pgpass", StringComparison.Ordinal)
        ? $"{Mark}\n{PgPass(target)}\n" : $"{Mark}\nDATABASE_URL={Quoted(target.Reveal())}\n";

    // https://www.postgresql.org/docs/current/libpq-pgpass.html
    private static string PgPass(Secret target)
    {
        static string Escaped(string text) =>
            text.Replace("\\", @"\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
        var address = PostgresUrl.Parse(target.Reveal(), "DATABASE_URL");
        return string.Join(':',
            new[] { address.Host, $"{address.Port}", address.Database, address.User, address.Password?.Reveal() ?? "" }
                .Select(Escaped));
    }

    // Heroku's URLs need no quotes, and some readers of .env files do not remove quotes.
    private static string Quoted(string text) =>
        text.All(one => char.IsAsciiLetterOrDigit(one) || ":/@._-%?=+~".Contains(one, StringComparison.Ordinal))
            ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

#pragma warning disable SYSLIB1054, CA2101 // The generated kind would need unsafe code. .NET has no such question.
    [DllImport("libc", EntryPoint = "access", CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access(string folder, int what);
#pragma warning restore SYSLIB1054, CA2101
}
