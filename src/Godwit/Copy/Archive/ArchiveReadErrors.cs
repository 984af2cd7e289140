using System.Globalization;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Copy.Archive;

/// <summary>Turns errors of the archive library, which knows neither faults nor the archive's name, into
/// faults.</summary>
public static class ArchiveReadErrors
{
    /// <param name="error">An <see cref="ArchiveException"/>, or an exception from reading.</param>
    /// <param name="name">The name that the user gave.</param>
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
