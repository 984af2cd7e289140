using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Godwit.Journal;

/// <summary>The process that works on a run. Its id alone may now belong to another program, container or
/// machine.</summary>
/// <param name="Boot">The id of the machine's current boot.</param>
/// <param name="Namespace">Of process ids: each container counts its own.</param>
/// <param name="StartedAtTicks">Clock ticks between the machine's boot and the start of the process.</param>
public sealed record RunProcess(int ProcessId, string Boot, string Namespace, long StartedAtTicks)
{
    private const string FileName = "process.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the state is the third field, the start time the
    // 22nd. The second is a name that may hold blanks and parentheses.
    private const int FirstFieldBehindName = 3, StateField = 3, StartTimeField = 22;

    /// <summary>Null: there is no such process any more.</summary>
    public static RunProcess? Of(int processId) => Find(processId);

    /// <summary>Asks the process to stop and to undo its changes, as SIGTERM does.</summary>
    /// <returns>False: the process is gone, or belongs to another user.</returns>
    public bool AskToStop()
    {
        const int Terminate = 15;
        return Find(ProcessId) == this && Send(ProcessId, Terminate) == 0;
    }

    internal static RunProcess? ReadAlive(string runFolder)
    {
        try
        {
            var noted = JsonSerializer.Deserialize<RunProcess>(File.ReadAllText(Path.Combine(runFolder, FileName)),
                JournalJson.Options);
            return noted is not null && Find(noted.ProcessId) == noted ? noted : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Notes this process. Without the note a run works, but cannot be stopped from another
    /// terminal.</summary>
    internal static void Note(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        try
        {
            File.Delete(path);
            if (Find(Environment.ProcessId) is not { } self)
                return;
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
            });
            JsonSerializer.Serialize(file, self, JournalJson.Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An old note that stays names a process that is gone, and proves nothing.
        }
    }

    internal static void Forget(string runFolder)
    {
        try
        {
            File.Delete(Path.Combine(runFolder, FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A note is of no use once its process has ended.
        }
    }

    // Null: no process has this id, it is a zombie, or this system has no /proc.
    private static RunProcess? Find(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[StateField - FirstFieldBehindName] is "Z" or "X")
                return null;
            var ticks = long.Parse(fields[StartTimeField - FirstFieldBehindName], CultureInfo.InvariantCulture);
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return new(id, boot, new FileInfo("/proc/self/ns/pid").LinkTarget ?? "", ticks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

#pragma warning disable SYSLIB1054 // The generated kind would need unsafe code for two integers.
    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);
#pragma warning restore SYSLIB1054
}
