using System.Globalization;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Copy.Archive;

/// <summary>What the library says of an archive, as a fault: it knows no faults, and not what the archive is
/// called.</summary>
public static class ArchiveReadErrors
{
    /// <param name="error">An <see cref="ArchiveException"/>, or what reading has thrown.</param>
    /// <param name="name">As the user named it.</param>
    public static Fault Explain(Exception error, string name) =>
        error is ArchiveException bad ? FaultOf(bad, name) : ArchiveFaults.Unreadable(name,
            Redactor.Clean(error.Message.TrimEnd('.')));

    private static Fault FaultOf(ArchiveException error, string name)
    {
        var at = error.Offset.ToString("#,0", CultureInfo.InvariantCulture);
        var why = Redactor.Clean($"{error.Why} (byte {at})");
        return error.Problem switch
        {
            ArchiveProblem.NotAnArchive => ArchiveFaults.NotAnArchive(name, Redactor.Clean(error.Why), error.Remedy),
            ArchiveProblem.Truncated => ArchiveFaults.Truncated(name, why),
            ArchiveProblem.Corrupted => ArchiveFaults.Corrupted(name, why),
            ArchiveProblem.Unsupported => ArchiveFaults.Unsupported(name, error.Why, error.Remedy),
            _ => ArchiveFaults.TooLarge(name, why),
        };
    }
}
