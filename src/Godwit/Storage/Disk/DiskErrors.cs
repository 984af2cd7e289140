using Godwit.Faults;

namespace Godwit.Storage.Disk;

internal static class DiskErrors
{
    // .NET keeps the Unix errno in HResult when it has no exception type for the error.
    // https://github.com/torvalds/linux/blob/master/include/uapi/asm-generic/errno-base.h
    private const int NoSpace = 28;
    private const int FileTooBig = 27;
    private const int QuotaExceeded = 122;

    // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL as HRESULTs.
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static Task Guard(string store, Action action) => GuardAsync(store, () =>
    {
        action();
        return ValueTask.CompletedTask;
    });

    public static async Task GuardAsync(string store, Func<ValueTask> action)
    {
        try
        {
            await action();
        }
        // .NET reports EFBIG of a write as ArgumentOutOfRangeException.
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
        {
            throw new FaultException(ToFault(store, e), e);
        }
    }

    private static Fault ToFault(string store, Exception e) => e switch
    {
        UnauthorizedAccessException => StorageFaults.DiskForbidden(store, e.Message.TrimEnd('.')),
        { HResult: NoSpace or WindowsDiskFull or WindowsHandleDiskFull } =>
            StorageFaults.Full(store, "no space left on the disk"),
        { HResult: QuotaExceeded } => StorageFaults.Full(store, "this user's disk quota is used up"),
        ArgumentOutOfRangeException or { HResult: FileTooBig } =>
            StorageFaults.Full(store, "the file is larger than this file system or this user's limit allows"),
        _ => StorageFaults.DiskUnusable(store, e.Message.TrimEnd('.')),
    };
}
