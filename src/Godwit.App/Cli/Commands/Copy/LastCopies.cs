using System.Text.Json;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Postgres;

namespace Godwit.App.Cli.Commands;

/// <summary>Records what a copy or restore without a run left out, until the next one into the same database.
/// <c>verify</c> expects it to be missing. Holds no secret.</summary>
public sealed class LastCopies(string folder)
{
    /// <summary>The oldest are removed. A copy is verified long before so many others are made.</summary>
    internal const int Max = 200;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Throws IOException or UnauthorizedAccessException.</summary>
    public async Task WriteAsync(LastCopy copy, CancellationToken ct)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = PathOf(copy.Target);
        var unfinished = path + ".new";
        File.Delete(unfinished);
        await using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous,
            UnixCreateMode = OwnerOnly,
        }))
        {
            await JsonSerializer.SerializeAsync(file, copy, JournalJson.Options, ct);
        }

        File.Move(unfinished, path, overwrite: true);
        foreach (var old in new DirectoryInfo(folder).EnumerateFiles("*.json")
            .OrderByDescending(file => file.LastWriteTimeUtc).Skip(Max).ToList())
            old.Delete();
    }

    /// <summary>The last copy into the target, and its file, if it came from this source, or from an archive, whose
    /// source is unknown. Null: none.</summary>
    public async Task<(LastCopy Copy, string Path)?> FindAsync(
        PostgresAddress source, PostgresAddress target, CancellationToken ct)
    {
        if (IsKnownMissing(() => File.GetAttributes(folder)))
            return null;
        var into = await IdentityAsync(target, ct);
        var path = PathOf(into);
        if (IsKnownMissing(() => File.GetAttributes(path)))
            return null;
        var copy = await ReadAsync(path, ct);
        var isOfSource = copy.Source is null || copy.Source == await IdentityAsync(source, ct);
        return copy.Target == into && isOfSource ? (copy, path) : null;
    }

    // Also false when access is denied: the file may exist, and reading it is a fault then.
    private static bool IsKnownMissing(Action look)
    {
        try
        {
            look();
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task<LastCopy> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<LastCopy>(file, JournalJson.Options, ct)
                is { Items: not null } copy ? copy
                : throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FaultException(CliFaults.LastCopyUnreadable(path, e.Message.TrimEnd('.')), e);
        }
    }

    private static async Task<string> IdentityAsync(PostgresAddress address, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(address, ct);
        return await ServerCatalog.IdentityAsync(session, ct);
    }

    // An identity may contain a host's name and colons.
    private string PathOf(string identity) =>
        Path.Combine(folder, string.Join('-', identity.Split([.. Path.GetInvalidFileNameChars(), ':', '/'])) + ".json");
}

/// <param name="Kind"><c>copy</c> or <c>restore</c>.</param>
/// <param name="What">In words: <c>Copy SOURCE into TARGET</c>.</param>
/// <param name="Source">From <see cref="ServerCatalog.IdentityAsync"/>; null: an archive.</param>
public sealed record LastCopy(
    string Kind, string What, DateTimeOffset At, string? Source, string Target, IReadOnlyList<LeftOutItem> Items);
