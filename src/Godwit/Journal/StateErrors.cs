using Godwit.Faults;

namespace Godwit.Journal;

/// <summary>Turns exceptions of the file system into faults of the state folder.</summary>
public static class StateErrors
{
    // .NET has the errno of Unix in HResult when it has no exception type for it. EAGAIN and EDQUOT have other numbers
    // on Linux than on macOS.
    // https://github.com/torvalds/linux/blob/master/include/uapi/asm-generic/errno-base.h
    // https://github.com/apple-oss-distributions/xnu/blob/main/bsd/sys/errno.h
    private const int NoSpace = 28;
    private const int LinuxQuotaExceeded = 122, MacQuotaExceeded = 69;
    private const int LinuxWouldBlock = 11, MacWouldBlock = 35;

    // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL and ERROR_SHARING_VIOLATION as HRESULTs.
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <exception cref="FaultException"><c>journal.disk_full</c>, <c>journal.not_writable</c>.</exception>
    internal static T Writing<T>(string folder, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (IsOfFileSystem(e))
        {
            throw Unwritable(folder, e);
        }
    }

    /// <exception cref="FaultException"><c>journal.unreadable</c>.</exception>
    internal static T Reading<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsOfFileSystem(e))
        {
            throw new FaultException(JournalFaults.Unreadable(folder, e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>.NET reports EFBIG, a limit on the size of files, as an argument out of range when a write meets
    /// it.</summary>
    internal static bool IsOfFileSystem(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    internal static bool IsHeldByAnother(IOException e) =>
        e.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation;

    /// <summary>No space, no quota, or a limit on the size of files.</summary>
    public static bool IsFull(Exception e) => e is ArgumentOutOfRangeException || e.HResult is
        NoSpace or LinuxQuotaExceeded or MacQuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull;

    internal static FaultException Unwritable(string folder, Exception e) => new(
        IsFull(e)
            ? JournalFaults.DiskFull(folder, e.Message.TrimEnd('.'))
            : JournalFaults.NotWritable(folder, e.Message.TrimEnd('.')), e);
}
