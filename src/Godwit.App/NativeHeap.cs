using System.Runtime.InteropServices;

namespace Godwit.App;

/// <summary>The C library's memory. Each chunk of a dump has its own compressor, which takes some hundred kilobytes
/// there and frees them. glibc keeps such pieces for itself once it has seen one freed, and what is between them makes
/// its heap grow with the length of a dump. With a fixed threshold they go back to the system: M_MMAP_THRESHOLD in
/// https://man7.org/linux/man-pages/man3/mallopt.3.html</summary>
internal static class NativeHeap
{
    private const int MmapThreshold = -3;

    // glibc's default, which it raises by itself unless it was set.
    private const int Bytes = 128 * 1024;

    public static void GiveBackLargePieces()
    {
        try
        {
            _ = SetOption(MmapThreshold, Bytes);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

#pragma warning disable SYSLIB1054 // The generated kind would need unsafe code for two integers.
    [DllImport("libc.so.6", EntryPoint = "mallopt"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int parameter, int value);
#pragma warning restore SYSLIB1054
}
