using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Copy.Archive;

/// <summary>Turns errors of an archive, or of reading it, into faults with its name.</summary>
internal static class RestoreErrors
{
    /// <summary>Before anything is written: the same faults as wherever an archive is read.</summary>
    public static async Task<T> OpeningAsync<T>(IArchivePlace place, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (IsOfArchive(e))
        {
            throw new FaultException(place.Explain(e), e);
        }
    }

    /// <summary>After that: faults that also say what is at the target.</summary>
    public static async Task<T> GuardAsync<T>(string archive, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (IsOfArchive(e))
        {
            throw new FaultException(e is ArchiveException bad
                ? RestoreFaults.Damaged(archive, Redactor.Clean($"{bad.Why} (byte {Phrase.Number(bad.Offset)})"))
                : RestoreFaults.Unreadable(archive, Redactor.Clean(e.Message.TrimEnd('.'))), e);
        }
    }

    /// <summary>For an archive that only pg_restore can read.</summary>
    public static ArchiveException Unsupported(string why, string remedy) =>
        new(ArchiveProblem.Unsupported, 0, "Cannot restore the archive", why, remedy);

    /// <param name="end">The archive's length in bytes.</param>
    public static ArchiveException BlocksMissing(string some, long end) =>
        new(ArchiveProblem.Truncated, end, "Cannot restore the archive", Promised(some), "Make the dump again.");

    public static string Promised(string some) =>
        $"its table of contents lists the data of {some}, but the data is missing";

    private static bool IsOfArchive(Exception e) => e is ArchiveException or IOException or UnauthorizedAccessException;
}
